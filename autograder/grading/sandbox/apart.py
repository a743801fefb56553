"""Where there is no sandbox, and the grader is root: submissions run as an account without rights.

That keeps them from the grader's files and results, as another user's account would; from the
network, and from taking all of the machine, it does not.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

from autograder.grading.sandbox.bubblewrap import UNUSED_USERS, as_user, unused_user
from autograder.import_path import PYTHON

ROUNDS = 100
"""How often processes are looked for that begin while others are ended."""


@cache
def account() -> int | None:
    """The number of an account that is nobody's; None if nothing can be run as that here."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    user = unused_user(reversed(UNUSED_USERS))  # never that of sandboxes
    # It may be that only root can enter the folder in which Python is.
    command = [*PYTHON, "-c", "import autograder.checking"]
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, **as_user(user))
    except OSError:
        return None
    return user if done.returncode == 0 else None


def end_processes(user: int) -> None:
    """Kill all processes of an account."""
    for _ in range(ROUNDS):
        if not (found := _processes(user)):
            return
        for number in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


def _processes(user: int) -> list[int]:
    return [number for number in map(_number, Path("/proc").iterdir()) if _is_of(number, user)]


def _number(place: Path) -> int:
    return int(place.name) if place.name.isdecimal() else 0


def _is_of(number: int, user: int) -> bool:
    if not number:
        return False
    try:
        status = Path(f"/proc/{number}/status").read_text()
    except OSError:  # it has ended
        return False
    said = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return said["State"].split()[0] != "Z" and int(said["Uid"].split()[0]) == user
