"""Each identity computes the same: both sides of its example, built in Keras of the same layers."""

import keras
import numpy as np
import pytest

from autograder import compare
from autograder.graphs import normal_form
from autograder.graphs.identities.rules import IDENTITIES, in_one_spelling, rewrite
from autograder.graphs.reading.models import read_as_written

EACH = pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.name)


def values(model, batch):
    """Something for each input of a model."""
    chance = np.random.default_rng(7)
    return [
        chance.integers(0, 3, (batch, *(4 if n is None else n for n in tensor.shape[1:])))
        if "int" in tensor.dtype
        else chance.normal(size=(batch, *(4 if n is None else n for n in tensor.shape[1:])))
        for tensor in model.inputs
    ]


def made(model, given, training):
    ends = model(given if len(given) > 1 else given[0], training=training)
    return [keras.ops.convert_to_numpy(end) for end in keras.tree.flatten(ends)]


def both_sides(identity):
    """Both models of an example, with the same weights; many are made of the same layers."""
    before, after = identity.example(keras)
    pairs = zip(before.get_weights(), after.get_weights(), strict=True)
    after.set_weights([ours.reshape(theirs.shape) for ours, theirs in pairs])
    return before, after


@EACH
def test_both_sides_make_the_same_values(identity):
    before, after = both_sides(identity)
    for batch in (1, 3):
        for training in (False, True):
            given = values(before, batch)
            pairs = zip(made(before, given, training), made(after, given, training), strict=True)
            assert all(np.allclose(one, other, atol=1e-5) for one, other in pairs)


@EACH
def test_the_rule_finds_one_side_and_leaves_the_other(identity):
    before, after = (read_as_written(model) for model in identity.example(keras))
    found = before
    for earlier in IDENTITIES[: IDENTITIES.index(identity)]:
        found = earlier.applied(found)
    assert identity.applied(found) is not found
    assert identity.applied(in_one_spelling(after)) == in_one_spelling(after)
    assert normal_form(rewrite(before)).key == normal_form(rewrite(after)).key


@EACH
def test_both_sides_are_the_same_answer(identity):
    before, after = identity.example(keras)
    assert compare(before, after).passed
    assert compare(after, before).passed


@EACH
def test_its_docstring_states_it(identity):
    assert identity.write.__doc__
