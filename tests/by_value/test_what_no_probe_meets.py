"""What shows at single numbers, in certain lengths or in training alone: it is met, or compared."""

import keras
import numpy as np
import pytest
from keras import Input, Model, layers, ops
from sweeps import one_in

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_graph


def said(answer, reference):
    return by_value(read_graph(answer), read_graph(reference)).said


def dense_between(shape, make):
    x = Input(shape)
    return Model(x, layers.Dense(3)(make(layers.Dense(6)(x))))


def directly(shape, make, **kind):
    x = Input(shape, **kind)
    return Model(x, layers.Dense(2)(make(x)))


def looked_up(size, make):
    ids = Input((5,), dtype="int32")
    return Model(ids, layers.LSTM(3)(layers.Embedding(size, 4)(make(ids))))


def masked(mask):
    ids = Input((8,), dtype="int32")
    return Model(ids, layers.LSTM(3)(layers.Embedding(1000, 4)(ids), mask=mask(ids)))


def masked_from_below(mask):
    """One where ids from −1 are looked up: the table begins with that."""
    ids = Input((8,), dtype="int32")
    return Model(ids, layers.LSTM(3)(layers.Embedding(9, 4)(ids + 1), mask=mask(ids)))


def counted(is_long):
    """One that goes by how many words there are."""
    ids = Input((8,), dtype="int32")
    count = ops.sum(ops.cast(ids > 0, "int32"), axis=1)
    told = ops.cast(is_long(count), "float32")[:, None]
    return Model(ids, layers.Dense(2)(layers.Flatten()(layers.Embedding(9, 4)(ids)) * told))


def masked_by_itself():
    ids = Input((8,), dtype="int32")
    return Model(ids, layers.LSTM(3)(layers.Embedding(1000, 4, mask_zero=True)(ids)))


def padded(number):
    x = Input((6, 3))
    return Model(x, layers.LSTM(3)(x, mask=ops.any(ops.not_equal(x, number), axis=-1)))


def quotients(make):
    ids = Input((5,), dtype="int32")
    parts = [layers.Embedding(100, 4)(part) for part in make(ids)]
    return Model(ids, layers.Multiply()(parts))


