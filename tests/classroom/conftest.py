"""A tiny course: nbgrader's whole cycle on it takes seconds. Two exercises, 5 points."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from told import TOLD

REPOSITORY = Path(__file__).parents[2]


def pytest_terminal_summary(terminalreporter):
    for text in TOLD:
        terminalreporter.write_line(text)


def answer(grade_id: str, source: str) -> NotebookNode:
    return _cell(source, grade_id=grade_id, grade=False, solution=True, locked=False)


def check(grade_id: str, source: str, points: int) -> NotebookNode:
    return _cell(source, grade_id=grade_id, grade=True, solution=False, locked=True, points=points)


def _cell(source: str, **nbgrader) -> NotebookNode:
    cell = new_code_cell(
        source, metadata={"nbgrader": {"schema_version": 3, "task": False, **nbgrader}}
    )
    cell["id"] = nbgrader["grade_id"].replace("_", "-")
    return cell


def solution_notebook() -> NotebookNode:
    notebook = new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    )
    notebook.cells = [
        new_markdown_cell("# Doubling and squaring", id="title"),
        answer(
            "ex1_answer",
            "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
        ),
        check(
            "ex1_check",
            "assert double(2) == 4\n"
            "### BEGIN HIDDEN TESTS\nassert double(5) == 10\n### END HIDDEN TESTS",
            points=2,
        ),
        answer("ex2_answer", "square = lambda x: x * x"),
        check("ex2_check", "assert square(3) == 9", points=3),
    ]
    return notebook


@pytest.fixture
def solution() -> NotebookNode:
    return solution_notebook()


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The tiny course's folder, with this repository's nbgrader_config.py."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    standin = folder / "solutions" / "standin"
    standin.mkdir(parents=True)
    nbformat.write(solution_notebook(), standin / "standin.ipynb")
    return folder
