"""Where two networks part: the first call that differs, for mistakes that have no name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from autograder.graphs import Call, Graph, Palette, Tensor
from autograder.graphs.describe import (
    be,
    counted,
    layer_name,
    listed,
    number,
    setting_text,
    shape_text,
    tensor_words,
    words,
)
from autograder.graphs.layers.formulas import Formula, UnknownLayer, formula
from autograder.graphs.normal_form import first_colours
from autograder.judging.verdict import Finding

ID = "different-graph"

_MANY = 9
"""From how many tensors on the names of those that a call reads are a list."""

_MOST_OUTPUTS = 12
"""How many outputs are named one by one."""


@dataclass(frozen=True)
class Difference:
    """The first difference, and where it is in both graphs."""

    finding: Finding
    answer_marks: tuple[int, ...] = ()
    reference_marks: tuple[int, ...] = ()


def first_difference(answer: Graph, reference: Graph, palette: Palette) -> Difference:
    """The first call of the answer that the reference does not have, and its counterpart."""
    if len(answer.inputs) != len(reference.inputs):
        return _counts("input", len(answer.inputs), len(reference.inputs))
    if len(answer.outputs) != len(reference.outputs):
        return _counts("output", len(answer.outputs), len(reference.outputs), id="wrong-output")
    built, meant = first_colours(answer, palette), first_colours(reference, palette)
    extra, lacking = _unmatched(built, meant), _unmatched(meant, built)
    if not extra and not lacking:
        return _same_calls(answer, reference)
    here = extra[0] if extra else None
    there = lacking[0] if lacking else None
    expected, found = _words(reference, there), _words(answer, here)
    if here is not None and there is not None and expected == found:
        expected, found = _settings_apart(reference.calls[there], answer.calls[here])
        if expected == found:
            expected, found = _made_apart((reference, there, meant), (answer, here, built))
    return Difference(
        Finding(
            ID,
            _message(answer, reference, here, there, is_told=expected != found),
            where=() if here is None else (layer_name(answer, here),),
            expected=expected,
            found=found,
            next_step=_next_step(answer, here),
        ),
        () if here is None else (here,),
        () if there is None else (there,),
    )


def _counts(what: str, built: int, meant: int, id: str = ID) -> Difference:
    return Difference(
        Finding(
            id,
            f"Your model has {counted(built, what)}; {meant} {be(meant)} asked for.",
            expected=counted(meant, what),
            found=counted(built, what),
            next_step=f"Look at what you pass to keras.Model as {what}s.",
        )
    )


def _unmatched(mine: list[int], other: list[int]) -> list[int]:
    """Places whose colours the other graph does not have (as often), in order."""
    left, places = Counter(other), []
    for place, colour in enumerate(mine):
        if left[colour]:
            left[colour] -= 1
        else:
            places.append(place)
    return places


def _same_calls(answer: Graph, reference: Graph) -> Difference:
    """All calls agree: what differs is which of them share weights, or what is returned."""
    built = len({call.weights for call in answer.calls if call.weights is not None})
    meant = len({call.weights for call in reference.calls if call.weights is not None})
    if built != meant:
        message = (
            f"Every call is as expected, but your model has {counted(built, 'set')} of weights "
            f"and the exercise asks for {meant}: a layer that is called twice has one set, two "
            "layers have two."
        )
        step = "Check which layers you make once and call often."
        return Difference(
            Finding(
                ID, message, (), f"{counted(meant, 'set')} of weights", counted(built, "set"), step
            )
        )
    outputs = answer.outputs[:_MOST_OUTPUTS]
    names = tuple(layer_name(answer, tensor.call) for tensor in outputs)
    message = (
        "Every layer is as expected, but the model returns other tensors, or in another order."
    )
    step = "Look at the outputs you pass to keras.Model, one by one."
    marks = tuple(tensor.call for tensor in answer.outputs)
    return Difference(
        Finding(ID, message, names, next_step=step), marks, tuple(t.call for t in reference.outputs)
    )


def _message(
    answer: Graph, reference: Graph, here: int | None, there: int | None, *, is_told: bool
) -> str:
    if here is None:
        lacking = _words(reference, there)
        often = sum(_words(answer, n) == lacking for n in range(len(answer.calls)))
        if not often:
            return f"Your model lacks a part: {lacking} is nowhere to be found."
        meant = sum(_words(reference, n) == lacking for n in range(len(reference.calls)))
        if meant > often:
            return (
                f"Your model lacks a part: {lacking}. It is meant to be there "
                f"{counted(meant, 'time')}, and is {counted(often, 'time')}."
            )
        return f"Your model lacks a part: {lacking}. What it has of that kind is made otherwise."
    call = answer.calls[here]
    if call.op == "Input":
        return (
            f"Input {call.name!r} has shape {shape_text(call.shape)}; "
            f"{_words(reference, there)} is asked for."
        )
    names = dict.fromkeys(repr(layer_name(answer, tensor.call)) for tensor in call.inputs)
    read = _joined(list(names))
    start = f"Up to {read} your graph is as expected. There it" if names else "Your graph"
    goes_on = f"{_layer(answer, here)} (layer {layer_name(answer, here)!r})"
    end = "which the exercise does not have at that place" if is_told else _ONE_LIKE_IT
    text = f"{start} goes on with {goes_on}, {end}."
    return f"{text} {_formulas(answer, reference, here, there)}".strip()


def _words(graph: Graph, place: int | None) -> str:
    if place is None:
        return ""
    text = _layer(graph, place)
    call = graph.calls[place]
    if call.op == "Activation":
        return text
    read = _joined([tensor_words(graph, tensor) for tensor in call.inputs])
    return f"{text}, reading {read}" if read else text


def _settings_apart(meant: Call, built: Call) -> tuple[str, str]:
    """The settings in which two calls differ that read the same in words; "" where in none."""
    keys = sorted({*meant.config, *built.config})
    keys = [key for key in keys if meant.config.get(key) != built.config.get(key)][:_MOST_SETTINGS]

    def told(call: Call) -> str:
        return ", ".join(f"{key}={setting_text(call.config.get(key))}" for key in keys)

    return (told(meant), told(built)) if told(meant) != told(built) else ("", "")


_MOST_SETTINGS = 3

_ONE_LIKE_IT = (
    "and the exercise with one like it that reads other tensors: of several that are made alike, "
    "another one is read"
)

Side = tuple[Graph, int, list[int]]
"""A graph, a call of it, and what each of its calls is by what it computes."""


def _made_apart(meant: Side, built: Side) -> tuple[str, str]:
    """What two calls are made of, where they read the same in words: the first that differs.

    "" twice where there is no such thing, or no telling which stands for which.
    """
    for _ in range(_DEEPEST):
        pairs = [_read_apart(meant, built), _read_apart(built, meant)]
        if not all(len(tensors) == 1 for tensors in pairs):
            break
        (mine,), (theirs,) = pairs
        meant, built = (meant[0], mine.call, meant[2]), (built[0], theirs.call, built[2])
        texts = tuple(f"made of {_words(graph, place)}" for graph, place, _ in (meant, built))
        if texts[0] != texts[1]:
            return texts[0], texts[1]
        if mine.output != theirs.output:
            said = [tensor_words(meant[0], mine), tensor_words(built[0], theirs)]
            return f"made of {said[0]}", f"made of {said[1]}"
    return "", ""


_DEEPEST = 20


def _read_apart(one: Side, other: Side) -> list[Tensor]:
    """What a call reads, but for what the other one reads, too."""
    left = Counter((other[2][t.call], t.output) for t in other[0].calls[other[1]].inputs)
    found = []
    for tensor in one[0].calls[one[1]].inputs:
        kind = (one[2][tensor.call], tensor.output)
        left[kind] -= 1
        found += [tensor] if left[kind] < 0 else []
    return found


def _layer(graph: Graph, place: int) -> str:
    call = graph.calls[place]
    is_frozen = call.weights is not None and not call.trainable
    return f"{words(graph, place)}, frozen" if is_frozen else words(graph, place)


def _joined(names: list[str]) -> str:
    """Names with "and" between them, as the tensors that a merge reads; of many, as a list."""
    return " and ".join(names) if len(names) < _MANY else listed(names)


def _formulas(answer: Graph, reference: Graph, here: int, there: int | None) -> str:
    """The weights of both layers by their formula, where they are of one kind and differ."""
    if there is None or answer.calls[here].op != reference.calls[there].op:
        return ""
    built, meant = weights_of(answer, here), weights_of(reference, there)
    if built is None or meant is None or built.count == meant.count:
        return ""
    return (
        f"Its weights: {built.numbers()} = {number(built.count)}; expected are "
        f"{meant.numbers()} = {number(meant.count)}."
    )


def weights_of(graph: Graph, place: int) -> Formula | None:
    """The parameter formula of a call's layer; None without weights or where it is unknown."""
    call = graph.calls[place]
    if call.weights is None:
        return None
    try:
        return formula(call.op, call.config, call.built_on, call.wrappers)
    except UnknownLayer:
        return None


def _next_step(answer: Graph, here: int | None) -> str:
    if here is None:
        return "Compare your drawing with the description, from the inputs on."
    return f"Look at layer {answer.calls[here].name!r}: its settings, and what it is called on."
