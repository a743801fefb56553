"""Arrays that a call is given are told by their size and type, and apart where they look alike."""

import keras
import numpy as np
import pytest

from autograder import compare
from autograder.graphs import read_graph
from autograder.graphs.describe import describe

START = keras.Input((4,))


def scaled(by):
    return read_graph(keras.Model(START, START * by))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_they_have_a_size_and_a_type(dtype):
    call = scaled(np.ones(4, dtype)).calls[-1]
    assert f"array 4 of {dtype} (1, …)" in describe(call)


def test_the_type_by_itself_is_no_difference():
    assert compare(scaled(np.ones(4, "float64")), scaled(np.ones(4, "float32"))).passed


def test_those_that_begin_alike_are_told_apart():
    answer, meant = np.ones(4, "float32"), np.ones(4, "float32")
    meant[2] = 5
    (finding,) = compare(scaled(answer), scaled(meant)).findings
    assert finding.id == "wrong-argument"
    assert finding.expected.endswith("with 5.0 in place 3")
    assert finding.found.endswith("with 1.0 in place 3")


def test_masks_that_begin_alike_are_told_apart():
    def masked(mask):
        start = keras.Input((5, 4))
        attend = keras.layers.MultiHeadAttention(2, 3)
        return keras.Model(start, attend(start, start, attention_mask=mask))

    causal = np.tril(np.ones((1, 5, 5), bool))
    (finding,) = compare(masked(causal.transpose(0, 2, 1).copy()), masked(causal)).findings
    assert finding.expected.endswith("with False in place 2")
    assert finding.found.endswith("with True in place 2")
