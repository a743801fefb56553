"""Mistakes about where tensors are brought together: before a layer, or behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import describe, listed, with_article, words
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import moved_row, redirected, with_reading
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints, merges
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _merged(early: bool) -> Graph:
    sketch = Sketch()
    ends = [sketch.input(8), sketch.input(8)]
    if not early:
        ends = [sketch.layer("Dense", tensor, name="one", units=4) for tensor in ends]
    merged = sketch.step("Concatenate", *ends, axis=1)
    return sketch.graph(sketch.layer("Dense", merged, units=4) if early else merged)


@misconception("merged-too-early", example=lambda: (_merged(False), _merged(True)))
def merged_too_early(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Tensors brought together before a layer that each, or one of them, should go through."""
    yield from _all_before(graph, hints)
    yield from _one_before(graph, hints)


def _all_before(graph: Graph, hints: Hints) -> Iterator[Edit]:
    for merge in merges(graph, hints):
        for row in _equal_rows(graph, merge):
            for changed in _with_merge_before(graph, merge, row[0]):
                yield _told(graph, changed, _ALL_TOO_EARLY, merge=merge, row=row)


def _one_before(graph: Graph, hints: Hints) -> Iterator[Edit]:
    for merge in merges(graph, hints):
        for tensor in dict.fromkeys(graph.calls[merge].inputs):
            for row in _rows_to(graph, tensor.call, merge):
                changed = moved_row(graph, row, Tensor(merge), None)
                yield _told(graph, changed, _ONE_TOO_EARLY, merge=merge, row=row)


@dataclass(frozen=True)
class _Order:
    """What is said of a merge and a row of layers that stand in the wrong order.

    Attributes:
        message: what was built, what was meant, and why it matters.
        next_step: one thing to try.
        merge_first: whether the merge is meant to come first.
    """

    message: str
    next_step: str
    merge_first: bool


_FOLLOW = (
    "Follow each tensor in your drawing up to the place where they meet: is every layer on its way "
    "that the question names?"
)
_ALL_TOO_EARLY = _Order(
    "{merge} brings the tensors together before {layer}. Each is meant to go through {layer} by "
    "itself; what comes out is brought together.",
    _FOLLOW,
    merge_first=False,
)
_ONE_TOO_EARLY = _Order(
    "{merge} brings the tensors together before {layer}, which now works on all of them. It is "
    "meant to work on one alone; what comes out is brought together with the rest.",
    _FOLLOW,
    merge_first=False,
)
_TOO_LATE = _Order(
    "{layer} works on one of the tensors that {merge} brings together. It is meant to come behind "
    "it, and to work on all of them.",
    "Look at what you call this layer on, and at what you merge.",
    merge_first=True,
)


_ON_EACH = (
    "{{merge}} brings together what {layer} makes of each tensor, at {places}. It is meant to "
    "bring them together first, and what comes out to go through {layer} once."
)


def _told(graph: Graph, changed: Graph, order: _Order, *, merge: int, row: list[int]) -> Edit:
    """A merge and a row of layers in the wrong order, as an edit."""
    call = graph.calls[merge]
    ways = (
        f"first {words(graph, row[0])}, then {call.op}",
        f"first {call.op}, then {words(graph, row[0])}",
    )
    meant, found = reversed(ways) if order.merge_first else ways
    return Edit(
        changed,
        order.message,
        {"merge": call.trace, "layer": graph.calls[row[0]].trace},
        ("merge", "layer"),
        expected=meant,
        found=found,
        next_step=order.next_step,
        origin=tuple(graph.calls[place].trace for place in (merge, *row)),
    )


def _rows_to(graph: Graph, end: int, reader: int) -> Iterator[list[int]]:
    """Rows of layers, each read by the next alone, the last of them by a merge."""
    row: list[int] = []
    while len(row) < _LONGEST_ROW and len(graph.calls[end].inputs) == 1:
        if {place for place, _ in graph.readers[end]} != {reader} or end in graph.returned:
            return
        row.insert(0, end)
        if _transforms(graph, row):
            yield list(row)
        reader, end = end, graph.calls[end].inputs[0].call


_LONGEST_ROW = 8


