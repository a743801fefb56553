"""What the solutions answered: the references that answers are judged by."""

from __future__ import annotations

import base64
import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from autograder.graphs import Graph
from autograder.graphs.compiled import Compiled
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.judging.answer_kinds import Kind, ModelAnswer, NoAnswer
from autograder.judging.briefs import Brief
from autograder.judging.demands import Demand
from autograder.judging.evidence import Case, Evidence
from autograder.judging.values import value_digest

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
class ExpectedGraph:
    """A model as the solution's: its graph is kept as it is, as the diagnosis needs it.

    Attributes:
        graph: the solution's.
        arguments: what its function was called with.
        compiled: how the solution is compiled, where it is; then an answer has to be, too.
    """

    graph: Graph
    arguments: Mapping[str, Any] = field(default_factory=dict)
    compiled: Compiled | None = None
    kind: ClassVar[Kind] = Kind.MODEL

    def to_json(self) -> dict[str, Any]:
        """The expectation as JSON data."""
        more = {} if self.compiled is None else {"compiled": self.compiled.to_json()}
        return _json(self) | {"graph": graph_to_json(self.graph)} | more


@dataclass(frozen=True)
class ExpectedDesign:
    """A model of the student's own design: its brief is kept, and no graph."""

    brief: Brief
    arguments: Mapping[str, Any] = field(default_factory=dict)
    kind: ClassVar[Kind] = Kind.MODEL

    def to_json(self) -> dict[str, Any]:
        """The expectation as JSON data."""
        return _json(self) | {"brief": self.brief.to_json()}


@dataclass(frozen=True)
class ExpectedValue:
    """A number, a shape or a choice: its digest is kept, so that the file does not tell it."""

    kind: Kind
    digest: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The expectation as JSON data."""
        return _json(self) | {"digest": self.digest}


Expected = ExpectedGraph | ExpectedDesign | ExpectedValue
"""What the solution answered in one case."""


def _json(expected: Expected) -> dict[str, Any]:
    return {"kind": str(expected.kind), "arguments": dict(expected.arguments)}


@dataclass(frozen=True)
class Reference:
    """What the solution of one exercise answered, case by case.

    Attributes:
        exercise: the exercise's id.
        cases: what is expected of each case.
        mistakes: messages for wrong values that have a known reason, by digest.
        demands: what is asked of a model beside its network.
        after: what is told to who has passed, sealed; "" for nothing.
        is_withheld: whether it stays with the instructor, as in an exam; then it has no cases.
    """

    exercise: str
    cases: tuple[Expected, ...]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    demands: tuple[Demand, ...] = ()
    after: str = ""
    is_withheld: bool = False

    def to_json(self) -> dict[str, Any]:
        """The reference as JSON data."""
        if self.is_withheld:
            return dict(WITHHELD)
        data: dict[str, Any] = {"cases": [case.to_json() for case in self.cases]}
        if self.mistakes:
            data["mistakes"] = dict(self.mistakes)
        if self.demands:
            data["asks"] = [str(demand) for demand in self.demands]
        if self.after:
            data["after"] = self.after
        return data

    @classmethod
    def from_json(cls, exercise: str, data: Mapping[str, Any]) -> Reference:
        """The reference that `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: if the data is no such reference.
        """
        if data == WITHHELD:
            return withheld(exercise)
        cases = tuple(_expected(case) for case in data["cases"])
        demands = tuple(Demand(name) for name in data.get("asks", ()))
        after = str(data.get("after", ""))
        return cls(exercise, cases, data.get("mistakes", {}), demands, after)


def reference_of(
    evidence: Evidence,
    mistakes: Mapping[Any, str] | None = None,
    brief: Brief | None = None,
    demands: Iterable[Demand] = (),
) -> Reference:
    """The reference that a solution's evidence makes.

    Args:
        evidence: what the solution's check cell recorded.
        mistakes: wrong values with a known reason, and the message for each.
        brief: what models are judged by instead of the solution's graph.
        demands: what is asked of models beside their network.

    Raises:
        ValueError: if the solution itself has no answer.
    """
    exercise = evidence.exercise
    cases = tuple(_expected_of(exercise, case, brief) for case in evidence.cases)
    known = {value_digest(exercise, value): text for value, text in (mistakes or {}).items()}
    return Reference(exercise, cases, known, tuple(demands))


def _expected_of(exercise: str, case: Case, brief: Brief | None) -> Expected:
    answer = case.answer
    if isinstance(answer, NoAnswer):
        raise ValueError(f"The solution of {exercise} has no answer: {answer.text}")
    if not isinstance(answer, ModelAnswer):
        return ExpectedValue(answer.kind, value_digest(exercise, answer.value), case.arguments)
    if brief is not None:
        return ExpectedDesign(brief, case.arguments)
    return ExpectedGraph(answer.graph, case.arguments, answer.compiled)


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
    kind, arguments = Kind(data["kind"]), data["arguments"]
    if "brief" in data:
        return ExpectedDesign(Brief.from_json(data["brief"]), arguments)
    if kind is Kind.MODEL:
        compiled = Compiled.from_json(data["compiled"]) if "compiled" in data else None
        return ExpectedGraph(rewrite(graph_from_json(data["graph"])), arguments, compiled)
    return ExpectedValue(kind, str(data.get("digest", "")), arguments)


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
