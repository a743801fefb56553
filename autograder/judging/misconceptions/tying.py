"""Mistakes about weights of layers that operations read by themselves, as tied outputs do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import describe, told_apart, with_article
from autograder.graphs.graph import WEIGHT
from autograder.graphs.surgery import new_weights
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch

_BACK = {"subscripts": "bj,ij->bi"}
_ARRAY = {"class_name": "__tensor__", "config": {"value": [[0.5, 1.5]], "dtype": "float32"}}


def _coded(ending: str) -> Graph:
    sketch = Sketch()
    hidden = sketch.layer("Dense", sketch.input(8), name="first", units=8)
    code = sketch.layer("Dense", hidden, name="second", units=8)
    if ending == "own":
        return sketch.graph(sketch.layer("Dense", code, units=8))
    if ending == "copy":
        arguments = {"args": ["#", _ARRAY]}
        return sketch.graph(sketch.step("Einsum", code, arguments=arguments, **_BACK))
    weight = sketch.layer(WEIGHT, name=ending, weight="kernel")
    return sketch.graph(sketch.step("Einsum", code, weight, **_BACK))


def _weights_read(graph: Graph) -> Iterator[tuple[int, int]]:
    """Where weights are read beside one tensor: the call, and the weight's own place."""
    for place, call in enumerate(graph.calls):
        weights = [t.call for t in call.inputs if graph.calls[t.call].op == WEIGHT]
        if len(weights) == 1 and len(call.inputs) == 2:
            yield place, weights[0]


def _instead(graph: Graph, place: int, other: Call) -> Graph:
    """The graph with another call in the place of one that reads a weight."""
    call = graph.calls[place]
    rest = tuple(t for t in call.inputs if graph.calls[t.call].op != WEIGHT)
    own = None if other.weights is None else new_weights(graph)
    new = replace(other, inputs=rest, weights=own, trace=call.trace)
    return replace(graph, calls=(*graph.calls[:place], new, *graph.calls[place + 1 :]))


def _reads_an_array(call: Call) -> bool:
    told = json.dumps(call.arguments)
    return '"__tensor__"' in told or '"__numpy__"' in told


def _whose(graph: Graph, weight: int) -> tuple[str, str]:
    """The weight in words, with a role for the layer that has it, and the trace of that role."""
    call = graph.calls[weight]
    calling = [] if call.weights is None else graph.calling(call.weights)
    owner = graph.calls[(*calling, weight)[0]]
    return f"the weight {call.config.get('weight')} of {{owner}}", owner.trace


