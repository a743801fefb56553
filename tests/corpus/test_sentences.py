"""What holds sentences against graphs notices those that are false."""

from dataclasses import replace

import keras
import pytest
from corpus.sentences import faults, parameters_of
from keras import layers

from autograder.graphs import read_graph
from autograder.judging.comparing import judge_network
from autograder.judging.verdict import Finding


def network(units=4, activation="relu"):
    start = keras.Input((8,), name="start")
    x = layers.Dense(units, activation=activation, name="first")(start)
    y = layers.Dense(3, name="second")(x)
    return keras.Model(start, layers.Concatenate(name="both")([x, y]))


@pytest.fixture(scope="module")
def judged():
    answer = network(units=5)
    verdict = judge_network(read_graph(answer), read_graph(network()), thorough=False)
    return verdict, parameters_of(answer)


def test_a_true_one_has_no_faults(judged):
    verdict, parameters = judged
    assert "'first' has 5 units" in verdict.findings[0].message
    assert faults(verdict, parameters) == []


MESSAGE = "'first' has 5 units, where the exercise has 4 units."
FALSE = {
    "the same twice": Finding("x", MESSAGE, ("first",), "4 units", "4 units"),
    "the same in one sentence": Finding(
        "x", "'first' has an axis, where the exercise has an axis. So it is.", ("first",)
    ),
    "another number": Finding("x", MESSAGE, ("first",), "4 units", "6 units"),
    "a number that is nowhere meant": Finding("x", MESSAGE, ("first",), "9 units", "5 units"),
    "a layer that is none": Finding("x", "'third' has 5 units.", ("first",)),
    "a place that is none": Finding("x", MESSAGE, ("third",)),
    "a class that is nowhere": Finding("x", MESSAGE, ("first",), "LSTM 4", "Dense 5"),
    "too long": Finding("x", f"{MESSAGE} {'So it is. ' * 60}", ("first",)),
    "a dictionary": Finding("x", "It has {'class_name': 'Dense'}.", ("first",)),
    "a role": Finding("x", "It is behind {layer_0}.", ("first",)),
    "a tensor": Finding("x", "It reads <KerasTensor shape=(None, 4)>.", ("first",)),
    "nothing where a number is due": Finding("x", "It has None units.", ("first",)),
    "no whole sentence": Finding("x", "'first' has 5 units", ("first",)),
    "a call too many": Finding("x", "'first (call 2)' has 5 units.", ("first",)),
    "an order": Finding(
        "x", "'second' comes before 'first'; the other order is meant.", ("first",)
    ),
    "a reading": Finding("x", "'second' reads 'start'; 'first' is meant there.", ("second",)),
    "a reading twice": Finding("x", "'both' reads 'first' twice; one is too many.", ("both",)),
    "an input that is used": Finding("x", "Input 'start' reaches no output: look.", ("start",)),
    "as expected": Finding(
        "x",
        "Up to 'first' your graph is as expected. There it goes on with Dense 3 (layer 'second'), "
        "which the exercise does not have at that place.",
        ("second",),
    ),
    "a sum": Finding(
        "x",
        f"{MESSAGE} Its weights: (8 + 1) × [5] = 46; expected are (8 + 1) × [4] = 36.",
        ("first",),
    ),
    "a count": Finding("x", MESSAGE, ("first",), "2 outputs", "1 output"),
    "sets of weights": Finding(
        "x", MESSAGE, (), "2 sets of weights in all", "3 sets of weights in all"
    ),
}


@pytest.mark.parametrize("what", FALSE)
def test_a_false_one_is_noticed(judged, what):
    verdict, parameters = judged
    assert faults(replace(verdict, findings=(FALSE[what],)), parameters)
