"""An answer that nothing explains is given up after a bounded amount of work, whatever it is.

Lines run are counted, not seconds: they are the same on a busy machine.
"""

import gc
import random
from dataclasses import replace

import pytest
from judging.growing import chain, copies, diamonds, lines, returned, shared, wide

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.identities.rules import rewrite
from autograder.judging import search
from autograder.judging.diagnosis import diagnose, far_too_large

SMALLER = 10
"""A search does so many times less here than it may: held is what it takes for what it counts."""

LINES = 30
"""So many lines are run for a unit of a search's work, at most, with what is done once."""


def residual(size):
    """Blocks of convolutions with a shortcut around each."""
    calls = [Call("Input", {"shape": [8, 8, 4]}, name="x", shape=(None, 8, 8, 4))]

    def add(op, *inputs, weights=False, **config):
        sources, owner = tuple(map(Tensor, inputs)), len(calls) if weights else None
        name, shape = f"{op.lower()}_{len(calls)}", (None, 8, 8, 4)
        calls.append(Call(op, config, sources, owner, name, (shape,), shape))
        return len(calls) - 1

    last = 0
    for _ in range(size // 5):
        first = add("BatchNormalization", last, weights=True)
        first = add("Activation", first, activation="relu")
        first = add("Conv2D", first, weights=True, filters=4, kernel_size=[3, 3], padding="same")
        last = add("Add", last, add("Dropout", first, rate=0.1))
    return Graph(tuple(calls), ("",), (Tensor(last),), ("",))


def dense_wiring(size):
    """Layers that each read the sum of all before."""
    calls = [Call("Input", {"shape": [8]}, name="x", shape=(None, 8))]
    made = [0]
    for number in range(size // 10):
        if len(made) > 1:
            calls.append(Call("Add", {}, tuple(map(Tensor, made)), name=f"add_{number}"))
        source = (Tensor(len(calls) - 1),)
        shapes = ((None, 8),), (None, 8)
        calls.append(Call("Dense", {"units": 8}, source, number, f"dense_{number}", *shapes))
        made.append(len(calls) - 1)
    return Graph(tuple(calls), ("",), (Tensor(len(calls) - 1),), ("",))


def many_inputs(size):
    """Branches of two layers, each of an input of its own, that are joined."""
    count = size // 3
    calls = [Call("Input", {"shape": [8]}, name=f"x{n}", shape=(None, 8)) for n in range(count)]
    ends = []
    for number in range(count):
        shapes = ((None, 8),), (None, 4 + number % 3)
        config = {"units": 4 + number % 3}
        calls.append(Call("Dense", config, (Tensor(number),), number, f"dense_{number}", *shapes))
        source = (Tensor(len(calls) - 1),)
        calls.append(Call("Activation", {"activation": "relu"}, source, shape=shapes[1]))
        ends.append(Tensor(len(calls) - 1))
    calls.append(Call("Concatenate", {"axis": 1}, tuple(ends), name="joined", shape=(None, 600)))
    last = (Tensor(len(calls) - 1),)
    calls.append(Call("Dense", {"units": 2}, last, count, "last", ((None, 600),), (None, 2)))
    outputs = (Tensor(len(calls) - 1),)
    return Graph(tuple(calls), tuple(f"x{n}" for n in range(count)), outputs, ("",))


def heads(size):
    """Many outputs, of layers that all read one."""
    calls = [Call("Input", {"shape": [8]}, name="x", shape=(None, 8))]
    for number in range(size):
        source, width = (Tensor(min(number, 1)),), 1 + number % 6
        shapes = ((None, 8),), (None, width)
        calls.append(Call("Dense", {"units": width}, source, number, f"dense_{number}", *shapes))
    outputs = tuple(Tensor(number) for number in range(2, size + 1))
    return Graph(tuple(calls), ("",), outputs, ("",) * len(outputs))


def grid(size):
    """Layers in rows, each of which reads the sum of those above it and before it."""
    side, calls, made = int((size / 2) ** 0.5), [], {}
    calls.append(Call("Input", {"shape": [8]}, name="x", shape=(None, 8)))
    for row in range(side):
        for column in range(side):
            near = made.get((row - 1, column), 0), made.get((row, column - 1), 0)
            calls.append(Call("Add", {}, tuple(map(Tensor, near)), name="add", shape=(None, 8)))
            source, weights = (Tensor(len(calls) - 1),), row * side + column
            shapes = ((None, 8),), (None, 8)
            name = f"dense_{weights}"
            calls.append(Call("Dense", {"units": 8}, source, weights, name, *shapes))
            made[row, column] = len(calls) - 1
    return Graph(tuple(calls), ("",), (Tensor(len(calls) - 1),), ("",))


def torn(graph, times, seed):
    """A graph in which some calls read other tensors, and some have other settings."""
    chance, calls = random.Random(seed), list(graph.calls)
    places = range(len(graph.inputs) + 1, len(calls))
    for number, place in enumerate(chance.sample(places, times)):
        inputs = list(calls[place].inputs)
        inputs[chance.randrange(len(inputs))] = Tensor(chance.randrange(place))
        calls[place] = calls[place].moved(tuple(inputs), calls[place].weights)
        other = chance.choice(places)
        config = {**calls[other].config, "activity_regularizer": number}
        calls[other] = replace(calls[other], config=config)
    return rewrite(replace(graph, calls=tuple(calls)))


SHAPES = (
    chain, copies, dense_wiring, diamonds, grid, heads, many_inputs, residual, returned, shared,
    wide,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_it_takes_no_more_than_is_counted(shape, monkeypatch):
    units = 0
    for part in ("FIRST", "AGAIN", "SECOND"):
        monkeypatch.setattr(search, part, getattr(search, part) // SMALLER)
        units += getattr(search, part)
    reference = rewrite(shape(300))
    answer = torn(reference, times=5, seed=5)
    assert far_too_large(answer, reference) is None
    assert lines(lambda: diagnose(answer, reference)) < LINES * units


def _swapped(graph, one, other):
    """Two outputs in each other's place."""
    outputs = list(graph.outputs)
    outputs[one], outputs[other] = outputs[other], outputs[one]
    return replace(graph, outputs=tuple(outputs))


def _crossed(graph, one, other):
    """Two inputs in each other's place."""
    instead = {one: other, other: one}
    calls = (
        call.moved(
            tuple(t._replace(call=instead.get(t.call, t.call)) for t in call.inputs), call.weights
        )
        for call in graph.calls
    )
    return replace(graph, calls=tuple(calls))


def _with(graph, place, **changes):
    return graph.with_call(place, **changes)


@pytest.mark.parametrize(
    "shape, make, id",
    [
        (heads, lambda g: _swapped(g, 20, 70), "outputs-swapped"),
        (heads, lambda g: _with(g, 90, config={"units": 9}), "wrong-units"),
        (heads, lambda g: _with(g, 90, op="EinsumDense"), "wrong-layer"),
        (heads, lambda g: replace(g, outputs=(*g.outputs[:50], *g.outputs[51:])), "wrong-output"),
        (many_inputs, lambda g: _crossed(g, 20, 43), "inputs-crossed"),
        (many_inputs, lambda g: _with(g, 130, inputs=(Tensor(7),)), "same-input-twice"),
        (many_inputs, lambda g: _with(g, 151, config={"activation": "tanh"}), "wrong-activation"),
        (many_inputs, lambda g: _with(g, len(g.calls) - 1, op="EinsumDense"), "wrong-layer"),
    ],
)  # fmt: skip
def test_a_mistake_among_a_hundred_ends_is_named(shape, make, id):
    """What could be wrong with each pair of ends is no reason to look no further."""
    reference = rewrite(shape(300 if shape is many_inputs else 100))
    answer = rewrite(make(reference))
    assert [finding.id for finding in diagnose(answer, reference).findings] == [id]


def test_a_search_leaves_nothing_for_the_collector_of_garbage():
    """Else memory would fill while that waits."""
    reference = rewrite(residual(100))
    answer = torn(reference, times=5, seed=5)
    gc.collect()
    gc.disable()
    try:
        said = diagnose(answer, reference)
        assert not gc.isenabled()
        assert gc.collect() < 100
    finally:
        gc.enable()
    assert said.findings
    diagnose(answer, reference)
    assert gc.isenabled()
