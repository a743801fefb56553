"""The grader's side of the zygote: start it, ask it for kernels, start it anew when it is gone."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from autograder.grading.processes.fingerprint import fingerprint
from autograder.grading.sandbox.bubblewrap import Sandbox, as_user
from autograder.grading.sandbox.inside import FIXED
from autograder.grading.sandbox.zygote import GREETING, LARGEST_REQUEST
from autograder.import_path import PYTHON, SYSTEMS_PROGRAMS, programs_first

STARTING = 600
"""Seconds that TensorFlow's import may take on a slow machine that has much else to do."""
ANSWERING = 120


class NoZygote(Exception):
    """The zygote cannot be started, or did not answer."""


class Forked:
    """A kernel that the zygote has forked, with the part of Popen's interface that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, handle: int) -> None:
        """Take over a process that is no child of this one.

        Args:
            pid: its number.
            handle: a file descriptor that stands for it, whoever has that number later.
        """
        self.pid = pid
        self.returncode: int | None = None
        self._handle = handle

    def poll(self) -> int | None:
        """None as long as it runs."""
        if self.returncode is None and _readable(self._handle, 0):
            self.returncode = 0  # only its parent could know better
            os.close(self._handle)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        if self.returncode is None and not _readable(self._handle, timeout):
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.poll() or 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _readable(handle: int, timeout: float | None) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(None if timeout is None else timeout * 1000))


class Zygote:
    """A zygote that has imported everything, as the one who asks it for kernels sees it."""

    def __init__(self, connection: socket.socket) -> None:
        """Wait until it is ready.

        Args:
            connection: a socket that leads to it.

        Raises:
            NoZygote: if it ends before it is ready.
        """
        self._socket = connection
        connection.settimeout(STARTING)
        try:
            greeting = connection.recv(100)
        except OSError as error:
            greeting = str(error).encode()
        if greeting != GREETING:
            connection.close()
            raise NoZygote(greeting.decode(errors="replace") or "it ended without a word")
        connection.settimeout(ANSWERING)

    def fork(self, sandbox: Sandbox, request: dict[str, Any], channel: Sequence[int]) -> Forked:
        """Have a kernel forked into a sandbox, or a recorder.

        Raises:
            NoZygote: if the zygote is gone, or failed.
        """
        try:
            handles = [sandbox.handle, *channel]
            socket.send_fds(self._socket, [json.dumps(request).encode()], handles)
            data, handles, _, _ = socket.recv_fds(self._socket, LARGEST_REQUEST, 1)
        except OSError as error:
            raise NoZygote(str(error)) from error
        if not handles:
            raise NoZygote(data.decode(errors="replace") or "it has ended")
        return Forked(int(data), handles[0])

    def end(self) -> None:
        """Ask it for nothing any more."""
        self._socket.close()


class OwnZygote(Zygote):
    """A zygote of this process: nobody else can reach it, and it ends when this process does."""

    def __init__(self, user: int | None) -> None:
        """Start one with this user's rights, and wait until it is ready."""
        self._home = _home_for(user)
        with tempfile.TemporaryFile() as complaints:
            self._process, connection = _start(self._home.name, user, complaints)
            try:
                super().__init__(connection)
            except NoZygote as reason:
                self._kill()
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").strip().splitlines()
                raise NoZygote(said[-1] if said else str(reason)) from None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def end(self) -> None:
        """Kill it; the kernels that it has forked live on."""
        super().end()
        self._kill()

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._home.cleanup()


def _home_for(user: int | None) -> tempfile.TemporaryDirectory:
    home = tempfile.TemporaryDirectory(prefix="zygote-", ignore_cleanup_errors=True)
    if user is not None:
        os.chown(home.name, user, user)
    return home


def _start(
    home: str, user: int | None, complaints: IO[bytes] | int, *listener: socket.socket
) -> tuple[subprocess.Popen, socket.socket]:
    """Start a zygote: its process, and the socket that leads to it."""
    # As little as possible of the grader's variables: each fork has the zygote's memory.
    environment = {
        "HOME": home,
        "PATH": programs_first(SYSTEMS_PROGRAMS),
        "LANG": "C.UTF-8",
        **FIXED,
    }
    if paths := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = paths
    connection, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    numbers = [end.fileno() for end in (other, *listener)]
    with other:
        process = subprocess.Popen(
            [*PYTHON, "-m", f"{__package__}.zygote", fingerprint().package, *map(str, numbers)],
            pass_fds=numbers,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,  # Ctrl-C in the grader's terminal is not for it
            **as_user(user),
        )
    return process, connection


SHARED = "AUTOGRADER_ZYGOTE"
"""Environment variable: the folder in which the socket of a shared zygote lies."""


@contextmanager
def shared_zygote(user: int | None) -> Iterator[None]:
    """A zygote for all processes that start within this; does not wait until it is ready.

    Where this process has one to share already, it is that one.
    """
    if SHARED in os.environ:
        yield
        return
    with (
        tempfile.TemporaryDirectory(prefix="grading-") as folder,  # nobody else may enter it
        _home_for(user) as home,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener,
    ):
        try:
            listener.bind(_place(folder, user))
        except OSError:  # the path is too long for a socket: each process starts its own
            yield
            return
        listener.listen()
        # If it fails, each process starts its own, and that says why.
        process, connection = _start(home, user, subprocess.DEVNULL, listener)
        listener.close()  # else those who connect would wait for ever if the zygote ends
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            os.environ.pop(SHARED, None)
            connection.close()
            process.kill()
            process.wait()


def _place(folder: str, user: int | None) -> str:
    return os.path.join(folder, f"user-{user}")


def _shared(user: int | None) -> Zygote:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.connect(_place(os.environ[SHARED], user))
    except (KeyError, OSError) as error:
        connection.close()
        raise NoZygote(f"there is none to share: {error}") from error
    return Zygote(connection)


_lock = threading.Lock()
_zygotes: dict[int | None, Zygote] = {}


def fork_kernel(
    sandbox: Sandbox, request: dict[str, Any], user: int | None, channel: Sequence[int] = ()
) -> Forked:
    """Have a zygote fork a kernel: the one used before, else the shared one, else one's own.

    Args:
        sandbox: where the kernel is to be.
        request: what `inside.become` asks for.
        user: whose rights the zygote has.
        channel: file descriptors that become a recorder's standard input and output.

    Raises:
        NoZygote: if that cannot be done.
    """
    with _lock:
        for find in (_zygotes.__getitem__, _shared):
            try:
                _zygotes[user] = find(user)
                return _zygotes[user].fork(sandbox, request, channel)
            except (KeyError, NoZygote):  # it was killed, or has not been asked for long
                _forget(user)
        _zygotes[user] = OwnZygote(user)
        return _zygotes[user].fork(sandbox, request, channel)


def _forget(user: int | None) -> None:
    if user in _zygotes:
        _zygotes.pop(user).end()


@atexit.register
def end_zygotes() -> None:
    """End the zygotes of this process, and its use of others."""
    with _lock:
        while _zygotes:
            _zygotes.popitem()[1].end()
