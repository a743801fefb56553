"""The shape that is told of each call is the one that Keras says."""

import keras
import pytest
from keras import layers

from autograder.graphs import read_graph
from autograder.graphs.weightless import build_weightless


def convolutions():
    return keras.Sequential(
        [
            keras.Input((20, 20, 3)),
            layers.Conv2D(4, 3, activation="relu", name="first"),
            layers.Conv2D(5, 3, padding="same", activation="relu", name="second"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(6, 3, strides=2, name="third"),
            layers.ReLU(name="relu"),
            layers.Flatten(name="flat"),
            layers.Dense(7, activation="softmax", name="end"),
        ]
    )


def nested():
    start = keras.Input((20, 20, 3))
    return keras.Model(start, convolutions()(start))


def branches():
    start = keras.Input((20, 3))
    one = layers.Conv1D(4, 3, activation="relu", name="one")(start)
    two = layers.Conv1D(5, 3, activation="relu", name="two")(start)
    both = layers.Concatenate(name="both")([one, two])
    last = both[:, -1, None]
    return keras.Model(start, layers.Dense(2, activation="tanh", name="end")(last))


def layers_of(model):
    for layer in model.layers:
        yield from layers_of(layer) if hasattr(layer, "layers") else [layer]


@pytest.mark.parametrize("build", [convolutions, nested, branches])
@pytest.mark.parametrize("weightless", [False, True])
def test_shapes_are_keras_own(build, weightless):
    wanted = {layer.name: layer.output.shape for layer in layers_of(build())}
    graph = read_graph(build_weightless(build) if weightless else build())
    told = {call.name: call.shape for call in graph.calls if call.op != "Input"}
    for name, shape in wanted.items():
        if name in told:
            assert told[name] == shape, name
    behind = {call.name: call.shape for call in graph.calls if call.op == "Conv2D"}
    assert all(shape == wanted[name] for name, shape in behind.items())
    assert len(set(told) & set(wanted)) >= 4


def test_outputs_in_a_dictionary_keep_their_own_shapes():
    start = keras.Input((4,))
    heads = {name: layers.Dense(n, name=name)(start) for n, name in enumerate("cab", start=1)}
    graph = read_graph(keras.Model(start, heads))
    shapes = {call.name: call.shape for call in graph.calls if call.name in heads}
    assert shapes == {"c": (None, 1), "a": (None, 2), "b": (None, 3)}
