"""Which of an answer's inputs and outputs stand for which of the reference's.

Outputs that both sides give as a list go by position: predict, evaluate and fit hand them out in
that order, whatever the layers behind them are called. Where either side returns a dictionary they
go by name: a dictionary has no order of its own. So an exercise says by its solution's form whether
the order counts. Inputs go by name, as Keras takes a dictionary of data for a list of inputs, too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from enum import Enum
from typing import Any

from autograder.graphs import Graph


class Pairing(Enum):
    """What tells which output of an answer stands for which of the reference's."""

    BY_NAME = "by name"
    BY_POSITION = "by position"
    UNTOLD = "untold"


def pairing_of_outputs(answer: Graph, reference: Graph) -> Pairing:
    """By what outputs are paired; untold where names are meant and a list has others, or none.

    Where it is not known how they were given, as in references of an older course, names count.
    """
    given, meant = answer.outputs_given, reference.outputs_given
    if given == meant == "list":
        return Pairing.BY_POSITION
    untold = Counter(reference.output_names) - Counter(answer.output_names)
    if given == "list" and meant == "dict" and untold.total() > 1:
        return Pairing.UNTOLD
    return Pairing.BY_NAME


def in_order_of(answer: Graph, reference: Graph) -> Graph:
    """The answer with its inputs and outputs in the reference's order, where names say it."""
    inputs = _arrangement(answer.inputs, reference.inputs)
    if inputs is not None:
        answer = _with_inputs(answer, inputs)
    if pairing_of_outputs(answer, reference) is Pairing.BY_POSITION:
        return answer
    outputs = _arrangement(answer.output_names, reference.output_names)
    if outputs is None:
        return answer
    return replace(
        answer,
        outputs=tuple(answer.outputs[number] for number in outputs),
        output_names=tuple(answer.output_names[number] for number in outputs),
    )


def exchanged_names(answer: Graph, reference: Graph) -> tuple[int, ...]:
    """Numbers of outputs that have the name which the reference gives to another output.

    Two heads that are alike are told apart by nothing else.
    """
    names, wanted = answer.output_names, reference.output_names
    return tuple(
        number
        for number, (name, meant) in enumerate(zip(names, wanted, strict=True))
        if name and name != meant and name in wanted
    )


def _arrangement(names: tuple[str, ...], wanted: tuple[str, ...]) -> list[int] | None:
    """For each wanted name its number among `names`; None where names do not decide.

    What has the same name on both sides goes by it; the rest keeps its order.
    """
    if len(names) != len(wanted) or names == wanted:
        return None
    mine, theirs = Counter(names), Counter(wanted)
    same = {name for name in names if name and mine[name] == theirs[name] == 1}
    rest = iter([number for number, name in enumerate(names) if name not in same])
    places = {name: number for number, name in enumerate(names)}
    return [places[name] if name in same else next(rest) for name in wanted]


def _with_inputs(graph: Graph, order: list[int]) -> Graph:
    places = {old: new for new, old in enumerate(order)}

    def moved(tensors: Any) -> tuple[Any, ...]:
        return tuple(t._replace(call=places.get(t.call, t.call)) for t in tensors)

    calls = [graph.calls[old] for old in order] + list(graph.calls[len(order) :])
    return replace(
        graph,
        calls=tuple(replace(call, inputs=moved(call.inputs)) for call in calls),
        inputs=tuple(graph.inputs[old] for old in order),
        outputs=moved(graph.outputs),
    )
