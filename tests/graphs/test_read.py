"""Reading models: every Keras model is read or refused with a reason, and never raises."""

import inspect
import json
import re
import sys

import keras
import pytest
from graphs.own_layers import drawing
from keras import layers, ops
from sweeps import one_in
from versions import built_if_allowed

from autograder import compare
from autograder.graphs import NotReadable, read_config, read_graph
from autograder.graphs.reading.call_arguments import POSITIONAL
from autograder.graphs.stored import graph_from_json, graph_to_json
from autograder.judging.verdict import Status


def _encoder_decoder():
    start, more = keras.Input((None, 4)), keras.Input((None, 4))
    _, hidden, cell = layers.LSTM(3, return_state=True)(start)
    return keras.Model([start, more], layers.LSTM(3)(more, initial_state=[hidden, cell]))


def _attention():
    start = keras.Input((7, 8))
    x = layers.MultiHeadAttention(2, 4)(start, start)
    x = layers.MultiHeadAttention(num_heads=2, key_dim=4)(query=x, value=start, key=start)
    return keras.Model(start, layers.Attention()([x, start]))


def _attention_scores():
    start = keras.Input((7, 8))
    x, scores = layers.MultiHeadAttention(2, 4)(start, start, return_attention_scores=True)
    return keras.Model(start, [x, scores])


def _constants():
    start = keras.Input((7, 8))
    return keras.Model(start, 2 * start / 3 + ops.ones((7, 8)) - ops.array([1.0] * 8))


def _slices():
    start = keras.Input((7, 8))
    return keras.Model(start, [start[:, 0], start[:, 1:3], start[..., -1]])


def _einsum():
    start = keras.Input((7, 8))
    x = layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d")(start)
    return keras.Model(start, ops.einsum("abc,adc->abd", x, x))


def _preprocessing():
    start = keras.Input((32, 32, 3))
    x = layers.RandomFlip("horizontal")(layers.Rescaling(1 / 255)(start))
    x = layers.Resizing(16, 16)(layers.RandomRotation(0.1)(x))
    return keras.Model(start, layers.CenterCrop(8, 8)(layers.Normalization(mean=0, variance=1)(x)))


def _words():
    start = keras.Input((1,), dtype="int32")
    return keras.Model(start, layers.CategoryEncoding(num_tokens=5)(layers.Hashing(5)(start)))


def _nested_dicts():
    start = keras.Input((3,))
    deep = {"a": {"b": layers.Dense(1)(start), "c": [layers.Dense(2)(start)]}, "d": start}
    return keras.Model({"x": start}, deep)


def _nothing():
    start = keras.Input((3,))
    return keras.Model(start, start)


def _same_twice():
    start = keras.Input((3,))
    x = layers.Dense(2)(start)
    return keras.Model(start, [x, x, start])


def _same_model_twice_in_a_row():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3), layers.ReLU()])
    start = keras.Input((3,))
    return keras.Model(start, inner(inner(start)))


def _functional_twice_both_returned():
    inner_start = keras.Input((3,))
    inner = keras.Model(inner_start, layers.Dense(3)(inner_start))
    start = keras.Input((3,))
    first = inner(start)
    return keras.Model(start, [first, inner(first)])


def _many_outputs_inside():
    inner_start = keras.Input((3,))
    inner = keras.Model(inner_start, {n: layers.Dense(3)(inner_start) for n in "ab"})
    start = keras.Input((3,))
    return keras.Model(start, layers.Dense(1)(inner(start)["b"]))


def _masked():
    start = keras.Input((None,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True)(start)
    return keras.Model(start, layers.LSTM(3)(layers.LSTM(3, return_sequences=True)(x)))


def _normalised():
    start = keras.Input((8, 8, 4))
    x = layers.SpectralNormalization(layers.Conv2D(3, 3))(start)
    x = layers.GroupNormalization(3)(layers.LayerNormalization(axis=[1, 2, 3])(x))
    return keras.Model(start, layers.UnitNormalization()(layers.BatchNormalization(axis=1)(x)))


def _stacked_cells():
    start = keras.Input((None, 4))
    return keras.Model(start, layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])(start))


def _backward():
    start = keras.Input((None, 4))
    x, *states = layers.Bidirectional(layers.GRU(3, return_state=True))(start)
    return keras.Model(start, [x, *states])


def _stacked():
    start = keras.Input((4,))
    return keras.Model(start, ops.stack([start, ops.exp(start), ops.where(start > 0, start, 0)]))


def _split():
    start = keras.Input((4,))
    return keras.Model(start, ops.split(start, 2, axis=-1))


def _frames_of_frames():
    start = keras.Input((3, 5, 8, 8, 1))
    inner = layers.TimeDistributed(layers.TimeDistributed(layers.Conv2D(2, 3)))
    return keras.Model(start, inner(start))


def _deep(depth=2000):
    start = x = keras.Input((2,))
    for _ in range(depth):
        x = layers.Activation("relu")(x)
    return keras.Model(start, x)


def _wide(width=300):
    start = keras.Input((2,))
    return keras.Model(start, layers.concatenate([layers.Dense(2)(start) for _ in range(width)]))


def _a_setting_that_cannot_be_saved():
    start = keras.Input((4,))
    return keras.Model(start, layers.Dense(3, activation=layers.GlobalAveragePooling2D)(start))


