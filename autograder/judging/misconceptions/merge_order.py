"""Tensors that a call reads in another order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import (
    tensors_told_apart,
)
from autograder.graphs.free_orders import free_orders
from autograder.graphs.layers.facts import facts
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _ordered(swapped: bool) -> Graph:
    sketch = Sketch()
    start = sketch.input(8)
    ends = [sketch.layer("Dense", start, units=n) for n in (2, 3)]
    return sketch.graph(sketch.step("Concatenate", *(ends[::-1] if swapped else ends), axis=1))


@misconception("concat-order", example=lambda: (_ordered(False), _ordered(True)), rearranges=True)
def concat_order(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Tensors merged in another order, where the order shows in the result."""
    free = free_orders(graph)
    for place, call in enumerate(graph.calls):
        if len(call.inputs) < 2 or free[place] or not hints.is_site(graph, place):
            continue
        for order in hints.orders(graph, place):
            yield Edit(
                graph.with_call(place, inputs=order),
                _in_another_order(call, order),
                {"merge": call.trace, **_numbered(graph, call.inputs)},
                ("merge",),
                expected=partial(_one_by_one, graph, call.inputs, call.inputs),
                found=partial(_one_by_one, graph, call.inputs, order),
                next_step="Compare the order of what it is called on with the question.",
                origin=(call.trace,),
            )


def _in_another_order(call: Call, order: tuple[Tensor, ...]) -> str:
    """What to say of a call that reads its tensors in another order."""
    if order[0] == call.inputs[0]:
        if facts(call.op).recurrent:
            return (
                "{merge} begins with its states in another order than asked for: each is taken for "
                "the other. An LSTM's own are h, then c."
            )
        if call.op == "Where":
            return (
                "{merge} chooses the other way round: where its condition holds it takes what is "
                "meant for all other places."
            )
    return (
        "{merge} takes its tensors in another order than asked for, and here the order shows in "
        "the result."
    )


def _one_by_one(graph: Graph, inputs: tuple[Tensor, ...], order: tuple[Tensor, ...]) -> str:
    """Tensors in an order, each said so that it is none of the others: by name if need be."""
    said = dict(zip(inputs, tensors_told_apart(graph, inputs), strict=True))
    if len(set(said.values())) < len(said):
        said = {tensor: f"{{tensor_{n}}}" for n, tensor in enumerate(inputs)}
    return " then ".join(said[tensor] for tensor in order)


def _numbered(graph: Graph, tensors: tuple[Tensor, ...]) -> dict[str, str]:
    """A role for each of some tensors."""
    return {f"tensor_{n}": graph.calls[t.call].trace for n, t in enumerate(tensors)}
