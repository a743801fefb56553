"""A sandbox made by bubblewrap: what is in it, and how to start and end it.

All isolation is bubblewrap's. Nothing in a sandbox is a writable place of the machine: all that can
be written is memory of limited size, which is gone when the sandbox ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from autograder.grading.sandbox.limits import Limits
from autograder.import_path import PACKAGE, installed_in

HOME = "/home/student"
SUBMISSION = "/submission"
HANDED_IN = "/handed-in"
"""The submission's files, read-only; the kernel works on a copy in SUBMISSION."""
SOCKETS = "/run/kernel"
"""Where the kernel makes its sockets; the grader reaches them through /proc/…/root."""

UNUSED_USERS = range(60_900, 61_000)
"""Numbers that neither people's accounts nor systems' services are given."""
HOLD = ("/bin/sh", "-c", "echo ready; exec cat")
"""Says when the sandbox stands, and keeps it until the pipe to its standard input is closed."""

ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "alternatives")

TRIALS = 3
"""How often a sandbox is tried before there is none."""


class NoSandbox(Exception):
    """bubblewrap cannot make a sandbox here; the text says why."""


class Sandbox:
    """A running sandbox.

    Attributes:
        init: the process id of its first process, as seen from outside.
        handle: a file descriptor that stands for that process.
        process: bubblewrap itself; the sandbox ends with it.
    """

    def __init__(
        self,
        files: Path,
        limits: Limits,
        command: Sequence[str] = HOLD,
        *,
        environment: Iterable[tuple[str, str]] = (),
        hidden: Iterable[Path] = (),
        user: int | None = None,
        listens: bool = False,
    ) -> None:
        """Start a sandbox and wait until its command says "ready".

        Args:
            files: a folder that appears in it, read-only, as HANDED_IN.
            limits: how large its writable places are.
            command: what runs in it; the sandbox ends when it ends.
            environment: the command's variables.
            hidden: folders that must not be seen even if Python lies around them.
            user: whose rights it has; None for those of the caller.
            listens: whether the caller reads what else the command writes.
        """
        self._ending = threading.Lock()
        report, written = os.pipe()
        arguments = [*options(files, limits, hidden), "--info-fd", str(written)]
        for name, value in environment:
            arguments += ["--setenv", name, value]
        # Not on the command line: what runs in the sandbox can read that of its first process.
        unseen = _in_memory(arguments)
        try:
            self.process = subprocess.Popen(
                [_program(), "--args", str(unseen), "--", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[written, unseen],
                cwd="/",
                env={"PATH": os.defpath},
                start_new_session=True,  # Ctrl-C in the grader's terminal is not for it
                **as_user(user),
            )
        except OSError as error:
            os.close(report)
            raise NoSandbox(f"bwrap cannot be started: {error}") from error
        finally:
            os.close(written)
            os.close(unseen)
        with os.fdopen(report) as stream:
            information = stream.read()
        if not information or self.process.stdout.readline() != b"ready\n":
            self.process.kill()
            complaint = self.process.communicate()[1].decode(errors="replace").strip()
            raise NoSandbox(complaint or "bwrap ended without a word")
        # Whatever else is written there by code in the sandbox, nobody reads, and nobody waits for.
        if not listens:
            self.process.stdout.close()
        self.process.stderr.close()
        self.init: int = json.loads(information)["child-pid"]
        self.handle = os.pidfd_open(self.init)
        for process in (self.init, *_children(self.init)):
            first_to_go(process)

    def path(self, inside: str) -> Path:
        """The way from outside to a path in the sandbox."""
        return Path(f"/proc/{self.init}/root") / inside.lstrip("/")

    def end(self) -> None:
        """Kill everything in it; from any thread, and as often as one likes."""
        with self._ending:
            if self.handle < 0:
                return
            # The first process of a process namespace takes all others with it.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            os.close(self.handle)
            self.handle = -1


def _in_memory(arguments: Iterable[str]) -> int:
    """A file descriptor from which bubblewrap can read arguments."""
    file = os.memfd_create("arguments")
    os.write(file, b"".join(os.fsencode(argument) + b"\0" for argument in arguments))
    os.lseek(file, 0, os.SEEK_SET)
    return file


def first_to_go(process: int) -> None:
    """Make the system, when it is short of memory, end this process before any other."""
    # From outside: in a sandbox /proc can only be read.
    with contextlib.suppress(OSError):
        Path(f"/proc/{process}/oom_score_adj").write_text("1000")


def _children(process: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return []


def options(files: Path, limits: Limits, hidden: Iterable[Path] = ()) -> list[str]:
    """bubblewrap's options; their order matters, since later mounts cover earlier ones."""
    return [
        *("--unshare-all", "--unshare-user", "--cap-drop", "ALL", "--clearenv"),
        *(["--disable-userns"] if _knows("--disable-userns") else []),
        *("--uid", "1000", "--gid", "1000", "--hostname", "sandbox"),
        *("--new-session", "--die-with-parent"),
        *_system(),
        *("--proc", "/proc", "--dev", "/dev"),
        *_memory(limits.folder, "/dev/shm"),
        *_memory(limits.temporary, "/tmp"),
        *_memory(limits.folder, HOME),
        *_memory(limits.folder, SUBMISSION),
        *_memory(1_000_000, SOCKETS),
        *python_mounts(python_folders(), hidden),  # after /tmp and HOME: they may lie in there
        *("--ro-bind", str(files), HANDED_IN),
        # A caller who is root owns the kernel's settings in /proc, whatever rights are taken away.
        *("--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"),
    ]


def _memory(size: int, path: str) -> list[str]:
    return ["--size", str(size), "--tmpfs", path]


def _system() -> list[str]:
    """The system's programs and libraries, and the few settings that they read."""
    mounts = ["--ro-bind", "/usr", "/usr"]
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")):
        if path.is_symlink():
            mounts += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            mounts += ["--ro-bind", str(path), str(path)]
    for name in ETC:
        mounts += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return mounts


def python_folders() -> list[Path]:
    """What Python needs: its own folders, installed packages, and of this project the package.

    Not every folder on sys.path: an editable installation puts a whole repository there, and this
    one has the solutions in it.
    """
    installed = [
        Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")
    ]
    # A program such as /opt/env/bin/python may be a link to one that is elsewhere.
    executable = Path(sys.executable).resolve().parent.parent
    # A new process may know the package by another path than this one: by a link.
    packages = {Path(PACKAGE), Path(installed_in() or PACKAGE)}
    found = {Path(sys.prefix), Path(sys.base_prefix), executable, *packages, *installed}
    return sorted(path for path in found if path.is_dir())


def python_mounts(folders: Iterable[Path], hidden: Iterable[Path]) -> list[str]:
    """Mounts of Python's folders, with everything in hidden folders covered that is not Python's.

    Raises:
        NoSandbox: if a hidden folder is itself one of Python's.
    """
    wanted = _outside_usr(folders)
    covered = [path.resolve() for path in hidden]
    if both := {path.resolve() for path in wanted} & set(covered):
        raise NoSandbox(f"{both.pop()} is to be hidden, but Python is installed there")
    mounts: list[str] = []
    # Parents come before what they contain.
    for path in sorted({*wanted, *covered}):
        if path in covered:
            if any(parent in path.parents for parent in wanted):
                mounts += ["--tmpfs", str(path)]
        else:
            mounts += ["--ro-bind", str(path), str(path)]
    return mounts


def _program() -> str:
    return shutil.which("bwrap") or "bwrap"


@cache
def _knows(option: str) -> bool:
    said = subprocess.run([_program(), "--help"], capture_output=True, text=True)
    return option in said.stdout + said.stderr


def as_user(user: int | None) -> dict:
    """Arguments of Popen for a process with another user's rights, and no groups."""
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _outside_usr(folders: Iterable[Path]) -> list[Path]:
    return sorted({path for path in folders if Path("/usr") not in (path, *path.parents)})


def worth_hiding(hidden: Iterable[Path]) -> tuple[Path, ...]:
    """Those of the folders that a sandbox would show otherwise: they lie within Python's."""
    shown = set(_outside_usr(python_folders()))
    return tuple(path for path in hidden if shown & {path, *path.parents})


def unused_user(numbers: Iterable[int] = UNUSED_USERS) -> int:
    """A number that is no account's, not even nobody's: whose it were could look into sandboxes."""
    import pwd  # not on Windows

    taken = {account.pw_uid for account in pwd.getpwall()}
    return next(number for number in numbers if number not in taken)


@cache
def find_user(hidden: tuple[Path, ...] = ()) -> int | None:
    """Whose rights sandboxes have: a caller who is root gives them no account's where that works.

    It does not work where Python lies in a folder that only root may enter.

    Raises:
        NoSandbox: if no sandbox can be made, as whoever; the text says why.
    """
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        raise NoSandbox("bubblewrap (the program bwrap) is not installed")
    candidates = (unused_user(), None) if os.geteuid() == 0 else (None,)
    reasons = []
    for user in candidates:
        # Without a sandbox, students' code has all rights: one failure on a busy machine is no
        # reason. A folder that may not be entered stays closed.
        for _ in range(TRIALS):
            try:
                _try_out(user, hidden)
            except NoSandbox as reason:
                reasons.append(str(reason))
            else:
                return user
            if "Permission denied" in reasons[-1]:
                break
            time.sleep(0.3)
    raise NoSandbox(reasons[-1])


def _try_out(user: int | None, hidden: tuple[Path, ...]) -> None:
    # The folder must be one that anybody can read, as the files of a submission will be.
    command = (sys.executable, "-c", "import os; print('ready', flush=True); os.read(0, 1)")
    sandbox = Sandbox(Path("/usr/lib"), Limits(), command, hidden=hidden, user=user)
    try:
        if not sandbox.path("/proc/1").exists():
            raise NoSandbox("the sandbox cannot be reached through /proc")
    except PermissionError as error:
        raise NoSandbox(f"the sandbox cannot be reached through /proc: {error}") from error
    finally:
        sandbox.end()
