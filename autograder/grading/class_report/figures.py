"""How an exercise went, in numbers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.class_report.class_data import Answer, Assignment, Exercise
from autograder.judging.verdict import Status

FEWEST = 10
"""Students from whom on a discrimination is told; of fewer it says next to nothing."""


@dataclass(frozen=True)
class Figures:
    """How an exercise went.

    Attributes:
        handed_in: students with grades in the assignment.
        passed: those with an answer that is right in every case.
        partly: those with some of the points.
        wrong: those with an answer and no point.
        not_attempted: those without an answer.
        not_judged: those whose answer could not be judged, or waits for a person's points.
        mean_points: of all who handed in.
        discrimination: from -1 to 1; None where it cannot be told.
        median_seconds: that the exercise's cells ran, by the clock; None if not known.
        most_seconds: of the slowest answer.
    """

    handed_in: int
    passed: int
    partly: int
    wrong: int
    not_attempted: int
    not_judged: int
    mean_points: float
    discrimination: float | None
    median_seconds: float | None
    most_seconds: float | None

    @property
    def attempted(self) -> int:
        """Those with an answer, whatever it is."""
        return self.handed_in - self.not_attempted

    @property
    def pass_rate(self) -> float:
        """Those who passed, of those who handed in; from 0 to 1."""
        return self.passed / self.handed_in if self.handed_in else 0.0


def figures(assignment: Assignment, exercise: Exercise) -> Figures:
    """How an exercise went."""
    own = assignment.answers_to(exercise)
    counts = Counter(kind_of(answer, exercise.points) for answer in own)
    scores = [answer.score or 0.0 for answer in own]
    times = [answer.seconds for answer in own if answer.seconds is not None]
    return Figures(
        len(own),
        *(counts[kind] for kind in KINDS),
        mean_points=statistics.fmean(scores) if scores else 0.0,
        discrimination=discrimination(
            scores, [assignment.points(answer.student) - (answer.score or 0.0) for answer in own]
        ),
        median_seconds=statistics.median(times) if times else None,
        most_seconds=max(times, default=None),
    )


KINDS = ("passed", "partly", "wrong", "not_attempted", "not_judged")
"""What an answer counts as, in the order of a bar."""


def kind_of(answer: Answer, points: float) -> str:
    """Which of `KINDS` an answer is."""
    status = answer.status(points)
    if status is Status.NOT_ATTEMPTED:
        return "not_attempted"
    if status is Status.NOT_CHECKABLE or answer.score is None:
        return "not_judged"
    if status is Status.PASSED:
        return "passed"
    return "partly" if answer.score > 0 else "wrong"


def discrimination(scores: Sequence[float], rests: Sequence[float]) -> float | None:
    """How far an exercise tells those who do well elsewhere from those who do not.

    Pearson's correlation of the points for the exercise with those for all others of the
    assignment: the corrected item-total correlation (S. Henrysson, Correction of item-total
    correlations in item analysis, Psychometrika 28, 1963). The exercise is left out of the total:
    it would correlate with itself.

    Args:
        scores: each student's points for the exercise.
        rests: each student's points for the others.

    Returns:
        From -1 to 1; None of fewer than ten students, or where all have the same.
    """
    if len(scores) < FEWEST:
        return None
    try:
        return statistics.correlation(scores, rests)
    except statistics.StatisticsError:
        return None
