"""Two mistakes behind which a new shape holds other numbers: both are told, and not the shape."""

import pytest
from keras import Input, Model, layers

from autograder import compare


def patches(stride=4, units=64, act="gelu", width=32, norm=True):
    picture = Input((32, 32, 3))
    x = layers.Conv2D(width, 4, strides=stride, padding="same")(picture)
    x = layers.Reshape((-1, width))(x)
    y = layers.LayerNormalization()(x) if norm else x
    x = layers.Add()([x, layers.MultiHeadAttention(2, 16)(y, y)])
    y = layers.Dense(units, activation=act)(layers.LayerNormalization()(x))
    x = layers.Add()([x, layers.Dense(width)(y)])
    return Model(picture, layers.Dense(10)(layers.GlobalAveragePooling1D()(x)))


def columns(blocks=2, units=32, cell=layers.LSTM, out=10):
    x = picture = Input((32, 64, 1))
    for _ in range(blocks):
        x = layers.MaxPooling2D()(layers.Conv2D(16, 3, padding="same", activation="relu")(x))
    x = layers.TimeDistributed(layers.Flatten())(layers.Permute((2, 1, 3))(x))
    x = layers.Bidirectional(cell(units, return_sequences=True))(x)
    return Model(picture, layers.Dense(out)(x))


@pytest.mark.parametrize(
    "build, wrong, names",
    [
        (patches, {"stride": 2, "units": 128}, ["wrong-strides", "wrong-units"]),
        (patches, {"stride": 2, "act": "relu"}, ["wrong-strides", "wrong-activation"]),
        (patches, {"width": 64, "act": "relu"}, ["wrong-units", "wrong-activation"]),
        (patches, {"stride": 2, "norm": False}, ["wrong-strides", "missing-layer"]),
        (columns, {"blocks": 1, "units": 16}, ["missing-layer", "wrong-units"]),
        (columns, {"blocks": 1, "cell": layers.GRU}, ["missing-layer", "wrong-layer"]),
        (columns, {"blocks": 3, "out": 11}, ["extra-layer", "wrong-units"]),
    ],
)
def test_both_are_told(build, wrong, names):
    findings = compare(build(**wrong), build()).findings
    assert [finding.id for finding in findings] == names
