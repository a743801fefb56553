"""What looks like a mistake before the first step, and is none; a watch stops no training."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from sweeps import one_in

from autograder.judging.verdict import Status
from autograder.training import check_training, watch
from autograder.training.measuring import observe
from autograder.training.observed import Head, Labels, Observed, Part, Run
from autograder.training.rules import findings

SPARSE, BINARY = "sparse_categorical_crossentropy", "binary_crossentropy"
KINDS = []


def kind(make):
    KINDS.append(make)
    return make


def classes(r, features=5):
    return r.normal(size=(200, features)).astype("float32"), r.integers(0, 3, 200)


def compiled(model, loss, **more):
    model.compile("adam", loss, **more)
    return model


@kind
def slopes_that_are_learned(r):
    """PReLU starts with slopes of zero."""
    given = keras.Input((5,))
    seen = layers.PReLU()(layers.Dense(8)(given))
    model = keras.Model(given, layers.Dense(3, activation="softmax")(seen))
    return compiled(model, SPARSE), classes(r)


@kind
def a_bias_for_everybody(r):
    """Tables of biases start with zeros."""
    who, what = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    taste = layers.Dot(1)([layers.Embedding(30, 4)(who), layers.Embedding(20, 4)(what)])
    own = [layers.Embedding(30, 1, "zeros")(who), layers.Embedding(20, 1, "zeros")(what)]
    model = keras.Model([who, what], layers.Add()([taste, *own]))
    y = 3 + r.normal(size=200)
    return compiled(model, "mse"), ([r.integers(0, 30, 200), r.integers(0, 20, 200)], y)


@kind
def a_block_that_begins_as_nothing(r):
    """The last layer of a block starts at zero, so that the block passes on what it gets."""
    given = keras.Input((5,))
    first = layers.Dense(8, activation="relu")(given)
    inside = layers.Dense(8, activation="relu")(first)
    both = layers.Add()([first, layers.Dense(8, kernel_initializer="zeros")(inside)])
    model = keras.Model(given, layers.Dense(3, activation="softmax")(both))
    return compiled(model, SPARSE), classes(r)


@kind
def a_last_layer_that_begins_at_zero(r):
    """At first it gives the same for every sample, and nothing goes back through it."""
    given = seen = keras.Input((5,))
    for _ in range(4):
        seen = layers.Dense(8, activation="relu")(seen)
    model = keras.Model(given, layers.Dense(3, "softmax", kernel_initializer="zeros")(seen))
    return compiled(model, SPARSE), classes(r)


@kind
def a_scale_that_begins_next_to_zero(r):
    """As that of ConvNeXt's blocks."""
    given = keras.Input((5,))
    first = layers.Dense(8, activation="relu")(given)
    tiny = keras.initializers.Constant(1e-6)
    scaled = layers.EinsumDense("bi,i->bi", 8, kernel_initializer=tiny)(first)
    model = keras.Model(given, layers.Dense(3, activation="softmax")(first + scaled))
    return compiled(model, SPARSE), classes(r)


@kind
def an_output_for_later(r):
    """It has layers of its own, no labels, and no loss."""
    given = keras.Input((5,))
    seen = layers.Dense(8, activation="relu")(given)
    ends = {"kind": layers.Dense(3, activation="softmax")(seen), "later": layers.Dense(4)(seen)}
    x, y = classes(r)
    return compiled(keras.Model(given, ends), {"kind": SPARSE}), (x, {"kind": y})


class Named(keras.Model):
    """Two outputs with names, of which Keras knows only when they are made."""

    def __init__(self):
        super().__init__()
        self.seen = layers.Dense(8, activation="relu")
        self.kinds, self.sizes = layers.Dense(3, activation="softmax"), layers.Dense(1)

    def call(self, x):
        seen = self.seen(x)
        return {"kind": self.kinds(seen), "size": self.sizes(seen)}


@kind
def names_in_a_class_of_ones_own(r):
    x, y = classes(r)
    labels = {"kind": y, "size": x[:, :1]}
    return compiled(Named(), {"kind": SPARSE, "size": "mse"}), (x, labels)


@kind
def batches_as_long_as_their_longest(r):
    """A pipeline that fills up each batch by itself gives batches of several lengths."""
    words = [r.integers(1, 12, n) for n in r.integers(3, 9, 200)]
    signature = tf.TensorSpec((None,), "int32"), tf.TensorSpec((), "int32")
    pairs = [(row, int(3 in row)) for row in words]
    data = tf.data.Dataset.from_generator(lambda: iter(pairs), output_signature=signature)
    given = keras.Input((None,), dtype="int32")
    seen = layers.LSTM(8)(layers.Embedding(12, 8, mask_zero=True)(given))
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(seen))
    return compiled(model, BINARY), data.padded_batch(16)


