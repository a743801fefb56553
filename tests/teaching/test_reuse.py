"""Reused weights are counted once; equal ones that belong to another layer are not."""

from tensorflow import keras
from tensorflow.keras import layers

from autograder.graphs.weightless import build_weightless
from autograder.teaching.reuse import reused_parameters


def test_only_the_parts_own_weights_count():
    part, twin = layers.Dense(2), layers.Dense(2)
    start = keras.Input((3,))
    model = keras.Model(start, layers.concatenate([part(start), part(start + 1), twin(start)]))
    assert reused_parameters(model, part) == (3 + 1) * 2
    assert reused_parameters(model, layers.Dense(2)) == 0
    assert reused_parameters(model, model) == model.count_params() == 16


def test_it_counts_without_weights_too():
    def count():
        start = keras.Input((5,))
        part = keras.Model(start, layers.Dense(4)(start))
        return reused_parameters(keras.Model(start, layers.Dense(1)(part(start))), part)

    assert build_weightless(count) == 24
