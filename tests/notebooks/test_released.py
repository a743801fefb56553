"""Released notebooks, run as a student runs them."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from autograder.grading.notebooks.answers import with_answers

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(request, tmp_path):
    """A student's copy of a chapter: what is released, and nothing else."""
    return shutil.copytree(
        COURSE / "course" / request.getfixturevalue("chapter"), tmp_path / "work"
    )


def run(notebook, folder, **options):
    NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
        **options,
    ).execute()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_as_released_it_runs_to_the_first_exercise(chapter, folder):
    book = nbformat.read(folder / f"{chapter}.ipynb", as_version=4)
    with pytest.raises(CellExecutionError) as stopped:
        run(book, folder)
    # Either the stub itself speaks, or the check below it says that there is no answer yet.
    message = stopped.value.evalue
    assert "not attempted yet" in message or "Exercise not done yet" in message
    executed = [c for c in book.cells if c.cell_type == "code" and c.execution_count]
    assert executed[-1].metadata.nbgrader.grade_id.startswith(f"{chapter[:4]}_ex1_")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_with_the_answers_it_passes_in_full(chapter, folder):
    released = nbformat.read(folder / f"{chapter}.ipynb", as_version=4)
    solution = nbformat.read(COURSE / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    book = with_answers(released, solution)
    run(book, folder, skip_cells_with_tag="skip-when-grading")  # nbval runs those
    noise = [
        output.text
        for cell in book.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert not noise
