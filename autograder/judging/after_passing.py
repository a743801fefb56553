"""What is told after the points are earned: why the answer is right, and a worked solution.

Students have both in the file of references, sealed. The key is made of what was answered: of a
number, a shape or a choice it is the value itself, so nothing in the file opens the seal but the
right value. Of a network there is no such key, since every equal network is right; it is sealed
with the exercise's name and cases alone. That keeps it from a glance, from a search through the
files and from accidents, and no more: whoever runs our code on it can read it, as they can unpack
the reference that lies beside it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from autograder.judging.answer_kinds import Kind, ModelAnswer, NoAnswer
from autograder.judging.evidence import Case, Evidence
from autograder.judging.references import ExpectedValue, Reference, same_case
from autograder.judging.values import accepted

_MARK = hashlib.sha256(b"after passing").digest()[:8]
"""How what was sealed begins: by it a wrong key is known."""


@dataclass(frozen=True)
class AfterPassing:
    """What is told to who has passed.

    Attributes:
        why: a sentence on why the answer is right.
        solution: the lines of a worked solution; "" where none is shown.
    """

    why: str
    solution: str = ""


def sealed(after: AfterPassing, evidence: Evidence, reference: Reference) -> str:
    """What is told, as text that only a right answer opens.

    Args:
        after: what is to be told.
        evidence: the solution's.
        reference: what is made of it.

    Raises:
        ValueError: if the solution has not passed.
    """
    key = _key(evidence, reference)
    if key is None:
        raise ValueError(f"The solution of {reference.exercise} does not open its own seal.")
    return base64.b64encode(_mixed(_MARK + json.dumps(asdict(after)).encode(), key)).decode()


def opened(evidence: Evidence, reference: Reference) -> AfterPassing | None:
    """What is told after an answer that passed; None where nothing is, or the key is another.

    Args:
        evidence: of the answer.
        reference: of the exercise, with the seal.
    """
    if not reference.after or (key := _key(evidence, reference)) is None:
        return None
    try:
        text = _mixed(base64.b64decode(reference.after, validate=True), key)
        return AfterPassing(**json.loads(text[len(_MARK) :])) if text[:8] == _MARK else None
    except (ValueError, TypeError):
        return None


def _key(evidence: Evidence, reference: Reference) -> bytes | None:
    """The key that an answer makes; None for one with a case that is missing, or wrong."""
    parts = [reference.exercise, *_parts(evidence.cases, reference)]
    text = json.dumps(parts, sort_keys=True)  # a file may have put arguments into another order
    return None if None in parts else hashlib.sha256(text.encode()).digest()


def _parts(cases: Iterable[Case], reference: Reference) -> Iterable[list[object] | None]:
    for expected in reference.cases:
        case = next((case for case in cases if same_case(expected, case)), None)
        if case is None or isinstance(case.answer, NoAnswer):
            yield None
        elif not isinstance(expected, ExpectedValue):
            yield [Kind.MODEL, expected.arguments] if isinstance(case.answer, ModelAnswer) else None
        elif isinstance(case.answer, ModelAnswer):
            yield None
        else:
            value = accepted(reference.exercise, case.answer, expected.digest)
            yield None if value is None else [expected.kind, value]


def _mixed(data: bytes, key: bytes) -> bytes:
    """Data with a stream that the key makes; mixed once more, it is as it was."""
    stream = hashlib.shake_256(key).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))
