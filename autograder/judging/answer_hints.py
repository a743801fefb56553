"""What an answer shows of the mistakes in it: the hints for editing a graph towards it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from autograder.graphs import Call, Graph, Palette, Tensor, Wrappers
from autograder.graphs.normal_form import colour_of
from autograder.graphs.surgery import calls_changed
from autograder.judging.answer_branches import Branches
from autograder.judging.counterparts import Match, arranged, matched, mirrored, sites
from autograder.judging.extra_calls import ExtraCalls
from autograder.judging.hints import Branch
from autograder.judging.pairing import Pairing, pairing_of_outputs
from autograder.judging.weight_sharing import (
    with_layers_apart,
    with_repeats_joined,
    with_sharing_of,
)

_MOST_TWINS = 8
"""How many tensors a call may read, so that each two of them are tried in the other order."""

_STEPS_AHEAD = 6
"""How far behind the first difference the layer may stand that belongs there."""


@dataclass(frozen=True)
class Seen:
    """Mistakes that a student's answer shows traces of.

    Attributes:
        answer: the student's graph.
        here: the calls of the answer, matched with the graph being edited.
        there: the calls of the graph being edited, matched with the answer.
        sites: places of the graph being edited where it and the answer differ.
        extra: calls of the answer that the graph being edited has not, or not as often.
    """

    answer: Graph
    here: Match
    there: Match
    sites: frozenset[int]
    extra: ExtraCalls

    @cached_property
    def _branches(self) -> Branches:
        return Branches(self.answer, self.here, self.there)

    def values(self, call: Call, key: str) -> Iterable[Any]:
        """Values that calls of the same op have in the answer."""
        return self.extra.values(call, key)

    def wrappers(self, call: Call) -> Iterable[Wrappers]:
        """What is around calls of the same op in the answer."""
        return self.extra.wrappers(call)

    def arguments(self, call: Call) -> Iterable[Mapping[str, Any]]:
        """What calls of the same op are given in the answer."""
        return self.extra.arguments(call)

    def frozen_otherwise(self, graph: Graph, trainable: bool) -> Iterable[list[int]]:
        """Calls that the answer has, but for whether they can learn; all at once, then fewer."""
        return self.extra.frozen_otherwise(graph, trainable)

    def replacements(self, call: Call) -> Iterable[Call]:
        """Calls of another op that only the answer has, and merges for merges."""
        return self.extra.replacements(call)

    def merges(self) -> Iterable[Call]:
        """Merges of two tensors that only the answer has, one of each class."""
        return self.extra.merges()

    def weights_read(self) -> Iterable[str]:
        """Names of weights that operations of the answer read, and none of the graph's."""
        return self.extra.weights_read()

    def additions(self) -> Iterable[list[Call]]:
        """Calls that only the answer has, alone and with the activation that reads them."""
        return self.extra.additions()

    def has_more(self, call: Call) -> bool:
        """Whether the answer has more calls of this label than the graph being edited."""
        return self.extra.has_more(call)

    def input_shapes(self, number: int) -> Iterable[list[int | None]]:
        """The shape of the answer's input of that number."""
        if number < len(self.answer.inputs):
            yield list(self.answer.calls[number].config["shape"])

    def may_have_inputs(self, graph: Graph, count: int) -> bool:
        """Whether so many inputs are nearer to those of the answer than the graph's."""
        meant = len(self.answer.inputs)
        return abs(count - meant) < abs(len(graph.inputs) - meant)

    def goes_by(self, names: Iterable[str]) -> bool:
        """Whether these are names of the answer's inputs or outputs."""
        own = {*self.answer.inputs, *self.answer.output_names} - {""}
        return own.issuperset(names)

    def names_as_meant(self, graph: Graph, outputs: Iterable[int]) -> bool:
        """Whether the answer's outputs of these numbers have the names that the graph's have."""
        names, meant = self.answer.output_names, graph.output_names
        return all(n < len(names) and names[n] == meant[n] != "" for n in outputs)

    def pairing_of_outputs(self, graph: Graph) -> Pairing:
        """What tells which output of the answer stands for which of the graph's."""
        return pairing_of_outputs(self.answer, graph)

    def is_site(self, graph: Graph, place: int) -> bool:
        """Whether the graph being edited and the answer differ there."""
        return place in self.sites

    def sources(self, graph: Graph, place: int) -> Iterable[Tensor]:
        """What the calls of the answer read that are used as this call is, or are like it."""
        readers = self._used_alike(graph, place)
        return self._counterparts(
            graph, {tensor for n in readers for tensor in self.answer.calls[n].inputs}
        )

    def _used_alike(self, graph: Graph, place: int) -> list[int]:
        """The calls of the answer that are used as a call is, or those that are like it."""
        use = self.there.from_outputs[place]
        if readers := self.here.used_as(use):
            return readers
        own = graph.calls[place]
        readers = self.answer.labelled.get(own.label, [])
        if own.op == "Multiply" and len(own.inputs) == 2:  # a tensor times itself is its square
            extra = self.extra.places
            readers = [*readers, *(n for n in extra if self.answer.calls[n].op == "Square")]
        strange = [n for n in readers if not (self.here.computed(n) and self.here.used(n))]
        return strange or readers

    def orders(self, graph: Graph, place: int) -> Iterable[tuple[Tensor, ...]]:
        """The orders in which calls of the answer read that are used as this call is.

        Of two that are computed alike, and told apart by what else reads them, either may be first.
        """
        inputs = graph.calls[place].inputs
        found = dict.fromkeys(self._twins_exchanged(inputs))
        for reader in self._used_alike(graph, place):
            read = self.answer.calls[reader].inputs
            order = self._in_order(graph, inputs, read)
            if order is not None and order != inputs:
                found.setdefault(order)
        return found

    def _twins_exchanged(self, inputs: tuple[Tensor, ...]) -> list[tuple[Tensor, ...]]:
        """The inputs of a call with two that are computed alike in each other's place."""
        if len(inputs) > _MOST_TWINS:
            return []
        kinds = [(self.there.from_inputs[t.call], t.output) for t in inputs]
        found = []
        for one, other in combinations(range(len(inputs)), 2):
            if kinds[one] == kinds[other] and inputs[one] != inputs[other]:
                order = list(inputs)
                order[one], order[other] = order[other], order[one]
                found.append(tuple(order))
        return found

    def _in_order(
        self, graph: Graph, inputs: tuple[Tensor, ...], read: tuple[Tensor, ...]
    ) -> tuple[Tensor, ...] | None:
        """Tensors of the graph in the order of their likes in the answer; None if some lack."""
        if len(inputs) != len(read):
            return None
        mine, theirs = self.there.from_inputs, self.here.from_inputs
        return arranged(
            [(mine[tensor.call], tensor) for tensor in inputs],
            [(theirs[tensor.call], tensor.output) for tensor in read],
        ) or arranged(  # with another mistake before them they are no longer computed alike
            [(graph.calls[tensor.call].label, tensor) for tensor in inputs],
            [(self.answer.calls[tensor.call].label, tensor.output) for tensor in read],
        )

    def branches(self, graph: Graph, place: int) -> Iterable[Branch]:
        """What merges of the answer read that are used as this one is, and this one does not."""
        call = graph.calls[place]
        readers = [n for n in self._used_alike(graph, place) if self.answer.calls[n].op == call.op]
        return self._branches.beside(graph, call.inputs, readers)

    def strangers(self, graph: Graph, place: int) -> Iterable[Branch]:
        """What the answer reads where this call reads something, and makes in its own way.

        Only of calls that are used alike on both sides: with another mistake behind them, what a
        reader finds there would be told as made otherwise altogether.
        """
        own, use = graph.calls[place].inputs, self.there.from_outputs[place]
        for reader in self.here.used_as(use):
            read = self.answer.calls[reader].inputs
            if len(read) == len(own):
                yield from self._branches.made_otherwise(graph, read)

    def strange_outputs(self, graph: Graph) -> Iterable[Branch]:
        """The same of what the answer returns."""
        if len(self.answer.outputs) == len(graph.outputs):
            yield from self._branches.made_otherwise(graph, self.answer.outputs)

    def results(self, graph: Graph, number: int) -> Iterable[Tensor]:
        """What the answer returns at this place."""
        outputs = self.answer.outputs[number : number + 1]
        return self._counterparts(graph, set(outputs))

    def _counterparts(self, graph: Graph, tensors: set[Tensor]) -> list[Tensor]:
        """Tensors of the graph being edited that are what some tensors of the answer are."""
        wanted = frozenset(self.here.kind_of(self.answer, tensor) for tensor in tensors)
        if wanted not in self._found:  # layers that are alike read the same kinds of tensors
            self._found[wanted] = self._of_kinds(graph, wanted)
        return self._found[wanted]

    def _of_kinds(self, graph: Graph, wanted: frozenset[tuple[Any, int]]) -> list[Tensor]:
        """Tensors of the graph by what they are computed as, or by the label of what makes them."""
        found: dict[int, set[int]] = {}
        for own, output in wanted:
            is_label = isinstance(own, str)
            alike = graph.labelled.get(own, []) if is_label else self.there.computed_as(own)
            for n in alike:
                found.setdefault(n, set()).add(output)
        # Two: one of them may be what is read there already.
        places = self.there.alike(graph, sorted(found), most=2)
        return [Tensor(n, output) for n in places for output in sorted(found[n])]

    @cached_property
    def _found(self) -> dict[frozenset[tuple[Any, int]], list[Tensor]]:
        """For some kinds of tensors, those of the graph being edited."""
        return {}

    def at_the_front(self, graph: Graph) -> Seen:
        """The same hints for the first places where the graph and the answer part, alone.

        Those are calls that the answer has not, of which it has all that they read; and what
        comes next.
        """
        front = {
            place
            for place in self.there.not_computed
            if all(self.there.computed(tensor.call) for tensor in graph.calls[place].inputs)
        }
        near = front | {tensor.call for place in front for tensor in graph.calls[place].inputs}
        for _ in range(_STEPS_AHEAD):
            front = {reader for place in front for reader, _ in graph.readers[place]}
            near |= front
        return replace(self, sites=frozenset(near))

    def goes_on_as_here(self, graph: Graph, edited: Graph, palette: Palette) -> bool:
        """Whether an edit makes a call that the answer has, of tensors that both have already.

        Where the answer has nothing that the graph has not, all that it has is made already.
        """
        if not self._still_to_be_made:
            return True
        new = range(len(graph.calls), len(edited.calls))
        for place in (*calls_changed(graph, edited), *new):
            call = edited.calls[place]
            if any(t.call >= len(graph.calls) for t in call.inputs):
                continue
            if not all(self.there.computed(tensor.call) for tensor in call.inputs):
                continue
            read = [(self.there.from_inputs[t.call], t.output) for t in call.inputs]
            colours = {colour_of(call, order, palette) for order in (read, sorted(read))}
            if not colours.isdisjoint(self._still_to_be_made):
                return True
        return False

    @cached_property
    def _still_to_be_made(self) -> set[int]:
        """The colours of what the answer computes and the graph being edited does not."""
        return {self.here.from_inputs[place] for place in self.here.not_computed}

    def _has_the_calls_of(self, graph: Graph) -> bool:
        if not (self.here.not_computed or self.there.not_computed):
            return True
        mine, theirs = (Counter(call.label for call in g.calls) for g in (self.answer, graph))
        return mine == theirs

    def sharing(self, graph: Graph) -> Iterable[Graph]:
        """The answer's own sharing, put on the graph, where their calls are the same.

        Where they are not, because of another mistake, a layer for each call is a good guess.
        Layers of one kind that read the same tensor could also be one: then they are one call.
        """
        adopted = with_sharing_of(graph, self.answer) if self._has_the_calls_of(graph) else None
        if adopted is not None:
            return [adopted]
        apart = with_layers_apart(graph) if len(self.answer.layers) > len(graph.layers) else []
        return [*apart, *with_repeats_joined(graph)]


def seen_in(answer: Graph, graph: Graph, palette: Palette) -> Seen:
    """Hints for editing a graph towards an answer.

    Args:
        answer: the student's graph.
        graph: the graph that is edited.
        palette: colours for both.
    """
    here, there = matched(answer, graph, palette)
    surplus = Counter(call.label for call in answer.calls)
    surplus -= Counter(call.label for call in graph.calls)
    extra = tuple(
        place
        for place, call in enumerate(answer.calls)
        if call.label in surplus or call.op == "Input"
    )
    differing = sites(graph, there) | mirrored(answer, here, there)
    kinds = {there.kind(place) for place in differing}
    worth_a_look = [place for place in range(len(graph.calls)) if there.kind(place) in kinds]
    likely = frozenset(there.alike(graph, worth_a_look))
    return Seen(answer, here, there, likely, ExtraCalls(answer, extra))
