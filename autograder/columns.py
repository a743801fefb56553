"""Plain text in columns."""

from collections.abc import Collection, Iterable, Sequence


def aligned(rows: Iterable[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """The rows as lines whose columns stand under one another, two spaces apart.

    Args:
        rows: cells of text, equally many in each row.
        right: the numbers of the columns that end, not begin, at one place: those of numbers.
    """
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
