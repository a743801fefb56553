"""Say which mistake turned the reference into the answer, in the student's own layer names."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from math import inf

from autograder.graphs import Graph, Palette, normal_form
from autograder.graphs.describe import counted, layer_name, listed, number
from autograder.graphs.graph import Shape
from autograder.graphs.layers.expressions import differing
from autograder.graphs.layers.facts import facts
from autograder.judging.called_at_once import called_at_once
from autograder.judging.difference import first_difference, weights_of
from autograder.judging.edits import Edit, place_of, spoken
from autograder.judging.explanations import Step
from autograder.judging.lengths_behind import explanation
from autograder.judging.made_at_once import with_arrays_explained
from autograder.judging.search import Search
from autograder.judging.verdict import Finding, Status, Verdict

FAR_MORE = 4
"""An answer with this many times the reference's calls, and a hundred more, is not compared."""


def diagnose(answer: Graph, reference: Graph) -> Verdict:
    """Name the mistake, or the few, that tell a wrong answer from the reference.

    Args:
        answer: the student's graph, its inputs and outputs in the reference's order.
        reference: the graph it should be, and is not.
    """
    if (plain := called_at_once(answer, reference)) is not None:
        return plain
    with _nothing_collected():
        steps = explanation(answer, reference)
    found = _verdict(answer, reference, steps) if steps else _first_difference(answer, reference)
    return with_arrays_explained(found, answer, reference)


def _first_difference(answer: Graph, reference: Graph) -> Verdict:
    """The verdict on a mistake that has no name."""
    difference = first_difference(answer, reference, Palette())
    return Verdict(
        Status.WRONG,
        (difference.finding,),
        answer,
        reference,
        difference.answer_marks,
        difference.reference_marks,
    )


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Python's collector of garbage waits, as long as a search may take.

    A search makes graphs by the thousand, and no circles of things that hold each other: all goes
    when it is no longer held. The collector would look through everything that the process has,
    most of it TensorFlow's, again and again, for a third of the time, and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_called(answer: Graph, reference: Graph, id: str) -> bool:
    """Whether a misconception is what `diagnose` would name, made once, and nothing beside it.

    It takes a fraction of the time, most of all where the answer is no, and decides what is drawn
    to be practised.

    Args:
        answer: a wrong graph, its inputs and outputs in the reference's order.
        reference: the graph it should be, and is not.
        id: the misconception's.
    """
    return called_at_once(answer, reference) is None and Search(answer, reference).is_one(id)


def far_too_large(answer: Graph, reference: Graph) -> Finding | None:
    """What to say of an answer far larger than its reference, which it cannot equal; else None.

    It is told before anything is compared: so comparing takes a time that the reference sets,
    whatever the answer is.
    """
    made, meant = len(answer.calls), len(reference.calls)
    read, to_read = (sum(len(call.inputs) for call in g.calls) for g in (answer, reference))
    if made > FAR_MORE * meant + 100:
        unit, what = "call", f"calls layers {number(made)} times"
    elif read > FAR_MORE * to_read + 100:
        unit, what, made, meant = "tensor", f"hands on {number(read)} tensors", read, to_read
    else:
        return None
    return Finding(
        "far-too-large",
        f"Your model {what}; about {counted(meant, unit)} are meant.",
        expected=counted(meant, unit),
        found=counted(made, unit),
        next_step="Is there a loop that goes round far too often?",
    )


def _verdict(answer: Graph, reference: Graph, steps: list[Step]) -> Verdict:
    """The verdict that an explanation makes."""
    palette, end = Palette(), steps[-1].graph
    mine, theirs = normal_form(answer, palette), normal_form(end, palette)
    counterpart = dict(zip(theirs.order, mine.order, strict=True))
    findings, marks, origins = [], [], []
    for same in _in_turn(
        _by_themselves(steps, reference, _shapes_apart(answer, reference, end, counterpart))
    ):
        told = []
        for step in same:
            here = _places(step.edit, end, counterpart)
            there = [int(trace) for trace in step.edit.origin if trace.isdigit()]
            seen = _with_twins(step.edit, end, counterpart, here)
            marks += [place for role, place in seen.items() if role in step.edit.where]
            origins += there
            finding = _finding(step, answer, reference, here=here, there=there)
            names = (_called(step.edit, answer, seen[r]) for r in step.edit.where if r in seen)
            told.append(replace(finding, where=tuple(dict.fromkeys(filter(None, names)))))
        findings += _from_end_to_end(told, _once(told))
    return Verdict(
        Status.WRONG,
        tuple(findings),
        answer,
        reference,
        tuple(dict.fromkeys(marks)),
        tuple(dict.fromkeys(origins)),
    )


