"""What a model was compiled with, for each of its outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras


@dataclass(frozen=True)
class Loss:
    """A loss as it was given.

    Attributes:
        name: as Keras' functions are called; "" where there is none, "own" of any other.
        from_logits: what it was told.
        ignores: whether it leaves one class out.
        given: what `keras.losses.get` takes.
    """

    name: str = ""
    from_logits: bool = False
    ignores: bool = False
    given: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Compiled:
    """What `compile` was given, by outputs.

    Attributes:
        losses: one for each output.
        weights: of the losses.
        metrics: names, for each output.
        unknown: keys that name no output, by argument.
        optimizer: its class.
        rate: its learning rate; None of a schedule.
    """

    losses: tuple[Loss, ...]
    weights: tuple[float, ...]
    metrics: tuple[tuple[str, ...], ...]
    unknown: Mapping[str, tuple[str, ...]]
    optimizer: str
    rate: float | None


def compiled(model: Any, names: Sequence[str], layers: Sequence[str]) -> Compiled:
    """Read the compile arguments of a model.

    Args:
        model: a compiled Keras model.
        names: of its outputs.
        layers: the layers that make them, by which Keras takes keys, too.
    """
    config = _config(model)
    keys = [{name, layer} for name, layer in zip(names, layers, strict=True)]
    known = set().union(*keys) if keys else set()
    unknown = {}
    for argument in ("loss", "loss_weights", "metrics"):
        given = config.get(argument)
        if isinstance(given, Mapping) and "class_name" not in given:
            strange = tuple(str(key) for key in given if key not in known)
            unknown |= {argument: strange} if strange else {}
    losses = [_loss(each) for each in _spread(config.get("loss"), keys)]
    weights = [1.0 if each is None else each for each in _spread(config.get("loss_weights"), keys)]
    metrics = _spread(config.get("metrics"), keys, is_list=len(keys) == 1)
    optimizer = getattr(model, "optimizer", None)
    return Compiled(
        tuple(losses),
        tuple(float(each) if isinstance(each, int | float) else 1.0 for each in weights),
        tuple(tuple(_names_of_metrics(each)) for each in metrics),
        unknown,
        type(optimizer).__name__,
        _rate(optimizer),
    )


def _config(model: Any) -> Mapping[str, Any]:
    try:
        return model.get_compile_config() or {}
    except Exception:  # what somebody wrote cannot always be serialized
        return {"loss": "own"}


def _rate(optimizer: Any) -> float | None:
    try:
        return float(optimizer.learning_rate)
    except (AttributeError, TypeError, ValueError):
        return None


def _spread(given: Any, keys: Sequence[set[str]], *, is_list: bool = False) -> list[Any]:
    """What was given for each output: by name, in order, or one for all."""
    if isinstance(given, Mapping) and "class_name" not in given:
        return [next((given[key] for key in given if key in known), None) for known in keys]
    if is_list:
        return [given]
    if isinstance(given, list | tuple) and len(given) == len(keys):
        return list(given)
    return [given] * len(keys)


def _loss(given: Any) -> Loss:
    if given is None:
        return Loss()
    if isinstance(given, list | tuple) and len(given) == 1:
        return _loss(given[0])
    config = given.get("config") if isinstance(given, Mapping) else None
    settings = config if isinstance(config, Mapping) else {}
    return Loss(
        _name(given) or "own",
        bool(settings.get("from_logits")),
        settings.get("ignore_class") is not None,
        given,
    )


def _name(given: Any) -> str:
    """A loss's or metric's name in Keras' own spelling."""
    if isinstance(given, str):
        try:
            thing = keras.losses.get(given)
        except ValueError:
            return _snake(given)
        return _snake(getattr(thing, "__name__", type(thing).__name__))
    if not isinstance(given, Mapping):
        return ""
    config = given.get("config")
    if isinstance(config, str):
        return _snake(config)
    module = str(given.get("module") or "")
    return _snake(str(given.get("class_name"))) if module.startswith("keras") else ""


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _names_of_metrics(given: Any) -> list[str]:
    if given is None:
        return []
    if isinstance(given, list | tuple):
        return [name for each in given for name in _names_of_metrics(each)]
    if given in ("acc", "accuracy"):
        return ["accuracy"]
    return [name] if (name := _name(given)) else []
