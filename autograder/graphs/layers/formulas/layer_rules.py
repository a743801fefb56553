"""The rules by which weights are counted, one a layer class, and how a layer's is applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.graphs.graph import Wrappers
from autograder.graphs.layers.facts import FACTS, class_of, facts
from autograder.graphs.layers.formulas.calculation import (
    NOTHING,
    Config,
    Formula,
    Shape,
    UnknownLayer,
    two_directions,
)

MOST_WEIGHTS = 2**63
"""Beyond it, a number of weights is no more worth telling."""

Rule = Callable[[Config, Sequence[Shape]], Formula]

_NO_WRAPPERS = Wrappers()
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_RULES: dict[str, Rule] = {}


def formula_for(*layers: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule for these Keras layer classes.

    The function takes the layer's config and the shapes it was built on. What it returns for
    `trainable=False` or for a flattened wrapper is not its concern: `formula` sees to both.
    """

    def register(rule: Rule) -> Rule:
        _RULES.update(dict.fromkeys(layers, rule))
        return rule

    return register


def known_layers() -> frozenset[str]:
    """The class names of all layers that `formula` knows, those without weights included."""
    return frozenset(_RULES) | {op for op, known in FACTS.items() if known.weights is False}


def formula(
    op: str,
    config: Config,
    input_shapes: Sequence[Shape],
    wrappers: Wrappers = _NO_WRAPPERS,
) -> Formula | None:
    """The parameter formula of a layer; None for a layer without weights.

    Args:
        op: the layer's class name, such as "Dense".
        config: the layer's `get_config()` as JSON data. Keys that hold Keras' default may be
            absent.
        input_shapes: the shapes the layer was built on, batch axis included; for attention in the
            order query, value, key. With what wrappers hide of them from the layer.
        wrappers: the layers around it.

    Raises:
        UnknownLayer: if the layer's weights cannot be counted.
    """
    try:
        whole = _formula(op, config, input_shapes, wrappers)
        if whole.count >= MOST_WEIGHTS:
            raise UnknownLayer(f"The layer {op} has more weights than any computer could hold.")
        return whole if whole.count else None
    except UnknownLayer:
        raise
    except _UNREADABLE as error:
        # Configs come from students' processes: whatever is wrong with one, say so in one line.
        raise UnknownLayer(f"The config of the layer {op} cannot be read.") from error


def _formula(
    op: str, config: Config, shapes: Sequence[Shape], wrappers: Wrappers = _NO_WRAPPERS
) -> Formula:
    if facts(op).weights is False:
        return NOTHING
    if op not in _RULES:
        raise UnknownLayer(f"No parameter formula is known for the layer {op}.")
    shapes = [without_axes(shape, wrappers.time_distributed) for shape in shapes]
    whole = _RULES[op](config, shapes)
    if whole != NOTHING and _is_quantized(config.get("dtype")):
        raise UnknownLayer(f"No parameter formula is known for a quantized {op}.")
    if wrappers.bidirectional:
        other = wrappers.backward
        backward = _formula(other["op"], other["config"], shapes) if other else whole
        whole = two_directions(whole, backward)
    return whole if config.get("trainable", True) else whole.frozen()


def formula_inside(layer: Config, shapes: Sequence[Shape]) -> Formula:
    """The formula of a layer in its serialized form, as wrappers keep it."""
    return _formula(class_of(layer), layer["config"], shapes)


def without_axes(shape: Shape, hidden: int) -> Shape:
    """A shape without so many of the axes behind the batch."""
    return (*shape[:1], *shape[1 + hidden :])


def _is_quantized(dtype: Any) -> bool:
    policy = dtype.get("class_name", "") if isinstance(dtype, Mapping) else str(dtype)
    return policy.startswith("Quantized") or "_from_" in policy