@kind
def figures_of_each_class(r):
    """A metric may give a number for each class."""
    given = keras.Input((5,))
    model = keras.Model(given, layers.Dense(3, activation="softmax")(given))
    x, y = classes(r)
    one_hot = np.eye(3, dtype="float32")[y]
    by_class = keras.metrics.F1Score(average=None)
    return compiled(model, "categorical_crossentropy", metrics=[by_class]), (x, one_hot)


@kind
def heads_that_begin_at_what_is_rare(r):
    """As of what finds things in pictures, with heads of two sizes joined."""
    given, ends = keras.Input((8, 8, 3)), []
    rare = {"activation": "sigmoid", "bias_initializer": keras.initializers.Constant(-4.6)}
    for step in (1, 2):
        head = layers.Conv2D(1, 1, strides=step, **rare)(given)
        ends.append(layers.Reshape((64 // step**2, 1))(head))
    model = keras.Model(given, layers.Concatenate(axis=1)(ends))
    x, y = r.random((200, 8, 8, 3)), (r.random((200, 80, 1)) < 0.05).astype("float32")
    return compiled(model, BINARY), (x, y)


@kind
def shares_with_an_error_of_rounding(r):
    x = r.random((200, 5))
    x = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0)) * (1 + 1e-15)
    given = keras.Input((5,))
    return compiled(keras.Model(given, layers.Dense(5, "sigmoid")(given)), BINARY), (x, x)


@kind
def what_is_to_vanish(r):
    given = keras.Input((5,))
    one, other = (layers.Dense(1)(layers.Dense(4, "tanh")(given)) for _ in range(2))
    model = keras.Model(given, layers.Subtract()([one, other - 1]))
    return compiled(model, "mse"), (r.normal(size=(200, 5)), np.zeros((200, 1)))


@kind
def pictures_one_at_a_time(r):
    """Of a picture batch normalization has many pixels."""
    given = keras.Input((8, 8, 3))
    seen = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(4, 3)(given)))
    model = keras.Model(given, layers.Conv2D(1, 3)(seen))
    pictures = r.random((40, 8, 8, 3)), r.random((40, 4, 4, 1))
    return compiled(model, "mae"), tf.data.Dataset.from_tensor_slices(pictures).batch(1)


def short_sentences(r):
    """Words from 1 to 11, three in four places filled up by zeros at the end."""
    words = r.integers(1, 12, (200, 16))
    words[np.arange(16) >= r.integers(2, 7, 200)[:, None]] = 0
    return words


def read_by(r, read):
    """A network with an Embedding that makes no mask."""
    given, words = keras.Input((16,), dtype="int32"), short_sentences(r)
    seen = read(layers.Embedding(12, 6)(given), given)
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(seen))
    return compiled(model, BINARY), (words, (words == 3).any(axis=1).astype("int32"))


@kind
def a_mask_by_hand_over_what_fills_up(r):
    return read_by(r, lambda seen, given: layers.LSTM(4)(seen, mask=given != 0))


@kind
def what_fills_up_is_read_first(r):
    return read_by(r, lambda seen, given: layers.GRU(4, go_backwards=True)(seen))


@kind
def the_largest_of_all_steps(r):
    steps = layers.LSTM(4, return_sequences=True)
    return read_by(r, lambda seen, given: layers.GlobalMaxPooling1D()(steps(seen)))


@kind
def an_answer_for_each_step(r):
    """What fills up comes behind all the words, and weighs nothing."""
    given, words = keras.Input((16,), dtype="int32"), short_sentences(r)
    seen = layers.GRU(4, return_sequences=True)(layers.Embedding(12, 6)(given))
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(seen))
    return compiled(model, BINARY), (words, (words[..., None] > 5).astype("int32"))


@kind
def pixels_as_bytes_normalized_behind_the_first_convolution(r):
    given = keras.Input((8, 8, 3))
    seen = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(4, 3, use_bias=False)(given)))
    made = layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(seen))
    x, y = r.integers(0, 256, (200, 8, 8, 3)).astype("uint8"), r.integers(0, 3, 200)
    return compiled(keras.Model(given, made), SPARSE), (x, y)


@kind
def pixels_as_bytes_normalized_behind_relu_and_pooling(r):
    given = keras.Input((8, 8, 3))
    seen = layers.MaxPooling2D()(layers.Conv2D(4, 3, activation="relu")(given))
    seen = layers.Flatten()(layers.BatchNormalization()(seen))
    x, y = r.integers(0, 256, (200, 8, 8, 3)).astype("uint8"), r.integers(0, 3, 200)
    made = layers.Dense(3, activation="softmax")(seen)
    return compiled(keras.Model(given, made), SPARSE), (x, y)


