"""Black boxes in a graph: layers and functions that somebody wrote, which cannot be seen into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.graphs.graph import Call
from autograder.graphs.layers.facts import class_of, is_own

OWN_FUNCTION = "__own__"
"""Stands in settings for a function, or another thing, that is not Keras'."""

FUNCTION_ITSELF = "custom Lambda"
"""A layer that is nothing but the function among its settings."""


def runs_own_code(call: Call) -> bool:
    """Whether a call runs code that somebody wrote."""
    return any(True for _ in own_code(call))


def own_code(call: Call) -> Iterator[str]:
    """What a call runs that somebody wrote: classes by name, functions by what is known of them."""
    inside = list(_own_code_in(call.config))
    is_function = bool(inside) and "function" in call.config
    if is_own(call.op) and not is_function:
        yield call.op
    yield from inside
    if call.wrappers.backward is not None:
        if is_own(call.wrappers.backward["op"]):
            yield str(call.wrappers.backward["op"])
        yield from _own_code_in(call.wrappers.backward["config"])


def _own_code_in(value: Any) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _own_code_in(item)
    if not isinstance(value, Mapping):
        return
    if value.get("class_name") == OWN_FUNCTION:
        yield str(value.get("code") or value.get("config"))
    elif isinstance(value.get("config"), Mapping) and "class_name" in value:
        if is_own(class_of(value)):
            yield class_of(value)
        yield from _own_code_in(value["config"])
    else:
        for item in value.values():
            yield from _own_code_in(item)
