"""Mistakes behind which new shapes hold other numbers: the shapes follow, and are no mistakes."""

from __future__ import annotations

from collections import Counter

from autograder.graphs import Graph, Palette
from autograder.judging.answer_hints import seen_in
from autograder.judging.edits import Edit, traced
from autograder.judging.explanations import Step
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.search import Search

_ID = "wrong-setting"
"""The misconception whose edits give new shapes other lengths."""


def explanation(answer: Graph, reference: Graph) -> list[Step]:
    """The steps that lead from a reference to an answer; none if none are found.

    Where none are, they are looked for once more from the reference with the lengths that the
    answer's new shapes have. A search finds two steps, and each shape that follows is one.
    """
    if steps := Search(answer, reference).explanation():
        return steps
    edit = _with_its_lengths(answer, traced(reference))
    steps = [] if edit is None else Search(answer, edit.graph).explanation()
    return [Step(_ID, edit, edit.graph), *steps] if edit is not None and steps else []


def _with_its_lengths(answer: Graph, graph: Graph) -> Edit | None:
    """The edit after which most new shapes are as in the answer; None if none makes more so."""
    edits = [
        edit
        for edit in CATALOGUE[_ID].make(graph, seen_in(answer, graph, Palette()))
        if edit.follows
    ]
    alike = [_shapes_alike(answer, edit.graph) for edit in edits]
    best = max(alike, default=0)
    return edits[alike.index(best)] if best > _shapes_alike(answer, graph) else None


def _shapes_alike(answer: Graph, graph: Graph) -> int:
    """How many of two graphs' new shapes are the same."""
    return (_new_shapes(answer) & _new_shapes(graph)).total()


def _new_shapes(graph: Graph) -> Counter[str]:
    return Counter(call.label for call in graph.calls if call.keras_config.get("target_shape"))
