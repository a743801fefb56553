"""A process that has imported what notebooks need, and forks a kernel into a sandbox when asked.

It runs no student's code: a fork of it first enters a sandbox that bubblewrap has made, with all
of its namespaces, and lays down all rights (`enter`). That is all of bubblewrap's work that is
repeated here:

| bubblewrap's option | here |
|---|---|
| `--unshare-all --unshare-user --disable-userns`, mounts | `setns` into what it made |
| `--cap-drop ALL` | capability sets and bounding set emptied |
| (always) | `PR_SET_NO_NEW_PRIVS` |
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
import ctypes
import importlib
import json
import os
import select
import shutil
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

from autograder.grading.processes.fingerprint import demand_package
from autograder.grading.sandbox.bubblewrap import first_to_go
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

CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWNS = 0x10000000, 0x20000000, 0x40000000, 0x20000
NAMESPACES = (
    *(CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET),
    *(CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP),
)
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 4, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


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
    _demand(libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))  # nobody but root looks into its memory
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
    sockets = [owner] if listener is None else [owner, listener]
    while ready := select.select(sockets, [], [], IDLE)[0]:
        for asking in ready:
            if asking is listener:
                sockets += _welcomed(listener)
            elif not _served(asking, sockets):
                if asking is owner:
                    return
                sockets.remove(asking)
                asking.close()


def _welcomed(listener: socket.socket) -> list[socket.socket]:
    connection, _ = listener.accept()
    with contextlib.suppress(OSError):  # it is gone already
        connection.send(GREETING)
    return [connection]


def _served(asking: socket.socket, sockets: Sequence[socket.socket]) -> bool:
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
    if os.fork() == 0:
        for other in sockets:
            if other is not asking:
                other.close()
        _fork(asking, json.loads(data), *handles)
    for handle in handles:
        os.close(handle)
    return True


def _fork(asking: socket.socket, request: dict[str, Any], sandbox: int, *channel: int) -> NoReturn:
    """In a fork: enter the sandbox, start the kernel there, tell who asked, and wait for its end.

    A process cannot itself move into another process namespace; only its children are born there.
    """
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        first_to_go(os.getpid())
        enter(sandbox)
        told, ready = os.pipe()
        kernel = os.fork()
        if kernel == 0:
            os.close(ready)
            os.read(told, 1)  # until who asked has a hold of this process
            for standard, end in enumerate(channel):
                os.dup2(end, standard)
            _become(request)
        for end in channel:
            os.close(end)
        socket.send_fds(asking, [str(kernel).encode()], [os.pidfd_open(kernel)])
        asking.close()
        os.close(told)
        os.close(ready)
        status = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1]) & 255
    except BaseException as error:
        with contextlib.suppress(OSError):
            asking.send(f"error {error}".encode()[:1000])
    finally:
        os._exit(status)


def enter(sandbox: int) -> None:
    """Join all namespaces of a process, given by its handle, and lay down all rights for good."""
    flags = 0
    for namespace in NAMESPACES:
        flags |= namespace
    _demand(libc.setns(sandbox, flags))
    os.chdir("/")
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    _demand(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    _demand(libc.capset(header, bytes(24)))
    _demand(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _become(request: dict[str, Any]) -> NoReturn:
    try:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.setsid()
        _demand(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))  # else its own /proc is closed to it
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become(request)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _demand(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(*sys.argv[1:])
