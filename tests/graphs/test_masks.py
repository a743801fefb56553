"""Masks: what each layer does with one is what the installed Keras does; what loses one is seen."""

import keras
import numpy as np
import pytest
from graphs.alike import same
from keras import layers, ops
from tensorflow.errors import InvalidArgumentError
from versions import IS_OLDER

from autograder import compare
from autograder.graphs import masks, read_graph
from autograder.graphs.layers.facts import facts

SETTINGS = {
    "Activation": {"activation": "relu"},
    "Bidirectional": {"layer": lambda: layers.LSTM(2, return_sequences=True)},
    "Conv1D": {"filters": 2, "kernel_size": 2},
    "Conv1DTranspose": {"filters": 2, "kernel_size": 2},
    "DepthwiseConv1D": {"kernel_size": 2},
    "EinsumDense": {"equation": "abc,cd->abd", "output_shape": (None, 3)},
    "AveragePooling1D": {"pool_size": 2},
    "Dense": {"units": 3},
    "Dot": {"axes": 2},
    "GroupNormalization": {"groups": 2},
    "GroupQueryAttention": {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 2},
    "Normalization": {"mean": 0.0, "variance": 1.0},
    "Permute": {"dims": (2, 1)},
    "Rescaling": {"scale": 2},
    "Reshape": {"target_shape": (24,)},
    "SeparableConv1D": {"filters": 2, "kernel_size": 2},
    "SpectralNormalization": {"layer": lambda: layers.Dense(2)},
}
SETTINGS |= {name: {"units": 2, "return_sequences": True} for name in ("GRU", "LSTM", "SimpleRNN")}
SETTINGS |= {
    name: {"rate": 0.1}
    for name in ("AlphaDropout", "Dropout", "GaussianDropout", "SpatialDropout1D")
}
SETTINGS["GaussianNoise"] = {"stddev": 0.1}
PLAIN = [
    *("ActivityRegularization", "AdditiveAttention", "Add", "Attention", "Average", "ELU"),
    *("BatchNormalization", "Concatenate", "Cropping1D", "Flatten", "GlobalAveragePooling1D"),
    *("GlobalMaxPooling1D", "Identity", "LayerNormalization", "LeakyReLU", "Masking", "Maximum"),
    *("MaxPooling1D", "Minimum", "Multiply", "PReLU", "ReLU", "RMSNormalization", "Softmax"),
    *("Subtract", "UnitNormalization", "UpSampling1D", "ZeroPadding1D"),
]
OF_SEVERAL = {
    *("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"),
    *("AdditiveAttention", "Attention"),
}
ONE_BY_ONE = {"GroupQueryAttention", "MultiHeadAttention"}


def called(name, tensors):
    settings = SETTINGS.get(name, {})
    made = {key: value() if callable(value) else value for key, value in settings.items()}
    layer = getattr(layers, name)(**made)
    if name in OF_SEVERAL:
        return layer, layer(list(tensors))
    return layer, layer(*tensors[: 2 if name in ONE_BY_ONE else 1])


def brings(name, brought):
    """Which of the tensors that a layer takes bring a mask; what is no test of it is skipped."""
    if not hasattr(layers, name):
        pytest.skip("not in this Keras")
    if name in OF_SEVERAL | ONE_BY_ONE:
        return brought
    if not brought[0]:
        pytest.skip("it reads one tensor")
    return brought[:1]


