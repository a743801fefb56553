"""One slip that other shapes follow from: told once, and not what follows from it."""

import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops
from versions import built_if_allowed

from autograder import compare


def squashed(is_wrong):
    x = Input((6, 6, 1))
    y = layers.Reshape((-1, 6))(layers.Conv2D(12, 3)(x))
    s = ops.sum(ops.square(y), axis=1 if is_wrong else -1, keepdims=True)
    return Model(x, layers.Dense(3)(layers.Flatten()(y * s / (1 + s) / ops.sqrt(s + 1e-7))))


def centred(is_wrong, meant=-1, wrong=1):
    x, axis = Input((9, 6)), wrong if is_wrong else meant
    y = layers.Dense(6)(x)
    d = y - ops.mean(y, axis=axis, keepdims=True)
    return Model(x, layers.Dense(2)(d / ops.sqrt(ops.mean(d * d, axis=axis, keepdims=True) + 0.1)))


def centred_along_the_sequence(is_wrong):
    return centred(is_wrong, meant=1, wrong=-1)


def largest(is_wrong):
    x = Input((6, 6))
    return Model(x, layers.Dense(3)(ops.max(layers.Dense(6)(x), axis=-1 if is_wrong else 1)))


@pytest.mark.parametrize("build", [squashed, centred, centred_along_the_sequence, largest])
def test_another_axis(build):
    told_once(build, "wrong-axis", "axis", "axis")


def pooled_by_weights(is_wrong):
    x = Input((9, 6))
    s = ops.softmax(layers.Dense(1)(x), axis=1)
    return Model(x, layers.Dense(3)(ops.sum(s * x, axis=1, keepdims=not is_wrong)))


def without_the_mean(is_wrong):
    x = Input((9, 9))
    y = layers.Dense(9)(x)
    return Model(x, layers.Dense(3)(y - ops.mean(y, axis=-1, keepdims=not is_wrong)))


def kept_for_nothing(is_wrong):
    x = Input((9, 6))
    return Model(x, layers.Dense(3)(ops.max(layers.Dense(6)(x), axis=1, keepdims=is_wrong)))


@pytest.mark.parametrize(
    "build, says",
    [
        (pooled_by_weights, "meant to stay"),
        (without_the_mean, "meant to stay"),
        (kept_for_nothing, "meant to go"),
    ],
)
def test_an_axis_kept_or_taken_away(build, says):
    assert "keepdims=True" in told_once(build, "wrong-setting", says, "shape").next_step


def test_a_layer_that_is_meant_to_put_an_axis_in_is_missing_where_nothing_took_it_away():
    def build(is_wrong):
        x = Input((6, 4))
        y = layers.Dense(4)(layers.Flatten()(x))
        return Model(x, x * (y if is_wrong else layers.Reshape((1, 4))(y)))

    assert told_once(build, "missing-layer", "missing", "Reshape")


def narrowed_at_once(is_wrong):
    x = Input((8, 8, 3))
    y = layers.Conv2D(8, 3, padding="same", strides=2)(x)
    y = layers.Conv2D(16, 3, padding="same", strides=4 if is_wrong else 2)(y)
    return Model(x, layers.Dense(3)(layers.GlobalAveragePooling2D()(y)))


def mixed(is_wrong):
    x = Input((16, 16, 3))
    y = layers.Conv2D(12, 4, strides=2 if is_wrong else 4)(x)
    n = y.shape[1] * y.shape[2]
    y = layers.Reshape((n, 12))(y)
    for _ in range(2):
        t = layers.Dense(n)(layers.Dense(24, "gelu")(layers.Permute((2, 1))(y)))
        y = layers.Add()([y, layers.Permute((2, 1))(t)])
    return Model(x, layers.Dense(4)(layers.GlobalAveragePooling1D()(y)))


@pytest.mark.parametrize("build", [narrowed_at_once, mixed])
def test_another_stride(build):
    told_once(build, "wrong-strides", "strides", "strides")


def test_pooling_the_other_way_and_not_the_shape_behind_it():
    def build(is_wrong):
        x = Input((16, 24, 1))
        y = layers.Conv2D(8, 3, padding="same")(x)
        y = layers.MaxPooling2D((1, 2) if is_wrong else (2, 1))(y)
        y = layers.Permute((2, 1, 3))(y)
        return Model(x, layers.LSTM(5)(layers.Reshape((y.shape[1], -1))(y)))

    told_once(build, "wrong-pooling", "1×2", "2×1")


def cross(x):
    start = x
    for _ in range(2):
        x = layers.Add()([layers.Multiply()([start, layers.Dense(start.shape[-1])(x)]), x])
    return x


def test_a_branch_and_not_the_widths_that_follow():
    def build(is_wrong):
        a, b, c = Input((4,)), Input((6,)), Input((5,))
        x = layers.Concatenate()([a, b] if is_wrong else [a, b, c])
        return Model([a, b, c], layers.Dense(1)(cross(x)))

    built_if_allowed(lambda: build(True))
    told_once(build, "unused-input", "reaches no output", "path")


def test_a_layer_and_not_the_widths_that_follow():
    def build(is_wrong):
        x = Input((4, 6))
        layer = layers.Flatten() if is_wrong else layers.GlobalAveragePooling1D()
        return Model(x, layers.Dense(1)(cross(layer(x))))

    told_once(build, "wrong-layer", "Flatten", "GlobalAveragePooling1D")


def test_a_width_that_is_a_mistake_of_its_own_is_told_beside_another():
    def build(is_wrong):
        x = Input((12,))
        y = layers.Dense(16, "tanh" if is_wrong else "relu")(x)
        return Model(x, layers.Dense(2)(layers.Dense(9 if is_wrong else 8)(y)))

    ids = {finding.id for finding in compare(build(True), build(False)).findings}
    assert ids == {"wrong-activation", "wrong-units"}


@pytest.mark.parametrize("factor", [2, 3])
def test_a_width_behind_a_stride_is_a_mistake_of_its_own(factor):
    def build(is_wrong):
        x = Input((34, 34, 3))
        y = layers.Conv2D(8, 3, strides=1 if is_wrong else 2, padding="same")(x)
        y = layers.Dense(10 * factor if is_wrong else 10)(layers.GlobalAveragePooling2D()(y))
        return Model(x, layers.Dense(4)(y))

    stride, width = compare(build(True), build(False)).findings
    assert (stride.id, width.id) == ("wrong-strides", "wrong-units")
    assert (width.expected, width.found) == ("10 units", f"{10 * factor} units")


def test_a_width_that_goes_by_a_length_follows():
    def build(is_wrong):
        x = Input((34, 34, 3))
        y = layers.Conv2D(8, 3, strides=1 if is_wrong else 2, padding="same")(x)
        y = layers.Permute((3, 1, 2))(y)
        return Model(x, layers.Dense(4)(layers.Dense(y.shape[2], "relu")(y)))

    told_once(build, "wrong-strides", "1×1", "2×2")


def test_a_new_shape_that_is_a_mistake_of_its_own_is_told_beside_one_behind_it():
    def build(is_wrong):
        x = Input((24,))
        y = layers.Reshape((4, 6) if is_wrong else (6, 4))(x)
        return Model(x, layers.Dense(2, "tanh" if is_wrong else None)(layers.GRU(5)(y)))

    ids = {finding.id for finding in compare(build(True), build(False)).findings}
    assert ids == {"wrong-setting", "wrong-activation"}
