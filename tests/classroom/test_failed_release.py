"""A solution that cannot be released: what is wrong is named, and the old release stays."""

import shutil

import nbformat
import pytest
from classroom.programs import run
from classroom.standin import STANDIN

from autograder.grading.course.folder import Course
from autograder.grading.course.release import generate
from autograder.problem import Problem

pytestmark = pytest.mark.slow


def misspelt(notebook):
    cell = notebook.cells[1]
    cell.source = cell.source.replace("### END SOLUTION", "### END SOLUTON")
    return "cell 2 (ex1_answer): 'BEGIN SOLUTION' on line 2 has no 'END SOLUTION'; line 4 has"


def doubled(notebook):
    notebook.cells[3].metadata.nbgrader.grade_id = "ex1_answer"
    return "the id 'ex1_answer' is that of cells 2 and 4"


def without_points(notebook):
    """What only nbgrader's own preprocessors find."""
    del notebook.cells[2].metadata.nbgrader["points"]
    return "points"


@pytest.fixture(scope="module")
def kept(released, tmp_path_factory):
    """A release, with a file in it that goes where the release goes."""
    folder = shutil.copytree(released, tmp_path_factory.mktemp("kept") / "class")
    (folder / "course" / STANDIN / "mine.txt").write_text("a file that I have put there")
    return folder


AS_WELL = [pytest.param(each, marks=pytest.mark.long) for each in (doubled, without_points)]
"""Mistakes that are told in the same way."""


@pytest.fixture(params=[misspelt, *AS_WELL], ids=lambda make: make.__name__)
def broken(request, kept, tmp_path):
    folder = shutil.copytree(kept, tmp_path / "class")
    path = folder / "solutions" / STANDIN / "standin.ipynb"
    notebook = nbformat.read(path, as_version=4)
    says = request.param(notebook)
    nbformat.write(notebook, path)
    return folder, says


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_nbgraders_own_command_names_it_and_removes_nothing(broken):
    folder, says = broken
    before = contents(folder / "course")
    done = run(folder, "nbgrader", "generate_assignment", STANDIN, "--force")
    assert done.returncode == 1
    assert f"solutions/{STANDIN}/standin.ipynb, " in done.stderr and says in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder / "course") == before


def test_ours_does_so_too(broken):
    folder, says = broken
    before = contents(folder / "course")
    with pytest.raises(Problem, match=f"cannot release {STANDIN}") as raised:
        generate(Course(folder), STANDIN)
    assert says in str(raised.value) and "standin.ipynb" in str(raised.value)
    assert contents(folder / "course") == before


def test_ours_keeps_the_old_release_whatever_stops_nbgrader(kept, tmp_path):
    folder = shutil.copytree(kept, tmp_path / "class")
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.GenerateAssignment.post_convert_hook = 'a.b'\n")
    before = contents(folder / "course")
    with pytest.raises(Problem):
        generate(Course(folder), STANDIN)
    assert contents(folder / "course") == before


@pytest.mark.long
def test_a_release_that_succeeds_is_nbgraders_own_and_replaces_the_old_one(kept, tmp_path):
    folder = shutil.copytree(kept, tmp_path / "class")
    generate(Course(folder), STANDIN, into_gradebook=True)
    ours = contents(folder / "course")
    done = run(folder, "nbgrader", "generate_assignment", STANDIN, "--force")
    assert done.returncode == 0, done.stderr
    assert contents(folder / "course") == ours
    assert {path.name for path in (folder / "course").iterdir()} == {STANDIN}
