"""A graph as boxes to be drawn: one a layer, equal blocks in a run folded into one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from autograder.graphs.blocks import blocks
from autograder.graphs.describe import describe, ending, layer_name, shapes_text
from autograder.graphs.folding import Fold, folds
from autograder.graphs.graph import Graph
from autograder.graphs.returned import output_name

MOST_ARROWS = 50
"""Arrows into one box."""

LONGEST_TEXT = 120
"""Characters of a line in a box."""

MOST_SEEN = 5_000
"""Boxes that are looked at; blocks beyond are not folded, as they are not drawn."""


@dataclass(frozen=True)
class Read:
    """A tensor that a box reads: its place in the list of boxes, and which of its outputs."""

    box: int
    output: str = ""


@dataclass(frozen=True)
class Box:
    """What is drawn as one box: a call, with the activation that its layer applies.

    Attributes:
        places: the calls.
        name: the layer's.
        words: what it does.
        shape: of what it makes.
        reads: the tensors that it reads.
        marked: whether it is pointed out.
        returned: what the model returns of it.
        shared: how often its weights are used, where that is more than once.
        frozen: whether it has weights that training leaves as they are.
        kind: equal for boxes that do the same, more than `words` say; with the same weights where
            those are shared.
    """

    places: tuple[int, ...]
    name: str
    words: str
    shape: str
    reads: tuple[Read, ...]
    marked: bool
    returned: tuple[str, ...]
    shared: str
    frozen: bool
    kind: tuple[object, ...]


@dataclass(frozen=True)
class Boxes:
    """All boxes of a drawing.

    Attributes:
        boxes: in order.
        folded: the runs of equal blocks; in `boxes` there is the first block of each alone, at
            `start`.
        left_out: how many more calls there are.
    """

    boxes: tuple[Box, ...]
    folded: tuple[Fold, ...] = ()
    left_out: int = 0


def boxes_of(
    graph: Graph, mark: Collection[int], around: Collection[int] | None, most: int
) -> Boxes:
    """The boxes of a graph.

    Args:
        graph: what is drawn.
        mark: places to point out.
        around: places to draw with what they read and what reads them; None for all.
        most: how many boxes there may be.
    """
    groups = list(blocks(graph))
    home = {place: number for number, group in enumerate(groups) for place in group}
    shown = list(range(len(groups)))
    if around is not None:
        shown = _part(graph, groups, home, around=around, most=most)
    seen = shown[:MOST_SEEN]
    numbers = {group: number for number, group in enumerate(seen)}
    marks = frozenset(mark)
    boxes = [_box(graph, groups[group], home, numbers=numbers, mark=marks) for group in seen]
    folded = Boxes(tuple(boxes)) if around is not None else _folded(boxes)
    return _at_most(replace(folded, left_out=len(shown) - len(seen)), most)


def _part(
    graph: Graph,
    groups: list[tuple[int, ...]],
    home: dict[int, int],
    *,
    around: Collection[int],
    most: int,
) -> list[int]:
    """Only the boxes at these places and their neighbours, as long as there is room for them."""
    core = sorted({home[place] for place in around})[:most]
    near = {home[tensor.call] for n in core for tensor in graph.calls[groups[n][0]].inputs}
    near |= {home[reader] for n in core for reader, _ in graph.readers[groups[n][-1]]}
    room = most - len(core)
    return sorted({*core, *sorted(near.difference(core))[: max(room, 0)]})


def _box(
    graph: Graph,
    group: tuple[int, ...],
    home: dict[int, int],
    *,
    numbers: dict[int, int],
    mark: frozenset[int],
) -> Box:
    first, last = group[0], group[-1]
    call = graph.calls[first]
    words = describe(call)
    if len(group) > 1:
        words += f", {ending(graph.calls[last])}"
    calls = [] if call.weights is None else graph.calling(call.weights)
    read = [
        Read(numbers[home[t.call]], output_name(graph.calls[t.call], t.output))
        for t in call.inputs
        if home[t.call] in numbers
    ]
    return Box(
        places=group,
        name=short(layer_name(graph, first)),
        words=short(words),
        shape=short(shapes_text(graph, last)),
        reads=tuple(read[:MOST_ARROWS]),
        marked=not mark.isdisjoint(group),
        returned=_returned(graph, last),
        shared=f"one set of weights, {len(calls)} calls" if len(calls) > 1 else "",
        frozen=call.weights is not None and not call.trainable,
        kind=(
            *(graph.calls[place].label for place in group),
            call.weights if len(calls) > 1 else None,
        ),
    )


def _returned(graph: Graph, place: int) -> tuple[str, ...]:
    """What the model returns of a call: by name, and by number where the order counts."""
    several = len(graph.outputs) > 1 and graph.outputs_given != "dict"
    found = []
    for number, output in graph.returned_from.get(place, ())[:MOST_ARROWS]:
        text = f"output {number + 1}" if several else "output"
        text += f" {graph.output_names[number]!r}" if graph.output_names[number] else ""
        which = output_name(graph.calls[place], output)
        found.append(text + (f": {which}" if which else ""))
    return tuple(found)


def short(text: str) -> str:
    """A text that fits into a box."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _folded(boxes: list[Box]) -> Boxes:
    """The boxes with one block for each run of equal ones."""
    runs = folds(len(boxes), _Sameness(boxes), _Closedness(boxes))
    kept: list[int] = []
    line, moved, home = 0, [], {}
    for run in [*runs, Fold(len(boxes), 0, 0)]:
        kept += range(line, run.start)
        if run.length:
            moved.append(replace(run, start=len(kept)))
            kept += range(run.start, run.start + run.length)
            home |= {place: run.first(place) for place in range(run.start, run.end)}
        line = run.end
    numbers = {old: new for new, old in enumerate(kept)}
    last = {run.start + n: run.last(run.start + n) for run in runs for n in range(run.length)}
    result = []
    for old in kept:
        box, end = boxes[old], boxes[last.get(old, old)]
        reads = tuple(replace(r, box=numbers[home.get(r.box, r.box)]) for r in box.reads)
        name = box.name if end is box else short(f"{box.name} … {end.name}")
        result.append(replace(box, name=name, reads=reads, returned=end.returned))
    return Boxes(tuple(result), tuple(moved))


