"""One slip in what a layer is called on or set to, told in words that are true of it."""

import pytest
from judging.slips import told_once
from keras import Input, Model, Sequential, layers, ops
from versions import built_if_known

from autograder import compare


def in_turn(is_wrong):
    start = x = Input((16, 16, 3))
    for n in range(10):
        x = layers.Conv2D(4 + n // 3, 3, padding="same")(x)
        pair = [layers.BatchNormalization(), layers.ReLU()]
        for layer in reversed(pair) if is_wrong else pair:
            x = layer(x)
    return Model(start, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))


def test_two_layers_in_the_other_order_in_ten_blocks():
    told_once(in_turn, "layers-reordered", "9 more places", "BatchNormalization, then relu")


def told_to_stop(is_wrong):
    x = Input((4, 4, 3))
    z = layers.Conv2D(6, 2, strides=2)(x)
    q = layers.Embedding(32, 6)(ops.argmax(layers.Dense(32)(z), axis=-1))
    return Model(x, layers.Dense(3)(z + (q - z if is_wrong else ops.stop_gradient(q - z))))


def test_a_gradient_that_is_not_stopped():
    told_once(told_to_stop, "missing-layer", "StopGradient", "StopGradient")


@pytest.mark.parametrize("wrong", ["c, h", "h, h"])
def test_states(wrong):
    def build(is_wrong):
        a, b = Input((7, 4)), Input((5, 4))
        _, h, c = layers.LSTM(6, return_state=True)(a)
        states = {"h, c": [h, c], "c, h": [c, h], "h, h": [h, h]}[wrong if is_wrong else "h, c"]
        return Model([a, b], layers.LSTM(6)(b, initial_state=states))

    name, says = {
        "c, h": ("concat-order", "its states in another order"),
        "h, h": ("wrong-tensor", "one of them is read twice"),
    }[wrong]
    told_once(build, name, says, "(c)")


@pytest.mark.parametrize("first", [layers.LSTM, layers.Dense])
def test_a_part_without_its_mask(first):
    def build(is_wrong):
        ids = Input((6,))
        part = Sequential([first(5), layers.Dense(3)])
        mask = None if is_wrong else ops.not_equal(ids, 0)
        return Model(ids, part(layers.Embedding(20, 4)(ids), mask=mask))

    told_once(build, "missing-mask", "The part that begins with", "a mask")


def test_a_part_with_a_mask_that_nobody_asked_for_is_told_without_a_word_of_ours():
    def build(is_wrong):
        ids = Input((6,))
        part = Sequential([layers.LSTM(5), layers.Dense(3)])
        mask = ops.not_equal(ids, 0) if is_wrong else None
        return Model(ids, part(layers.Embedding(20, 4)(ids), mask=mask))

    for finding in compare(build(True), build(False)).findings:
        assert "Masked" not in f"{finding.message} {finding.expected} {finding.found}"


def test_a_choice_the_other_way_round():
    def build(is_wrong):
        x = Input((4,))
        a, b = layers.Dense(3)(x), layers.Dense(3, "tanh")(x)
        return Model(x, ops.where(a > b, b, a) if is_wrong else ops.where(a > b, a, b))

    told_once(build, "concat-order", "chooses the other way round", "Dense 3 then Dense 3, tanh")


def transposed(is_wrong):
    x = Input((4, 4, 2))
    given = {"output_padding": 0} if is_wrong else {}
    return Model(x, layers.Conv2DTranspose(6, 3, strides=2, padding="same", **given)(x))


def hashed(is_wrong):
    x = Input((), dtype="int64")
    layer = layers.Hashing(5, salt=133) if is_wrong else layers.Hashing(5)
    return Model(x, layers.Embedding(5, 3)(layer(x)))


def measured(is_wrong):
    x = Input((4, 6))
    given = {"ord": 1} if is_wrong else {}
    return Model(x, layers.Dense(3)(ops.norm(x, axis=-1, **given)))


@pytest.mark.parametrize(
    "build, key", [(transposed, "output_padding"), (hashed, "salt"), (measured, "ord")]
)
def test_a_setting_that_one_side_alone_has(build, key):
    built_if_known(lambda: build(True))
    told_once(build, "wrong-setting", f"{key}=", f"no {key}")

    def turned(is_wrong):
        return build(not is_wrong)

    told_once(turned, "wrong-setting", key, f"{key}=")


def test_where_two_calls_read_alike_it_is_told_what_they_are_made_of():
    def build(is_wrong):
        x = Input((10,))
        first = layers.Dense(12, "relu")(x)
        y = first
        for _ in range(3):
            other, gate = layers.Dense(12, "relu")(y), layers.Dense(12, "sigmoid")(y)
            carried = (y, other) if is_wrong else (other, y)
            y = gate * carried[0] + (1 - gate) * carried[1]
        return Model(x, layers.Dense(3)(y))

    for finding in compare(build(True), build(False)).findings:
        assert (finding.expected and finding.found) or "one like it" in finding.message
