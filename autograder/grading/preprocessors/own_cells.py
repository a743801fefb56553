"""Cells of ours that fail: whose trouble that is. What no answer feeds cannot be a student's."""

from __future__ import annotations

from collections.abc import Iterator

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.clean_run.plan import CleanRun
from autograder.grading.course.expected import references
from autograder.grading.notebooks.answer_cells import is_answer
from autograder.grading.notebooks.cells import Whose, exercise, grade_id, name, whose
from autograder.grading.notebooks.dataflow import unfed
from autograder.grading.notebooks.failures import (
    OwnFailure,
    failure,
    is_meant_to_fail,
    name_of,
    tags,
)
from autograder.grading.notebooks.released import course_of, released_for
from autograder.grading.preprocessors.execute import CLEAN_RUN
from autograder.grading.telling.foreign import one_line

OURS = "This is the grader's trouble, not the student's:"
"""How the line begins that says why a submission is not scored."""
RESTS_ON_ANSWERS = "rests-on-answers"
"""A tag of cells of ours that an answer feeds in a way that its text does not tell, such as by a
file."""


def own_failures(
    notebook: NotebookNode, released: NotebookNode, clean: CleanRun | None = None
) -> Iterator[OwnFailure]:
    """The cells of ours that failed without any code of a student's having a part in it.

    Test cells are not among them: what they are about is always an answer.

    Args:
        notebook: a submission as it was grafted and run.
        released: the notebook as it was released.
        clean: how its cells went where all scores rest on that; None for how they went in the
            student's kernel.
    """
    stubs = {grade_id(cell): cell.source for cell in released.cells if is_answer(cell)}
    cells = notebook.cells
    students = {
        n
        for n, cell in enumerate(cells)
        if whose(cell) in (Whose.ANSWER, Whose.EXTRA) or RESTS_ON_ANSWERS in tags(cell)
    }
    before = {n: stubs.get(grade_id(cells[n]), "") for n in students}
    for number in unfed(cells, students, before):
        cell = cells[number]
        found = failure(cell) if clean is None else _failure_in(clean, cell)
        if found is not None and whose(cell) is not Whose.CHECK:
            yield found


def _failure_in(clean: CleanRun, cell: NotebookNode) -> OwnFailure | None:
    """How a cell failed when the answers were recorded."""
    if is_meant_to_fail(cell):
        return None
    for found in clean.failures:
        if found.cell == name(cell) and not found.hidden:
            return OwnFailure(name_of(cell), one_line(found.text))
    return None


class OwnCellFailed(Exception):
    """A submission is not scored, because a cell of ours failed by itself.

    Attributes:
        where: in which notebook, which cell, and how.
    """

    def __init__(self, notebook: str, failure: OwnFailure) -> None:
        """Say it in one line."""
        self.where = f"in {notebook}, {failure}"
        super().__init__(f"{OURS} {self.where}. Nothing was scored")


class OwnCells(NbGraderPreprocessor):
    """A preprocessor that stops the grading of a submission where a cell of ours fails by itself.

    It stands right after Execute, so nothing is scored yet.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Let the notebook pass, or raise."""
        names = resources["nbgrader"]
        course = course_of(self)
        released = released_for(self, resources)
        clean = resources.get(CLEAN_RUN)
        expected, _ = references(course, names["assignment"])
        checks = [cell for cell in nb.cells if whose(cell) is Whose.CHECK]
        if any(exercise(cell) not in expected for cell in checks):
            clean = None  # tests of plain asserts are scored by the student's kernel
        found = next(own_failures(nb, released, clean), None) if released is not None else None
        if found is not None:
            failed = OwnCellFailed(names["notebook"], found)
            self.log.error("%s", failed)
            raise failed
        return nb, resources
