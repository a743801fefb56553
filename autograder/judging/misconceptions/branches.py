"""Branches and shortcuts that are not merged, or too many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import (
    listed,
    tensors_told_apart,
    words,
)
from autograder.graphs.surgery import reached, redirected
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints, merges, unlike_positions
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch
from autograder.judging.misconceptions.wiring import is_skip, skipping


def _no_skip() -> Graph:
    sketch = Sketch()
    tensor = sketch.input(8)
    for _ in range(3):
        tensor = sketch.layer("Dense", tensor, units=8)
    return sketch.graph(tensor)


@misconception("missing-skip", example=lambda: (skipping(0), _no_skip()), rearranges=True)
def missing_skip(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A shortcut left out: the long way alone."""
    for place, call in enumerate(graph.calls):
        if not hints.is_site(graph, place):
            continue
        for position in range(len(call.inputs)):
            if len(call.inputs) == 2 and is_skip(graph, place, position):
                yield Edit(
                    without_operand(graph, place, position),
                    _NO_SHORTCUT[call.op == "Add"],
                    {"end": graph.calls[_longest(graph, place, position)].trace},
                    ("end",),
                    expected=words(graph, place) + " with the tensor from before",
                    found="the long way alone",
                    next_step="Keep the tensor from before these layers under a name of its own, "
                    "and merge it with the last one.",
                    origin=(call.trace,),
                )


_NO_SHORTCUT = {
    True: "A shortcut is missing: the tensor from before these layers is not merged with what they "
    "make of it. So what they lose is lost for good, and a deep network learns more slowly.",
    False: "One of two tensors that are meant to be merged is missing: the one from before these "
    "layers. What they make of it stands alone.",
}


def _longest(graph: Graph, place: int, position: int) -> int:
    return next(t.call for n, t in enumerate(graph.calls[place].inputs) if n != position)


def _towers(count: int) -> Graph:
    sketch = Sketch()
    start = sketch.input(8)
    ends = [sketch.layer("Dense", start, units=n + 2) for n in range(count)]
    return sketch.graph(sketch.layer("Dense", sketch.step("Concatenate", *ends, axis=1), units=1))


@misconception("missing-branch", example=lambda: (_towers(3), _towers(2)), rearranges=True)
def missing_branch(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A branch that is not merged with the others."""
    for place in merges(graph, hints):
        call = graph.calls[place]
        apart = cache(partial(tensors_told_apart, graph, call.inputs))
        for position in unlike_positions(graph, place):
            tensor = call.inputs[position]
            changed = without_operand(graph, place, position)
            roles = {"merge": call.trace}
            if len(call.inputs) == 2:  # then the other one stands where the merge was
                roles = {"other": graph.calls[call.inputs[1 - position].call].trace}
            yield Edit(
                changed,
                partial(_left_out, changed, apart, position, tensor),
                roles,
                tuple(roles),
                expected=f"{len(call.inputs)} tensors merged",
                found=f"{len(call.inputs) - 1} merged" if len(call.inputs) > 2 else "no merge",
                next_step="Count the tensors in the list that you merge.",
                origin=(graph.calls[tensor.call].trace,),
            )
        for positions in _alike(graph, call.inputs):
            left = len(call.inputs) - len(positions)
            gone = [call.inputs[position] for position in positions]
            yield Edit(
                without_operands(graph, place, positions),
                partial(_all_left_out, apart, positions),
                {"merge": call.trace},
                ("merge",),
                expected=f"{len(call.inputs)} tensors merged",
                found=f"{left} merged" if left > 1 else "no merge",
                next_step="Count the tensors in the list that you merge.",
                origin=tuple(graph.calls[tensor.call].trace for tensor in gone),
            )


def _alike(graph: Graph, tensors: tuple[Tensor, ...]) -> list[list[int]]:
    """Positions of several tensors that calls of one kind make, where others do not."""
    found: dict[str, list[int]] = {}
    for position, tensor in enumerate(tensors):
        found.setdefault(graph.calls[tensor.call].label, []).append(position)
    return [group for group in found.values() if 1 < len(group) < len(tensors)]


def _all_left_out(apart: Callable[[], list[str]], positions: list[int]) -> str:
    branches = apart()
    return (
        f"Branches are missing from the merge: {listed([branches[p] for p in positions])} "
        "are not among the tensors that are brought together."
    )


def _left_out(without: Graph, apart: Callable[[], list[str]], position: int, tensor: Tensor) -> str:
    is_lost = tensor.call not in reached(without)
    end = ", so nothing of it reaches the output" if is_lost else ""
    return (
        f"A branch is missing from the merge: {apart()[position]} is not among the tensors "
        f"that are brought together{end}."
    )


@misconception("extra-branch", example=lambda: (_towers(2), _towers(3)))
def extra_branch(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A tensor too many among those that are merged."""
    for place in merges(graph, hints):
        call = graph.calls[place]
        for branch in hints.branches(graph, place):
            position, inputs = branch.position, call.inputs
            longer = replace(graph, calls=(*graph.calls, *branch.calls))
            yield Edit(
                longer.with_call(
                    place, inputs=(*inputs[:position], branch.tensor, *inputs[position:])
                ),
                "{merge} brings a tensor too many together: {branch} is not among those that are "
                "meant.",
                {"merge": call.trace, "branch": longer.calls[branch.tensor.call].trace},
                ("merge", "branch"),
                expected=f"{len(inputs)} tensors merged",
                found=f"{len(inputs) + 1} merged",
                next_step="Count the tensors in the list that you merge.",
                origin=(call.trace,),
            )


def without_operand(graph: Graph, place: int, position: int) -> Graph:
    """The graph with one input of a merge left out; a merge of one tensor is that tensor."""
    return without_operands(graph, place, [position])


def without_operands(graph: Graph, place: int, positions: Iterable[int]) -> Graph:
    """The graph with some inputs of a merge left out; a merge of one tensor is that tensor."""
    out = set(positions)
    left = tuple(t for n, t in enumerate(graph.calls[place].inputs) if n not in out)
    if len(left) == 1:
        return redirected(graph, Tensor(place), left[0])
    return graph.with_call(place, inputs=left)
