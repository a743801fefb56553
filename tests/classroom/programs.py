"""The course's programs, run as people run them, and the processes they start."""

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil
from classroom.forking import Forks

from autograder.grading.processes.nbgrader_command import COMMAND, Run
from autograder.import_path import programs_first

PROGRAMS = Path(sys.executable).parent
WORKERS = "multiprocessing.forkserver"
"""In the command of a worker, and of what workers are forked from."""


FORKS: Forks | None = None
"""Where programs are forked from, in tests that share it (`zygote`)."""


def autograder(folder, *arguments):
    command = [sys.executable, "-m", "autograder", *arguments]
    return done(command, folder, os.environ)


def nbgrader(folder, *arguments):
    """nbgrader's own command, which must succeed."""
    ended = done([*COMMAND, *arguments], folder, activated())
    assert ended.returncode == 0, ended.stderr
    return ended


def said_by(command, folder, variables=None) -> Run:
    """As `nbgrader_command.run`, by a fork."""
    path = programs_first(os.environ.get("PATH", ""))
    ended = done(command, folder, os.environ | {"PATH": path} | (variables or {}), in_one=True)
    return Run(ended.stdout, ended.returncode != 0)


def done(command, folder, environment, in_one=False) -> subprocess.CompletedProcess:
    """Run a program, by a fork if that can be; `in_one` is all that it says in its output."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        err = out if in_one else errors
        try:
            if FORKS is None:
                raise ConnectionRefusedError
            code = FORKS(command, folder, environment, out, err)
        except (FileNotFoundError, ConnectionRefusedError):  # what they are forked from is gone
            pipes = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": err}
            code = subprocess.run(command, cwd=folder, env=environment, **pipes).returncode
        said = []
        for file in (out, errors):
            file.seek(0)
            said.append(file.read().decode(errors="replace"))
        return subprocess.CompletedProcess(command, code, *said)


def activated(*folders):
    """Variables as in an active environment; these folders' programs are found before its own."""
    path = os.pathsep.join([*map(str, folders), str(PROGRAMS), os.environ["PATH"]])
    return os.environ | {"PATH": path}


def run(folder, *command):
    """An installed program, found as an active environment's are."""
    return subprocess.run(
        [PROGRAMS / command[0], *command[1:]],
        cwd=folder,
        env=activated(),
        capture_output=True,
        text=True,
    )


def started(folder, errors=subprocess.DEVNULL, **variables):
    """`autograder grade` by two workers, still running."""
    command = [sys.executable, "-m", "autograder", "grade", "--workers", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": errors, "env": os.environ | variables}
    return psutil.Popen(command, cwd=folder, start_new_session=True, **quiet)


def below(run, word):
    """The processes that a grader has started, by a word of their command."""
    commands = of_those_running(run.children(recursive=True), psutil.Process.cmdline)
    return [one for one, command in commands if any(word in part for part in command)]


def of_those_running(processes, asked):
    """Each process with what it is asked for; one that has ended meanwhile is left out."""
    found = []
    for process in processes:
        with suppress(psutil.Error, FileNotFoundError, ProcessLookupError):
            found.append((process, asked(process)))
    return found


def kill_all(processes):
    """End processes, of which some may have ended already; those that had not."""
    return of_those_running(processes, psutil.Process.kill)