def _by_themselves(
    steps: list[Step], reference: Graph, apart: dict[int, tuple[Shape, Shape]]
) -> list[Step]:
    """The steps that are mistakes by themselves, where there are some: the others follow."""
    others = [step for step in steps if not step.edit.follows and not _is_a_size(step)]
    causes = [place for place in map(_first_place, others) if place != inf]

    def follows(step: Step) -> bool:
        place = _first_place(step)
        before = 0 if place == inf else reference.above[int(place)]
        is_caused = any(before >> int(cause) & 1 for cause in causes)
        return step.edit.follows or (is_caused and _is_what_comes(step, before, apart))

    return [step for step in steps if not follows(step)] or steps


def _shapes_apart(
    answer: Graph, reference: Graph, end: Graph, counterpart: Mapping[int, int]
) -> dict[int, tuple[Shape, Shape]]:
    """For calls of the reference, their shape and that of the answer's like, if it is another."""
    found = {}
    for place, call in enumerate(end.calls):
        if call.trace.isdigit() and place in counterpart:
            meant, built = reference.calls[int(call.trace)], answer.calls[counterpart[place]]
            if meant.shape and built.shape and meant.shape != built.shape:
                found[int(call.trace)] = meant.shape, built.shape
    return found


def _is_a_size(step: Step) -> bool:
    """Whether a step is another number in a layer's width or in a new shape."""
    return _width_apart(step) is not None or "target_shape" in spoken(step.edit.expected)


def _width_apart(step: Step) -> tuple[int, int] | None:
    """The width that is meant and the one that is there; None where that is no such step."""
    texts = (spoken(step.edit.expected), spoken(step.edit.found))
    widths = [_WIDTH.fullmatch(text) for text in texts]
    if step.id != "wrong-units" or not all(widths):
        return None
    meant, found = (int(width[1].replace(",", "")) for width in widths if width)
    return meant, found


_WIDTH = re.compile(r"([\d,]+) (?:unit|filter)s?")


def _is_what_comes(step: Step, before: int, apart: Mapping[int, tuple[Shape, Shape]]) -> bool:
    """Whether a size is what something before it has become, by a mistake before that.

    A layer goes by the shape of what comes, as `Dense(x.shape[-1])` does: what it reads has become
    as much wider. A new shape behind another mistake has to hold other numbers.

    Args:
        step: any step.
        before: the calls that the step's call depends on, as bits.
        apart: the shapes that calls have otherwise in the answer.
    """
    width = _width_apart(step)
    if width is None:
        return _is_a_size(step)
    return any(_goes_by(width, *shapes) for place, shapes in apart.items() if before >> place & 1)


def _goes_by(width: tuple[int, int], meant: Shape, built: Shape) -> bool:
    """Whether a width follows from a shape that has become another one.

    It may be the length of any axis; as many times what is meant, as `x.shape[-1] // 4` is, it goes
    by the last one alone: two sides of a picture are halved by any stride.
    """
    if width in zip(meant, built, strict=False):
        return True
    before, after = meant[-1], built[-1]
    is_other = before is not None and after is not None and before != after
    return is_other and width[0] * after == width[1] * before


def _in_turn(steps: list[Step]) -> list[list[Step]]:
    """The steps by mistakes, what stands nearer to the inputs first: others may follow from it."""
    mistakes = [list(same) for _, same in groupby(steps, key=_mistake)]
    return sorted(mistakes, key=lambda same: min(_first_place(step) for step in same))


def _first_place(step: Step) -> float:
    """Where the first call stands that an edit is about; last where it is about none."""
    return min((int(trace) for trace in step.edit.origin if trace.isdigit()), default=inf)


def _mistake(step: Step) -> tuple[str, str]:
    """What makes two steps the same mistake: its name, and of settings which one it is."""
    setting, equals, _ = spoken(step.edit.expected).partition("=")
    return step.id, setting if equals else ""


def _from_end_to_end(steps: list[Finding], told: list[Finding]) -> list[Finding]:
    """What is told of steps on one call that differ in numbers alone, with the first and the last.

    The first was made in the reference, the next in what came of it: of 9 tensors 8, of these 7.
    """
    kinds = {(f.where, _NUMBER.sub("", f.expected), _NUMBER.sub("", f.found)) for f in steps}
    if len(kinds) > 1 or not steps[0].where:
        return told
    return [replace(f, expected=steps[0].expected, found=steps[-1].found) for f in told]


_NUMBER = re.compile(r"\d+")


