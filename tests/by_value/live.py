"""Real Keras models in place of rebuilt graphs: whether both judge alike tells whether a graph,
and what is made of it, says all that its model computes."""

from contextlib import contextmanager
from dataclasses import replace

import keras

from autograder.by_value.comparison import by_value
from autograder.by_value.network import Network
from autograder.by_value.noise import is_noise
from autograder.by_value.thresholds import Reached
from autograder.graphs import Call, read_graph
from autograder.graphs.reading.models import read_as_written
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.rebuilding.rebuilt import Step


@contextmanager
def exactly():
    """Models made here compute with the numbers that rebuilt graphs do."""
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(DTYPE)
    # The policy is made of floatx once and then kept: without this line it would outlive the block.
    keras.config.set_dtype_policy(DTYPE)
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(policy)


class Live:
    """A model that is called as a rebuilt graph is."""

    def __init__(self, model):
        self.model, self.rates = model, {}
        leaves = list(_leaves(model))
        self.layers = {n: layer for n, layer in enumerate(leaves) if layer.weights}
        self.noisy = [layer for layer in leaves if is_noise(type(layer).__name__)]

    def __call__(self, inputs, training=None, around=None):
        with self._noise_by(around):
            made = self.model(
                keras.tree.pack_sequence_as(self.model.input, list(inputs)), training=training
            )
        return keras.tree.flatten(made)

    @contextmanager
    def _noise_by(self, around):
        for layer in self.noisy:
            layer.call = _noise(layer, around)
        try:
            yield
        finally:
            for layer in self.noisy:
                del layer.call


def _noise(layer, around):
    call = Call(type(layer).__name__, settings_of(layer))

    def made(inputs, training=None, **_):
        return around(Step(0, call, [inputs], training), lambda: inputs)

    return made


def settings_of(layer):
    """The settings of a noise layer, as a graph has them."""
    model = keras.Sequential([keras.Input((3,)), layer.__class__.from_config(layer.get_config())])
    found = [c for c in read_graph(model).calls if c.op == type(layer).__name__]
    return dict(found[0].config) if found else {"rate": 0}


def _leaves(model):
    seen = set()
    for layer in model.layers:
        for leaf in _leaves(layer) if hasattr(layer, "layers") else _with_weights(layer):
            if id(leaf) not in seen:
                seen.add(id(leaf))
                yield leaf


def _with_weights(layer):
    """What has a layer's weights: of an RNN, its cells."""
    cell = layer.cell if type(layer) is keras.layers.RNN else layer
    return getattr(cell, "cells", (cell,))


def live_by_value(answer, reference, seconds=20.0):
    """Two models judged by evaluating themselves."""
    graphs = read_graph(answer), read_graph(reference)
    models = dict(zip(map(id, graphs), (answer, reference), strict=True))

    def made(graph, ends):
        network = Network(graph, ends, Live(models[id(graph)]))
        network.reached = Reached(replace(graph, calls=graph.calls[: len(graph.inputs)]))
        return network  # what a model's own calls read is not seen: its limits are not noted

    return by_value(*graphs, seconds, made)


def beside_its_graph(model, seconds=20.0):
    """A model itself, judged by what its graph is in one spelling."""
    written, spelled = read_as_written(model), read_graph(model)

    def made(graph, ends):
        network = Network(graph, ends, Live(model) if graph is written else None)
        inputs = graph.calls[: len(graph.inputs)]
        network.reached = Reached(replace(graph, calls=inputs))  # as in `live_by_value`
        return network

    return by_value(written, spelled, seconds, made)
