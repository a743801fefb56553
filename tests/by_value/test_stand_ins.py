"""What is not run, or not as exactly: something stands in for it, and networks are evaluated."""

import keras
import numpy as np
import pytest
from keras import Input, Model, layers, ops
from sweeps import one_in

from autograder.by_value.comparison import by_value
from autograder.by_value.opinion import Said
from autograder.graphs import read_graph
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.rebuilding.rebuilt import Rebuilt


class Places(keras.Layer):
    """A position learned for each step."""

    def build(self, shape):
        self.places = self.add_weight(shape=(1, *shape[1:]), name="places")

    def call(self, x):
        return x + self.places


class Drawn(keras.Layer):
    """A point drawn around a mean."""

    def call(self, both):
        mean, log = both
        return mean + ops.exp(log) * keras.random.normal(ops.shape(mean))


def said(answer, reference):
    return by_value(read_graph(answer), read_graph(reference)).said


def respelled(h, is_other):
    return layers.Dense(2)(h * h + h if is_other else h * (h + 1))


def placed(first, *, step=0, before=False):
    x = Input((5, 4))
    body = layers.Dense(4, activation="relu")
    z = body(Places()(x)) if before else Places()(body(x))
    norm = layers.LayerNormalization()
    return Model(x, layers.Dense(2)(norm(z[:, step]) if first else norm(z)[:, step]))


def two_boxes(is_other, *, twice=False):
    x = Input((5, 4))
    one, other = Places(), Places()
    h = layers.Dense(4)(one(x))
    return Model(x, respelled(one(h) if twice else other(h), is_other))


def sampled(is_other, *, again=False, crossed=False):
    x = Input((6,))
    mean, log = layers.Dense(3)(x), layers.Dense(3, activation="tanh")(x)
    draw = Drawn()
    z = draw([log, mean] if crossed else [mean, log])
    more = draw([mean, log]) if again else z
    return Model(x, respelled(layers.Add()([z, more]), is_other))


def words(is_other, known=("a", "b")):
    word, x = Input((1,), dtype="string"), Input((3,))
    ids = layers.StringLookup(vocabulary=list(known))(word)
    h = layers.Concatenate()([x, layers.Flatten()(layers.Embedding(3, 4)(ids))])
    return Model([word, x], respelled(layers.Dense(3)(h), is_other))


def numbers(how, known=(1, 2, 3), spare=1):
    ids, x, size = Input((1,), dtype="int32"), Input((3,)), len(known) + spare
    table = {"vocabulary": list(known), "num_oov_indices": spare}
    if how == "one hot":
        codes = layers.IntegerLookup(**table, output_mode="one_hot")(ids)
    elif how == "encoded":
        codes = layers.CategoryEncoding(size, "one_hot")(layers.IntegerLookup(**table)(ids))
    else:
        codes = ops.one_hot(ops.squeeze(layers.IntegerLookup(**table)(ids), -1), size)
    return Model([ids, x], layers.Dense(2)(layers.Concatenate()([x, codes])))


def hashed(is_other, salt=None):
    ids, x = Input((1,), dtype="int32"), Input((3,))
    places = layers.Embedding(5, 4)(layers.Hashing(5, salt=salt)(ids))
    h = layers.Concatenate()([x, layers.Flatten()(places)])
    return Model([ids, x], respelled(layers.Dense(3)(h), is_other))


def bins(how, ends=(0.0, 1.0)):
    x = Input((1,))
    if how == "one hot":
        codes = layers.Discretization(list(ends), output_mode="one_hot")(x)
    elif how == "encoded":
        codes = layers.CategoryEncoding(3, "one_hot")(layers.Discretization(list(ends))(x))
    else:
        codes = ops.one_hot(sum(ops.cast(x >= end, "int32") for end in ends)[:, 0], 3)
    return Model(x, layers.Dense(2)(codes))


def scaled(scale):
    x = Input((3,))
    return Model(x, layers.Dense(2)(scale(x)))


MEAN, DEVIATION = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 3.0])


def normal(mean=MEAN, deviation=DEVIATION):
    return scaled(layers.Normalization(mean=mean, variance=deviation**2))


def by_hand(mean=MEAN, deviation=DEVIATION):
    return scaled(lambda x: (x - mean) / deviation)


def film(pool, is_other=False):
    x = Input((4, 8, 8, 3))
    h = pool(layers.Conv3D(4, 3, padding="same", activation="relu")(x))
    return Model(x, respelled(layers.Dense(3)(ops.mean(h, (1, 2, 3))), is_other))


def truths(make):
    x = Input((6,))
    return Model(x, layers.Dense(2)(make(*(ops.cast(x > n, "float32") for n in (0.0, 1.0)))))


