"""A process that has imported what notebooks need, and forks a kernel into a sandbox when asked.

It runs no student's code: a fork of it is born in a sandbox, without any right (`entering`), and
repeats of bubblewrap's work what each process has to do itself:

| bubblewrap's option | here |
|---|---|
| `--new-session` | `setsid` |
| `--clearenv` | `inside.become` |
| `--die-with-parent`, end of the sandbox | the process namespace: it dies with the sandbox |

It is reached through sockets that it closes in each fork: one that it inherits from its owner, and
those of others that the owner shares it with, who connect by a path that only the owner's account
can enter and that is in no sandbox. When the owner is gone, or nobody asks for anything for a
while, it ends.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import traceback
from typing import Any, NoReturn

from autograder.grading.processes.fingerprint import demand_package
from autograder.grading.sandbox import large_pages
from autograder.grading.sandbox.entering import Nursery, demand, libc
from autograder.grading.sandbox.garbage import not_looking
from autograder.grading.sandbox.inside import become

MODULES = (
    *("numpy", "tensorflow", "keras", "sklearn.datasets", "tqdm"),
    *("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib_inline.backend_inline"),
    *("PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.PpmImagePlugin"),
    *("autograder.checking", "autograder.quiet", "autograder.graphs.draw"),
    *(
        "autograder.teaching.explain",
        "autograder.teaching.plots.training_plots",
        "autograder.teaching.training_bar",
    ),
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger"),
    *("IPython.core.interactiveshell", "IPython.core.pylabtools", "IPython.extensions.storemagic"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect"),
    *("autograder.grading.sandbox.kernel", "autograder.grading.sandbox.stream"),
    *("autograder.grading.sandbox.recorder", "comm", "tornado.platform.asyncio", "sqlite3"),
)
GREETING = b"ready"
IDLE = 600
"""Seconds without a request after which a zygote ends."""
LARGEST_REQUEST = 1 << 16
MOST_HANDLES = 3
"""With a request come the sandbox's handle and, for a recorder, its standard input and output."""

PR_SET_DUMPABLE = 4


def main(package: str, owner: str, *listener: str) -> None:
    """Import everything, then serve the owner, and those who connect to the listening socket.

    Args:
        package: the digest of the package that the grader uses.
        owner: the number of the owner's socket.
        listener: that of the listening one, if there is one.
    """
    demand_package(package)
    sockets = [socket.socket(fileno=int(number)) for number in (owner, *listener)]
    with not_looking():  # at what forks share: they would copy it to look
        for name in MODULES:
            with contextlib.suppress(ModuleNotFoundError):  # what is not installed, nobody imports
                importlib.import_module(name)
        _format_an_error()
    large_pages.gather()
    demand(libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))  # nobody but root looks into its memory
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for its forks
    sockets[0].send(GREETING)
    try:
        serve(*sockets)
    finally:
        shutil.rmtree(os.environ["HOME"], ignore_errors=True)


def _format_an_error() -> None:
    """Format one error: IPython's first in a process takes as long as ten later ones."""
    from IPython.core.ultratb import VerboseTB

    try:
        raise ValueError("example")
    except ValueError as error:
        VerboseTB().text(type(error), error, error.__traceback__)


def serve(owner: socket.socket, listener: socket.socket | None = None) -> None:
    """Fork a kernel for each request until the owner is gone, or nobody has asked for long.

    Args:
        owner: connected to the owner; closed by the owner's end.
        listener: others connect to it, and are greeted with GREETING.
    """
    sockets, nursery = [owner] if listener is None else [owner, listener], Nursery()
    while ready := select.select(sockets, [], [], IDLE)[0]:
        for asking in ready:
            if asking is listener:
                sockets += _welcomed(listener)
            elif not _served(asking, nursery):
                if asking is owner:
                    return
                sockets.remove(asking)
                asking.close()


def _welcomed(listener: socket.socket) -> list[socket.socket]:
    connection, _ = listener.accept()
    with contextlib.suppress(OSError):  # it is gone already
        connection.send(GREETING)
    return [connection]


def _served(asking: socket.socket, nursery: Nursery) -> bool:
    """Answer a request; whether there was one, or who asks is gone."""
    try:
        data, handles, _, _ = socket.recv_fds(asking, LARGEST_REQUEST, MOST_HANDLES)
    except ConnectionError:
        return False
    if not data:
        return False
    # A lock that another thread holds at a fork would stay locked for ever.
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("The zygote has more than one thread.")
    try:
        _fork(asking, nursery, json.loads(data), *handles)
    except Exception as error:
        with contextlib.suppress(OSError):
            asking.send(f"error {error}".encode()[:1000])
    finally:
        for handle in handles:
            os.close(handle)
    return True


def _fork(
    asking: socket.socket,
    nursery: Nursery,
    request: dict[str, Any],
    sandbox: int,
    *channel: int,
) -> None:
    """Start a kernel in the sandbox, and tell who asked."""
    told, ready = os.pipe()

    def child() -> NoReturn:
        os.close(ready)
        os.read(told, 1)  # until who asked has a hold of this process
        for standard, end in enumerate(channel):
            os.dup2(end, standard)
        _become(request)

    try:
        number = nursery.bear(sandbox, child)
        handle = os.pidfd_open(number)
        try:
            socket.send_fds(asking, [str(number).encode()], [handle])
        finally:
            os.close(handle)
    finally:
        os.close(told)
        os.close(ready)


def _become(request: dict[str, Any]) -> NoReturn:
    try:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.setsid()
        demand(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))  # else its own /proc is closed to it
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become(request)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
