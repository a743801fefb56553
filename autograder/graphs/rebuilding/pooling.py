"""Pooling along three axes, of numbers so exact that TensorFlow has none for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

_POOLS = {"MaxPooling3D": "max_pool", "AveragePooling3D": "average_pool"}
_OPERATIONS = {"MaxPool": "max_pool", "AveragePool": "average_pool"}


def pooling_layer(layer: Any) -> Callable[[Any], Any] | None:
    """What a layer does that pools along three axes; None of another one."""
    name = _POOLS.get(type(layer).__name__)
    if name is None or layer.data_format != "channels_last":
        return None
    settings = {"size": layer.pool_size, "strides": layer.strides, "padding": layer.padding}
    return lambda x: _pooled(name, x, **settings)


def pooled(op: str, config: Mapping[str, Any], x: Any) -> Any | None:
    """What an operation makes that pools along three axes; None of another one."""
    name = _OPERATIONS.get(op)
    if name is None or len(x.shape) != 5 or config.get("data_format") == "channels_first":
        return None
    size, padding = config["pool_size"], config.get("padding", "valid")
    return _pooled(name, x, size=size, strides=config.get("strides") or size, padding=padding)


def _pooled(name: str, x: Any, *, size: Any, strides: Any, padding: str) -> Any:
    """In each picture, then in time: a window is as many steps of each of its places."""
    pool = getattr(keras.ops, name)
    (long, *window), (far, *steps) = (
        (n,) * 3 if isinstance(n, int) else n for n in (size, strides)
    )
    batch, time, *picture = x.shape
    x = pool(keras.ops.reshape(x, (batch * time, *picture)), window, steps, padding)
    _, height, width, channels = x.shape
    x = keras.ops.reshape(x, (batch, time, height * width, channels))
    x = pool(x, (long, 1), (far, 1), padding)
    return keras.ops.reshape(x, (batch, x.shape[1], height, width, channels))
