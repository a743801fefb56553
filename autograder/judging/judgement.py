"""The verdicts on all cases of an exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.judging.verdict import Status, Verdict


@dataclass(frozen=True)
class JudgedCase:
    """What is said of one case.

    Attributes:
        verdict: on the answer.
        arguments: what the student's function was called with.
    """

    verdict: Verdict
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """What is said of one exercise, case by case, in the reference's order."""

    exercise: str
    cases: tuple[JudgedCase, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict on each case."""
        return tuple(case.verdict for case in self.cases)

    @property
    def passed(self) -> bool:
        """Whether every case passed."""
        return bool(self.cases) and self.first_failure is None

    @property
    def is_recorded(self) -> bool:
        """Whether nothing is to be said but that there is an answer."""
        return any(verdict.status is Status.RECORDED for verdict in self.verdicts)

    @property
    def first_failure(self) -> JudgedCase | None:
        """The first case that did not pass."""
        return next((case for case in self.cases if not case.verdict.passed), None)
