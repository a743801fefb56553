"""Softmaxes that go by a mask, written out as an older Keras computes them.

Where a mask hides all, Keras 3.15 makes zeros of it, and Keras 3.8 something that adds up to 1, as
most people do who write it out: `softmax(where(mask, x, -1e9))`. Nobody asks for either.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.graphs import Call, Graph
from autograder.graphs.graph import HOLE, NO_WRAPPERS, Tensor
from autograder.graphs.surgery import reading_order, renumbered

_NEARLY_NOTHING = -1e9


def written_out(graph: Graph) -> Graph:
    """The graph in which what a softmax does not look at is replaced before it.

    Args:
        graph: any graph; itself where no softmax is given a mask.
    """
    places = [place for place, call in enumerate(graph.calls) if _is_given_a_mask(call)]
    if not places:
        return graph
    calls = list(graph.calls)
    for place in places:
        call = calls[place]
        looked_at, mask = call.inputs
        hiding = Call(
            "Where",
            inputs=(mask, looked_at),
            shape=call.shape,
            arguments={"args": [HOLE, HOLE, _NEARLY_NOTHING]},
        )
        rest = {key: value for key, value in call.arguments.items() if key != "mask"}
        calls[place] = replace(call, inputs=(Tensor(len(calls)),), arguments=rest)
        calls.append(hiding)
    graph = replace(graph, calls=tuple(calls))
    return renumbered(graph, reading_order(graph) or [])


def _is_given_a_mask(call: Call) -> bool:
    is_softmax = call.op == "Activation" and call.config.get("activation") == "softmax"
    given = call.arguments.get("mask") == HOLE and len(call.inputs) == 2
    return is_softmax and given and call.wrappers == NO_WRAPPERS