def tables(by):
    few, many = Input((5,), dtype="int32"), Input((5,), dtype="int32")
    parts = [layers.Embedding(10, 4)(few), layers.Embedding(5000, 4)(many // by)]
    return Model([few, many], layers.Concatenate()(parts))


def counted_from(least, bound, ids=3, known=10):
    """The sum of some ids from a least one on, and what is done to what is below 0."""
    read = Input((ids,), dtype="int32")
    sums = bound(ops.sum(ops.cast(read, "float32"), axis=-1, keepdims=True) - least)
    found = layers.Flatten()(layers.Embedding(known, 4)(read))
    return Model(read, layers.Dense(2)(layers.Concatenate()([sums, found])))


def any_length(make):
    x = Input((None, 3))
    return Model(x, make(layers.Dense(4)(x)))


def tagger(skips):
    words = Input((5,), dtype="int32")
    h = layers.Embedding(9, 4, mask_zero=skips)(words)
    return Model(words, layers.Dense(9, activation="softmax")(h))


def prediction(stops):
    one, other = Input((4,)), Input((4,))
    encode, predict = layers.Dense(3, activation="tanh"), layers.Dense(3)
    ends = [predict(encode(one)), encode(other)]
    ends[stops] = ops.stop_gradient(ends[stops])
    return Model([one, other], ops.sum(ends[0] * ends[1], axis=-1))


def halves(stopped):
    x = Input((4,))
    a = layers.Dense(4, activation="relu")(x)
    parts = [a[:, :2], a[:, 2:]]
    parts[stopped] = ops.stop_gradient(parts[stopped])
    return Model(x, layers.Dense(2)(ops.cumsum(layers.Concatenate()(parts), axis=-1)))


def stopped(times):
    x = Input((4,))
    h = kept = layers.Dense(3)(x)
    for _ in range(times):
        kept = ops.stop_gradient(kept)
    return Model(x, layers.Dense(2)(kept * h))


def respelled(h, is_other):
    return layers.Dense(2)(ops.square(h + 1) - 1 if is_other else h * h + 2 * h)


def steps_dropped(is_other, **rates):
    x = Input((5, 4))
    return Model(x, respelled(layers.LSTM(3, **rates)(x), is_other))


def scores_dropped(is_other, *rates):
    x = h = Input((5, 4))
    for rate in rates:
        h = layers.Attention(dropout=rate)([h, layers.Dense(4)(h)])
    return Model(x, respelled(h, is_other))


def hard_sigmoid(how, limit=6.0):
    ways = {
        "relu6": lambda t: ops.relu6(t + 3.0) / 6.0,
        "ReLU": lambda t: layers.ReLU(limit)(t + 3.0) * (1 / 6),
        "clip": lambda t: ops.clip(t / 6 + 0.5, 0.0, limit / 6),
        "silu": lambda t: layers.ReLU(limit)(t + 3.0) / 6 * t,
    }
    return dense_between((8,), ways[how])


def shrunk(limit):
    return dense_between((8,), lambda t: ops.where(ops.abs(t) > limit, t, 0.0))


def limited(activation):
    return dense_between((8,), layers.Activation(activation))


SAME = {
    "hard sigmoid by relu6": lambda: (hard_sigmoid("relu6"), limited("hard_sigmoid")),
    "hard sigmoid by ReLU": lambda: (hard_sigmoid("ReLU"), limited("hard_sigmoid")),
    "hard sigmoid by clip": lambda: (hard_sigmoid("clip"), limited("hard_sigmoid")),
    "hard silu": lambda: (hard_sigmoid("silu"), limited("hard_silu")),
    "hard shrink": lambda: (shrunk(0.5), limited("hard_shrink")),
    "hard tanh": lambda: (
        dense_between((8,), lambda t: ops.minimum(ops.maximum(t, -1.0), 1.0)),
        limited("hard_tanh"),
    ),
    "number missing": lambda: (
        directly((4,), lambda x: ops.where(ops.equal(x, -999.0), 0.0, x)),
        directly((4,), lambda x: ops.where(ops.not_equal(x, -999.0), x, 0.0)),
    ),
    "no number": lambda: (
        directly((4,), lambda x: ops.where(ops.isnan(x), 0.0, x)),
        directly((4,), lambda x: ops.where(ops.logical_not(ops.isnan(x)), x, 0.0)),
    ),
    "id skipped": lambda: (
        masked(lambda ids: ops.not_equal(ids, 3)),
        masked(lambda ids: ops.logical_not(ops.equal(ids, 3))),
    ),
    "padding by what is more than 0": lambda: (
        masked(lambda ids: ops.greater(ids, 0)),
        masked_by_itself(),
    ),
    "padding by what is 1 or more": lambda: (masked(lambda ids: ids >= 1), masked_by_itself()),
    "padding by what is true": lambda: (
        masked(lambda ids: ops.cast(ids, "bool")),
        masked_by_itself(),
    ),
    "padding by what lies between": lambda: (masked(lambda ids: ids > 0.5), masked_by_itself()),
    "padding below 0": lambda: (
        masked_from_below(lambda ids: ops.greater(ids, -1)),
        masked_from_below(lambda ids: ops.not_equal(ids, -1)),
    ),
    "as many words": lambda: (counted(lambda n: n >= 6), counted(lambda n: ops.greater(n, 5))),
    "quotient": lambda: (
        quotients(lambda ids: (ids // 100, ids % 100)),
        quotients(lambda ids: (ids // 100, ids - 100 * (ids // 100))),
    ),
    "mean of any length": lambda: (
        any_length(lambda h: ops.mean(h, axis=1)),
        any_length(lambda h: layers.GlobalAveragePooling1D()(h)),
    ),
    "stopped twice": lambda: (stopped(2), stopped(1)),
    "steps dropped": lambda: (steps_dropped(True, dropout=0.3), steps_dropped(False, dropout=0.3)),
    "scores dropped": lambda: (scores_dropped(True, 0.1, 0.5), scores_dropped(False, 0.1, 0.5)),
}

OTHER = {
    "last hundred of what is read in turn": lambda: (
        any_length(lambda h: layers.LSTM(2)(h[:, -100:])),
        any_length(lambda h: layers.LSTM(2)(h)),
    ),
    "last twenty of what is read in turn": lambda: (
        any_length(lambda h: layers.LSTM(2)(h[:, -20:])),
        any_length(lambda h: layers.LSTM(2)(h)),
    ),
    "a window of 64": lambda: (
        any_length(lambda h: layers.Conv1D(2, 2, dilation_rate=64, padding="causal")(h)),
        any_length(lambda h: layers.Conv1D(2, 2, dilation_rate=32, padding="causal")(h)),
    ),
    "a loss that skips nothing": lambda: (tagger(True), tagger(False)),
    "hard sigmoid to 1.05": lambda: (hard_sigmoid("ReLU", 6.3), limited("hard_sigmoid")),
    "hard silu to 1.05": lambda: (hard_sigmoid("silu", 6.3), limited("hard_silu")),
    "clipped at 1.05": lambda: (hard_sigmoid("clip", 6.3), limited("hard_sigmoid")),
    "shrunk below 0.6": lambda: (shrunk(0.6), limited("hard_shrink")),
    "another number missing": lambda: (
        directly((4,), lambda x: ops.where(ops.equal(x, -999.0), 0.0, x)),
        directly((4,), lambda x: ops.where(ops.equal(x, -1.0), 0.0, x)),
    ),
    "no number kept": lambda: (
        directly((4,), lambda x: x),
        directly((4,), lambda x: ops.where(ops.isnan(x), 0.0, x)),
    ),
    "no number by nan_to_num": lambda: (
        directly((4,), lambda x: x),
        directly((4,), ops.nan_to_num),
    ),
    "another id skipped": lambda: (
        masked(lambda ids: ops.not_equal(ids, 7)),
        masked(lambda ids: ops.not_equal(ids, 3)),
    ),
    "more than padding is skipped": lambda: (masked(lambda ids: ids > 1), masked_by_itself()),
    "fewer words": lambda: (counted(lambda n: n >= 6), counted(lambda n: n > 6)),
    "nothing is skipped": lambda: (masked(lambda ids: ids >= 0), masked_by_itself()),
    "nothing is skipped below 0": lambda: (
        masked_from_below(lambda ids: ids > -2),
        masked_from_below(lambda ids: ids > -1),
    ),
    "all is skipped below 1": lambda: (
        masked_from_below(lambda ids: ids > 0),
        masked_from_below(lambda ids: ids > -1),
    ),
    "a rare id is skipped": lambda: (masked(lambda ids: ids > 700), masked(lambda ids: ids > 701)),
    "another number pads": lambda: (padded(-99.0), padded(-1.0)),
    "last id kept": lambda: (
        looked_up(5000, lambda ids: ids),
        looked_up(5000, lambda ids: ops.where(ops.equal(ids, 4999), 1, ids)),
    ),
    "another rare id": lambda: (
        looked_up(5000, lambda ids: ops.where(ids > 4990, 1, ids)),
        looked_up(5000, lambda ids: ops.where(ids > 4991, 1, ids)),
    ),
    "at the limit": lambda: (
        directly((4,), lambda x: ops.cast(x > 1, "float32")),
        directly((4,), lambda x: ops.cast(x >= 1, "float32")),
    ),
    "another divisor": lambda: (
        quotients(lambda ids: (ids // 200, ids % 100)),
        quotients(lambda ids: (ids // 100, ids % 100)),
    ),
    "no quotient": lambda: (
        quotients(lambda ids: (ids * 0, ids % 100)),
        quotients(lambda ids: (ids // 100, ids % 100)),
    ),
    "another divisor of one table": lambda: (tables(100), tables(50)),
    "divided by a length": lambda: (
        any_length(lambda h: ops.sum(h, axis=1) / 4),
        any_length(lambda h: ops.mean(h, axis=1)),
    ),
    "last hundred": lambda: (
        any_length(lambda h: ops.mean(h[:, -100:], axis=1)),
        any_length(lambda h: ops.mean(h, axis=1)),
    ),
    "rolled": lambda: (
        any_length(lambda h: layers.LSTM(2)(ops.roll(h, 4, axis=1))),
        any_length(lambda h: layers.LSTM(2)(h)),
    ),
    "the other side stopped": lambda: (prediction(0), prediction(1)),
    "the other half stopped": lambda: (halves(0), halves(1)),
    "dropped in another place": lambda: (
        steps_dropped(True, recurrent_dropout=0.3),
        steps_dropped(False, dropout=0.3),
    ),
    "scores dropped the other way": lambda: (
        scores_dropped(True, 0.1, 0.5),
        scores_dropped(False, 0.5, 0.1),
    ),
}
BOUNDS = {
    "relu": ops.relu,
    "abs": ops.abs,
    "leaky relu": ops.leaky_relu,
    "maximum": lambda sums: ops.maximum(sums, 0.0),
    "elu": ops.elu,
}
OTHER |= {
    f"few sums are below {least}: {name}": lambda bound=bound, least=least: (
        counted_from(least, lambda sums: sums),
        counted_from(least, bound),
    )
    for least in (1, 2)
    for name, bound in BOUNDS.items()
}
SAME |= {
    f"no sum is below 0: {name}": lambda bound=bound: (
        counted_from(0, lambda sums: sums),
        counted_from(0, bound),
    )
    for name, bound in BOUNDS.items()
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same_is_told_so(name):
    assert said(*SAME[name]()) is Said.EQUAL


@one_in(3)
@pytest.mark.parametrize("name", OTHER)
def test_what_differs_there_alone_is_not_taken_for_the_same(name):
    answer, reference = OTHER[name]()
    assert said(answer, reference) is not Said.EQUAL
    assert said(reference, answer) is not Said.EQUAL
    assert said(reference, reference) is not Said.DIFFERENT


def test_a_row_of_each_kind_is_the_same_in_keras():
    """The labels above, by real models: what is called another one makes other numbers there."""
    for name in ("another number missing", "no number kept", "at the limit"):
        answer, reference = OTHER[name]()
        answer.set_weights(reference.get_weights())
        given = np.array([[-999.0, -1.0, 1.0, np.nan]])[:, [0, 1, 2, 3 if "no" in name[:2] else 2]]
        assert not np.allclose(answer(given), reference(given), equal_nan=True), name
    for name in ("hard sigmoid by clip", "hard silu", "hard shrink", "number missing"):
        answer, reference = SAME[name]()
        answer.set_weights(reference.get_weights())
        given = np.linspace(-999, 9, 64).reshape(-1, answer.inputs[0].shape[1])
        assert np.allclose(answer(given), reference(given), atol=1e-3), name
    keras.backend.clear_session()
