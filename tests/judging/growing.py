"""Graphs of any size in the shapes that make a careless walk slow, and a count of steps.

Lines run are counted, not seconds: the count is the same on a busy machine.
"""

import math
import sys

from autograder.graphs import Call, Graph, Tensor


def _dense(*inputs, weights, units=8):
    sources = tuple(Tensor(n) for n in inputs)
    config = {"units": units}
    return Call("Dense", config, sources, weights, f"dense_{weights}", ((None, 8),), (None, 8))


def _step(op, *inputs, **config):
    sources = tuple(Tensor(n) for n in inputs)
    return Call(op, config, sources, None, f"{op.lower()}_{inputs[0]}", (), (None, 8))


def _graph(calls, inputs=1, outputs=None):
    first = [Call("Input", {"shape": [8]}, name=f"x{n}", shape=(None, 8)) for n in range(inputs)]
    calls = (*first, *calls)
    returned = tuple(Tensor(n) for n in (outputs or [len(calls) - 1]))
    return Graph(calls, ("",) * inputs, returned, ("",) * len(returned))


def chain(size):
    """Dense layers, one behind the other."""
    return _graph([_dense(n, weights=n) for n in range(size)])


def doubled(size):
    """A concatenation, and dropouts that each read the one before twice."""
    steps = [_step("Dropout", n + 1, n + 1, rate=0.5) for n in range(size)]
    return _graph([_step("Concatenate", 0, 0, axis=1), *steps, _dense(size + 1, weights=0)])


def diamonds(size):
    """Each sum reads two layers that read the sum before."""
    calls, last = [], 0
    for n in range(size // 3):
        here = 1 + len(calls)
        calls += [_dense(last, weights=2 * n), _dense(last, weights=2 * n + 1)]
        calls += [_step("Add", here, here + 1)]
        last = here + 2
    return _graph(calls)


def sums(size):
    """A row of sums, each of the one before and of an input: one sum, written out."""
    calls, last = [], 0
    for n in range(size):
        calls.append(_step("Add", last, n % 7))
        last = 7 + n
    return _graph(calls, inputs=7)


def wide(size):
    """One concatenation of many layers."""
    calls = [_dense(0, weights=n, units=n % 5 + 1) for n in range(size)]
    return _graph([*calls, _step("Concatenate", *range(1, size + 1), axis=1)])


def inputs(size):
    """Many inputs, added up."""
    return _graph([_step("Add", *range(size))], inputs=size)


def returned(size):
    """A chain of which every tensor is returned."""
    calls = [_dense(n, weights=n) for n in range(size)]
    return _graph(calls, outputs=range(1, size + 1))


def towers(size):
    """Two long towers of equal layers that differ at their ends alone."""
    half = size // 2
    left = [_dense(n, weights=n) for n in range(half)]
    right = [_dense(half + n if n else 0, weights=half + n) for n in range(half)]
    ends = [_dense(half, weights=size, units=1), _dense(2 * half, weights=size + 1, units=2)]
    last = 2 * half
    return _graph([*left, *right, *ends], outputs=[last + 1, last + 2])


def shared(size):
    """One layer, called again and again."""
    return _graph([_dense(n, weights=0) for n in range(size)])


def activations(size):
    """Activations, one behind the other."""
    return _graph([_step("Activation", n, activation="relu") for n in range(size)])


def copies(size):
    """Many equal layers that read the same tensor."""
    calls = [_dense(0, weights=n) for n in range(size)]
    return _graph([*calls, _step("Add", *range(1, size + 1))])


SHAPES = (
    chain, doubled, diamonds, sums, wide, inputs, returned, towers, shared, activations, copies
)  # fmt: skip


def nested(depth, twice=True):
    """The JSON of a model that calls a model (twice), that calls a model (twice), …"""
    layer = {
        "class_name": "Dense", "module": "keras.layers", "name": "dense",
        "config": {"name": "dense", "units": 8},
    }  # fmt: skip
    for level in range(depth):
        name = layer["config"]["name"]
        nodes = [_node("x", 0), _node(name, 0)] if twice else [_node("x", 0)]
        start = {
            "class_name": "InputLayer", "name": "x", "inbound_nodes": [],
            "config": {"name": "x", "batch_shape": [None, 8]},
        }  # fmt: skip
        layer = {
            "class_name": "Functional", "module": "keras", "name": f"model_{level}",
            "config": {
                "name": f"model_{level}",
                "layers": [start, {**layer, "inbound_nodes": nodes}],
                "input_layers": [["x", 0, 0]],
                "output_layers": [[name, len(nodes) - 1 + (level > 0), 0]],
            },
        }  # fmt: skip
    return layer


def _node(layer, index):
    tensor = {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 8], "keras_history": [layer, index, 0]},
    }
    return {"args": [tensor], "kwargs": {}}


class TooMany(Exception):
    """More lines were run than allowed."""


def lines(work, most=50_000_000):
    """How many lines of Python `work()` runs; stopped at `most`."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if event == "line":
            count += 1
            if count > most:
                sys.settrace(None)
                raise TooMany(f"more than {most:,} lines")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def exponent(work_on, sizes):
    """The slope of steps over size, both as logarithms: 1 for linear, 2 for quadratic."""
    small, large = (max(lines(lambda size=size: work_on(size)), 1) for size in sizes)
    return math.log(large / small) / math.log(sizes[1] / sizes[0])
