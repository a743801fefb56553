"""A tiny course, on which nbgrader's whole cycle takes seconds, and a class of it.

Two exercises, 5 points.
"""

import shutil

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.classroom import Classroom

STANDIN = "standin"


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


def hand_in(folder, copies=1):
    """Submissions of each kind, `copies` of each, and one that is no notebook."""
    released = nbformat.read(folder / "course" / STANDIN / "standin.ipynb", as_version=4)
    solution = nbformat.read(folder / "solutions" / STANDIN / "standin.ipynb", as_version=4)
    kinds = {
        "all": with_answers(released, solution),
        "half": with_answers(released, solution, only={"ex1_answer"}),
        "none": released,
    }
    for kind, notebook in kinds.items():
        for number in range(copies):
            place = folder / "classroom" / "submitted" / f"{kind}{number}" / STANDIN
            place.mkdir(parents=True)
            nbformat.write(notebook, place / "standin.ipynb")


def scores(folder):
    with Grades(Course(folder)).gradebook() as gradebook:
        rows = gradebook.assignment_submissions(STANDIN)
        return {row.student.id: row.score for row in rows}


def everything(folder):
    """What the gradebook says of every cell, without times."""
    with Grades(Course(folder)).gradebook() as gradebook:
        return {
            (row.student.id, grade.name): (grade.auto_score, grade.manual_score, grade.score)
            for row in gradebook.assignment_submissions(STANDIN)
            for notebook in row.notebooks
            for grade in notebook.grades
        }


def class_in(released, folder, copies=4):
    """A copy of a released course in which a class has handed in."""
    folder = shutil.copytree(released, folder)
    hand_in(folder, copies)
    return folder


def room_in(released, folder) -> Classroom:
    """A copy of a released course as a classroom, in which nobody has handed in."""
    room = Classroom.copy_of(released, folder, has_exchange=False)
    for part in ("course", "classroom"):
        shutil.copytree(released / part, room.root / part, dirs_exist_ok=True)
    return room
