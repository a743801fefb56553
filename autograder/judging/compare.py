"""Compare two networks: are they the same, and if not, which mistake tells them apart?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from autograder.graphs import Graph, NotReadable, Palette, normal_form, read_graph
from autograder.judging.diagnosis import diagnose, far_too_large
from autograder.judging.verdict import Finding, Status, Verdict


def compare(answer: Any, reference: Any) -> Verdict:
    """Judge a network by another one.

    The two are the same when they compute the same thing from the same inputs with the same sets
    of weights, however they are written. Inputs and outputs go by name where all have the same
    names on both sides, else by order.

    Args:
        answer: a built Keras model, or a Graph: what is judged.
        reference: a built Keras model, or a Graph: what it should be.

    Returns:
        A verdict. An answer that is no readable model is "not checkable": this never raises.
    """
    try:
        built = _read(answer)
    except NotReadable as error:
        return _not_checkable(str(error))
    try:
        meant = _read(reference)
    except NotReadable as error:
        return _not_checkable(f"The reference cannot be read: {error}")
    if (finding := far_too_large(built, meant)) is not None:
        return Verdict(Status.WRONG, (finding,))
    built = in_order_of(built, meant)
    palette = Palette()
    if normal_form(built, palette).key == normal_form(meant, palette).key:
        notes = naming_notes(built, meant)
        return Verdict(Status.PASSED, answer=built, reference=meant, notes=notes)
    return diagnose(built, meant)


def _read(model: Any) -> Graph:
    """The graph of a model; whatever goes wrong with it is a reason why it cannot be read."""
    try:
        return read_graph(model)
    except NotReadable:
        raise
    except Exception as error:
        raise NotReadable(
            f"This model cannot be read ({type(error).__name__}: {error}). Build it from Keras "
            "layers with keras.Model(inputs, outputs) or keras.Sequential."
        ) from error


def _not_checkable(reason: str) -> Verdict:
    return Verdict(Status.NOT_CHECKABLE, (Finding("not-readable", reason),))


def in_order_of(graph: Graph, other: Graph) -> Graph:
    """The graph with inputs and outputs in the other's order, where the same names allow it."""
    inputs = _arrangement(graph.inputs, other.inputs)
    if inputs is not None:
        graph = _with_inputs(graph, inputs)
    outputs = _arrangement(graph.output_names, other.output_names)
    if outputs is not None:
        graph = replace(
            graph,
            outputs=tuple(graph.outputs[number] for number in outputs),
            output_names=tuple(graph.output_names[number] for number in outputs),
        )
    return graph


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


def naming_notes(answer: Graph, reference: Graph) -> tuple[str, ...]:
    """What to say of names that the reference gives and the answer does not.

    They make no network wrong, but data goes in and comes out by them.
    """
    pairs = [
        *zip(("input",) * len(answer.inputs), answer.inputs, reference.inputs, strict=False),
        *zip(
            ("output",) * len(answer.outputs),
            answer.output_names,
            reference.output_names,
            strict=False,
        ),
    ]
    return tuple(
        f"The {what} that goes by {wanted!r} in the solution "
        f"{f'is called {name!r} here' if name else 'has no name of its own here'}; code that "
        "goes by that name will not find it."
        for what, name, wanted in pairs
        if wanted and name != wanted
    )


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
