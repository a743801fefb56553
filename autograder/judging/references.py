"""What the solutions answered: the references that answers are judged by."""

from __future__ import annotations

import base64
import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.graphs import Graph
from autograder.judging.briefs import Brief
from autograder.judging.evidence import Case, Evidence, Kind

FILE = "references.json"
"""References of visible checks: they lie beside the notebook that students open."""

HIDDEN_FILE = "hidden_references.json"
"""References of hidden cases: they stay with the instructor."""

RELEASED = Path(__file__).parents[1] / "released"
"""Visible references of all chapters, a file each; only an installed wheel has this folder."""

PLAIN, PACKED = 1, 2
"""Formats: each exercise as JSON, as in hidden references, or packed, as students get them."""

ABOUT = (
    "What the course's own answers look like, so that your notebook can say what differs in yours. "
    "Packed so that nobody reads an answer by opening the file. It is no secret, only no spoiler."
)
WITHHELD = {"exam": True}
"""What stands in place of a reference that stays with the instructor."""


class UnknownExercise(LookupError):
    """No reference for this exercise; the message says which there are."""


class NoReferences(LookupError):
    """There is no references file where it should be; the message says where that is."""


@dataclass(frozen=True)
class Expected:
    """What the solution answered in one case.

    A graph is kept as it is: the diagnosis needs it. A number, a shape or a choice is kept as a
    digest only, so that the file does not give it away at a glance. Of a design of the student's
    own the brief is kept, and no graph.
    """

    kind: Kind
    arguments: Mapping[str, Any]
    graph: Graph | None = None
    digest: str = ""
    brief: Brief | None = None

    def to_json(self) -> dict[str, Any]:
        """The expectation as JSON data."""
        data: dict[str, Any] = {"kind": str(self.kind), "arguments": dict(self.arguments)}
        if self.brief is not None:
            return {**data, "brief": self.brief.to_json()}
        if self.graph is not None:
            return {**data, "graph": self.graph.to_json()}
        return {**data, "digest": self.digest}


@dataclass(frozen=True)
class Reference:
    """What the solution of one exercise answered, case by case.

    Attributes:
        exercise: the exercise's id.
        cases: what is expected of each case.
        mistakes: messages for wrong values that have a known reason, by digest.
        is_withheld: whether it stays with the instructor, as in an exam; then it has no cases.
    """

    exercise: str
    cases: tuple[Expected, ...]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    is_withheld: bool = False

    def to_json(self) -> dict[str, Any]:
        """The reference as JSON data."""
        if self.is_withheld:
            return dict(WITHHELD)
        data: dict[str, Any] = {"cases": [case.to_json() for case in self.cases]}
        return {**data, "mistakes": dict(self.mistakes)} if self.mistakes else data

    @classmethod
    def from_json(cls, exercise: str, data: Mapping[str, Any]) -> Reference:
        """The reference that `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: if the data is no such reference.
        """
        if data == WITHHELD:
            return withheld(exercise)
        cases = tuple(_expected(case) for case in data["cases"])
        return cls(exercise, cases, data.get("mistakes", {}))


def digest(exercise: str, value: Any) -> str:
    """The digest by which a value is recognised.

    Numbers are taken to six significant digits and texts without regard to case or space.
    """
    text = json.dumps([exercise, _comparable(value)])
    return hashlib.sha256(text.encode()).hexdigest()


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(f"{value:.6g}")
    return value


