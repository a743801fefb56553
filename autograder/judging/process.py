"""A process that judges: it may be killed at any time, and its limits are its own.

`python -m autograder.judging.process SECONDS BYTES` answers requests on its standard input, each a
line of JSON, with a line of JSON each on its standard output. It imports no TensorFlow, ends where
its input does, and ends with the process that started it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from autograder.judging.references import Reference
from autograder.judging.requests import graded

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_GRACE = 2
"""Seconds of processor time between being asked to stop and being killed."""

_Known = dict[str, Reference]


class OutOfTime(BaseException):
    """A request took more processor time than it may; no handler of mistakes catches it."""


def main(seconds: float, memory: int) -> None:
    """Answer requests until the input ends.

    Args:
        seconds: processor time for one request.
        memory: bytes this process may have.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no answer
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _limit_memory(memory)
    known: _Known = {}
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_answered(line, known, seconds)).encode() + b"\n")
        answers.flush()


def _answered(line: bytes, known: _Known, seconds: float) -> dict[str, Any]:
    """The answer to a request; "gave_up" in it where it took too much."""
    try:
        with _Clock(seconds):
            return _answer(json.loads(line), known)
    except OutOfTime:
        return {"gave_up": "time"}
    except MemoryError:
        return {"gave_up": "memory"}
    except Exception as error:  # told to the grader, which goes on with the rest
        return {"gave_up": f"{type(error).__name__}: {str(error)[:200]}"}


def _answer(request: Mapping[str, Any], known: _Known) -> dict[str, Any]:
    """Judge; references that were sent once are known by their key from then on."""
    for key, (exercise, data) in request.get("new", {}).items():
        known[key] = Reference.from_json(exercise, data)
    hidden = request["hidden"]
    return graded(request, known[request["visible"]], None if hidden is None else known[hidden])


class _Clock:
    """Raises `OutOfTime` after so many seconds of processor time, and ends the process soon after.

    The second limit is for what Python cannot interrupt, such as one very long operation.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if resource is None:
            return
        signal.signal(signal.SIGPROF, _out_of_time)
        signal.setitimer(signal.ITIMER_PROF, self.seconds)
        limit = int(time.process_time() + self.seconds + _GRACE) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))

    def __exit__(self, *error: object) -> None:
        if resource is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _out_of_time(number: int, frame: Any) -> None:
    raise OutOfTime


def _limit_memory(memory: int) -> None:
    if resource is not None:
        # The process that evaluates networks has a limit of its own, so the hard one stays.
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with(parent: int) -> None:
    """End when the process that started this one has ended, whatever this one is doing."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
