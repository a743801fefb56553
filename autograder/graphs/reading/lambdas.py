"""What a Lambda's function does, where it does nothing but call operations.

Keras has run it already, to see the shape that it makes. It is run once more on tensors that have
no numbers yet, which note what is done with them. A function of TensorFlow's own takes no such
tensors: it is traced by TensorFlow, and what it noted is said in Keras' operations.
"""

from __future__ import annotations

import functools
import inspect
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from autograder.graphs.graph import Shape
from autograder.graphs.reading.traced_by_tensorflow import in_operations

_Function = Callable[[Any], Any]
_Way = Callable[[_Function, Any], Any]

_TOLD_MORE = frozenset({"mask", "training"})
"""Arguments that a function is given by Keras, if it takes them."""


def is_plain(live: Any) -> bool:
    """Whether a Lambda is given tensors alone: neither masks nor whether it trains."""
    try:
        told = set(inspect.signature(live.function).parameters)
    except (AttributeError, TypeError, ValueError):
        return False
    return getattr(live, "mask", None) is None and not told & _TOLD_MORE


def called_by(live: Any) -> Callable[[Any], Any]:
    """A Lambda's function with the arguments that the Lambda gives it."""
    return functools.partial(live.function, **(getattr(live, "arguments", None) or {}))


def seen_into(function: Any, shapes: Sequence[Shape], dtypes: Sequence[str]) -> Any:
    """The model of operations that a function stands for; None where it stands for more than that.

    Args:
        function: takes a tensor, or a list of them.
        shapes: the shapes of the tensors that it is called on, the batch first.
        dtypes: their types.
    """
    for is_list in (False, True) if len(shapes) == 1 else (True,):
        for way in (_by_keras, in_operations):
            made = functools.partial(_called, way, function, is_list)
            models = [_model(made, shapes, dtypes) for _ in range(2)]
            if all(models):
                is_same = _constants(models[0]) == _constants(models[1])
                return models[0] if is_same and _is_of_operations(models[0]) else None
    return None


def _by_keras(function: _Function, given: Any) -> Any:
    return function(given)


def _called(way: _Way, function: _Function, is_list: bool, inputs: list[Any]) -> Any:
    return way(function, inputs if is_list else inputs[0])


def _model(
    made_of: Callable[[list[Any]], Any], shapes: Sequence[Shape], dtypes: Sequence[str]
) -> Any:
    """A model of what is done, by one way to see it; None where that does not show all of it."""
    import keras

    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            inputs = [
                keras.Input(tuple(shape[1:]), dtype=dtype)
                for shape, dtype in zip(shapes, dtypes, strict=True)
            ]
            made = made_of(inputs)
            return keras.Model(inputs, list(made) if isinstance(made, tuple) else made)
    except Exception:  # what somebody wrote, on tensors that it was not written for
        return None


def _is_of_operations(model: Any) -> bool:
    """Whether there is no layer in it, which may have weights, or be another one in training."""
    from keras.layers import InputLayer, Layer

    layers = [operation for operation in model.operations if isinstance(operation, Layer)]
    return all(isinstance(layer, InputLayer) for layer in layers)


def _constants(model: Any) -> list[tuple[Any, bytes]]:
    """The arrays that a model works with: what is drawn by chance is another one each time."""
    import numpy as np

    found = []
    for operation in model.operations:
        for node in operation._inbound_nodes:
            for value in _leaves([node.arguments.args, node.arguments.kwargs]):
                if hasattr(value, "__array__") and not hasattr(value, "_keras_history"):
                    array = np.asarray(value)
                    found.append(((array.shape, str(array.dtype)), array.tobytes()))
    return found


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]
