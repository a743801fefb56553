"""Mistakes about which call reads which tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import (
    describe,
    input_name,
    listed,
    tensors_told_apart,
    with_article,
    words,
)
from autograder.graphs.free_orders import free_orders
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import reached, redirected, with_reading
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints, merges
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _heads_example() -> tuple[Graph, Graph]:
    def heads(late: bool) -> Graph:
        sketch = Sketch()
        first = sketch.layer("Dense", sketch.input(8), units=4)
        second = sketch.layer("Dense", first, units=4)
        side = sketch.layer("Dense", second if late else first, units=1)
        return sketch.graph(sketch.layer("Dense", second, units=2), side)

    return heads(False), heads(True)


@misconception("head-on-wrong-tensor", example=_heads_example, rearranges=True)
def head_on_wrong_tensor(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An output's own layer reads another tensor than it should."""
    for edit in _rewired(graph, hints, lambda place, _: is_head(graph, place)):
        yield replace(
            edit,
            message="The output layer {layer} reads {source}, not the tensor it is meant to "
            "answer from. It would learn from other features than the exercise asks for.",
            next_step="Look at what you call this layer on, and follow that tensor back to its "
            "input.",
        )


def _skip(source: int) -> Graph:
    sketch = Sketch()
    tensors = [sketch.input(8)]
    tensors.append(sketch.layer("Dense", tensors[0], units=8))
    tensors.append(sketch.layer("Dense", tensors[1], units=8))
    tensors.append(sketch.layer("Dense", tensors[2], units=8))
    return sketch.graph(sketch.step("Add", tensors[3], tensors[source]))


