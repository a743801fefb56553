"""What a misconception may draw on when it makes a mistake: values, layers, places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from autograder.graphs import Call, Graph


class Hints(Protocol):
    """Where mistakes come from: seen in a student's answer, or made up to test the judge."""

    def values(self, call: Call, key: str) -> Iterable[Any]:
        """Other values for a setting of a call."""

    def replacements(self, call: Call) -> Iterable[Call]:
        """Other layers for the place of a call."""

    def additions(self) -> Iterable[list[Call]]:
        """Layers that could have been put in: a call, or a call and its activation."""

    def input_shapes(self, number: int) -> Iterable[list[int | None]]:
        """Other shapes for an input, without the batch axis."""

    def is_site(self, graph: Graph, place: int) -> bool:
        """Whether it is worth trying a mistake at this call."""

    def sharing(self, graph: Graph) -> Iterable[Graph]:
        """The same calls with other groups of them sharing their weights."""


@dataclass(frozen=True)
class Profile:
    """What a graph consists of, piece by piece: the distance of two graphs is quick to tell."""

    pieces: Counter[Any] = field(default_factory=Counter)

    def distance(self, other: Profile) -> int:
        """How many pieces one has and the other has not."""
        mine, theirs = self.pieces, other.pieces
        keys = mine.keys() | theirs.keys()
        return sum(abs(mine[key] - theirs[key]) for key in keys)

    @cached_property
    def size(self) -> int:
        """How many pieces there are."""
        return sum(self.pieces.values())


def pieces_of(graph: Graph, place: int) -> list[Any]:
    """The pieces a call brings in: itself, and what it reads from whom."""
    call = graph.calls[place]
    if call.op == "Input":
        return [("input", place, call.label)]
    found: list[Any] = [("call", call.label)]
    free = len(set(call.inputs)) > 1 and call.op in _FREE
    for position, tensor in enumerate(call.inputs):
        source = graph.calls[tensor.call]
        name = (tensor.call, source.label) if source.op == "Input" else source.label
        found.append(("reads", call.label, -1 if free else position, name, tensor.output))
    return found


_FREE = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Subtract"})


def profile(graph: Graph) -> Profile:
    """The pieces of a graph."""
    pieces: Counter[Any] = Counter()
    groups: Counter[int] = Counter()
    for place, call in enumerate(graph.calls):
        pieces.update(pieces_of(graph, place))
        if call.weights is not None:
            groups[call.weights] += 1
    for number, tensor in enumerate(graph.outputs):
        pieces["output", number, graph.calls[tensor.call].label, tensor.output] += 1
    for size in groups.values():
        pieces["shared by", size] += 1
    return Profile(pieces)


@dataclass(frozen=True)
class Seen:
    """Mistakes that a student's answer shows traces of.

    Attributes:
        answer: the student's graph.
        sites: the places of the graph being edited where it and the answer differ; None for all.
        extra: calls of the answer that the graph being edited has not, or not as often.
    """

    answer: Graph
    sites: frozenset[int] | None
    extra: tuple[int, ...]

    def values(self, call: Call, key: str) -> Iterable[Any]:
        """Values that calls of the same op have in the answer."""
        seen = []
        for other in self._extra_calls:
            value = other.config.get(key)
            if other.op == call.op and value != call.config.get(key) and value not in seen:
                seen.append(value)
        return seen

    @cached_property
    def _extra_calls(self) -> list[Call]:
        labels = {}
        for place in self.extra:
            labels.setdefault(self.answer.calls[place].label, self.answer.calls[place])
        return list(labels.values())

    def replacements(self, call: Call) -> Iterable[Call]:
        """Calls of another op that only the answer has."""
        return [other for other in self._extra_calls if other.op not in (call.op, "Input")]

    def additions(self) -> Iterable[list[Call]]:
        """Calls that only the answer has, alone and with the activation that reads them."""
        seen = set()
        for place in self.extra:
            call = self.answer.calls[place]
            if call.op == "Input" or len(call.inputs) != 1:
                continue
            for addition in ([call], self._with_activation(place)):
                key = tuple(part.label for part in addition)
                if key not in seen:
                    seen.add(key)
                    yield addition

    def _with_activation(self, place: int) -> list[Call]:
        call = self.answer.calls[place]
        readers = [self.answer.calls[reader] for reader, _ in self.answer.readers[place]]
        if len(readers) == 1 and readers[0].op == "Activation":
            return [call, readers[0]]
        return [call]

    def input_shapes(self, number: int) -> Iterable[list[int | None]]:
        """The shape of the answer's input of that number."""
        if number < len(self.answer.inputs):
            yield list(self.answer.calls[number].config["shape"])

    def is_site(self, graph: Graph, place: int) -> bool:
        """Whether the graph being edited and the answer differ there."""
        return self.sites is None or place in self.sites

    def sharing(self, graph: Graph) -> Iterable[Graph]:
        """The answer's own sharing, put on the graph, where their calls are the same."""
        from autograder.judging.sharing import with_sharing_of

        adopted = with_sharing_of(graph, self.answer)
        return [] if adopted is None else [adopted]


def seen_in(answer: Graph, graph: Graph, mine: Profile, theirs: Profile) -> Seen:
    """Hints for editing a graph towards an answer.

    Args:
        answer: the student's graph.
        graph: the graph that is edited.
        mine: the answer's profile.
        theirs: the edited graph's profile.
    """
    lacking = theirs.pieces - mine.pieces
    surplus = mine.pieces - theirs.pieces
    own = {
        place
        for place in range(len(graph.calls))
        if any(piece in lacking for piece in pieces_of(graph, place))
    }
    for number, tensor in enumerate(graph.outputs):
        if ("output", number, graph.calls[tensor.call].label, tensor.output) in lacking:
            own.add(tensor.call)
    near = {tensor.call for place in own for tensor in graph.calls[place].inputs}
    extra = tuple(
        place
        for place, call in enumerate(answer.calls)
        if ("call", call.label) in surplus or call.op == "Input"
    )
    return Seen(answer, frozenset(own | near) if own else None, extra)
