"""How closely a training is looked at follows from its work, never from how large its data are."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from autograder.training import check_training
from autograder.training.effort import (
    CLOSE,
    FROM_AFAR,
    Size,
    by_itself,
    layers_with_weights,
    size_of,
    within,
)
from autograder.training.neighbours import told_by_neighbours
from autograder.training.samples import MOST, repeated, samples

SMALL = Size(layers=3, steps=0, products=1500)
PICTURES = Size(layers=4, steps=0, products=7e6)
SEQUENCES = Size(layers=2, steps=80, products=5e5)


def effort(size, epochs, steps, *, closely=True, is_first=False):
    work = size.training(epochs, epochs * steps, 32 * epochs * steps)
    return within(size, work, closely=closely, is_first=is_first)


def test_what_a_long_training_takes_lets_one_look_closely():
    assert effort(SMALL, 20, 30) == CLOSE[0]
    assert effort(PICTURES, 20, 100) == CLOSE[0]
    assert effort(SEQUENCES, 40, 60) == CLOSE[0]


def test_of_a_short_one_less_is_looked_at():
    assert effort(PICTURES, 3, 20) not in (CLOSE[0], None)
    assert effort(PICTURES, 2, 4) in FROM_AFAR
    assert effort(SEQUENCES, 2, 4) is None
    assert effort(SMALL, 20, 30, closely=False) == FROM_AFAR[0]


def test_a_first_look_waits_for_more():
    assert effort(SMALL, 5, 30, is_first=True) is None
    assert effort(SMALL, 200, 30, is_first=True) == CLOSE[0]


def test_the_longer_a_training_the_closer_is_the_look():
    looks = [effort(PICTURES, epochs, 50) for epochs in (1, 2, 5, 10, 50, 500)]
    seen = [look.seen if look else 0 for look in looks]
    assert seen == sorted(seen) and seen[-1] == CLOSE[0].seen


@pytest.mark.parametrize("size", [SMALL, PICTURES, SEQUENCES])
@pytest.mark.parametrize("epochs", [1, 3, 10, 100])
@pytest.mark.parametrize("steps", [1, 10, 100])
def test_a_look_is_a_small_part(size, epochs, steps):
    look = effort(size, epochs, steps)
    work = size.training(epochs, epochs * steps, 32 * epochs * steps)
    assert look is None or size.look(look) < 0.02 * work


def test_a_large_network_is_looked_at_with_few_samples():
    assert by_itself(SMALL) == CLOSE[0]
    assert by_itself(Size(layers=20, steps=0, products=8e8)) == CLOSE[-1]
    assert by_itself(Size(layers=2, steps=500, products=1e6)) == FROM_AFAR[0]
    assert by_itself(Size(layers=16, steps=0, products=1.5e10)) is None


def test_labels_in_a_pattern_are_all_seen():
    y = np.arange(1_000_000) % 4
    model = keras.Sequential([keras.Input((1,)), layers.Dense(4, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert check_training(model, (np.linspace(0, 1, len(y))[:, None], y)).passed


def test_the_size_of_a_network():
    given = keras.Input((None,))
    read = layers.Bidirectional(layers.LSTM(4))(layers.Embedding(50, 8)(given))
    model = keras.Model(given, layers.Dense(3)(read))
    size = size_of(layers_with_weights(model), length=10)
    assert (size.layers, size.steps) == (3, 20)
    assert size.products == 10 * 8 + 10 * 2 * 4 * (8 + 4 + 1) * 4 + (8 * 3 + 3)
    seen = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(5, 3)])
    assert size_of(seen.layers, 1) == Size(1, 0, 4 * 4 * (9 * 5 + 5))


IN_TIME = {
    "a layer": (lambda: layers.TimeDistributed(layers.Conv2D(3, 3)), 6 * 6 * 30),
    "a network": (
        lambda: layers.TimeDistributed(
            keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(3, 3), layers.Flatten()])
        ),
        6 * 6 * 30,
    ),
    "its last state": (lambda: layers.ConvLSTM2D(2, 3), 6 * 6 * 224),
    "all its states": (lambda: layers.ConvLSTM2D(2, 3, return_sequences=True), 6 * 6 * 224),
}


@pytest.mark.parametrize("kind", IN_TIME)
def test_the_size_of_what_sees_a_film_picture_by_picture(kind):
    make, products = IN_TIME[kind]
    film = keras.Input((5, 8, 8, 1))
    model = keras.Model(film, make()(film))
    assert size_of(layers_with_weights(model), 1) == Size(1, 5, 5 * products)


def test_where_there_is_no_batch_of_the_size_that_a_network_takes_it_is_not_run():
    given = keras.Input(batch_shape=(700, 3, 2))
    model = keras.Model(given, layers.Dense(1)(layers.LSTM(4, stateful=True)(given)))
    model.compile("sgd", "mse")
    r = np.random.default_rng(0)
    x = r.normal(size=(1400, 3, 2))
    assert check_training(model, (x, x.sum(axis=(1, 2))[:, None])).passed


def test_of_large_batches_some_are_taken():
    x, y = np.arange(9000.0).reshape(3000, 3), np.arange(3000)
    found = samples(tf.data.Dataset.from_tensor_slices((x, y)).batch(2000))
    assert found.count == MOST and found.batch == 2000
    assert (found.x[:, 0] == 3 * found.y).all() and found.y[-1] == 1999


def test_of_large_samples_fewer_are_taken():
    films = np.broadcast_to(np.zeros((1, 60, 200, 200, 3), "uint8"), (100, 60, 200, 200, 3))
    assert samples((films[:30], np.zeros(30))).count == 24


@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "uint8", "bool", "U1"])
def test_samples_are_known_again_whatever_their_type(kind):
    numbers = np.random.default_rng(0).integers(0, 2, (900, 40))
    x, y = numbers.astype(kind), np.zeros(900)
    training = samples((x[:600], y[:600]))
    assert repeated(training, samples((x[:200], y[:200]))) == 1.0
    assert repeated(training, samples((x[600:], y[600:]))) == 0.0


def test_large_samples_are_known_again_by_the_same_of_their_numbers():
    x = np.random.default_rng(2).integers(0, 255, (5000, 1000), "uint8")
    training = samples((x[:4900], np.zeros(4900)))
    assert repeated(training, samples((x[100:300], np.zeros(200)))) == 1.0
    assert repeated(training, samples((x[4900:], np.zeros(100)))) == 0.0


def test_neighbours_of_large_samples_are_told_by_some_of_their_numbers():
    r = np.random.default_rng(1)
    y = r.integers(0, 2, 120)
    x = np.repeat(y[:, None] + r.normal(size=(120, 1)), 30_000, axis=1).astype("float32")
    assert told_by_neighbours(x, y, is_class=True)
    words = np.where(y[:, None] == 1, 1, 2) * r.integers(1, 20_000, (120, 40))
    assert told_by_neighbours(words % 20_000, y, is_class=True) is not None
