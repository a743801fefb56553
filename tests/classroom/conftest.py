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
from turns import made_once

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
    _make(folder)
    return folder


@pytest.fixture(scope="session")
def released(request) -> Path:
    """The tiny course after its release, made once: tests take copies."""

    def release(folder):
        _make(folder)
        nbgrader(folder, "generate_assignment", STANDIN)

    return made_once(request, "released", release)


@pytest.fixture(scope="session")
def released_fort(request) -> Path:
    """The attacks' course after its release, made once: tests take copies."""
    return made_once(request, "released_fort", release_fort)


def _make(folder) -> None:
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    standin = folder / "solutions" / "standin"
    standin.mkdir(parents=True)
    nbformat.write(solution_notebook(), standin / "standin.ipynb")
