"""The course's programs, run as people run them, and the processes they start."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from autograder.grading.processes.nbgrader_command import COMMAND

PROGRAMS = Path(sys.executable).parent
WORKERS = "multiprocessing.forkserver"
"""In the command of a worker, and of what workers are forked from."""


def autograder(folder, *arguments, **options):
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, **options)


def nbgrader(folder, *arguments):
    """nbgrader's own command, which must succeed."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=activated(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done


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
    found = []
    for process in run.children(recursive=True):
        try:
            if any(word in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found
