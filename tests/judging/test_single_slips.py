"""One slip in a small network, each of a kind that once had another name or none."""

import numpy as np
import pytest
from judging.slips import told_once
from keras import Input, Model, layers, ops

from autograder import compare


def shifted_then_scaled(is_wrong):
    x, condition = Input((6, 8)), Input((4,))
    y = layers.Dense(8)(x)
    scale, shift = (layers.Reshape((1, 8))(layers.Dense(8)(condition)) for _ in range(2))
    end = (y + shift) * scale if is_wrong else y * scale + shift
    return Model([x, condition], layers.Dense(1)(end))


def projected(is_wrong, meant=1, wrong=3):
    x = Input((40, 5))
    y = layers.Conv1D(8, 3, padding="causal")(x)
    shortcut = layers.Conv1D(8, wrong if is_wrong else meant, padding="same")(x)
    return Model(x, layers.Dense(1)(layers.Add()([y, shortcut])))


def narrowed(is_wrong):
    return projected(is_wrong, meant=3, wrong=1)


def patches(is_wrong):
    x = Input((16, 16, 3))
    y = layers.Conv2D(8, 4, strides=2 if is_wrong else 4, padding="same")(x)
    return Model(x, layers.Dense(1)(layers.GlobalAveragePooling2D()(y)))


def summed(is_wrong):
    x = Input((5, 5, 4))
    y = ops.sum(layers.Dense(6)(x), axis=1 if is_wrong else (1, 2))
    return Model(x, layers.Dense(2)(y))


def kept(is_wrong):
    x = Input((6, 6))
    y = layers.Dense(6)(x)
    return Model(x, y * ops.sum(y, axis=1 if is_wrong else -1, keepdims=True))


class Sampling(layers.Layer):
    def call(self, inputs):
        return inputs[0] + ops.exp(inputs[1])


def sampled(is_wrong):
    x = Input((9,))
    mean, variance = (layers.Dense(2)(x) for _ in range(2))
    drawn = Sampling()([mean, mean if is_wrong else variance])
    return Model(x, [layers.Dense(9)(drawn), mean, variance])


def blocks(is_wrong):
    start = x = Input((40, 8))
    for _ in range(1 if is_wrong else 2):
        x = layers.LayerNormalization()(layers.Conv1D(8, 3, padding="causal")(x))
        x = layers.SpatialDropout1D(0.2)(layers.ReLU()(x))
    return Model(start, layers.Dense(1)(layers.Add()([x, start])))


def waves(is_wrong):
    x = Input((6, 3))
    other = ops.sin if is_wrong else ops.cos
    parts = [wave(x * 2.0**n) for n in range(4) for wave in (ops.sin, other)]
    return Model(x, layers.Dense(4)(layers.Concatenate()([x, *parts])))


def crossed(is_wrong):
    x = Input((9,))
    mean, variance = (layers.Dense(2, name=name)(x) for name in ("z_mean", "z_variance"))
    drawn = Sampling()([variance, mean] if is_wrong else [mean, variance])
    return Model(x, [layers.Dense(9)(drawn), mean, variance])


def activated(meant, wrong):
    def build(is_wrong):
        x = Input((6,))
        return Model(x, layers.Dense(1)((wrong if is_wrong else meant)()(layers.Dense(16)(x))))

    return build


relu_for_prelu = activated(layers.PReLU, layers.ReLU)
prelu_for_relu = activated(layers.ReLU, layers.PReLU)
relu_for_norm = activated(layers.BatchNormalization, layers.ReLU)
dropout_for_relu = activated(layers.ReLU, lambda: layers.Dropout(0.5))
relu_for_prelu.__name__, prelu_for_relu.__name__ = "relu_for_prelu", "prelu_for_relu"
relu_for_norm.__name__, dropout_for_relu.__name__ = "relu_for_norm", "dropout_for_relu"


SLIPS = {
    crossed: ("concat-order", "takes its tensors in another order", "'z_mean' then 'z_variance'"),
    relu_for_prelu: ("wrong-layer", "is a relu activation; a PReLU is meant", "PReLU"),
    prelu_for_relu: ("wrong-layer", "is a PReLU; a relu activation is meant", "relu"),
    relu_for_norm: ("wrong-layer", "is a relu activation; a BatchNorm", "BatchNormalization"),
    dropout_for_relu: ("wrong-layer", "is a Dropout 0.5; a relu activation is meant", "relu"),
    waves: ("wrong-layer", "Each of several layers is a Sin; a Cos is meant", "Cos"),
    shifted_then_scaled: ("layers-reordered", "", "Multiply, then Add"),
    projected: (
        "wrong-kernel-size",
        "a kernel of 3, where the reference has no kernel wider than 1",
        "",
    ),
    narrowed: (
        "wrong-kernel-size",
        "no kernel wider than 1, where the reference has a kernel of 3",
        "",
    ),
    patches: ("wrong-strides", "strides of 2×2, where the reference has strides of 4×4", ""),
    summed: ("wrong-axis", "has axis 1, where the reference has axis [1, 2]", ""),
    kept: ("wrong-axis", "has axis 1, where the reference has axis −1 (2)", ""),
    sampled: ("wrong-tensor", "twice; one of the two is meant to be", ""),
    blocks: ("missing-layer", "Four layers are missing after", ""),
}


