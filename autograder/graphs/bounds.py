"""How large a graph may be: whatever walks it, draws it or writes it down relies on that."""

from __future__ import annotations

from typing import Any

from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import Call, Graph

MOST_CALLS = 200_000
"""Calls of layers and of models; the largest published networks have some thousands."""

DEEPEST = 40
"""Levels of models in models, and of lists and mappings in a layer's settings."""

LARGEST_NUMBER = 2**63
"""No computer has memory for more of anything; larger numbers only take time to work with."""

LONGEST_TEXT = 20_000
"""Characters of a text among a layer's settings."""

LONGEST_NAME = 500
"""Characters of a layer's name."""

MOST_AXES = 64
"""Axes of one shape; the libraries below Keras have no more."""


def require_bounded(graph: Graph) -> Graph:
    """The graph itself, if it is of a size that can be worked with.

    Raises:
        NotReadable: if it is not; the message says where it is too large.
    """
    if len(graph.calls) > MOST_CALLS:
        raise NotReadable(too_many_calls())
    for call in graph.calls:
        if len(call.op) > LONGEST_NAME or len(call.name) > LONGEST_NAME:
            raise NotReadable(f"The name {call.name[:40]!r}… of a layer is far too long.")
        settings = [call.config, call.arguments, call.wrappers.to_json()]
        trouble = next(filter(None, map(_trouble, settings)), "") or _trouble_of_shapes(call)
        if trouble:
            raise NotReadable(f"Layer {call.name!r} has {trouble}.")
    return graph


def too_many_calls() -> str:
    """What to say of a model that makes more calls than can be worked with."""
    return (
        f"This model makes more than {MOST_CALLS:,} calls of layers. Is a model called on itself "
        "again and again?"
    )


def _trouble_of_shapes(call: Call) -> str:
    shapes = [*call.built_on, call.shape or (), *(variable.shape for variable in call.held or ())]
    if any(len(shape) > MOST_AXES for shape in shapes):
        return f"a shape of more than {MOST_AXES} axes"
    return next(filter(None, map(_trouble, shapes)), "")


def _trouble(content: Any) -> str:
    """What is too large in some settings; "" if nothing is."""
    depth, level = 0, [content]
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, (list, tuple)):
                below += item
            elif isinstance(item, int) and not -LARGEST_NUMBER < item < LARGEST_NUMBER:
                return "a number with too many digits"
            elif isinstance(item, str) and len(item) > LONGEST_TEXT:
                return f"a text of more than {LONGEST_TEXT:,} characters among its settings"
        depth, level = depth + 1, below
        if depth > DEEPEST:
            return f"settings nested more than {DEEPEST} deep"
    return ""
