"""The reference solution, graded like a submission: full points, or nobody is graded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.engine.archive import pack, unpack
from autograder.grading.engine.grade_one import Result
from autograder.grading.notebooks.answers import is_answer, with_answers
from autograder.grading.notebooks.cells import is_check
from autograder.grading.preprocessors.own_cells import OURS, UNSCORED, failure
from autograder.grading.telling.foreign import one_line
from autograder.problem import Problem

STUDENT = "the-reference-solution"
"""As whose submission it is graded; it never gets into the gradebook."""


class Unproved(Problem):
    """The reference solution does not get its points, so nobody else's can be trusted."""


def submission(source: Path, release: Path) -> bytes:
    """What a student would hand in who answers as the solution does, packed.

    Args:
        source: the folder with the solution.
        release: the folder with the students' version.

    Raises:
        Unproved: if the two do not belong together.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(release.glob("*.ipynb")):
            try:
                solution = nbformat.read(source / path.name, as_version=4)
                filled = with_answers(nbformat.read(path, as_version=4), solution)
            except (OSError, ValueError) as error:
                raise Unproved(
                    f"{path} was not made from {source / path.name}: {error}. "
                    f"Run: nbgrader generate_assignment {release.name} --force"
                ) from None
            nbformat.write(filled, Path(folder, path.name))
        return pack(Path(folder))


def demand_full_points(assignment: str, result: Result) -> None:
    """Let the graded reference solution pass.

    Raises:
        Unproved: if it lacks points, or a cell of ours failed; the message is one line.
    """
    found = result.trouble.removeprefix(OURS).removesuffix(UNSCORED) or next(_troubles(result), "")
    if found:
        raise Unproved(
            f"{assignment}: nobody was graded, because the reference solution fails by itself: "
            f"{found.strip(' .')}. Mend that (is a package or a file missing?) and run it again"
        )


def _troubles(result: Result) -> Iterator[str]:
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


def _said(notebook: NotebookNode, grade_id: str) -> str:
    """What a test cell has to say of itself, in one line."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            for output in cell.get("outputs", ()):
                text = output.get("text") or output.get("data", {}).get("text/plain", "")
                if output.output_type != "execute_result" and text.strip():
                    return f" ({one_line(text)})"
    return ""