def reference_of(
    evidence: Evidence, mistakes: Mapping[Any, str] | None = None, brief: Brief | None = None
) -> Reference:
    """The reference that a solution's evidence makes.

    Args:
        evidence: what the solution's check cell recorded.
        mistakes: wrong values with a known reason, and the message for each.
        brief: what models are judged by instead of the solution's graph.

    Raises:
        ValueError: if the solution itself has no answer.
    """
    cases = []
    for case in evidence.cases:
        if case.kind is Kind.PROBLEM:
            raise ValueError(f"The solution of {evidence.exercise} has no answer: {case.answer}")
        if case.kind is Kind.MODEL and brief is not None:
            cases.append(Expected(case.kind, case.arguments, brief=brief))
        elif case.kind is Kind.MODEL:
            cases.append(Expected(case.kind, case.arguments, graph=case.answer))
        else:
            key = digest(evidence.exercise, case.answer)
            cases.append(Expected(case.kind, case.arguments, digest=key))
    known = {digest(evidence.exercise, value): text for value, text in (mistakes or {}).items()}
    return Reference(evidence.exercise, tuple(cases), known)


def withheld(exercise: str) -> Reference:
    """What students get in place of a reference that stays with the instructor."""
    return Reference(exercise, (), is_withheld=True)


def write_references(path: Path, references: Iterable[Reference]) -> None:
    """Write the references that students get, in a form that nobody reads by opening the file.

    The same references make the same bytes, whatever wrote them: nothing is compressed, because
    compressors differ from one version to the next.
    """
    exercises = {
        reference.exercise: WITHHELD if reference.is_withheld else _packed(reference.to_json())
        for reference in references
    }
    _write(path, {"format": PACKED, "about": ABOUT, "exercises": exercises})


def write_hidden_references(path: Path, references: Iterable[Reference], state: str) -> None:
    """Write the references that stay with the instructor, as plain JSON.

    Args:
        path: where to.
        references: what to write.
        state: a digest of what they were made from; `built_from` gives it back.
    """
    exercises = {reference.exercise: reference.to_json() for reference in references}
    _write(path, {"format": PLAIN, "built_from": state, "exercises": exercises})


def _write(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_bytes(f"{text}\n".encode())


def _packed(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def _unpacked(item: Any) -> Mapping[str, Any]:
    if isinstance(item, str):
        return json.loads(base64.b64decode(item, validate=True))
    return item


def built_from(path: Path) -> str:
    """The digest that a references file was written with; "" where there is none."""
    try:
        return str(json.loads(path.read_text()).get("built_from", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def read_references(path: Path) -> dict[str, Reference]:
    """The references of a file, by exercise; packed ones, and plain ones of an older course.

    Raises:
        NoReferences: if the file is missing, damaged, or of a newer course than this package.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] > PACKED:
            raise NoReferences(
                f"{path} belongs to a newer version of the course than the one installed here. "
                "Install the course's package again, from where you got the file."
            )
        return {
            exercise: Reference.from_json(exercise, _unpacked(item))
            for exercise, item in data["exercises"].items()
        }
    except FileNotFoundError:
        raise NoReferences(
            f"There is no {path.name} in {path.parent}: answers cannot be checked here. Open the "
            "notebook from its own chapter folder, where that file lies beside it."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoReferences(
            f"{path} is damaged ({error}). Put back the file that came with the course."
        ) from None


def _expected(data: Mapping[str, Any]) -> Expected:
    kind = Kind(data["kind"])
    if "brief" in data:
        return Expected(kind, data["arguments"], brief=Brief.from_json(data["brief"]))
    graph = Graph.from_json(data["graph"]) if kind is Kind.MODEL else None
    return Expected(kind, data["arguments"], graph, str(data.get("digest", "")))


def find_reference(references: Mapping[str, Reference], exercise: str) -> Reference:
    """The reference of one exercise.

    Raises:
        UnknownExercise: if there is none; the message names the nearest one.
    """
    if exercise in references:
        return references[exercise]
    near = difflib.get_close_matches(str(exercise), references, n=1)
    hint = (
        f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(references) or 'none'}."
    )
    raise UnknownExercise(f"There is no exercise {exercise!r} in this chapter. {hint}")


def same_case(expected: Expected, case: Case) -> bool:
    """Whether a case was made with the arguments that the reference was made with."""
    return dict(expected.arguments) == dict(case.arguments)
