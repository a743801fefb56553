"""Functions written out, cells that make one step, masks that a softmax goes by."""

import keras
import numpy as np
import pytest
from keras import Input, Model, layers, ops
from versions import built_if_allowed

from autograder import compare
from autograder.by_value import comparison
from autograder.by_value.agreement import difference, far_from_zero
from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_graph


def said(answer, reference):
    return by_value(read_graph(answer), read_graph(reference)).said


def same(answer, reference):
    return said(answer, reference) is Said.EQUAL


def differs(answer, reference):
    """Whether neither judge takes one for the other."""
    return said(answer, reference) is Said.DIFFERENT and not compare(answer, reference).passed


def of_dense(make):
    x = Input((4,))
    return Model(x, make(layers.Dense(3)(x)))


def by_exponentials(x, axis=-1):
    made = ops.exp(x)
    return made / ops.sum(made, axis=axis, keepdims=True)


FORMULAS = {
    "sigmoid": (ops.sigmoid, lambda x: 1 / (1 + ops.exp(-x)), lambda x: 1 / (1 + ops.exp(x))),
    "softmax": (ops.softmax, by_exponentials, lambda x: by_exponentials(2 * x)),
    "softmax, moved": (
        ops.softmax,
        lambda x: by_exponentials(x - ops.max(x, axis=-1, keepdims=True)),
        lambda x: by_exponentials(x / ops.max(x, axis=-1, keepdims=True)),
    ),
    "softplus": (
        ops.softplus,
        lambda x: ops.log(1 + ops.exp(x)),
        lambda x: ops.log(2 + ops.exp(x)),
    ),
    "tanh": (
        ops.tanh,
        lambda x: (ops.exp(x) - ops.exp(-x)) / (ops.exp(x) + ops.exp(-x)),
        lambda x: (ops.exp(x) - 1) / (ops.exp(x) + 1),
    ),
    "log of a softmax": (
        ops.log_softmax,
        lambda x: ops.log(ops.softmax(x)),
        lambda x: ops.log(ops.sigmoid(x)),
    ),
    "sum of exponentials": (
        lambda x: ops.logsumexp(x, axis=(-1,)),
        lambda x: ops.log(ops.sum(ops.exp(x), axis=-1)),
        lambda x: ops.log(ops.mean(ops.exp(x), axis=-1)),
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_written_out_is_the_same(name):
    short, written_out, other = FORMULAS[name]
    reference = of_dense(short)
    assert same(of_dense(written_out), reference)
    assert same(reference, of_dense(written_out))
    assert differs(of_dense(other), reference)


def test_only_large_examples_may_overflow():
    inputs = [np.array([[1.0], [1000.0], [np.inf]])]
    large = far_from_zero(inputs, [False])
    assert large.tolist() == [False, True, False]
    assert far_from_zero(inputs, [True]) is None
    want = np.array([[1.0], [1.0], [1.0]])
    for place, agrees in enumerate((False, True, False)):
        got = want.copy()
        got[place] = np.nan
        assert (difference([got], [want], lambda: [want], large)[0] == "") is agrees
        assert difference([got], [want], lambda: [want])[0]
    assert difference([want * 2], [want], lambda: [want], large)[0]


def test_what_rounding_leaves_of_nothing_is_nothing():
    nothing, little = np.zeros((3, 2)), np.full((3, 2), 2.22e-16)
    assert difference([little], [nothing], lambda: [nothing])[0] == ""
    assert difference([nothing], [little], lambda: [little])[0] == ""
    assert difference([2 * little], [little], lambda: [little])[0]
    assert difference([nothing + 1e-9], [nothing], lambda: [nothing])[0]


CELLS = {
    "LSTM": (layers.LSTMCell, layers.LSTM, 2),
    "GRU": (layers.GRUCell, layers.GRU, 1),
    "SimpleRNN": (layers.SimpleRNNCell, layers.SimpleRNN, 1),
}


def one_step(make, states, **settings):
    x, before = Input((4,)), [Input((3,)) for _ in range(states)]
    return Model([x, *before], make(x, before))


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_one_step_of_its_layer(name):
    cell, layer, states = CELLS[name]

    def by_cell(**settings):
        def make(x, before):
            made, after = cell(3, **settings)(x, before)
            return [made, keras.tree.flatten(after)[-1]]

        return one_step(make, states)

    def by_layer(x, before):
        made, *after = layer(3, return_state=True)(x[:, None], initial_state=before)
        return [made, after[-1]]

    stepped = one_step(by_layer, states)
    assert same(stepped, by_cell())
    assert same(by_cell(), stepped)
    assert differs(by_cell(activation="relu"), stepped)


def test_the_states_of_a_cell_are_told_apart():
    def crossed(x, before):
        made, after = layers.LSTMCell(3)(x, before[::-1])
        return [made, after[1]]

    def straight(x, before):
        made, after = layers.LSTMCell(3)(x, before)
        return [made, after[1]]

    assert differs(one_step(crossed, 2), one_step(straight, 2))


def masked_softmax(axis=-1, mask=lambda m: {"mask": m}):
    x, m = Input((6, 4)), Input((6, 4), dtype="bool")
    return Model([x, m], [layers.Softmax(axis=axis)(x, **mask(m)), ops.cast(m, "float32")])


def test_a_mask_counts_that_a_softmax_is_given():
    reference = masked_softmax()
    assert same(masked_softmax(axis=2), reference)
    assert differs(masked_softmax(axis=1), reference)
    assert differs(masked_softmax(mask=lambda m: {}), reference)
    assert differs(reference, masked_softmax(mask=lambda m: {}))
    other = masked_softmax(mask=lambda m: {"mask": ops.logical_not(m)})
    assert differs(other, reference)


def scored(softmax):
    """Scores that are looked at where a mask says so."""
    x, m = Input((6, 3)), Input((3,), dtype="bool")
    return Model([x, m], layers.Dense(2)(softmax(layers.Dense(3)(x)[:, 0], m)))


HIDDEN = {
    "by where": lambda x, m: ops.softmax(ops.where(m, x, -1e9)),
    "by a sum": lambda x, m: ops.softmax(x + (1 - ops.cast(m, "float32")) * -1e9),
    "and zeroed": lambda x, m: ops.where(m, ops.softmax(ops.where(m, x, -1e9)), 0.0),
    "by a difference": lambda x, m: ops.softmax(x - 1e9 * ops.cast(~m, "float32")),
    "one by one": lambda x, m: ops.softmax(ops.where(m, x, x - 1e9)),
}
NOT_HIDDEN = {
    "zeros": lambda x, m: ops.softmax(ops.where(m, x, 0.0)),
    "the others": lambda x, m: ops.softmax(ops.where(m, -1e9, x)),
    "a little less": lambda x, m: ops.softmax(x + (1 - ops.cast(m, "float32")) * -3.0),
    "afterwards": lambda x, m: ops.softmax(x) * ops.cast(m, "float32"),
    "not at all": lambda x, m: ops.softmax(x),
    "by what is no number where all is hidden": lambda x, m: ops.softmax(ops.where(m, x, -np.inf)),
}


def zeroes_what_is_hidden():
    looked = layers.Softmax()(np.ones((1, 3), "float32"), mask=np.zeros((1, 3), bool))
    return not np.any(looked)


@pytest.mark.parametrize("name", [*HIDDEN, *NOT_HIDDEN])
def test_what_a_softmax_does_not_look_at_may_be_hidden_by_hand(name):
    reference = scored(lambda x, m: layers.Softmax()(x, mask=m))
    answer = built_if_allowed(lambda: scored({**HIDDEN, **NOT_HIDDEN}[name]))
    if name == "and zeroed" and not zeroes_what_is_hidden():
        pytest.skip("where nothing is looked at, a softmax of this Keras is no 0")
    answer.set_weights(reference.get_weights())
    given = [np.random.default_rng(2).normal(size=(8, 6, 3)), np.eye(8, 3) < 1]
    alike = np.allclose(answer(given), reference(given), atol=1e-4)
    assert alike == (name in HIDDEN or "no number" in name)
    assert same(answer, reference) == (name in HIDDEN)
    assert same(reference, answer) == (name in HIDDEN)


@pytest.mark.parametrize("name", ["by a sum", "by a difference", "one by one"])
def test_where_all_is_hidden_a_sum_is_what_it_is_in_usual_numbers(name):
    reference, answer = scored(HIDDEN["by where"]), scored(HIDDEN[name])
    answer.set_weights(reference.get_weights())
    given = [np.random.default_rng(2).normal(size=(8, 6, 3)), np.zeros((8, 3), bool)]
    assert np.allclose(answer(given), reference(given), atol=1e-4)
    assert same(answer, reference)
    assert same(reference, answer)


def part_with_a_mask(call):
    x, m = Input((6, 4)), Input((6,), dtype="bool")
    inside = Input((6, 4))
    part = Model(inside, layers.GRU(3)(layers.Dense(4)(inside)))
    return Model([x, m], [call(part, x, m), ops.cast(m, "float32")])


def test_a_part_is_given_a_mask():
    reference = part_with_a_mask(lambda part, x, m: part(x, mask=m))
    written = part_with_a_mask(lambda part, x, m: layers.GRU(3)(layers.Dense(4)(x), mask=m))
    assert same(written, reference)
    assert differs(part_with_a_mask(lambda part, x, m: part(x)), reference)


WEIGHTS = np.array([1, 2, 3, 4], "float32")
MEANS = {
    "as it is": lambda x: ops.average(x, axis=1, weights=WEIGHTS),
    "by a sum": lambda x: ops.sum(x * WEIGHTS[None, :, None], axis=1) / 10.0,
    "by letters": lambda x: ops.einsum("bij,i->bj", x, WEIGHTS) / 10.0,
}
OTHER_MEANS = {
    "without weights": lambda x: ops.mean(x, axis=1),
    "weights in another order": lambda x: ops.average(x, axis=1, weights=WEIGHTS[::-1].copy()),
    "a sum": lambda x: ops.sum(x * WEIGHTS[None, :, None], axis=1),
}


def directly(make):
    x = Input((4, 3))
    return Model(x, make(x))


@pytest.mark.parametrize("name", [*MEANS, *OTHER_MEANS])
def test_a_mean_with_weights(name):
    answer = directly({**MEANS, **OTHER_MEANS}[name])
    assert same(answer, directly(MEANS["as it is"])) == (name in MEANS)


def test_what_a_mean_is_weighed_by_is_no_term_of_it():
    def build(flip):
        x, y = Input((4, 4)), Input((4, 4))
        a, b = layers.Softmax()(x), layers.Softmax()(y)
        return Model([x, y], ops.average(*(b, 1) if flip else (a, 1), weights=a if flip else b))

    assert same(build(False), build(False))
    assert differs(build(True), build(False))


def attention_by_hand(swapped=False, moved=True, scale=3):
    """Heads written out; with the keys first, or without putting the heads in front."""
    x = Input((5, 4))
    first, second, values = (layers.Reshape((5, 2, 3))(layers.Dense(6)(x)) for _ in range(3))
    queries, keys = (second, first) if swapped else (first, second)
    if moved:
        queries, keys, values = (ops.transpose(t, (0, 2, 1, 3)) for t in (queries, keys, values))
        scores = ops.softmax(queries @ ops.swapaxes(keys, 2, 3) / scale**0.5)
        made = ops.transpose(scores @ values, (0, 2, 1, 3))
    else:
        scores = ops.softmax(ops.einsum("bqhd,bkhd->bhqk", queries, keys) / scale**0.5)
        made = ops.einsum("bhqk,bkhd->bqhd", scores, values)
    return Model(x, layers.Dense(2)(layers.Dense(4)(ops.reshape(made, (-1, 5, 6)))))


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("moved", [False, True])
def test_heads_written_out_are_an_attention_of_several_heads(swapped, moved, monkeypatch):
    # How they match is asked here; a busy machine takes longer than is allowed while grading.
    monkeypatch.setattr(comparison, "SECONDS_BY_NUMBERS", 30)
    x = Input((5, 4))
    reference = Model(x, layers.Dense(2)(layers.MultiHeadAttention(2, 3)(x, x)))
    assert same(attention_by_hand(swapped, moved), reference)
    assert differs(attention_by_hand(swapped, moved, scale=2), reference)


def test_a_part_that_skips_padding_in_each_sentence_is_one_called_for_each():
    def build(call, skips=True):
        words, sentence = Input((2, 4), dtype="int32"), Input((4,), dtype="int32")
        steps = layers.Embedding(9, 3, mask_zero=skips)(sentence)
        part = Model(sentence, layers.GRU(2)(steps))
        return Model(words, layers.LSTM(2)(call(part, words)))

    reference = build(lambda part, x: layers.TimeDistributed(part)(x))
    one_by_one = build(lambda part, x: ops.stack([part(x[:, 0]), part(x[:, 1])], axis=1))
    assert same(one_by_one, reference)
    assert differs(build(lambda part, x: layers.TimeDistributed(part)(x), False), reference)
    turned = build(lambda part, x: ops.stack([part(x[:, 1]), part(x[:, 0])], axis=1))
    assert differs(turned, reference)
