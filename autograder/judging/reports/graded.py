"""The card of a graded cell: what the grade is, and why."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.judging.judgement import Judgement
from autograder.judging.reports.at_the_desk import COLOURS, SIGNS, Report
from autograder.judging.verdict import Status

_PARTLY = "#a16207"
_ALL_WORDS = {
    Status.WRONG: "not yet",
    Status.NOT_ATTEMPTED: "not attempted",
    Status.NOT_CHECKABLE: "cannot be checked",
}
_IS_FIXED = "Is a number written out where one of the function's arguments belongs?"


@dataclass(frozen=True)
class GradedReport(Report):
    """A report that says the grade: green only where every case passed, hidden ones too.

    Attributes:
        unseen: the judgement on the hidden cases; None if the exercise has none.
        points: what the cell is worth.
    """

    unseen: Judgement | None = None
    points: float = 0.0

    @property
    def share(self) -> float:
        """The part of all cases, seen and unseen, that passed; from 0 to 1."""
        verdicts = self.judgement.verdicts
        verdicts += self.unseen.verdicts if self.unseen is not None else ()
        return sum(verdict.passed for verdict in verdicts) / max(len(verdicts), 1)

    @property
    def score(self) -> float:
        """The points that the cell has."""
        return round(self.points * self.share, 2)

    @property
    def headline(self) -> str:
        """One line: sign, exercise, verdict, points."""
        points = f"{number_text(self.score)} of {number_text(self.points)} points"
        return f"{self._sign} {self.judgement.exercise}: {self._words}, {points}"

    @property
    def colour(self) -> str:
        """The colour of the card's edge."""
        return _PARTLY if self._is_partly else COLOURS[self._status]

    @property
    def lines(self) -> list[str]:
        """Below the headline: how many cases passed, and which one is spoken of."""
        lines = [f"Visible check: {_counted(self.judgement)} passed."]
        if self.unseen is not None:
            line = f"With other sizes: {_counted(self.unseen)} passed."
            if self.judgement.passed and not self.unseen.passed:
                line += f" {_IS_FIXED}"
            lines.append(line)
        return [*lines, *super().lines]

    @property
    def _status(self) -> Status:
        """What all cases together are; a right visible check does not make a graded cell right."""
        if self.share == 1:
            return Status.PASSED
        if self.judgement.passed:
            return Status.WRONG
        return self.verdict.status

    @property
    def _is_partly(self) -> bool:
        return 0 < self.share < 1

    @property
    def _sign(self) -> str:
        return "◐" if self._is_partly else SIGNS[self._status]

    @property
    def _words(self) -> str:
        if self.share == 1:
            return "passed"
        return "partly right" if self._is_partly else _ALL_WORDS[self._status]


def number_text(value: float) -> str:
    """A number of points as people write it: 2, 1.5, 0.67."""
    return f"{round(value, 2):g}"


def _counted(judgement: Judgement) -> str:
    passed, cases = sum(v.passed for v in judgement.verdicts), len(judgement.verdicts)
    return f"{passed} of {cases} case{'' if cases == 1 else 's'}"
