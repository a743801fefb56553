"""The course's public address stands in one line; everything that needs it is made from that."""

import re
import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement

from autograder.grading.building.chapters import hand_out
from autograder.grading.building.handed_out import index, requirements
from autograder.grading.course.address import Address, address_in
from autograder.grading.course.first_cells import with_first_cells
from autograder.grading.course.folder import Course
from autograder.grading.course.release import generate
from autograder.problem import Problem

ROOT = Path(__file__).parents[3]
FIRST = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))[0]
EMPTY = "urls = {}"
STATED = 'urls = { Repository = "https://github.com/teacher/keras-course" }'


def fork(folder, line=STATED):
    """A copy of what the course is made from, with one line changed."""
    for name in ("nbgrader_config.py", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    project = (folder / "pyproject.toml").read_text()
    own = re.search(r"^urls = .*$", project, re.M)[0]
    (folder / "pyproject.toml").write_text(project.replace(own, line))
    return folder


@pytest.mark.parametrize(
    ("stated", "path", "branch"),
    [
        ("https://github.com/teacher/keras-course", "teacher/keras-course", "main"),
        ("https://github.com/teacher/keras-course/", "teacher/keras-course", "main"),
        ("https://github.com/teacher/keras.course.git", "teacher/keras.course", "main"),
        ("https://github.com/a/b/tree/public", "a/b", "public"),
        ("https://github.com/a/b/tree/term/autumn", "a/b", "term/autumn"),
        ("https://git.uni.example:8443/group/sub/b", "group/sub/b", "main"),
    ],
)
def test_an_address_is_read(tmp_path, stated, path, branch):
    found = address_in(fork(tmp_path, f'urls = {{ Repository = "{stated}" }}'))
    assert (found.path, found.branch, found.version) == (path, branch, None)
    wanted = Requirement(found.requirement("[course]"))
    assert (wanted.name, wanted.extras) == ("keras-functional-course", {"course"})
    assert wanted.url == f"git+{found.repository}@{branch}"
    assert found.repository.endswith(path) and found.repository.startswith("https://")


@pytest.mark.parametrize(
    "stated",
    [
        "github.com/teacher/course",
        "https://github.com/teacher",
        "https://github.com/a/b c",
        'https://github.com/a/b\\"; import os',
        "https://github.com/a/b?x={1+1}",
        "file:///etc",
        "",
    ],
)
def test_what_is_no_address_is_told_in_one_line(tmp_path, stated):
    with pytest.raises(Problem) as told:
        address_in(fork(tmp_path, f'urls = {{ Repository = "{stated}" }}'))
    assert "https://github.com/OWNER/NAME" in str(told.value) and "\n" not in str(told.value)


def test_without_an_address_there_is_none(tmp_path):
    assert address_in(fork(tmp_path, EMPTY)) is None
    assert address_in(tmp_path / "a class of its own") is None


@pytest.mark.parametrize(
    "project",
    [
        '[project]\nname = "lectures"\nurls = {Repository = "https://github.com/a/b"}\n',
        "[tool.ruff]\nline-length = 100\n",
        "project = 3\n",
    ],
)
def test_another_projects_address_is_not_the_courses(tmp_path, project):
    (tmp_path / "pyproject.toml").write_text(project)
    assert address_in(tmp_path) is None


def test_a_damaged_file_is_told_in_one_line(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n")
    with pytest.raises(Problem, match="cannot be read"):
        address_in(tmp_path)


def test_once_an_index_has_it_the_version_comes_from_there(tmp_path):
    index = "https://index.example/project/keras-functional-course/"
    both = STATED.replace(" }", f', Download = "{index}" }}')
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    found = address_in(fork(tmp_path, both))
    assert found.requirement() == f"keras-functional-course=={version}"
    assert found.colab("x.ipynb").endswith("/teacher/keras-course/blob/main/x.ipynb")


@pytest.mark.slow
@pytest.mark.parametrize("line", [EMPTY, STATED])
def test_a_fork_changes_one_line_and_its_chapters_lead_there(tmp_path, line):
    """A chapter is released as `make build` and nbgrader release it, without running it."""
    shutil.copytree(ROOT / "solutions" / FIRST, fork(tmp_path, line) / "solutions" / FIRST)
    shutil.copy(ROOT / "solutions" / "README.md", tmp_path / "solutions")
    generate(Course(tmp_path), FIRST)
    hand_out(tmp_path)
    file = f"course/{FIRST}/{FIRST}.ipynb"
    made = nbformat.read(tmp_path / file, as_version=4)
    nbformat.validate(made)
    handed_out = {path: path.read_text() for path in (tmp_path / "course").rglob("*.*")}
    if line == EMPTY:
        for path, text in handed_out.items():
            assert not re.search(r"colab\.research|mybinder|git\+", text), path
        return
    badge, title, install, setup = made.cells[:4]
    assert f"/github/teacher/keras-course/blob/main/{file})" in badge.source
    assert "![Open in Colab]" in badge.source
    assert title.source.startswith("# Chapter 1")
    assert "keras-functional-course @ git+https://github.com/teacher/keras-course@main" in (
        install.source
    )
    assert setup.metadata.nbgrader.grade_id == "ch01_setup"
    page = handed_out[tmp_path / "course" / "README.md"]
    assert f"blob/main/{file})" in page and "/v2/gh/teacher/keras-course/main?" in page
    assert "git+https" in handed_out[tmp_path / "course" / "requirements.txt"]


def test_where_colab_cannot_open_it_there_is_no_badge():
    elsewhere = Address("https://gitlab.com/a/b", "gitlab.com", "a/b", "main")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Chapter 1")])
    book.cells.append(nbformat.v4.new_code_cell("from autograder import check"))
    made = with_first_cells(book, elsewhere, "course/a/a.ipynb")
    assert [cell.cell_type for cell in made.cells] == ["markdown", "code", "code"]
    assert "git+https://gitlab.com/a/b@main" in made.cells[1].source
    page = "| [1 — A](a/a.ipynb) | 60 |\n"
    assert index(page, elsewhere) == page


def test_the_index_leads_to_the_chapters_that_it_lists():
    address = Address("https://github.com/a/b", "github.com", "a/b", "main")
    page = "| chapter |\n|---|\n| [1 — A](x/x.ipynb) | 60 |\n| [4a — B](y/y.ipynb) | 75 |\n\nEnd\n"
    lines = index(page, address).splitlines()
    assert lines[:4] == page.splitlines()[:4] and lines[-1] == "End"
    assert (
        "[1](https://colab.research.google.com/github/a/b/blob/main/course/x/x.ipynb)" in lines[5]
    )
    assert "[4a](" in lines[5] and "/v2/gh/a/b/main?urlpath=lab/tree/course/x/x.ipynb" in lines[5]
    assert index("No table.\n", address) == "No table.\n"


def test_an_exam_is_not_published_so_no_badge_leads_there():
    address = Address("https://github.com/a/b", "github.com", "a/b", "main")
    cells = [nbformat.v4.new_markdown_cell("# Exam"), nbformat.v4.new_code_cell("1")]
    book = nbformat.v4.new_notebook(cells=cells, metadata={"autograder": {"exam": True}})
    made = with_first_cells(book, address, "course/exam/exam.ipynb")
    assert [cell.cell_type for cell in made.cells] == ["markdown", "code", "code"]
    assert "colab" not in str(made).replace("in Colab", "").lower()


def test_what_lies_beside_the_chapters_is_what_is_made():
    address = address_in(ROOT)
    written = (ROOT / "solutions" / "README.md").read_text()
    assert (ROOT / "course" / "README.md").read_text() == index(written, address)
    made = requirements(ROOT, address)
    assert (ROOT / "course" / "requirements.txt").read_text() == made, "run `make build`"


def test_a_student_installs_what_the_course_asks_for_and_nothing_of_grading():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {
        Requirement(text).name: Requirement(text).specifier
        for text in [*project["dependencies"], *project["optional-dependencies"]["course"]]
    }
    lines = (ROOT / "course" / "requirements.txt").read_text().splitlines()
    *pins, package = [line for line in lines if line and not line.startswith("#")]
    found = {Requirement(pin).name: Requirement(pin).specifier for pin in pins}
    assert set(found) == set(asked)
    for name, specifier in found.items():
        (pin,) = specifier
        assert pin.operator == "==" and pin.version in asked[name]
    assert project["version"] in package or "git+" in package


def test_the_cells_are_no_ones_in_a_gradebook():
    address = Address("https://github.com/a/b", "github.com", "a/b", "main")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    made = with_first_cells(book, address, "course/a/a.ipynb")
    assert len(made.cells) == 3
    assert not [cell for cell in made.cells if "nbgrader" in cell.metadata]
