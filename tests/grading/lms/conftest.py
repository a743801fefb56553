"""A small class with a gradebook, and downloads of every system, written by hand."""

import shutil
import zipfile
from datetime import UTC
from pathlib import Path

import nbformat
import pytest
from classroom.standin import STANDIN, solution_notebook

from autograder.grading.course.folder import Course
from autograder.grading.engine.gradebook import NotebookScores, as_gradebook, write_scores
from autograder.grading.engine.grades import Grades
from autograder.grading.lms.receiving import Asked, receive

REPOSITORY = Path(__file__).parents[3]
NOTEBOOK = "standin.ipynb"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Path:
    """A class in which nobody has handed in: tests take copies."""
    root = tmp_path_factory.mktemp("once") / "class"
    for part in ("solutions", "course"):
        place = root / part / STANDIN
        place.mkdir(parents=True)
        nbformat.write(solution_notebook(), place / NOTEBOOK)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    (root / "classroom").mkdir()
    (root / "classroom" / "gradebook.db").write_bytes(as_gradebook({}))
    with Grades(Course(root)).gradebook() as book:
        book.add_assignment(STANDIN)
        book.add_notebook("standin", STANDIN)
        for name, points in (("ex1_check", 2), ("ex2_check", 3)):
            book.add_grade_cell(name, "standin", STANDIN, max_score=points, cell_type="code")
    return root


@pytest.fixture
def grades(made_once, tmp_path) -> Grades:
    """A class's grades, in which nobody has handed in."""
    return Grades(Course(shutil.copytree(made_once, tmp_path / "class")))


@pytest.fixture
def give_marks(grades):
    """Enter points of the first exercise, and of the second, by student."""

    def give(points):
        with grades.gradebook() as book:
            for student, (first, second) in points.items():
                scores = {"ex1_check": (first, False), "ex2_check": (second, False)}
                of_it = [NotebookScores("standin", scores)]
                write_scores(book, STANDIN, student, timestamp=None, notebooks=of_it)

    return give


@pytest.fixture
def zipped(tmp_path):
    """Write a zip: its files by name, in their order; text or bytes."""

    def write(files, name="download.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in files if isinstance(files, list) else files.items():
                archive.writestr(entry, content)
        return path

    return write


@pytest.fixture
def collect(grades, zipped):
    """Collect a download."""

    def collected(files, **options):
        path = files if isinstance(files, Path) else zipped(files)
        return receive(grades, Asked(STANDIN, path, UTC, **options))

    return collected


@pytest.fixture
def handed_in(grades):
    """What lies among the submissions: by path below the folder, its text."""

    def files():
        folder = grades.course.submitted
        return {
            path.relative_to(folder).as_posix(): path.read_text(errors="replace")
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return files
