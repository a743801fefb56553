"""What Keras itself says of a model that was made from another one: whether it is the same."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from by_value.live import exactly
from corpus.as_keras import as_keras
from tensorflow.errors import InvalidArgumentError

from autograder.by_value.noise import is_noise
from autograder.by_value.probes import LENGTHS, Probe
from autograder.graphs import Graph, read_graph
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.weightless import build_weightless
from autograder.judging.pairing import in_order_of

REFUSED = (ValueError, TypeError, ArithmeticError, InvalidArgumentError)


def same_in_keras(answer: Any, reference: Graph) -> bool:
    """Whether a model makes the same numbers as its reference does, with the same weights in order,
    and the rows of a Dense layer's kernel in the order of what comes to them.

    False also where Keras does not tell: of weights in another order, and where there is noise.

    Args:
        answer: a Keras model; it may have no weights yet.
        reference: what it was made from.
    """
    graph = in_order_of(read_graph(answer), reference)
    calls = [*graph.calls, *reference.calls]
    if any(is_noise(call.op) or call.config.get("dropout") for call in calls):
        return False
    models = [build_weightless(lambda: answer), as_keras(reference)]
    if _weights(models[0]) != _weights(models[1]) or _ends(graph) != _ends(reference):
        return False
    with exactly():
        live = [type(model).from_config(_in_double(model.get_config())) for model in models]
        for model in live:
            _fill(model)
        probe = Probe.of(graph, reference)
        for lengths in LENGTHS if probe.is_open else LENGTHS[:1]:
            try:
                _turn_rows(*live, probe.data(12, 3, (1.0,), lengths))
                given = [probe.data(3, seed, (1.0, 30.0), lengths) for seed in (1, 2)]
                return all(_alike(*(_made(model, data) for model in live)) for data in given)
            except REFUSED:
                continue  # too short a length
    return False


def _weights(model: Any) -> list[Any]:
    return [(tuple(weight.shape), weight.trainable) for weight in model.weights]


def _ends(graph: Graph) -> tuple[int, int]:
    return len(graph.inputs), len(graph.outputs)


def _in_double(config: Any) -> Any:
    """A model's config with layers that compute in numbers of twice the size."""
    if isinstance(config, dict):
        return {key: _in_double(value) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return [_in_double(each) for each in config]
    return DTYPE if config == "float32" else config


def _fill(model: Any) -> None:
    for number, weight in enumerate(model.weights):
        shape = tuple(weight.shape)
        size = 1.3 / math.sqrt(math.prod(shape[:-1])) if len(shape) > 1 else 0.3
        size = 0.6 if "embeddings" in weight.path else max(size, 0.05)
        array = size * np.random.default_rng(number).normal(size=shape)
        weight.assign(abs(array) + 0.5 if "variance" in weight.path else array)


def _turn_rows(answer: Any, reference: Any, data: list[np.ndarray]) -> None:
    """Put the rows of the answer's Dense kernels in the order in which their features come."""
    for mine, theirs in zip(*(_dense_layers(model) for model in (answer, reference)), strict=False):
        come = [
            _made(keras.Model(model.inputs, layer.input), data)[0]
            for model, layer in ((answer, mine), (reference, theirs))
        ]
        if come[0].shape != come[1].shape or np.allclose(*come, rtol=1e-9, atol=1e-11):
            continue
        orders = [np.lexsort(each.reshape(-1, each.shape[-1]).round(9)) for each in come]
        kernel = keras.ops.convert_to_numpy(theirs.kernel)
        turned = np.empty_like(kernel)
        turned[orders[0]] = kernel[orders[1]]
        mine.kernel.assign(turned)


def _dense_layers(model: Any) -> list[Any]:
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


def _made(model: Any, data: list[np.ndarray]) -> list[np.ndarray]:
    given = [
        values.astype("int32") if "int" in tensor.dtype else values
        for values, tensor in zip(data, model.inputs, strict=True)
    ]
    made = model(given if len(given) > 1 else given[0])
    return [keras.ops.convert_to_numpy(end) for end in keras.tree.flatten(made)]


def _alike(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-11)
        for a, b in zip(one, other, strict=True)
    )
