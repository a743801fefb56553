"""Mistakes about the state that a recurrent layer begins with."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Graph
from autograder.graphs.describe import counted
from autograder.graphs.layers.facts import facts
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
            next_step="Hand the state over in the call, as `initial_state`.",
            origin=(call.trace,),
        )
