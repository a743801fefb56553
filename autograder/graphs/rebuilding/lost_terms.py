"""Sums in which a term is lost beside a very large one.

Keras computes in numbers of half the size that networks are evaluated in here. In those nothing is
left of what is added to −1e9, and so a mask is written: `scores + (1 - mask) * -1e9`. Where all is
masked, that is another result than a sum that forgets nothing.
"""

from __future__ import annotations

from typing import Any

import keras

from autograder.graphs.graph import Call
from autograder.graphs.rebuilding.filled_arguments import arguments_of
from autograder.graphs.rebuilding.makers import DTYPE, Maker

VERY_LARGE = 1e9
"""A number beside which usual ones are lost."""

LOST = 1e-4
"""As a share of the very large number: what is smaller is lost, be it the largest that is tried."""


def losing_terms(call: Call, make: Maker) -> Maker:
    """A call that loses terms, if it is a sum.

    Args:
        call: any call.
        make: makes it, and forgets nothing.
    """
    if call.op not in {"Add", "Rescaling", "Subtract"}:
        return make

    def made(read: list[Any], mode: bool | None) -> Any:
        result = make(read, mode)
        if "float" not in keras.backend.standardize_dtype(result.dtype):
            return result  # whole numbers are added up as they are
        large = [term for term in _terms(call, read) if _is_very_large(term)]
        return _without_lost(result, large) if large else result

    return made


def _terms(call: Call, read: list[Any]) -> list[Any]:
    """What a call adds up."""
    if call.op == "Rescaling":
        return [_exact(read[0]) * call.config["scale"], _exact(call.config["offset"])]
    terms = [_exact(term) for term in keras.tree.flatten(arguments_of(call, read)[0])]
    return [terms[0], *(-term for term in terms[1:])] if call.op == "Subtract" else terms


def _exact(term: Any) -> Any:
    return keras.ops.cast(term, DTYPE)


def _is_very_large(term: Any) -> bool:
    return keras.ops.size(term) > 0 and bool(keras.ops.max(keras.ops.abs(term)) >= VERY_LARGE)


def _without_lost(result: Any, large: list[Any]) -> Any:
    found = result
    for term in large:
        size = keras.ops.abs(term)
        is_lost = (size >= VERY_LARGE) & (keras.ops.abs(result - term) <= LOST * size)
        found = keras.ops.where(is_lost, term, found)
    if (mask := getattr(result, "_keras_mask", None)) is not None:
        found._keras_mask = mask
    return found