@kind
def two_shares_for_yes_and_no(r):
    """Of two that add up to 1 the binary loss is the categorical one."""
    given = keras.Input((5,))
    model = keras.Model(given, layers.Dense(2, activation="softmax")(given))
    x, y = classes(r)
    return compiled(model, BINARY), (x, np.eye(2, dtype="float32")[y // 2])


@kind
def states_that_begin_at_zero(r):
    """As where a decoder is given them, sample by sample."""
    given, state = keras.Input((6, 5)), keras.Input((4,))
    seen = layers.GRU(4)(given, initial_state=state)
    x = r.normal(size=(200, 6, 5)).astype("float32")
    model = keras.Model([given, state], layers.Dense(3, activation="softmax")(seen))
    return compiled(model, SPARSE), ([x, np.zeros((200, 4))], r.integers(0, 3, 200))


@kind
def places_and_kinds_that_are_the_same_for_all(r):
    words, place, part = (keras.Input((16,), dtype="int32") for _ in range(3))
    seen = layers.Embedding(12, 6)(words) + layers.Embedding(16, 6)(place)
    seen = layers.GlobalAveragePooling1D()(seen + layers.Embedding(2, 6)(part))
    model = keras.Model([words, place, part], layers.Dense(3, activation="softmax")(seen))
    x = r.integers(1, 12, (200, 16)), np.tile(np.arange(16), (200, 1)), np.zeros((200, 16), int)
    return compiled(model, SPARSE), (list(x), r.integers(0, 3, 200))


@kind
def sparse_rows_in_a_pipeline(r):
    x = (r.random((200, 30)) < 0.1).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((tf.sparse.from_dense(x), r.integers(0, 3, 200)))
    given = keras.Input((30,))
    model = keras.Model(given, layers.Dense(3, activation="softmax")(given))
    return compiled(model, SPARSE), data.batch(32)


@one_in(3)
@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_what_begins_so_on_purpose_is_left_alone(make, capsys):
    keras.utils.set_random_seed(1)
    model, data = make(np.random.default_rng(1))
    callback = watch(data)
    given = data if isinstance(data, tuple) else (data,)
    model.fit(*given, epochs=1, verbose=0, callbacks=[callback])
    assert callback.verdict.passed and capsys.readouterr().out == ""


def test_what_cannot_be_looked_at_is_said_and_stops_no_training(monkeypatch, capsys):
    def broken(*_, **__):
        raise RuntimeError("No\nmore.")

    monkeypatch.setattr("autograder.training.trained.observe", broken)
    model, (x, y) = slopes_that_are_learned(np.random.default_rng(1))
    model.fit(x, y, epochs=1, verbose=0, callbacks=[watch((x, y))])
    assert capsys.readouterr().out.count("RuntimeError: No more.") == 1
    assert check_training(model).status is Status.NOT_CHECKABLE


def test_labels_that_are_pictures_are_looked_at_here_and_there(monkeypatch):
    looked_at = []
    unique = np.unique

    def counted(numbers, **options):
        looked_at.append(numbers.size)
        return unique(numbers, **options)

    monkeypatch.setattr(np, "unique", counted)
    given = keras.Input((40, 40, 1))
    model = compiled(keras.Model(given, layers.Conv2D(1, 3, padding="same")(given)), "mse")
    x = np.random.default_rng(1).random((5000, 40, 40, 1), "float32")
    assert check_training(model, (x, x)).passed
    assert max(looked_at) <= 4_000_000 < x.size


def head(**known):
    of_class = Labels((2,), baseline=0.69, majority=0.5)
    return Head("kind", "dense", (2,), **{"labels": of_class, "loss": BINARY, **known})


def ids(*heads, run=None, penalty=0.0):
    known = Observed(heads=heads, run=run or Run(), penalty=penalty)
    return [finding.id for finding in findings(known)]


def test_two_shares_of_which_both_may_hold_are_a_mistake():
    assert ids(head(activation="softmax")) == []
    of_tags = Labels((2,), sums=(0.0, 2.0))
    assert ids(head(activation="softmax", labels=of_tags)) == ["softmax-under-binary"]
    of_three = Labels((3,))
    told = ids(replace(head(activation="softmax", labels=of_three), shape=(3,)))
    assert told == ["softmax-under-binary"]


def test_what_dropout_hides_in_a_history_has_been_learned():
    still = Run(loss=(0.72, 0.71, 0.7, 0.69, 0.69))
    assert ids(head(first_loss=0.69, crossed_loss=0.69), run=still) == ["underfit"]
    assert ids(head(first_loss=0.64, crossed_loss=0.7), run=still) == []
    right = replace(still, accuracy=(0.52, 0.55, 0.58, 0.6, 0.61))
    assert ids(head(first_loss=0.69, crossed_loss=0.69), run=right) == []


def test_samples_that_count_less_do_not_make_averages_stay_behind():
    """Where classes weigh far less than 1, the history's loss is smaller than what predict has."""
    norm = Part("norm", "BatchNormalization", trainable=True)
    fallen = Run(loss=(0.06, 0.04, 0.03))
    for crossed, told in ((0.71, ["batch-norm-behind"]), (1.4, [])):
        known = Observed(
            heads=(head(first_loss=0.7, crossed_loss=crossed),), parts=(norm,), run=fallen
        )
        assert [finding.id for finding in findings(known)] == told


def test_what_holds_for_others_is_told_by_accuracy_where_weights_are_kept_small():
    """A penalty on weights is part of the history's losses, and no sign of labels in disorder."""
    labels = Labels((2,), baseline=0.69, majority=0.52, told_by_neighbours=False)
    noisy = head(labels=labels, first_loss=0.6, crossed_loss=0.8)
    losses = {"loss": (0.9, 0.8, 0.75, 0.72, 0.71), "val_loss": (0.8, 0.76, 0.74, 0.72, 0.72)}
    right, by_chance = (0.55, 0.6, 0.62, 0.61, 0.63), (0.52, 0.47, 0.55, 0.5, 0.51)
    assert ids(noisy, run=Run(**losses, val_accuracy=right)) == []
    assert ids(noisy, run=Run(**losses, val_accuracy=by_chance)) == ["labels-shuffled"]
    assert ids(noisy, run=Run(**losses)) == ["labels-shuffled"]
    assert ids(noisy, run=Run(**losses), penalty=0.08) == []


def test_the_penalty_is_what_weights_add_to_the_loss():
    given = keras.Input((4,))
    kept_small = keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.1))
    model = keras.Model(given, keras.layers.Dense(1)(kept_small(given)))
    model.compile("sgd", "mse")
    x, y = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")
    run = model.fit(x, y, epochs=1, verbose=0)
    added = model.evaluate(x, y, verbose=0) - np.mean((model.predict(x, verbose=0) - y) ** 2)
    assert observe(model, (x, y), history=run).penalty == pytest.approx(added, rel=1e-4)


