"""What begins inside a sandbox: take on the limits, and become a kernel, or a recorder.

A cold one is `python -m autograder.grading.sandbox.inside`, with the digest of the grader's package
as its argument and the request on standard input; a warm one is a fork of the zygote that calls
`become`.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import random
import resource
import shutil
import signal
import sys
import tempfile
from typing import Any, NoReturn

from autograder.by_value.asking import OFF, SWITCH
from autograder.checking import GRADING
from autograder.grading.processes.fingerprint import demand_package
from autograder.grading.sandbox.bubblewrap import HANDED_IN, HOME, SOCKETS, SUBMISSION
from autograder.grading.sandbox.limits import Limits
from autograder.import_path import SYSTEMS_PROGRAMS, programs_first
from autograder.quiet import TENSORFLOW

READY = b"ready\n"
CONNECTION_FILE = f"{SOCKETS}/connection.json"
KEYCTL = {"x86_64": 250, "aarch64": 219}
KEYCTL_JOIN_SESSION_KEYRING = 1


def environment(limits: Limits, grading: str = "autograde") -> dict[str, str]:
    """A kernel's variables; of the grader's own only the one that says where modules are."""
    modules = os.environ.get("PYTHONPATH")
    return {
        **({"PYTHONPATH": modules} if modules else {}),
        "HOME": HOME,
        "USER": "student",
        "LANG": "C.UTF-8",
        "PATH": programs_first(SYSTEMS_PROGRAMS),
        "NBGRADER_EXECUTION": grading,
        **JUDGED_ELSEWHERE,
        "AUTOGRADER_TEXT_LIMIT": str(limits.text),
        **NO_DOWNLOADS,
        "PYTHONSAFEPATH": "1",  # a file beside the notebook must not stand in for a module
        **FIXED,
    }


JUDGED_ELSEWHERE = {GRADING: "1", SWITCH: OFF}
"""Variables by which a notebook judges nothing itself: it starts no process that evaluates."""
NO_DOWNLOADS = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""Variables by which pip says at once that there is nothing to be had."""
FIXED = {
    "PYTHONUTF8": "1",
    "KERAS_BACKEND": "tensorflow",
    **TENSORFLOW,
    "CUDA_VISIBLE_DEVICES": "-1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
"""Variables that libraries read when they are imported: the zygote has them too."""


def become(request: dict[str, Any]) -> NoReturn:
    """Limit this process, give it the submission's files, and be what is asked for, for good.

    Args:
        request: "limits", "environment", and of a kernel "connection", which is what Jupyter's
            connection files hold. A recorder has none: it goes on to speak with the grader through
            its standard input and output.
    """
    channel = os.dup(0), os.dup(1)
    _settle(request)
    if "connection" in request:
        for end in channel:
            os.close(end)
        _become_kernel(request["connection"])
    from autograder.grading.sandbox.recorder import serve

    serve(*channel)


def _settle(request: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(request["environment"])
    # Workers hold Ctrl-C back; here it is how Jupyter interrupts a cell.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    tempfile.tempdir = None  # the zygote has found one that is not here
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    _leave_keyring()
    _set_limits(Limits(**request["limits"]))

    shutil.copytree(HANDED_IN, SUBMISSION, dirs_exist_ok=True, copy_function=_copy)
    os.chdir(SUBMISSION)
    sys.path.append(SUBMISSION)  # last: modules of the student's own are found, and shadow nothing
    _forget_random_state()


def _become_kernel(connection: dict[str, Any]) -> NoReturn:
    with open(CONNECTION_FILE, "w") as file:
        json.dump(connection, file)
    arguments = ["-f", CONNECTION_FILE, "--HistoryManager.hist_file=:memory:"]
    sys.argv = ["ipykernel_launcher", *arguments]
    from autograder.grading.sandbox.kernel import GradingApp

    GradingApp.launch_instance(argv=arguments)
    sys.exit()


def _copy(source: str, destination: str) -> None:
    shutil.copyfile(source, destination)  # not the rights: the copy is the student's to change


def _set_limits(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_CPU, int(limits.processor)),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NPROC, limits.tasks),
        (resource.RLIMIT_NOFILE, 1024),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(kind, (most, most))


def _leave_keyring() -> None:
    """Get a session keyring of one's own: keys are the one thing that no namespace separates."""
    if (number := KEYCTL.get(platform.machine())) is not None:
        ctypes.CDLL(None).syscall(number, KEYCTL_JOIN_SESSION_KEYRING, None)


def _forget_random_state() -> None:
    """Forks of one process would all draw the same numbers."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _first_line() -> bytes:
    """The request, and nothing of what may follow it."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


if __name__ == "__main__":
    demand_package(sys.argv[1])
    os.write(1, READY)
    become(json.loads(_first_line()))