@pytest.mark.parametrize("brought", [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("name", sorted({*SETTINGS, *PLAIN}))
def test_a_layer_hands_a_mask_on_where_keras_does(name, brought):
    arrive = brings(name, brought)
    tensors = [keras.Input((6, 4)) for _ in brought]
    tensors = [layers.Masking()(t) if yes else t for t, yes in zip(tensors, brought, strict=True)]
    layer, result = called(name, tensors)
    inside = layer.forward_layer if name == "Bidirectional" else layer
    says = masks.passes(type(inside).__name__, inside.get_config(), arrive)
    says = says or masks.makes(name, layer.get_config())
    assert says == (getattr(result, "_keras_mask", None) is not None)


@pytest.mark.parametrize("brought", [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("name", sorted({*SETTINGS, *PLAIN} - {"Softmax"}))  # it refuses such masks
def test_a_layer_that_makes_other_numbers_for_a_mask_is_known(name, brought):
    """What comes out is compared with what comes out where the mask is taken away before."""
    takes = len(brings(name, brought))
    starts = [keras.Input((6, 4)) for _ in brought]
    given = [layers.Masking()(t) if yes else t for t, yes in zip(starts, brought, strict=True)]
    layer, made = called(name, given)
    plain = [ops.copy(tensor) for tensor in given][:takes]
    without = layer(plain) if name in OF_SEVERAL else layer(*plain)
    numbers = np.random.default_rng(0).normal(size=(2, 3, 6, 4)).astype("float32")
    numbers[0, :, 1] = numbers[0, 0, 3] = numbers[1, :, 4] = 0
    model, other = (keras.Model(starts[:takes], end) for end in (made, without))
    try:
        made, without = (each(list(numbers[:takes])) for each in (model, other))
    except InvalidArgumentError:
        if IS_OLDER:
            pytest.skip("this Keras fails at it")
        raise
    if np.allclose(made, without, atol=1e-5):
        return
    calls = read_graph(model).calls
    assert any(facts(call.op).reads_mask or call.arguments.get("mask") == "read" for call in calls)


def words(build, mask_zero=True):
    ids = keras.Input((6,), dtype="int32")
    return keras.Model(ids, build(layers.Embedding(9, 4, mask_zero=mask_zero)(ids)))


def half(tensor):
    inside = keras.Input((6, 4))
    return keras.Model(inside, layers.LSTM(3)(layers.Dense(4)(inside)))(tensor)


def half_of_operators(tensor):
    inside = keras.Input((6, 4))
    return keras.Model(inside, layers.LSTM(3)(ops.relu(layers.Dense(4)(inside))))(tensor)


def half_of_layers(tensor):
    inside = keras.Input((6, 4))
    return keras.Model(inside, layers.LSTM(3)(layers.ReLU()(layers.Dense(4)(inside))))(tensor)


LOSE = {
    "sum": (lambda e: layers.LSTM(3)(e + e), lambda e: layers.LSTM(3)(layers.Add()([e, e]))),
    "relu": (lambda e: layers.LSTM(3)(ops.relu(e)), lambda e: layers.LSTM(3)(layers.ReLU()(e))),
    "square": (
        lambda e: layers.LSTM(3)(e**2),
        lambda e: layers.LSTM(3)(layers.Multiply()([e, e])),
    ),
    "mean": (lambda e: ops.mean(e, 1), lambda e: layers.GlobalAveragePooling1D()(e)),
    "two operations": (
        lambda e: layers.LSTM(3)(ops.relu(e + e)),
        lambda e: layers.LSTM(3)(layers.ReLU()(layers.Add()([e, e]))),
    ),
    "concatenation": (
        lambda e: layers.GRU(3)(ops.concatenate([e, e], axis=-1)),
        lambda e: layers.GRU(3)(layers.Concatenate()([e, e])),
    ),
    "means of windows": (
        lambda e: layers.Flatten()(layers.AveragePooling1D(6)(e)),
        lambda e: layers.GlobalAveragePooling1D()(e),
    ),
    "product": (lambda e: e * e[:, ::-1], lambda e: layers.Multiply()([e, e[:, ::-1]])),
    "product with itself": (lambda e: e * e, lambda e: layers.Multiply()([e, e])),
    "larger": (
        lambda e: ops.maximum(e, e[:, ::-1]),
        lambda e: layers.Maximum()([e, e[:, ::-1]]),
    ),
    "smaller of steps and masked ones": (
        lambda e: ops.minimum(e[:, ::-1], e),
        lambda e: layers.Minimum()([e[:, ::-1], e]),
    ),
    "softmax": (lambda e: ops.softmax(e, axis=1), lambda e: layers.Softmax(axis=1)(e)),
    "in a model": (half_of_operators, half_of_layers),
    "before attention": (
        lambda e: layers.Attention()([e + e, e + e]),
        lambda e: layers.Attention()([layers.Add()([e, e])] * 2),
    ),
}


@pytest.mark.parametrize("kind", LOSE)
def test_an_operation_on_the_way_of_a_mask_is_not_the_layer(kind):
    lost, kept = LOSE[kind]
    assert not same(words(lost), words(kept))
    assert not same(words(kept), words(lost))
    assert same(words(lost), words(lost))
    assert same(words(kept), words(kept))
    assert same(words(lost, mask_zero=False), words(kept, mask_zero=False))


@pytest.mark.parametrize("kind", LOSE)
def test_where_there_is_no_mask_a_spelling_is_free(kind):
    lost, kept = LOSE[kind]
    assert same(words(lost, mask_zero=False), words(kept, mask_zero=False))


@pytest.mark.parametrize(
    "build",
    [
        lambda e, op: layers.LSTM(3)(layers.Conv1D(4, 1)(ops.relu(e) if op else layers.ReLU()(e))),
        lambda e, op: layers.Flatten()(e + e if op else layers.Add()([e, e])),
        lambda e, op: layers.GlobalMaxPooling1D()(ops.relu(e) if op else layers.ReLU()(e)),
    ],
    ids=["stopped", "flattened", "not gone by"],
)
def test_where_nothing_goes_by_a_mask_a_spelling_is_free(build):
    assert same(words(lambda e: build(e, True)), words(lambda e: build(e, False)))


BY_HAND = {
    "recurrent": lambda x, m: layers.LSTM(3)(x, mask=m),
    "both ways": lambda x, m: layers.Bidirectional(layers.LSTM(3))(x, mask=m),
    "pooling": lambda x, m: layers.GlobalAveragePooling1D()(x, mask=m),
    "softmax": lambda x, m: layers.Softmax(axis=1)(x, mask=m),
    "attention": lambda x, m: layers.Attention()([x, x], mask=None if m is None else [m, m]),
    "a model": lambda x, m: half(x) if m is None else model_of(x, m),
    "one of its own": lambda x, m: layers.LSTM(3)(
        x, mask=None if m is None else ops.any(ops.not_equal(x, 0), axis=-1)
    ),
}


def model_of(tensor, mask):
    inside = keras.Input((6, 4))
    return keras.Model(inside, layers.LSTM(3)(layers.Dense(4)(inside)))(tensor, mask=mask)


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_mask_given_by_hand_counts(kind):
    def build(masked):
        x = keras.Input((6, 4))
        m = keras.Input((6, 4) if kind == "softmax" else (6,), dtype="bool")
        return keras.Model([x, m], [BY_HAND[kind](x, m if masked else None), ops.cast(m, "int32")])

    assert not same(build(False), build(True))
    assert not same(build(True), build(False))
    assert same(build(True), build(True))


def test_the_masks_of_two_tensors_crossed_are_another_network():
    def build(crossed):
        x = keras.Input((6, 4))
        one, two = keras.Input((6,), dtype="bool"), keras.Input((6,), dtype="bool")
        first, second = (two, one) if crossed else (one, two)
        ends = [layers.LSTM(3)(x, mask=first), layers.GRU(3)(x, mask=second)]
        return keras.Model([x, one, two], ends)

    assert not same(build(True), build(False))


def test_masks_that_travel_are_no_inputs_of_a_call():
    graph = read_graph(words(lambda e: layers.LSTM(3)(layers.Dropout(0.1)(e))))
    assert [len(call.inputs) for call in graph.calls] == [0, 1, 1, 1]


@pytest.mark.parametrize("joined", [False, True])
def test_nor_are_those_of_an_attention_that_has_one_for_each_tensor(joined):
    ids = keras.Input((6,), dtype="int32")
    e = layers.Embedding(9, 4, mask_zero=True)(ids)
    if joined:
        e = layers.Concatenate()([e, layers.Embedding(7, 4)(ids)])
    graph = read_graph(keras.Model(ids, layers.MultiHeadAttention(2, 4)(e, e)))
    assert [len(call.inputs) for call in graph.calls if call.op == "MultiHeadAttention"] == [2]


def test_a_mask_that_attention_hands_on_is_no_argument_of_what_reads_it():
    def attended(distributed):
        words, other = (keras.Input((4,), dtype="int32") for _ in range(2))
        vectors = [layers.Embedding(7, 3, mask_zero=True)(x) for x in (words, other)]
        seen, dense = layers.Attention()(vectors), layers.Dense(3)
        made = (layers.TimeDistributed(dense) if distributed else dense)(seen)
        return keras.Model([words, other], layers.GlobalAveragePooling1D()(made))

    graph = read_graph(attended(True))
    assert not any(call.arguments for call in graph.calls)
    assert compare(attended(True), attended(False)).passed


IDLE = {
    "a slice of all": lambda e: e[:, :],
    "nothing added": lambda e: e + 0.0,
    "times one": lambda e: e * 1.0,
    "the shape that it has": layers.Reshape((6, 4)),
    "that shape, by an operation": lambda e: ops.reshape(e, (-1, 6, 4)),
    "another shape and back": lambda e: layers.Reshape((6, 4))(layers.Flatten()(e)),
    "back by an operation": lambda e: ops.reshape(layers.Reshape((8, 3))(e), (-1, 6, 4)),
    "back by a layer": lambda e: layers.Reshape((6, 4))(ops.reshape(e, (-1, 8, 3))),
}
KEPT = {
    "nothing dropped": lambda e: layers.Dropout(0.0)(e),
    "as it is": lambda e: layers.Identity()(e),
    "scaled by one": lambda e: layers.Rescaling(1.0)(e),
}


@pytest.mark.parametrize("kind", IDLE)
def test_what_changes_no_number_may_end_a_mask(kind):
    def last(build):
        return words(lambda e: layers.LSTM(3)(build(e)))

    ended, kept = last(IDLE[kind]), last(lambda e: e)
    assert not same(ended, kept)
    assert not compare(ended, kept).passed and not compare(kept, ended).passed
    (finding,) = compare(ended, kept).findings
    assert finding.id == "mask-lost"
    assert all(same(ended, last(other)) for other in IDLE.values())


@pytest.mark.parametrize("kind", KEPT)
def test_what_changes_no_number_may_hand_a_mask_on(kind):
    def last(build):
        return words(lambda e: layers.LSTM(3)(build(e)))

    assert same(last(KEPT[kind]), last(lambda e: e))


@pytest.mark.parametrize("kind", IDLE)
def test_where_nobody_goes_by_a_mask_it_may_end(kind):
    def flat(build):
        return words(lambda e: layers.Dense(2)(layers.Flatten()(build(e))))

    assert same(flat(IDLE[kind]), flat(lambda e: e))


def test_a_convolution_of_one_place_ends_a_mask_and_a_dense_layer_does_not():
    def steps(make):
        return words(lambda e: layers.LSTM(3)(make()(e)))

    convolved = steps(lambda: layers.Conv1D(4, 1))
    dense = steps(lambda: layers.TimeDistributed(layers.Dense(4)))
    assert not compare(convolved, dense).passed and not compare(dense, convolved).passed
    assert same(steps(lambda: layers.Dense(4)), dense)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("activation", [None, "relu"])
def test_however_often_it_does_so(times, activation):
    def steps(make):
        def build(e):
            for _ in range(times):
                e = make()(e)
            return layers.LSTM(3)(e)

        return words(build)

    convolved = steps(lambda: layers.Conv1D(4, 1, activation=activation))
    equations = steps(
        lambda: layers.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d", activation=activation)
    )
    dense = steps(lambda: layers.Dense(4, activation=activation))
    for other in (convolved, equations):
        assert not same(other, dense) and not same(dense, other)
    assert same(convolved, equations)


def test_what_ends_a_mask_may_have_its_activation_behind_it():
    def steps(activated):
        return words(lambda e: layers.LSTM(3)(activated(e)))

    within = steps(lambda e: layers.Conv1D(4, 3, activation="relu")(e))
    assert same(steps(lambda e: layers.ReLU()(layers.Conv1D(4, 3)(e))), within)
    assert same(steps(lambda e: ops.relu(layers.Conv1D(4, 3)(e))), within)


def test_where_a_mask_ends_twice_the_last_place_counts():
    def twice(first):
        return words(lambda e: layers.LSTM(3)(ops.tanh(first(e))))

    assert same(twice(ops.relu), twice(layers.ReLU()))


def _of_sentences(way):
    words = keras.Input((3, 5), dtype="int32")
    masking, plain = layers.Embedding(9, 4, mask_zero=True), layers.Embedding(9, 4)
    made = {
        "each sentence by itself": lambda: layers.TimeDistributed(masking)(words),
        "without masks": lambda: plain(words),
        "all at once": lambda: masking(words),
    }
    if way in made:
        return keras.Model(words, layers.TimeDistributed(layers.GRU(3))(made[way]()))
    part = keras.Sequential([masking, layers.GRU(3)])
    return keras.Model(words, layers.TimeDistributed(part)(words))


def _same_numbers(answer, reference):
    answer.set_weights(reference.get_weights())
    given = np.random.default_rng(0).integers(0, 3, (6, 3, 5))
    return np.allclose(answer(given), reference(given), atol=1e-5)


SENTENCES = ["each sentence by itself", "without masks", "all at once", "in a part"]


@pytest.mark.parametrize("way", SENTENCES)
@pytest.mark.parametrize("meant", SENTENCES)
def test_a_mask_made_in_each_step_ends_there(way, meant):
    answer, reference = _of_sentences(way), _of_sentences(meant)
    alike = _same_numbers(answer, reference)
    assert alike == ((way in SENTENCES[:2]) == (meant in SENTENCES[:2]))
    assert compare(answer, reference).passed == alike


@pytest.mark.parametrize("lost", [False, True])
def test_a_mask_inside_a_part_does_not_leave_its_steps(lost):
    def build(lost):
        words, sentence = keras.Input((3, 5), dtype="int32"), keras.Input((5,), dtype="int32")
        steps = layers.Embedding(9, 4, mask_zero=True)(sentence)
        part = keras.Model(sentence, layers.GRU(2, return_sequences=True)(steps))
        made = layers.TimeDistributed(part)(words)
        made = keras.ops.reshape(made, (-1, 3, 10)) if lost else layers.Reshape((3, 10))(made)
        return keras.Model(words, layers.LSTM(2)(made))

    answer, reference = build(lost), build(False)
    assert _same_numbers(answer, reference)
    assert compare(answer, reference).passed


def test_a_mean_over_all_is_one_however_it_is_written_where_its_mask_is_lost():
    def kept(e):
        return layers.GlobalAveragePooling1D()(layers.ReLU()(e))

    ways = [
        lambda e: ops.mean(layers.ReLU()(e), axis=1),
        lambda e: ops.mean(ops.relu(e), axis=1),
        lambda e: layers.Flatten()(layers.AveragePooling1D(6)(layers.ReLU()(e))),
        lambda e: layers.Flatten()(layers.AveragePooling1D(6)(ops.relu(e))),
    ]
    for way in ways:
        assert same(words(way), words(ways[0]))
        assert not same(words(way), words(kept))
