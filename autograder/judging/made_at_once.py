"""Arrays in an answer that a layer may have made: called on numbers, it is computed at once.

`Embedding(8, 16)(ops.arange(8))` is no call in the network. Its result stands there as an array of
numbers, drawn at random when the model was built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.graphs import Graph
from autograder.graphs.black_boxes import runs_own_code
from autograder.graphs.describe import layer_name, sizes_text
from autograder.judging.nested import leaves
from autograder.judging.verdict import Finding, Verdict

_EXPLAIN_IT = frozenset({"tied-to-a-copy"})
"""Findings that say by themselves where an array comes from."""

_FEWEST = 8
"""Fewer numbers than these may well have been written by hand."""


def with_arrays_explained(verdict: Verdict, answer: Graph, reference: Graph) -> Verdict:
    """The verdict with what an array of numbers is, where a finding is about a call that reads one.

    Args:
        verdict: what is said of the answer.
        answer: the student's graph.
        reference: the graph it should be; what it reads is what is asked for.
    """
    meant = [array for call in reference.calls for array in _arrays(call.arguments)]
    sizes = {}
    for place, call in enumerate(answer.calls):
        strange = [array for array in _arrays(call.arguments) if array not in meant]
        made = next(filter(_may_be_made_by_a_layer, strange), None)
        if made is not None:
            sizes[layer_name(answer, place)] = sizes_text(_sizes(made))
    has_own = any(map(runs_own_code, reference.calls))
    findings = []
    for finding in verdict.findings:
        name = next((name for name in finding.where if name in sizes), None)
        is_told = name is None or finding.id in _EXPLAIN_IT
        findings.append(finding if is_told else _explained(finding, sizes.pop(name), has_own))
    return replace(verdict, findings=tuple(findings))


def _explained(finding: Finding, sizes: str, has_own: bool) -> Finding:
    """A finding that says what an array of these sizes is.

    Args:
        finding: about the call that reads the array.
        sizes: of the array, in words.
        has_own: whether layers of somebody's own are asked for.
    """
    message = (
        f"An array of {sizes} numbers stands there, and training does not change it. A layer that "
        "is called on numbers, as in Embedding(…)(ops.arange(…)), or an operation that is called "
        "on a weight, as in ops.transpose(…), computes once, when the model is built: what it "
        "makes is no part of the network and does not learn."
    )
    ending = ", or put both into a layer of your own" if has_own else ""
    return replace(
        finding,
        message=f"{finding.message} {message}",
        next_step="How are these numbers made? If a layer makes them, hand it a tensor of the "
        f"network{ending}. keras.ops.einsum reads a weight as it is, whichever axis comes first.",
    )


def _arrays(value: Any) -> Iterator[Any]:
    """The numbers of each array among the arguments of a call."""
    if isinstance(value, Mapping):
        config = value.get("config")
        if value.get("class_name") in {"__tensor__", "__numpy__"} and isinstance(config, Mapping):
            yield config.get("value")
            return
        value = list(value.values())
    for item in value if isinstance(value, (list, tuple)) else ():
        yield from _arrays(item)


def _may_be_made_by_a_layer(array: Any) -> bool:
    """Whether an array is of fractions that differ, and not clearly somebody's data."""
    numbers = list(leaves(array))
    if len(numbers) < _FEWEST or not all(isinstance(each, float) for each in numbers):
        return False
    return len(set(numbers)) > 1 and not all(each.is_integer() for each in numbers)


def _sizes(value: Any) -> list[int]:
    sizes = []
    while isinstance(value, list) and value:
        sizes.append(len(value))
        value = value[0]
    return sizes
