"""Chapter 1 against the published numbers of its systems."""

import pytest
from chapters.answers import answers
from chapters.seeds import SEEDS
from tensorflow import keras
from tensorflow.keras import layers

from autograder import compare, explain

CHAPTER = "ch01_sequential_to_functional"


@pytest.fixture(scope="module")
def chapter():
    return answers(CHAPTER)


def test_a1_has_3466_parameters_both_ways(chapter):
    functional = chapter.build_classifier()
    sequential = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dense(32, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    counts = [row.count for row in explain(functional).rows]
    assert counts == [0, 2_080, 1_056, 330]
    assert functional.count_params() == sequential.count_params() == 3_466
    assert compare(sequential, functional).passed


def test_b1_has_55050_parameters(chapter):
    assert chapter.build_digit_network().count_params() == 55_050


def test_d1_and_d2_are_one_network_of_60_parameters():
    start = keras.Input((5,))
    at_once = keras.Model(start, layers.Activation("softmax")(layers.Dense(10)(start)))
    scores, chances = layers.Dense(10), layers.Activation("softmax")
    later = keras.Model(start, chances(scores(start)))
    assert at_once.count_params() == 60
    assert compare(later, at_once).passed


def test_d3_has_30_weights(chapter):
    start = keras.Input((5,))
    again = layers.Dense(5)
    model = keras.Model(start, layers.Activation("softmax")(again(again(start))))
    assert chapter.parameters == model.count_params() == 30
    model.compile("sgd", "mse")
    model.fit(keras.ops.ones((4, 5)), keras.ops.ones((4, 5)), verbose=0)
    assert [tuple(weight.shape) for weight in model.weights] == [(5, 5), (5,)]


def test_the_other_counts_the_chapter_states(chapter):
    assert chapter.dense_parameters(64, 32) == 2_080
    assert chapter.build_thrice().count_params() == 81
    assert chapter.build_shortcut().count_params() == 3_786


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_the_digit_network_learns(chapter, seed):
    keras.utils.set_random_seed(seed)
    digits = chapter.load_digits(size=28)
    network = chapter.build_digit_network()
    network.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    network.fit(digits.x_train, digits.y_train, validation_split=0.2, epochs=20, verbose=0)
    assert network.evaluate(digits.x_test, digits.y_test, verbose=0)[1] > 0.9
