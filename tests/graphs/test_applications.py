"""Every ready-made model of Keras can be read, compared, counted, drawn, and told from one that is
a layer off.
"""

import math
import resource

import keras
import pytest
from ready_made import MODELS
from sweeps import one_in

from autograder import compare, draw, explain
from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless
from autograder.judging.verdict import Status

SECONDS = 3
"""Of the processor, Graphviz included, for a drawing."""


def _model(name):
    build = getattr(keras.applications, name)
    return build_weightless(lambda: build(weights=None))


LARGE = {"DenseNet121", "InceptionResNetV2", "NASNetMobile"}
"""Of more than 400 calls: they take half of all the time, and are tests of long chains, parallel
branches and concatenations, which smaller ones have, too.
"""


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(*model.values, marks=pytest.mark.long) if LARGE & {*model.values} else model
        for model in MODELS
    ],
)
def name(request):
    """Of the module: so all that is asked of a model is asked before the next one is built."""
    return request.param


@pytest.fixture(scope="module")
def model(name):
    return _model(name)


def _processor_time():
    ways = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, ways))


@pytest.mark.slow
@one_in(3)
def test_counted_as_keras_does_and_drawn_in_good_time(model):
    told = explain(model)
    assert told.total == model.count_params() and not told.uncounted
    assert told.trainable == sum(math.prod(v.shape) for v in model.trainable_weights)
    start = _processor_time()
    drawing = draw(model)
    assert _processor_time() - start < SECONDS
    assert "?" not in drawing.text


def _with_one_change(graph):
    """The graph with one layer in the middle a unit wider."""
    sites = [n for n, c in enumerate(graph.calls) if {"filters", "units"} & set(c.config)]
    place = sites[len(sites) // 2]
    config = dict(graph.calls[place].config)
    key = "filters" if "filters" in config else "units"
    return graph.with_call(place, config={**config, key: config[key] + 1})


@pytest.mark.slow
@one_in(3)
def test_equal_to_itself_and_told_from_another(name, model):
    graph, again = read_graph(model), read_graph(_model(name))
    assert compare(again, graph).passed
    verdict = compare(_with_one_change(again), graph)
    assert verdict.status is Status.WRONG
    assert [finding.id for finding in verdict.findings] == ["wrong-units"]
