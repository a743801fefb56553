"""A report in plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.judging.reports.told import A_SOLUTION, Told


def as_text(told: Told) -> str:
    """Lay out a report in lines; what follows the headline is indented."""
    return "\n".join([told.headline, *(f"  {line}" for line in _lines(told))])


def _lines(told: Told) -> Iterator[str]:
    yield from told.lines
    for finding in told.findings:
        if finding.title:
            yield finding.title
        yield from finding.message
        yield from (f"{name}: {value}" for name, value in finding.rows)
    yield from (f"Note: {note}" for note in told.notes)
    if told.why:
        yield f"Why: {told.why}"
    if told.solution:
        yield f"{A_SOLUTION}:"
        yield from (f"  {line}" for line in told.solution.split("\n"))
    if told.own is not None:
        yield told.own.title
        yield from (f"  {line}" for line in told.own.text.split("\n"))
