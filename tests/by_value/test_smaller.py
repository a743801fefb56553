"""What is too large is evaluated in small: alike on both sides, and never only in small."""

import keras
import pytest
from keras import layers, ops

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.by_value.smaller import smaller
from autograder.graphs import read_graph
from autograder.graphs.sizes import regrouped
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


def text_in_a_picture(collapse, size=(64, 256)):
    def build():
        x = keras.Input((*size, 1))
        y = x
        for filters in (32, 64, 128):
            y = layers.Conv2D(filters, 3, padding="same", activation="relu")(y)
            y = layers.MaxPooling2D(2)(y)
        y = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(collapse(y))
        return keras.Model(x, layers.Dense(80)(y))

    return read_graph(build_weightless(build))


def across(x):
    return layers.Reshape((32, 1024))(layers.Permute((2, 1, 3))(x))


def flat_at_each_step(x):
    return layers.TimeDistributed(layers.Flatten())(layers.Permute((2, 1, 3))(x))


def features_before_rows(x):
    return layers.Reshape((32, 1024))(layers.Permute((2, 3, 1))(x))


def test_a_reshape_joins_the_same_axes_in_small():
    opinion = by_value(text_in_a_picture(flat_at_each_step), text_in_a_picture(across))
    assert opinion.said is Said.EQUAL and "smaller" in opinion.reason, opinion


@pytest.mark.parametrize(
    ("before", "after", "now", "target", "made"),
    [
        ((64, 16, 8), (64, 128), (32, 16, 4), (64, 32), [32, 64]),
        ((7, 7, 64), (49, 64), (5, 5, 16), (49, 16), [25, 16]),
        ((12544,), (7, 7, 256), (1568,), (7, 7, 32), [7, 7, 32]),
        ((1, 40), (40,), (1, 10), (40,), [10]),
        ((40,), (1, 40, 1), (10,), (1, 40, 1), [1, 10, 1]),
        ((6, 4), (4, 6), (3, 4), (4, 6), [4, 6]),
    ],
)
def test_axes_that_a_reshape_joins(before, after, now, target, made):
    assert regrouped(before, after, now, target) == made


def lines(steps, *parts):
    x = keras.Input((steps, 4))
    y = x
    for part in parts:
        y = part(y)
    return read_graph(keras.Model(x, layers.Dense(2)(y)))


def test_what_no_smaller_size_settles_is_evaluated_in_its_own():
    def fixed(x):
        return keras.ops.take(x, [3, 17, 20], axis=1)

    def by_index(x):
        return keras.ops.stack([x[:, 3], x[:, 17], x[:, 20]], axis=1)

    steps, read = 24, layers.GRU(5, return_sequences=True)
    opinion = by_value(lines(steps, read, by_index), lines(steps, read, fixed))
    assert opinion.said is Said.EQUAL and "smaller" not in opinion.reason, opinion


def beyond_the_edges(size, activated):
    """A kernel of which only the middle ever comes to anything but padding, in pictures so thin."""
    x = keras.Input((8, size, 4))
    y = layers.Conv2D(4, 3, padding="same")(x)
    return read_graph(keras.Model(x, layers.Dense(2)(activated(y))))


def test_what_no_number_comes_to_counts_only_in_other_sizes():
    ways = [layers.ReLU(), lambda y: ops.where(y > 0, y, 0.0), layers.LeakyReLU(0.1)]
    relu, written_out, leaky = (beyond_the_edges(1, way) for way in ways)
    assert by_value(written_out, relu).said is Said.EQUAL
    assert by_value(leaky, relu).said is Said.DIFFERENT
    open_ended = [beyond_the_edges(None, way) for way in ways[:2]]
    assert by_value(*open_ended).said is Said.EQUAL