SAME = {
    "truths as numbers": lambda: (
        truths(lambda a, b: ops.relu(a) + b),
        truths(lambda a, b: layers.Add()([b, ops.abs(a)])),
    ),
    "a token normalised": lambda: (placed(True), placed(False)),
    "two boxes": lambda: (two_boxes(True), two_boxes(False)),
    "drawn": lambda: (sampled(True), sampled(False)),
    "drawn twice": lambda: (sampled(True, again=True), sampled(False, again=True)),
    "words": lambda: (words(True), words(False)),
    "numbers one hot": lambda: (numbers("encoded"), numbers("one hot")),
    "numbers by ops": lambda: (numbers("by ops"), numbers("one hot")),
    "hashed": lambda: (hashed(True), hashed(False)),
    "bins": lambda: (bins("encoded"), bins("one hot")),
    "bins by hand": lambda: (bins("by hand"), bins("one hot")),
    "mean and variance": lambda: (normal(), by_hand()),
    "one mean and variance": lambda: (normal(1.0, 2.0), by_hand(1.0, 2.0)),
    "film": lambda: (film(layers.MaxPooling3D(2), True), film(layers.MaxPooling3D(2))),
    "film by operation": lambda: (
        film(lambda x: ops.max_pool(x, (2, 2, 2), 2)),
        film(layers.MaxPooling3D(2)),
    ),
    "pictures of a film": lambda: (
        film(layers.TimeDistributed(layers.MaxPooling2D())),
        film(layers.MaxPooling3D((1, 2, 2))),
    ),
    "film's mean": lambda: (
        film(lambda x: layers.AveragePooling3D((1, 2, 2))(layers.AveragePooling3D((2, 1, 1))(x))),
        film(layers.AveragePooling3D(2)),
    ),
}

OTHER = {
    "either for both counted": lambda: (
        truths(lambda a, b: ops.maximum(a, b)),
        truths(lambda a, b: a + b),
    ),
    "another token": lambda: (placed(True, step=1), placed(False)),
    "box before": lambda: (placed(True, before=True), placed(False)),
    "one box twice": lambda: (two_boxes(True, twice=True), two_boxes(False)),
    "mean for variance": lambda: (sampled(True, crossed=True), sampled(False)),
    "drawn again": lambda: (sampled(True, again=True), sampled(False)),
    "other words": lambda: (words(True, ("a", "c")), words(False)),
    "other numbers": lambda: (numbers("encoded", (1, 2, 4)), numbers("one hot")),
    "a spare one more": lambda: (numbers("one hot", (1, 2), 2), numbers("one hot")),
    "another salt": lambda: (hashed(True, salt=7), hashed(False)),
    "another end": lambda: (bins("by hand", (0.0, 1.1)), bins("one hot")),
    "another mean": lambda: (normal(), by_hand(np.array([1.0, 2.1, 3.0]))),
    "variance for deviation": lambda: (normal(), by_hand(deviation=DEVIATION**2)),
    "another stride": lambda: (
        film(layers.MaxPooling3D(2, 1), True),
        film(layers.MaxPooling3D(2)),
    ),
}


@one_in(2)
@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same_is_told_so(name):
    assert said(*SAME[name]()) is Said.EQUAL


@one_in(2)
@pytest.mark.parametrize("name", OTHER)
def test_what_differs_is_not_taken_for_the_same(name):
    answer, reference = OTHER[name]()
    assert said(answer, reference) is not Said.EQUAL
    assert said(reference, answer) is not Said.EQUAL


def test_of_what_is_not_run_nothing_shows_that_networks_differ():
    """Here the box takes each step alike, which nobody can know."""
    answer, reference = placed(True, step=1), placed(True, step=0)
    assert said(answer, reference) is Said.UNKNOWN


POOLINGS = [
    (kind, settings)
    for kind in (layers.MaxPooling3D, layers.AveragePooling3D)
    for settings in (
        {"pool_size": 2},
        {"pool_size": (3, 2, 3), "strides": (2, 1, 3), "padding": "same"},
        {"pool_size": (2, 3, 1), "strides": 1},
    )
]


@pytest.mark.parametrize(("kind", "settings"), POOLINGS)
def test_pooling_in_turn_is_what_keras_makes(kind, settings):
    x = keras.Input((5, 7, 8, 2))
    model = keras.Model(x, kind(**settings)(x))
    data = np.random.default_rng(0).normal(size=(2, 5, 7, 8, 2))
    (made,) = Rebuilt(read_graph(model))([keras.ops.convert_to_tensor(data, DTYPE)])
    assert np.allclose(made, model(data), atol=1e-6)
