"""Workers that are killed again and again while they start: they are replaced, to a limit."""

import shutil
import tempfile
import time

import pytest
from classroom.programs import WORKERS, below, started
from classroom.standin import class_in

from autograder.grading.processes.fingerprint import PACKAGE

pytestmark = [pytest.mark.slow, pytest.mark.alone]


def run_while_killing(folder, seconds, from_the_start=False):
    """Run the grader, and kill its workers, and what they are forked from, again and again.

    Args:
        folder: the course.
        seconds: how long that goes on.
        from_the_start: whether it begins at once, or when the first submission is graded.

    Returns:
        The run's exit code, and what it said of errors.
    """
    with tempfile.TemporaryFile() as said:
        run = started(folder, said)
        graded = folder / "classroom" / "autograded"
        while run.poll() is None and not (from_the_start or list(graded.glob("*/standin"))):
            time.sleep(0.05)
        end = time.monotonic() + seconds
        while run.poll() is None and time.monotonic() < end:
            for process in below(run, WORKERS):
                process.kill()
            time.sleep(0.2)
        code = run.wait(timeout=600)
        said.seek(0)
        return code, said.read().decode()


@pytest.fixture
def folder(released, tmp_path):
    return class_in(released, tmp_path / "replaced")


@pytest.mark.long
def test_workers_that_die_while_they_start_are_replaced(folder):
    code, said = run_while_killing(folder, seconds=8)
    assert code == 0, said


@pytest.mark.parametrize("from_the_start", [True, pytest.param(False, marks=pytest.mark.long)])
def test_workers_that_never_live_are_a_problem_in_one_line(folder, from_the_start):
    code, said = run_while_killing(folder, 150, from_the_start)
    assert code == 1
    assert said.strip().splitlines()[-1].startswith("autograder grade: The workers end as soon as")
    assert "Traceback" not in said


@pytest.mark.long
def test_a_package_that_changes_under_a_run_ends_it_in_one_line(folder, tmp_path):
    package = shutil.copytree(
        PACKAGE, tmp_path / "changing" / "autograder", ignore=shutil.ignore_patterns("__pycache__")
    )
    with tempfile.TemporaryFile() as said:
        run = started(folder, said, PYTHONPATH=str(package.parent))
        while not below(run, "sandbox.zygote"):  # from here on it knows what it grades by
            assert run.poll() is None
            time.sleep(0.02)
        with (package / "quiet.py").open("a") as file:
            file.write("# another\n")
        code = run.wait(timeout=600)
        said.seek(0)
        last = said.read().decode().strip().splitlines()[-1]
    assert code == 1
    assert last.startswith("autograder grade: This package, or one that grades rest on, was ")
