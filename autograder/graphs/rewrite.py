"""Rewriting a graph into one spelling: calls that compute the same thing become the same calls."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from autograder.graphs.graph import Call, Graph, Tensor
from autograder.graphs.layers.facts import facts


def rewrite(graph: Graph) -> Graph:
    """The same computation in one spelling.

    Nested merges are flattened, calls that do the same with the same tensors become one call,
    and calls that reach no output are left out.
    """
    return _with_own_numbers(one_spelling(graph))


def one_spelling(graph: Graph) -> Graph:
    """The same computation with merges flattened and repeated calls joined."""
    return without_unused(_flat_merges(_without_repeats(_squares(graph))))


def is_in_one_spelling(graph: Graph, places: list[int]) -> bool:
    """Whether `one_spelling` surely leaves these calls as they are, with no others in the graph."""
    calls = [graph.calls[place] for place in places[len(graph.inputs) :]]
    if len({(call.label, call.weights, call.inputs) for call in calls}) < len(calls):
        return False
    nested = set()
    for call in calls:
        if facts(call.op).nests:
            if _is_square(call):
                return False
            nested |= {t.call for t in call.inputs if graph.calls[t.call].op == call.op}
    if not nested:
        return True
    reads = Counter(tensor.call for call in calls for tensor in call.inputs)
    reads.update(tensor.call for tensor in graph.outputs)
    return all(reads[place] > 1 for place in nested)


def _squares(graph: Graph) -> Graph:
    """Write a tensor multiplied with itself as its square."""
    found = [place for place, call in enumerate(graph.calls) if _is_square(call)]
    if not found:
        return graph
    calls = list(graph.calls)
    for place in found:
        calls[place] = replace(calls[place], op="Square", inputs=calls[place].inputs[:1])
    return replace(graph, calls=tuple(calls))


def _is_square(call: Call) -> bool:
    return call.op == "Multiply" and len(call.inputs) == 2 and call.inputs[0] == call.inputs[1]


def _without_repeats(graph: Graph) -> Graph:
    """Let who reads a repetition of a call read the call itself.

    The same layer called on the same tensors makes the same values, but for noise.
    """
    first: dict[tuple[str, int | None, tuple[Tensor, ...]], int] = {}
    same: dict[int, int] = {}
    calls = list(graph.calls)
    for place, call in enumerate(calls):
        if same:
            inputs = tuple(Tensor(same.get(t.call, t.call), t.output) for t in call.inputs)
            calls[place] = call = call.moved(inputs, call.weights)
        if not call.inputs or call.is_noisy:
            continue
        original = first.setdefault((call.label, call.weights, call.inputs), place)
        if original != place:
            same[place] = original
    if not same:
        return graph
    outputs = tuple(Tensor(same.get(t.call, t.call), t.output) for t in graph.outputs)
    return replace(graph, calls=tuple(calls), outputs=outputs)


def _flat_merges(graph: Graph) -> Graph:
    """Write `a + (b + c)` as `a + b + c` where nothing else reads `b + c`."""
    if not any(_nests(graph, call, t) for call in graph.calls for t in call.inputs):
        return graph
    calls = list(graph.calls)
    taken_in: set[int] = set()
    for place, call in reversed(list(enumerate(graph.calls))):
        if place not in taken_in and facts(call.op).nests:
            inputs = _all_at_once(graph, call, taken_in)
            calls[place] = call.moved(inputs, call.weights)
    return replace(graph, calls=tuple(calls))


def _all_at_once(graph: Graph, call: Call, taken_in: set[int]) -> tuple[Tensor, ...]:
    """What a merge and the merges that it takes in read; those are noted in `taken_in`.

    Only the outermost merge is written anew: with all of them, a row of merges would hold the
    inputs of the first as often as there are merges.
    """
    inputs: list[Tensor] = []
    stack = list(reversed(call.inputs))
    while stack:
        tensor = stack.pop()
        if _nests(graph, call, tensor):
            taken_in.add(tensor.call)
            stack += reversed(graph.calls[tensor.call].inputs)
        else:
            inputs.append(tensor)
    return tuple(inputs)


def _nests(graph: Graph, call: Call, tensor: Tensor) -> bool:
    """Whether a merge reads a merge of its own kind that nothing else reads."""
    return (
        facts(call.op).nests
        and graph.calls[tensor.call].label == call.label
        and _read_once(graph, tensor)
    )


def _read_once(graph: Graph, tensor: Tensor) -> bool:
    return len(graph.readers[tensor.call]) == 1 and tensor.call not in graph.returned


def without_unused(graph: Graph) -> Graph:
    """The graph without calls that reach no output; inputs always stay."""
    kept = needed(graph)
    if len(kept) == len(graph.calls):
        return graph
    places = {old: new for new, old in enumerate(kept)}

    def moved(tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(Tensor(places[t.call], t.output) for t in tensors)

    calls = (graph.calls[old] for old in kept)
    calls = tuple(call.moved(moved(call.inputs), call.weights) for call in calls)
    return replace(graph, calls=calls, outputs=moved(graph.outputs))


def needed(graph: Graph) -> list[int]:
    """The inputs, and all calls that an output depends on, in order."""
    return sorted(reached(graph) | set(range(len(graph.inputs))))


def reached(graph: Graph) -> set[int]:
    """All calls, inputs among them, that an output depends on."""
    found: set[int] = set()
    stack = [tensor.call for tensor in graph.outputs]
    while stack:
        place = stack.pop()
        if place not in found:
            found.add(place)
            stack += [t.call for t in graph.calls[place].inputs if t.call not in found]
    return found


def _with_own_numbers(graph: Graph) -> Graph:
    """Weights numbered by first use, so that equal graphs have equal numbers."""
    numbers: dict[int | None, int] = {}
    for call in graph.calls:
        if call.weights is not None:
            numbers.setdefault(call.weights, len(numbers))
    calls = tuple(call.moved(call.inputs, numbers.get(call.weights)) for call in graph.calls)
    return replace(graph, calls=calls)
