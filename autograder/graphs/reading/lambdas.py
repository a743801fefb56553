"""What a Lambda's function does, where it does nothing but call operations.

Keras has run it already, to see the shape that it makes. It is run again on tensors that have no
numbers yet, which note what is done with them. A function of TensorFlow's own takes no such
tensors: it is traced by TensorFlow, and what it noted is said in Keras' operations. It is seen
twice, as in use and as in training: where that is not the same, or where it reads a weight, which
is another number after each step, it is more than operations.
"""

from __future__ import annotations

import functools
import inspect
import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from autograder.graphs.graph import Shape
from autograder.graphs.reading.live import live_data
from autograder.graphs.reading.own_code import without_names
from autograder.graphs.reading.traced_by_tensorflow import in_operations
from autograder.graphs.weightless import build_weightless

_Function = Callable[[Any], Any]

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


def seen_into(
    function: Any, shapes: Sequence[Shape], dtypes: Sequence[str], *, in_list: bool
) -> Any:
    """The model of operations that a function stands for; None where it stands for more than that.

    Args:
        function: takes a tensor, or a list of them.
        shapes: the shapes of the tensors that it is called on, the batch first.
        dtypes: their types.
        in_list: whether it takes a list.
    """
    return build_weightless(lambda: _seen_twice(function, shapes, dtypes, in_list))


def variables_used(
    function: Any, shapes: Sequence[Shape], dtypes: Sequence[str], *, in_list: bool
) -> list[Any]:
    """The variables that a function reads, in the order in which it does; as for `seen_into`.

    The states of generators of random numbers are no weights.
    """
    found = build_weightless(lambda: _variables_read(function, shapes, dtypes, in_list))
    weights = [variable for variable in found if "float" in str(variable.dtype)]
    return [one for n, one in enumerate(weights) if all(one is not each for each in weights[:n])]


def _variables_read(
    function: _Function, shapes: Sequence[Shape], dtypes: Sequence[str], in_list: bool
) -> list[Any]:
    found: list[Any] = []
    for way in (_by_keras, in_operations):
        made_of = functools.partial(way, function, training=False)
        _model(made_of, shapes, dtypes, in_list, read=found)
    return found


def _seen_twice(
    function: _Function, shapes: Sequence[Shape], dtypes: Sequence[str], in_list: bool
) -> Any:
    for way in (_by_keras, in_operations):
        ways = [functools.partial(way, function, training=mode) for mode in (False, True)]
        seen = [_model(made_of, shapes, dtypes, in_list) for made_of in ways]
        if all(seen):
            (model, told), (_, again) = seen
            return model if told == again and _is_of_operations(model) else None
    return None


def _by_keras(function: _Function, given: Any, training: bool) -> Any:
    """Layers know whether they train, and operations do not: layers are not looked into."""
    return function(given)


def _model(
    made_of: _Function,
    shapes: Sequence[Shape],
    dtypes: Sequence[str],
    in_list: bool,
    *,
    read: list[Any] | None = None,
) -> tuple[Any, str] | None:
    """A model of what is done, by one way to see it, and the same as text; None where that does
    not show all of it. The variables that are read on the way are added to `read`.
    """
    import keras

    found = [] if read is None else read

    class Watching(keras.StatelessScope):
        """Knows which variables have been asked for their values."""

        def get_current_value(self, variable: Any) -> Any:
            found.append(variable)
            return super().get_current_value(variable)

    try:
        with (
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
            Watching(initialize_variables=False),
        ):
            inputs = [
                keras.Input(tuple(shape[1:]), dtype=dtype)
                for shape, dtype in zip(shapes, dtypes, strict=True)
            ]
            made = made_of(inputs if in_list else inputs[0])
            made = keras.tree.map_structure(functools.partial(_end, inputs), made)
            model = keras.Model(inputs, list(made) if isinstance(made, tuple) else made)
            told = _told(model)
    except Exception:  # what somebody wrote, on tensors that it was not written for
        return None
    return None if found else (model, told)


def _end(inputs: list[Any], tensor: Any) -> Any:
    """An end of a model; some versions of Keras make none that ends with an input itself."""
    import keras

    is_input = any(tensor is given for given in inputs)
    return keras.layers.Identity()(tensor) if is_input else tensor


def _told(model: Any) -> str:
    """A model as text, without the names that Keras gives."""
    config = live_data(model)["config"]
    numbers = {layer["name"]: place for place, layer in enumerate(config["layers"])}
    told = without_names([config["layers"], config["output_layers"]], numbers)
    return json.dumps(told, sort_keys=True, default=str)


def _is_of_operations(model: Any) -> bool:
    """Whether there is no layer in it, which may have weights, or be another one in training."""
    from keras.layers import Identity, InputLayer, Layer

    layers = [operation for operation in model.operations if isinstance(operation, Layer)]
    return all(isinstance(layer, (Identity, InputLayer)) for layer in layers)
