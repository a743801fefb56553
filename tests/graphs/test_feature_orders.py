"""Features that are added to others: held against Keras' numbers by the second judge."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from autograder import compare
from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import normal_form, read_graph

ROWS, STEPS, IMAGES = ((4,), (5,)), ((6, 4), (6, 5)), ((6, 6, 4), (6, 6, 5))


def residual(make):
    return lambda x: layers.Add()([x, make()(x)])


def gated(x):
    gate = layers.Dense(9, activation="sigmoid")(x)
    return gate * layers.Dense(9, activation="relu")(x) + (1 - gate) * x


def excited(x):
    weights = layers.Dense(3, activation="relu")(layers.GlobalAveragePooling2D()(x))
    weights = layers.Dense(9, activation="softmax")(weights)
    return layers.Multiply()([x, layers.Reshape((1, 1, 9))(weights)])


def crossed(x):
    start = x
    for _ in range(2):
        x = start * layers.Dense(9)(x) + x
    return x


def deeper(x):
    for _ in range(2):
        inner = layers.Dense(16, activation="gelu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dropout(0.1)(layers.Dense(9)(inner))])
    return x


def flattened(x):
    flat = layers.Flatten()(x)
    return flat - layers.Dense(54)(flat)


def widened(x):
    wide = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2)(x)
    return layers.Add()([wide, layers.Conv2D(18, 3, padding="same")(wide)])


def grown(x):
    for width in (3, 4):
        x = layers.Concatenate()(
            [x, residual(lambda n=width: layers.Dense(n))(layers.Dense(width)(x))]
        )
    return residual(lambda: layers.Dense(16))(x)


FREE = {
    "dropped": (ROWS, lambda x: layers.Dropout(0.3)(x)),
    "channels dropped": (IMAGES, lambda x: layers.SpatialDropout2D(0.3)(x)),
    "disturbed": (STEPS, lambda x: layers.GaussianNoise(0.3)(x)),
    "a residual": (ROWS, residual(lambda: layers.Dense(9, activation="relu"))),
    "a gate": (ROWS, gated),
    "crosses": (ROWS, crossed),
    "blocks": (ROWS, deeper),
    "excitation": (IMAGES, excited),
    "a convolution": (IMAGES, residual(lambda: layers.Conv2D(9, 3, padding="same"))),
    "an LSTM": (STEPS, residual(lambda: layers.LSTM(9, return_sequences=True))),
    "attention": (STEPS, lambda x: layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x)])),
    "flattened": (STEPS, flattened),
    "twice as many": (IMAGES, widened),
    "growing": (ROWS, grown),
}
TOLD = {
    "added to what comes as it is": lambda x, a, b: x + layers.Concatenate()([a, b]),
    "from both ends": lambda x, a, b: x + layers.Dense(9)(x) + x[..., ::-1],
    "both ways": lambda x, a, b: residual(
        lambda: layers.Bidirectional(layers.LSTM(5, return_sequences=True))
    )(ops.pad(x, ((0, 0), (0, 0), (0, 1)))),
    "in groups": lambda x, a, b: layers.Add()(
        [x, layers.Conv1D(9, 3, padding="same", groups=3)(x)]
    ),
    "a state that is read": lambda x, a, b: _with_a_state(x),
    "by one layer twice": lambda x, a, b: _twice(layers.Dense(9), x),
}


def _with_a_state(x):
    steps, state = layers.GRU(9, return_sequences=True, return_state=True)(x)
    return (x + steps) * ops.expand_dims(layers.Reshape((3, 3))(state)[:, 0, :1], 1)


def _twice(dense, x):
    return x + dense(dense(x))


def same_key(one, other):
    return normal_form(read_graph(one)).key == normal_form(read_graph(other)).key


def joined(shapes, go_on, turned):
    a, b = map(keras.Input, shapes)
    x = layers.Concatenate()([b, a] if turned else [a, b])
    return keras.Model([a, b], layers.Dense(2)(go_on(x)))


@pytest.mark.parametrize("kind", FREE)
def test_what_weights_make_comes_in_the_order_of_what_it_is_added_to(kind):
    shapes, go_on = FREE[kind]
    models = [joined(shapes, go_on, turned) for turned in (False, True)]
    assert same_key(*models)
    assert compare(*models).passed
    assert by_value(*map(read_graph, models)).said is Said.EQUAL


@pytest.mark.parametrize("kind", TOLD)
def test_what_has_an_order_of_its_own_minds_that_of_what_it_is_added_to(kind):
    def model(turned):
        a, b = map(keras.Input, STEPS)
        x = layers.Concatenate()([b, a] if turned else [a, b])
        return keras.Model([a, b], layers.Dense(2)(TOLD[kind](x, a, b)))

    assert not same_key(model(False), model(True))
    assert not compare(model(True), model(False)).passed


@pytest.mark.parametrize("kind", [list, tuple, np.array])
@pytest.mark.parametrize("argument", ["scale", "offset"])
def test_what_is_scaled_each_by_its_own_number_has_an_order(kind, argument):
    def model(turned):
        a, b = map(keras.Input, ROWS)
        x = layers.Concatenate()([b, a] if turned else [a, b])
        numbers = {"scale": 2.0, argument: kind([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])}
        return keras.Model([a, b], layers.Dense(2)(layers.Rescaling(**numbers)(x)))

    assert not same_key(model(False), model(True))


@pytest.mark.parametrize("kind", ["embedding", "attention"])
def test_what_is_turned_keeps_its_mask_and_what_comes_with_it(kind):
    def model(turned):
        ids, tags = (keras.Input((6,), dtype="int32") for _ in range(2))
        e = layers.Embedding(9, 4, mask_zero=True)(ids)
        o = layers.Embedding(7, 5)(tags)
        x = layers.Concatenate()([o, e] if turned else [e, o])
        if kind == "embedding":
            more = layers.Embedding(9, 9, mask_zero=True)(ids)
        else:
            more, _ = layers.MultiHeadAttention(2, 4)(x, x, return_attention_scores=True)
        return keras.Model([ids, tags], layers.LSTM(3)(layers.Add()([x, more])))

    assert same_key(model(False), model(True))
    said = by_value(read_graph(model(True)), read_graph(model(False))).said
    assert said is Said.EQUAL


def test_what_is_returned_has_an_order():
    def model(turned):
        a, b = map(keras.Input, ROWS)
        x = layers.Concatenate()([b, a] if turned else [a, b])
        x = x + layers.Dense(9)(x)
        return keras.Model([a, b], [layers.Dense(1)(x), x])

    assert not same_key(model(False), model(True))


def test_two_concatenations_that_are_added_have_one_order():
    def model(turned, both):
        a, b = keras.Input((5,)), keras.Input((5,))
        join = layers.Concatenate()
        one = join([b, a] if turned else [a, b])
        other = join([b, a] if turned and both else [a, b])
        return keras.Model([a, b], layers.Dense(1)(one + layers.Dense(10)(other) + other))

    assert compare(model(True, both=True), model(False, both=True)).passed
    assert not compare(model(True, both=False), model(False, both=True)).passed
