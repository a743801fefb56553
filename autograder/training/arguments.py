"""What `compile` was given: names, numbers and classes that Keras looks at in `fit` alone."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import keras
import numpy as np

from autograder.training.observed import Argument

_CHOSEN_BY_KERAS = {"accuracy", "acc", "crossentropy", "ce"}
"""Metrics that are found by the loss, not by their name alone."""

_OF_A_CLASS = re.compile(r"(?:\w+\.)*(\w+)\.get_config\(\) missing 1 required positional argument")
"""What Python says where Keras asks a class for its settings, in place of what it makes."""

_THINGS = {
    "keras.layers": "the layer",
    "keras.optimizers": "the optimizer",
    "keras.models": "the network",
}
"""What Keras saves beside losses and metrics, by the module of its class."""

_PROBE = (2, 1)
"""The shape of labels and predictions that a function is called with."""


_STEP = ("fit", "train_step", "make_train_function")


def trains_as_keras(model: Any) -> bool:
    """Whether a model's `fit` takes the compiled loss, and is not written by somebody."""
    return _has_methods_of_keras(model, *_STEP, "compute_loss")


def steps_as_keras(model: Any) -> bool:
    """Whether a step of training calls the model with the inputs, as Keras' own does."""
    return _has_methods_of_keras(model, *_STEP)


def _has_methods_of_keras(model: Any, *names: str) -> bool:
    theirs = ((getattr(kind, name, None) for kind in (type(model), keras.Model)) for name in names)
    return all(one is other for one, other in theirs)


def arguments(model: Any, outputs: int | None) -> tuple[Argument, ...]:
    """The losses, metrics and weights of a compiled model.

    Args:
        model: a compiled Keras model.
        outputs: how many it has; None if not known.
    """
    loss = getattr(model, "loss", None) if trains_as_keras(model) else None
    many = outputs is not None and outputs > 1
    losses = _argument(
        "loss",
        loss,
        is_by_output=many,
        is_known=_is_loss,
        what=_no_loss,
        why_not=_not_called_so,
    )
    try:
        config = model.get_compile_config() or {}
    except Exception as error:  # what somebody wrote cannot always be serialized
        at_hand = any(isinstance(leaf, type) for leaf in leaves_of(getattr(model, "loss", None)))
        return losses, Argument("metrics", classes=() if at_hand else _of_class(error))
    rest = (
        _argument(name, config.get(name), is_by_output=many, is_known=_is_metric, what=_no_metric)
        for name in ("metrics", "weighted_metrics")
    )
    weights = _argument(
        "loss_weights", config.get("loss_weights"), is_by_output=outputs is not None
    )
    return losses, *rest, weights


def _argument(
    name: str,
    given: Any,
    *,
    is_by_output: bool,
    is_known: Callable[[str], bool] | None = None,
    what: Callable[[Any], str] | None = None,
    why_not: Callable[[Any], str] | None = None,
) -> Argument:
    leaves = list(leaves_of(given))
    words = [leaf for leaf in leaves if isinstance(leaf, str)]
    is_list = isinstance(given, list | tuple) and is_by_output
    unknown = tuple(dict.fromkeys(word for word in words if is_known and not is_known(word)))
    unfit = [what(leaf) for leaf in leaves] if what else []
    not_so = [(_called(leaf), why_not(leaf)) for leaf in leaves] if why_not else []
    return Argument(
        name,
        entries=len(given) if is_list else None,
        unknown=unknown,
        meant=_meant(name, unknown[0]) if unknown else "",
        classes=tuple(x.__name__ for x in leaves if isinstance(x, type) and not (what and what(x))),
        no_numbers=() if is_known else tuple(words),
        unfit=tuple(filter(None, unfit)),
        not_called_so=tuple(pair for pair in not_so if pair[1]),
    )


