"""A tiny course: nbgrader's whole cycle on it takes seconds. Two exercises, 5 points."""

import shutil
from pathlib import Path

import nbformat
import pytest
from classroom.standin import solution_notebook
from classroom.told import TOLD
from nbformat import NotebookNode

REPOSITORY = Path(__file__).parents[2]


def pytest_terminal_summary(terminalreporter):
    for text in TOLD:
        terminalreporter.write_line(text)


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
