"""Cells of ours that fail: whose trouble that is. What no answer feeds cannot be a student's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.clean_run.plan import CleanRun
from autograder.grading.course.expected import references
from autograder.grading.notebooks.answers import is_answer
from autograder.grading.notebooks.cells import Whose, exercise, grade_id, name, whose
from autograder.grading.notebooks.dataflow import unfed
from autograder.grading.notebooks.released import course_of, released
from autograder.grading.preprocessors.execute import CLEAN_RUN
from autograder.grading.telling.foreign import one_line

OURS = "This is the grader's trouble, not the student's:"
"""How the line begins that says why a submission is not scored."""
UNSCORED = ". Nothing was scored"
MEANT_TO_FAIL = "raises-exception"
RESTS_ON_ANSWERS = "rests-on-answers"
"""Tags of cells of ours: one that is to fail, and one that an answer feeds in a way that its text
does not tell, such as by a file."""
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
    if MEANT_TO_FAIL in _tags(cell):
        return None
    for output in cell.get("outputs", ()):
        if output.output_type == "error" and output.ename != STOPPED:
            return OwnFailure(name_of(cell), one_line(f"{output.ename}: {output.evalue}"))
    return None


def name_of(cell: NotebookNode) -> str:
    """By what a person finds a cell."""
    first = next(iter(cell.source.strip().splitlines()), "")
    return grade_id(cell) or repr(one_line(first, 60))


def own_failures(
    notebook: NotebookNode, skeleton: NotebookNode, clean: CleanRun | None = None
) -> Iterator[OwnFailure]:
    """The cells of ours that failed without any code of a student's having a part in it.

    Test cells are not among them: what they are about is always an answer.

    Args:
        notebook: a submission as it was grafted and run.
        skeleton: the notebook as it was released.
        clean: how its cells went where all scores rest on that; None for how they went in the
            student's kernel.
    """
    stubs = {grade_id(cell): cell.source for cell in skeleton.cells if is_answer(cell)}
    cells = notebook.cells
    students = {
        n
        for n, cell in enumerate(cells)
        if whose(cell) in (Whose.ANSWER, Whose.EXTRA) or RESTS_ON_ANSWERS in _tags(cell)
    }
    before = {n: stubs.get(grade_id(cells[n]), "") for n in students}
    for number in unfed(cells, students, before):
        cell = cells[number]
        found = failure(cell) if clean is None else _failure_in(clean, cell)
        if found is not None and whose(cell) is not Whose.CHECK:
            yield found


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _failure_in(clean: CleanRun, cell: NotebookNode) -> OwnFailure | None:
    """How a cell failed when the answers were recorded."""
    if MEANT_TO_FAIL in _tags(cell):
        return None
    for found in clean.failures:
        if found.cell == name(cell) and not found.hidden:
            return OwnFailure(name_of(cell), one_line(found.text))
    return None


class OwnCellFailed(Exception):
    """A submission is not scored, because a cell of ours failed by itself."""


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
        skeleton = released(course, names["assignment"], f"{names['notebook']}.ipynb")
        clean = resources.get(CLEAN_RUN)
        expected, _ = references(course, names["assignment"])
        checks = [cell for cell in nb.cells if whose(cell) is Whose.CHECK]
        if any(exercise(cell) not in expected for cell in checks):
            clean = None  # tests of plain asserts are scored by the student's kernel
        found = next(own_failures(nb, skeleton, clean), None) if skeleton is not None else None
        if found is not None:
            line = f"{OURS} in {names['notebook']}, {found}{UNSCORED}"
            self.log.error(line)
            raise OwnCellFailed(line)
        return nb, resources
