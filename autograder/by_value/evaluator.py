"""A process that evaluates networks: warm, bounded, and without a line of anybody's code but ours.

`python -m autograder.by_value.evaluator` says that it is ready, then answers requests on its
standard input, each a line of JSON, with a line of JSON each. It ends where its input does, with
the process that started it, and when nobody has asked it anything for a while.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
import warnings
from typing import Any

from autograder.by_value.opinion import Opinion, Said
from autograder.graphs import Graph
from autograder.graphs.stored import graph_from_json
from autograder.quiet import import_tensorflow

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MEMORY = 500_000_000
"""Bytes that evaluating may take, on top of what TensorFlow has when it is ready."""

IDLE = 900
"""Seconds after which a process that nobody asks ends: it holds some hundred megabytes."""

_PAGE = 4096


class _Watch:
    """Ends the process with the one that started it, and when it has been idle for long."""

    def __init__(self) -> None:
        self.parent, self.asked, self.is_busy = os.getppid(), time.monotonic(), False
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while os.getppid() == self.parent:
            if not self.is_busy and time.monotonic() - self.asked > IDLE:
                break
            time.sleep(1)
        os._exit(0)


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no answer
    watch = _Watch()
    _free_of_inherited_limits()
    warnings.simplefilter("ignore")
    import_tensorflow()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    _warm_up()
    gc.collect()
    gc.freeze()  # what stays is not looked through again after each answer
    _limit_memory()
    _say(answers, {"ready": True})
    for line in sys.stdin.buffer:
        watch.is_busy = True
        _say(answers, _judged(line).to_json())
        _forget()
        watch.is_busy, watch.asked = False, time.monotonic()


def _say(answers: Any, data: dict[str, Any]) -> None:
    answers.write(json.dumps(data).encode() + b"\n")
    answers.flush()


def _judged(line: bytes) -> Opinion:
    from autograder.by_value.comparison import by_value

    try:
        request = json.loads(line)
        graphs = [graph_from_json(request[side]) for side in ("answer", "reference")]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return Opinion(Said.UNKNOWN, f"the request cannot be read: {type(error).__name__}")
    return by_value(*graphs)


def _forget() -> None:
    """Give back what was made for one answer; Keras keeps a name for every layer."""
    import keras

    keras.utils.clear_session(free_memory=False)
    gc.collect()


def _warm_up() -> None:
    """What TensorFlow does once only is done before anybody waits for it."""
    from autograder.by_value.comparison import by_value
    from autograder.graphs import Call, Tensor

    calls = (
        Call("Input", {"shape": [3, 4]}, dtype="float32"),
        Call("GRU", {"units": 2}, (Tensor(0),), weights=0),
        Call("Dense", {"units": 2}, (Tensor(1),), weights=1),
    )
    graph = Graph(calls, ("",), (Tensor(2),), ("",))
    by_value(graph, graph)


def _free_of_inherited_limits() -> None:
    """The process that judges may have little processor time left; this one has its own clock."""
    if resource is not None:
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _limit_memory() -> None:
    try:
        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * _PAGE
    except OSError:  # no Linux: what is too large is told by its numbers alone
        return
    if resource is not None:
        limit, hard = now + MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main()
