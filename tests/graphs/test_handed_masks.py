"""A mask that somebody gives counts, and one that Keras hands on by itself is not taken for one."""

import keras
import numpy as np
import pytest
from keras import Input, Model, layers, ops

from autograder import compare
from autograder.graphs import read_graph

ONE = np.array([[3, 0, 5, 1, 0, 0], [1, 2, 3, 4, 5, 6], [7, 1, 0, 0, 0, 0]])
OTHER = np.array([[1, 1, 2, 0, 0, 0], [4, 0, 1, 2, 0, 0], [1, 2, 3, 4, 5, 0]])


def two_texts(read, mask_zero=True):
    one, other = (Input((6,), dtype="int32", name=name) for name in ("one", "other"))
    embed = layers.Embedding(9, 4, mask_zero=mask_zero)
    return Model([one, other], read(one, other, embed(one), embed(other), embed))


def lstm(read, **more):
    return layers.LSTM(3)(read, **more)


def states(read):
    return layers.LSTM(3, return_state=True)(read)[1:]


READS = {
    "lost on the way, and given again": lambda i, j, a, b, e: lstm(a + b, mask=ops.not_equal(i, 0)),
    "lost on the way": lambda i, j, a, b, e: lstm(a + b),
    "the other text's": lambda i, j, a, b, e: lstm(a + b, mask=ops.not_equal(j, 0)),
    "of another number": lambda i, j, a, b, e: lstm(a + b, mask=ops.not_equal(i, 1)),
    "another text's for one that comes": lambda i, j, a, b, e: lstm(a, mask=j != 0) + ops.sum(b),
    "one that comes": lambda i, j, a, b, e: lstm(a) + ops.sum(b),
    "both": lambda i, j, a, b, e: lstm(layers.Add()([a, b]), mask=(i != 0) & (j != 0)),
    "either": lambda i, j, a, b, e: lstm(layers.Add()([a, b])),
    "first of two": lambda i, j, a, b, e: lstm(layers.Add()([a, b]), mask=i != 0),
    "first of two joined": lambda i, j, a, b, e: lstm(layers.Concatenate()([a, b]), mask=i != 0),
    "two joined": lambda i, j, a, b, e: lstm(layers.Concatenate()([a, b])),
    "behind what ends it": lambda i, j, a, b, e: (
        lstm(layers.Conv1D(3, 3, padding="same")(a), mask=i != 0) + ops.sum(b)
    ),
    "ended": lambda i, j, a, b, e: lstm(layers.Conv1D(3, 3, padding="same")(a)) + ops.sum(b),
    "mean, by the other text's": lambda i, j, a, b, e: (
        layers.GlobalAveragePooling1D()(a, mask=j != 0) + ops.sum(b)
    ),
    "mean": lambda i, j, a, b, e: layers.GlobalAveragePooling1D()(a) + ops.sum(b),
    "from a state": lambda i, j, a, b, e: lstm(a, initial_state=states(b)),
    "from a state, by a mask": lambda i, j, a, b, e: lstm(
        a, initial_state=states(b), mask=ops.not_equal(i, 0)
    ),
    "values masked by others": lambda i, j, a, b, e: layers.Attention()(
        [a, b], mask=[i != 0, j != 2]
    ),
    "values masked": lambda i, j, a, b, e: layers.Attention()([a, b]),
    "values of many masked by others": lambda i, j, a, b, e: layers.MultiHeadAttention(2, 3)(
        a, b, value_mask=j != 2
    ),
    "values of many masked": lambda i, j, a, b, e: layers.MultiHeadAttention(2, 3)(a, b),
}

SAME = {
    "as the embedding makes it": (
        READS["lost on the way, and given again"],
        lambda i, j, a, b, e: lstm(a + b, mask=e.compute_mask(i)),
    ),
    "by an operator": (
        READS["lost on the way, and given again"],
        lambda i, j, a, b, e: lstm(b + a, mask=i != 0),
    ),
    "what comes by itself": (
        READS["one that comes"],
        lambda i, j, a, b, e: lstm(a, mask=ops.not_equal(i, 0)) + ops.sum(b),
    ),
    "beside a state": (
        READS["from a state, by a mask"],
        lambda i, j, a, b, e: lstm(a, initial_state=states(b), mask=e.compute_mask(i)),
    ),
    "what an Add hands on": (
        READS["either"],
        lambda i, j, a, b, e: lstm(layers.Add()([a, b]), mask=ops.logical_or(j != 0, i != 0)),
    ),
    "what many attend to": (
        READS["values of many masked"],
        lambda i, j, a, b, e: layers.MultiHeadAttention(2, 3)(a, b, value_mask=j != 0),
    ),
}

DIFFERENT = [
    ("lost on the way, and given again", "lost on the way"),
    ("lost on the way, and given again", "the other text's"),
    ("lost on the way, and given again", "of another number"),
    ("one that comes", "another text's for one that comes"),
    ("either", "both"),
    ("either", "first of two"),
    ("two joined", "first of two joined"),
    ("behind what ends it", "ended"),
    ("mean", "mean, by the other text's"),
    ("from a state", "from a state, by a mask"),
    ("values masked", "values masked by others"),
    ("values of many masked", "values of many masked by others"),
]


def largest_difference(answer, reference):
    for weight in reference.weights:
        weight.assign(np.random.default_rng(len(weight.shape)).normal(size=weight.shape))
    answer.set_weights(reference.get_weights())
    given = [keras.ops.convert_to_tensor(ids.astype("int32")) for ids in (ONE, OTHER)]
    return np.abs(np.asarray(answer(given)) - np.asarray(reference(given))).max()


