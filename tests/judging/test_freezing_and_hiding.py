"""What is frozen and what is masked: mistakes with a name, made by hand in Keras."""

from functools import partial

import keras
import pytest
from keras import layers
from versions import built_if_allowed

from autograder import compare


def body(*frozen, count=3):
    """Some layers of a part; those of these numbers are frozen."""
    part = keras.Sequential([keras.Input((4,))], name="body")
    for number in range(count):
        part.add(layers.Dense(4, activation="relu", trainable=number not in frozen))
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(1, name="head")(part(x)))


def twins(*frozen):
    """A layer called twice between two others."""
    shared = layers.Dense(4, name="shared", trainable="shared" not in frozen)
    x, y = keras.Input((4,)), keras.Input((4,))
    head = layers.Dense(1, name="head", trainable="head" not in frozen)
    return keras.Model([x, y], head(layers.Concatenate()([shared(x), shared(y)])))


def pooled(masked):
    x, m = keras.Input((6, 4)), keras.Input((6,), dtype="bool")
    pool = layers.GlobalAveragePooling1D(name="pool")
    return keras.Model([x, m], layers.Dense(1)(pool(x, mask=m) if masked else pool(x)))


def joined(by_layer):
    ids = keras.Input((6,), dtype="int32")
    one, two = (layers.Embedding(9, 4, mask_zero=True)(ids) for _ in range(2))
    return keras.Model(ids, layers.LSTM(3)(layers.Add()([one, two]) if by_layer else one + two))


CASES = {
    "a part free": (body, (0, 1, 2), (), "not-frozen", "frozen"),
    "a part frozen": (body, (), (0, 1, 2), "frozen-by-mistake", "learn"),
    "one layer of it free": (body, (0, 1, 2), (1, 2), "not-frozen", "frozen"),
    "one layer too many frozen": (body, (0, 1), (0, 1, 2), "frozen-by-mistake", "learn"),
    "a shared layer free": (twins, ("shared",), (), "not-frozen", "'shared"),
    "the head frozen": (twins, (), ("head",), "frozen-by-mistake", "'head'"),
    "no mask": (pooled, (True,), (False,), "missing-mask", "mask=…"),
    "mask lost": (joined, (True,), (False,), "mask-lost", "layers.Add()([a, b])"),
    "mask not lost": (joined, (False,), (True,), "mask-not-lost", "hands the mask on"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_named(case):
    build, meant, given, name, words = CASES[case]
    reference, answer = (built_if_allowed(partial(build, *how)) for how in (meant, given))
    (finding,) = compare(answer, reference).findings
    assert finding.id == name
    assert words in f"{finding.message} {finding.next_step}"
    assert finding.expected != finding.found
