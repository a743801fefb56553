"""Calls that make no number below zero, whatever is given to the network."""

from __future__ import annotations

from numbers import Real
from typing import Any

from autograder.graphs import Call, Graph
from autograder.graphs.graph import HOLE
from autograder.graphs.sizes import is_ids

_ACTIVATIONS = frozenset(
    {"exponential", "hard_sigmoid", "relu", "relu6", "sigmoid", "softmax", "softplus"}
    | {"sparse_plus", "sparse_sigmoid", "sparsemax"}
)
_WHATEVER_COMES = frozenset(
    {"Absolute", "All", "Any", "Argmax", "Argmin", "CategoryEncoding", "CountNonzero", "Equal"}
    | {"Exp", "Greater", "GreaterEqual", "IsIn", "Isfinite", "Isinf", "Isnan", "Less", "LessEqual"}
    | {"LogicalAnd", "LogicalNot", "LogicalOr", "LogicalXor", "NotEqual", "OneHot", "Sqrt"}
    | {"Square", "Std", "Var"}
)
_WHERE_NONE_COMES = frozenset(
    {"Add", "Amax", "Amin", "Average", "Cast", "Concatenate", "Cumprod", "Cumsum", "Dropout"}
    | {"ExpandDims", "Flatten", "Flip", "FloorDivide", "Identity", "Masking", "Max", "Maximum"}
    | {"Mean", "Min", "Minimum", "Mod", "Multiply", "Permute", "Prod", "Repeat", "RepeatVector"}
    | {"Reshape", "Roll", "Split", "Squeeze", "Stack", "Sum", "Tile", "Transpose", "TrueDivide"}
)
_FAMILIES = ("AveragePooling", "Cropping", "Global", "MaxPooling", "UpSampling", "ZeroPadding")


def never_below_zero(graph: Graph) -> list[bool]:
    """For each call whether none of its numbers is ever below zero.

    Ids count from zero. Nothing is said of a call of which it does not follow from what it is and
    from what it reads.
    """
    found: list[bool] = []
    for place, call in enumerate(graph.calls):
        if place < len(graph.inputs):
            found.append(is_ids(graph, place))
            continue
        found.append(_makes_none(call, all(found[tensor.call] for tensor in call.inputs)))
    return found


def _makes_none(call: Call, none_comes: bool) -> bool:
    if call.op == "Activation":
        name, slope = call.config.get("activation"), call.config.get("negative_slope", 0)
        return name in _ACTIVATIONS and not slope
    if call.op in _WHATEVER_COMES:
        return True
    if not none_comes:
        return False
    if call.op == "GetItem":
        return True
    if call.op == "Rescaling":
        return _is_none_below(call.config.get("scale")) and _is_none_below(
            call.config.get("offset", 0)
        )
    passes = call.op in _WHERE_NONE_COMES or call.op.startswith(_FAMILIES)
    given = (each for each in call.arguments.get("args", ()) if each != HOLE)
    return passes and all(map(_is_none_below, given))


def _is_none_below(value: Any) -> bool:
    return isinstance(value, Real) and value >= 0
