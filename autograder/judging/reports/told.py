"""What a report tells, ready to be laid out: as text, or as a card."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.graphs.draw import Drawing
from autograder.judging.verdict import Finding

_MOST_NOTES = 20
"""Notes that are told."""

A_SOLUTION = "One way to write it"
"""What stands over a worked solution: the student's own is another, and as right."""

_LONGEST = 2_000
"""Characters of one paragraph; an answer's own texts may be of any length."""


@dataclass(frozen=True)
class ToldFinding:
    """One finding.

    Attributes:
        title: which of several it is; "" where there is one.
        message: its lines.
        rows: what is said beside it, each with its name.
    """

    title: str
    message: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """All that a report tells.

    Attributes:
        headline: one line: sign, exercise, verdict.
        colour: of the card's edge.
        lines: below the headline, before the findings.
        findings: the mistakes.
        notes: what is not wrong, but worth saying.
        why: why the answer is right, for who has passed.
        solution: the lines of a worked solution, for the same.
        own: the student's graph; None where it is not shown.
        meant: what is expected there, which only a card shows.
    """

    headline: str
    colour: str
    lines: tuple[str, ...]
    findings: tuple[ToldFinding, ...]
    notes: tuple[str, ...]
    why: str = ""
    solution: str = ""
    own: Drawing | None = None
    meant: Drawing | None = None


def told_findings(findings: tuple[Finding, ...]) -> tuple[ToldFinding, ...]:
    """Findings as they are told; of several each has a title."""
    several = len(findings) > 1
    return tuple(
        ToldFinding(
            f"Mistake {number} of {len(findings)}" if several else "",
            tuple(_short(finding.message).split("\n")),
            _rows(finding),
        )
        for number, finding in enumerate(findings, start=1)
    )


def told_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Notes as they are told: not too many, and none too long."""
    return tuple(map(_short, notes[:_MOST_NOTES]))


def _rows(finding: Finding) -> tuple[tuple[str, str], ...]:
    rows = [("Where", ", ".join(finding.where)), ("Expected", finding.expected)]
    rows += [("Found", finding.found), ("Try", finding.next_step)]
    return tuple((name, _short(value)) for name, value in rows if value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
