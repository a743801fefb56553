"""The owner's side of the zygote: start it, ask it for kernels, start it anew when it is gone."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from autograder.grading.sandbox.bubblewrap import Sandbox, as_user
from autograder.grading.sandbox.inside import FIXED
from autograder.grading.sandbox.zygote import LARGEST_REQUEST

STARTING = 120
"""Seconds that TensorFlow's import may take on a slow machine."""
ANSWERING = 20


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
    """A zygote of this process: nobody else can reach it, and it ends when this process does."""

    def __init__(self, user: int | None) -> None:
        """Start one with this user's rights, and wait until it has imported everything."""
        home = tempfile.mkdtemp(prefix="zygote-")
        if user is not None:
            os.chown(home, user, user)
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # As little as possible of the grader's variables: each fork has the zygote's memory.
        environment = {
            "HOME": home,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
            "LANG": "C.UTF-8",
            **FIXED,
        }
        if paths := os.environ.get("PYTHONPATH"):
            environment["PYTHONPATH"] = paths
        command = [sys.executable, "-P", "-m", __package__ + ".zygote", str(other.fileno())]
        with other, tempfile.TemporaryFile() as complaints:
            self._process = subprocess.Popen(
                command,
                pass_fds=[other.fileno()],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,  # Ctrl-C in the grader's terminal is not for it
                **as_user(user),
            )
            other.close()
            self._socket.settimeout(STARTING)
            try:
                ready = self._socket.recv(100)
            except OSError as error:
                ready = str(error).encode()
            if ready != b"ready":
                self.end()
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").strip().splitlines()
                raise NoZygote(said[-1] if said else "it ended without a word")
        self._socket.settimeout(ANSWERING)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def fork(self, sandbox: Sandbox, request: dict[str, Any]) -> Forked:
        """Have a kernel forked into a sandbox.

        Raises:
            NoZygote: if the zygote is gone, or failed.
        """
        try:
            socket.send_fds(self._socket, [json.dumps(request).encode()], [sandbox.handle])
            data, handles, _, _ = socket.recv_fds(self._socket, LARGEST_REQUEST, 1)
        except OSError as error:
            raise NoZygote(str(error)) from error
        if not handles:
            raise NoZygote(data.decode(errors="replace") or "it has ended")
        return Forked(int(data), handles[0])

    def end(self) -> None:
        """Kill it; the kernels that it has forked live on."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


_lock = threading.Lock()
_zygotes: dict[int | None, Zygote] = {}


def fork_kernel(sandbox: Sandbox, request: dict[str, Any], user: int | None) -> Forked:
    """Have this process's zygote fork a kernel; start the zygote first, or anew, if need be.

    Raises:
        NoZygote: if that cannot be done.
    """
    with _lock:
        if user in _zygotes:
            try:
                return _zygotes[user].fork(sandbox, request)
            except NoZygote:  # it was killed, or has not been asked for long
                _zygotes.pop(user).end()
        _zygotes[user] = Zygote(user)
        return _zygotes[user].fork(sandbox, request)


@atexit.register
def end_zygotes() -> None:
    """End the zygotes of this process."""
    with _lock:
        while _zygotes:
            _zygotes.popitem()[1].end()
