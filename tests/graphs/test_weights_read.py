"""Weights of layers that operations, functions and layers of one's own read: Keras says which."""

import json
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import Input, Model, layers, ops

from autograder import compare
from autograder.by_value import asking
from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_graph
from autograder.graphs.graph import WEIGHT
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.teaching.explain import explain


@pytest.fixture
def evaluated(monkeypatch):
    """Networks are evaluated where their structures differ."""
    monkeypatch.delenv(asking.SWITCH)


TIED = {
    "einsum": lambda y, w: ops.einsum("bj,ij->bi", y, w),
    "the array first": lambda y, w: ops.einsum("ij,bj->bi", w, y),
    "tensordot": lambda y, w: ops.tensordot(y, w, axes=[[1], [1]]),
    "matmul": ops.matmul,
    "an operator": lambda y, w: y @ w,
    "by name": lambda y, w: ops.matmul(x1=y, x2=w),
    "in a list": lambda y, w: ops.concatenate([y, w], axis=0),
    "the variable as a tensor": lambda y, w: y @ ops.convert_to_tensor(w),
    "transposed at once": lambda y, w: y @ ops.transpose(w),
    "computed at once": lambda y, w: y @ (w * 1.0),
    "numbers of today": lambda y, w: y @ w.numpy(),
    "a part of it": lambda y, w: y * w[0],
    "in a Lambda": lambda y, w: layers.Lambda(lambda t: t @ ops.transpose(w))(y),
}


def _square() -> tuple[keras.KerasTensor, layers.Dense, layers.Dense, keras.KerasTensor]:
    start = Input((4,))
    first, second = layers.Dense(4, "relu", name="one"), layers.Dense(4, "tanh", name="two")
    return start, first, second, second(first(start))


@pytest.mark.parametrize("way", TIED)
def test_a_weight_is_read_where_the_output_follows_it(way):
    start, _, second, hidden = _square()
    model, inner = Model(start, TIED[way](hidden, second.kernel)), Model(start, hidden)
    data = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    before, kept = np.asarray(model(data)), np.asarray(inner(data))
    old = second.kernel.numpy()
    second.kernel.assign(old + 1)
    tail = Model(hidden, model.output)
    follows = not np.allclose(before, tail(kept), atol=1e-5)
    second.kernel.assign(old)
    graph = read_graph(model)
    weights = [call for call in graph.calls if call.op == WEIGHT]
    assert bool(weights) is follows
    assert all(call.config == {"weight": "kernel"} for call in weights)
    owner = next(call for call in graph.calls if call.name == "two" and call.op == "Dense")
    assert all(call.weights == owner.weights and call.name == "two" for call in weights)


def _tied(read, name="kernel"):
    start, first, second, hidden = _square()
    return Model(start, read(hidden, *(getattr(each, name) for each in (first, second))))


def _undone(y, *kernels):
    for kernel in reversed(kernels):
        y = ops.relu(ops.einsum("bj,ij->bi", y, kernel))
    return y


def _undone_otherwise(y, first, second):
    y = layers.Activation("relu")(ops.tensordot(y, second, axes=[[1], [1]]))
    return ops.relu(ops.einsum("ij,bj->bi", first, y))


WRONG = {
    "each other's": lambda y, one, two: _undone(y, two, one),
    "one of them twice": lambda y, one, two: _undone(y, two, two),
    "not transposed": lambda y, one, two: ops.relu(ops.relu(y @ two) @ one),
    "a copy": lambda y, one, two: _undone(y, one, two * 1.0),
    "numbers": lambda y, one, two: _undone(y, one.numpy(), two),
    "a layer": lambda y, one, two: layers.Dense(4, "relu", use_bias=False)(_undone(y, two)),
    "no weight": lambda y, one, two: y,
}


@pytest.mark.parametrize("right", [_undone, _undone_otherwise])
def test_the_same_weights_pass_however_they_are_read(evaluated, right):
    assert compare(_tied(right), _tied(_undone)).passed


@pytest.mark.parametrize("wrong", WRONG)
def test_other_weights_are_refused(evaluated, wrong):
    assert not compare(_tied(WRONG[wrong]), _tied(_undone)).passed
    assert not compare(_tied(_undone), _tied(WRONG[wrong])).passed


