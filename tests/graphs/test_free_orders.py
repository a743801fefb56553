"""Where a concatenation may come in any order: held against Keras' numbers by the second judge."""

import keras
import pytest
from keras import layers, ops

from autograder import compare
from autograder.graphs import normal_form, read_graph

IMAGES, STEPS, ROWS = ((6, 6, 2), (6, 6, 3)), ((5, 2), (5, 3)), ((2,), (3,))
WEIGHS = {
    "Dense": (ROWS, lambda: layers.Dense(4)),
    "Conv1D": (STEPS, lambda: layers.Conv1D(4, 3)),
    "Conv2D": (IMAGES, lambda: layers.Conv2D(4, 3, padding="same")),
    "Conv2DTranspose": (IMAGES, lambda: layers.Conv2DTranspose(4, 3, strides=2)),
    "SeparableConv2D": (IMAGES, lambda: layers.SeparableConv2D(4, 3)),
    "LSTM": (STEPS, lambda: layers.LSTM(4)),
    "GRU both ways": (STEPS, lambda: layers.Bidirectional(layers.GRU(3))),
    "Dense at each step": (STEPS, lambda: layers.TimeDistributed(layers.Dense(3))),
    "attention": (
        STEPS,
        lambda: lambda x: layers.MultiHeadAttention(2, 3, output_shape=4)(x, x),
    ),
}
KEEPS = {
    "Activation": (ROWS, lambda: layers.Activation("gelu")),
    "softmax": (ROWS, lambda: layers.Softmax()),
    "BatchNormalization": (IMAGES, layers.BatchNormalization),
    "LayerNormalization": (STEPS, layers.LayerNormalization),
    "UnitNormalization": (ROWS, layers.UnitNormalization),
    "Dropout": (ROWS, lambda: layers.Dropout(0.5)),
    "DepthwiseConv2D": (IMAGES, lambda: layers.DepthwiseConv2D(3, depth_multiplier=2)),
    "MaxPooling2D": (IMAGES, lambda: layers.MaxPooling2D(2)),
    "GlobalAveragePooling1D": (STEPS, layers.GlobalAveragePooling1D),
    "ZeroPadding2D": (IMAGES, lambda: layers.ZeroPadding2D(1)),
    "UpSampling2D": (IMAGES, lambda: layers.UpSampling2D(2)),
    "Cropping1D": (STEPS, lambda: layers.Cropping1D(1)),
    "a step": (STEPS, lambda: lambda x: x[:, 1]),
    "Flatten": (IMAGES, layers.Flatten),
    "RepeatVector": (ROWS, lambda: layers.RepeatVector(3)),
    "Rescaling": (ROWS, lambda: layers.Rescaling(2.0, 1.0)),
    "Square": (ROWS, lambda: ops.square),
}
TELLS = {
    "Conv2D in groups": (((6, 6, 2), (6, 6, 2)), lambda: layers.Conv2D(4, 3, groups=2)),
    "a gate": (((4,), (4,)), lambda: keras.activations.glu),
    "a part": (ROWS, lambda: lambda x: x[:, :2]),
    "a part of each step": (STEPS, lambda: lambda x: x[:, 1, :2]),
    "from the last to the first": (STEPS, lambda: lambda x: x[:, 1, ::-1]),
    "new rows": (((2,), (4,)), lambda: layers.Reshape((2, 3))),
    "a product with itself": (STEPS, lambda: lambda x: layers.Attention()([x, x[:, :, ::-1]])),
}


def joined(shapes, go_on, turned, end=None):
    first, second = (keras.Input(shape) for shape in shapes)
    x = layers.Concatenate()([second, first] if turned else [first, second])
    x = go_on(x)
    return keras.Model([first, second], x if end is None else end(x))


def same_key(one, other):
    return normal_form(read_graph(one)).key == normal_form(read_graph(other)).key


@pytest.mark.parametrize("kind", WEIGHS)
def test_what_weighs_features_finds_them_anywhere(kind):
    shapes, make = WEIGHS[kind]
    models = [joined(shapes, make(), turned) for turned in (False, True)]
    assert same_key(*models)
    assert compare(*models).passed  # by value, too


@pytest.mark.parametrize("kind", KEEPS)
def test_what_keeps_features_hands_their_order_on(kind):
    shapes, make = KEEPS[kind]
    ends = [layers.Dense(3), layers.Dense(3)]
    models = [joined(shapes, make(), n == 1, ends[n]) for n in range(2)]
    assert same_key(*models)
    assert compare(*models).passed
    assert not same_key(*(joined(shapes, make(), turned) for turned in (False, True)))


@pytest.mark.parametrize("kind", TELLS)
def test_what_tells_features_apart_minds_their_order(kind):
    shapes, make = TELLS[kind]
    ends = [layers.Dense(3), layers.Dense(3)]
    assert not same_key(*(joined(shapes, make(), n == 1, ends[n]) for n in range(2)))


def test_a_state_has_an_order():
    def model(turned):
        a, b, steps = keras.Input((2,)), keras.Input((3,)), keras.Input((5, 4))
        state = layers.Concatenate()([b, a] if turned else [a, b])
        return keras.Model([a, b, steps], layers.GRU(5)(steps, initial_state=state))

    assert not same_key(model(False), model(True))


def test_a_layer_called_twice_has_to_find_the_same_order():
    def model(turned):
        a, b = keras.Input((2,)), keras.Input((2,))
        dense, join = layers.Dense(3), layers.Concatenate()
        other = join([b, a] if turned else [a, b])
        return keras.Model([a, b], layers.Subtract()([dense(join([a, b])), dense(other)]))

    assert not same_key(model(False), model(True))
