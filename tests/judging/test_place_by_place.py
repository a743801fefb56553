"""Mistakes in an answer that is wired as the reference is, told place by place."""

import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops

from autograder import compare
from autograder.graphs import Palette, read_graph
from autograder.judging.alignment import in_place_of


def squeezed(pool, widths=(16, 16, 16, 16), ratio=4):
    """Blocks that weigh their channels, each by the pooling at its place."""
    x = Input((16, 16, 3))
    y = layers.Conv2D(16, 3, padding="same")(x)
    for number, width in enumerate(widths):
        z = layers.Conv2D(width, 3, padding="same", activation="relu")(y)
        z = layers.Conv2D(width, 3, padding="same")(z)
        gate = pool(number)()(z)
        gate = layers.Dense(width // ratio, activation="relu")(gate)
        gate = layers.Dense(width, activation="sigmoid")(gate)
        z = layers.Multiply()([z, layers.Reshape((1, 1, width))(gate)])
        y = layers.Add()([y, z]) if width == y.shape[-1] else layers.Concatenate()([y, z])
    return Model(x, layers.Dense(5)(layers.GlobalAveragePooling2D()(y)))


def mean(number):
    return layers.GlobalAveragePooling2D


def some_largest(number):
    return layers.GlobalMaxPooling2D if number < 3 else layers.GlobalAveragePooling2D


def pooled(is_wrong):
    return squeezed(some_largest if is_wrong else mean)


def widened(is_wrong):
    return squeezed(mean, (16, 16, 16, 20 if is_wrong else 12))


def masked(is_wrong):
    words = Input((4, 9))
    ids = Input((9,))
    z = layers.Embedding(30, 6, mask_zero=is_wrong)(ids)
    z = layers.Bidirectional(layers.GRU(4, return_sequences=True))(z)
    weight = layers.Softmax(axis=1)(layers.Dense(1)(z))
    sentence = Model(ids, ops.sum(z * weight, axis=1))
    y = layers.GRU(5)(layers.TimeDistributed(sentence)(words))
    return Model(words, layers.Dense(2)(y))


def of_two_settings(is_wrong):
    """Cells of another class in a part that is called at each step, and behind it."""
    cell = layers.LSTM if is_wrong else layers.GRU
    x, row = Input((4, 6, 3)), Input((6, 3))
    part = Model(row, layers.Bidirectional(cell(4))(row))
    return Model(x, layers.Bidirectional(cell(5))(layers.TimeDistributed(part)(x)))


def inverted(expand=4, merge=layers.Add):
    """Blocks that widen, weigh their channels and narrow again, with a shortcut where it fits."""
    x = Input((16, 16, 3))
    y = layers.Conv2D(16, 3, padding="same")(x)
    for width in (16, 24, 24):
        z = layers.Conv2D(y.shape[-1] * expand, 1, activation="relu6")(y)
        z = layers.DepthwiseConv2D(3, padding="same")(z)
        gate = layers.Conv2D(8, 1)(layers.GlobalAveragePooling2D(keepdims=True)(z))
        gate = layers.Conv2D(z.shape[-1], 1, activation="sigmoid")(gate)
        z = layers.Conv2D(width, 1)(layers.Multiply()([z, gate]))
        y = merge()([y, z]) if z.shape == y.shape else z
    return Model(x, layers.Dense(7)(layers.GlobalAveragePooling2D()(y)))


def expanded(is_wrong):
    return inverted(6 if is_wrong else 4)


def joined(is_wrong):
    return inverted(merge=layers.Concatenate if is_wrong else layers.Add)


TOLD = {
    "wider inside": (expanded, "wrong-units", "1.5 times as wide", "widths of 64 and 96"),
    "joined, and wider behind": (joined, "wrong-merge", "Concatenate; an Add", "Add"),
    "a pooling in some blocks": (pooled, "wrong-pooling", "2 times more", "GlobalAverage"),
    "a width in one block": (widened, "wrong-units", "a width of 20", "a width of 12"),
    "a mask, and what reads it": (masked, "wrong-setting", "mask_zero=True", "mask_zero=False"),
    "cells with other wrappers": (of_two_settings, "wrong-layer", "LSTM", "GRU"),
}


@pytest.mark.parametrize(("build", "name", "says", "expected"), TOLD.values(), ids=TOLD)
def test_it_is_told_once(build, name, says, expected):
    told_once(build, name, says, expected)


def in_rows(factor, frozen=False):
    y = x = Input((12, 12, 3))
    for width in (16, 32, 64, 128):
        convolution = layers.Conv2D(int(width * factor), 3, padding="same", activation="relu")
        convolution.trainable = not (frozen and width == 32)
        y = convolution(layers.MaxPooling2D(padding="same")(y))
    return Model(x, layers.Dense(10)(layers.GlobalAveragePooling2D()(y)))


def generator(factor):
    x = Input((20,))
    y = layers.Reshape((3, 3, 32 * factor))(layers.Dense(9 * 32 * factor)(x))
    for width in (16, 8):
        y = layers.Conv2DTranspose(width * factor, 4, 2, "same", activation="relu")(y)
    return Model(x, layers.Conv2D(3, 3)(y))


@pytest.mark.parametrize(
    ("build", "factor", "says"),
    [
        (in_rows, 2, "is twice as wide as in the reference: the widths are 32, 64, 128 and 256,"),
        (in_rows, 0.5, "half as wide"),
        (in_rows, 1.5, "1.5 times as wide"),
        (generator, 3, "the widths are 24, 48 and 864, where 8, 16 and 288 are meant."),
    ],
)
def test_one_factor_is_one_mistake_with_all_its_widths(build, factor, says):
    def built(is_wrong):
        return build(factor if is_wrong else 1)

    told_once(built, "wrong-units", says, "widths of")


def test_what_is_frozen_beside_other_widths_is_no_factor():
    findings = compare(in_rows(2, frozen=True), in_rows(1)).findings
    assert {finding.id for finding in findings} == {"wrong-units", "frozen-by-mistake"}


def test_calls_stand_for_each_other_however_a_sum_is_written():
    def summed(order, units):
        x = Input((6,))
        ends = [layers.Dense(6, activation=name)(x) for name in ("relu", "tanh", "elu")]
        return Model(x, layers.Dense(units)(layers.Add()([ends[n] for n in order])))

    one, other = read_graph(summed((0, 1, 2), 3)), read_graph(summed((2, 0, 1), 4))
    pairs = in_place_of(one, other, Palette())
    apart = [n for n, m in pairs.items() if one.calls[n].label != other.calls[m].label]
    assert [one.calls[n].config["units"] for n in apart] == [3]


def test_what_is_wired_otherwise_has_no_places():
    def net(is_wrong):
        x = Input((6,))
        y = layers.Dense(6)(x)
        z = layers.Dense(6)(y)
        return read_graph(Model(x, layers.Add()([z, y if is_wrong else x])))

    assert in_place_of(net(False), net(True), Palette()) is None
