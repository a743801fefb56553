"""What `compile` was given: names, numbers and classes that Keras looks at in `fit` alone."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras

from autograder.training.observed import Argument

_CHOSEN_BY_KERAS = {"accuracy", "acc", "crossentropy", "ce"}
"""Metrics that are found by the loss, not by their name alone."""


def arguments(model: Any, outputs: int) -> tuple[Argument, ...]:
    """The losses, metrics and weights of a compiled model.

    Args:
        model: a compiled Keras model.
        outputs: how many it has.
    """
    try:
        config = model.get_compile_config() or {}
    except Exception:  # what somebody wrote cannot always be serialized; the loss is at hand
        config = {}
    loss = getattr(model, "loss", None)
    found = [_argument("loss", loss, outputs, _is_loss)]
    for name in ("metrics", "weighted_metrics"):
        found.append(_argument(name, config.get(name), outputs, _is_metric))
    return (*found, _argument("loss_weights", config.get("loss_weights"), outputs, None))


def _argument(
    name: str, given: Any, outputs: int, is_known: Callable[[str], bool] | None
) -> Argument:
    leaves = list(_leaves(given))
    words = [leaf for leaf in leaves if isinstance(leaf, str)]
    is_list = isinstance(given, list | tuple) and outputs > 1
    unknown = tuple(dict.fromkeys(word for word in words if is_known and not is_known(word)))
    return Argument(
        name,
        entries=len(given) if is_list else None,
        unknown=unknown,
        meant=_meant(name, unknown[0]) if unknown else "",
        classes=tuple(leaf.__name__ for leaf in leaves if isinstance(leaf, type)),
        no_numbers=() if is_known else tuple(words),
    )


def _leaves(given: Any) -> Iterator[Any]:
    """What stands in lists and dictionaries; what Keras serialized is one thing."""
    if isinstance(given, Mapping) and "class_name" not in given:
        for each in given.values():
            yield from _leaves(each)
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _leaves(each)
    else:
        yield given


def _is_loss(word: str) -> bool:
    return _is_found(keras.losses.get, word)


def _is_metric(word: str) -> bool:
    return word.lower() in _CHOSEN_BY_KERAS or _is_found(keras.metrics.get, word)


def _is_found(get: Callable[[str], Any], word: str) -> bool:
    try:
        return callable(get(word))
    except ValueError:
        return False


def _meant(argument: str, word: str) -> str:
    """The name that is nearest to a misspelt one; "" without one."""
    known = dir(keras.losses if argument == "loss" else keras.metrics)
    names = [*known, *(_CHOSEN_BY_KERAS if argument != "loss" else ())]
    return next(iter(difflib.get_close_matches(word, names, 1, 0.75)), "")