class _Sameness:
    """Whether two boxes are the same, each in its own block."""

    def __init__(self, boxes: list[Box]) -> None:
        self.boxes = boxes
        numbers: dict[tuple[object, ...], int] = {}
        self.kinds = [numbers.setdefault(_kind(box), len(numbers)) for box in boxes]

    def __call__(self, one: int, other: int) -> bool:
        if self.kinds[one] != self.kinds[other]:
            return False
        pairs = zip(self.boxes[one].reads, self.boxes[other].reads, strict=True)
        return all(a.box == b.box or b.box - a.box == other - one for a, b in pairs)


def _kind(box: Box) -> tuple[object, ...]:
    outputs = tuple(read.output for read in box.reads)
    return box.kind, box.shape, outputs, box.marked


class _Closedness:
    """Whether nothing but the last block of a run is read from behind it, or returned."""

    def __init__(self, boxes: list[Box]) -> None:
        self.boxes = boxes
        self.farthest = list(range(len(boxes)))
        for number, box in enumerate(boxes):
            for read in box.reads:
                self.farthest[read.box] = max(self.farthest[read.box], number)

    def __call__(self, run: Fold) -> bool:
        inner = range(run.start, run.end - run.length)
        return all(self.farthest[n] < run.end and not self.boxes[n].returned for n in inner)


def _at_most(drawn: Boxes, most: int) -> Boxes:
    left_out = drawn.left_out + max(0, len(drawn.boxes) - most)
    runs = [run for run in drawn.folded if run.start + run.length <= most]
    kept = [
        replace(box, reads=tuple(read for read in box.reads if read.box < most))
        for box in drawn.boxes[:most]
    ]
    return Boxes(tuple(kept), tuple(runs), left_out)
