"""What a function of somebody's does is seen where it only calls operations, and else is not."""

import functools
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import Input, Model, layers, ops
from sweeps import one_in

from autograder import compare, draw
from autograder.by_value import asking
from autograder.graphs import read_config, read_graph
from autograder.graphs.black_boxes import runs_own_code
from autograder.judging.verdict import Status

SAME = {
    # what the function does with one tensor of 6 × 4 numbers, and the same without a Lambda
    "arithmetic": (lambda x: 2 * x + 1, lambda x: 2 * x + 1),
    "a slice": (lambda x: x[:, -1], lambda x: x[:, -1]),
    "operations": (lambda x: ops.mean(ops.square(x), axis=1), lambda x: ops.mean(x * x, axis=1)),
    "a tenth": (lambda x: tf.multiply(x, 0.1), lambda x: 0.1 * x),
    "nothing": (lambda x: x, lambda x: x),
    "an array": (lambda x: x * np.arange(4.0), lambda x: x * np.arange(4.0)),
    "softmax": (lambda x: tf.nn.softmax(x / 4), lambda x: layers.Softmax()(x / 4)),
    "softmax over steps": (lambda x: tf.nn.softmax(x, axis=1), layers.Softmax(axis=1)),
    "mean": (lambda x: tf.reduce_mean(x, axis=1), layers.GlobalAveragePooling1D()),
    "max": (lambda x: tf.reduce_max(x, 1), layers.GlobalMaxPooling1D()),
    "a new axis": (lambda x: tf.expand_dims(x, -1), lambda x: x[..., None]),
    "a shape of its own": (
        lambda x: tf.reshape(x, (tf.shape(x)[0], 24)),
        layers.Flatten(),
    ),
    "unit length": (lambda x: tf.math.l2_normalize(x, axis=-1), layers.UnitNormalization()),
    "every other": (lambda x: tf.nn.relu(x[:, 1:, ::2]), lambda x: ops.relu(x[:, 1:, ::2])),
    "a limit": (lambda x: tf.clip_by_value(x, 0, 1), lambda x: ops.clip(x, 0, 1)),
    "axes exchanged": (lambda x: tf.transpose(x, [0, 2, 1]), layers.Permute((2, 1))),
    "rows chosen": (lambda x: tf.gather(x, [0, 2], axis=1), lambda x: ops.take(x, [0, 2], axis=1)),
    "halves": (lambda x: tf.split(x, 2, axis=-1)[1], lambda x: x[..., 2:]),
    "zeros around": (lambda x: tf.pad(x, [[0, 0], [1, 1], [0, 0]]), layers.ZeroPadding1D(1)),
    "turned round": (lambda x: tf.reverse(x, axis=[1]), lambda x: x[:, ::-1]),
    "gelu": (lambda x: tf.nn.gelu(x), layers.Activation("gelu")),
    "swish": (lambda x: tf.nn.swish(x), layers.Activation("swish")),
    "channels to places": (
        lambda x: tf.nn.depth_to_space(tf.reshape(x, (-1, 3, 2, 4)), 2),
        lambda x: ops.reshape(
            ops.transpose(ops.reshape(x, (-1, 3, 2, 2, 2, 1)), (0, 1, 3, 2, 4, 5)), (-1, 6, 4, 1)
        ),
    ),
    "places to channels": (
        lambda x: tf.nn.space_to_depth(tf.reshape(x, (-1, 6, 4, 1)), 2),
        lambda x: ops.reshape(
            ops.transpose(ops.reshape(x, (-1, 3, 2, 2, 2, 1)), (0, 1, 3, 2, 4, 5)), (-1, 3, 2, 4)
        ),
    ),
    "which is largest": (
        lambda x: tf.one_hot(tf.argmax(x, -1), 4),
        lambda x: ops.one_hot(ops.argmax(x, -1), 4),
    ),
}

