"""Other ways to write networks of many parts are right, by structure or by values."""

import pytest
from corpus.composed_systems import WAYS
from sweeps import one_in

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import normal_form, read_graph
from autograder.graphs.weightless import build_weightless


@one_in(4)
@pytest.mark.parametrize(("build", "way"), WAYS, ids=[f"{b.__name__}: {way}" for b, way in WAYS])
def test_another_way_to_write_it_is_right(build, way):
    meant = read_graph(build_weightless(lambda: build("")))
    answer = read_graph(build_weightless(lambda: build(way)))
    if normal_form(answer).key != normal_form(meant).key:
        opinion = by_value(answer, meant)
        assert opinion.said is Said.EQUAL, opinion
