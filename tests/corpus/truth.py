"""What Keras itself says of a model that was made from another one: whether it is the same."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from by_value.live import exactly
from corpus.as_keras import TRACED, as_keras
from tensorflow.errors import InvalidArgumentError

from autograder.by_value.noise import is_noise
from autograder.by_value.probes import LENGTHS, Probe
from autograder.graphs import Graph, read_graph
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.weightless import build_weightless
from autograder.judging.edits import traced
from autograder.judging.pairing import in_order_of

REFUSED = (ValueError, TypeError, ArithmeticError, InvalidArgumentError)


def same_in_keras(answer: Any, reference: Graph) -> bool:
    """Whether a model makes the same numbers as its reference does, with the same weights.

    They go in order, or by the layers that an edit left; and the rows of a Dense layer's kernel in
    the order of what comes to them. False also where Keras does not tell: of weights matched in
    another way, and where there is noise.

    Args:
        answer: a Keras model; it may have no weights yet.
        reference: what it was made from.
    """
    graph = in_order_of(read_graph(answer), reference)
    calls = [*graph.calls, *reference.calls]
    if any(is_noise(call.op) or call.config.get("dropout") for call in calls):
        return False
    models = [build_weightless(lambda: answer), as_keras(traced(reference))]
    if _ends(graph) != _ends(reference):
        return False
    with exactly():
        live = [type(model).from_config(_in_double(model.get_config())) for model in models]
        _fill(live[1])
        probe = Probe.of(graph, reference)
        return any(_same(live, pairs, probe) for pairs in (_in_order(*live), _traced(*live)))


def _same(live: list[Any], pairs: list[tuple[Any, Any]], probe: Probe) -> bool:
    """Whether two models make the same, where each weight of the first has another's numbers."""
    if not pairs and live[1].weights:
        return False
    for mine, other in pairs:
        mine.assign(other)
    for lengths in LENGTHS if probe.is_open else LENGTHS[:1]:
        try:
            _turn_rows(*live, pairs, probe.data(12, 3, (1.0,), lengths))
            given = [probe.data(3, seed, (1.0, 30.0), lengths) for seed in (1, 2)]
            return all(_alike(*(_made(model, data) for model in live)) for data in given)
        except REFUSED:
            continue  # too short a length
    return False


def _in_order(answer: Any, reference: Any) -> list[tuple[Any, Any]]:
    """Weights in the order in which both models have them; none where they are not alike."""
    return _alike_pairs(answer.weights, reference.weights)


def _traced(answer: Any, reference: Any) -> list[tuple[Any, Any]]:
    """Weights of layers that stand for the same call; none where one has none to go with."""
    mine, theirs = ({_trace(w): w for w in model.weights} for model in (answer, reference))
    if mine.keys() != theirs.keys() or len(mine) != len(answer.weights):
        return []
    return _alike_pairs(list(mine.values()), [theirs[key] for key in mine])


def _trace(weight: Any) -> str:
    """What a weight is of, and what it is there."""
    before, _, after = weight.path.rpartition(TRACED)
    return f"{after} {'backward' in before}"


def _alike_pairs(mine: list[Any], theirs: list[Any]) -> list[tuple[Any, Any]]:
    kinds = [[(tuple(w.shape), w.trainable) for w in weights] for weights in (mine, theirs)]
    return list(zip(mine, theirs, strict=True)) if kinds[0] == kinds[1] else []


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


def _turn_rows(
    answer: Any, reference: Any, pairs: list[tuple[Any, Any]], data: list[np.ndarray]
) -> None:
    """Put the rows of the answer's Dense kernels in the order in which their features come."""
    others = {id(mine): other for mine, other in pairs}
    owners = {id(layer.kernel): layer for layer in _dense_layers(reference)}
    for mine in _dense_layers(answer):
        theirs = owners.get(id(others[id(mine.kernel)]))
        if theirs is None:
            continue
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
