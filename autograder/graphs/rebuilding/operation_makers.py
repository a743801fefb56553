"""Calls of activations and of operations."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Set
from functools import cache
from typing import Any

import keras

from autograder.graphs.graph import Call
from autograder.graphs.rebuilding.filled_arguments import arguments_of
from autograder.graphs.rebuilding.makers import DTYPE, Maker, NotEvaluable, function_named
from autograder.graphs.rebuilding.pooling import pooled

NOT_CALLED = frozenset(
    {"associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan", "switch"}
    | {"vectorize", "vectorized_map", "while_loop", "convert_to_numpy"}
)
"""Operations that call a function, which no graph holds."""


def activation(config: Mapping[str, Any]) -> Any:
    """The layer of an activation, by its settings.

    Raises:
        NotEvaluable: if Keras has none of that name.
    """
    rest = {key: value for key, value in config.items() if key != "activation"}
    function = function_named(keras.activations, config.get("activation"))
    if function is None:
        raise NotEvaluable(f"There is no activation {config.get('activation')!r}.")
    return elementwise(lambda x: function(x, **rest))


def elementwise(function: Callable[[Any], Any]) -> Any:
    """A layer that does this to its tensor, and hands its mask on."""
    return keras.layers.Activation(function, dtype=DTYPE)


@cache
def operations() -> dict[str, Any]:
    """Operations by their names without case and underscores, as classes and functions differ."""
    rooms = (keras.ops, keras.ops.numpy, keras.ops.nn, keras.ops.linalg, keras.ops.image)
    own = {"weightedmean": keras.ops.average}  # the layer is called Average, too
    return own | {
        name.replace("_", ""): value
        for room in reversed(rooms)
        for name, value in vars(room).items()
        if inspect.isfunction(value) and name not in NOT_CALLED
    }


def operation(call: Call) -> Maker:
    """A call of an operation.

    Raises:
        NotEvaluable: if Keras has none of that name that calls no function.
    """
    function = operations().get(call.op.lower())
    if function is None:
        raise NotEvaluable(f"{call.op} is no layer or operation that can be called here.")

    def made(read: list[Any], mode: bool | None) -> Any:
        args, kwargs = arguments_of(call, read)
        if call.op == "Cast" and str(call.config.get("dtype", "")).startswith(("float", "bfloat")):
            return keras.ops.cast(args[0], DTYPE)
        if call.op == "GetItem" and isinstance(args[1], list):
            args[1] = tuple(args[1])
        if call.op == "Einsum":  # the only one whose first argument is no tensor
            return function(call.config["subscripts"], *args)
        in_turn = pooled(call.op, call.config, args[0]) if args else None
        return function(*args, **{**call.config, **kwargs}) if in_turn is None else in_turn

    return made


def times(make: Maker, times: int, apart: Set[int] = frozenset()) -> Maker:
    """What treats each step of time alike: steps are examples to it.

    Args:
        make: makes one step.
        times: how many axes of time there are.
        apart: which of the tensors have none.
    """
    if not times:
        return make

    def made(read: list[Any], mode: bool | None) -> Any:
        timed = [x for n, x in enumerate(read) if n not in apart]
        lead = tuple(timed[0].shape[: times + 1])
        masks = (mask for x in timed if (mask := _mask(x)) is not None)
        of_steps = next((mask for mask in masks if len(mask.shape) <= len(lead)), None)
        joined = [x if n in apart else _as_examples(x, lead) for n, x in enumerate(read)]
        result = make(joined, mode)
        many = isinstance(result, (list, tuple))
        parts = [_as_steps(x, lead, of_steps) for x in (result if many else [result])]
        return parts if many else parts[0]

    return made


def _mask(tensor: Any) -> Any:
    return getattr(tensor, "_keras_mask", None)


def _as_examples(tensor: Any, lead: tuple[int, ...]) -> Any:
    """Each step an example, with the mask that it has inside."""
    mask, rank = _mask(tensor), len(lead)
    joined = keras.ops.reshape(tensor, (math.prod(lead), *tensor.shape[rank:]))
    if mask is not None and len(mask.shape) > rank:
        joined._keras_mask = keras.ops.reshape(mask, (math.prod(lead), *mask.shape[rank:]))
    return joined


def _as_steps(tensor: Any, lead: tuple[int, ...], of_steps: Any) -> Any:
    """Examples as the steps that they are, with the masks inside them, or else that of the steps,
    which a TimeDistributed hands on whatever is inside it.
    """
    mask = _mask(tensor)
    made = keras.ops.reshape(tensor, (*lead, *tensor.shape[1:]))
    if mask is not None:
        of_steps = keras.ops.reshape(mask, (*lead, *mask.shape[1:]))
    if of_steps is not None:
        made._keras_mask = of_steps
    return made
