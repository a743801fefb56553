"""A judgement ready to be shown: what is said of it, and with which drawings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograder.graphs import Graph
from autograder.graphs.draw import Drawing, draw
from autograder.judging.after_passing import AfterPassing
from autograder.judging.evidence import arguments_text
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports.card import as_card
from autograder.judging.reports.plain_text import as_text
from autograder.judging.reports.told import Told, told_findings, told_notes
from autograder.judging.verdict import Status, Verdict

SIGNS = {
    Status.PASSED: "✓",
    Status.WRONG: "✗",
    Status.NOT_ATTEMPTED: "○",
    Status.NOT_CHECKABLE: "?",
    Status.RECORDED: "●",
}
_WORDS = {
    Status.PASSED: "passed",
    Status.WRONG: "not yet",
    Status.NOT_ATTEMPTED: "not attempted yet",
    Status.NOT_CHECKABLE: "cannot be checked",
    Status.RECORDED: "recorded",
}
COLOURS = {
    Status.PASSED: "#2e7d32",
    Status.WRONG: "#c2410c",
    Status.NOT_ATTEMPTED: "#6b7280",
    Status.NOT_CHECKABLE: "#6b7280",
    Status.RECORDED: "#4338ca",
}
_LARGEST_DRAWING = 60
"""Calls; a larger graph is drawn around the difference only."""

_MOST_MARKS = 40
"""Places around which it is drawn."""


@dataclass(frozen=True)
class Report:
    """A judgement ready to be shown; a notebook shows the card, a terminal the text.

    Attributes:
        judgement: what is shown.
        after: what is told after an answer that passed.
    """

    judgement: Judgement
    after: AfterPassing | None = field(default=None, kw_only=True)

    @property
    def verdict(self) -> Verdict:
        """The verdict to speak of: the first that is not "passed", else the first."""
        return self._case.verdict

    @property
    def _case(self) -> JudgedCase:
        return self.judgement.first_failure or self.judgement.cases[0]

    @property
    def headline(self) -> str:
        """One line: sign, exercise, verdict."""
        status = self.verdict.status
        cases = len(self.judgement.verdicts)
        good = sum(verdict.passed for verdict in self.judgement.verdicts)
        count = f" ({good} of {cases} cases)" if cases > 1 else ""
        return f"{SIGNS[status]} {self.judgement.exercise}: {_WORDS[status]}{count}"

    @property
    def in_one_line(self) -> str:
        """The headline, and what was found first: for places that show no card."""
        findings = [] if self.verdict.status is Status.NOT_ATTEMPTED else self.verdict.findings
        return " ".join([self.headline, *(f"– {found.message}" for found in findings[:1])])

    @property
    def case_line(self) -> str:
        """Which case is spoken of, where an exercise has several."""
        case = self._case
        if case.verdict.passed or not case.arguments:
            return ""
        return f"Called with {arguments_text(case.arguments)}:"

    @property
    def colour(self) -> str:
        """The colour of the card's edge."""
        return COLOURS[self.verdict.status]

    @property
    def lines(self) -> list[str]:
        """What stands below the headline, before the findings."""
        return [self.case_line] if self.case_line else []

    def text(self) -> str:
        """The report in plain text."""
        return as_text(self._told(own_drawing(self.verdict)))

    def html(self) -> str:
        """The report as a card; legible on light and dark backgrounds."""
        own = own_drawing(self.verdict)
        return as_card(self._told(own, meant_drawing(self.verdict) if own else None))

    def _told(self, own: Drawing | None, meant: Drawing | None = None) -> Told:
        return Told(
            headline=self.headline,
            colour=self.colour,
            lines=tuple(self.lines),
            findings=told_findings(self.verdict.findings),
            notes=told_notes(self.verdict.notes),
            why=self.after.why if self.after else "",
            solution=self.after.solution if self.after else "",
            own=own,
            meant=meant,
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text()}


def own_drawing(verdict: Verdict) -> Drawing | None:
    """The student's graph, or its part around the difference; None of one that passed."""
    if verdict.passed or verdict.answer is None:
        return None
    is_large = len(verdict.answer.calls) > _LARGEST_DRAWING
    if is_large and not verdict.answer_marks:
        return None
    return _drawn(verdict.answer, verdict.answer_marks, "Your graph:", is_part=is_large)


def meant_drawing(verdict: Verdict) -> Drawing | None:
    """The part of the reference around what was meant; None where that is no place."""
    if verdict.reference is None or not verdict.reference_marks:
        return None
    marks = verdict.reference_marks
    return _drawn(verdict.reference, marks, "Expected there:", is_part=True)


def _drawn(graph: Graph, marks: tuple[int, ...], title: str, *, is_part: bool) -> Drawing:
    around = marks[:_MOST_MARKS] if is_part else None
    return draw(graph, marks, title, around=around, most=_LARGEST_DRAWING)
