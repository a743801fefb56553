"""What a check cell recorded about an answer, as data that another process can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.graphs import Graph

MIME_TYPE = "application/vnd.autograder.evidence+json"
FORMAT = 1


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


@dataclass(frozen=True)
class Case:
    """One answer: of the exercise itself, or of the student's function for certain arguments.

    Attributes:
        kind: what `answer` is.
        answer: a Graph, a number, a shape (tuple), a choice (text), or what the problem is.
        arguments: what the student's function was called with.
        problem: set when `kind` is PROBLEM.
    """

    kind: Kind
    answer: Any
    arguments: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None

    def to_json(self) -> dict[str, Any]:
        """The case as JSON data."""
        answer = self.answer.to_json() if isinstance(self.answer, Graph) else self.answer
        data = {"kind": str(self.kind), "arguments": dict(self.arguments), "answer": answer}
        return data if self.problem is None else {**data, "problem": str(self.problem)}

    @classmethod
    def from_json(cls, data: Any) -> Case:
        """The case that `to_json` wrote.

        Raises:
            ValueError: if the data is no such case.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("arguments"), Mapping):
            raise ValueError("This evidence is damaged: a case is no mapping.")
        kind = Kind(data.get("kind"))
        answer = data.get("answer")
        if kind is Kind.MODEL:
            answer = Graph.from_json(answer)
        elif kind is Kind.SHAPE:
            answer = tuple(answer) if isinstance(answer, list) else answer
        problem = Problem(data["problem"]) if kind is Kind.PROBLEM else None
        return cls(kind, answer, data["arguments"], problem)


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