KERAS_3_8_CANNOT_CALL = {"two joined", "values masked"}


@pytest.mark.parametrize("pair", DIFFERENT, ids=" / ".join)
def test_another_mask_is_another_network(pair):
    reference, answer = (two_texts(READS[name]) for name in pair)
    if not (keras.__version__.startswith("3.8.") and pair[0] in KERAS_3_8_CANNOT_CALL):
        assert largest_difference(answer, reference) > 1e-3
    assert not compare(answer, reference).passed
    assert not compare(reference, answer).passed


@pytest.mark.parametrize("name", SAME)
def test_the_same_mask_is_the_same_network(name):
    reference, answer = (two_texts(read) for read in SAME[name])
    assert largest_difference(answer, reference) < 1e-5
    assert compare(answer, reference).passed
    assert compare(reference, answer).passed


@pytest.mark.parametrize(
    "name", ["either", "two joined", "values of many masked", "one that comes"]
)
def test_no_operation_by_which_keras_makes_its_masks_is_read(name):
    calls = read_graph(two_texts(READS[name])).calls
    assert not {"NotEqual", "LogicalOr", "Any"} & {call.op for call in calls}


def test_steps_that_are_masked_by_their_numbers():
    def build(mask):
        x = Input((6, 4))
        return Model(x, lstm(layers.Dropout(0.1)(layers.Masking(2.0)(x)), **mask(x)))

    plain = build(lambda x: {})
    again = build(lambda x: {"mask": ops.any(ops.not_equal(x, 2.0), axis=-1)})
    zeros = build(lambda x: {"mask": ops.any(ops.not_equal(x, 0.0), axis=-1)})
    assert compare(again, plain).passed
    assert not compare(zeros, plain).passed


def test_steps_are_told_from_features_where_there_are_as_many():
    def build(**axis):
        x = Input((5, 5))
        mask = {"mask": ops.any(ops.not_equal(x, 0.0), **axis)} if axis else {}
        return Model(x, lstm(layers.Masking()(x), **mask))

    plain, features = build(), build(axis=1)
    features.set_weights(plain.get_weights())
    given = np.random.default_rng(0).normal(size=(4, 5, 5)).astype("float32")
    given[:, 2] = 0
    assert np.abs(np.asarray(features(given)) - np.asarray(plain(given))).max() > 1e-3
    assert compare(build(axis=-1), plain).passed
    assert compare(build(axis=2), plain).passed
    assert not compare(features, plain).passed
    assert not compare(plain, features).passed


def test_two_masks_that_somebody_joins_are_not_the_first_of_them():
    def build(more):
        one, other = (Input((6,), dtype="int32") for _ in range(2))
        shown = Input((6,), dtype="bool")
        both = [layers.Embedding(9, 4, mask_zero=True)(ids) for ids in (one, other)]
        masks = more(one != 0, shown), other != 0
        wide = ops.concatenate([ops.expand_dims(mask, -1) for mask in masks], axis=-1)
        read = lstm(layers.Concatenate()(both), mask=ops.any(wide, axis=-1))
        return Model([one, other, shown], [read, ops.cast(shown, "float32")])

    by_itself, joined = build(lambda mask, shown: mask), build(ops.logical_or)
    assert not compare(joined, by_itself).passed
    assert not compare(by_itself, joined).passed


def test_a_model_in_a_model_is_handed_the_masks_of_what_it_reads():
    def build(within, shown=0):
        ids = [Input((6,), dtype="int32") for _ in range(2)]
        one, two = (layers.Embedding(9, 4, mask_zero=True)(each) for each in ids)
        inner, dense, last = Input((6, 4)), layers.Dense(3), layers.LSTM(3)
        if not within:
            return Model(ids, [lstm(one), last(dense(two))])
        given = {"mask": ops.not_equal(ids[1], shown)} if shown else {}
        return Model(ids, [lstm(one), Model(inner, last(dense(inner)))(two, **given)])

    flat, nested = build(within=False), build(within=True)
    assert "Masked" not in {call.op for call in read_graph(nested).calls}
    assert compare(nested, flat).passed
    assert not compare(build(within=True, shown=1), flat).passed


def test_no_operation_of_a_mask_is_read_behind_merges_of_merges():
    ids = [Input((6,), dtype="int32") for _ in range(3)]
    one, two, three = (layers.Embedding(9, 4, mask_zero=True)(each) for each in ids)
    joined = layers.Concatenate()([layers.Add()([one, two]), three])
    ops_read = [call.op for call in read_graph(Model(ids, lstm(joined))).calls]
    assert ops_read == ["Input"] * 3 + ["Embedding"] * 3 + ["Add", "Concatenate", "LSTM"]


def test_a_layer_of_ones_own_that_hands_a_mask_on():
    class Doubling(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.supports_masking = True

        def call(self, x):
            return 2 * x

    def build(mask):
        ids = Input((6,), dtype="int32")
        made = Doubling()(layers.Embedding(9, 4, mask_zero=True)(ids))
        return Model(ids, lstm(made, **mask(ids)))

    plain = build(lambda ids: {})
    assert compare(build(lambda ids: {"mask": ids != 0}), plain).passed
    assert not compare(build(lambda ids: {"mask": ids != 1}), plain).passed
