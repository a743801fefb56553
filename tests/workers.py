"""The workers of a run are forks of one process that has collected it.

What the tests import takes seconds of processor time, in a fresh clone twice as many, and each
worker would take them. A fork has all of that; it makes its tests of what is imported already.
"""

import gc
import os
import shlex
import signal
import socket
import sys
import types
from collections.abc import Sequence
from contextlib import AbstractContextManager

sys.path.insert(0, os.path.dirname(__file__))  # with PYTHONSAFEPATH a program's folder is not there

from classroom.forking import ask, serve, serving

COLLECT = ("-n0", "--collect-only", "-qq", "--capture=no")


def collected_once(arguments: Sequence[str]) -> AbstractContextManager[str]:
    """While this lasts, forks can be had at the place that it gives.

    Args:
        arguments: of the run, as pytest was given them.
    """
    return serving(__file__, *arguments)


def instead_of_python(place: str) -> str:
    """A command that is started as a Python would, and is such a fork."""
    return shlex.join([sys.executable, "-S", __file__, place])


def main(place: str, *arguments: str) -> None:
    """Be what workers are forked from, or ask it for one."""
    if place.isdigit():
        serve_them(socket.socket(fileno=int(place)), arguments)
    else:
        be_one(place, arguments)


def be_one(place: str, arguments: Sequence[str]) -> None:
    """Last as long as a fork that has what this has; without one, be a Python of one's own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the fork has it, too
    try:
        code = ask(place, [dict(os.environ), *arguments], [0, 1, 2])
    except OSError:
        code = b""
    if code:
        sys.exit(int(code) if int(code) >= 0 else 128 - int(code))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, *arguments])


def serve_them(listener: socket.socket, arguments: Sequence[str]) -> None:
    """Collect, serve; and in a fork, run the program that was asked for, as Python does."""
    import pytest

    pytest.main([*arguments, *COLLECT])  # what fails is told where it fails again
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when the run does
    served = serve(listener)
    if served is None:
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    (environment, *asked), handles = served
    for standard, handle in enumerate(handles):
        os.dup2(handle, standard)
        os.close(handle)
    os.environ.clear()
    os.environ.update(environment)
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv = ["-c"]
    exec(asked[asked.index("-c") + 1], vars(main))


if __name__ == "__main__":
    main(*sys.argv[1:])
