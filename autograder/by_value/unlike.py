"""What two networks differ in that no value shows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from autograder.graphs import Graph


def unlike(answer: Graph, reference: Graph) -> str:
    """What differs that no value shows, in a sentence; "" where nothing does."""
    if len(answer.inputs) != len(reference.inputs):
        return "another number of inputs"
    if len(answer.outputs) != len(reference.outputs):
        return "another number of outputs"
    for mine, theirs in zip(answer.calls, reference.calls[: len(reference.inputs)], strict=False):
        if list(mine.config["shape"]) != list(theirs.config["shape"]):
            return "an input has another shape"
    if _unseen(answer) != _unseen(reference):
        return "dropout inside a layer, or a change by chance, differs"
    if _told_to_train(answer) != _told_to_train(reference):
        return "a call is told otherwise whether it trains"  # Keras overrules it wherever it trains
    return ""


def _told_to_train(graph: Graph) -> Counter[Any]:
    """The calls that are given a `training` of their own."""
    told = ((call.op, call.arguments.get("training")) for call in graph.calls)
    return Counter(pair for pair in told if pair[1] is not None)


def _unseen(graph: Graph) -> Counter[Any]:
    """What is left out of evaluation, and belongs to no weights."""
    return Counter(
        (call.op, str(call.config.get("dropout")))
        for call in graph.calls
        if call.weights is None and (call.config.get("dropout") or call.op == "RandomCrop")
    )
