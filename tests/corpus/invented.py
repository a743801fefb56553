"""Made-up mistakes: what a student could have written instead, without looking at any answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any

from autograder.graphs import Call, Graph, Tensor, Wrappers
from autograder.judging.hints import Branch
from autograder.judging.pairing import Pairing

MERGES = ("Add", "Multiply", "Subtract", "Concatenate", "Average", "Maximum")
CELLS = ("LSTM", "GRU", "SimpleRNN")
LARGE = 60
"""Graphs with more calls than this get mistakes at a few places only."""


def _doubled(value: Any) -> list[Any]:
    return [value * 2, value + 3, *([value // 2] if value > 1 else [])]


def _other_size(value: list[int]) -> list[list[int]]:
    return [[size] * len(value) for size in (1, 2, 3, 5) if [size] * len(value) != value]


VALUES = {
    "activation": lambda value: [name for name in ("relu", "sigmoid") if name != value],
    "axis": lambda value: [axis for axis in (1, 2, 3) if axis != value],
    "filters": _doubled,
    "go_backwards": lambda value: [not value],
    "input_dim": _doubled,
    "kernel_size": _other_size,
    "mask_zero": lambda value: [not value],
    "output_dim": _doubled,
    "padding": lambda value: ["valid" if value == "same" else "same"],
    "pool_size": _other_size,
    "rate": lambda value: [value / 2],
    "strides": _other_size,
    "units": _doubled,
}


@dataclass(frozen=True)
class Invented:
    """Hints that come out of nowhere, for the mistakes that the catalogue can make in a graph."""

    reference: Graph

    def values(self, call: Call, key: str) -> Iterable[Any]:
        if key not in call.config or key not in VALUES:
            return []
        return VALUES[key](call.config[key])

    def wrappers(self, call: Call) -> Iterable[Wrappers]:
        modes = ("concat", "sum") if call.op in CELLS else ()
        return [replace(call.wrappers, bidirectional=mode) for mode in modes]

    def arguments(self, call: Call) -> Iterable[Any]:
        return []

    def frozen_otherwise(self, graph: Graph, trainable: bool) -> Iterable[list[int]]:
        return []

    def replacements(self, call: Call) -> Iterable[Call]:
        if call.op in MERGES:
            last = {"axis": len(call.shape or (None, None)) - 1}
            kinds = [op for op in MERGES if op != call.op]
            return [Call(op, last if op == "Concatenate" else {}, shape=call.shape) for op in kinds]
        if call.op in CELLS:
            return [replace(call, op=op) for op in CELLS if op != call.op]
        if "Pooling" in call.op:
            kinds = ("Max", "Average") if "Max" in call.op else ("Average", "Max")
            return [replace(call, op=call.op.replace(*kinds))]
        if call.op == "Flatten":
            return [Call("GlobalAveragePooling2D"), Call("GlobalMaxPooling2D")]
        return []

    def merges(self) -> Iterable[Call]:
        return []

    def weights_read(self) -> Iterable[str]:
        return []

    def additions(self) -> Iterable[list[Call]]:
        dense = Call("Dense", {"units": 32, "use_bias": True}, weights=0)
        relu = Call("Activation", {"activation": "relu"})
        return [
            [dense],
            [dense, relu],
            [Call("Dropout", {"rate": 0.5})],
            [Call("Flatten")],
            [relu],
            [Call("Activation", {"activation": "tanh"})],
        ]

    def has_more(self, call: Call) -> bool:
        return True

    def input_shapes(self, number: int) -> Iterable[list[int | None]]:
        if number >= len(self.reference.inputs):
            return [[7]]
        shape = list(self.reference.calls[number].config["shape"])
        wider = [*shape[:-1], (shape[-1] or 9) + 1]
        return [wider, [(shape[0] or 6) // 2, *shape[1:]]] if len(shape) > 1 else [wider]

    def may_have_inputs(self, graph: Graph, count: int) -> bool:
        return True

    def goes_by(self, names: Iterable[str]) -> bool:
        return False

    def names_as_meant(self, graph: Graph, outputs: Iterable[int]) -> bool:
        return False

    def pairing_of_outputs(self, graph: Graph) -> Pairing:
        return Pairing.BY_POSITION

    def is_site(self, graph: Graph, place: int) -> bool:
        return len(graph.calls) <= LARGE or place in self._few(graph)

    def sources(self, graph: Graph, place: int) -> Iterable[Tensor]:
        count = len(graph.calls)
        return map(Tensor, range(count) if count <= LARGE else self._few(graph))

    def orders(self, graph: Graph, place: int) -> Iterable[tuple[Tensor, ...]]:
        inputs = graph.calls[place].inputs
        for first, second in combinations(range(len(inputs)), 2):
            order = list(inputs)
            order[first], order[second] = order[second], order[first]
            yield tuple(order)

    def branches(self, graph: Graph, place: int) -> Iterable[Branch]:
        """The first branch once more, with weights of its own."""
        inputs = graph.calls[place].inputs
        first = graph.calls[inputs[0].call]
        if first.weights is None or len(first.inputs) != 1 or first.op == "Input":
            return []
        again = replace(first, weights=2000, trace="again")
        return [Branch(len(inputs), [again], Tensor(len(graph.calls)))]

    def strangers(self, graph: Graph, place: int) -> Iterable[Branch]:
        return []

    def strange_outputs(self, graph: Graph) -> Iterable[Branch]:
        return []

    def results(self, graph: Graph, number: int) -> Iterable[Tensor]:
        return self.sources(graph, 0)

    def _few(self, graph: Graph) -> list[int]:
        count = len(graph.calls)
        return sorted({*range(0, count, count // 6), count - 1, count - 2})

    def sharing(self, graph: Graph) -> Iterable[Graph]:
        often = [places for places in graph.layers.values() if len(places) > 1]
        if often:
            yield _apart(graph, [place for places in often for place in places[1:]])
        if len(often) > 1:
            yield _apart(graph, often[0][1:])
            yield _apart(graph, often[-1][1:])
        single = [places[0] for places in graph.layers.values() if len(places) == 1]
        for first, second in pairwise(single):
            if graph.calls[first].label == graph.calls[second].label:
                yield graph.with_call(second, weights=graph.calls[first].weights)


def _apart(graph: Graph, places: list[int]) -> Graph:
    for number, place in enumerate(places):
        graph = graph.with_call(place, weights=1000 + number)
    return graph
