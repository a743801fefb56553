"""A layer inside a Bidirectional that is called by itself, too: one set of weights."""

import keras
import pytest
from keras import layers

from autograder import compare, explain

HOW = {
    "at the end": {},
    "summed": {"merge": "sum"},
    "not merged": {"merge": None},
    "at each step": {"sequences": True},
    "backwards": {"way": "backward"},
    "backwards at each step": {"way": "backward", "sequences": True},
    "with states": {"state": True, "sequences": True, "merge": "ave"},
    "masked": {"masked": True, "sequences": True},
}


def reader(shared, *, merge="concat", sequences=False, way="forward", state=False, masked=False):
    """A Bidirectional on one text, and one of its ways, or its like, on another."""
    texts = [keras.Input((7,)), keras.Input((6,))]
    embedding = layers.Embedding(9, 5, mask_zero=masked)
    settings = {"return_sequences": sequences, "return_state": state}
    both = layers.Bidirectional(layers.LSTM(3, **settings), merge_mode=merge)
    ends = keras.tree.flatten(both(embedding(texts[0])))
    other = layers.LSTM(3, go_backwards=way == "backward", **settings)
    alone = getattr(both, f"{way}_layer") if shared else other
    ends += keras.tree.flatten(alone(embedding(texts[1])))
    return keras.Model(texts, ends)


@pytest.mark.parametrize("how", HOW)
def test_it_counts_once(how):
    model = reader(True, **HOW[how])
    assert explain(model).total == model.count_params()


@pytest.mark.parametrize("how", HOW)
def test_its_like_is_another_network(how):
    shared, apart = reader(True, **HOW[how]), reader(False, **HOW[how])
    assert compare(reader(True, **HOW[how]), shared).passed
    assert compare(reader(False, **HOW[how]), apart).passed
    assert not compare(apart, shared).passed
    assert not compare(shared, apart).passed
