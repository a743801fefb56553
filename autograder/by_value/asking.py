"""Ask the process that evaluates networks, and do without it where it cannot say.

Why a process of its own, at the desk, too: networks are rebuilt from data, so what a student has
changed in Keras (its precision, its layers, its names and seeds) is not in it, and it changes none
of that; it has limits that a notebook's kernel must not have; and it is the same one that judges
when grading. It is started by the first answer that structure refuses, which waits for TensorFlow
some seconds, once; it is kept for the next ones. Until then small networks are evaluated without
it, where Keras is loaded already (`here.py`).
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.by_value import here
from autograder.by_value.opinion import Opinion, Said
from autograder.graphs import Graph
from autograder.graphs.stored import graph_to_json

SWITCH = "AUTOGRADER_BY_VALUE"
"""Environment variable: which answers to exercises are evaluated."""

OFF, REFUSED, ALL = "off", "refused", "all"
"""None, those that structure refuses, or all: what the switch can say; without it, `REFUSED`."""

START = 120.0
"""Seconds by the clock that TensorFlow may take to be there, on a machine that is busy."""

WAIT = 60.0
"""Seconds by the clock for an answer, which takes two of the processor's, and eight at most."""

_MOST_FAILURES = 3
"""Starts in a row without success, after which there are no more."""

_MOST_ENDS = 2
"""Ends over the same two networks, after which these are not asked about again; others are."""

_TROUBLE = (OSError, ValueError, KeyError, TypeError)
_log = logging.getLogger(__name__)


def by_value(answer: Graph, reference: Graph) -> Opinion:
    """Have two networks evaluated; unknown where that is switched off, or cannot be done.

    Args:
        answer: what is judged; inputs and outputs stand in the order of the reference's.
        reference: what it should be.
    """
    if os.environ.get(SWITCH) == OFF:
        return Opinion(Said.UNKNOWN, "it is switched off")
    opinion = None if _process().is_there else here.by_value(answer, reference)
    if opinion is not None and opinion.said is not Said.UNKNOWN:
        return opinion
    return _process().ask(answer, reference)


def is_thorough() -> bool:
    """Whether answers to exercises are evaluated that structure accepts, too."""
    return os.environ.get(SWITCH) == ALL


class Evaluating:
    """The process that evaluates, started when it is first asked and anew after it ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._failures = 0
        self._ends: Counter[bytes] = Counter()
        self._lock = threading.Lock()
        atexit.register(self.end)

    @property
    def is_there(self) -> bool:
        """Whether it is running, so that nobody waits for TensorFlow."""
        return self._is_ready and self._process is not None and self._process.poll() is None

    def ask(self, answer: Graph, reference: Graph) -> Opinion:
        """Have two networks evaluated; this never raises."""
        request = {"answer": graph_to_json(answer), "reference": graph_to_json(reference)}
        line = json.dumps(request).encode() + b"\n"
        asked = hashlib.sha256(line).digest()
        with self._lock:
            if self._failures >= _MOST_FAILURES:
                return Opinion(Said.UNKNOWN, "the process that evaluates does not work here")
            if self._ends[asked] >= _MOST_ENDS:
                return Opinion(Said.UNKNOWN, "the process that evaluates ends over these networks")
            try:
                return Opinion.from_json(self._asked(line))
            except BaseException as error:
                was_ready = self._is_ready
                self.end()  # else its answer would be taken for that to the next question
                if not isinstance(error, _TROUBLE):
                    raise
                if was_ready:
                    self._ends[asked] += 1
                else:
                    self._failures += 1
                _log.warning("networks could not be evaluated: %s", error)
                return Opinion(Said.UNKNOWN, "the process that evaluates ended")

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process, self._is_ready = self._process, None, False
        if process is not None:
            with suppress(OSError):
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()

    def _asked(self, line: bytes) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(line)
        process.stdin.flush()
        return _heard(process, WAIT)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.by_value.evaluator"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).anchor,
                env={**os.environ, "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": ""},
                start_new_session=True,  # an interrupt is the notebook's to handle
            )
            _heard(self._process, START)
            self._is_ready, self._failures = True, 0
        return self._process


def _heard(process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
    """The next line of a process, which is killed where it takes longer.

    Raises:
        ValueError: if there is none.
    """
    assert process.stdout is not None
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return json.loads(process.stdout.readline())
    finally:
        timer.cancel()


_PROCESSES: dict[int, Evaluating] = {}


def _process() -> Evaluating:
    """The one of this process: a fork has its own."""
    return _PROCESSES.setdefault(os.getpid(), Evaluating())
