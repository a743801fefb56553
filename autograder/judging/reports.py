"""Tell a person what the judge found: as text, and as an HTML card for a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from autograder.graphs.draw import Drawing, draw
from autograder.judging.evidence import arguments_text
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.verdict import Finding, Status, Verdict

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

_MOST_NOTES = 20
"""Notes that are told."""

_MOST_MARKS = 40
"""Places around which it is drawn."""

_LONGEST = 2_000
"""Characters of one paragraph; an answer's own texts may be of any length."""


@dataclass(frozen=True)
class Report:
    """A judgement ready to be shown; a notebook shows the card, a terminal the text."""

    judgement: Judgement

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
        lines = [self.headline, *(f"  {line}" for line in self.lines)]
        for title, finding in self._titled_findings():
            lines += [f"  {line}" for line in [*title, *_finding_lines(finding)]]
        lines += [f"  Note: {_short(note)}" for note in self.verdict.notes[:_MOST_NOTES]]
        drawing = self._own_drawing()
        if drawing is not None:
            lines += [f"  {drawing.title}", *(f"    {line}" for line in drawing.text.split("\n"))]
        return "\n".join(lines)

    def html(self) -> str:
        """The report as a card; legible on light and dark backgrounds."""
        colour = self.colour
        parts = [f"<p style='margin:0;font-weight:bold'>{html.escape(self.headline)}</p>"]
        parts += [f"<p style='margin:4px 0 0'>{html.escape(line)}</p>" for line in self.lines]
        for title, finding in self._titled_findings():
            parts += [f"<p style='margin:10px 0 0;font-weight:bold'>{line}</p>" for line in title]
            parts.append(_finding_html(finding))
        parts += [
            f"<p style='margin:4px 0 0'><b>Note:</b> {html.escape(_short(note))}</p>"
            for note in self.verdict.notes[:_MOST_NOTES]
        ]
        parts += self._drawings_html()
        return (
            f"<div role='status' style='border:1px solid {colour};border-left:6px solid {colour};"
            "border-radius:4px;padding:8px 12px;margin:4px 0;max-width:60em'>"
            f"{''.join(parts)}</div>"
        )

    def _titled_findings(self) -> list[tuple[list[str], Finding]]:
        """Each finding; of several each has a title line."""
        findings = self.verdict.findings
        several = len(findings) > 1
        return [
            ([f"Mistake {n} of {len(findings)}"] if several else [], finding)
            for n, finding in enumerate(findings, start=1)
        ]

    def _own_drawing(self) -> Drawing | None:
        verdict = self.verdict
        if verdict.passed or verdict.answer is None:
            return None
        around = None
        if len(verdict.answer.calls) > _LARGEST_DRAWING:
            around = verdict.answer_marks[:_MOST_MARKS]
            if not around:
                return None
        marks = verdict.answer_marks
        return draw(verdict.answer, marks, "Your graph:", around, _LARGEST_DRAWING)

    def _drawings_html(self) -> list[str]:
        own, verdict = self._own_drawing(), self.verdict
        if own is None:
            return []
        figures = [_figure(own)]
        if verdict.reference is not None and verdict.reference_marks:
            marks = verdict.reference_marks
            around = marks[:_MOST_MARKS]
            title, most = "Expected there:", _LARGEST_DRAWING
            figures.append(_figure(draw(verdict.reference, marks, title, around, most)))
        row = "display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start;margin-top:8px"
        return [f"<div style='{row}'>{''.join(figures)}</div>"]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text()}


def _rows(finding: Finding) -> list[tuple[str, str]]:
    rows = [("Where", ", ".join(finding.where)), ("Expected", finding.expected)]
    rows += [("Found", finding.found), ("Try", finding.next_step)]
    return [(name, _short(value)) for name, value in rows if value]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _finding_lines(finding: Finding) -> list[str]:
    return [
        *_short(finding.message).split("\n"),
        *(f"{name}: {value}" for name, value in _rows(finding)),
    ]


def _finding_html(finding: Finding) -> str:
    message = html.escape(_short(finding.message)).replace("\n", "<br>")
    rows = "".join(
        f"<div><b>{name}:</b> {html.escape(value)}</div>" for name, value in _rows(finding)
    )
    return f"<p style='margin:6px 0'>{message}</p>{rows}"


def _figure(drawing: Drawing) -> str:
    caption = f"<div style='font-weight:bold'>{html.escape(drawing.title)}</div>"
    return f"<div>{caption}{drawing.html()}</div>"
