"""Measure the outputs: losses, last activations, labels and predictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.graphs import Graph
from autograder.graphs.compiled import Compiled, Loss
from autograder.training import structure
from autograder.training.gradients import Forward
from autograder.training.measured_labels import crossed, first_loss, is_one_answer, labels_of
from autograder.training.observed import Head
from autograder.training.samples import Samples, by_name

_BEYOND = 1e-3
"""How far beyond 0 and 1 a number is no probability, however it was rounded."""


@dataclass(frozen=True)
class Given:
    """The samples looked at, those of them that ran through the network, and what it gave.

    Whether inputs and labels belong together is asked where learning leaves that in doubt.
    """

    some: Samples | None
    few: Samples | None
    seen: Forward
    in_doubt: bool


def heads_of(
    graph: Graph | None, told: Compiled, named: tuple[list[str], list[str]], given: Given
) -> Iterator[Head]:
    """What is known of each output.

    Args:
        graph: the network; None of one that cannot be read.
        told: what it was compiled with.
        named: the outputs as losses name them, and the layers that make them.
        given: the samples, and what came of them.
    """
    names, layers = named
    some, few = given.some, given.few
    labels = by_name(some.y, names, layers) if some else {}
    few_labels = by_name(few.y, names, layers) if few else {}
    all_labels = by_name(some.whole_y, names, layers) if some else {}
    for place, (name, layer) in enumerate(zip(names, layers, strict=True)):
        loss, made = told.losses[place], given.seen.outputs.get(name)
        call = _call_of(graph, layer)
        seen_activation = "" if graph is not None or made is None else _seen_activation(made)
        shape = tuple(made.shape[1:]) if made is not None else _shape(graph, call)
        truth = labels.get(name)
        measured = None
        if truth is not None and some is not None and truth.dtype.kind in "biuf":
            pairs = truth, some.x if given.in_doubt else None
            measured = labels_of(all_labels.get(name, truth), loss, pairs)
        yield Head(
            name=name,
            layer=layer,
            shape=shape,
            activation=_activation(graph, call, loss) or seen_activation,
            below="" if call is None else structure.activation_below(graph, call),
            loss=loss.name,
            from_logits=loss.from_logits,
            ignores=loss.ignores,
            weight=told.weights[place] if told.whole else None,
            metrics=told.metrics[place],
            labels=measured,
            first_loss=first_loss(loss, few_labels.get(name), made),
            crossed_loss=first_loss(loss, few_labels.get(name), crossed(made)),
            dropout_after="" if call is None else structure.dropout_after(graph, call),
            summed_towers="" if call is None else structure.summed_towers(graph, call),
            one_answer=is_one_answer(made, few_labels.get(name), loss),
        )


def _activation(graph: Graph | None, call: int | None, loss: Loss) -> str:
    """The last activation; not known where the loss is told an axis of its own."""
    if call is None or any(setting.startswith("axis=") for setting in loss.others):
        return ""
    return structure.last_activation(graph, call)


def _seen_activation(made: np.ndarray) -> str:
    """Of a network that cannot be read, what its numbers say; "" where they leave it open."""
    if made.ndim < 2 or made.dtype.kind != "f" or not np.isfinite(made).all():
        return ""
    if made.min() < -_BEYOND or made.max() > 1 + _BEYOND:
        return "linear"
    is_shares = made.shape[-1] > 1 and np.abs(made.sum(axis=-1) - 1).max() < _BEYOND
    return "softmax" if is_shares else ""


def _call_of(graph: Graph | None, layer: str) -> int | None:
    """The place of the call that makes an output."""
    if graph is None:
        return None
    if len(graph.outputs) == 1:
        return graph.outputs[0].call
    made_by = [t.call for t in graph.outputs if graph.calls[t.call].name == layer]
    return made_by[0] if len(made_by) == 1 else None


def _shape(graph: Graph | None, call: int | None) -> tuple[int | None, ...]:
    shape = graph.calls[call].shape if graph is not None and call is not None else None
    return tuple(shape[1:]) if shape else (None,)
