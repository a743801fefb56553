"""A network that is called at each step of time is evaluated as Keras calls it."""

import keras
import numpy as np
import pytest
from graphs.equations import EQUATIONS
from keras import layers, ops
from sweeps import one_in

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import normal_form, read_graph

STEPS = 3

PARTS = {
    "dense": lambda x: layers.Dense(3)(x),
    "softmax over another axis": lambda x: layers.Softmax(axis=1)(layers.Dense(2)(x)),
    "softmax of ops": lambda x: ops.softmax(layers.Dense(2)(x), axis=1),
    "log softmax": lambda x: ops.log_softmax(layers.Dense(2)(x), axis=1),
    "glu": lambda x: ops.glu(layers.Dense(4)(x), axis=1),
    "sum": lambda x: ops.sum(layers.Dense(3)(x), axis=1),
    "kept sum": lambda x: ops.sum(layers.Dense(3)(x), axis=2, keepdims=True),
    "product": lambda x: layers.Dense(3)(x) * x[:, :, :3],
    "joined in time": lambda x: layers.Concatenate(axis=1)([layers.Dense(8)(x), x]),
    "joined features": lambda x: layers.Concatenate()([layers.Dense(3)(x), x]),
    "flat": lambda x: layers.Dense(2)(layers.Flatten()(x)),
    "reshaped": lambda x: layers.Dense(2)(layers.Reshape((8, 6))(x)),
    "turned": lambda x: layers.Dense(2)(layers.Permute((2, 1))(x)),
    "turned by ops": lambda x: layers.Dense(2)(ops.transpose(x, (0, 2, 1))),
    "repeated": lambda x: layers.RepeatVector(2)(layers.Dense(2)(x[:, 0])),
    "convolution": lambda x: layers.GlobalMaxPooling1D()(layers.Conv1D(3, 3)(x)),
    "pooled": lambda x: layers.AveragePooling1D(2)(layers.Dense(3)(x)),
    "padded": lambda x: layers.Conv1D(2, 3)(layers.ZeroPadding1D(1)(x)),
    "upsampled": lambda x: layers.Dense(2)(layers.UpSampling1D(2)(x)),
    "recurrent": lambda x: layers.GRU(3)(x),
    "recurrent steps": lambda x: layers.LSTM(3, return_sequences=True)(x),
    "both ways": lambda x: layers.Bidirectional(layers.GRU(2))(x),
    "steps within steps": lambda x: layers.TimeDistributed(layers.Dense(3))(x),
    "batch norm of an axis": lambda x: layers.BatchNormalization(axis=1)(x),
    "layer norm of an axis": lambda x: layers.LayerNormalization(axis=1)(x),
    "group norm": lambda x: layers.GroupNormalization(2)(x),
    "unit norm of an axis": lambda x: layers.UnitNormalization(axis=1)(layers.Dense(3)(x)),
    "dot": lambda x: layers.Dot(axes=(2, 2))([layers.Dense(8)(x), x]),
    "matmul": lambda x: ops.matmul(layers.Dense(6)(x), x),
    "einsum": lambda x: ops.einsum("bij,bkj->bik", layers.Dense(8)(x), x),
    "attention": lambda x: layers.Attention()([layers.Dense(8)(x), x]),
    "heads": lambda x: layers.MultiHeadAttention(2, 4)(x, x),
    "prelu": lambda x: layers.PReLU(shared_axes=[1])(x),
    "norm of ops": lambda x: layers.Dense(2)(ops.normalize(x, axis=1)),
    "largest": lambda x: ops.max(layers.Dense(3)(x), axis=-2),
    "cumulated": lambda x: layers.Dense(3)(ops.cumsum(x, axis=1)),
    "flipped": lambda x: layers.GRU(2)(ops.flip(x, axis=1)),
    "stacked": lambda x: layers.Flatten()(ops.stack([layers.Dense(8)(x), x], axis=1)),
    "split": lambda x: layers.Dense(2)(ops.split(x, 2, axis=1)[1]),
}


