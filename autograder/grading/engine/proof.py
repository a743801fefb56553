"""Nobody is graded before the reference solution has full points; proved once, that is noted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.course.folder import Course
from autograder.grading.engine import reference_solution
from autograder.grading.engine.archive import unpack
from autograder.grading.engine.packed_assignment import Bundle, digest
from autograder.grading.engine.reference_solution import Unproved
from autograder.grading.engine.result import Graded, NotGraded, Result
from autograder.grading.notebooks.answer_cells import is_answer
from autograder.grading.notebooks.cells import grade_id, is_check
from autograder.grading.notebooks.failures import failure
from autograder.grading.telling.foreign import one_line


def unproved(course: Course, bundle: Bundle) -> tuple[str, bytes] | None:
    """The reference solution, as whose submission it goes and packed; None if it is proved.

    Raises:
        Unproved: if it cannot be made.
    """
    source, release = (
        course.folder(step, ".", bundle.assignment) for step in ("source", "release")
    )
    submission = reference_solution.submission(source, release)
    proof = _proof(course, bundle)
    if proof.is_file() and proof.read_text(encoding="utf-8") == digest(bundle, submission):
        return None
    return reference_solution.graded_as(bundle), submission


def prove(course: Course, bundle: Bundle, submission: bytes, result: Result) -> None:
    """Note that the reference solution has full points.

    Args:
        course: whose.
        bundle: the assignment.
        submission: the reference solution, packed.
        result: what grading it gave.

    Raises:
        Unproved: if it has not.
    """
    demand_full_points(bundle.assignment, result)
    proof = _proof(course, bundle)
    with suppress(OSError):  # then it is graded again next time
        proof.parent.mkdir(parents=True, exist_ok=True)
        proof.write_text(digest(bundle, submission), encoding="utf-8")


def _proof(course: Course, bundle: Bundle) -> Path:
    """A file with the digest of all that the reference solution had full points with."""
    return course.own_folder / f"{bundle.assignment}.proved"


def demand_full_points(assignment: str, result: Result) -> None:
    """Let the graded reference solution pass.

    Raises:
        Unproved: if it lacks points, or a cell of ours failed; the message is one line.
    """
    if isinstance(result, NotGraded):
        found = result.own_cell or result.reason
    else:
        found = next(_troubles(result), "")
    if found:
        raise Unproved(
            f"{assignment}: nobody was graded, because the reference solution fails by itself: "
            f"{found.strip(' .')}. Mend that (is a package or a file missing?) and run it again"
        )


def _troubles(result: Graded) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        unpack(result.autograded, Path(folder))
        books = {
            path.stem: nbformat.read(path, as_version=4)
            for path in sorted(Path(folder).glob("*.ipynb"))
        }
    scores = {notebook.name: notebook.scores for notebook in result.notebooks}
    for name, notebook in books.items():
        # What fails first is the cause; but an answer may well end with an error, and be right.
        only_ours = not _is_short_of_points(notebook, scores.get(name, {}))
        for cell in notebook.cells:
            if not (only_ours and is_answer(cell)) and (found := failure(cell)) is not None:
                yield f"in {name}, {found}"
    for name, of_notebook in scores.items():
        for cell, (score, most) in _points(books[name], of_notebook).items():
            if score < most:
                said = _said(books[name], cell)
                yield f"in {name}, the cell {cell} has {score:g} of {most:g} points{said}"


def _is_short_of_points(notebook: NotebookNode, scores: dict) -> bool:
    return any(score < most for score, most in _points(notebook, scores).values())


def _points(notebook: NotebookNode, scores: dict) -> dict[str, tuple[float, float]]:
    """By cell, the points it has and those there are; of cells that no person grades."""
    return {
        cell.metadata.nbgrader.grade_id: (
            scores.get(cell.metadata.nbgrader.grade_id, (0, False))[0] or 0,
            float(cell.metadata.nbgrader.points),
        )
        for cell in notebook.cells
        if is_check(cell)
    }


def _said(notebook: NotebookNode, check: str) -> str:
    """What a test cell has to say of itself, in one line."""
    for cell in notebook.cells:
        if grade_id(cell) == check:
            for output in cell.get("outputs", ()):
                text = output.get("text") or output.get("data", {}).get("text/plain", "")
                if output.output_type != "execute_result" and text.strip():
                    return f" ({one_line(text)})"
    return ""