@pytest.mark.parametrize("build", SLIPS, ids=lambda build: build.__name__)
def test_it_is_one_finding_and_a_true_one(build):
    finding = told_once(build, *SLIPS[build])
    assert build not in {summed, kept} or "grow" not in finding.next_step


@pytest.mark.parametrize("build", SLIPS, ids=lambda build: build.__name__)
def test_without_it_the_two_are_the_same(build):
    assert compare(build(False), build(False)).passed


def test_of_branches_that_are_missing_all_are_counted():
    def waves_of(count):
        x = Input((6, 3))
        parts = [wave(x * 2.0**n) for n in range(count) for wave in (ops.sin, ops.cos)]
        return Model(x, layers.Dense(4)(layers.Concatenate()([x, *parts])))

    found = compare(waves_of(3), waves_of(4)).findings
    assert [finding.id for finding in found] == ["missing-branch"] * 2
    assert {(f.expected, f.found) for f in found} == {("9 tensors merged", "7 merged")}


def test_a_merge_in_a_merge_is_spoken_of_as_one():
    def scaled_and_shifted(merge):
        x, condition = Input((6, 8)), Input((4,))
        scale, shift = (layers.Reshape((1, 8))(layers.Dense(8)(condition)) for _ in range(2))
        y = merge()([layers.Dense(8)(x), scale])
        return Model([x, condition], layers.Dense(1)(layers.Add()([y, shift])))

    (finding,) = compare(
        scaled_and_shifted(layers.Add), scaled_and_shifted(layers.Multiply)
    ).findings
    assert finding.message.startswith("A merge is an Add; a Multiply is meant.")


def test_what_follows_from_a_setting_is_no_mistake_of_its_own():
    def capsules(strides):
        x = Input((20, 20, 1))
        rows = layers.Reshape((-1, 8))(layers.Conv2D(32, 5, strides=strides)(x))
        grouped = ops.reshape(layers.Dense(40)(rows), (-1, rows.shape[1], 10, 4))
        return Model(x, ops.sum(grouped, axis=1))

    (finding,) = compare(capsules(1), capsules(2)).findings
    assert finding.expected == "strides of 2×2" and "same mistake" not in finding.message


def test_two_layers_that_compute_the_same_are_not_called_one():
    def distilled(is_wrong):
        x = Input((9,))
        teacher, student = layers.Dense(5)(layers.Dense(7)(x)), layers.Dense(5)(x)
        goal = (student if is_wrong else teacher) / 4
        outputs = [layers.Softmax(name="soft")(student / 4), layers.Softmax(name="goal")(goal)]
        return Model(x, outputs)

    (finding,) = compare(distilled(True), distilled(False)).findings
    assert finding.message.startswith("Output 'goal' is the same, number by number")


class Placed(layers.Layer):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.places = layers.Embedding(10, 16)

    def call(self, x):
        return x + self.places(ops.arange(10))


def placed(kind):
    ids = Input((10,), dtype="int32")
    words = layers.Embedding(50, 16)(ids)
    made = {
        "at once": lambda: words + layers.Embedding(10, 16)(ops.arange(10)),
        "in a merge": lambda: layers.Add()([words, layers.Embedding(10, 16)(ops.arange(10))]),
        "of one's own": lambda: Placed()(words),
        "counted": lambda: words + layers.Embedding(10, 16)(ops.cumsum(ops.ones_like(ids), 1) - 1),
        "nowhere": lambda: words,
        "waves": lambda: words + np.sin(np.arange(160.0, dtype="float32").reshape(10, 16)),
        "data": lambda: words + np.arange(160.0, dtype="float32").reshape(10, 16),
        "one number": lambda: words + np.full((10, 16), 0.1, "float32"),
        "a few": lambda: words[:, :, :4] + np.array([0.1, 0.2, 0.3, 0.4], "float32"),
    }[kind]()
    return Model(ids, layers.Dense(3)(made))


EXPLAINED = "An array of 10×16 numbers stands there, and training does not change it."


@pytest.mark.parametrize("kind", ["at once", "in a merge"])
@pytest.mark.parametrize("meant", ["at once", "of one's own", "counted", "nowhere", "waves"])
def test_numbers_of_a_layer_that_was_called_on_numbers_are_explained(kind, meant):
    findings = compare(placed(kind), placed(meant)).findings
    told = [finding for finding in findings if EXPLAINED in finding.message]
    assert len(told) == 1
    assert "Embedding(…)(ops.arange(…))" in told[0].message
    assert "hand it a tensor of the network" in told[0].next_step
    assert ("layer of your own" in told[0].next_step) is (meant == "of one's own")


@pytest.mark.parametrize("kind", ["data", "one number", "a few"])
@pytest.mark.parametrize("meant", ["of one's own", "nowhere", "waves"])
def test_an_array_that_is_clearly_data_is_not_explained(kind, meant):
    findings = compare(placed(kind), placed(meant)).findings
    assert findings
    assert not any("stands there" in finding.message for finding in findings)


def test_an_array_that_is_asked_for_is_not_explained():
    def made(units):
        model = placed("waves")
        return Model(model.input, layers.Dense(units)(model.output))

    assert compare(made(2), made(2)).passed
    (finding,) = compare(made(2), made(3)).findings
    assert "stands there" not in finding.message