STRANGE = [
    _encoder_decoder,
    _attention,
    _attention_scores,
    _constants,
    _slices,
    _einsum,
    _preprocessing,
    _words,
    _nested_dicts,
    _nothing,
    _same_twice,
    _same_model_twice_in_a_row,
    _functional_twice_both_returned,
    _many_outputs_inside,
    _masked,
    _normalised,
    _stacked_cells,
    _backward,
    _stacked,
    _split,
    _frames_of_frames,
    _wide,
]


@one_in(2)
@pytest.mark.parametrize("build", STRANGE, ids=lambda build: build.__name__.strip("_"))
def test_a_strange_model_equals_itself_rebuilt(build):
    verdict = compare(built_if_allowed(build), build())
    assert verdict.passed, verdict.findings


@one_in(2)
@pytest.mark.parametrize("build", STRANGE, ids=lambda build: build.__name__.strip("_"))
def test_a_graph_survives_json(build):
    graph = read_graph(built_if_allowed(build))
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph


@one_in(2)
@pytest.mark.parametrize("build", STRANGE, ids=lambda build: build.__name__.strip("_"))
def test_a_saved_model_is_the_same(build):
    model = built_if_allowed(build)
    assert compare(read_config(json.loads(model.to_json())), model).passed


@one_in(3, kind=lambda parameters: parameters["other"])
@pytest.mark.parametrize("build", STRANGE, ids=lambda build: build.__name__.strip("_"))
@pytest.mark.parametrize("other", [_nothing, _encoder_decoder, _slices])
def test_a_strange_model_is_compared_with_any_other(build, other):
    if other is not build:
        meant = built_if_allowed(other)
        assert compare(built_if_allowed(build), meant).status is Status.WRONG


@pytest.fixture
def deep_stack():
    """Keras itself goes through a model call within call."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.slow
@pytest.mark.long  # how work grows with a graph is counted in every run
def test_two_thousand_layers(deep_stack):
    answer = _deep()
    assert compare(answer, _deep()).passed
    assert compare(answer, _deep(1999)).status is Status.WRONG


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, inputs):
        return self.dense(inputs)


class Doubled(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


def _with(layer):
    start = keras.Input((4,))
    return keras.Model(start, layer(start))


REFUSED = {
    "None": (lambda: None, "return model"),
    "a tensor": (lambda: layers.Dense(3)(keras.Input((4,))), "tensor, not a model"),
    "a layer": (lambda: layers.Dense(3), "not a Keras model"),
    "a number": (lambda: 3, "int"),
    "a class": (lambda: keras.Model, "not a Keras model|class"),
    "a subclassed model": (Subclassed, "class of its own"),
    "an unbuilt Sequential": (lambda: keras.Sequential([layers.Dense(3)]), "not built yet"),
    "an empty Sequential": (lambda: keras.Sequential(), "not built yet"),
}

OUT_OF_SIGHT = {
    "a subclassed model inside": (lambda: _with(Subclassed()), "class of its own"),
    "a Lambda": (lambda: _with(layers.Lambda(drawing)), "Lambda"),
    "a layer of one's own": (lambda: _with(Doubled()), "class of its own"),
    "a function of one's own": (
        lambda: _with(layers.Dense(3, activation=drawing)),
        "activation",
    ),
    "a setting that cannot be saved": (_a_setting_that_cannot_be_saved, "cannot be"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_seen_into_is_refused_with_a_reason(what):
    build, words = REFUSED[what]
    with pytest.raises(NotReadable, match=words):
        read_graph(build())


@pytest.mark.parametrize("what", OUT_OF_SIGHT)
def test_what_runs_code_that_the_reference_does_not_cannot_be_judged(what):
    build, words = OUT_OF_SIGHT[what]
    verdict = compare(build(), _same_twice())
    assert verdict.status is Status.NOT_CHECKABLE
    assert re.search(words, verdict.findings[0].message)


@pytest.mark.parametrize("what", REFUSED)
def test_comparing_never_raises(what):
    build, _ = REFUSED[what]
    verdict = compare(build(), _same_twice())
    assert verdict.status is Status.NOT_CHECKABLE
    assert verdict.findings[0].message


def _cast_to(*types):
    start = keras.Input((4,))
    x = start
    for dtype in types:
        x = keras.ops.cast(x, dtype)
    return read_graph(keras.Model(start, layers.Dense(2)(x)))


def test_how_exactly_numbers_are_kept_is_not_compared_but_whole_ones_are_others():
    plain = _cast_to()
    assert all(compare(_cast_to(exact), plain).passed for exact in ("float16", "float64"))
    whole, yes_or_no = _cast_to("int32", "float32"), _cast_to("bool", "float32")
    assert compare(whole, _cast_to("int32")).passed
    assert not compare(whole, plain).passed and not compare(yes_or_no, whole).passed


@pytest.mark.parametrize("name", sorted(name for name in dir(layers) if name[0].isupper()))
def test_no_layer_takes_its_tensors_in_another_order_than_all(name):
    """By that order, arguments given by name are put among those given by place."""
    if name in ("Input", "InputSpec"):  # no layers
        return
    taken = list(inspect.signature(getattr(layers, name).call).parameters)
    places = [POSITIONAL.index(key) for key in taken if key in POSITIONAL]
    assert places == sorted(places)
