"""Sizes that are one student's own: their reference on its way, and others' sizes told as such."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.judging.answer_kinds import ModelAnswer, NoAnswer
from autograder.judging.comparing import is_written_alike, judge_network
from autograder.judging.compile_mistakes import compile_mistakes
from autograder.judging.evidence import Case, Evidence
from autograder.judging.references import (
    Expected,
    ExpectedGraph,
    ExpectedValue,
    Reference,
    same_case,
)
from autograder.judging.values import value_digest
from autograder.judging.verdict import Finding

NOT_YOURS = "not-your-sizes"
"""The finding where an answer is right for somebody else."""
LARGEST = 50_000_000
"""Bytes of a reference that is unpacked."""


def packed(reference: Reference) -> str:
    """A reference as one word, for the check of the student whose sizes it has."""
    data = {"exercise": reference.exercise, **reference.to_json()}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(word: str) -> Reference:
    """The reference that `packed` made a word of.

    Raises:
        ValueError: if the word is none.
    """
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(base64.b64decode(word, validate=True), LARGEST)
        if not unpacking.eof:
            raise ValueError("the end is missing")
        data = json.loads(text)
        return Reference.from_json(data["exercise"], data)
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        raise ValueError(f"these are nobody's sizes: {error}") from None


@dataclass(frozen=True)
class OtherSizes:
    """Sizes that are somebody else's.

    Attributes:
        found: what differs from the student's own, in words.
        yours: what the student has in its place.
        reference: what is right with them.
    """

    found: str
    yours: str
    reference: Reference

    def to_json(self) -> dict[str, Any]:
        """The same as JSON data."""
        exercise = self.reference.exercise
        about = {"found": self.found, "yours": self.yours, "exercise": exercise}
        return about | {"reference": self.reference.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OtherSizes:
        """What `to_json` wrote."""
        reference = Reference.from_json(data["exercise"], data["reference"])
        return cls(data["found"], data["yours"], reference)


@dataclass(frozen=True)
class OwnSizes:
    """What judging an exercise by a student's own sizes takes beside the reference.

    Attributes:
        words: the sizes.
        others: sizes that the answer may have in their place.
    """

    words: str
    others: tuple[OtherSizes, ...] = ()

    @property
    def note(self) -> str:
        """What the card says."""
        return f"Judged by your own sizes: {self.words}."


def whose(evidence: Evidence, others: Sequence[OtherSizes]) -> Finding | None:
    """Say so where an answer is right, but with sizes of somebody else's."""
    for other in others:
        if _is_answered(evidence, other.reference):
            return Finding(
                NOT_YOURS,
                f"These are not your sizes: {other.found} here, and yours is {other.yours}. With "
                "somebody else's sizes the exercise has no points.",
                expected=other.yours,
                found=other.found,
                next_step="Your own stand right above the answer, in the notebook that was made "
                "for you.",
            )
    return None


def are_alike(one: Reference, other: Reference, *, by_value: bool = False) -> bool:
    """Whether what is right by one reference is right by the other, case by case.

    Args:
        one: a reference.
        other: another one.
        by_value: whether networks that are written otherwise are evaluated, too.
    """
    return len(one.cases) == len(other.cases) and all(
        _are_alike(mine, theirs, by_value)
        for mine, theirs in zip(one.cases, other.cases, strict=True)
    )


def _are_alike(one: Expected, other: Expected, by_value: bool) -> bool:
    if isinstance(one, ExpectedGraph) and isinstance(other, ExpectedGraph):
        if one.compiled != other.compiled:
            return False
        if is_written_alike(one.graph, other.graph):
            return True
        return by_value and judge_network(one.graph, other.graph, thorough=False).passed
    return one == other


def _is_answered(evidence: Evidence, reference: Reference) -> bool:
    """Whether all visible cases are as with these sizes: by structure alone, with no search."""
    found = [
        (expected, case)
        for expected in reference.cases
        for case in evidence.cases
        if same_case(expected, case)
    ]
    return len(found) >= len(reference.cases) > 0 and all(
        _is_same(reference.exercise, expected, case) for expected, case in found
    )


def _is_same(exercise: str, expected: Expected, case: Case) -> bool:
    answer = case.answer
    if isinstance(answer, ModelAnswer):
        if not isinstance(expected, ExpectedGraph):
            return False
        wanted = expected.compiled
        if wanted is not None and compile_mistakes(answer.compiled, wanted):
            return False
        return is_written_alike(answer.graph, expected.graph)
    if isinstance(answer, NoAnswer) or not isinstance(expected, ExpectedValue):
        return False
    is_kind = answer.kind is expected.kind
    return is_kind and value_digest(exercise, answer.value) == expected.digest
