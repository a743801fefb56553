"""Every ready-made model of Keras can be read, compared, and told from one that is a layer off."""

import keras
import pytest
from ready_made import MODELS

from autograder import compare
from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless
from autograder.judging.verdict import Status


def _graph(name):
    build = getattr(keras.applications, name)
    return read_graph(build_weightless(lambda: build(weights=None)))


def _with_one_change(graph):
    """The graph with one layer in the middle a unit wider."""
    sites = [n for n, c in enumerate(graph.calls) if {"filters", "units"} & set(c.config)]
    place = sites[len(sites) // 2]
    config = dict(graph.calls[place].config)
    key = "filters" if "filters" in config else "units"
    return graph.with_call(place, config={**config, key: config[key] + 1})


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_equal_to_itself_and_told_from_another(name):
    graph, again = _graph(name), _graph(name)
    assert compare(again, graph).passed
    verdict = compare(_with_one_change(again), graph)
    assert verdict.status is Status.WRONG
    assert [finding.id for finding in verdict.findings] == ["wrong-units"]
