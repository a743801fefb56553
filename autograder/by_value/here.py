"""Small networks are evaluated in this process, where it has loaded Keras already.

The process that evaluates imports TensorFlow first, which takes some seconds; a notebook has done
that before anybody checks anything. A network is rebuilt from data here, too, in a thread of its
own: Keras keeps names, seeds and types of numbers by thread, so those of a student's models stay as
they are. What cannot be killed has to be small, though a table of words may be large, which is made
smaller: other networks go to the process, and so does every one where Keras is not as it comes.
"""

from __future__ import annotations

import math
import random
import sys
import threading
import warnings
from itertools import islice
from typing import Any

from autograder.by_value.opinion import Opinion
from autograder.by_value.smaller import MOST_WEIGHTS, MOST_WORK, Attempt, smaller
from autograder.graphs import Graph
from autograder.graphs.returned import tensor_shape
from autograder.graphs.sizes import work

MOST_CALLS = 40
MOST_NUMBERS = 100_000
"""Numbers that all calls make of one example."""

SECONDS = 2.0
"""Processor time that a comparison may take here."""

WAIT = 10.0
"""Seconds by the clock that anybody waits for it."""

_LENGTH = 16
"""What an axis without a length is reckoned as."""

_ODD = (TypeError, ValueError, LookupError, ArithmeticError)
"""What settings raise that are none that Keras would take."""

_one_at_a_time = threading.Lock()


def by_value(answer: Graph, reference: Graph) -> Opinion | None:
    """Evaluate two networks here; None where they go to the process that evaluates.

    Args:
        answer: what is judged; inputs and outputs stand in the order of the reference's.
        reference: what it should be.
    """
    if not (_is_keras_as_it_comes() and _takes_little_here(answer, reference)):
        return None
    if not _one_at_a_time.acquire(blocking=False):
        return None
    try:
        return _Evaluation(answer, reference).opinion()
    finally:
        _one_at_a_time.release()


def _takes_little_here(answer: Graph, reference: Graph) -> bool:
    """Whether two networks are small, in their own sizes or with fewer words."""
    if max(len(answer.calls), len(reference.calls)) > MOST_CALLS:
        return False
    try:
        return any(map(_are_small, islice(smaller(answer, reference), 2)))
    except _ODD:
        return False


def _are_small(attempt: Attempt) -> bool:
    """Whether two networks are small in certain sizes, as far as anybody knows these."""
    return attempt.has_its_shapes and all(map(is_small, attempt.graphs))


def is_small(graph: Graph) -> bool:
    """Whether evaluating a network takes little, told by its numbers alone."""
    try:
        return len(graph.calls) <= MOST_CALLS and _takes_little(graph)
    except _ODD:
        return False


def _takes_little(graph: Graph) -> bool:
    numbers = weights = times = 0
    for call in graph.calls:
        read = tensor_shape(graph.calls, call.inputs[0]) if call.inputs else None
        if call.shape:
            numbers += math.prod(_example(call.shape))
        elif read and "return_state" in call.config:  # Keras tells no one shape of it
            numbers += math.prod(_example(read)[:-1]) * call.config["units"]
        else:
            return False
        if call.weights is not None and read:
            more, multiplications = work(call, (1, *_example(read)))
            weights, times = weights + more, times + multiplications
    return numbers <= MOST_NUMBERS and weights <= MOST_WEIGHTS and times <= MOST_WORK


def _example(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(_LENGTH if size is None else size for size in shape[1:])


def _is_keras_as_it_comes() -> bool:
    """Whether Keras is loaded, and nothing is set for all threads that changes what it computes."""
    keras, tensorflow = (sys.modules.get(name) for name in ("keras", "tensorflow"))
    try:
        return (
            keras is not None
            and tensorflow is not None
            and keras.config.backend() == "tensorflow"
            and keras.config.floatx() == "float32"
            and keras.config.image_data_format() == "channels_last"
            and keras.config.epsilon() == 1e-7
        )
    except AttributeError:  # another Keras than those that are known, or one that is being loaded
        return False


class _Evaluation:
    """A comparison in a thread of its own, which ends early where nobody waits any more."""

    def __init__(self, answer: Graph, reference: Graph) -> None:
        self.graphs = answer, reference
        self._is_given_up = False
        self._networks: list[Any] = []
        self._found: Opinion | None = None

    def opinion(self) -> Opinion | None:
        """What it comes to; None where it takes too long."""
        thread = threading.Thread(target=self._run, daemon=True)
        # Keras draws a seed for each layer from Python's own generator, which is the student's.
        drawn = random.getstate()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                thread.start()
                thread.join(WAIT)
            finally:
                self._give_up()
                thread.join(1)
                random.setstate(drawn)
        return self._found

    def _run(self) -> None:
        from autograder.by_value import comparison  # who asks has no TensorFlow elsewhere

        tensorflow = sys.modules["tensorflow"]
        if tensorflow.executing_eagerly():
            with tensorflow.device("CPU:0"):
                self._found = comparison.by_value(
                    *self.graphs, seconds=SECONDS, make=self._made, fits=_are_small
                )

    def _made(self, graph: Graph, ends: float) -> Any:
        from autograder.by_value.network import Network

        network = Network(graph, 0.0 if self._is_given_up else ends)
        self._networks.append(network)
        return network

    def _give_up(self) -> None:
        self._is_given_up = True
        for network in self._networks:
            network.ends = 0.0
