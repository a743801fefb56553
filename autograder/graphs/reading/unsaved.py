"""Layers whose settings Keras cannot save: for a while, they tell what of them can be told."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autograder.graphs.reading.own_code import attribute, own_thing

_INSIDE = ("layers", "operations", "layer", "forward_layer", "backward_layer", "cell", "cells")
"""Where Keras' own models and wrappers keep the layers that they are made of."""


@contextmanager
def telling_what_they_can(model: Any) -> Iterator[None]:
    """Let each layer in a model that cannot be saved give the settings that can.

    Those are what it was made with, as far as it keeps that under the same names. Its other
    settings are told by the code of a function, or the name of a class.
    """
    changed = []
    try:
        for layer in _inside_out(model, set()):
            config = _what_can_be_told(layer)
            if config is not None:
                changed.append((layer, vars(layer).get("get_config")))
                object.__setattr__(layer, "get_config", lambda config=config: dict(config))
        yield
    finally:
        for layer, own in changed:
            object.__delattr__(layer, "get_config")
            if own is not None:
                object.__setattr__(layer, "get_config", own)


def is_settings(config: Any) -> bool:
    """Whether something is what `get_config` is meant to return."""
    return isinstance(config, Mapping) and all(isinstance(key, str) for key in config)


def _inside_out(thing: Any, seen: set[int]) -> Iterator[Any]:
    """The layers in a model or a wrapper, what is inside one before it."""
    for name in _INSIDE:
        found = attribute(thing, name) or ()
        for layer in found if isinstance(found, (list, tuple)) else (found,):
            if id(layer) not in seen and hasattr(layer, "get_config"):
                seen.add(id(layer))
                yield from _inside_out(layer, seen)
                yield layer


def _what_can_be_told(layer: Any) -> dict[str, Any] | None:
    """The settings of a layer that can be saved; None where all can."""
    try:
        config = layer.get_config()
    except Exception:
        config = None
    is_whole = is_settings(config)
    if not isinstance(config, Mapping):
        config = _as_made(layer)
    config = {str(key): value for key, value in config.items()}
    told = {key: _saved(value) for key, value in config.items()}
    if is_whole and not any(value is _UNSAVED for value in told.values()):
        return None
    return {
        key: own_thing(config[key]) if value is _UNSAVED else value for key, value in told.items()
    }


_UNSAVED = object()


def _as_made(layer: Any) -> dict[str, Any]:
    names = inspect.signature(type(layer).__init__).parameters
    kept = {name: attribute(layer, name) for name in names}
    return {**kept, "name": layer.name, "trainable": getattr(layer, "trainable", True)}


def _saved(value: Any) -> Any:
    import keras

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that what is not saved would not be safe to load
            return keras.saving.serialize_keras_object(value)
    except Exception:
        return _UNSAVED
