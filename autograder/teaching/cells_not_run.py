"""A name that is missing because the cell that makes it has not run, as after a restart."""

from __future__ import annotations

from collections.abc import Container, Sequence

from autograder.judging.keras_errors import Explained
from autograder.teaching.bindings import bound, from_the_package

_LONGEST = 60
"""Characters of a cell's first line that are quoted."""


def cell_to_run(
    name: str, here: str, cells: Sequence[str], known: Container[str]
) -> Explained | None:
    """Which cell to run first; None where no cell above makes the name, or one has made it.

    Args:
        name: what Python does not know.
        here: the cell that asks for it.
        cells: all cells of code, from top to bottom.
        known: the names that there are; a module of one's own may lack one of them.
    """
    if name in known:
        return None
    above = cells[: _place(here, cells)]
    making = [number for number, cell in enumerate(above) if name in bound(cell)]
    if not making:
        return None
    maker = making[-1]
    first = next((cell for cell in above if from_the_package(cell)), above[0])
    which = "the first cell" if maker == 0 else f"the cell `{_beginning(above[maker])}`"
    says = f"`{name}` is made by {which}, which has not run to its end since the kernel started."
    if all(each in known for each in bound(first)):
        return Explained("cell-not-run", says, "Run that cell, then this one again.")
    step = "Run the first cell, and those above this one: Run ▸ Run All Above Selected Cell"
    return Explained("cell-not-run", says, f"{step} (in Colab: Runtime ▸ Run before).")


def _place(here: str, cells: Sequence[str]) -> int:
    """Where a cell stands; after the last one, if it has been changed since it was saved.

    Of equal cells the first: what stands above it stands above the others, too.
    """
    places = (number for number, cell in enumerate(cells) if cell.strip() == here.strip())
    return next(places, len(cells))


def _beginning(cell: str) -> str:
    line = next((line for line in cell.splitlines() if line.strip()), "")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
