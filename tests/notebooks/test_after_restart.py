"""After a restart of the kernel: a check that is run first says what to run before it."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.notebooks.answer_cells import as_student_writes
from autograder.grading.notebooks.cells import is_check
from autograder.judging.evidence import MIME_TYPE
from autograder.judging.references import FILE
from autograder.teaching.bindings import bound, from_the_package, read

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))
FIRST = [
    pytest.param(chapter, marks=[] if chapter == CHAPTERS[0] else pytest.mark.long)
    for chapter in CHAPTERS
]


def as_handed_out(chapter):
    """A chapter's cells with the lines that students have; its answers change nothing here."""
    book = nbformat.read(COURSE / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    for cell in book.cells:
        cell.source = as_student_writes(cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return book


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_check_cell_brings_what_it_takes_from_the_package(chapter):
    book = as_handed_out(chapter)
    checks = [cell for cell in book.cells if is_check(cell)]
    assert len(checks) >= 7
    for cell in checks:
        assert "check" in read(cell.source) & bound(cell.source) & from_the_package(cell.source)


@pytest.mark.slow
@pytest.mark.parametrize("chapter", FIRST)
def test_each_check_alone_names_the_cell_to_run(chapter, tmp_path):
    """The first one in a kernel that knows nothing; before each other all names are forgotten."""
    book = as_handed_out(chapter)
    nbformat.write(book, tmp_path / f"{chapter}.ipynb")
    shutil.copy(COURSE / "course" / chapter / FILE, tmp_path)
    checks = [cell.source for cell in book.cells if is_check(cell)]
    alone = new_notebook(
        cells=[new_code_cell(text) for each in checks for text in (each, "%reset -f")]
    )
    NotebookClient(
        alone, allow_errors=True, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    for cell in alone.cells[::2]:
        assert cell.outputs, cell.source
        shown = "\n".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        is_judged = any(MIME_TYPE in output.get("data", {}) for output in cell.outputs)
        assert "first cell" in shown and "Run ▸ Run All Above Selected Cell" in shown, cell.source
        assert is_judged or "since the kernel started. Run the first cell" in " ".join(
            shown.replace("\nTry: ", " ").split()
        )
