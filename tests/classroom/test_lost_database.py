"""A PostgreSQL server that is killed while a class is graded into it: waited for, or told."""

import shutil
import subprocess
import sys
import time

import psutil
import pytest
from classroom.postgres import server_in
from classroom.programs import autograder, kill_all, nbgrader
from classroom.standin import STANDIN, everything, hand_in, scores

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

# As without any disturbance.
EXPECTED = {
    f"{kind}{n}": most for kind, most in (("all", 5), ("half", 2), ("none", 0)) for n in (0, 1)
}
BOUND = 500
"""Seconds in which a run must have ended; without `--wait` it would wait for ten minutes."""


@pytest.fixture
def server(tmp_path):
    made = server_in(tmp_path)
    yield made
    made.kill()


@pytest.fixture
def folder(course, tmp_path, server):
    made = shutil.copytree(course, tmp_path / "course-folder")
    config = made / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {server.url!r}\n")
    nbgrader(made, "generate_assignment", STANDIN, "--force")
    hand_in(made, copies=2)
    return made


def in_the_middle(folder, *options):
    """`autograder grade`, at the moment when the first submission is written."""
    shutil.rmtree(folder / "classroom" / "autograded", ignore_errors=True)
    command = [sys.executable, "-m", "autograder", "grade", "--workers", "1", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    run = psutil.Popen(command, cwd=folder, **pipes)
    while not list(folder.glob("classroom/autograded/*/standin")):
        assert run.poll() is None, run.communicate()
        time.sleep(0.02)
    return run


def ended(run):
    try:
        return run.communicate(timeout=BOUND)
    except subprocess.TimeoutExpired:
        kill_all([*run.children(recursive=True), run])
        raise


@pytest.mark.long
def test_a_killed_server_is_waited_for_and_one_that_stays_away_is_told(folder, server):
    run = in_the_middle(folder)
    server.kill()
    time.sleep(4)
    server.start()
    told, said = ended(run)
    assert run.returncode == 0, told + said
    assert "does not answer; waiting for it" in said and "Traceback" not in said
    disturbed = everything(folder)

    run = in_the_middle(folder, "--wait", "0.1")
    server.kill()
    _, said = ended(run)
    assert run.returncode == 1 and "Traceback" not in said, said
    last = said.splitlines()[-1]
    assert last.startswith("autograder grade: The gradebook ") and "run this again" in last
    assert "has not answered for" in last

    server.start()
    assert autograder(folder, "grade", "--workers", "1").returncode == 0
    assert everything(folder) == disturbed and len(disturbed) == 12
    assert scores(folder) == EXPECTED
