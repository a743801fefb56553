"""No grade for the wrong reason: a cell of ours that fails by itself costs nobody a point."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from classroom.programs import autograder, nbgrader
from classroom.standin import answer, check
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.reference_solution import STUDENT
from autograder.grading.notebooks.answer_cells import with_answers

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

SETUP = "import json  # or what the test puts here"


def own(source, name):
    marks = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False}
    cell = new_code_cell(source, metadata={"nbgrader": {**marks, "locked": True, "task": False}})
    cell["id"] = name
    return cell


def notebook(setup):
    """A solution whose set-up cell we choose."""
    python = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    return new_notebook(
        metadata=python,
        cells=[
            own(setup, "setup"),
            answer(
                "ex_answer",
                "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
            ),
            check("ex_check", "assert json.loads(str(double(2))) == 4", points=2),
        ],
    )


def make(folder, name, setup):
    path = folder / "solutions" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(setup), path)
    nbgrader(folder, "generate_assignment", name, "--force")


def hand_in(folder, name, student, **files):
    released = nbformat.read(folder / "course" / name / f"{name}.ipynb", as_version=4)
    solution = nbformat.read(folder / "solutions" / name / f"{name}.ipynb", as_version=4)
    place = folder / "classroom" / "submitted" / student / name
    place.mkdir(parents=True)
    nbformat.write(with_answers(released, solution), place / f"{name}.ipynb")
    for file, text in files.items():
        (place / f"{file}.txt").write_text(text)


def scores(folder, name):
    return {each.student: each.score for each in Grades(Course(folder)).scores(name)}


@pytest.fixture
def folder(course, tmp_path):
    made = tmp_path / "course-folder"
    made.mkdir()
    shutil.copy(course / "nbgrader_config.py", made)
    return made


@pytest.mark.long
def test_nobody_is_graded_where_the_reference_solution_fails_by_itself(folder):
    make(folder, "broken", "import json, a_package_that_is_not_here")
    make(folder, "sound", "import json")
    for name in ("broken", "sound"):
        hand_in(folder, name, "ada")
    run = autograder(folder, "grade", "--workers", "1")
    assert run.returncode == 1 and "Traceback" not in run.stdout + run.stderr
    (line,) = [line for line in run.stdout.splitlines() if "broken" in line]
    assert line.startswith("broken: nobody was graded, because the reference solution fails")
    assert "the cell setup failed with ModuleNotFoundError: No module named" in line
    assert scores(folder, "broken") == {}
    assert not (folder / "classroom" / "autograded" / "ada" / "broken").exists()
    assert "sound: 1 graded, 0 kept, 0 not graded" in run.stdout
    assert scores(folder, "sound") == {"ada": 2}
    assert not any(student.startswith(STUDENT) for student in scores(folder, "sound"))

    stock = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "broken"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert stock.returncode == 1 and "nobody was graded" in stock.stderr
    assert scores(folder, "broken") == {}

    make(folder, "broken", "import json")
    assert autograder(folder, "grade", "broken", "--workers", "1").returncode == 0
    assert scores(folder, "broken") == {"ada": 2}


def test_a_cell_of_ours_that_fails_in_one_submission_costs_that_student_nothing(folder):
    make(folder, "ch", "import json, os\nassert not os.path.exists('poison.txt'), 'data is gone'")
    hand_in(folder, "ch", "ada")
    hand_in(folder, "ch", "ben", poison="the grader's disk, say")
    hand_in(folder, "ch", "cleo", poison="the same")
    run = autograder(folder, "grade", "--workers", "1")
    assert run.returncode == 1 and "Traceback" not in run.stdout + run.stderr
    assert "1 graded, 0 kept, 2 not graded" in run.stdout
    trouble = "This is the grader's trouble, not the student's: in ch, the cell setup failed with "
    assert f"NOT GRADED ben: {trouble}AssertionError: data is gone." in run.stdout
    assert run.stderr.count("is not scored. " + trouble) == 1  # told once, at once
    assert scores(folder, "ch") == {"ada": 2}
    assert not (folder / "classroom" / "autograded" / "ben" / "ch").exists()

    again = autograder(folder, "grade", "--workers", "1")  # the reference is not graded again
    assert "0 graded, 1 kept, 2 not graded" in again.stdout
