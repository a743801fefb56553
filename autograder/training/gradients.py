"""Run a network on a few samples, and see which way one step would go."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.training.arguments import steps_as_keras
from autograder.training.effort import Effort, layers_with_weights
from autograder.training.samples import Samples

_FEWEST_IN_STEP, _FEWEST_SEEN = 4, 24
"""How many samples there are at least, of samples as large as photographs."""

_TINY = 1e-3
"""As large as this weights count at least: some are next to zero at first, as scales of blocks."""

_NUMBERS_IN_STEP, _NUMBERS_SEEN = 120_000, 1_000_000
"""Numbers in so many samples, at most, where they are more than the fewest: a second or two."""


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""What Keras writes some messages in, for a terminal."""


@dataclass(frozen=True)
class Step:
    """A layer's gradient.

    Attributes:
        connected: whether the loss depends on the layer.
        ratio: root of the mean square of the gradient by that of the weights; None of weights
            that are all zero, as some start on purpose.
        apart: whether its units get gradients that differ.
    """

    connected: bool
    ratio: float | None = None
    apart: bool = False


@dataclass(frozen=True)
class Forward:
    """What a network gives for samples.

    Attributes:
        outputs: the predictions, by output.
        activations: what some layers give, by layer.
        gradients: by layer; empty where none could be taken.
        adds_loss: whether its layers add a loss in training; None where that was not looked at.
        cannot_run: the error's first line where it does not run.
    """

    outputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    activations: Mapping[str, np.ndarray] = field(default_factory=dict)
    gradients: Mapping[str, Step] = field(default_factory=dict)
    adds_loss: bool | None = None
    cannot_run: str = ""


_ran: list[bool] = []


def ran_before() -> bool:
    """Whether a network was run in this process already."""
    return bool(_ran)


def may_be_run(model: Any) -> bool:
    """Whether running a network changes nothing that a step of training makes otherwise.

    A layer gets its weights where it is called first: a step that somebody wrote may call it with
    other things than `call` does.
    """
    return steps_as_keras(model) or all(layer.built for layer in _all_inside(model))


def _all_inside(layer: Any) -> Iterator[Any]:
    """A layer, and all that somebody's class or Keras' holds inside it, each once."""
    open_, seen = [layer], set[int]()
    while open_:
        each = open_.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        open_ += _layers_in(list(vars(each).values()))


def _layers_in(held: Any) -> Iterator[Any]:
    """The layers among what lists and dictionaries hold."""
    if isinstance(held, keras.Layer):
        yield held
    elif isinstance(held, Mapping):
        yield from _layers_in(list(held.values()))
    elif isinstance(held, list | tuple | set):
        for each in held:
            yield from _layers_in(each)


def seen_of(some: Samples, effort: Effort) -> Samples:
    """Those samples that are run through a network."""
    most = _NUMBERS_SEEN // max(some.size, 1)
    return some.spread(effort.seen if effort.exactly else min(effort.seen, max(_FEWEST_SEEN, most)))


def forward(
    model: Any, few: Samples, names: Sequence[str], *, watched: Sequence[str], effort: Effort
) -> Forward:
    """Run a model on samples; whatever that changes in it is put back.

    Args:
        model: a built Keras model.
        few: the samples.
        names: of its outputs.
        watched: layers whose outputs are kept.
        effort: how closely it is looked at; without a gradient `watched` is left alone.
    """
    _ran[:] = [True]
    kept = [(variable, np.asarray(variable)) for variable in model.non_trainable_variables]
    try:
        with warnings.catch_warnings(action="ignore"):  # Keras' own come in fit, once
            made, inside = _run(model, few.x, watched if effort.step else ())
            steps = _gradients(model, _one_step(few, effort)) if effort.step else {}
            adds = _adds_loss(model, _one_step(few, effort)) if effort.step else None
        return Forward(_by_name(names, made), inside, steps, adds)
    except Exception as error:  # whatever Keras or a layer of somebody's own raises
        return Forward(cannot_run=_first_line(error))
    finally:
        for variable, value in kept:
            variable.assign(value)


def _one_step(few: Samples, effort: Effort) -> Samples:
    most = _NUMBERS_IN_STEP // max(few.size, 1)
    return few.spread(
        effort.step if effort.exactly else min(effort.step, max(_FEWEST_IN_STEP, most))
    )


