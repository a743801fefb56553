"""A block of layers that is there once more than asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from autograder.graphs import Graph, Tensor
from autograder.graphs.describe import describe, listed
from autograder.graphs.surgery import redirected
from autograder.judging.edits import Edit
from autograder.judging.hints import Branch, Hints


def blocks_once_more(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A block of layers that the graph has, once more behind what the last of them makes."""
    known = Counter(call.label for call in graph.calls)
    for end, branch in _strangers(graph, hints):
        new = branch.calls
        reads = any(end in call.inputs for call in new)
        alike = new and new[-1].label == graph.calls[end.call].label
        if len(new) > 1 and reads and alike and not Counter(call.label for call in new) - known:
            yield _once_more(graph, end, branch)


def _strangers(graph: Graph, hints: Hints) -> Iterator[tuple[Tensor, Branch]]:
    """What calls read, or the model returns, with what the answer makes and has there."""
    for branch in hints.strange_outputs(graph):
        yield graph.outputs[branch.position], branch
    for place, call in enumerate(graph.calls):
        if hints.is_site(graph, place):
            for branch in hints.strangers(graph, place):
                yield call.inputs[branch.position], branch


def _once_more(graph: Graph, end: Tensor, branch: Branch) -> Edit:
    """A block put in behind a tensor, whoever reads that."""
    changed = redirected(graph, end, branch.tensor)
    layers = {call.name: call for call in reversed(branch.calls)}  # an activation is its layer's
    roles = {f"layer_{n}": call.trace for n, call in enumerate(reversed(layers.values()))}
    told = list(roles)[:_MOST_OF_A_BLOCK]
    names = [f"{{{role}}}" for role in told]
    if len(roles) > len(told):
        names.append(f"{len(roles) - len(told)} more")
    block = listed(list(dict.fromkeys(map(describe, branch.calls)))[:_MOST_OF_A_BLOCK])
    return Edit(
        replace(changed, calls=(*changed.calls, *branch.calls)),
        f"A block of layers stands there once more than the question asks for: {listed(names)}.",
        roles,
        tuple(told),
        expected="no further block there",
        found=f"once more {block}",
        next_step="Count how often the block is made. Does a loop go round once too often?",
        origin=(graph.calls[end.call].trace,),
    )


_MOST_OF_A_BLOCK = 6
"""How many layers of a block are named."""
