"""What of a call can be seen in a drawing and a table: shapes, constants, slices, which output."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from autograder import draw, explain
from autograder.graphs.describe import be, describe, with_article
from autograder.graphs.reading.models import read_to_show

SERIES, ROW = (7, 4), (4,)


def made(build, *shape):
    start = keras.Input(shape or SERIES)
    return keras.Model(start, build(start))


def last(build, *shape):
    return describe(read_to_show(made(build, *shape)).calls[-1])


SHOWN = {
    "a constant": (lambda x: x * 2.5, "Multiply (·, 2.5)"),
    "the other way round": (lambda x: 1.0 - x, "Subtract (1.0, ·)"),
    "an array": (lambda x: x + np.ones((7, 4), "float32"), "Add (·, array 7×4 of float32 (1, …))"),
    "a slice": (lambda x: x[:, 1:-1], "GetItem [:, 1:6]"),
    "a place": (lambda x: x[:, -1], "GetItem [:, -1]"),
    "each second": (lambda x: x[..., ::2], "GetItem [:, :, ::2]"),
    "heads": (
        lambda x: layers.MultiHeadAttention(2, 8)(x, x),
        "MultiHeadAttention 2 heads, key_dim 8",
    ),
    "a causal mask": (
        lambda x: layers.MultiHeadAttention(2, 8, value_dim=3)(x, x, use_causal_mask=True),
        "MultiHeadAttention 2 heads, key_dim 8, value_dim 3, causal mask",
    ),
    "in training": (lambda x: layers.Dropout(0.5)(x, training=True), "Dropout 0.5, training=True"),
    "an axis": (lambda x: ops.sum(x, axis=1), "Sum axis 1"),
    "a slope": (
        lambda x: layers.LeakyReLU(negative_slope=0.3)(x),
        "leaky_relu activation (negative_slope=0.3)",
    ),
    "an equation": (lambda x: ops.einsum("btf,bsf->bts", x, x), "Einsum btf,bsf->bts"),
    "an order of axes": (lambda x: layers.Permute((2, 1))(x), "Permute dims (2, 1)"),
}


@pytest.mark.parametrize("what", SHOWN)
def test_what_a_call_does_besides_its_class(what):
    build, words = SHOWN[what]
    assert last(build) == words


def test_no_array_is_written_out():
    large = np.random.default_rng(0).random((200, 4)).astype("float32")
    text = repr(draw(made(lambda x: ops.matmul(large, x[:, :4]), 4, 4)))
    assert len(text) < 1_000 and "array 200×4" in text


def test_two_arrays_do_not_read_the_same():
    texts = {last(lambda x, n=n: x * np.full((7, 4), n, "float32")) for n in (1, 2.5, -3e9)}
    assert len(texts) == 3


RECURRENT = {
    "ConvLSTM": (
        lambda: layers.ConvLSTM1D(5, 3, return_state=True),
        ["h", "c"],
    ),
    "LSTM": (lambda: layers.LSTM(5, return_state=True), ["h", "c"]),
    "GRU": (lambda: layers.GRU(5, return_state=True, return_sequences=True), ["h"]),
    "both ways": (
        lambda: layers.Bidirectional(layers.LSTM(5, return_state=True)),
        ["forward h", "forward c", "backward h", "backward c"],
    ),
    "not merged": (
        lambda: layers.Bidirectional(
            layers.GRU(5, return_state=True, return_sequences=True), merge_mode=None
        ),
        ["backward", "forward h", "backward h"],
    ),
}


@pytest.mark.parametrize("kind", RECURRENT)
def test_states_have_names_and_shapes(kind):
    make, names = RECURRENT[kind]
    start = keras.Input((7, 8, 4) if kind == "ConvLSTM" else SERIES)
    for number, name in enumerate(names, start=1):
        model = keras.Model(start, make()(start)[number])
        text = draw(model).text
        assert f"{name} {tuple(model.output.shape[1:])}".replace(",)", ",)") in text
        assert f": {name}]" in text and "?" not in text


def decoder(order):
    start = keras.Input(SERIES)
    _, h, c = layers.LSTM(5, return_state=True, name="encoder")(start)
    state = [h, c] if order == "hc" else [c, h]
    return keras.Model(start, layers.LSTM(5, name="decoder")(start, initial_state=state))


@pytest.mark.parametrize("show", [draw, explain])
def test_which_state_goes_where_is_seen(show):
    right, wrong = repr(show(decoder("hc"))), repr(show(decoder("ch")))
    assert right != wrong
    assert right.index("(h)") < right.index("(c)") and wrong.index("(c)") < wrong.index("(h)")


def test_outputs_stand_in_their_order():
    start = keras.Input(ROW)
    one, other = layers.Dense(2, name="one")(start), layers.Dense(2, name="other")(start)
    assert "[output 1 'one']" in draw(keras.Model(start, [one, other])).text
    assert "[output 2 'one']" in draw(keras.Model(start, [other, one])).text


def eye():
    start = keras.Input((None, None, 3))
    seen = layers.Conv2D(8, 3, padding="same", activation="relu")(start)
    both = layers.Add()([seen, layers.Conv2D(8, 3, padding="same")(seen)])
    return keras.Model(start, layers.MaxPooling2D()(both[:, ::2]), name="eye")


def shapes(model):
    graph = read_to_show(model)
    return [call.shape for call in graph.calls]


def test_a_model_inside_has_the_shapes_that_it_is_called_on():
    start = keras.Input((32, 48, 3))
    assert (
        shapes(keras.Model(start, eye()(start)))
        == [
            (None, 32, 48, 3),
            (None, 32, 48, 8),
            (None, 32, 48, 8),
            (None, 32, 48, 8),
            (None, 32, 48, 8),
            (None, 16, 48, 8),
            (None, 8, 24, 8),
        ][: len(shapes(keras.Model(start, eye()(start))))]
    )


@pytest.mark.parametrize("around", [lambda m: m, lambda m: keras.Sequential([m])])
def test_in_each_frame_of_a_film_too(around):
    start = keras.Input((5, 32, 48, 3))
    found = shapes(keras.Model(start, layers.TimeDistributed(around(eye()))(start)))
    assert all(shape is not None and None not in shape[1:] for shape in found)
    assert found[-1] == (None, 5, 8, 24, 8)


def test_called_twice_it_has_the_shapes_of_each_call():
    small, large = keras.Input((8, 8, 3)), keras.Input((32, 32, 3))
    inner = eye()
    ends = [layers.GlobalAveragePooling2D()(inner(tensor)) for tensor in (small, large)]
    found = shapes(keras.Model([small, large], layers.Add()(ends)))
    assert (None, 2, 4, 8) in found and (None, 8, 16, 8) in found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dense 32", "a Dense 32"),
        ("Add", "an Add"),
        ("LSTM 16", "an LSTM 16"),
        ("GRU 4", "a GRU 4"),
    ],
)
def test_a_layer_has_the_article_that_is_spoken(words, said):
    assert with_article(words) == said


def test_one_thing_is_and_others_are():
    assert [be(count) for count in (0, 1, 2)] == ["are", "is", "are"]