def _equal_rows(graph: Graph, place: int) -> Iterator[list[int]]:
    """Layers that do the same in all branches of a merge: the last of each, those before, …"""
    row = [tensor.call for tensor in graph.calls[place].inputs]
    while len(set(row)) == len(row) and all(len(graph.calls[n].inputs) == 1 for n in row):
        if len({graph.calls[n].label for n in row}) > 1:
            return
        yield row
        row = [graph.calls[n].inputs[0].call for n in row]


def _with_merge_before(graph: Graph, place: int, start: int) -> Iterator[Graph]:
    """The graph with a merge of what the branches read up to a row, and one branch behind it."""
    call = graph.calls[place]
    end = here = call.inputs[0].call
    row = [tensor.call for tensor in call.inputs]
    while here != start:
        here = graph.calls[here].inputs[0].call
        row = [graph.calls[n].inputs[0].call for n in row]
    sources = tuple(graph.calls[n].inputs[0] for n in row)
    shape = graph.calls[sources[0].call].shape
    axes = [{"axis": n} for n in range(1, len(shape or ()))] if call.op == "Concatenate" else []
    for axis in axes or [{}]:
        changed = redirected(graph, Tensor(place), Tensor(end))
        config = {**call.config, **axis}
        changed = changed.with_call(place, inputs=sources, config=config, shape=shape)
        yield with_reading(changed, start, 0, Tensor(place))


def _one_branch(deep: str) -> Graph:
    """Two inputs merged, and a layer on one of them, or on both together."""
    sketch = Sketch()
    wide, narrow = sketch.input(3), sketch.input(4)
    if deep == "before":
        narrow = sketch.layer("Dense", narrow, units=5)
    merged = sketch.step("Concatenate", wide, narrow, axis=1)
    return sketch.graph(sketch.layer("Dense", merged, units=5) if deep == "behind" else merged)


@misconception(
    "merged-too-late",
    example=lambda: (_one_branch("behind"), _one_branch("before")),
    rearranges=True,
)
def merged_too_late(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer in one branch that is meant to work on what all branches together make."""
    for merge in merges(graph, hints):
        for row in _rows_from(graph, merge):
            for tensor in dict.fromkeys(graph.calls[merge].inputs):
                changed = moved_row(graph, row, tensor, [merge])
                yield _told(graph, changed, _TOO_LATE, merge=merge, row=row)
        yield from _on_each(graph, merge)


def _on_each(graph: Graph, merge: int) -> Iterator[Edit]:
    """What has no weights and is meant to work on what a merge makes, on each tensor before it."""
    readers = graph.readers[merge]
    behind = graph.calls[readers[0][0]] if len(readers) == 1 else None
    if behind is None or merge in graph.returned:
        return
    if len(behind.inputs) != 1 or behind.weights is not None or not facts(behind.op).same_shape:
        return
    place, calls, copies = readers[0][0], list(graph.calls), dict[Tensor, Tensor]()
    for tensor in dict.fromkeys(graph.calls[merge].inputs):
        copies[tensor] = Tensor(len(calls))
        trace = f"on {tensor.call} {tensor.output}"
        calls.append(replace(behind, inputs=(tensor,), name="", trace=trace))
    inputs = tuple(copies[tensor] for tensor in graph.calls[merge].inputs)
    changed = replace(graph, calls=tuple(calls)).with_call(merge, inputs=inputs)
    end = redirected(changed, Tensor(place), Tensor(merge))
    copied = calls[len(graph.calls) :]
    roles = {f"layer_{n}": call.trace for n, call in enumerate(copied)}
    yield replace(
        _told(graph, end, _TOO_LATE, merge=merge, row=[place]),
        message=lambda: _ON_EACH.format(
            layer=with_article(describe(behind)), places=_some([f"{{{role}}}" for role in roles])
        ),
        roles={"merge": graph.calls[merge].trace, **roles},
        where=("merge",),
    )


def _some(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    return listed(names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"])


def _rows_from(graph: Graph, merge: int) -> Iterator[list[int]]:
    """Rows of layers behind a merge, each the only reader of the one before."""
    row: list[int] = []
    end = merge
    while len(row) < _LONGEST_ROW and len(graph.readers[end]) == 1 and end not in graph.returned:
        end = graph.readers[end][0][0]
        if len(graph.calls[end].inputs) != 1:
            return
        row.append(end)
        if _transforms(graph, row):
            yield list(row)


def _transforms(graph: Graph, row: list[int]) -> bool:
    """Whether calls make other features, and do not just scale, bend or drop those there are."""
    return not all(facts(graph.calls[place].op).same_shape for place in row)
