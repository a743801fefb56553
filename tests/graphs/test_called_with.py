"""What a layer or a model is called with, what is frozen, what stands twice: none is dropped."""

import keras
import pytest
from graphs.alike import same
from keras import layers

from autograder import explain


def part(*more):
    return keras.Sequential([keras.Input((4,)), layers.Dense(4), *more])


def functional(*more):
    inside = keras.Input((4,))
    x = layers.Dense(4)(inside)
    for layer in more:
        x = layer(x)
    return keras.Model(inside, x)


def around(inner, **arguments):
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(1)(inner(x, **arguments)))


INSIDE = {
    "noise": lambda: layers.Dropout(0.5),
    "normalisation": layers.BatchNormalization,
    "both": lambda: part(layers.BatchNormalization()),
}


@pytest.mark.parametrize("made", [part, functional])
@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("fixed", [True, False])
def test_what_a_model_is_called_with_holds_inside(made, inside, fixed):
    free, held = around(made(INSIDE[inside]())), around(made(INSIDE[inside]()), training=fixed)
    assert not same(held, free)
    assert not same(free, held)
    assert same(held, around(made(INSIDE[inside]()), training=fixed))
    assert not same(held, around(made(INSIDE[inside]()), training=not fixed))


def test_nothing_inside_that_minds_it_makes_no_difference():
    assert same(around(part(), training=False), around(part()))


def test_a_layer_inside_has_the_last_word():
    def build(own):
        inside = keras.Input((4,))
        inner = keras.Model(inside, layers.BatchNormalization()(inside, training=own))
        return around(inner, training=False)

    assert not same(build(True), build(False))


def test_a_normalisation_held_still_is_another():
    x = keras.Input((4,))
    free = keras.Model(x, layers.BatchNormalization()(x))
    held = keras.Model(x, layers.BatchNormalization()(x, training=False))
    assert not same(held, free)


def test_a_frozen_part_is_not_a_free_one():
    def build(freeze):
        body = part(layers.Dense(4, activation="relu"))
        body.trainable = not freeze
        return around(body)

    assert not same(build(True), build(False))
    assert not same(build(False), build(True))
    assert same(build(True), build(True))


def test_frozen_is_frozen_however_it_is_said():
    body = part()
    body.trainable = False
    x = keras.Input((4,))
    written_out = keras.Model(x, layers.Dense(1)(layers.Dense(4, trainable=False)(x)))
    assert same(around(body), written_out)


def test_frozen_after_use_is_frozen():
    body = part()
    model = around(body)
    body.trainable = False
    assert not same(model, around(part()))


def test_a_layer_without_weights_cannot_be_frozen():
    x = keras.Input((4,))
    quiet = layers.Dropout(0.5)
    quiet.trainable = False
    assert same(keras.Model(x, quiet(x)), keras.Model(x, layers.Dropout(0.5)(x)))


@pytest.mark.parametrize("made", [part, functional])
def test_a_model_frozen_as_a_whole_stays_so(made):
    net = made(layers.Dense(2, name="top"))
    net.trainable = False
    net.get_layer("top").trainable = True
    assert explain(net).trainable == sum(v.shape.num_elements() for v in net.trainable_weights) == 0
    assert explain(around(net)).trainable == 3


def test_a_layer_that_stands_twice_in_a_sequential_is_one_layer_called_twice():
    def sequential(*several):
        return keras.Sequential([keras.Input((4,)), *several])

    shared, other = layers.Dense(4), layers.Dense(4)
    x = keras.Input((4,))
    twice = keras.Model(x, shared(shared(x)))
    assert same(sequential(other, other), twice)
    assert same(around(sequential(other, other)), around(twice))
    assert not same(sequential(layers.Dense(4), layers.Dense(4)), twice)
    assert explain(sequential(other, other)).total == 20
    noise = layers.Dropout(0.5)
    assert explain(sequential(other, noise, other, noise)).total == 20