MERGED = {
    "a distance": (
        lambda y, w: ops.norm(ops.expand_dims(y, 1) - w, axis=-1),
        lambda y, w: ops.sqrt(ops.sum(ops.square(ops.expand_dims(y, 1) - w), axis=-1)),
        lambda y, w: ops.sqrt(ops.sum(ops.square(ops.expand_dims(y, 2) - w), axis=1)),
    ),
    "a sum": (
        lambda y, w: ops.expand_dims(y, 1) + w + w,
        lambda y, w: ops.expand_dims(y, 1) + 2 * ops.add(w, 0 * ops.expand_dims(y, 1)),
        lambda y, w: ops.expand_dims(y, 1) + w,
    ),
    "taken away": (
        lambda y, w: ops.expand_dims(y + ops.exp(y), 1) - w,
        lambda y, w: ops.expand_dims(y, 1) - w + ops.expand_dims(ops.exp(y), 1),
        lambda y, w: ops.subtract(w, ops.expand_dims(y, 1)) + ops.expand_dims(ops.exp(y), 1),
    ),
    "a mean of two": (
        lambda y, w: (ops.expand_dims(y, 1) + w) / 2,
        lambda y, w: ops.expand_dims(y, 1) / 2 + ops.multiply(w, ops.expand_dims(0 * y + 0.5, 1)),
        lambda y, w: (ops.expand_dims(y, 2) + w) / 2,
    ),
    "the larger one": (
        lambda y, w: ops.maximum(ops.expand_dims(y, 1), w),
        lambda y, w: ops.expand_dims(y, 1) + ops.relu(ops.subtract(w, ops.expand_dims(y, 1))),
        lambda y, w: ops.minimum(ops.expand_dims(y, 1), w),
    ),
}


@pytest.mark.parametrize("kind", MERGED)
def test_a_weight_that_is_merged_goes_with_every_example(evaluated, kind):
    reference, right, wrong = (
        _tied(lambda y, one, two, read=read: read(y, one)) for read in MERGED[kind]
    )
    assert compare(right, reference).passed
    assert by_value(read_graph(right), read_graph(reference)).said is Said.EQUAL
    assert not compare(wrong, reference).passed
    assert by_value(read_graph(wrong), read_graph(reference)).said is Said.DIFFERENT


def test_what_a_layer_computes_of_its_weights_is_the_layer(evaluated):
    def built(again):
        start, layer = Input((4,)), layers.Dense(4, "relu")
        return Model(start, again(layer, layers.Dense(4, "tanh")(layer(start))))

    def by_hand(layer, y):
        return ops.relu(y @ layer.kernel + layer.bias)

    called = built(lambda layer, y: layer(y))
    assert compare(built(by_hand), called).passed
    assert not compare(built(lambda layer, y: ops.relu(y @ layer.kernel)), called).passed


def test_a_weight_that_is_meant_to_be_none_is_refused(evaluated):
    untied = Model(start := Input((4,)), layers.Dense(4, "relu")(layers.Dense(4)(start)))
    tied = Model(start := Input((4,)), (d := layers.Dense(4))(start))
    tied = Model(start, ops.relu(ops.einsum("bj,ij->bi", tied.output, d.kernel)))
    assert not compare(tied, untied).passed


@pytest.mark.parametrize("number", range(2))
def test_which_weight_of_a_layer_counts(number):
    def built(at):
        steps = Input((3, 4))
        layer = layers.SimpleRNN(4)
        return Model(steps, layer(steps) @ layer.weights[at])

    assert compare(built(number), built(number)).passed
    assert not compare(built(1 - number), built(number)).passed


def _in_steps(way):
    steps, layer = Input((6, 4)), layers.Dense(3)
    code = layer(steps)
    if way == "at once":
        return Model(steps, ops.einsum("bsj,ij->bsi", code, layer.kernel))
    if way == "in a model":
        inner = Input((6, 3))
        return Model(steps, Model(inner, ops.einsum("bsj,ij->bsi", inner, layer.kernel))(code))
    if way == "as a convolution":
        layer = layers.Conv1D(3, 1)
        code = layer(steps)
        return Model(steps, ops.einsum("bsj,kij->bsi", code, layer.kernel))
    inner = Input((3,))
    step = Model(inner, ops.einsum("bj,ij->bi", inner, layer.kernel))
    return Model(steps, layers.TimeDistributed(step)(code))


@pytest.mark.parametrize("way", ["at once", "in a model", "in each step", "as a convolution"])
def test_a_weight_is_the_same_wherever_it_is_read(evaluated, way):
    assert compare(_in_steps(way), _in_steps("at once")).passed


@pytest.mark.parametrize("read", [TIED["einsum"], TIED["tensordot"]], ids=["alike", "otherwise"])
def test_a_weight_may_be_read_before_its_layer_is_called(evaluated, read):
    def built(read, which):
        start, both = Input((4,)), [layers.Dense(4, "tanh"), layers.Dense(4, "tanh")]
        for layer in both:
            layer.build((None, 4))
        hidden = both[0](read(start, both[which].kernel))
        return Model(start, both[1](hidden))

    assert compare(built(read, 0), built(TIED["einsum"], 0)).passed
    assert not compare(built(read, 1), built(TIED["einsum"], 0)).passed


def test_a_function_that_draws_numbers_reads_no_weight():
    start = Input((4,))
    noisy = layers.Lambda(lambda x: x + keras.random.normal(ops.shape(x)))
    graph = read_graph(Model(start, noisy(start)))
    assert not [call for call in graph.calls if call.op == WEIGHT]


class Undoing(layers.Layer):
    """Holds a layer, and reads its kernel."""

    def __init__(self, layer, **settings):
        super().__init__(**settings)
        self.layer = layer

    def call(self, x):
        return ops.matmul(x, ops.transpose(self.layer.kernel))


