"""Released notebooks, run as a student runs them: as they come, then with the answers."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from autograder.grading.notebooks.answer_cells import is_answer, with_answers
from autograder.judging.evidence import MIME_TYPE

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))

pytestmark = pytest.mark.slow
DESKS = [
    pytest.param(chapter, marks=pytest.mark.long if chapter != CHAPTERS[0] else [])
    for chapter in CHAPTERS
]
"""The others are also graded as released, blank and answered, in `classroom/test_class.py`."""


@dataclass
class Desk:
    """A student's copy of a chapter, run as it was released; the kernel goes on."""

    chapter: str
    client: NotebookClient
    released: NotebookNode
    stopped: CellExecutionError


@pytest.fixture(scope="module", params=DESKS)
def desk(request, tmp_path_factory):
    chapter = request.param
    folder = tmp_path_factory.mktemp(chapter) / "work"
    shutil.copytree(COURSE / "course" / chapter, folder)  # what is released, and nothing else
    released = nbformat.read(folder / f"{chapter}.ipynb", as_version=4)
    client = NotebookClient(
        released,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        skip_cells_with_tag="skip-when-grading",  # nbval runs those
    )
    try:
        with pytest.raises(CellExecutionError) as stopped:
            client.execute(cleanup_kc=False)
        yield Desk(chapter, client, released, stopped.value)
    finally:
        client.kc.stop_channels()
        run_sync(client.km.shutdown_kernel)(now=True)


def test_as_released_it_runs_to_the_first_exercise(desk):
    # Either the stub itself speaks, or the check below it says that there is no answer yet.
    message = desk.stopped.evalue
    assert "not attempted yet" in message or "Exercise not done yet" in message
    executed = [c for c in desk.released.cells if c.cell_type == "code" and c.execution_count]
    assert executed[-1].metadata.nbgrader.grade_id.startswith(f"{desk.chapter[:4]}_ex1_")


def test_with_the_answers_it_passes_in_full(desk):
    path = COURSE / "solutions" / desk.chapter / f"{desk.chapter}.ipynb"
    book = with_answers(desk.released, nbformat.read(path, as_version=4))
    desk.client.nb = book
    desk.client.execute(cleanup_kc=False)
    noise = [
        output.text
        for cell in [*desk.released.cells, *book.cells]
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert not noise
    told = [
        output.data["text/plain"]
        for cell in book.cells
        for output in cell.get("outputs", [])
        if MIME_TYPE in output.get("data", {})
    ]
    assert sum("\n  Why: " in text for text in told) == sum(map(is_answer, book.cells))
    assert any("\n  One way to write it:\n    def " in text for text in told)
