"""What a check cell recorded about an answer, as data that another process can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.graphs import Graph
from autograder.graphs.bounds import LARGEST_NUMBER, MOST_AXES, require_bounded

MIME_TYPE = "application/vnd.autograder.evidence+json"
FORMAT = 1

NOTHING = "nothing returned"
"""What `Case.found` says of a function that ended without an answer."""

FLOATS = "numbers with a point"
"""What `Case.found` says of a tuple or a list of numbers that are not all whole."""

_LONGEST = 80


class Kind(StrEnum):
    """What an answer is."""

    MODEL = "model"
    NUMBER = "number"
    SHAPE = "shape"
    CHOICE = "choice"
    PROBLEM = "problem"


class Problem(StrEnum):
    """Why there is no answer to judge."""

    NOT_ATTEMPTED = "not attempted"
    RAISED = "raised"
    NOT_READABLE = "not readable"


def arguments_text(arguments: Mapping[str, Any]) -> str:
    """Arguments as they are written in a call: units=32, rate=0.5."""
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


@dataclass(frozen=True)
class Case:
    """One answer: of the exercise itself, or of the student's function for certain arguments.

    Attributes:
        kind: what `answer` is.
        answer: a Graph, a number, a shape (tuple), a choice (text), or what the problem is.
        arguments: what the student's function was called with.
        problem: set when `kind` is PROBLEM.
        found: of an answer that is not readable its type's name, `NOTHING` or `FLOATS`.
        shown: that answer as Python writes it, where it is short.
    """

    kind: Kind
    answer: Any
    arguments: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None
    found: str = ""
    shown: str = ""

    def to_json(self) -> dict[str, Any]:
        """The case as JSON data."""
        answer = self.answer.to_json() if isinstance(self.answer, Graph) else self.answer
        data = {"kind": str(self.kind), "arguments": dict(self.arguments), "answer": answer}
        if self.problem is not None:
            data["problem"] = str(self.problem)
        more = {"found": self.found[:_LONGEST], "shown": self.shown[:_LONGEST]}
        return data | {key: text for key, text in more.items() if text}

    @classmethod
    def from_json(cls, data: Any) -> Case:
        """The case that `to_json` wrote.

        Raises:
            ValueError: if the data is no such case.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("arguments"), Mapping):
            raise ValueError("This evidence is damaged: a case is no mapping.")
        kind = Kind(data.get("kind"))
        answer = _answer(kind, data.get("answer"))
        if kind is not Kind.PROBLEM:
            return cls(kind, answer, data["arguments"])
        found, shown = (str(data.get(key, ""))[:_LONGEST] for key in ("found", "shown"))
        return cls(kind, answer, data["arguments"], Problem(data["problem"]), found, shown)


def _answer(kind: Kind, data: Any) -> Any:
    """The answer of a case; refused where it is not of its kind: anybody can write evidence."""
    if kind is Kind.MODEL:
        return require_bounded(Graph.from_json(data))
    sound = {
        Kind.NUMBER: _is_number(data, (int, float)),
        Kind.SHAPE: is_shape(data),
        Kind.CHOICE: isinstance(data, str),
        Kind.PROBLEM: True,
    }
    if not sound[kind]:
        raise ValueError(f"This evidence is damaged: an answer is no {kind}.")
    return tuple(data) if kind is Kind.SHAPE else data


def is_shape(data: Any) -> bool:
    """Whether data is a shape: sizes, or None, in a row that is no longer than any shape."""
    is_row = isinstance(data, (list, tuple)) and len(data) <= MOST_AXES
    return is_row and all(item is None or _is_number(item, int) for item in data)


def _is_number(data: Any, types: Any) -> bool:
    """Whether data is a number of one of these types, and no longer than numbers are."""
    is_number = isinstance(data, types) and not isinstance(data, bool)
    return is_number and (isinstance(data, float) or abs(data) < LARGEST_NUMBER)


@dataclass(frozen=True)
class Evidence:
    """All that one `check` or `collect` recorded.

    Attributes:
        exercise: the exercise's id.
        cases: one answer a case.
        hidden: True for cases whose references stay with the instructor.
    """

    exercise: str
    cases: tuple[Case, ...]
    hidden: bool = False

    def to_json(self) -> dict[str, Any]:
        """The evidence as JSON data."""
        return {
            "format": FORMAT,
            "exercise": self.exercise,
            "hidden": self.hidden,
            "cases": [case.to_json() for case in self.cases],
        }

    @classmethod
    def from_json(cls, data: Any) -> Evidence:
        """The evidence that `to_json` wrote.

        Raises:
            ValueError: if the data is no such evidence.
        """
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise ValueError(f"This is no evidence of format {FORMAT}.")
        if not isinstance(data.get("cases"), list):
            raise ValueError("This evidence is damaged: it has no list of cases.")
        cases = tuple(Case.from_json(case) for case in data["cases"])
        return cls(str(data.get("exercise")), cases, bool(data.get("hidden")))
