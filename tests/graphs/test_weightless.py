"""Building without weights, and that the next ordinary build does not pay for it."""

import subprocess
import sys

import keras
import pytest

from autograder.graphs.weightless import build_weightless

HUGE = """
import resource
import keras
from autograder.graphs.weightless import build_weightless

def huge():
    start = keras.Input((20_000,))
    return keras.Model(start, keras.layers.Dense(10_000)(start))

def small():
    start = keras.Input((4,))
    return keras.Model(start, keras.layers.Dense(2)(start))

small()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kept = build_weightless(huge)
model = small()
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert kept.count_params() == 200_010_000
assert model.get_weights()[0].shape == (4, 2)
assert after - before < 100_000, f"{after - before} kB"
"""


@pytest.mark.long
def test_an_ordinary_build_after_a_weightless_one_stays_small():
    subprocess.run([sys.executable, "-c", HUGE], check=True)


def _model():
    start = keras.Input((4,))
    return keras.Model(start, keras.layers.Dense(2)(start))


def test_what_needs_values_is_built_in_the_ordinary_way():
    def trained():
        model = _model()
        model.compile("sgd", "mse")
        model.fit(keras.ops.ones((2, 4)), keras.ops.ones((2, 2)), verbose=0)
        return model

    assert build_weightless(trained).get_weights()[0].shape == (4, 2)


def test_what_the_builder_raises_is_raised():
    def broken():
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        build_weightless(broken)


@pytest.mark.parametrize("error", [NotImplementedError, NameError])
def test_what_is_not_written_yet_is_not_tried_twice(error):
    tries = []

    def unfinished():
        tries.append(_model())
        raise error("later")

    with pytest.raises(error, match="later"):
        build_weightless(unfinished)
    assert len(tries) == 1