SAME_OF_TWO = {
    "distance": (lambda xs: tf.abs(xs[0] - xs[1]), lambda a, b: ops.abs(a - b)),
    "joined": (lambda xs: tf.concat(xs, axis=-1), lambda a, b: layers.Concatenate()([a, b])),
    "stacked": (lambda xs: tf.stack(xs, axis=1), lambda a, b: ops.stack([a, b], axis=1)),
    "products": (
        lambda xs: tf.matmul(xs[0], xs[1], transpose_b=True),
        lambda a, b: layers.Dot(axes=2)([a, b]),
    ),
    "summed products": (
        lambda xs: tf.einsum("bij,bkj->bik", *xs),
        lambda a, b: layers.Dot(axes=2)([a, b]),
    ),
}

ACTIVATIONS = {
    "of operations": (lambda x: x * ops.sigmoid(x), layers.Activation("swish")),
    "of TensorFlow": (lambda x: tf.nn.relu(x) + 1, lambda x: ops.relu(x) + 1),
}

KEPT = layers.Dense(4)
IN_TURN = itertools.cycle([ops.relu, ops.tanh])


@functools.cache
def kernel():
    layer = layers.Dense(4)
    layer.build((None, 4))
    return layer.kernel


@functools.cache
def learned():
    return keras.Variable(2.0)


@tf.custom_gradient
def turned_in_learning(x):
    return tf.identity(x), lambda upstream: -upstream


class OnlyInUse(layers.Layer):
    def call(self, x, training=False):
        return x if training else 2 * x


HIDDEN = {
    "numbers drawn": lambda x: x + keras.random.normal((6, 4)),
    "numbers drawn by TensorFlow": lambda x: x + tf.random.normal(tf.shape(x)),
    "dropout": lambda x: layers.Dropout(0.5)(x),
    "dropout of TensorFlow": lambda x: tf.nn.dropout(x, 0.5),
    "a layer with weights": lambda x: KEPT(x),
    "dropout among TensorFlow's": lambda x: tf.nn.relu(layers.Dropout(0.5)(x)),
    "a layer among TensorFlow's": lambda x: tf.nn.relu(OnlyInUse()(x)),
    "weights of a layer": lambda x: ops.matmul(x, kernel()),
    "weights of a layer, turned": lambda x: ops.matmul(x, ops.transpose(kernel())),
    "weights of a layer, by TensorFlow": lambda x: tf.matmul(x[:, 0], kernel().value),
    "a variable": lambda x: x * learned(),
    "another operation each time": lambda x: next(IN_TURN)(x),
    "a gradient of its own": lambda x: turned_in_learning(x),
    "whether it trains": lambda x, training=None: x if training else 2 * x,
}


@pytest.fixture(autouse=True, scope="module")
def made_before():
    kernel(), learned()


@pytest.fixture(autouse=True)
def both_judges(monkeypatch):
    monkeypatch.delenv(asking.SWITCH, raising=False)


def net(of_one):
    start = Input((6, 4))
    return Model(start, of_one(layers.Dense(4)(start)))


@one_in(3)
@pytest.mark.parametrize("kind", SAME)
def test_a_function_of_one_tensor(kind):
    function, plain = SAME[kind]
    assert compare(net(layers.Lambda(function)), net(plain)).passed


@one_in(3)
@pytest.mark.parametrize("kind", SAME_OF_TWO)
def test_a_function_of_two_tensors(kind):
    function, plain = SAME_OF_TWO[kind]

    def both(call):
        start = Input((6, 4))
        return Model(start, call(layers.Dense(4)(start), layers.Dense(4)(start)))

    answer = both(lambda a, b: layers.Lambda(function)([a, b]))
    assert compare(answer, both(plain)).passed


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("around", ["alone", "in a layer", "at each step"])
def test_an_activation_of_ones_own(kind, around):
    function, plain = ACTIVATIONS[kind]
    layer = {
        "alone": lambda: lambda x: layers.Activation(function)(layers.Dense(3)(x)),
        "in a layer": lambda: layers.Dense(3, activation=function),
        "at each step": lambda: layers.TimeDistributed(layers.Dense(3, activation=function)),
    }[around]()
    assert compare(net(layer), net(lambda x: plain(layers.Dense(3)(x)))).passed


