"""Each equation, both ways: the same numbers in Keras, and the same network to us."""

import keras
import numpy as np
import pytest
from graphs.equations import EQUATIONS

from autograder.graphs import normal_form, read_graph
from autograder.graphs.identities.rules import rewrite


def made(model, given):
    ends = model(given if len(given) > 1 else given[0], training=False)
    return [np.asarray(end) for end in keras.tree.flatten(ends)]


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda equation: equation.__name__)
def test_every_way_is_the_same(equation):
    first, *others = equation()
    chance = np.random.default_rng(3)
    given = [chance.normal(size=(2, *each.shape[1:])).astype("float32") for each in first.inputs]
    known, numbers = normal_form(read_graph(first)).key, made(first, given)
    assert others
    for number, other in enumerate(others, start=1):
        pairs = zip(first.get_weights(), other.get_weights(), strict=True)
        other.set_weights([ours.reshape(theirs.shape) for ours, theirs in pairs])
        both = zip(numbers, made(other, given), strict=True)
        assert all(np.allclose(one, two, atol=1e-5) for one, two in both), number
        assert normal_form(read_graph(other)).key == known, number


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda equation: equation.__name__)
def test_what_is_in_one_spelling_stays_so(equation):
    for model in equation():
        graph = read_graph(model)
        assert rewrite(graph) == graph


def test_to_pad_with_another_number_is_no_zero_padding():
    start = keras.Input((5, 3))
    known, padded = (
        normal_form(read_graph(keras.Model(start, layer(start)))).key
        for layer in (
            keras.layers.ZeroPadding1D((1, 2)),
            lambda x: keras.ops.pad(x, [[0, 0], [1, 2], [0, 0]], constant_values=-1e9),
        )
    )
    assert known != padded


ARRAY = np.array([1.5, -1.0, 0.5], "float32")
AGAIN = {
    "added": lambda x: x + ARRAY,
    "multiplied": lambda x: x * ARRAY,
    "put beside it": lambda x: keras.ops.concatenate([x, np.ones((1, 5, 1), "float32")], -1),
}


@pytest.mark.parametrize("how", AGAIN)
def test_an_array_that_is_merged_twice_is_not_merged_once(how):
    def key(times):
        start = end = keras.Input((5, 3), batch_size=1 if how == "put beside it" else None)
        for _ in range(times):
            end = AGAIN[how](end)
        return normal_form(read_graph(keras.Model(start, end))).key

    assert len({key(1), key(2), key(3)}) == 3
