"""Whose a cell of a grafted notebook is, and which answers a check looks at."""

from __future__ import annotations

from enum import StrEnum

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

KEY = "autograder"
EXTRA = "extra"
AS_RELEASED = "as_released"


class Whose(StrEnum):
    """Who wrote a cell, and what for."""

    OURS = "ours"
    CHECK = "check"
    ANSWER = "answer"
    EXTRA = "extra"


def mark(cell: NotebookNode, what: str) -> None:
    """Note on a cell that it is EXTRA, or an answer AS_RELEASED."""
    cell.metadata[KEY] = NotebookNode({what: True})


def is_marked(cell: NotebookNode, what: str) -> bool:
    """Whether this was noted on the cell."""
    return bool(cell.metadata.get(KEY, {}).get(what))


def whose(cell: NotebookNode) -> Whose:
    """Whose a cell is."""
    if is_marked(cell, EXTRA):
        return Whose.EXTRA
    if is_solution(cell):
        return Whose.ANSWER
    return Whose.CHECK if is_grade(cell) else Whose.OURS


def is_check(cell: NotebookNode) -> bool:
    """Whether a cell is a check, or tests in another way; what people give points for is none."""
    return cell.cell_type == "code" and whose(cell) is Whose.CHECK


def grade_id(cell: NotebookNode) -> str | None:
    """A cell's grade id, if it has one that can be one."""
    marks = cell.get("metadata", {}).get("nbgrader")
    found = marks.get("grade_id") if isinstance(marks, dict) else None
    return found if isinstance(found, str) and found else None


def exercise(check: NotebookNode) -> str:
    """The exercise that a check cell is about."""
    return (grade_id(check) or "").removesuffix("_check")


def name(cell: NotebookNode) -> str:
    """What a person calls a cell: its grade id, else its id."""
    return grade_id(cell) or cell.get("id") or "a cell"


def answers(notebook: NotebookNode, check: NotebookNode) -> list[NotebookNode]:
    """The answer cells that a check looks at.

    That is the one with the check's name (`x_answer` for `x_check`), else the one whose name the
    check's begins with (`x_answer` for `x_more_check`), else those since the check before it.
    """
    own = exercise(check)
    named = {name(cell).removesuffix("_answer"): cell for cell in _of(notebook, Whose.ANSWER)}
    near = [key for key in named if own == key or own.startswith(f"{key}_")]
    if near:
        return [named[max(near, key=len)]]
    before: list[NotebookNode] = []
    fresh = False
    for cell in notebook.cells:
        if cell is check:
            break
        if whose(cell) is Whose.ANSWER:
            before, fresh = [*before, cell] if fresh else [cell], True
        elif whose(cell) is Whose.CHECK:
            fresh = False
    return before


def is_attempted(notebook: NotebookNode, check: NotebookNode) -> bool:
    """Whether any of a check's answer cells is not as released; so it is if it has none."""
    own = answers(notebook, check)
    return not own or not all(is_marked(cell, AS_RELEASED) for cell in own)


def _of(notebook: NotebookNode, kind: Whose) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if whose(cell) is kind]
