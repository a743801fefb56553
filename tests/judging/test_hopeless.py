"""An answer that nothing explains is given up after a bounded amount of work, whatever it is.

Lines run are counted, not seconds: they are the same on a busy machine.
"""

import gc
import random
from dataclasses import replace

import pytest
from judging.growing import chain, copies, diamonds, lines, shared, wide

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


SHAPES = (chain, copies, dense_wiring, diamonds, residual, shared, wide)


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
