"""What is asked of a live model: its configuration, as Keras would save it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from autograder.graphs.bounds import DEEPEST
from autograder.graphs.errors import NotReadable
from autograder.graphs.layers.activations import OF_TENSORFLOW
from autograder.graphs.reading.unsaved import is_settings, telling_what_they_can
from autograder.graphs.reading.weights_read import with_weights_told

TOO_DEEP = (
    f"This model is nested too deeply: models in models may be {DEEPEST} deep. Does a loop put "
    "the model into a new one each time round?"
)


def live_data(model: Any) -> dict[str, Any]:
    """Class name and configuration of a live model, as Keras would save them."""
    name = getattr(model, "name", type(model).__name__)
    config = _config_of(model)
    if "layers" not in config and is_functional_layer(model):
        with telling_what_they_can(model):
            config = _config_of(model)
    if "layers" not in config and _is_functional(model):
        import keras

        again = keras.Model(model.input, model.output, name=name)
        with telling_what_they_can(again):
            config = _config_of(again)
    if "layers" not in config or calls_own_code(model):
        raise NotReadable(
            f"Model {name!r} is a class of its own ({type(model).__name__}) with a call() method: "
            "its graph cannot be seen. Build it with keras.Model(inputs, outputs) or "
            "keras.Sequential."
        )
    data = {"class_name": "Functional" if "input_layers" in config else "Sequential"}
    data["config"] = config
    if data["class_name"] == "Sequential" and not _has_input(config):
        raise NotReadable(
            f"Model {name!r} is not built yet: it does not know the shape of its input. "
            "Let it begin with keras.Input(shape)."
        )
    return data


def _config_of(model: Any) -> Mapping[str, Any]:
    """A model's configuration; empty where it has none, for whatever reason."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that what is not saved would not be safe to load
            config = model.get_config()
            return with_weights_told(config, model.get_config) if _is_sound(config) else {}
    except RecursionError:
        raise NotReadable(TOO_DEEP) from None
    except Exception:  # a student's own class, or a setting that Keras took and cannot save
        return {}


def _is_sound(config: Any) -> bool:
    layers = config.get("layers", ())
    return not isinstance(layers, list) or all(is_settings(layer["config"]) for layer in layers)


def _is_functional(model: Any) -> bool:
    try:
        return bool(model.inputs) and bool(model.outputs)
    except (AttributeError, ValueError):
        return False


def _has_input(config: Mapping[str, Any]) -> bool:
    layers = config["layers"]
    return bool(layers) and layers[0].get("class_name") == "InputLayer"


def calls_own_code(live: Any) -> bool:
    """Whether a live model makes its calls in code that is not Keras'."""
    module = getattr(getattr(type(live), "call", None), "__module__", None)
    return str(module or "keras").split(".")[0] != "keras"


def is_functional_layer(live: Any) -> bool:
    """Whether a live layer is a model of which inputs and outputs are known."""
    return hasattr(live, "layers") and _is_functional(live) and not calls_own_code(live)


def with_known_activation(config: dict[str, Any], live: Any) -> dict[str, Any]:
    """TensorFlow's own activations by their names: Keras saves a function by a name alone."""
    function = getattr(live, "activation", None)
    if not isinstance(config.get("activation"), Mapping):
        return config
    if not str(getattr(function, "__module__", "")).startswith("tensorflow."):
        return config
    name = OF_TENSORFLOW.get(str(config["activation"].get("config")))
    return {**config, "activation": name} if name else config
