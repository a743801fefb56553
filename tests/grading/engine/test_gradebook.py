"""Scores are written as rows; they are the rows that nbgrader's own gradebook would hold."""

import shutil
from contextlib import closing
from datetime import datetime

import pytest
from nbgrader.api import Base, Gradebook
from sqlalchemy import create_engine, text

from autograder.grading.engine.gradebook import NotebookScores, read_scores, write_scores
from autograder.grading.engine.private_gradebook import private_gradebook

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
TIME = "2026-01-02 03:04:05 UTC"
FIRST = NotebookScores(
    "nb", {"check": (1.5, False), "task": (None, True)}, {"answer": "No response."}, 0.5
)


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    Base.metadata.create_all(create_engine(url))  # quicker than nbgrader's way to a new one
    with closing(Gradebook(url)) as book:
        book.add_assignment("a")
        book.add_notebook("nb", "a")
        book.add_grade_cell("check", "nb", "a", max_score=2, cell_type="code")
        book.add_solution_cell("answer", "nb", "a")
        book.add_task_cell("task", "nb", "a", max_score=3, cell_type="markdown")
    return url


def write(url, scores=FIRST, student="ada", timestamp=TIME):
    with closing(Gradebook(url)) as book:
        write_scores(book, "a", student, timestamp=timestamp, notebooks=[scores])


def rows(url):
    """All that the gradebook says of students."""
    with closing(Gradebook(url)) as book:
        found = {(s.student.id, s.timestamp) for s in book.assignment_submissions("a")}
        for submission in book.assignment_submissions("a"):
            for notebook in submission.notebooks:
                found.add((notebook.name, notebook.flagged, notebook.late_submission_penalty))
                found |= {
                    (g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                    for g in notebook.grades
                }
                found |= {(c.name, c.auto_comment, c.manual_comment) for c in notebook.comments}
        counts = [book.db.execute(text(f"select count(*) from {name}")).scalar() for name in TABLES]
    return found, counts


def test_a_new_submission_has_the_rows_that_nbgrader_makes(url, tmp_path):
    write(url)
    ours = rows(url)
    with closing(Gradebook(url)) as book:
        book.remove_student("ada")
        book.add_student("ada")
        submission = book.add_submission("a", "ada", timestamp=TIME)
        (notebook,) = submission.notebooks
        for grade in notebook.grades:
            grade.auto_score, grade.needs_manual_grade = FIRST.scores[grade.name]
        for comment in notebook.comments:
            comment.auto_comment = FIRST.comments.get(comment.name)
        notebook.late_submission_penalty = FIRST.late_penalty
        book.db.commit()
    assert ours == rows(url)
    assert ours[1] == [1, 1, 1, 2, 2]


def test_what_is_written_is_read_again(url):
    write(url)
    (read,) = read_scores(url, "a", "ada")
    assert read.scores == FIRST.scores
    assert read.comments == {"answer": "No response.", "task": None}
    assert read.late_penalty == 0.5


def test_the_time_is_in_utc_and_stays_where_there_is_none(url):
    write(url, timestamp="2026-01-02T03:04:05+02:00")
    write(url, timestamp=None)
    with closing(Gradebook(url)) as book:
        assert book.find_submission("a", "ada").timestamp == datetime(2026, 1, 2, 1, 4, 5)


def test_what_a_person_gave_stays_and_is_to_be_looked_at_again(url):
    write(url)
    with closing(Gradebook(url)) as book:
        grade = book.find_grade("check", "nb", "a", "ada")
        grade.manual_score = 1.75
        book.find_comment("answer", "nb", "a", "ada").manual_comment = "Nice."
        book.db.commit()
    write(url, NotebookScores("nb", {"check": (0.0, False), "task": (None, True)}, {}, None))
    with closing(Gradebook(url)) as book:
        grade = book.find_grade("check", "nb", "a", "ada")
        assert (grade.auto_score, grade.manual_score, grade.score) == (0, 1.75, 1.75)
        assert grade.needs_manual_grade
        comment = book.find_comment("answer", "nb", "a", "ada")
        assert (comment.auto_comment, comment.manual_comment) == (None, "Nice.")
        assert grade.notebook.late_submission_penalty is None


def test_a_cell_that_came_later_gets_its_score(url):
    write(url)
    with closing(Gradebook(url)) as book:
        book.add_grade_cell("second", "nb", "a", max_score=4, cell_type="code")
    write(url, NotebookScores("nb", {**FIRST.scores, "second": (4.0, False)}, {}))
    with closing(Gradebook(url)) as book:
        assert book.find_grade("second", "nb", "a", "ada").score == 4


def test_a_result_that_cannot_be_written_changes_nothing(url):
    write(url)
    before = rows(url)
    with pytest.raises(Exception, match="must be a string or a real number"):
        write(url, NotebookScores("nb", {"check": (object(), False), "task": (None, True)}, {}))
    assert rows(url) == before


def test_a_private_gradebook_is_the_one_that_is_opened_whatever_the_address(url, tmp_path):
    place = tmp_path / "gradebook.db"
    with private_gradebook(place):
        write("sqlite:////nowhere/else.db")
        with closing(Gradebook("sqlite:////nowhere/else.db")) as book:
            assert [student.id for student in book.students] == ["ada"]
    with closing(Gradebook(url)) as book:
        assert book.find_grade("check", "nb", "a", "ada").auto_score == 1.5


def test_private_gradebooks_of_one_process_do_not_mix(url, tmp_path):
    other = tmp_path / "other.db"
    shutil.copy(tmp_path / "gradebook.db", other)
    for place, student in ((tmp_path / "gradebook.db", "ada"), (other, "bob")):
        with private_gradebook(place):
            write(url, student=student)
    with private_gradebook(other), closing(Gradebook(url)) as book:
        assert [student.id for student in book.students] == ["bob"]
