"""What a check cell recorded about an answer, as data that another process can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.judging.answer_kinds import Answer, answer_from_json

MIME_TYPE = "application/vnd.autograder.evidence+json"
FORMAT = 1


def arguments_text(arguments: Mapping[str, Any]) -> str:
    """Arguments as they are written in a call: units=32, rate=0.5."""
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


@dataclass(frozen=True)
class Case:
    """One answer: of the exercise itself, or of the student's function for certain arguments.

    Attributes:
        answer: what was answered.
        arguments: what the student's function was called with.
    """

    answer: Answer
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The case as JSON data."""
        known = {"kind": str(self.answer.kind), "arguments": dict(self.arguments)}
        return known | self.answer.to_json()

    @classmethod
    def from_json(cls, data: Any) -> Case:
        """The case that `to_json` wrote.

        Raises:
            ValueError: if the data is no such case.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("arguments"), Mapping):
            raise ValueError("This evidence is damaged: a case is no mapping.")
        return cls(answer_from_json(data), data["arguments"])


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
