"""What came of a download, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.columns import aligned
from autograder.grading.lms.placing import DIFFERS
from autograder.grading.telling.foreign import one_line, shown

HEAD = ("student", "in the download", "found by", "came (UTC)", "")
BY = {"id": "id", "roster": "table", "name": "name", "": "new"}
MOST_MISSING = 10
"""Students of whom nothing came that are named."""
REPLACE = "To take what is newer: --replace. What is there now is then kept in {folder}."


@dataclass(frozen=True)
class Row:
    """One student's submission.

    Attributes:
        student: the gradebook's id.
        who: the name in the download.
        found: how the student was found: "id", "roster", "name"; "" if nobody knew.
        came: when, in UTC; or "late", if the system says no more; or "".
        became: what became of it.
    """

    student: str
    who: str
    found: str
    came: str
    became: str


@dataclass
class Receipt:
    """What came of a download.

    Attributes:
        title: what people call the system.
        was_guessed: whether nobody said so.
        rows: what became of each student's.
        lines: what did not fit, or what the instructor should know.
        missing: the students who are known, and of whom nothing came.
        is_complete: whether all work that came was collected.
    """

    title: str
    was_guessed: bool
    rows: list[Row] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_complete: bool = True


def shortened(lines: Sequence[str], most: int) -> list[str]:
    """The first of many lines of one kind, and how many more there are."""
    more = [f"And {len(lines) - most} more of that kind."] if len(lines) > most else []
    return [*lines[:most], *more]


def told(receipt: Receipt, kept: str) -> Iterator[str]:
    """The table, and what did not fit, a line each.

    Args:
        receipt: what came of a download.
        kept: where submissions that are replaced are kept.
    """
    guessed = " (guessed: --from says otherwise)" if receipt.was_guessed else ""
    yield f"Read as names of {receipt.title}{guessed}."
    if receipt.rows:
        yield ""
        yield from aligned([HEAD, *map(_cells, receipt.rows)])
    if receipt.lines:
        yield ""
        yield "Worth a look:"
        yield from (f"  {shown(line)}" for line in receipt.lines)
    if any(row.became == DIFFERS for row in receipt.rows):
        yield f"  {REPLACE.format(folder=shown(kept))}"
    if missing := receipt.missing:
        more = f" and {len(missing) - MOST_MISSING} more" if len(missing) > MOST_MISSING else ""
        yield ""
        yield f"Nothing came of: {', '.join(map(shown, missing[:MOST_MISSING]))}{more}."


def _cells(row: Row) -> tuple[str, ...]:
    return shown(row.student), one_line(shown(row.who), 40), BY[row.found], row.came, row.became