def test_with_arguments_and_at_each_step():
    times = layers.Lambda(lambda x, by: by * x, arguments={"by": 3})
    assert compare(net(times), net(lambda x: 3 * x)).passed
    total = layers.Lambda(lambda x: tf.reduce_sum(x, axis=-1, keepdims=True))
    plain = net(lambda x: ops.sum(x, -1, keepdims=True))
    assert compare(net(layers.TimeDistributed(total)), plain).passed


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_is_more_than_operations_stays_hidden(kind):
    answer = net(layers.Lambda(HIDDEN[kind]))
    assert compare(answer, net(lambda x: x)).status is Status.NOT_CHECKABLE
    assert compare(answer, answer).passed


def test_a_mistake_in_it_is_named_where_the_lambda_is():
    largest = net(layers.Lambda(lambda x: tf.reduce_max(x, 1), name="mine"))
    (finding,) = compare(largest, net(layers.GlobalAveragePooling1D())).findings
    assert finding.id == "wrong-pooling" and finding.where == ("mine",)


def test_what_it_prints_is_not_printed_again(capsys):
    model = net(layers.Lambda(lambda x: print("seen") or 2 * x))
    capsys.readouterr()
    read_graph(model)
    assert capsys.readouterr() == ("", "")


def test_a_list_of_one_tensor_is_a_list():
    answer = net(lambda x: layers.Lambda(lambda xs: xs[0])([x]))
    assert compare(answer, net(lambda x: x)).passed


FAR = {
    "a number": lambda x: ops.minimum(x, 1e7),
    "an array": lambda x: ops.minimum(x, np.full(4, 1e7)),
    "a number of TensorFlow's": layers.Lambda(lambda x: tf.minimum(x, 1e7)),
    "an array of TensorFlow's": layers.Lambda(lambda x: tf.minimum(x, tf.fill([4], 1e7))),
}


@pytest.mark.parametrize("kind", FAR)
def test_a_limit_that_no_number_reaches_is_not_overlooked(kind):
    assert not compare(net(FAR[kind]), net(lambda x: x)).passed


STOPS = {
    "an operation": lambda x: ops.stop_gradient(x),
    "TensorFlow's": layers.Lambda(lambda x: tf.stop_gradient(x)),
}


@pytest.mark.parametrize("kind", STOPS)
def test_where_nothing_is_learned_it_is_another_network(kind):
    answer, plain = net(STOPS[kind]), net(lambda x: x)
    assert compare(answer, plain).status is compare(plain, answer).status is Status.WRONG
    assert compare(answer, net(lambda x: ops.stop_gradient(x))).passed


def masked(between):
    start = Input((6,), dtype="int32")
    steps = layers.Embedding(9, 4, mask_zero=True)(start)
    return Model(start, layers.LSTM(3)(between(steps)))


KEEPS_MASK = {
    "an activation": layers.Activation(lambda x: ops.tanh(x)),
    "a layer's activation": layers.Dense(4, activation=lambda x: x * x),
    "each step": layers.TimeDistributed(layers.Lambda(lambda x: 2 * x)),
}


@pytest.mark.parametrize("kind", KEEPS_MASK)
def test_what_keeps_a_mask_stays_hidden_where_operations_would_lose_it(kind):
    answer = masked(KEEPS_MASK[kind])
    for other in (lambda x: x, lambda x: 2 * x):
        assert compare(answer, masked(other)).status is Status.NOT_CHECKABLE
    assert compare(answer, answer).passed


def test_an_activation_of_a_state():
    def ends(activation):
        start = Input((6, 3))
        _, state, _ = layers.LSTM(4, return_state=True)(start)
        return Model(start, activation(state))

    answer = ends(layers.Activation(lambda x: ops.softmax(x) / x.shape[-1]))
    assert compare(answer, ends(lambda x: ops.softmax(x) / 4)).passed
    assert "h (4,)" in draw(answer).text and "()" not in draw(answer).text


def test_of_a_function_that_is_only_saved_nothing_is_looked_for(monkeypatch):
    saved = net(layers.Dense(2, activation=lambda x: 2 * x)).get_config()
    monkeypatch.setattr("autograder.graphs.reading.walk.seen_into", None)
    assert any(map(runs_own_code, read_config({"class_name": "Functional", "config": saved}).calls))
