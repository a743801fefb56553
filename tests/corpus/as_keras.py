"""A Keras model from a graph: an edited graph becomes a model that a student could have built."""

from typing import Any

import keras
from keras import layers

from autograder.graphs import Call, Graph
from autograder.graphs.weightless import build_weightless

OPS = {
    "Absolute": keras.ops.absolute,
    "Square": keras.ops.square,
    "Subtract": keras.ops.subtract,
}


TRACED = "_of_"
"""Stands in the name of a layer before the trace of its call, by which it is found again where the
graph was edited."""


class CannotBuild(Exception):
    """Keras refuses the model: no student can hand it in."""


def as_keras(graph: Graph) -> keras.Model:
    """A model with this graph, built without weights.

    Raises:
        CannotBuild: if Keras refuses to build it.
    """
    built = build_weightless(lambda: _model_or_refusal(graph))
    if isinstance(built, CannotBuild):
        raise built
    return built


def _model_or_refusal(graph: Graph) -> keras.Model | CannotBuild:
    """A refusal is returned, not raised: what raises is built once more, and with its weights."""
    try:
        return _model(graph)
    except Exception as error:
        return CannotBuild(f"{type(error).__name__}: {error}")


def _model(graph: Graph) -> keras.Model:
    made: dict[int, Any] = {}
    values: list[Any] = []
    for place, call in enumerate(graph.calls):
        if call.op == "Input":
            values.append(_input(graph, place))
            continue
        read = []
        for tensor in call.inputs:
            value = values[tensor.call]
            read.append(value[tensor.output] if isinstance(value, (list, tuple)) else value)
        layer = made.get(call.weights) if call.weights is not None else None
        if layer is None:
            layer = _layer(call, f"part_{place}" + (call.trace and TRACED + call.trace))
        if call.weights is not None:
            made[call.weights] = layer
        values.append(layer(read if len(read) > 1 or call.op == "Concatenate" else read[0]))
    outputs = [values[tensor.call] for tensor in graph.outputs]
    named = all(graph.output_names) and len(set(graph.output_names)) == len(outputs)
    inputs = values[: len(graph.inputs)]
    if named and len(outputs) > 1:
        return keras.Model(inputs, dict(zip(graph.output_names, outputs, strict=True)))
    return keras.Model(inputs, outputs if len(outputs) > 1 else outputs[0])


def _input(graph: Graph, place: int) -> Any:
    call = graph.calls[place]
    ids = any(graph.calls[reader].op == "Embedding" for reader, _ in graph.readers[place])
    return keras.Input(
        tuple(call.config["shape"]),
        dtype="int32" if ids else None,
        name=graph.inputs[place] or None,
    )


def _layer(call: Call, name: str) -> Any:
    config = dict(call.config)
    if call.shape and config.get("axis") == len(call.shape) - 1:
        config["axis"] = -1
    times, mode = call.wrappers.time_distributed, call.wrappers.bidirectional
    if call.op == "Activation":
        layer = _activation(config)
    elif call.op in OPS and not hasattr(layers, call.op):
        return OPS[call.op]
    else:
        layer = getattr(layers, call.op)(**config, name=name)
    if mode:
        layer = layers.Bidirectional(layer, merge_mode=None if mode == "none" else mode)
    for _ in range(times):
        layer = layers.TimeDistributed(layer)
    return layer


def _activation(config: dict[str, Any]) -> Any:
    kind = config.pop("activation")
    if kind == "softmax" and config:
        return layers.Softmax(**config)
    return layers.Activation(kind)
