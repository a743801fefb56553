"""Which shapes a live layer makes of other shapes than those it was first called on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.graphs.graph import Shape
from autograder.graphs.reading.weights_read import weight_among

Known = Callable[[tuple[str, int, int]], Shape | None]
"""The shape of a tensor of the configuration: by layer, call and output."""


def shapes_made(live: Any, node: Mapping[str, Any], known: Known) -> list[Shape]:
    """The shapes of all that one call of a layer makes; none where the layer does not say.

    Args:
        live: the layer, or the operation.
        node: the call, as the configuration has it.
        known: gives the shapes that its tensors have here.
    """
    import keras

    if live is None:
        return []
    try:
        args = [_filled(value, known) for value in node["args"]]
        kwargs = {key: _filled(value, known) for key, value in node["kwargs"].items()}
        made = live.compute_output_spec(*args, **kwargs)
        return [tuple(tensor.shape) for tensor in keras.tree.flatten(made)]
    except Exception:  # a layer that somebody wrote may do anything
        return []


def _filled(value: Any, known: Known) -> Any:
    """An argument with a tensor of the shape that is known in the place of each."""
    import keras

    if (weight := weight_among(value)) is not None:
        return weight
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(item, known) for item in value)
    if not isinstance(value, Mapping):
        return value
    if value.get("class_name") == "__keras_tensor__":
        config = value["config"]
        shape = known(tuple(config["keras_history"])) or config["shape"]
        return keras.KerasTensor(tuple(shape), dtype=config.get("dtype", "float32"))
    if "class_name" in value:
        return keras.saving.deserialize_keras_object(value)
    return {key: _filled(item, known) for key, item in value.items()}
