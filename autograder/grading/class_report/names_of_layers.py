"""A network without the names that a student made up: the example that a class may see."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from autograder.graphs import Call, Graph


@dataclass(frozen=True)
class Renamed:
    """A network under plain names.

    Attributes:
        graph: the network.
        names: the plain name of each made-up one.
    """

    graph: Graph
    names: Mapping[str, str]

    def text(self, text: str) -> str:
        """A sentence about the network, with the plain names: it has them in quotes."""
        for old in sorted(self.names, key=len, reverse=True):
            quoted, plain = repr(old), repr(self.names[old])
            text = text.replace(quoted, plain).replace(
                f"{quoted[:-1]} (call", f"{plain[:-1]} (call"
            )
        return text


def renamed(graph: Graph, known: Collection[str]) -> Renamed:
    """A network in which every name is Keras' own, or one that is known.

    Args:
        graph: a student's network.
        known: names that the course itself uses.
    """
    plain = {*known, *(call.name for call in graph.calls if _is_own(call))}
    kinds = {call.name: _snake(call.op) for call in graph.calls}
    taken: dict[str, str] = {}
    for name in (*kinds, *graph.inputs, *graph.output_names):
        if name and name not in plain and name not in taken:
            taken[name] = _free(kinds.get(name, "name"), {*plain, *kinds, *taken.values()})
    calls = tuple(replace(call, name=taken.get(call.name, call.name)) for call in graph.calls)
    inputs, outputs = (
        tuple(taken.get(name, name) for name in names)
        for names in (graph.inputs, graph.output_names)
    )
    network = replace(graph, calls=calls, inputs=inputs, output_names=outputs, name="model")
    return Renamed(network, taken)


def _free(kind: str, used: Collection[str]) -> str:
    """A name that is not in use yet."""
    numbers = itertools.count(1)
    return next(name for number in numbers if (name := f"{kind}_{number}") not in used)


def _is_own(call: Call) -> bool:
    """Whether a layer's name is the one that Keras gives: dense, dense_3."""
    kinds = (_snake(call.op), "input_layer", "keras_tensor")
    return any(re.fullmatch(rf"{re.escape(kind)}(_\d+)*", call.name) for kind in kinds)


def _snake(op: str) -> str:
    """A class's name as Keras makes a layer's of it: LSTM, lstm; MaxPooling1D, max_pooling1d."""
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", op))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()
