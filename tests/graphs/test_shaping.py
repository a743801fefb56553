"""Slices, new shapes and axes: whatever computes the same in Keras is read as the same."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from versions import built_if_allowed

from autograder.graphs import normal_form, read_graph

SAME = {
    "the last step": [(6, 4), lambda x: x[:, -1], lambda x: x[:, -1, :], lambda x: x[:, 5]],
    "the first features": [
        (6, 4),
        lambda x: x[:, :, :2],
        lambda x: x[..., :2],
        lambda x: x[..., 0:2],
        lambda x: x[:, :, :-2],
        lambda x: x[:, 0:6, 0:2:1],
    ],
    "a part of a row": [(6,), lambda x: x[:, :2], lambda x: x[..., :2], lambda x: x[:, 0:-4]],
    "all": [(6, 4), lambda x: layers.Identity()(x), lambda x: x[:, :], lambda x: x[..., 0:4]],
    "an axis at the end": [
        (6,),
        lambda x: x[..., None],
        lambda x: ops.expand_dims(x, -1),
        lambda x: ops.expand_dims(x, 2),
        lambda x: layers.Reshape((6, 1))(x),
        lambda x: layers.Reshape((-1, 1))(x),
        lambda x: ops.reshape(x, (-1, 6, 1)),
    ],
    "an axis in front": [
        (6, 4),
        lambda x: x[:, None],
        lambda x: ops.expand_dims(x, 1),
        lambda x: layers.Reshape((1, 6, 4))(x),
        lambda x: x[:, None, :, :],
    ],
    "two axes": [
        (3,),
        lambda x: x[:, None, None, :],
        lambda x: layers.Reshape((1, 1, 3))(x),
        lambda x: ops.expand_dims(ops.expand_dims(x, 1), 1),
    ],
    "an axis less": [
        (1, 4),
        lambda x: ops.squeeze(x, 1),
        lambda x: ops.squeeze(x, -2),
        lambda x: layers.Reshape((4,))(x),
        lambda x: layers.Flatten()(x),
    ],
    "one row": [
        (6, 4),
        lambda x: layers.Flatten()(x),
        lambda x: layers.Reshape((24,))(x),
        lambda x: layers.Reshape((-1,))(x),
        lambda x: ops.reshape(x, (-1, 24)),
    ],
    "another shape": [
        (6, 4),
        lambda x: layers.Reshape((8, 3))(x),
        lambda x: layers.Reshape((-1, 3))(x),
        lambda x: ops.reshape(x, (-1, 8, 3)),
    ],
    "as it is": [(6, 4), lambda x: layers.Identity()(x), lambda x: layers.Reshape((6, 4))(x)],
    "taken and given an axis": [
        (6, 4),
        lambda x: x[:, 0, None],
        lambda x: ops.expand_dims(x[:, 0], 1),
        lambda x: layers.Reshape((1, 4))(x[:, 0, :]),
    ],
    "stacked": [(6,), lambda x: ops.stack([x, x], 2), lambda x: ops.stack([x, x], axis=-1)],
}
PAIRS = [(kind, n) for kind, (_, *builds) in SAME.items() for n in range(1, len(builds))]

OTHER = {
    "steps for features": [(8,), lambda x: ops.expand_dims(x, -1), lambda x: ops.expand_dims(x, 1)],
    "stacked otherwise": [
        (4,),
        lambda x: ops.stack([x, x], axis=-1),
        lambda x: ops.stack([x, x], axis=1),
    ],
    "into the batch": [
        (6, 4),
        lambda x: ops.reshape(x, (-1, 12)),
        lambda x: layers.Flatten()(x),
    ],
    "another count in the batch": [
        (6, 4),
        lambda x: ops.reshape(x, (-1, 12)),
        lambda x: ops.reshape(x, (-1, 8)),
    ],
    "another step": [(6, 4), lambda x: x[:, -1], lambda x: x[:, 0]],
    "another stride": [(6, 4), lambda x: x[:, ::2], lambda x: x[:, ::-2]],
    "another end": [(6, 4), lambda x: x[:, :2], lambda x: x[:, -2:]],
    "another axis": [(6, 6), lambda x: x[:, 1], lambda x: x[:, :, 1]],
    "a place and a slice": [(6, 4), lambda x: x[:, 1], lambda x: x[:, 1:2]],
    "another shape": [
        (6, 4),
        lambda x: layers.Reshape((8, 3))(x),
        lambda x: layers.Reshape((3, 8))(x),
    ],
}


def model(shape, build):
    x = keras.Input(shape)
    return keras.Model(x, build(x))


def key(network):
    return normal_form(read_graph(network)).key


@pytest.mark.parametrize(("kind", "number"), PAIRS)
def test_it_is_one_spelling(kind, number):
    shape, first, *others = SAME[kind]
    one, other = model(shape, first), model(shape, others[number - 1])
    data = np.random.default_rng(1).normal(size=(3, *shape)).astype("float32")
    np.testing.assert_array_equal(one(data), other(data))
    assert key(one) == key(other)


@pytest.mark.parametrize("kind", OTHER)
def test_it_is_not(kind):
    shape, first, second = OTHER[kind]
    assert key(model(shape, first)) != key(model(shape, second))


@pytest.mark.parametrize("axes", [(2, 2), (2, -1), (-1, -1), -1])
def test_axes_of_a_dot_are_counted_from_the_front(axes):
    def build(axes):
        x, y = keras.Input((3, 4)), keras.Input((5, 4))
        return keras.Model([x, y], layers.Dot(axes=axes)([x, y]))

    assert key(build(axes)) == key(build(2))


def test_a_first_state_by_position_in_a_list_or_by_name_is_one():
    def build(call):
        words, start = keras.Input((4, 3)), keras.Input((6,))
        return keras.Model([words, start], call(layers.GRU(6), words, start))

    keys = [
        key(build(lambda layer, words, start: layer(words, initial_state=start))),
        key(build(lambda layer, words, start: layer(words, initial_state=[start]))),
        key(build(lambda layer, words, start: layer(words, start))),
    ]
    assert keys[0] == keys[1] == keys[2]
    without = built_if_allowed(lambda: build(lambda layer, words, start: layer(words)))
    assert keys[0] != key(without)


def test_a_key_that_is_the_value_need_not_be_given():
    def attention(*more):
        q, v = keras.Input((6, 4)), keras.Input((5, 4))
        return keras.Model([q, v], layers.Attention()([q, v, *([v] if more else [])]))

    def heads(*more):
        q, v = keras.Input((6, 4)), keras.Input((5, 4))
        layer = layers.MultiHeadAttention(2, 4)
        return keras.Model([q, v], layer(q, v, *([v] if more else [])))

    assert key(attention()) == key(attention("key"))
    assert key(heads()) == key(heads("key"))


@pytest.mark.parametrize(
    ("function", "name"),
    [("softmax", "softmax"), ("silu", "swish"), ("relu", "relu"), ("gelu", "gelu")],
)
def test_tensorflows_activations_are_keras_own(function, name):
    nn = pytest.importorskip("tensorflow").nn
    other = model((4,), lambda x: layers.Dense(3, activation=getattr(nn, function))(x))
    if function == "gelu":  # TensorFlow's is a plain function, and Keras saves it as its own
        pytest.skip("Keras saves it as its own")
    assert key(other) == key(model((4,), lambda x: layers.Dense(3, activation=name)(x)))


def test_a_function_of_the_same_name_is_not_tensorflows():
    def swish(x):
        return x

    own = read_graph(model((4,), lambda x: layers.Dense(3, activation=swish)(x)))
    assert [call.op for call in own.calls] == ["Input", "Dense"]  # it does nothing
