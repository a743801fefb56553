"""Many calls changed at once are what they are one after the other."""

import random

import pytest
from judging.growing import SHAPES

from autograder.graphs import Call, Tensor
from autograder.graphs.surgery import with_inserts, without_calls, without_unused


def some_of(graph, seed):
    calls = [n for n in range(len(graph.inputs), len(graph.calls)) if graph.calls[n].inputs]
    return sorted(random.Random(seed).sample(calls, min(len(calls), 8)))


@pytest.mark.parametrize("is_read_before", [True, False])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_calls_bypassed(shape, is_read_before):
    graph = shape(30)
    if is_read_before:
        assert graph.readers
    for seed in range(5):
        together, step = without_calls(graph, some_of(graph, seed)), graph
        for place in some_of(graph, seed):
            step = without_calls(step, [place])
        assert without_unused(together) == without_unused(step)
        assert len(without_unused(together).calls) < len(graph.calls)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_calls_put_in(shape):
    graph, relu = shape(30), Call("Activation", {"activation": "relu"})
    new = [Call("Dense", {"units": 3}, weights=1000), relu]
    for seed in range(5):
        rows = {Tensor(place): new for place in some_of(graph, seed)}
        together, step = with_inserts(graph, rows), graph
        for tensor in rows:
            step = with_inserts(step, {tensor: new})
        assert together == step
        assert len(together.calls) == len(graph.calls) + 2 * len(rows)
        assert all(
            reader >= len(graph.calls) for t in rows for reader, _ in together.readers[t.call]
        )