def left_out(model: Any, names: Sequence[str]) -> set[str]:
    """The outputs for whose loss None is written, because they are to learn nothing."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, list | tuple) and len(loss) == len(names):
        loss = dict(zip(names, loss, strict=True))
    if not isinstance(loss, Mapping):
        return set()
    return {name for name in names if name in loss and loss[name] is None}


def leaves_of(given: Any) -> Iterator[Any]:
    """What stands in lists and dictionaries; what Keras serialized is one thing."""
    if isinstance(given, Mapping) and "class_name" not in given:
        for each in given.values():
            yield from leaves_of(each)
    elif isinstance(given, list | tuple):
        for each in given:
            yield from leaves_of(each)
    else:
        yield given


def _of_class(error: Exception) -> tuple[str, ...]:
    """The class that Keras could not save, as it was no more than a class; empty of other errors.

    The loss is at hand, and an optimizer must be made to be compiled: it is a metric's. Python
    names the class that says what the settings are: of somebody's own it may be Keras' one.
    """
    told = _OF_A_CLASS.search(str(error)) if isinstance(error, TypeError) else None
    return ((told[1] if told[1] != keras.metrics.Metric.__name__ else ""),) if told else ()


def _no_loss(leaf: Any) -> str:
    """What a leaf of the losses is, in words, if it cannot be one."""
    if leaf is None or isinstance(leaf, str | Mapping):
        return ""
    kind = leaf if isinstance(leaf, type) else type(leaf)
    of_keras = kind.__module__.startswith("keras.")
    if issubclass(kind, keras.layers.Layer):  # one of somebody's own may take two things
        return f"the layer {kind.__name__}" if of_keras else ""
    if issubclass(kind, keras.metrics.Metric):
        return f"the metric {kind.__name__}"
    if issubclass(kind, keras.optimizers.Optimizer):
        return f"the optimizer {kind.__name__}"
    if callable(leaf):
        return ""
    return _no_function(leaf)


def _no_function(leaf: Any) -> str:
    if isinstance(leaf, ModuleType):
        return f"the module {leaf.__name__}"
    if isinstance(leaf, bool | int | float | np.number):
        return f"the number {leaf:g}"
    return "an array" if hasattr(leaf, "shape") else f"something of the class {type(leaf).__name__}"


def _no_metric(leaf: Any) -> str:
    """The same of the metrics, as Keras saves them."""
    if isinstance(leaf, str):
        needs_settings = _is_found(keras.metrics.get, leaf) is None
        return f"the name {leaf!r}, whose class needs settings" if needs_settings else ""
    if isinstance(leaf, bool | int | float):
        return _no_function(leaf)
    if not isinstance(leaf, Mapping):
        return ""
    kind = str(leaf.get("class_name"))
    if kind == "module":
        return f"the module {leaf.get('config')}"
    if kind in {"__numpy__", "__tensor__"}:
        return "an array"
    thing = _THINGS.get(str(leaf.get("module")))
    return f"{thing} {kind}" if thing else ""


def _not_called_so(leaf: Any) -> str:
    """Why a function cannot be called with labels and predictions; "" where it can."""
    made = (keras.losses.Loss, keras.metrics.Metric, keras.layers.Layer, type)
    if not callable(leaf) or isinstance(leaf, made):
        return ""
    try:
        inspect.signature(leaf).bind(None, None)
    except ValueError:  # nothing is known of what it takes
        return ""
    except TypeError:
        return "does not take these two"
    try:
        gives = leaf(keras.ops.ones(_PROBE), keras.ops.ones(_PROBE))
    except Exception:  # it takes numbers of another kind
        return ""
    return "gives no number for them, but a function" if callable(gives) else ""


def _called(leaf: Any) -> str:
    name = str(getattr(leaf, "__name__", ""))
    return name if name.isidentifier() else "this function"


def _is_loss(word: str) -> bool:
    return _is_found(keras.losses.get, word) is not False


def _is_metric(word: str) -> bool:
    return word.lower() in _CHOSEN_BY_KERAS or _is_found(keras.metrics.get, word) is not False


def _is_found(get: Callable[[str], Any], word: str) -> bool | None:
    """Whether Keras has a name; None of a class of which it makes nothing without settings."""
    try:
        return callable(get(word))
    except ValueError:
        return False
    except TypeError:
        return None


def _meant(argument: str, word: str) -> str:
    """The name that is nearest to a misspelt one; "" without one."""
    known = dir(keras.losses if argument == "loss" else keras.metrics)
    names = [*known, *(_CHOSEN_BY_KERAS if argument != "loss" else ())]
    return next(iter(difflib.get_close_matches(word, names, 1, 0.75)), "")
