"""Calls that do nothing but go by a mask, or give one to what reads them."""

from __future__ import annotations

from typing import Any

import keras

from autograder.graphs import masks
from autograder.graphs.graph import Call
from autograder.graphs.rebuilding.layer_makers import call_of
from autograder.graphs.rebuilding.makers import DTYPE, Maker, NotEvaluable


class _Giving(keras.layers.Layer):
    """Gives its first tensor the second one as a mask."""

    def call(self, inputs: list[Any]) -> Any:
        return keras.ops.copy(inputs[0])  # who else reads that one sees no mask

    def compute_mask(self, inputs: list[Any], previous_mask: Any) -> Any:
        return inputs[1]


def goes_by_a_mask(call: Call) -> bool:
    """Whether a mask counts for a call, which may come with its tensor or beside it."""
    return "mask" in call.arguments and call.arguments["mask"] != masks.LOST["mask"]


def masked(call: Call) -> Maker:
    """A call that gives a mask, or a softmax that goes by one.

    Raises:
        NotEvaluable: if it is anything else.
    """
    if call.op == "Masked" and len(call.inputs) == 2:
        giving = _Giving(dtype=DTYPE)
        giving.supports_masking = True
        return lambda read, mode: giving(list(read))
    if call.config.get("activation") != "softmax" or call.wrappers.time_distributed:
        raise NotEvaluable("A mask comes to a call in a way that is not made here.")
    softmax = keras.layers.Softmax(axis=call.config.get("axis", -1), dtype=DTYPE)
    if call.arguments["mask"] == masks.READ["mask"]:
        return lambda read, mode: softmax(read[0])
    return call_of(softmax, call)
