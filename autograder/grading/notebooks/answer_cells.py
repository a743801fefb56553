"""Answer cells: which a notebook has, and how a released notebook looks once they are filled in."""

import ast
import copy
from collections.abc import Collection

from nbformat import NotebookNode

from autograder.grading.notebooks.cells import grade_id

WORK = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def answer_ids(notebook: NotebookNode) -> list[str]:
    """The grade ids of the cells that students fill in, in the notebook's order."""
    return [grade_id(cell) for cell in notebook.cells if is_answer(cell)]


def with_answers(
    released: NotebookNode, solution: NotebookNode, only: Collection[str] | None = None
) -> NotebookNode:
    """A copy of the released notebook with the solution's answers (or `only` some) filled in.

    This is what a student hands in: answers only, without the marks that are for instructors.
    """
    answers = {grade_id(cell): cell.source for cell in solution.cells if is_answer(cell)}
    wanted = set(answer_ids(released)) if only is None else set(only)
    _demand(wanted <= set(answers), "the solution has no answer for", wanted - set(answers))
    missing = wanted - set(answer_ids(released))
    _demand(not missing, "the released notebook has no answer cell", missing)

    filled = copy.deepcopy(released)
    for cell in filled.cells:
        if is_answer(cell) and grade_id(cell) in wanted:
            cell.source = as_student_writes(answers[grade_id(cell)])
    return filled


def as_student_writes(source: str) -> str:
    """A solution cell's source without nbgrader's marker lines, and without its hidden tests."""
    kept = []
    hidden = False
    for line in source.split("\n"):
        if "BEGIN HIDDEN TESTS" in line:
            hidden = True
        elif "END HIDDEN TESTS" in line:
            hidden = False
        elif not (hidden or "BEGIN SOLUTION" in line or "END SOLUTION" in line):
            kept.append(line)
    return "\n".join(kept)


def worked_solution(source: str) -> str:
    """A solution cell's source, to be shown; "" where it is a value alone, and no work.

    What an answer cell holds besides the solution, such as a function's first line, belongs to it.
    """
    try:
        is_work = any(isinstance(node, WORK) for node in ast.parse(source).body)
    except SyntaxError:
        is_work = True
    return as_student_writes(source).strip("\n") if is_work else ""


def is_answer(cell: NotebookNode) -> bool:
    """Whether students write in this cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _demand(holds: bool, message: str, ids: Collection[str]) -> None:
    if not holds:
        raise ValueError(f"{message}: {', '.join(sorted(ids))}")
