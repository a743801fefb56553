"""A Bidirectional of which one way is also called by itself: two layers, and what merges them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.graphs.graph import MERGES_WAYS


def layers_by_themselves(model: Any) -> frozenset[int]:
    """The identities of all layers that a live model, or one in it, calls."""
    found: set[int] = set()
    stack = [model]
    while stack:
        for layer in getattr(stack.pop(), "layers", None) or ():
            if id(layer) not in found:
                found.add(id(layer))
                stack.append(layer)
    return frozenset(found)


def is_called_apart(live: Any, known: frozenset[int]) -> bool:
    """Whether one way of a live Bidirectional is among these layers."""
    ways = (getattr(live, f"{way}_layer", None) for way in ("forward", "backward"))
    return any(id(way) in known for way in ways if way is not None)


def ways_of(layer: Mapping[str, Any], live: Any) -> list[tuple[dict[str, Any], Any]]:
    """The two layers inside a Bidirectional, as Keras saves them, each with the layer itself."""
    saved = layer["config"]["layer"]
    return [
        ({**saved, "class_name": type(way).__name__, "config": way.get_config()}, way)
        for way in (live.forward_layer, live.backward_layer)
    ]


def merge_of(layer: Mapping[str, Any]) -> str:
    """The class of the layer that merges the two ways; "" where they stay two."""
    return MERGES_WAYS.get(str(layer["config"].get("merge_mode")), "")