@misconception("skip-from-wrong-tensor", example=lambda: (_skip(0), _skip(1)), rearranges=True)
def skip_from_wrong_tensor(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A shortcut that starts at another tensor than it should."""
    for edit in _rewired(graph, hints, lambda place, position: is_skip(graph, place, position)):
        yield replace(
            edit,
            message="The shortcut into {layer} starts at {source}. It is meant to start at "
            "{right}, so it leads past other layers than it should.",
            next_step="Give the tensor where the shortcut starts a name of its own, before the "
            "lines that go on from it, and use that name when you merge.",
        )


def _fork(deep: bool) -> Graph:
    sketch = Sketch()
    first = sketch.layer("Dense", sketch.input(8), units=8)
    second = sketch.layer("Dense", first, units=8)
    third = sketch.layer("Dense", second if deep else first, units=4)
    fourth = sketch.layer("Dense", second, units=3)
    return sketch.graph(
        sketch.layer("Dense", sketch.step("Concatenate", third, fourth, axis=1), units=1)
    )


@misconception("wrong-tensor", example=lambda: (_fork(True), _fork(False)), rearranges=True)
def wrong_tensor(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A call that reads another tensor than it should."""
    yield from _rewired(graph, hints, lambda place, position: True)
    yield from _another_result(graph)
    yield from _reading_strangers(graph, hints)


def _another_result(graph: Graph) -> Iterator[Edit]:
    """A call that reads several results of another, one of them twice: h for c, too.

    What makes them is called otherwise where fewer results are read, so that nothing in the answer
    need be like it.
    """
    for place, call in enumerate(graph.calls):
        for position, right in enumerate(call.inputs):
            for source in dict.fromkeys(call.inputs):
                if source.call == right.call and source.output != right.output:
                    yield _reading_other(graph, place, position, source, lost=False)


_MOST_STRANGE = 3
"""A tensor that more calls make is no slip of the pen."""


def _reading_strangers(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A call that reads what layers make that nobody asked for, in the place of what is there."""
    for place, call in enumerate(graph.calls):
        if len(call.inputs) < 2 or not hints.is_site(graph, place):
            continue
        for branch in hints.strangers(graph, place):
            right = call.inputs[branch.position]
            made_of = {t for new in branch.calls for t in new.inputs if t.call < len(graph.calls)}
            if len(branch.calls) > _MOST_STRANGE or right in made_of:
                continue
            if is_lost(graph, right, place) or any(graph.depends(t.call, place) for t in made_of):
                continue
            longer = replace(graph, calls=(*graph.calls, *branch.calls))
            edit = _reading_other(longer, place, branch.position, branch.tensor, lost=False)
            yield replace(
                edit,
                message="{layer} reads {source}, which is not asked for; {right} is meant there.",
            )


def _rewired(graph: Graph, hints: Hints, is_meant: Callable[[int, int], bool]) -> Iterator[Edit]:
    """Every call with an input read from elsewhere, where that is meant, by place and position.

    Activations come last: most of them are part of the layer that they read.
    """
    places = sorted(range(len(graph.calls)), key=lambda n: graph.calls[n].op == "Activation")
    for place in places:
        call = graph.calls[place]
        positions = [n for n in range(len(call.inputs)) if is_meant(place, n)]
        if not positions or not hints.is_site(graph, place):
            continue
        sources = [t for t in hints.sources(graph, place) if not graph.depends(t.call, on=place)]
        for position in positions:
            right = call.inputs[position]
            lost = is_lost(graph, right, place)
            for source in sources:
                if source.call == place or source == right:
                    continue
                yield _reading_other(graph, place, position, source, lost=lost)


def _reading_other(graph: Graph, place: int, position: int, source: Tensor, *, lost: bool) -> Edit:
    """One input of a call read from elsewhere."""
    call = graph.calls[place]
    right = call.inputs[position]
    changed = with_reading(graph, place, position, source)

    def apart(which: int) -> str:
        return tensors_told_apart(graph, [right, source])[which]

    def meant() -> str:
        return f"another {apart(0)}" if apart(0) == apart(1) else apart(0)

    def message() -> str:
        if source.call == right.call:
            text = f"{{layer}} reads {apart(1)}; {apart(0)} is meant there: {{source}} makes both."
            return text + (" So one of them is read twice." if source in call.inputs else "")
        if source in call.inputs:
            text = "{layer} reads {source} twice; one of the two is meant to be "
            return f"{text}{meant()}.{_unread(graph, changed)}"
        return (
            "{layer} reads {source}; {right} is meant there. The shapes may fit, but the network "
            f"computes something else.{_unread(graph, changed)}"
        )

    return Edit(
        changed,
        message,
        {
            "layer": call.trace,
            "source": graph.calls[source.call].trace,
            "right": graph.calls[right.call].trace,
        },
        ("layer",),
        expected=lambda: f"reading {apart(0)}",
        found=lambda: f"reading {apart(1)}",
        next_step="Look at what you call this layer on. A variable that was used again for "
        "something else is the usual reason.",
        origin=(call.trace,),
        farfetched=lost,
        otherwise={
            "right": meant,
            "layer": lambda: with_article(describe(call)),
        },
    )


def _unread(before: Graph, after: Graph) -> str:
    """What to say of inputs that reach an output no more."""
    lost = sorted((reached(before) - reached(after)) & set(range(len(before.inputs))))
    names = [input_name(before, number) for number in lost]
    reach = "reaches" if len(names) == 1 else "reach"
    return f" So {listed(names)} {reach} no output." if names else ""


def is_lost(graph: Graph, tensor: Tensor, reader: int) -> bool:
    """Whether a call drops out of the network when one reader turns away from it.

    Then a layer is missing, which says more than that a tensor is wrong.
    """
    return (
        graph.calls[tensor.call].op != "Input"
        and all(place == reader for place, _ in graph.readers[tensor.call])
        and tensor.call not in graph.returned
    )


def is_head(graph: Graph, place: int) -> bool:
    """Whether a call with weights makes an output, with no more than an activation behind it."""
    call = graph.calls[place]
    if call.weights is None or len(call.inputs) != 1:
        return False
    last = own_activation(graph, place)
    ends = {place, place if last is None else last}
    return not ends.isdisjoint(graph.returned)


def is_skip(graph: Graph, place: int, position: int) -> bool:
    """Whether an input of a merge is a shortcut: another input of it depends on that tensor."""
    call = graph.calls[place]
    kind = facts(call.op)
    if not kind.merge or kind.weighs:
        return False
    short = call.inputs[position].call
    return bool(graph.behind[place] >> short & 1)


def _no_skip() -> Graph:
    sketch = Sketch()
    tensor = sketch.input(8)
    for _ in range(3):
        tensor = sketch.layer("Dense", tensor, units=8)
    return sketch.graph(tensor)


@misconception("missing-skip", example=lambda: (_skip(0), _no_skip()), rearranges=True)
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
        branches = tensors_told_apart(graph, call.inputs)
        for position, tensor in enumerate(call.inputs):
            changed = without_operand(graph, place, position)
            roles = {"merge": call.trace}
            if len(call.inputs) == 2:  # then the other one stands where the merge was
                roles = {"other": graph.calls[call.inputs[1 - position].call].trace}
            yield Edit(
                changed,
                partial(_left_out, changed, branches[position], tensor),
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
                f"Branches are missing from the merge: {listed([branches[p] for p in positions])} "
                "are not among the tensors that are brought together.",
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


def _left_out(without: Graph, branch: str, tensor: Tensor) -> str:
    is_lost = tensor.call not in reached(without)
    end = ", so nothing of it reaches the output" if is_lost else ""
    return (
        f"A branch is missing from the merge: {branch} is not among the tensors that are brought "
        f"together{end}."
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
