"""How a cell failed, as its outputs tell."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.grading.notebooks.cells import grade_id
from autograder.grading.telling.foreign import one_line

STOPPED = "Stopped"
"""The name of the error that stands in cells which did not run, because the kernel was gone."""


@dataclass(frozen=True)
class OwnFailure:
    """A cell that ended with an error.

    Attributes:
        cell: its grade id, or its first line.
        error: what it raised, in one line.
    """

    cell: str
    error: str

    def __str__(self) -> str:
        return f"the cell {self.cell} failed with {self.error}"


def failure(cell: NotebookNode) -> OwnFailure | None:
    """How a cell failed; None if it did not, or was meant to, or never ran."""
    if is_meant_to_fail(cell):
        return None
    for output in cell.get("outputs", ()):
        if output.output_type == "error" and output.ename != STOPPED:
            return OwnFailure(name_of(cell), one_line(f"{output.ename}: {output.evalue}"))
    return None


def name_of(cell: NotebookNode) -> str:
    """By what a person finds a cell."""
    first = next(iter(cell.source.strip().splitlines()), "")
    return grade_id(cell) or repr(one_line(first, 60))


def is_meant_to_fail(cell: NotebookNode) -> bool:
    """Whether a cell's tag says that it is to end with an error."""
    return "raises-exception" in tags(cell)


def tags(cell: NotebookNode) -> list[str]:
    """A cell's tags."""
    return cell.metadata.get("tags", [])
