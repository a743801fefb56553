"""A tiny course: nbgrader's whole cycle on it takes seconds. Two exercises, 5 points."""

import shutil
from pathlib import Path

import nbformat
import pytest
from classroom.fort import release_fort
from classroom.programs import nbgrader
from classroom.standin import STANDIN, solution_notebook
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
    return _course(tmp_path_factory)


@pytest.fixture(scope="session")
def released(tmp_path_factory) -> Path:
    """The tiny course after its release, made once: tests take copies."""
    folder = _course(tmp_path_factory)
    nbgrader(folder, "generate_assignment", STANDIN)
    return folder


@pytest.fixture(scope="session")
def released_fort(tmp_path_factory) -> Path:
    """The attacks' course after its release, made once: tests take copies."""
    return release_fort(tmp_path_factory.mktemp("fort") / "course")


def _course(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    standin = folder / "solutions" / "standin"
    standin.mkdir(parents=True)
    nbformat.write(solution_notebook(), standin / "standin.ipynb")
    return folder
