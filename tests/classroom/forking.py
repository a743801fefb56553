"""Our programs as forks of one process that has imported what they import.

A program in a class takes a second or two of processor time to import, whatever it does then; the
tests start hundreds. Each fork is a process of its own that runs the program's module from the top,
with the folder, variables, output and exit code that it would have. Programs whose start matters
(what lies in the folder, which Python, signals) are started as such: `programs.run`, `started`.
"""

import json
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from functools import partialmethod
from multiprocessing import util

LARGEST = 1 << 20
IMPORTED = (
    *("autograder.__main__", "autograder.grading.engine.assignments", "sqlalchemy.dialects.sqlite"),
    *("autograder.grading.engine.grades", "autograder.grading.submissions.strays"),
    *("nbgrader.apps.nbgraderapp", "nbgrader.converters", "autograder.grading.engine.for_workers"),
)
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""No second one, which forks would not have."""
MAY_FORK = hasattr(os, "pidfd_open")


class Forks:
    """The way to that process."""

    def __init__(self, place: str) -> None:
        """Know the socket at which it listens."""
        self._place = place

    def __call__(self, command, folder, environment, out, err) -> int:
        """Run a program of Python's, `… -m MODULE …`; its exit code.

        Raises:
            OSError: if there is no such process any more.
        """
        module = command.index("-m") + 1
        asked = [*map(str, command[module:])], str(folder), dict(environment)
        return int(ask(self._place, asked, [out.fileno(), err.fileno()]))


def ask(place: str, asked, handles) -> bytes:
    """What a fork ended with that was told this and given these; empty if there was none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(place)
        socket.send_fds(connection, [json.dumps(asked).encode()], handles)
        return connection.recv(100)


def forks():
    """While this lasts, programs can be forked by whoever knows the place that it gives."""
    return serving(__file__, PYTHONUTF8="1")


@contextmanager
def serving(program, *arguments, **variables):
    """While this lasts, such a program of ours serves at the place that this gives.

    Args:
        program: a file that calls `serve` with the listener whose number is its first argument.
        arguments: its further ones.
        variables: of its environment.
    """
    with (
        tempfile.TemporaryDirectory(prefix="forks-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener,
    ):
        place = os.path.join(folder, "socket")
        listener.bind(place)
        listener.listen(64)
        server = subprocess.Popen(
            [sys.executable, program, str(listener.fileno()), *arguments],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # it ends when this does
            stdout=subprocess.DEVNULL,
            env=os.environ | ONE_THREAD | variables,
        )
        listener.close()  # else those who connect would wait for ever if it ends
        try:
            yield place
        finally:
            os.unlink(place)
            server.stdin.close()
            server.wait()


def serve(listener: socket.socket):
    """Fork for each request; returns in the fork, with what it is to run, or when it is over.

    Raises:
        RuntimeError: if there is a second thread, which forks would not have.
    """
    if not has_one_thread():
        raise RuntimeError("What programs are forked from has more than one thread.")
    pending = {}
    owner = sys.stdin.fileno()
    waited_for = [listener, owner]
    while waited_for or pending:
        for ready in select.select([*waited_for, *pending], [], [])[0]:
            if ready is owner:
                waited_for = []
            elif ready is listener:
                connection, _ = listener.accept()
                data, handles, _, _ = socket.recv_fds(connection, LARGEST, 3)
                number = os.fork()
                if number == 0:
                    connection.close()
                    listener.close()
                    return json.loads(data), handles
                for handle in handles:
                    os.close(handle)
                pending[os.pidfd_open(number)] = number, connection
            elif ready in pending:
                number, connection = pending.pop(ready)
                os.close(ready)
                _, status = os.waitpid(number, 0)
                with connection, suppress(OSError):
                    connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    return None


def server_of_workers(spawn):
    """How a program starts what its workers are forked from: by a fork, too.

    All that it would import for seconds is here. `spawn` starts it, and whatever else
    multiprocessing starts, as a new Python.
    """

    def start(path, arguments, passed):
        if "multiprocessing.forkserver" not in arguments[-1] or not has_one_thread():
            return spawn(path, arguments, passed)
        number = os.fork()
        if number:
            return number
        code = 1
        try:
            for handle in map(int, os.listdir("/proc/self/fd")):
                if handle not in {0, 1, 2, *passed}:  # a lock on the class, for one
                    with suppress(OSError):
                        os.close(handle)
            exec(arguments[-1], {})
        except SystemExit:
            code = 0
        finally:
            os._exit(code)

    return start


def has_one_thread() -> bool:
    """Whether a fork of this process would have all that it has."""
    return len(os.listdir("/proc/self/task")) == 1


def main() -> None:
    """Import, serve; and in a fork, be the program."""
    sys.path.pop(0)
    listener = socket.socket(fileno=int(sys.argv[1]))
    for name in IMPORTED:
        __import__(name)
    served = serve(listener)
    if served is None:
        return
    ((module, *arguments), folder, environment), (out, err) = served
    nothing = os.open(os.devnull, os.O_RDONLY)
    for standard, handle in enumerate((nothing, out, err)):
        os.dup2(handle, standard)
        os.close(handle)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if "TQDM_DISABLE" in environment:  # tqdm has read it when it was imported
        from tqdm import tqdm

        tqdm.__init__ = partialmethod(tqdm.__init__, disable=True)
    util.spawnv_passfds = server_of_workers(util.spawnv_passfds)
    for name in (module, f"{module}.__main__"):
        if not hasattr(sys.modules.get(name), "__path__"):  # it is run, and not imported before
            sys.modules.pop(name, None)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
