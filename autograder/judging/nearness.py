"""How far graphs are from an answer, told from what an edit changed.

A graph comes apart in pieces: its calls, their settings, who reads whom, what is returned, who
shares weights. Equal graphs consist of equal pieces, and counting them is quick.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.free_orders import can_be_free
from autograder.graphs.identities.rules import MADE, is_in_one_spelling, may_be_made
from autograder.graphs.identities.states import is_last_step
from autograder.graphs.surgery import calls_changed

Pieces = Counter[Any]


def pieces(graph: Graph) -> Pieces:
    """What a graph consists of, piece by piece."""
    found = Counter(chain.from_iterable(pieces_of(graph, n) for n in range(len(graph.calls))))
    found.update(_outputs(graph))
    found.update(_sharing(graph))
    return found


def pieces_of(graph: Graph, place: int) -> list[Any]:
    """A call, its settings one by one, and what it reads from whom."""
    call = graph.calls[place]
    if call.op == "Input":
        return [("input", place, call.label)]
    found: list[Any] = [call.label, *call.traits]
    found += _readings(graph, call, range(len(call.inputs)))
    return found


def _readings(graph: Graph, call: Call, positions: Iterable[int]) -> list[Any]:
    """What a call reads from whom, at some positions."""
    found, free = [], _is_free(call)
    for position in positions:
        tensor = call.inputs[position]
        source = graph.calls[tensor.call]
        name = (tensor.call, source.label) if source.op == "Input" else source.label
        found.append((call.label, -1 if free else position, name, _result(graph, tensor)))
    return found


def _is_free(call: Call) -> bool:
    return can_be_free(call.op) and len(set(call.inputs)) > 1


def _outputs(graph: Graph) -> Iterator[Any]:
    return (_output(graph, number) for number in range(len(graph.outputs)))


def _output(graph: Graph, number: int) -> Any:
    tensor = graph.outputs[number]
    return "output", number, graph.calls[tensor.call].label, _result(graph, tensor)


def _result(graph: Graph, tensor: Tensor) -> int:
    """Which result of a call is read, one number for those that are written either way."""
    return 0 if is_last_step(graph.calls[tensor.call], tensor.output) else tensor.output


def _sharing(graph: Graph) -> Iterator[Any]:
    """For each set of weights, how many calls use it."""
    for places in graph.layers.values():
        yield "shared by", len(places)


def distance(mine: Pieces, theirs: Pieces) -> int:
    """How many pieces one has and the other has not."""
    return sum(abs(mine[key] - theirs[key]) for key in mine.keys() | theirs.keys())


@dataclass(frozen=True)
class Change:
    """What an edit changed in a graph.

    Attributes:
        distance: how many pieces tell the edited graph from the answer.
        fewer: how many layers and settings the answer has that it has not.
        kept: its calls that count, in order: the inputs, and what reaches an output.
        near: those of them that were changed, what they read, and who reads them: only there an
            identity may have something to write.
        work: how many pieces had to be looked at; of a sum of many, or of many layers at once, it
            is more than what else there is to do.
    """

    distance: int
    fewer: int
    kept: list[int]
    near: list[int]
    work: int

    def may_lead_there(self, graph: Graph) -> bool:
        """Whether the edited graph may be the answer, written in one spelling.

        Identities take calls away, make some of few classes, and write others otherwise.
        """
        if not self.distance:
            return True
        return not self.fewer and not self.is_in_one_spelling(graph)

    def is_in_one_spelling(self, graph: Graph) -> bool:
        """Whether identities leave the edited graph as it is, and the distance with it."""
        return is_in_one_spelling(graph, self.kept, self.near)


_A_NEW_LABEL = 25
"""What it takes to make another layer of a call, and to say what it is, in pieces."""


class Nearness:
    """How far the graphs that are edited from one are from an answer.

    Args:
        start: the graph that is edited, without calls that reach no output.
        goal: the pieces of the answer.
    """

    def __init__(self, start: Graph, goal: Pieces) -> None:
        self.start = start
        self._own = [pieces_of(start, place) for place in range(len(start.calls))]
        self._reads = [len(readers) for readers in start.readers]
        for tensor in start.outputs:
            self._reads[tensor.call] += 1
        mine = Counter(chain(*self._own, _outputs(start), _sharing(start)))
        self._surplus = {key: mine[key] - goal[key] for key in mine.keys() | goal.keys()}
        self.distance = sum(map(abs, self._surplus.values()))
        counts = {key: count for key, count in self._surplus.items() if isinstance(key, str)}
        lacking = (key for key, count in counts.items() if count < 0 and _is_made_by_none(key))
        self.fewer = -sum(counts[key] for key in lacking)
        self._ops = frozenset(call.op for call in start.calls)
        self._lacking = frozenset(key for key, count in counts.items() if count < 0)

    @cached_property
    def lacks(self) -> bool:
        """Whether the answer has a layer, or a setting, that no other order makes."""
        return self._lacks_after(())

    def may_have_all(self, edited: Graph) -> bool:
        """Whether an edited graph may have each layer and setting that the answer has.

        What is dropped is not looked at, nor who reads whom: most edits fail here, in a fraction
        of the time that `after` takes.
        """
        pairs = zip_longest(self.start.calls, edited.calls)
        changes = [(a, b) for a, b in pairs if a is not b and not (a and b and a.label == b.label)]
        return not (self._lacks_after(changes) if changes else self.lacks)

    def _lacks_after(self, changes: Iterable[tuple[Call | None, Call | None]]) -> bool:
        """The same where these calls became those."""
        came: Counter[str] = Counter()
        for before, after in changes:
            came.update(_layer_pieces(after))
            came.subtract(_layer_pieces(before))
        made = may_be_made(self._ops.union(after.op for _, after in changes if after))
        return any(
            self._surplus.get(key, 0) + came[key] < 0 and _class_in(key) not in made
            for key in came.keys() | self._lacking
        )

    def after(self, edited: Graph) -> Change:
        """What an edit of the start changed: an edited graph has the same calls but for a few."""
        old, new = self.start.calls, edited.calls
        changed = calls_changed(self.start, edited)
        added, gone = range(len(old), len(new)), range(len(new), len(old))
        fewer, dropped = self._reads_lost(edited, [*changed, *gone], [*changed, *added])
        touched = {n for n in (*changed, *added) if n not in dropped}
        reached = self._beside(touched, dropped, len(new))
        again = {n for n in changed if old[n].label != new[n].label}
        renamed = touched | self._beside(again, dropped, len(new))
        lost = {*renamed, *changed, *gone, *dropped}.intersection(range(len(old)))
        difference: Counter[Any] = Counter()
        work = _A_NEW_LABEL * len(again)
        for n in renamed | lost:
            before, after = self._pieces_apart(
                edited, n, again, is_lost=n in lost, is_there=n in renamed
            )
            difference.subtract(before)
            difference.update(after)
            work += len(before) + len(after)
        work += self._return_otherwise(difference, edited, again)
        kept = [n for n in range(len(new)) if n not in dropped]
        went = (old[n] for n in {*changed, *gone, *dropped}.intersection(range(len(old))))
        came = (new[n] for n in (*changed, *added) if n not in dropped)
        self._share_otherwise(difference, went, came)
        sources = {t.call for n in touched for t in (*new[n].inputs, *_inputs_of(old, n))}
        near = touched | reached | self._beside(fewer, dropped, len(new))
        near |= {n for n in sources if n not in dropped and n < len(new)}
        return Change(*self._apart(difference), kept, sorted(near), work)

    def _pieces_apart(
        self, edited: Graph, place: int, again: set[int], *, is_lost: bool, is_there: bool
    ) -> tuple[list[Any], list[Any]]:
        """The pieces of a call before and after an edit, without some that are the same.

        Of a sum of many tensors, one of which became another, those of that one alone.

        Args:
            edited: the edited graph.
            place: the call.
            again: the calls that have another label now.
            is_lost: whether the start has pieces of it.
            is_there: whether the edited graph has.
        """
        own = self._own[place] if is_lost else []
        if not (is_lost and is_there):
            return own, pieces_of(edited, place) if is_there else []
        one, other = self.start.calls[place], edited.calls[place]
        is_alike = one.label == other.label and len(one.inputs) == len(other.inputs)
        if not is_alike or _is_free(one) != _is_free(other):
            return own, pieces_of(edited, place)
        pairs = zip(one.inputs, other.inputs, strict=True)
        apart = [n for n, (a, b) in enumerate(pairs) if a != b or b.call in again]
        first = len(own) - len(one.inputs)
        return [own[first + n] for n in apart], _readings(edited, other, apart)

    def _return_otherwise(self, difference: Counter[Any], edited: Graph, again: set[int]) -> int:
        """Enter what is returned otherwise, and say how much that is."""
        before, after = self.start.outputs, edited.outputs
        apart = [
            number
            for number, (a, b) in enumerate(zip_longest(before, after))
            if a != b or b.call in again
        ]
        difference.subtract(_output(self.start, n) for n in apart if n < len(before))
        difference.update(_output(edited, n) for n in apart if n < len(after))
        return 2 * len(apart)

    def _share_otherwise(
        self, difference: Counter[Any], went: Iterable[Call], came: Iterable[Call]
    ) -> None:
        """Enter how many calls use the weights of calls that went, or came, more or fewer."""
        more = Counter(call.weights for call in came)
        more.subtract(call.weights for call in went)
        for weights, count in more.items():
            if count and weights is not None:
                before = len(self.start.layers.get(weights, ()))
                difference.update([("shared by", before + count)] if before + count else [])
                difference.subtract([("shared by", before)] if before else [])

    def _reads_lost(
        self, edited: Graph, before: Iterable[int], after: Iterable[int]
    ) -> tuple[set[int], set[int]]:
        """The calls that fewer read than before, and those that reach no output any more."""
        more: Counter[int] = Counter()
        for place in before:
            more.subtract(tensor.call for tensor in self.start.calls[place].inputs)
        for place in after:
            more.update(tensor.call for tensor in edited.calls[place].inputs)
        if edited.outputs != self.start.outputs:
            more.subtract(tensor.call for tensor in self.start.outputs)
            more.update(tensor.call for tensor in edited.outputs)
        first, end, known = len(edited.inputs), len(edited.calls), len(self._reads)

        def is_read(place: int) -> bool:
            return (self._reads[place] if place < known else 0) + more[place] > 0

        added = range(known, end)
        stack = [n for n in {*more, *added} if first <= n < end and not is_read(n)]
        dropped: set[int] = set()
        while stack:
            place = stack.pop()
            if place in dropped:
                continue
            dropped.add(place)
            for tensor in edited.calls[place].inputs:
                more[tensor.call] -= 1
                if tensor.call >= first and not is_read(tensor.call):
                    stack.append(tensor.call)
        return {n for n, count in more.items() if count < 0 and n < known}, dropped

    def _beside(self, places: Iterable[int], dropped: set[int], end: int) -> set[int]:
        """Calls that have read one of these since before the edit, and still count."""
        readers = self.start.readers
        return {
            reader
            for place in places
            if place < len(readers)
            for reader, _ in readers[place]
            if reader not in dropped and reader < end
        }

    def _apart(self, difference: Counter[Any]) -> tuple[int, int]:
        """The distance, and how many layers and settings are there fewer."""
        apart, fewer = self.distance, self.fewer
        for key, count in difference.items():
            if count:
                before = self._surplus.get(key, 0)
                after = before + count
                apart += abs(after) - abs(before)
                if _is_made_by_none(key):
                    fewer += max(-after, 0) - max(-before, 0)
        return apart, fewer


def _inputs_of(calls: Sequence[Call], place: int) -> tuple[Tensor, ...]:
    """What a call reads; nothing where there is no such call."""
    return calls[place].inputs if place < len(calls) else ()


def _layer_pieces(call: Call | None) -> tuple[str, ...]:
    """Those pieces of a call that are the same wherever it stands."""
    return () if call is None or call.op == "Input" else (call.label, *call.traits)


def _is_made_by_none(key: Any) -> bool:
    """Whether a piece is a layer, or a setting, that no identity makes."""
    return isinstance(key, str) and _class_in(key) not in MADE


def _class_in(key: str) -> str:
    """The class of the layer that a label, or a setting, is of."""
    return key.split(" ", 1)[0].split(".", 1)[0]
