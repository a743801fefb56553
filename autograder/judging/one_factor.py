"""Layers that are as many times as wide as is meant, all of them: one factor, and one mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from autograder.graphs import Graph
from autograder.graphs.describe import listed
from autograder.graphs.sizes import WIDTHS_OF_LAYERS
from autograder.graphs.surgery import with_config
from autograder.judging.edits import Edit, slip

_WIDTHS = frozenset({"key_dim", *WIDTHS_OF_LAYERS})

_FEWEST = 3
"""Of fewer widths each is told by itself, but for two that several layers have each: what a single
layer has may go by the other one, as a quarter of it does."""


def by_one_factor(answer: Graph, graph: Graph, pairs: Mapping[int, int]) -> Edit | None:
    """Layers of several widths made as many times as wide as in the answer; None if none are.

    Args:
        answer: the student's graph.
        graph: the reference, traced.
        pairs: for each of its calls, the one that stands in its place in the answer.
    """
    changes: dict[Fraction, dict[int, dict[str, int]]] = {}
    for place, like in pairs.items():
        for key, width, other in _widths_apart(graph, answer, place, like):
            by_place = changes.setdefault(Fraction(other, width), {})
            by_place.setdefault(place, {})[key] = other
    widths = {factor: dict(_widths_of(graph, wider)) for factor, wider in changes.items()}
    factor = max(widths, key=lambda factor: len(widths[factor]), default=None)
    if factor is None or not _are_many(_widths_of(graph, changes[factor])):
        return None
    changed = _with_shapes(answer, graph, pairs, widths[factor])
    for place, settings in changes[factor].items():
        changed = with_config(changed, [place], **settings)
    texts = (widths[factor], widths[factor].values())
    meant, found = (listed([f"{width:,}" for width in sorted(each)]) for each in texts)
    return slip(
        graph,
        changed,
        sorted(changes[factor]),
        f"is {_times(factor)} as wide as in the exercise: the widths are {found}, where {meant} "
        "are meant.",
        expected=f"widths of {meant}",
        found=f"widths of {found}",
        next_step="Do they all go by one number? Compare it with the question, or with your "
        "function's arguments.",
    )


def _widths_apart(graph: Graph, answer: Graph, place: int, like: int) -> list[tuple[str, int, int]]:
    """The widths of a layer of Keras that are others in the answer: setting, meant and found."""
    own, other = graph.calls[place], answer.calls[like]
    if own.op != other.op:
        return []
    meant, found = own.keras_config, other.keras_config
    keys = sorted(_WIDTHS & meant.keys() & found.keys())
    return [(key, meant[key], found[key]) for key in keys if meant[key] != found[key]]


def _widths_of(graph: Graph, wider: Mapping[int, Mapping[str, int]]) -> list[tuple[int, int]]:
    """The widths that have become others, of each layer, with what they have become."""
    return [
        (graph.calls[place].config[key], width)
        for place, settings in wider.items()
        for key, width in settings.items()
    ]


def _are_many(widths: list[tuple[int, int]]) -> bool:
    """Whether one factor explains these more simply than each does by itself."""
    layers = Counter(widths)
    return len(layers) >= _FEWEST or (len(layers) == 2 and min(layers.values()) > 1)


def _with_shapes(
    answer: Graph, graph: Graph, pairs: Mapping[int, int], widths: Mapping[int, int]
) -> Graph:
    """The graph with those new shapes of the answer in which only some widths are others."""
    changed = graph
    for place, like in pairs.items():
        meant, found = (
            call.keras_config.get("target_shape")
            for call in (graph.calls[place], answer.calls[like])
        )
        if meant != found and _is_wider(meant, found, widths):
            changed = with_config(changed, [place], target_shape=found)
    return changed


def _is_wider(meant: Any, found: Any, widths: Mapping[int, int]) -> bool:
    if not meant or not found or len(meant) != len(found):
        return False
    return all(a == b or widths.get(a) == b for a, b in zip(meant, found, strict=True))


def _times(factor: Fraction) -> str:
    """How many times: "twice", "half", "3 times", "1.5 times"."""
    words = {Fraction(2): "twice", Fraction(1, 2): "half"}
    return words.get(factor, f"{float(factor):.3g} times")