def each_step(part, way):
    step = keras.Input((6, 8))
    model = keras.Model(step, part(step))
    x = keras.Input((STEPS, 6, 8))
    if way == "wrapped":
        return keras.Model(x, layers.TimeDistributed(model)(x))
    return keras.Model(x, ops.stack([model(x[:, n]) for n in range(STEPS)], axis=1))


@one_in(6)
@pytest.mark.parametrize("name", PARTS)
def test_a_network_at_each_step_is_the_same_one_step_at_a_time(name):
    wrapped, unrolled = (each_step(PARTS[name], way) for way in ("wrapped", "unrolled"))
    unrolled.set_weights(wrapped.get_weights())
    x = np.random.default_rng(0).normal(size=(2, STEPS, 6, 8))
    assert np.allclose(wrapped(x), unrolled(x), atol=1e-5), "Keras has it otherwise"
    opinion = by_value(read_graph(unrolled), read_graph(wrapped))
    assert opinion.said is Said.EQUAL, opinion


@pytest.mark.long  # what else an equation holds in, random networks say, too
@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda equation: equation.__name__)
def test_what_is_the_same_once_is_the_same_at_each_step(equation):
    graphs = []
    for model in equation():
        if len(model.inputs) > 1 or len(model.outputs) > 1:
            pytest.skip("TimeDistributed takes one tensor and makes one")
        x = keras.Input((STEPS, *model.inputs[0].shape[1:]), dtype=model.inputs[0].dtype)
        graphs.append(read_graph(keras.Model(x, layers.TimeDistributed(model)(x))))
    first, *others = graphs
    for number, other in enumerate(others, start=1):
        if normal_form(other).key != normal_form(first).key:
            opinion = by_value(other, first)
            assert opinion.said is Said.EQUAL, (number, opinion)


def read_in_turn(make, masks=True):
    """A recurrent layer that reads what is made of each step, some of which are skipped."""
    x = keras.Input((6, 8))
    return keras.Model(x, layers.LSTM(3)(make(layers.Masking()(x) if masks else x)))


def in_each_step(x, *parts):
    for part in parts:
        x = layers.TimeDistributed(part)(x)
    return x


def to_a_square():
    return layers.Reshape((2, 4))


def added():
    x = keras.Input((8,))
    return keras.Model(x, layers.Add()([layers.Dense(8)(x), x]))


KEEP_THE_MASK = {
    "new shapes": (lambda x: in_each_step(x, to_a_square(), layers.Flatten()), lambda x: x),
    "turned axes": (
        lambda x: in_each_step(
            x, to_a_square(), layers.Permute((2, 1)), layers.Permute((2, 1)), layers.Flatten()
        ),
        lambda x: x,
    ),
    "a model of layers": (
        lambda x: in_each_step(
            x, keras.Sequential([to_a_square(), layers.Flatten(), layers.Dense(3)])
        ),
        lambda x: layers.Dense(3)(x),
    ),
    "a model that adds": (
        lambda x: in_each_step(x, added()),
        lambda x: layers.Add()([layers.Dense(8)(x), x]),
    ),
}


@pytest.mark.parametrize("name", KEEP_THE_MASK)
def test_the_mask_of_the_steps_stays_whatever_is_made_of_each_step(name):
    in_steps, at_once = KEEP_THE_MASK[name]
    models = [read_in_turn(in_steps), read_in_turn(at_once), read_in_turn(in_steps, masks=False)]
    x = np.random.default_rng(0).normal(size=(4, 6, 8))
    x[::2, 3:] = 0
    for model in models[1:]:
        model.set_weights(models[0].get_weights())
    made, same, other = (model(x) for model in models)
    assert np.allclose(made, same, atol=1e-5), "Keras has it otherwise"
    assert not np.allclose(made, other, atol=1e-3), "Keras has it otherwise"
    graph, same, other = map(read_graph, models)
    assert normal_form(graph).key != normal_form(other).key
    assert by_value(graph, same).said is Said.EQUAL
    assert by_value(graph, other).said is Said.DIFFERENT
