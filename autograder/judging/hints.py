"""What a misconception may draw on when it makes a mistake: values, layers, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.graphs import Call, Graph, Tensor, Wrappers
from autograder.graphs.free_orders import free_orders
from autograder.graphs.layers.facts import facts
from autograder.graphs.normal_form import settled_colours
from autograder.judging.pairing import Pairing


@dataclass(frozen=True)
class Branch:
    """A tensor that a merge could read, too.

    Attributes:
        position: its place among the merge's inputs.
        calls: the calls that make it and are not in the graph yet: they are to follow its own, and
            their inputs are numbered so.
        tensor: the tensor.
    """

    position: int
    calls: list[Call]
    tensor: Tensor


class Hints(Protocol):
    """Where mistakes come from: seen in a student's answer, or made up to test the judge."""

    def values(self, call: Call, key: str) -> Iterable[Any]:
        """Other values for a setting of a call."""

    def wrappers(self, call: Call) -> Iterable[Wrappers]:
        """What else could be around a call's layer."""

    def arguments(self, call: Call) -> Iterable[Mapping[str, Any]]:
        """What else a layer could be called with, beside its tensors."""

    def frozen_otherwise(self, graph: Graph, trainable: bool) -> Iterable[list[int]]:
        """Groups of calls whose layers could be free to learn, or frozen, and are not."""

    def replacements(self, call: Call) -> Iterable[Call]:
        """Other layers for the place of a call."""

    def merges(self) -> Iterable[Call]:
        """Merges of two tensors that could have been put in."""

    def weights_read(self) -> Iterable[str]:
        """Names of weights that an operation could read of another layer."""

    def additions(self) -> Iterable[list[Call]]:
        """Layers that could have been put in: a call, or a call and its activation."""

    def has_more(self, call: Call) -> bool:
        """Whether there could be more calls like this one than the graph has."""

    def input_shapes(self, number: int) -> Iterable[list[int | None]]:
        """Other shapes for an input, without the batch axis."""

    def may_have_inputs(self, graph: Graph, count: int) -> bool:
        """Whether there could be so many inputs, in the place of those that the graph has."""

    def goes_by(self, names: Iterable[str]) -> bool:
        """Whether these are names of inputs or outputs that the answer gives, too."""

    def names_as_meant(self, graph: Graph, outputs: Iterable[int]) -> bool:
        """Whether the answer's outputs of these numbers have the names that the graph's have."""

    def pairing_of_outputs(self, graph: Graph) -> Pairing:
        """What tells which output of the answer stands for which of the graph's."""

    def is_site(self, graph: Graph, place: int) -> bool:
        """Whether it is worth trying a mistake at this call."""

    def sources(self, graph: Graph, place: int) -> Iterable[Tensor]:
        """Tensors that a call could have read instead of what it reads."""

    def orders(self, graph: Graph, place: int) -> Iterable[tuple[Tensor, ...]]:
        """Other orders of the tensors that a call reads."""

    def branches(self, graph: Graph, place: int) -> Iterable[Branch]:
        """Tensors that a merge could read beside those that it reads."""

    def strangers(self, graph: Graph, place: int) -> Iterable[Branch]:
        """Tensors that a call could read at a position, made of what there is by calls of their
        own.
        """

    def strange_outputs(self, graph: Graph) -> Iterable[Branch]:
        """The same of tensors that could be returned."""

    def results(self, graph: Graph, number: int) -> Iterable[Tensor]:
        """Tensors that could have been returned in the place of an output, or before it."""

    def sharing(self, graph: Graph) -> Iterable[Graph]:
        """The same calls with other groups of them sharing their weights."""


def unlike_positions(graph: Graph, place: int) -> Sequence[int]:
    """The positions of what a call reads; of several that nothing tells apart the first alone.

    A mistake at one of two hundred equal branches of a sum is the same at each of them.
    """
    inputs = graph.calls[place].inputs
    if len(inputs) <= _FEW or not free_orders(graph)[place]:
        return range(len(inputs))
    colours, first = settled_colours(graph), dict[tuple[int, int], int]()
    for position, tensor in enumerate(inputs):
        first.setdefault((colours[tensor.call], tensor.output), position)
    return list(first.values())


_FEW = 3


def merges(graph: Graph, hints: Hints) -> Iterator[int]:
    """Where several tensors are brought together, and a mistake is worth trying."""
    for place, call in enumerate(graph.calls):
        if facts(call.op).merge and len(call.inputs) > 1 and hints.is_site(graph, place):
            yield place