def _once(told: list[Finding]) -> list[Finding]:
    """One finding for the same mistake made several times: the first, and where the others are.

    Two that differ in what is meant, or in what is found, are told each.
    """
    first, *others = told
    if not others or (len(told) == 2 and len({(f.expected, f.found) for f in told}) == 2):
        return told
    others_where = [name for finding in others for name in finding.where[:1]]
    places = list(dict.fromkeys(repr(name) for name in others_where if name not in first.where))
    more = f" The same mistake is made {counted(len(others), 'time')} more"
    if places:
        few = places[:_FEW_PLACES]
        rest = [f"{len(places) - len(few)} more places"] if len(places) > len(few) + 1 else []
        more += f": at {listed([*(few if rest else places), *rest])}"
    where = tuple(dict.fromkeys((*first.where, *others_where)))
    return [replace(first, message=f"{first.message}{more}.", where=where)]


_FEW_PLACES = 3


def _places(edit: Edit, graph: Graph, counterpart: dict[int, int]) -> dict[str, int]:
    """For each role of an edit that is still in the graph, its place in the answer."""
    found = {}
    for role, trace in edit.roles.items():
        place = place_of(graph, trace)
        if place is not None and place in counterpart:
            found[role] = counterpart[place]
    return found


def _with_twins(
    edit: Edit, graph: Graph, counterpart: dict[int, int], here: dict[str, int]
) -> dict[str, int]:
    """The places of roles, and of calls that are one with another one the place of that.

    It is where to look, but has its own name: which of the two is wrong, nothing tells.
    """
    found = dict(here)
    for role in edit.where:
        for twin in [] if role in here else _twins(edit.graph, edit.roles[role]):
            place = place_of(graph, twin)
            if place is not None and place in counterpart:
                found.setdefault(role, counterpart[place])
    return found


def _twins(graph: Graph, trace: str) -> list[str]:
    """The traces of calls that do the same as one, of the same: in one spelling they are one."""
    place = place_of(graph, trace)
    if place is None:
        return []
    own = graph.calls[place]
    return [
        call.trace
        for call in graph.calls
        if call.inputs == own.inputs and call.weights == own.weights and call.label == own.label
    ]


def _finding(
    step: Step, answer: Graph, reference: Graph, *, here: dict[str, int], there: list[int]
) -> Finding:
    edit = step.edit
    called = {role: _called(edit, answer, place) for role, place in here.items()}
    names = {role: repr(name) for role, name in called.items() if name}
    for role in edit.roles:
        names.setdefault(role, spoken(edit.otherwise.get(role, _unnamed(edit, role, reference))))
    message = _capitalised(_without_repeats(_filled(spoken(edit.message), names)))
    traces = [edit.roles[role] for role in edit.where]
    if len(traces) == 1 and traces[0] in edit.origin[:1] and edit.where[0] in here and there:
        message = f"{message} {_formulas(answer, reference, here[edit.where[0]], there[0])}"
    expected, found = (_filled(spoken(text), names) for text in (edit.expected, edit.found))
    if expected == found:  # where words do not tell two apart, the message has to
        expected = found = ""
    return Finding(
        step.id,
        message.strip(),
        expected=expected,
        found=found,
        next_step=_filled(edit.next_step, names),
    )


def _called(edit: Edit, answer: Graph, place: int) -> str:
    """The name of what an edit changes: of a layer, or of one of its calls."""
    return answer.calls[place].name if edit.of_layers else layer_name(answer, place)


def _unnamed(edit: Edit, role: str, reference: Graph) -> str:
    """What a call is spoken of as that is not in the answer under any name: as merges in merges."""
    trace = edit.roles[role]
    is_merge = trace.isdigit() and facts(reference.calls[int(trace)].op).merge
    return "a merge" if is_merge else "a layer"


def _without_repeats(text: str) -> str:
    """The same sentence where some of those it speaks of have one name in the answer, or none."""
    text = re.sub(r"[Ee]ach of ('[^']+')(?:, \1)* and \1(?= )", r"\1", text)
    unnamed = r"a layer(?:, a layer)* and a layer"
    return re.sub(unnamed, "several layers", re.sub(f"', {unnamed}", "' and others", text))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _filled(text: str, names: Mapping[str, str]) -> str:
    """A sentence with names for its roles; other braces are what somebody wrote, and stay."""
    return re.sub(r"\{(\w+)\}", lambda role: names.get(role[1], role[0]), text)


def _formulas(answer: Graph, reference: Graph, here: int, there: int) -> str:
    """Both parameter formulas, the factors that differ in brackets; "" where none do."""
    built, meant = weights_of(answer, here), weights_of(reference, there)
    if built is None or meant is None or built.count == meant.count:
        return ""
    mark: list[str] = []
    if built.symbols() == meant.symbols():
        mark = differing(built.expression, meant.expression)
    return (
        f"Its weights: {built.numbers(mark)} = {number(built.count)}; "
        f"expected are {meant.numbers(mark)} = {number(meant.count)}."
    )
