"""One grader at a time in a class: a lock that says who has it, and that ends with its holder."""

from __future__ import annotations

import getpass
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.problem import Problem

LOCK = "grading.lock"
BEHIND = 1 << 30
"""Where Windows locks a byte: behind the text, which others can read then."""
TAKEN = (BlockingIOError, PermissionError)
A_LITTLE = 3.0
"""Seconds to wait for somebody who may be about to end."""
PAUSE = 0.1


@contextmanager
def only_grader(folder: Path) -> Iterator[None]:
    """Within this, nobody else grades the class.

    The system's own lock on a file: it ends with the process, however that ends. On a network's
    file system it holds between machines only if that passes locks on; where it knows none at all,
    a line says so, and grading goes on.

    Args:
        folder: where the lock is; made if it is not there.

    Raises:
        Problem: if somebody else grades, and who that is; or if the folder cannot be written to.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = _opened(path)
    except OSError as error:
        raise Problem(f"{folder} cannot be written to ({error.strerror}).") from None
    try:
        try:
            _lock_soon(file)
        except TAKEN:
            raise Problem(
                f"This class is being graded already, by {_holder(path)}. Wait until that has "
                "ended, or end it; then run this again."
            ) from None
        except OSError as error:
            print(
                f"{folder} is on a file system without locks ({error.strerror}): "
                "see to it that nobody else grades this class now.",
                file=sys.stderr,
            )
        with suppress(OSError):  # opened only to read: another user's file
            os.ftruncate(file, 0)
            os.write(file, _ourselves().encode())
        yield
        with suppress(OSError):
            os.ftruncate(file, 0)
    finally:
        os.close(file)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError:
        return os.open(path, os.O_RDONLY)


def _lock_soon(file: int) -> None:
    end = time.monotonic() + A_LITTLE
    while True:
        try:
            return _lock(file)
        except TAKEN:
            if time.monotonic() > end:
                raise
        time.sleep(PAUSE)


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _ourselves() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name
        user = "somebody"
    since = time.strftime("%Y-%m-%d %H:%M:%S %z")
    return f"{user} on {platform.node()}, process {os.getpid()}, since {since}"


def _holder(path: Path) -> str:
    with suppress(OSError):
        if text := path.read_text(encoding="utf-8", errors="replace").strip():
            return text
    return "somebody who has left no name"
