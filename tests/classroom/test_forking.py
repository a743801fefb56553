"""A program that is forked says and does what it does when it is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import programs
from classroom.forking import MAY_FORK

from autograder.grading.processes.nbgrader_command import COMMAND

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("zygote"),
    pytest.mark.skipif(not MAY_FORK, reason="programs are started here"),
]
AUTOGRADER = (sys.executable, "-m", "autograder")


@pytest.mark.parametrize(
    "command",
    [
        (*AUTOGRADER, "grade"),
        (*COMMAND, "list", "--no-such-option"),
    ],
    ids=lambda command: " ".join(command[command.index("-m") + 1 :]),
)
def test_it_is_the_same_program(tmp_path, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")  # of this test's own, not of what it is forked from
    started = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    forked = programs.done(command, tmp_path, os.environ)
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        started.returncode,
        started.stdout,
        started.stderr,
    )
    assert forked.stdout + forked.stderr


def test_there_is_one_to_fork_from(tmp_path):
    """Else what is started would be compared with what is started."""
    with (tmp_path / "said").open("w+b") as said:
        try:
            code = programs.FORKS([*AUTOGRADER, "--help"], tmp_path, os.environ, said, said)
        except FileNotFoundError:
            pytest.skip("the worker that started it has come to its end")
        said.seek(0)
        assert code == 0 and said.read().startswith(b"usage: ")


SERVER = """
import os, sys
from classroom.forking import server_of_workers
server = '''
import multiprocessing.forkserver, os
try:
    os.fstat({other})
    os.write({told}, b"It has more.")
except OSError:
    os.write({told}, b"It has what it was given.")
'''
start = server_of_workers(lambda *given: sys.exit("It was started."))
reading, writing = os.pipe()
code = server.format(other=reading, told=writing)
os.waitpid(start(sys.executable, ["-c", code], [writing]), 0)
print(os.read(reading, 99).decode())
"""


def test_what_workers_are_forked_from_is_a_fork_that_has_nothing_else_of_the_program():
    variables = os.environ | {"PYTHONPATH": str(Path(programs.__file__).parents[1])}
    command = [sys.executable, "-c", SERVER]
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("It has what it was given.\n", "")


def test_where_there_is_none_to_fork_from_it_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "FORKS", programs.Forks(str(tmp_path / "nowhere")))
    assert programs.autograder(tmp_path, "--help").stdout.startswith("usage: ")