def _first_line(error: Exception) -> str:
    """What is wrong, without Keras' line about which call it was in."""
    lines = [line.strip() for line in str(error).split("\n") if line.strip()]
    told = [line for line in lines if not line.startswith("Exception encountered")]
    return _COLOURS.sub("", (told or lines or [type(error).__name__])[0])[:300]


def _by_name(names: Sequence[str], made: Any) -> dict[str, np.ndarray]:
    if isinstance(made, Mapping):
        return {str(name): np.asarray(array) for name, array in made.items()}
    arrays = list(made) if isinstance(made, list | tuple) else [made]
    return {name: np.asarray(array) for name, array in zip(names, arrays, strict=False)}


def _run(model: Any, x: Any, watched: Sequence[str]) -> tuple[Any, dict[str, np.ndarray]]:
    """What a model gives, and what some of its layers give, all in one pass where that can be."""
    inner = _with_inside(model, watched) if watched else None
    if inner is None:
        return model(x, training=False), {}
    made = inner(x, training=False)
    outputs, inside = made[: -len(watched)], made[-len(watched) :]
    named = {name: np.asarray(array) for name, array in zip(watched, inside, strict=True)}
    return _in_form_of(_ends(model)[1], outputs), named


def _with_inside(model: Any, watched: Sequence[str]) -> Any:
    """A model that gives the outputs, then what is inside; None where there is no such model."""
    try:
        given, outputs = _ends(model)
        outputs = list(outputs.values()) if isinstance(outputs, Mapping) else outputs
        outputs = list(outputs) if isinstance(outputs, list | tuple) else [outputs]
        inside = [model.get_layer(name).output for name in watched]
        inner = keras.Model(given, [*outputs, *inside])
    except Exception:  # layers called more than once, or inside another model
        return None
    as_keras = isinstance(model, keras.Sequential) or type(model).call is type(inner).call
    return inner if as_keras else None


def _ends(model: Any) -> tuple[Any, Any]:
    """What a model reads and what it makes; a Sequential has lists of one alone."""
    if isinstance(model, keras.Sequential):
        return model.inputs[0], model.outputs[0]
    return model.input, model.output


def _in_form_of(outputs: Any, made: Sequence[Any]) -> Any:
    return dict(zip(outputs, made, strict=True)) if isinstance(outputs, Mapping) else list(made)


def may_add_loss(model: Any) -> bool:
    """Whether a layer adds a loss, or is of a class that anybody wrote, which may."""
    if model.losses or not type(model).__module__.startswith("keras."):
        return True
    return any(
        may_add_loss(layer)
        if getattr(layer, "layers", None)
        else not type(layer).__module__.startswith("keras.")
        or getattr(layer, "activity_regularizer", None) is not None
        for layer in getattr(model, "layers", ())
    )


def _adds_loss(model: Any, few: Samples) -> bool:
    if getattr(model, "loss", None) is None:
        model(few.x, training=True)
    return bool(model.losses)


def _gradients(model: Any, few: Samples) -> dict[str, Step]:
    if few.y is None:
        return {}
    variables = list(model.trainable_variables)
    try:
        with tf.GradientTape() as tape:
            made = model(few.x, training=True)
            loss = model.compute_loss(x=few.x, y=few.y, y_pred=made, training=True)
        found = tape.gradient(loss, [variable.value for variable in variables])
    except Exception:  # labels that do not fit are told by rules
        return {}
    by_variable = {id(v): gradient for v, gradient in zip(variables, found, strict=True)}
    steps = {}
    for layer in layers_with_weights(model):
        pairs = [(v, by_variable.get(id(v))) for v in layer.trainable_variables]
        if pairs:
            steps[layer.name] = _step([(v, g) for v, g in pairs if g is not None])
    return steps


def _step(pairs: Sequence[tuple[Any, Any]]) -> Step:
    if not pairs:
        return Step(connected=False)
    squares = weights = count = 0.0
    apart = False
    for variable, gradient in pairs:
        dense = np.asarray(tf.convert_to_tensor(gradient)).astype("float32", copy=False)
        squares += float(np.square(dense, dtype="float64").sum())
        weights += float(np.square(np.asarray(variable, "float64")).sum())
        count += math.prod(variable.shape)
        apart |= dense.ndim > 1 and bool((dense != dense[..., :1]).any())
    ratio = float(np.sqrt(squares / max(weights, count * _TINY**2))) if weights else None
    return Step(True, ratio, apart)
