"""Marks as numbers in a table: how a system writes them, and how many points there are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.grading.engine.grades import Grades

ENOUGH = 2
"""Decimals that systems keep."""
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")


@dataclass(frozen=True)
class Mark:
    """What a student has got for an assignment.

    Attributes:
        points: what the gradebook has, after what being late costs.
        most: the most points that there are.
        is_open: whether a person still has to look.
    """

    points: float
    most: float
    is_open: bool = False


def marks(grades: Grades, assignment: str) -> dict[str, Mark]:
    """Everybody's mark in an assignment, by student; of those alone who have one."""
    rows = grades.ask(lambda gradebook: gradebook.submission_dicts(assignment))
    is_open = {row["student"]: bool(row["needs_manual_grade"]) for row in rows}
    penalties = grades.late_penalties(assignment)
    return {
        score.student: Mark(
            max(0.0, score.score - (penalties.get(score.student) or 0.0)),
            score.max_score,
            is_open.get(score.student, False),
        )
        for score in grades.scores(assignment)
    }


def number(text: str) -> float | None:
    """The number that a cell holds, with a point or a comma; None if it holds none."""
    text = text.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def has_commas(cells: Iterable[str]) -> bool:
    """Whether these numbers are written with a decimal comma."""
    return any("," in cell and number(cell) is not None for cell in cells)


def written(points: float, with_comma: bool) -> str:
    """A number of points as it stands in a cell: two decimals at most, no separators."""
    text = f"{points:.{ENOUGH}f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if with_comma else text