@misconception("tied-to-a-copy", example=lambda: (_coded("second"), _coded("copy")))
def tied_to_a_copy(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Numbers that a weight once had, where the weight itself is meant."""
    for place, weight in _weights_read(graph):
        call = graph.calls[place]
        told = [replace(call, arguments=arguments) for arguments in hints.arguments(call)]
        for other in [*told, *hints.replacements(call)]:
            if other.weights is not None or not _reads_an_array(other):
                continue
            words, owner = _whose(graph, weight)
            yield Edit(
                _instead(graph, place, other),
                f"{{layer}} reads an array of numbers, and {words} is meant. The array is computed "
                "once, when the model is built: what training makes of the weight does not come to "
                "it.",
                {"layer": call.trace, "owner": owner},
                ("layer",),
                expected=f"{graph.calls[weight].config.get('weight')} itself",
                found=lambda other=other: describe(other),
                next_step="Hand the weight itself to an operation that reads it as it is, such as "
                "`ops.einsum` or `ops.tensordot`. `ops.transpose(weight)`, `weight * 1` or "
                "`weight.numpy()` outside of a layer is computed at once.",
                origin=(call.trace,),
                otherwise={"owner": lambda at=weight: _kind_of_owner(graph, at)},
            )


@misconception("not-tied", example=lambda: (_coded("second"), _coded("own")))
def not_tied(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer with weights of its own, where a weight of another layer is meant."""
    for place, weight in _weights_read(graph):
        call = graph.calls[place]
        for other in hints.replacements(call):
            if other.weights is None or other.inputs[1:]:
                continue
            words, owner = _whose(graph, weight)
            yield Edit(
                _instead(graph, place, other),
                f"{{layer}} has weights of its own, and {words} is meant to do its work: what the "
                "one of them learns, the other does not know.",
                {"layer": call.trace, "owner": owner},
                ("layer",),
                expected=lambda call=call: with_article(describe(call)),
                found=lambda other=other: with_article(describe(other)),
                next_step="Hand the weight of that layer to an operation, such as `ops.einsum`; a "
                "new layer always makes new weights.",
                origin=(call.trace,),
                otherwise={"owner": lambda at=weight: _kind_of_owner(graph, at)},
            )


@misconception("tied-by-mistake", example=lambda: (_coded("own"), _coded("second")))
def tied_by_mistake(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A weight of another layer that an operation reads, where a layer of its own is meant."""
    names = list(hints.weights_read())
    owners = [number for number in graph.layers if graph.calling(number)]
    for place, call in enumerate(graph.calls) if names else ():
        if call.weights is None or len(call.inputs) != 1 or not hints.is_site(graph, place):
            continue
        readers = [other for other in hints.replacements(call) if len(other.inputs) == 2]
        for other, name, number in product(readers, names, owners):
            if other.weights is None and number != call.weights:
                yield _tied(graph, place, other, name=name, number=number)


def _tied(graph: Graph, place: int, other: Call, *, name: str, number: int) -> Edit:
    """The graph with an operation that reads another layer's weight, in a layer's place."""
    call, owner = graph.calls[place], graph.calls[graph.calling(number)[0]]
    config = {"weight": name}
    weight = Call(WEIGHT, config, weights=number, name=owner.name, trace=f"weight {place}")
    changed = replace(graph, calls=(*graph.calls, weight)).with_call(
        place,
        op=other.op,
        config=other.config,
        arguments=other.arguments,
        wrappers=other.wrappers,
        inputs=(*call.inputs, Tensor(len(graph.calls))),
        weights=None,
    )
    return Edit(
        changed,
        f"{{layer}} reads the weight {name} of {{owner}}; a layer with weights of its own is meant "
        "there. What training makes of that weight for one place now changes the other, too.",
        {"layer": call.trace, "owner": owner.trace},
        ("layer",),
        expected=lambda: with_article(describe(call)),
        found=f"the weight {name} of {{owner}}",
        next_step="Call a new layer there, and leave the other layer's weight to that layer.",
        origin=(call.trace,),
        otherwise={"owner": lambda: describe(owner)},
    )


@misconception("wrong-weight", example=lambda: (_coded("second"), _coded("first")), rearranges=True)
def wrong_weight(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A weight of another layer, in one place or in each other's."""
    weights = [place for place, call in enumerate(graph.calls) if call.op == WEIGHT]
    owners = [number for number in graph.layers if graph.calling(number)]
    for place in weights:
        call = graph.calls[place]
        for name in (call.config.get("weight"), *hints.values(call, "weight")):
            for number in owners:
                if (number, name) != (call.weights, call.config.get("weight")):
                    yield _read_elsewhere(graph, {place: number}, name)
    for number in owners:  # all that is read of one layer
        together = [place for place in graph.layers[number] if place in weights]
        for other in owners if len(together) > 1 else ():
            if other != number:
                yield _read_elsewhere(graph, dict.fromkeys(together, other))
    for one, other in combinations(weights, 2):
        first, second = graph.calls[one].weights, graph.calls[other].weights
        if first in owners and second in owners and first != second:
            yield _read_elsewhere(graph, {one: second, other: first})


def _read_elsewhere(graph: Graph, owners: dict[int, int], name: str | None = None) -> Edit:
    """Weights of other layers that are read.

    Args:
        graph: any graph.
        owners: for the places of some weights, whose are read there.
        name: which weight of that layer, where it is not the one of the same name.
    """
    calls = list(graph.calls)
    for place, number in owners.items():
        config = {**calls[place].config, "weight": name or calls[place].config.get("weight")}
        calls[place] = replace(calls[place], weights=number, config=config)
    place, number = next(iter(owners.items()))
    words, owner = _whose(graph, place)
    readers = graph.readers[place]
    reader = graph.calls[readers[0][0]] if readers else graph.calls[place]
    there = graph.calling(number)[0]
    number_meant = graph.calls[place].weights
    meant = (*([] if number_meant is None else graph.calling(number_meant)), place)[0]
    found = graph.calls[there]
    return Edit(
        replace(graph, calls=tuple(calls)),
        f"{{layer}} reads the weight {calls[place].config.get('weight')} of {{found}}; {words} is "
        "meant.",
        {"layer": reader.trace, "owner": owner, "found": found.trace},
        ("layer",),
        expected=lambda: _weight_of(graph.calls[place], told_apart(graph, [meant, there])[0]),
        found=lambda: _weight_of(calls[place], told_apart(graph, [meant, there])[1]),
        next_step="Which of the layers made what is to be undone here?",
        origin=(reader.trace,),
        otherwise={"owner": lambda: _kind_of_owner(graph, place)},
    )


def _weight_of(weight: Call, owner: str) -> str:
    return f"the weight {weight.config.get('weight')} of {with_article(owner)}"


def _kind_of_owner(graph: Graph, weight: int) -> str:
    """The layer that has a weight, by what it does."""
    number = graph.calls[weight].weights
    calling: list[int] = [] if number is None else graph.calling(number)
    return describe(graph.calls[calling[0]]) if calling else "a layer"
