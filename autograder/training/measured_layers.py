"""Measure the layers: weights, gradients and activations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.graphs import Graph
from autograder.training import structure
from autograder.training.effort import layers_with_weights, shape_of
from autograder.training.gradients import Forward, Step
from autograder.training.observed import Fixed, Part, Unit

_END = 0.02
"""How near its ends a sigmoid or tanh is saturated."""

_BOUNDED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def parts_of(model: Any, last: list[str], seen: Forward, *, has_run: bool) -> Iterator[Part]:
    """What is known of each layer with weights.

    Args:
        model: a Keras model.
        last: the layers that make outputs.
        seen: what the network gave.
        has_run: whether the network was trained.
    """
    for layer in layers_with_weights(model):
        arrays = [np.asarray(weight) for weight in layer.weights]
        step = seen.gradients.get(layer.name)
        yield Part(
            name=layer.name,
            kind=type(layer).__name__,
            reads=shape_of(layer, "input")[1:],
            trainable=bool(layer.trainable_variables),
            untouched=_is_untouched(layer),
            equal=_has_equal_units(layer) and not _is_begun_at_zero(layer, step, has_run=has_run),
            begun=bool(step and step.apart) and _is_zero(layer),
            apart=step.apart if step else None,
            finite=all(bool(np.isfinite(a).all()) for a in arrays if a.dtype.kind == "f"),
            is_last=layer.name in last,
            gradient=step.ratio if step else None,
            connected=step.connected if step else None,
        )


def _is_untouched(layer: Any) -> bool:
    """Whether biases are the zeros that Keras starts with; False where nothing tells."""
    bias = getattr(layer, "bias", None)
    kernel = getattr(layer, "kernel", None)
    if bias is None or kernel is None or not hasattr(bias, "shape"):
        return False
    return bool((np.asarray(bias) == 0).all()) and math.prod(bias.shape) > 1


def _has_equal_units(layer: Any) -> bool:
    kernel = getattr(layer, "kernel", None)
    if kernel is None or len(getattr(kernel, "shape", ())) < 2 or kernel.shape[-1] < 2:
        return False
    if type(layer).__name__.startswith(("Depthwise", "Separable")):
        return False
    rows = np.asarray(kernel).reshape(-1, kernel.shape[-1])
    return bool((rows == rows[:, :1]).all())


def _is_begun_at_zero(layer: Any, step: Step | None, *, has_run: bool) -> bool:
    """Whether a layer starts at zero, as the last one of a block does, and need not stay so."""
    return _is_zero(layer) and (step.apart if step is not None else not has_run)


def _is_zero(layer: Any) -> bool:
    kernel = getattr(layer, "kernel", None)
    return hasattr(kernel, "shape") and not np.asarray(kernel).any()


def watched_in(model: Any, graph: Graph | None, last: list[str]) -> list[str]:
    """The hidden layers whose activations are looked at."""
    if graph is None:
        return []
    kinds = {"relu", *_BOUNDED}
    calls = [call.name for call in graph.calls if structure.activation_of(call) in kinds]
    there = {layer.name for layer in model.layers} - set(last) - structure.ends(graph)
    return [name for name in dict.fromkeys(calls) if name in there]


def units_of(graph: Graph | None, seen: Forward) -> Iterator[Unit]:
    """What each activation that was watched gave."""
    if graph is None:
        return
    kinds = {call.name: structure.activation_of(call) for call in graph.calls}
    for name, numbers in seen.activations.items():
        flat = numbers.reshape(-1, numbers.shape[-1])
        low, high = _BOUNDED.get(kinds[name], (0.0, 0.0))
        near = (flat < low + _END) | (flat > high - _END)
        yield Unit(
            name=name,
            activation=kinds[name],
            silent=float((flat == 0).all(axis=0).mean()) if kinds[name] == "relu" else 0.0,
            saturated=float(near.mean()) if kinds[name] in _BOUNDED else 0.0,
        )


def fixed_of(graph: Graph | None) -> Iterator[Fixed]:
    """The calls with `training=` written out."""
    if graph is not None:
        for call, value in structure.fixed_calls(graph):
            trainable = call.trainable if call.weights is not None else True
            yield Fixed(call.name, call.op, value, trainable)


def penalty_of(model: Any) -> float:
    """What the sizes of a model's weights add to its loss."""
    kept = [weight for weight in model.trainable_variables if getattr(weight, "regularizer", None)]
    return sum(float(weight.regularizer(weight)) for weight in kept)
