"""One spelling for every way to make one call: `Dense(activation="relu")`, `ReLU()`, `Dropout(0)`.

A new spelling of one call is a line here; one that takes several calls is an identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.graphs.layers.activations import (
    ACTIVATION_DEFAULTS,
    SAME_ACTIVATION,
    as_activation,
)
from autograder.graphs.layers.facts import OWN, class_of, facts
from autograder.graphs.layers.meaning import Config, Shape, meaning
from autograder.graphs.layers.shaping import axes_of, new_shape

_OTHER_NAMES = {"Abs": "Absolute", "Amax": "Max", "Amin": "Min", "Divide": "TrueDivide"}
"""Operations that have two names."""

REDUCTIONS = {"Mean": "GlobalAveragePooling", "Max": "GlobalMaxPooling"}
_POOLINGS = {"AveragePool": "AveragePooling", "MaxPool": "MaxPooling"}


def canonical(op: str, config: Config, shape: Shape) -> list[tuple[str, Config]]:
    """The calls that one call of a layer stands for, in the order they are made.

    `Dense(activation="relu")` is a Dense and an Activation; `Dropout(0)` is nothing; `ReLU()`
    is the Activation "relu". `config` is what `meaning` returns; `shape` is the first input's,
    batch axis included, or empty where it is not known.
    """
    op = _OTHER_NAMES.get(op, op)
    after: list[tuple[str, Config]] = []
    if facts(op).ends_with_activation:
        config = dict(config)
        activation = activation_call(config.pop("activation", None))
        after = [activation] if activation else []
    if op == "SpectralNormalization":
        config, after = _with_activation_outside(config)
    if op == "Activation":
        activation = activation_call(config.get("activation"))
        return [_positive_axis(*activation, shape)] if activation else []
    if _does_nothing(op, config, shape):
        return after
    op, config = _one_spelling(op, config, shape)
    return [_positive_axis(*call, shape) for call in ((op, config), *after)]


def activation_call(value: Any) -> tuple[str, Config] | None:
    """What `activation=value` computes, as (op, config); None for no activation.

    Args:
        value: a name, or the serialized form of a function or an activation layer. One that is
            not Keras' own cannot be seen into: it is known by its name and what is said of it.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        name, config = str(value.get("class_name")), value.get("config")
        is_of_keras = str(value.get("module", "")).split(".")[0] == "keras"
        if is_of_keras and name == "function" and isinstance(config, str):
            return activation_call(config)
        if not is_of_keras or not isinstance(config, Mapping):
            called = config if isinstance(config, str) else name
            return f"{OWN}{called}", {"function": dict(value)}
        calls = canonical(name, meaning(config, name), ())
        return calls[0] if calls else None
    name = SAME_ACTIVATION.get(str(value), str(value))
    if name == "linear":
        return None
    return "Activation", {"activation": name, **ACTIVATION_DEFAULTS.get(name, {})}


def _with_activation_outside(config: Config) -> tuple[Config, list[tuple[str, Config]]]:
    """A layer around another one that ends with an activation: that comes behind both."""
    layer = config.get("layer")
    if not isinstance(layer, Mapping) or not facts(class_of(layer)).ends_with_activation:
        return config, []
    activation = activation_call(layer["config"].get("activation"))
    if activation is None or activation[0] != "Activation":
        return config, []
    inside = {**layer, "config": {**layer["config"], "activation": "linear"}}
    return {**config, "layer": inside}, [activation]


def _does_nothing(op: str, config: Config, shape: Shape) -> bool:
    if op in {"Identity", "ActivityRegularization"}:
        return True
    if op == "Cast":  # how exactly numbers are kept is never compared, whole ones are others
        # Keras 3.8 adds one by itself, in front of a layer that computes more exactly.
        return str(config.get("dtype", "")).startswith(("float", "bfloat"))
    if op in {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}:
        return config.get("rate") == 0
    if op == "Flatten":
        return len(shape) == 2
    target = new_shape(op, config, shape)
    return target is not None and tuple(target) == shape[1:] != ()


def _one_spelling(op: str, config: Config, shape: Shape) -> tuple[str, Config]:
    activation = as_activation(op, config)
    if activation is not None:
        return "Activation", activation
    target = new_shape(op, config, shape)
    if op == "Flatten" or (target is not None and len(target) == 1):
        return "Flatten", {}
    if target is not None and (op == "Reshape" or None not in target):
        return "Reshape", {"target_shape": target}
    if op in REDUCTIONS and _reduces_space(config, shape):
        return f"{REDUCTIONS[op]}{len(shape) - 2}D", {"keepdims": bool(config.get("keepdims"))}
    if op in _POOLINGS and 3 <= len(shape) <= 5:
        return f"{_POOLINGS[op]}{len(shape) - 2}D", _windows(config, len(shape) - 2)
    if op == "RNN" and isinstance(config.get("cell"), Mapping):
        return _layer_of_cell(config)
    if (
        op == "MultiHeadAttention"
        and shape
        and config.get("output_shape") in ([shape[-1]], shape[-1])
    ):
        return op, {key: value for key, value in config.items() if key != "output_shape"}
    if facts(op).recurrent:
        return op, {**config, "dropout": config.get("dropout", 0.0)}
    return op, config


def _reduces_space(config: Config, shape: Shape) -> bool:
    axis = config.get("axis")
    axes = [axis] if isinstance(axis, int) else axis or []
    space = set(range(1, len(shape) - 1))
    return bool(space) and {a % len(shape) for a in axes} == space


def _windows(config: Config, rank: int) -> Config:
    """The settings of a pooling operation as its layer has them: a size for each axis."""

    def sizes(key: str) -> Any:
        value = config.get(key)
        return [value] * rank if isinstance(value, int) else value

    window = sizes("pool_size")
    return {**config, "pool_size": window, "strides": sizes("strides") or window}


def _layer_of_cell(config: Config) -> tuple[str, Config]:
    cell = config["cell"]
    op = {"LSTMCell": "LSTM", "GRUCell": "GRU", "SimpleRNNCell": "SimpleRNN"}.get(class_of(cell))
    if op is None:
        return "RNN", config
    rest = {key: value for key, value in config.items() if key != "cell"}
    return op, {**rest, **meaning(cell["config"])}


def _positive_axis(op: str, config: Config, shape: Shape) -> tuple[str, Config]:
    """Count axes from the front; an activation along the last axis needs no axis at all."""
    if "axis" not in config:
        return op, config
    config = dict(config)
    axis, rank = config["axis"], axes_of(op, shape)
    if rank and isinstance(axis, int):
        config["axis"] = axis % rank
    elif rank and isinstance(axis, list):
        config["axis"] = sorted(a % rank for a in axis)
        if len(axis) == 1:
            config["axis"] = config["axis"][0]
    if op == "Activation" and config["axis"] in (-1, rank - 1):
        del config["axis"]
    return op, config


def acts_on_last_axis(op: str, config: Mapping[str, Any]) -> bool:
    """Whether TimeDistributed around this layer changes nothing."""
    if op == "Activation":
        return "axis" not in config
    return facts(op).last_axis_only
