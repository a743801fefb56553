"""Two recurrent layers for the two ways of a Bidirectional, one of them not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.graph import HOLE, MERGES_WAYS, NO_WRAPPERS
from autograder.graphs.layers.shaping import ALL, BACKWARDS
from autograder.graphs.returned import states
from autograder.graphs.surgery import all_redirected, new_weights, with_wrappers
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints


def both_the_same_way(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Both layers read their sequence from the start, or both from the end."""
    for place, call in _both_ways(graph, hints):
        sequences = bool(call.config.get("return_sequences"))
        for is_turned in {False, sequences}:
            for backwards, end in ((False, "start"), (True, "end")):
                other = "start" if backwards else "end"
                yield Edit(
                    _by_two(graph, place, backwards, backwards, is_turned=is_turned),
                    f"{{back}} reads its sequence from the {end}, as {{there}} does. One of the "
                    f"two is meant to read it from the {other}: so each place is seen with what "
                    "comes before it and with what comes behind it.",
                    {"there": f"there {place}", "back": f"back {place}"},
                    ("back", "there"),
                    expected=f"go_backwards={not backwards} for one of the two",
                    found=f"go_backwards={backwards} for both",
                    next_step="Give the layer that reads from the end go_backwards=True, and the "
                    "other one not. layers.Bidirectional makes such a pair by itself.",
                    origin=(call.trace,),
                )


def not_turned_round(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """The steps of the layer that reads from the end are merged as they come out."""
    for place, call in _both_ways(graph, hints):
        if call.config.get("return_sequences"):
            yield Edit(
                _by_two(graph, place, False, True, is_turned=False),
                "{back} reads its sequence from the end, and its steps come out in that order: "
                "the last one first. They are meant to be turned round before they are merged, "
                "or each step of {there} meets another one.",
                {"there": f"there {place}", "back": f"back {place}"},
                ("back",),
                expected="its steps turned round",
                found="its steps from the last to the first",
                next_step="Turn them round with keras.ops.flip(…, axis=1). layers.Bidirectional "
                "does it by itself.",
                origin=(call.trace,),
            )


def _both_ways(graph: Graph, hints: Hints) -> Iterator[tuple[int, Call]]:
    """Layers that are read both ways, where the answer has some that are not."""
    for place, call in enumerate(graph.calls):
        around = call.wrappers
        if around.bidirectional not in MERGES_WAYS or around.backward is not None:
            continue
        if len(call.inputs) > 1 or around.time_distributed or not call.shape:
            continue
        if call.config.get("go_backwards") or not hints.is_site(graph, place):
            continue
        if NO_WRAPPERS in hints.wrappers(call):
            yield place, call


def _by_two(graph: Graph, place: int, first: bool, second: bool, *, is_turned: bool) -> Graph:
    """The graph with two layers and a merge for one that is read both ways.

    Args:
        graph: any graph.
        place: the layer's.
        first: whether the one layer reads from the end.
        second: the same of the other one.
        is_turned: whether the steps of that one are turned round.
    """
    call, end = graph.calls[place], len(graph.calls)
    alone = with_wrappers(graph, [place], bidirectional="").calls[place]
    shape = (*(call.shape or ())[:-1], call.config.get("units"))
    one, other = (
        replace(
            alone,
            config={**alone.config, "go_backwards": backwards},
            shape=shape,
            weights=weights,
            trace=f"{way} {place}",
        )
        for way, backwards, weights in (
            ("there", first, call.weights),
            ("back", second, new_weights(graph)),
        )
    )
    turned = Call(
        "GetItem", inputs=(Tensor(end + 1),), arguments={"args": [HOLE, [ALL, BACKWARDS]]}
    )
    new = (one, other, *([replace(turned, shape=shape)] if is_turned else []))
    op = MERGES_WAYS[call.wrappers.bidirectional]
    merge = Call(
        op,
        {"axis": len(shape) - 1} if op == "Concatenate" else {},
        (Tensor(end), Tensor(end + len(new) - 1)),
        shape=call.shape,
        trace=call.trace,
    )
    calls = (*graph.calls[:place], merge, *graph.calls[place + 1 :], *new)
    return all_redirected(replace(graph, calls=calls), _states(call, place, end))


def _states(call: Call, place: int, first: int) -> dict[Tensor, Tensor]:
    """Whose the states are that come out behind the sequence: each layer has half of them."""
    each = len(states(call.op))
    return {
        Tensor(place, 1 + way * each + state): Tensor(first + way, 1 + state)
        for way in range(2)
        for state in range(each)
    }
