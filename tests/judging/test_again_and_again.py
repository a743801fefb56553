"""The same mistake made many times is one mistake, and told once."""

import keras
import pytest
from keras import layers

from autograder import compare
from autograder.graphs.weightless import build_weightless


def encoder(normalised_before, blocks=12):
    def build():
        start = x = keras.Input((6, 8))

        def beside(x, part):
            norm = layers.LayerNormalization()
            if normalised_before:
                return layers.Add()([x, part(norm(x))])
            return norm(layers.Add()([x, part(x)]))

        for _ in range(blocks):
            x = beside(x, lambda x: layers.MultiHeadAttention(2, 4)(x, x))
            x = beside(x, lambda x: layers.Dense(8)(layers.Dense(16, "gelu")(x)))
        return keras.Model(start, layers.Dense(3)(x))

    return build


def branches(count):
    def build():
        start = keras.Input((8,))
        return keras.Model(start, layers.Add()([layers.Dense(4)(start) for _ in range(count)]))

    return build


def widths(*units):
    def build():
        start = x = keras.Input((8,))
        for number in units:
            x = layers.Dense(number, "relu")(x)
        return keras.Model(start, x)

    return build


def without_skips(lost):
    def build():
        start = x = keras.Input((8, 8, 4))
        for block in range(9):
            y = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
            x = y if block in lost else layers.Add()([x, y])
        return keras.Model(start, x)

    return build


@pytest.mark.parametrize(
    "meant, built, name, more",
    [
        (encoder(False), encoder(True), "layers-reordered", "23 times more"),
        (encoder(True), encoder(False), "layers-reordered", "23 times more"),
        (widths(8, 7, 6, 5, 4), widths(9, 8, 7, 6, 5), "wrong-units", "4 times more"),
        (without_skips(()), without_skips((1, 4, 7)), "missing-skip", "2 times more"),
    ],
    ids=["normalised before", "normalised behind", "other widths", "no shortcuts"],
)
def test_it_is_told_once(meant, built, name, more):
    (finding,) = compare(build_weightless(built), build_weightless(meant)).findings
    assert finding.id == name
    assert more in finding.message
    assert len(finding.message) < 600


@pytest.mark.parametrize(
    "meant, built, name", [(100, 99, "missing-branch"), (200, 201, "extra-branch")]
)
def test_one_branch_among_many_is_found(meant, built, name):
    verdict = compare(build_weightless(branches(built)), build_weightless(branches(meant)))
    assert [finding.id for finding in verdict.findings] == [name]


def test_two_that_differ_are_told_each():
    verdict = compare(build_weightless(widths(9, 7, 8)), build_weightless(widths(8, 7, 6)))
    assert [finding.id for finding in verdict.findings] == ["wrong-units", "wrong-units"]


def test_a_layer_left_out_many_times_is_left_out_and_no_wrong_wire():
    def blocks(normalised):
        start = x = keras.Input((8, 8, 3))
        for _ in range(4):
            x = layers.Conv2D(4, 3, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization()(x) if normalised else x)
        return keras.Model(start, x)

    verdict = compare(*(build_weightless(lambda n=n: blocks(n)) for n in (False, True)))
    assert {finding.id for finding in verdict.findings} == {"missing-layer"}
    assert "BatchNormalization" in verdict.findings[0].message


def test_layers_left_out_in_a_row_are_counted_and_their_place_is_there():
    def row(count):
        start = x = keras.Input((8,), name="start")
        for _ in range(count):
            x = layers.Dense(8, activation="relu")(x)
        return keras.Model(start, layers.Dense(3)(x))

    verdict = compare(*(build_weightless(lambda n=n: row(n)) for n in (0, 2)))
    (finding,) = verdict.findings
    assert finding.message == "Two layers are missing after 'start': Dense 8, relu, twice."
