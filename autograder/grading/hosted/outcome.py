"""What a graded submission comes to, for a system that is told of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.class_report.headings import place_of
from autograder.grading.engine.archive import unpack
from autograder.grading.engine.gradebook import NotebookScores
from autograder.grading.engine.result import Graded
from autograder.grading.notebooks.cells import grade_id, is_check
from autograder.grading.notebooks.remarks import judged_checks

LONGEST = 20_000
"""Characters of what is said of one exercise."""
CUT = "\n… (cut here)"


@dataclass(frozen=True)
class Exercise:
    """One check cell of a graded submission.

    Attributes:
        name: what students know it by.
        points: those that it got.
        most: those that there are.
        text: what the feedback page shows of it, as text; "" where that is no card of ours.
    """

    name: str
    points: float
    most: float
    text: str = ""


@dataclass(frozen=True)
class Outcome:
    """A submission's marks.

    Attributes:
        exercises: what was graded, in the notebook's order.
        problem: why nothing could be, told to the student; "" if it could.
        told: what the student should know beside the marks, a line each.
        remarks: what the instructor alone should know, a line each.
    """

    exercises: tuple[Exercise, ...]
    problem: str = ""
    told: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """All points."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def most(self) -> float:
        """All there are."""
        return sum(exercise.most for exercise in self.exercises)


def outcome_of(graded: Graded, told: tuple[str, ...] = ()) -> Outcome:
    """The marks of a graded submission; cells that a person grades are left out.

    Args:
        graded: what grading gave.
        told: what the student should know beside the marks.
    """
    return Outcome(tuple(_exercises(graded)), told=told, remarks=tuple(graded.remarks))


def _exercises(graded: Graded) -> Iterator[Exercise]:
    scores = {notebook.name: notebook for notebook in graded.notebooks}
    with tempfile.TemporaryDirectory(prefix="graded-") as folder:
        unpack(graded.autograded, Path(folder))
        for path in sorted(Path(folder).glob("*.ipynb")):
            if path.stem in scores:
                yield from _of_notebook(nbformat.read(path, as_version=4), scores[path.stem])


def _of_notebook(notebook: NotebookNode, scores: NotebookScores) -> Iterator[Exercise]:
    cards = judged_checks(notebook)
    for cell in filter(is_check, notebook.cells):
        check, most = grade_id(cell), float(cell.metadata.nbgrader.points)
        points, _ = scores.scores.get(check, (None, True))
        if points is not None and most > 0:
            title, _ = place_of(notebook, cell, "")
            # Of other cells an error may be shown, and in it what students must not see.
            text = _text(cell) if check in cards else ""
            yield Exercise(title or check, float(points), most, text)


def _text(cell: NotebookNode) -> str:
    text = "\n".join(
        output.data["text/plain"]
        for output in cell.outputs
        if output.output_type == "display_data" and "text/plain" in output.data
    )
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT
