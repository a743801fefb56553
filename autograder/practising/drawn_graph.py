"""A drawn network as a graph, put together from what Keras makes of one layer of each kind.

To have Keras build a network takes ten milliseconds and more, and an exercise is drawn among many
wrong networks. What Keras makes of a layer depends on no width, so each kind of layer is built once
in a process. What is shown of an exercise, and judged by, is what Keras itself makes of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from autograder.graphs import Call, Graph, Tensor, read_graph
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.weightless import build_weightless
from autograder.practising.drawn_network import MERGES, Layer, Network, Start
from autograder.practising.drawn_shapes import Shape, shapes_of

_WIDTHS = frozenset({"units", "filters", "input_dim", "output_dim"})
"""Settings that Keras keeps as they are given, and that change no other one."""

_SAMPLE = 64
"""Each length of an example: no window of a drawn network is as large."""


@lru_cache(maxsize=64)
def graph_of(network: Network) -> Graph:
    """The graph that `built` has of a network.

    Raises:
        ValueError: if shapes do not fit.
    """
    drawing = _Drawing()
    tensors = {start.name: drawing.input(start) for start in network.starts}
    drawing.calls_of(network, tensors, inside="", frozen=False)
    return rewrite(
        Graph(
            tuple(drawing.calls),
            tuple(start.name for start in network.starts),
            tuple(tensors[name] for name in network.outputs),
            ("",) * len(network.outputs),
            inputs_given=_given(network.starts),
            outputs_given=_given(network.outputs),
        )
    )


def _given(things: tuple[Any, ...]) -> str:
    return "single" if len(things) == 1 else "list"


class _Drawing:
    """Collects the calls of a graph."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._weights: dict[str, int] = {}

    def input(self, start: Start) -> Tensor:
        """An input of the whole."""
        dtype = "int32" if start.whole else "float32"
        shape = {"shape": list(start.shape)}
        return self._added(
            Call("Input", shape, name=start.name, shape=(None, *start.shape), dtype=dtype)
        )

    def calls_of(
        self, network: Network, tensors: dict[str, Tensor], *, inside: str, frozen: bool
    ) -> None:
        """All calls of a network; what they make is entered among the tensors, by name.

        Args:
            network: the network.
            tensors: its inputs, by name.
            inside: the model whose network it is; "" for the whole.
            frozen: whether that is frozen.
        """
        shapes = shapes_of(network)
        for step in network.steps:
            layer = network.layer(step.layer)
            read = [tensors[name] for name in step.reads]
            place = _Place(f"{inside}/{step.layer}", step.layer, frozen or layer.frozen)
            if layer.inner is None:
                before, after = tuple(shapes[name] for name in step.reads), shapes[step.makes]
                made = self._called(place, layer, read, before=before, after=after)
                tensors[step.makes] = made
            else:
                inner = {layer.inner.starts[0].name: read[0]}
                self.calls_of(layer.inner, inner, inside=place.path, frozen=place.frozen)
                tensors[step.makes] = inner[layer.inner.outputs[0]]

    def _called(
        self,
        place: _Place,
        layer: Layer,
        read: list[Tensor],
        *,
        before: tuple[Shape, ...],
        after: Shape,
    ) -> Tensor:
        """One call of a layer: its last tensor.

        Args:
            place: where the layer stands.
            layer: the layer.
            read: what it reads.
            before: the shapes of that.
            after: the shape of what it makes.
        """
        widths = {key: value for key, value in layer.settings if key in _WIDTHS}
        others = tuple(pair for pair in layer.settings if pair[0] not in _WIDTHS)
        ranks = tuple(len(shape) for shape in before)
        tensors = dict(enumerate(read))
        for number, example in enumerate(_example(layer.op, others, tuple(widths), ranks)):
            tensors[len(read) + number] = self._added(
                replace(
                    example,
                    config={**example.config, **_those_of(example, widths)},
                    inputs=tuple(tensors[t.call] for t in example.inputs),
                    weights=None if example.weights is None else self._number(place.path),
                    name=place.name,
                    built_on=tuple((None, *shape) for shape in before[: len(example.built_on)]),
                    shape=(None, *after),
                    trainable=not place.frozen,
                )
            )
        return tensors[len(tensors) - 1]

    def _number(self, path: str) -> int:
        return self._weights.setdefault(path, len(self._weights))

    def _added(self, call: Call) -> Tensor:
        self.calls.append(call)
        return Tensor(len(self.calls) - 1)


@dataclass(frozen=True)
class _Place:
    """Where a layer stands: the names that lead to it, its own name, whether it is frozen."""

    path: str
    name: str
    frozen: bool


def _those_of(call: Call, widths: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in widths.items() if key in call.config}


@cache
def _example(
    op: str, settings: tuple[tuple[str, Any], ...], widths: tuple[str, ...], ranks: tuple[int, ...]
) -> tuple[Call, ...]:
    """The calls that Keras makes of one layer; the tensors that it reads are numbered first."""
    made = build_weightless(lambda: _model_of_one(op, settings, widths, ranks))
    graph = read_graph(made)
    assert all(call.op == "Input" for call in graph.calls[: len(ranks)])
    return graph.calls[len(ranks) :]


def _model_of_one(
    op: str, settings: tuple[tuple[str, Any], ...], widths: tuple[str, ...], ranks: tuple[int, ...]
) -> Any:
    import keras

    dtype = "int32" if op == "Embedding" else None
    read = [keras.Input((_SAMPLE,) * rank, dtype=dtype) for rank in ranks]
    layer = getattr(keras.layers, op)(**dict(settings), **dict.fromkeys(widths, _SAMPLE))
    return keras.Model(read, layer(read if op in MERGES else read[0]))
