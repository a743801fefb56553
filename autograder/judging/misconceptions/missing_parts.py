"""Parts of a network that are left out: several layers with the merges between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import describe, listed, with_article, words
from autograder.graphs.surgery import reached, redirected, with_reading
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.wiring import is_lost


def parts_missing(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Several layers and merges that are left out, from one tensor to the only reader of another.

    A row of layers is no such part: it is told one by one.
    """
    for place, call in enumerate(graph.calls):
        if not hints.is_site(graph, place):
            continue
        for position, right in enumerate(call.inputs):
            if not _is_a_merge(graph, right) or not is_lost(graph, right, place):
                continue
            for source in hints.sources(graph, place):
                if source.call != right.call and graph.behind[right.call] >> source.call & 1:
                    changed = with_reading(graph, place, position, source)
                    yield _without_part(graph, changed, place, source)
    yield from _blocks_missing(graph, hints)


def _blocks_missing(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """The same where several read what the part makes, as the next block and its shortcut do."""
    for end in range(len(graph.inputs), len(graph.calls)):
        readers = sorted({reader for reader, _ in graph.readers[end]})
        if len(readers) < 2 or end in graph.returned or not _is_a_merge(graph, Tensor(end)):
            continue
        if not any(hints.is_site(graph, reader) for reader in readers):
            continue
        sources = [set(hints.sources(graph, reader)) for reader in readers]
        for source in sorted(set.intersection(*sources)):
            if graph.behind[end] >> source.call & 1:
                changed = redirected(graph, Tensor(end), source)
                yield _without_part(graph, changed, readers[0], source)


def _is_a_merge(graph: Graph, tensor: Tensor) -> bool:
    """Whether a tensor is made of several, by a merge and what has no weights behind it."""
    call = graph.calls[tensor.call]
    while len(call.inputs) == 1 and call.weights is None:
        call = graph.calls[call.inputs[0].call]
    return len(call.inputs) > 1


def _without_part(graph: Graph, changed: Graph, place: int, source: Tensor) -> Edit:
    """A part left out, so that a call reads what the part is meant to read."""
    lost = sorted(reached(graph) - reached(changed))
    traces = [graph.calls[n].trace for n in lost]
    call, start = graph.calls[place], graph.calls[source.call]
    return Edit(
        changed,
        lambda: (
            f"A part is missing between {{source}} and {{layer}}: {_few(graph, lost)}. What "
            "{source} makes goes to {layer} as it is."
        ),
        {"source": start.trace, "layer": call.trace},
        ("layer",),
        expected=lambda: f"between them: {_few(graph, lost)}",
        found="nothing between them",
        next_step="Is this part made but never read? Look at what you call the layer behind it "
        "on. Where a loop makes such parts, count how often it goes round.",
        origin=(*traces, call.trace),
        otherwise={role: partial(_a, at) for role, at in (("source", start), ("layer", call))},
    )


def _few(graph: Graph, places: list[int]) -> str:
    """Some calls in words, in order; of many the first ones."""
    texts = [_said(graph, place) for place in places]
    texts = [text for n, text in enumerate(texts) if text and text not in texts[n - 1 : n]]
    few = texts[:_FEW]
    more = len(texts) - len(few)
    return listed([*few, f"{more} more"] if more > 1 else texts)


_FEW = 4


def _said(graph: Graph, place: int) -> str:
    """A call in words; "" for an activation that is said with its layer."""
    call = graph.calls[place]
    if call.op != "Activation":
        return words(graph, place)
    is_said = own_activation(graph, call.inputs[0].call) == place
    return "" if is_said else describe(call)


def _a(call: Call) -> str:
    return with_article(describe(call))