@pytest.mark.parametrize("loss", [BINARY, "mse"])
def test_a_column_of_labels_without_its_axis_is_compared_one_by_one(loss):
    given = keras.Input((5,))
    model = compiled(keras.Model(given, layers.Dense(1, activation="sigmoid")(given)), loss)
    x, y = classes(np.random.default_rng(1))
    flat, column = (observe(model, (x, labels > 1)).heads[0] for labels in (y, y[:, None]))
    assert flat.first_loss == pytest.approx(column.first_loss)
    assert flat.crossed_loss == pytest.approx(column.crossed_loss)


def test_ordinary_scales_are_not_blamed():
    given = keras.Input((1,))
    model = compiled(keras.Model(given, layers.Dense(1)(given)), "mse")
    degrees = np.array([-40, -10, 0, 8, 15, 22, 38], "float32")
    assert check_training(model, (degrees, degrees * 1.8 + 32)).passed
    assert check_training(model, (degrees * 9, degrees)).findings[0].id == "unscaled-input"


def test_what_fills_up_harms_what_is_kept_to_the_end():
    given = keras.Input((16,), dtype="int32")
    seen = layers.Embedding(12, 6, name="words")(given)
    for layer in (layers.LSTM(4, return_sequences=True), layers.Dropout(0.1), layers.GRU(4)):
        seen = layer(seen)
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(seen))
    words = short_sentences(np.random.default_rng(1))
    (finding,) = check_training(compiled(model, BINARY), (words, words[:, 0] % 2)).findings
    assert finding.id == "padding-unmasked" and finding.where == ("words",)


def test_columns_as_they_are_do_harm_though_something_normalizes_behind():
    given = keras.Input((5,))
    seen = layers.BatchNormalization()(layers.Dense(8)(given))
    model = compiled(keras.Model(given, layers.Dense(3, activation="softmax")(seen)), SPARSE)
    x, y = classes(np.random.default_rng(1))
    assert check_training(model, (x * 1000, y)).findings[0].id == "unscaled-input"
