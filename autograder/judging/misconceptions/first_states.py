"""Mistakes about the state that a recurrent layer begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import counted, with_article
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import redirected
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _read_and_write(is_told: bool) -> Graph:
    sketch = Sketch()
    text, written = sketch.input(5, 4), sketch.input(3, 4)
    state = sketch.layer("GRU", text, units=6)
    sources = (written, state) if is_told else (written,)
    return sketch.graph(state, sketch.layer("GRU", *sources, units=6))


@misconception("missing-state", example=lambda: (_read_and_write(True), _read_and_write(False)))
def missing_state(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A recurrent layer that begins with zeros, where it is meant to begin with a state."""
    for place, call in enumerate(graph.calls):
        states = call.inputs[1:]
        if not (facts(call.op).recurrent and states and not call.arguments):
            continue
        yield Edit(
            graph.with_call(place, inputs=call.inputs[:1]),
            "{layer} begins with a state of zeros. It is meant to begin with what another part of "
            "the network made; without it nothing of that part comes to it.",
            {"layer": call.trace},
            ("layer",),
            expected=counted(len(states), "tensor") + " as its first state",
            found="none",
            next_step=_HAND_OVER,
            origin=(call.trace,),
        )
        if len(states) == 1 and hints.is_site(graph, place):
            yield from _brought_in_behind(graph, hints, place)


_HAND_OVER = "Hand the state over in the call, as `initial_state`."


def _brought_in_behind(graph: Graph, hints: Hints, place: int) -> Iterator[Edit]:
    """What is meant to be the first state, merged with what the layer makes."""
    call, state = graph.calls[place], graph.calls[place].inputs[1]
    alone = graph.with_call(place, inputs=call.inputs[:1])
    shape = call.shape or ()
    for addition in hints.merges():
        config = {"axis": len(shape) - 1} if addition.op == "Concatenate" else addition.config
        merge = Call(addition.op, config, name="", shape=shape, trace=f"merge {place}")
        end = Tensor(len(graph.calls))
        for inputs in ((Tensor(place), state), (state, Tensor(place))):
            longer = redirected(alone, Tensor(place), end)
            longer = replace(longer, calls=(*longer.calls, replace(merge, inputs=inputs)))
            yield Edit(
                longer,
                "{layer} begins with a state of zeros, and {merge} brings {state} together with "
                "what it has made. It is meant to begin with that state: then it reads its "
                "sequence in the light of it, and not only what comes out changes.",
                {
                    "layer": call.trace,
                    "merge": merge.trace,
                    "state": graph.calls[state.call].trace,
                },
                ("layer", "merge"),
                expected="1 tensor as its first state",
                found=f"none, and {with_article(merge.op)} behind it",
                next_step=_HAND_OVER,
                origin=(call.trace,),
                otherwise={"merge": with_article(merge.op), "state": "the state"},
            )
