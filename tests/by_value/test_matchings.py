"""Which weights stand for which: kernels in another shape, features in another order."""

import numpy as np
import pytest
from keras import Input, Model, layers, ops
from sweeps import one_in

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_graph


def patches(how):
    x = Input((16, 16, 3))
    if how == "convolution":
        seen = layers.Reshape((16, 8))(layers.Conv2D(8, 4, strides=4)(x))
    elif how == "extracted":
        cut = ops.image.extract_patches(x, 4)
        seen = layers.Dense(8)(ops.reshape(cut, (-1, 16, 48)))
    else:
        cut = ops.reshape(x, (-1, 4, 4, 4, 4, 3))
        if how == "by hand":
            cut = ops.transpose(cut, (0, 1, 3, 2, 4, 5))
        seen = layers.Dense(8)(ops.reshape(cut, (-1, 16, 48)))
    return Model(x, layers.Dense(2)(layers.GRU(3)(seen)))


def whole_picture(dense):
    x = Input((4, 4, 3))
    if dense:
        return Model(x, layers.Dense(8)(layers.Flatten()(x)))
    return Model(x, layers.Flatten()(layers.Conv2D(8, 4)(x)))


def joined(make, other_order):
    x, y = Input((5,)), Input((4,))
    both = [y, x] if other_order else [x, y]
    return Model([x, y], make(layers.Concatenate()(both)))


def residual(t):
    return layers.Dense(1)(t + layers.Dense(9, activation="relu")(t))


def alone(t):
    return layers.Dense(1)(layers.Dense(9, activation="relu")(t))


def gated(t):
    return layers.Dense(1)(t * layers.Dense(9, activation="softmax")(t))


def crossed(t):
    return layers.Dense(1)(t * layers.Dense(9)(t) + t)


def crossed_by_one(t):
    return layers.Dense(1)(t * (layers.Dense(9)(t) + 1))


def cumulated(t):
    return layers.Dense(1)(ops.cumsum(t, axis=1) * layers.Dense(9)(t))


def positions(t):
    return layers.Dense(1)(t * layers.Dense(9, activation="relu")(t) + t * np.arange(9.0))


def dueling(sum_first, seen=slice(None)):
    picture, action = Input((20, 20, 4)), Input((1,), dtype="int32")
    h = layers.Conv2D(8, 8, strides=4, activation="relu")(picture)
    h = layers.Flatten()(layers.Conv2D(8, 3, activation="relu")(h))
    h = layers.Concatenate()([h, layers.Flatten()(layers.Embedding(6, 3)(action))])
    value = layers.Dense(1)(layers.Dense(16, activation="relu")(h))
    gain = layers.Dense(6)(layers.Dense(16, activation="relu")(h))
    mean = ops.mean(gain[:, seen], axis=1, keepdims=True)
    return Model([picture, action], value + gain - mean if sum_first else value + (gain - mean))


SAME = {
    "patches by hand": lambda: (patches("by hand"), patches("convolution")),
    "patches extracted": lambda: (patches("extracted"), patches("convolution")),
    "a window over all": lambda: (whole_picture(True), whole_picture(False)),
    "residual": lambda: (joined(residual, True), joined(residual, False)),
    "gated": lambda: (joined(gated, True), joined(gated, False)),
    "crossed": lambda: (joined(crossed_by_one, True), joined(crossed, False)),
    "features that are dead at first": lambda: (dueling(True), dueling(False)),
}

OTHER = {
    "patches that are rows": lambda: (patches("rows"), patches("convolution")),
    "no residual": lambda: (joined(alone, True), joined(residual, False)),
    "another function": lambda: (joined(gated, True), joined(residual, False)),
    "order shows in a sum": lambda: (joined(cumulated, True), joined(cumulated, False)),
    "order shows in a place": lambda: (joined(positions, True), joined(positions, False)),
    "mean of some": lambda: (dueling(True, slice(5)), dueling(False)),
}


@one_in(2)
@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same_is_told_so(name):
    answer, reference = SAME[name]()
    opinion = by_value(read_graph(answer), read_graph(reference))
    assert opinion.said is Said.EQUAL, opinion


@one_in(2)
@pytest.mark.parametrize("name", OTHER)
def test_what_differs_is_not_taken_for_the_same(name):
    answer, reference = OTHER[name]()
    for pair in ((answer, reference), (reference, answer)):
        opinion = by_value(*map(read_graph, pair))
        assert opinion.said is Said.DIFFERENT, opinion
