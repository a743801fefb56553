"""What is too large is evaluated in small: alike on both sides, and never only in small."""

import keras
import pytest
from keras import layers

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.by_value.smaller import smaller
from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless


def tower(end, size=224, padding="same"):
    def build():
        x = keras.Input((size, size, 3))
        y = x
        for filters in (64, 128, 256, 256, 512):
            y = layers.Conv2D(filters, 3, padding="same", activation="relu")(y)
            y = layers.MaxPooling2D(2, padding=padding)(y)
        return keras.Model(x, layers.Dense(1000)(end()(y)))

    return read_graph(build_weightless(build))


def test_the_same_is_the_same_in_small():
    opinion = by_value(tower(layers.GlobalAveragePooling2D), tower(layers.GlobalAveragePooling2D))
    assert opinion.said is Said.EQUAL and "smaller" in opinion.reason


def test_what_is_the_same_only_where_an_axis_has_shrunk_to_one_is_not():
    opinion = by_value(tower(layers.GlobalAveragePooling2D), tower(layers.GlobalMaxPooling2D))
    assert opinion.said is Said.DIFFERENT, opinion
    opinion = by_value(tower(layers.GlobalAveragePooling2D), tower(layers.Flatten))
    assert opinion.said is Said.DIFFERENT, opinion


@pytest.mark.parametrize("size", [224, 256, 250, 331])
def test_lengths_keep_what_is_left_when_they_are_halved(size):
    graph = tower(layers.Flatten, size)
    for attempt in smaller(graph, graph):
        for graphs in filter(None, (attempt.graphs, attempt.larger)):
            short = graphs[0].calls[0].config["shape"][0]
            assert short == size or (short < size and (size - short) % 16 == 0)


def test_sizes_are_alike_on_both_sides_and_stay_different():
    meant, wrong = tower(layers.Flatten), tower(layers.Flatten)
    place = next(n for n, c in enumerate(wrong.calls) if c.config.get("filters") == 128)
    wrong = wrong.with_call(place, config={**wrong.calls[place].config, "filters": 96})
    for attempt in smaller(wrong, meant):
        mine, theirs = attempt.graphs
        assert mine.calls[place].config["filters"] != theirs.calls[place].config["filters"]
        assert mine.calls[0].config == theirs.calls[0].config