def _by_own_code(code, which):
    start = Input((4,))
    both = [layers.Dense(4, "tanh"), layers.Dense(4, "tanh")]
    hidden, held = both[1](both[0](start)), both[which]

    def undone(x):
        return x @ ops.transpose(held.kernel)

    made_by = {
        "layer": Undoing(held),
        "function": layers.Lambda(undone),
        "activation": layers.Activation(undone),
        "activation of a layer": layers.Dense(4, activation=undone),
    }
    return Model(start, made_by[code](hidden))


@pytest.mark.parametrize("code", ["layer", "function", "activation", "activation of a layer"])
def test_own_code_is_told_apart_by_whose_weights_it_reads(evaluated, code):
    assert compare(_by_own_code(code, 1), _by_own_code(code, 1)).passed
    assert not compare(_by_own_code(code, 0), _by_own_code(code, 1)).passed


def _table(way):
    ids, table = Input((6,), dtype="int32"), layers.Embedding(9, 4)
    made = table(ids) if way != "alone" else ops.take(table.embeddings, ids, axis=0)
    if way == "tied":
        made = ops.einsum("bsd,vd->bsv", layers.Dense(4)(made), table.embeddings)
    if way == "alone":
        table.build((None, 6))
    return Model(ids, made)


def _frozen():
    model = _tied(_undone)
    model.layers[1].trainable = False
    return model


@pytest.mark.parametrize(
    "model",
    [lambda: _table("tied"), lambda: _tied(_undone), _frozen, lambda: _in_steps("in each step")],
    ids=["tied", "undone", "frozen", "in steps"],
)
def test_a_weight_counts_once_as_in_the_summary(model):
    model = model()
    told = explain(model)
    count = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert (told.trainable, told.trainable + told.non_trainable) == (count, model.count_params())
    assert "read once more" in str(told)


def test_a_weight_of_a_layer_that_is_not_called_counts_nothing():
    start, alone = Input((4,)), layers.Dense(3)
    alone.build((None, 4))
    model = Model(start, start @ alone.kernel)
    told = explain(model)
    assert told.trainable + told.non_trainable == model.count_params() == 0
    assert "does not call" in str(told)
    assert compare(model, model).passed


def test_it_survives_json():
    graph = read_graph(_tied(_undone))
    again = graph_from_json(json.loads(json.dumps(graph_to_json(graph))))
    assert again.calls == tuple(replace(call, more_shapes={}) for call in graph.calls)
    assert compare(_tied(_undone), again).passed
    assert not compare(_tied(WRONG["each other's"]), again).passed


def test_the_numbers_of_a_model_stay_as_they_are():
    model = _tied(_undone)
    before = [w.numpy() for w in model.weights]
    read_graph(model)
    assert all(np.array_equal(w.numpy(), old) for w, old in zip(model.weights, before, strict=True))


def test_a_model_without_numbers_is_read_alike():
    with keras.StatelessScope(initialize_variables=False):
        model = _tied(_undone)
    assert compare(model, _tied(_undone)).passed


SAID = {
    "each other's": ("wrong-weight", "of 'one'; the weight kernel of 'two' is meant"),
    "a copy": ("tied-to-a-copy", "computed once, when the model is built"),
    "numbers": ("tied-to-a-copy", "the weight kernel of 'one' is meant"),
    "a layer": ("not-tied", "the weight kernel of 'one' is meant to do its work"),
}


@pytest.mark.parametrize("wrong", SAID)
def test_what_is_said_of_other_weights(wrong):
    (finding,) = compare(_tied(WRONG[wrong]), _tied(_undone)).findings
    assert finding.misconception == SAID[wrong][0]
    assert SAID[wrong][1] in finding.message


def _recurrent(which):
    steps, inner = keras.Input((6, 8)), layers.LSTM(8, name="inner")
    x = inner(steps)
    return keras.Model(steps, ops.einsum("bd,dv->bv", x, getattr(inner.cell, which)))


def test_another_weight_of_the_same_layer_is_named():
    (finding,) = compare(_recurrent("recurrent_kernel"), _recurrent("kernel")).findings
    assert finding.misconception == "wrong-weight"
    assert "reads the weight recurrent_kernel of 'inner'; the weight kernel" in finding.message
    assert finding.expected == "the weight kernel of an LSTM 8"
    assert finding.found == "the weight recurrent_kernel of an LSTM 8"


def test_a_weight_of_another_name_is_one_mistake():
    def read(is_wrong):
        ids = keras.Input((6,), dtype="int32")
        table, dense = layers.Embedding(20, 8, name="table"), layers.Dense(8, name="dense")
        x = dense(table(ids))
        weight = dense.kernel if is_wrong else table.embeddings
        return keras.Model(ids, ops.einsum("bsd,vd->bsv", x, weight))

    (finding,) = compare(read(True), read(False)).findings
    assert finding.misconception == "wrong-weight"
    assert "the weight kernel of 'dense'; the weight embeddings of 'table'" in finding.message
