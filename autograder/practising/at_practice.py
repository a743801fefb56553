"""`practice(…)`, `practice.check(…)`, `practice.progress()`: what a notebook calls."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from autograder.checking.checks import GRADING, CheckFailed
from autograder.checking.desk_record import Result, read_record, record
from autograder.checking.showing import show
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports import Report
from autograder.judging.verdict import Status, Verdict
from autograder.practising.drawn_exercise import exercise_of, require_known
from autograder.practising.exercise import KINDS, Exercise, asks_the_same
from autograder.practising.marking import judged
from autograder.practising.next_exercise import Choice, Wanted, next_of
from autograder.practising.practised import Practised
from autograder.practising.recalled import Answer, Pair, answers_in, recalled
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
    """Draws exercises, and judges the answers; what was answered is in the record of this desk."""

    def __init__(self) -> None:
        self.asked: Exercise | None = None
        self._seen: Pair | None = None
        self._not_kept: list[Result] = []

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
        require_known(topic, level, kind, seed)
        number = secrets.randbelow(_MOST_SEEDS) if seed is None else int(seed)
        choice = self._choice(topic, kind, number)
        asked = exercise_of(choice.topic, level, choice.kind, number)
        if seed is None and self.asked is not None and asks_the_same(asked, self.asked):
            number = (number + 1) % _MOST_SEEDS
            asked = exercise_of(choice.topic, level, choice.kind, number)
        self.asked = asked
        self._seen = (choice.topic, choice.kind)
        return Asked(self.asked, choice.why)

    def check(self, answer: Any) -> None:
        """Judge an answer to the exercise that was drawn last, and show the verdict.

        Raises:
            CheckFailed: if it is not right yet.
            Problem: if no exercise was drawn.
        """
        if self.asked is None:
            raise Problem("There is no exercise yet. Draw one first: practice()")
        verdict = judged(self.asked, answer)
        self._keep(self.asked, verdict)
        report = Report(Judgement(self.asked.name, (JudgedCase(verdict),)))
        shown = show({"text/html": report.html(), "text/plain": report.text()})
        if not verdict.passed:
            raise CheckFailed(report, shown)
        if not shown:
            print(report.text())

    def progress(self) -> Practised:
        """What was practised so far, and what is due again: a picture, or a table in words."""
        now = datetime.now(UTC)
        return Practised(recalled(self._answers(), now), now)

    def _answers(self) -> list[Answer]:
        return answers_in([*read_record().results, *self._not_kept])

    def _keep(self, exercise: Exercise, verdict: Verdict) -> None:
        if verdict.status not in (Status.PASSED, Status.WRONG) or os.environ.get(GRADING):
            return
        result = Result(
            exercise.name,
            verdict.status,
            datetime.now(UTC).timestamp(),
            tuple(finding.id for finding in verdict.findings),
            topic=exercise.topic,
            kind=exercise.kind,
        )
        if not record(result):
            self._not_kept.append(result)

    def _choice(self, topic: str | None, kind: str | None, seed: int) -> Choice:
        if topic is not None and kind is not None:
            return Choice(topic, kind, _ASKED_FOR)
        now = datetime.now(UTC)
        wanted = Wanted(topic, (kind,) if kind else KINDS)
        answers = self._answers()
        # A shell that starts anew has seen what was answered last.
        just = self._seen or (answers[-1].pair if answers else None)
        return next_of(recalled(answers, now), wanted, just, now=now, chance=Random(seed))


practice = Practice()
"""What a notebook calls."""
