"""`practice(…)` and `practice.check(…)`: what a notebook calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from random import Random
from typing import Any

from autograder.checking.checks import CheckFailed
from autograder.checking.showing import show
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports import Report
from autograder.practising.drawn_exercise import exercise_of
from autograder.practising.exercise import KINDS, Exercise, fits
from autograder.practising.marking import judged
from autograder.practising.next_exercise import Choice, Past, next_of
from autograder.practising.sheet import Sheet, sheet_of
from autograder.problem import Problem

_MOST_SEEDS = 1_000_000
_ASKED_FOR = "Chosen because you asked for it."


@dataclass(frozen=True)
class Asked:
    """An exercise that shows itself: as a card in a notebook, in words in a shell."""

    exercise: Exercise
    why: str

    @property
    def sheet(self) -> Sheet:
        """What is shown of it."""
        return sheet_of(self.exercise, self.why)

    def __repr__(self) -> str:
        return self.sheet.text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        sheet = self.sheet
        return {"text/html": sheet.html(), "text/plain": sheet.text()}


class Practice:
    """Draws exercises, and judges the answers; remembers both as long as the notebook runs."""

    def __init__(self) -> None:
        self.past: list[Past] = []
        self.asked: Exercise | None = None

    def __call__(
        self,
        topic: str | None = None,
        level: int = 1,
        kind: str | None = None,
        seed: int | None = None,
    ) -> Asked:
        """Draw an exercise.

        Args:
            topic: an idea of a chapter, or the id of a mistake; chosen from what was answered so
                far by default.
            level: 1, 2 or 3.
            kind: build, count, shapes, find, draw or mend; chosen by default.
            seed: draws the same exercise again; a new one by default.

        Raises:
            Problem: if there is no such topic, level, kind or seed.
        """
        number = secrets.randbelow(_MOST_SEEDS) if seed is None else seed
        choice = self._choice(topic, kind, number)
        self.asked = exercise_of(choice.topic, level, choice.kind, number)
        return Asked(self.asked, choice.why)

    def check(self, answer: Any) -> None:
        """Judge an answer to the exercise that was drawn last, and show the verdict.

        Raises:
            CheckFailed: if it is not right yet.
            Problem: if no exercise was drawn.
        """
        if self.asked is None:
            raise Problem("There is no exercise yet. Draw one first: practice()")
        exercise = self.asked
        verdict = judged(exercise, answer)
        if answer is not None:
            self.past.append(Past(exercise.topic, exercise.kind, verdict.passed))
        report = Report(Judgement(exercise.name, (JudgedCase(verdict),)))
        shown = show({"text/html": report.html(), "text/plain": report.text()})
        if not verdict.passed:
            raise CheckFailed(report, shown)
        if not shown:
            print(report.text())

    def _choice(self, topic: str | None, kind: str | None, seed: int) -> Choice:
        if topic is not None and kind is not None:
            return Choice(topic, kind, _ASKED_FOR)
        kinds = [each for each in KINDS if topic is None or fits(topic, each)]
        # A kind that there is not is refused where the exercise is drawn, with those that are.
        return next_of(self.past, Random(seed), topic, [kind] if kind else kinds)


practice = Practice()
"""What a notebook calls."""
