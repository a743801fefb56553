"""A layer as it stands in a saved model: its name, what is in it, whether it can be seen into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import NO_WRAPPERS, Shape, Wrappers
from autograder.graphs.layers.meaning import meaning
from autograder.graphs.reading.live import is_functional_layer, live_data


def given_name(name: str, layer: Mapping[str, Any]) -> str:
    """A name that somebody gave; "" for one that Keras made up from the layer's class."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer["class_name"])
    made_up = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
    return "" if re.fullmatch(rf"{made_up}(_\d+)?", name) else name


def name_of(layer: Mapping[str, Any]) -> str:
    """A layer's name; a class of the student's own may leave it out of its configuration."""
    return str(layer["config"].get("name") or layer.get("name") or "layer")


def unwrapped(layer: Mapping[str, Any]) -> tuple[str, dict[str, Any], Wrappers]:
    """Class and settings of a layer, of what is inside for a Bidirectional, and its wrappers."""
    config, op = layer["config"], layer["class_name"]
    if op != "Bidirectional":
        return op, meaning(config, op), NO_WRAPPERS
    forward = config["layer"]
    op = forward["class_name"]
    inner = meaning(forward["config"], op)
    backward = config.get("backward_layer") or forward
    mirrored = meaning(backward["config"], backward["class_name"])
    mirrored["go_backwards"] = inner.get("go_backwards", False)
    own = None
    if (backward["class_name"], mirrored) != (op, inner):
        own = {"op": backward["class_name"], "config": mirrored}
    return op, inner, Wrappers(bidirectional=config.get("merge_mode") or "none", backward=own)


def build_shapes(layer: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The shapes a layer's weights were made for, as Keras saves them."""
    saved = layer.get("build_config") or {}
    if "input_shape" in saved:
        shape = saved["input_shape"]
        if shape and isinstance(shape[0], (list, tuple)):
            return tuple(tuple(item) for item in shape)
        return (tuple(shape or ()),)
    shapes = saved.get("shapes_dict") or saved
    return tuple(
        tuple(shape)
        for key, shape in shapes.items()
        if key.endswith("_shape") and isinstance(shape, (list, tuple)) and not _is_nested(shape)
    )


def _is_nested(shape: Any) -> bool:
    return any(isinstance(size, (list, tuple)) for size in shape)


def with_repetitions(layers: list[Any], live: Any) -> list[Any]:
    """The layers of a Sequential, one that is in it twice twice: Keras saves it once."""
    inputs = [layer for layer in layers if layer["class_name"] == "InputLayer"]
    by_name = {name_of(layer): layer for layer in layers}
    names = [layer.name for layer in live]
    if len(names) <= len(layers) - len(inputs) or not set(names) <= set(by_name):
        return layers
    return inputs + [by_name[name] for name in names]


def is_network(layer: Mapping[str, Any], live: Any) -> bool:
    """Whether a layer is a functional model.

    For these Keras counts calls from 1 where it lists the outputs of the model around them: call
    0 is the one that made the inner model. Where calls list what they read, it counts from 0.
    """
    if "layers" in layer["config"]:
        return "input_layers" in layer["config"]
    return is_functional_layer(live) and "input_layers" in live_data(live)["config"]


def require_layers(layer: Mapping[str, Any], name: str) -> None:
    """Refuse what cannot be seen into: Lambda layers and classes that are not Keras' own."""
    kind, module = str(layer.get("class_name")), str(layer.get("module") or "")
    if kind == "Lambda":
        raise NotReadable(
            f"Layer {name!r} is a Lambda: what its function does cannot be seen. Use a Keras "
            "layer or a keras.ops function instead."
        )
    if kind in {"Functional", "Sequential"} and "layers" in layer.get("config", {}):
        return
    if module.split(".")[0] != "keras":
        raise NotReadable(
            f"Layer {name!r} is of a class of its own ({kind}): what it does cannot be seen. "
            "Build it from Keras layers."
        )
