"""`autograder grade` and `nbgrader autograde` at the same time in one class, as real programs.

And what both say before they begin: that the class is open to others, or its configuration old.
"""

import shutil
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from classroom.programs import PROGRAMS, activated, kill_all, run
from classroom.standin import STANDIN, hand_in, scores

from autograder.grading.settings import LAST_LINE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

PROGRAM = {"autograder": ["grade", "--workers", "1"], "nbgrader": ["autograde", STANDIN]}


@pytest.fixture(scope="module")
def folder(course):
    """A class of three, of whom nobody is graded yet."""
    assert run(course, "nbgrader", "generate_assignment", STANDIN, "--force").returncode == 0
    assert (course / "classroom").stat().st_mode & 0o077 == 0, "a new one is closed to others"
    hand_in(course)
    return course


def halted(folder, program):
    """A program that has begun to grade, and stands still."""
    lock = folder / "classroom" / ".autograder" / "grading.lock"
    command = [PROGRAMS / program, *PROGRAM[program]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    first = psutil.Popen(command, cwd=folder, env=activated(), **quiet)
    while not (lock.is_file() and f"process {first.pid}, since " in lock.read_text()):
        assert first.poll() is None
        time.sleep(0.02)
    first.suspend()
    return first


@pytest.mark.parametrize(
    ("program", "other"),
    [
        ("autograder", "nbgrader"),
        pytest.param("nbgrader", "autograder", marks=pytest.mark.long),  # it is the same lock
    ],
)
@pytest.mark.long
def test_a_second_program_says_who_grades_and_ends_and_a_killed_one_blocks_nobody(
    folder, program, other
):
    first = halted(folder, program)
    children = first.children(recursive=True)
    try:
        second = run(folder, other, *PROGRAM[other])
    finally:
        kill_all([first, *children])
        first.wait()
    said = [line for line in second.stderr.splitlines() if "being graded already" in line]
    assert second.returncode == 1 and "chmod" not in second.stderr
    assert len(said) == 1 and "Traceback" not in second.stderr
    assert f"process {first.pid}, since " in said[0] and "run this again" in said[0]
    assert not said[0].endswith("..")

    (folder / "classroom").chmod(0o755)
    after = run(folder, other, *PROGRAM[other])
    assert after.returncode == 0, after.stderr
    assert after.stderr.count(f"chmod go-rwx {folder / 'classroom'}") == 1
    (folder / "classroom").chmod(0o700)
    assert scores(folder) == {"all0": 5, "half0": 2, "none0": 0}


@pytest.mark.long
def test_both_say_in_one_line_what_an_older_configuration_lacks(folder):
    older = Path(__file__).parents[1] / "grading" / "older_config.txt"
    shutil.copy(older, folder / "nbgrader_config.py")
    one = ["autograde", STANDIN, "--student=all0", "--force"]
    nothing = ["grade", "--workers", "1", "no-such-assignment"]
    for command in (["nbgrader", *one], ["autograder", *nothing]):
        said = run(folder, *command).stderr
        told = [line for line in said.splitlines() if "is of another version" in line]
        assert len(told) == 1 and "Harmless" in told[0] and LAST_LINE in told[0], said
