"""A layer as it stands in a saved model: its name, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Shape, Wrappers
from autograder.graphs.layers.facts import class_of, facts, is_own
from autograder.graphs.layers.meaning import meaning
from autograder.graphs.reading.live import calls_own_code
from autograder.graphs.reading.own_code import attribute, with_own_functions


def given_name(name: str, layer: Mapping[str, Any]) -> str:
    """A name that somebody gave; "" for one that Keras made up from the layer's class."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer["class_name"])
    made_up = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
    return "" if re.fullmatch(rf"{made_up}(_\d+)?", name) else name


def name_of(layer: Mapping[str, Any]) -> str:
    """A layer's name; a class of the student's own may leave it out of its configuration."""
    return str(layer["config"].get("name") or layer.get("name") or "layer")


def unwrapped(layer: Mapping[str, Any], live: Any) -> tuple[str, dict[str, Any], Wrappers]:
    """Class and settings of a layer, of what is inside for a Bidirectional, and its wrappers."""
    config, op = layer["config"], class_of(layer)
    if op != "Bidirectional":
        return op, _settings(layer, live), NO_WRAPPERS
    forward = config["layer"]
    op = class_of(forward)
    inner = _settings(forward, getattr(live, "forward_layer", None))
    backward = config.get("backward_layer") or forward
    mirrored = _settings(backward, getattr(live, "backward_layer", None))
    mirrored["go_backwards"] = inner.get("go_backwards", False)
    own = None
    if (class_of(backward), mirrored) != (op, inner):
        own = {"op": class_of(backward), "config": mirrored}
    return op, inner, Wrappers(bidirectional=config.get("merge_mode") or "none", backward=own)


def _settings(layer: Mapping[str, Any], live: Any) -> dict[str, Any]:
    op = class_of(layer)
    config = {**_settings_not_saved(op, layer["config"], live), **layer["config"]}
    return meaning(with_own_functions(config, live), op)


def _settings_not_saved(op: str, config: Mapping[str, Any], live: Any) -> dict[str, Any]:
    """The settings that only newer versions of Keras save, as a layer of an older one has them."""
    return {key: attribute(live, key) for key in facts(op).later if key not in config}


def build_shapes(layer: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The shapes a layer's weights were made for, as Keras saves them."""
    saved = layer.get("build_config") or {}
    if "input_shape" in saved:
        return tuple(_shapes_in(saved["input_shape"])) or ((),)
    shapes = saved.get("shapes_dict") or saved
    return tuple(
        tuple(shape)
        for key, shape in shapes.items()
        if key.endswith("_shape") and isinstance(shape, (list, tuple)) and not _is_nested(shape)
    )


def _shapes_in(value: Any) -> Iterator[Shape]:
    """The shapes in what a layer was built for: one, several, or some by name."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, (list, tuple)) or not value:
        return
    if any(isinstance(item, (list, tuple, Mapping)) for item in value):
        for item in value:
            yield from _shapes_in(item)
    else:
        yield tuple(value)


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


def is_model(layer: Mapping[str, Any], live: Any) -> bool:
    """Whether a layer is a model that can be seen into, of whatever class.

    A layer that somebody wrote may call a setting "layers", and a model may be called as they like.
    """
    config = layer["config"]
    if not isinstance(config.get("layers"), list) or layer["class_name"] == "StackedRNNCells":
        return False
    is_saved_model = {"input_layers", "build_input_shape"} & set(config)
    return bool(is_saved_model or not is_own(class_of(layer))) and not calls_own_code(live)


def is_of_keras_2(data: Mapping[str, Any]) -> bool:
    """Whether a saved model is in the form of a Keras before 3: calls are lists there.

    A Sequential has no calls; but what Keras 2 wrote as JSON says nowhere which module a class
    is in.
    """
    layers = data["config"].get("layers")
    if str(data.get("keras_version", "")).startswith(("1.", "2.")):
        return True
    if not isinstance(layers, list):
        return False
    calls = [call for layer in layers for call in layer.get("inbound_nodes") or ()]
    return any(isinstance(call, list) for call in calls)


def is_network(layer: Mapping[str, Any], live: Any) -> bool:
    """Whether a layer is a functional model.

    For these Keras counts calls from 1 where it lists the outputs of the model around them: call
    0 is the one that made the inner model. Where calls list what they read, it counts from 0.
    """
    if live is not None:
        return any(kind.__name__ == "Functional" for kind in type(live).__mro__)
    config = layer["config"]
    return "input_layers" in config and isinstance(config.get("layers"), list)
