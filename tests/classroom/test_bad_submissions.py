"""One good submission among bad ones: it keeps its marks, and each bad one gets one clear line."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.answers import with_answers
from autograder.grading.classroom import Classroom

pytestmark = pytest.mark.slow

NAME = "standin.ipynb"


def as_from_colab(notebook):
    """The notebook as Colab gives it back: nbgrader's metadata and the cells' ids are gone."""
    bare = copy.deepcopy(notebook)
    for number, cell in enumerate(bare.cells):
        cell.metadata.pop("nbgrader", None)
        cell["id"] = f"colab-{number}"
    return bare


@pytest.fixture(scope="module")
def classroom(course, tmp_path_factory):
    classroom = Classroom.copy_of(course, tmp_path_factory.mktemp("class") / "room")
    classroom.generate("standin")
    classroom.release("standin")
    done = with_answers(classroom.released("standin")[NAME], classroom.solution("standin")[NAME])
    classroom.submit("good", "standin", {NAME: done})
    classroom.submit("text", "standin", {NAME: b"Dear teacher,\nplease find my homework below."})
    classroom.submit("empty", "standin", {NAME: b""})
    classroom.submit("colab", "standin", {NAME: as_from_colab(done)})
    classroom.submit("other", "standin", {NAME: new_notebook(cells=[new_code_cell("1 + 1")])})
    classroom.collect("standin")
    return classroom


@pytest.fixture(scope="module")
def errors(classroom):
    found = classroom.autograde("standin")
    classroom.give_feedback("standin")
    return found


def test_the_good_ones_keep_their_marks_and_the_bad_ones_have_none(classroom, errors):
    scores = {score.student: score.score for score in classroom.scores("standin")}
    assert scores == {"good": 5, "text": 0, "empty": 0, "colab": 5, "other": 0}
    assert classroom.cell_scores("good", "standin") == {"ex1_check": 2, "ex2_check": 3}


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("text", "text: standin.ipynb is not a notebook (it begins with 'Dear teacher,'). Ask for"),
        ("empty", "empty: standin.ipynb is empty. Ask for"),
        ("other", "other: standin.ipynb has none of the assignment's answer cells in it. Ask for"),
    ],
)
def test_each_bad_one_gets_one_line_that_says_what_to_do(errors, student, says):
    (line,) = [error for error in errors if error.startswith(f"{student}:")]
    assert line.startswith(says)
    assert f"into classroom/submitted/{student}/standin" in line
    assert line.endswith(f"nbgrader autograde standin --student={student} --force")


def test_nothing_else_is_reported_as_an_error(classroom, errors):
    assert len(errors) == 3
    assert "Traceback" not in classroom.log.read_text()


def test_the_student_reads_what_was_wrong(classroom, errors):
    pages = {page.parts[-3]: page.read_text() for page in classroom.feedback_pages("standin")}
    assert set(pages) == {"good", "text", "empty", "colab", "other"}
    for student, page in pages.items():
        bad = student not in ("good", "colab")
        assert ("Your submission could not be graded" in page) == bad


def test_what_the_line_says_to_do_works(classroom, errors):
    done = with_answers(classroom.released("standin")[NAME], classroom.solution("standin")[NAME])
    folder = classroom.root / "classroom" / "submitted" / "text" / "standin"
    (folder / NAME).chmod(0o644)
    (folder / NAME).unlink()
    nbformat.write(done, folder / NAME)
    classroom.nbgrader("autograde", "standin", "--student=text", "--force")
    scores = {score.student: score.score for score in classroom.scores("standin")}
    assert scores["text"] == 5
