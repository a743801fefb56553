"""How closely a training is looked at: what a look takes, and what a training, counted as work.

No clock is asked, so the same training is looked at in the same way on every machine. All work is
counted in what takes a processor of today about a millisecond; measured on two cores at 2.6 GHz.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

_SHARE = 0.018
"""What one look may take of a training; there are two of them, and each reads arguments, too."""

_PRODUCTS = 3e7
"""Products of two numbers that take a millisecond."""

_FIRST = 100.0
"""What the first look in a process takes more: TensorFlow has run no operation by itself yet."""

_MOST = 1200.0
"""The work of a look by itself, which is to take less than two seconds."""


@dataclass(frozen=True)
class Effort:
    """How much a look takes.

    Attributes:
        seen: samples that are run through a network.
        step: samples of which a gradient is taken; 0 for none, and nothing inside is looked at.
        exactly: whether the network takes so many and no others.
    """

    seen: int
    step: int = 0
    exactly: bool = False


CLOSE = (Effort(256, 32), Effort(128, 16), Effort(64, 8), Effort(24, 4))
FROM_AFAR = tuple(Effort(each.seen) for each in CLOSE)
"""Less and less, the last for samples as large as photographs."""


@dataclass(frozen=True)
class Size:
    """What running a network takes.

    Attributes:
        layers: how many have weights.
        steps: of time, of all its recurrent layers.
        products: of two numbers, for one sample.
    """

    layers: int
    steps: int
    products: float

    def look(self, effort: Effort) -> float:
        """The work of a look: layer by layer, once forward and where asked once back,
        which takes twice as much."""
        once = (2.5 if effort.step else 1) * self.layers + (5 if effort.step else 2) * self.steps
        return once + self.products * (effort.seen + 3 * effort.step) / _PRODUCTS

    def training(self, epochs: int, steps: int, samples: int) -> float:
        """The work of a training: its program is made once, then each step and each sample runs."""
        made = 250 + 110 * self.layers + 400 * (self.steps > 0)
        each = 1.5 + 0.02 * self.layers + 0.15 * self.steps
        return made + 15 * epochs + each * steps + 3 * self.products * samples / _PRODUCTS


@dataclass(frozen=True)
class Planned:
    """How long a training is: epochs, and steps in one; None where Keras does not know."""

    epochs: int
    steps: int | None = None


def layers_with_weights(model: Any) -> list[Any]:
    """The innermost layers of a model that have weights, each once."""
    found: dict[int, Any] = {}
    open_ = list(reversed(getattr(model, "layers", [])))
    while open_:
        layer = open_.pop()
        inner = getattr(layer, "layers", None)
        if inner:
            open_ += reversed(inner)
        elif layer.weights:
            found.setdefault(id(layer), layer)
    return list(found.values())


def size_of(layers: list[Any], length: int) -> Size:
    """What running a network takes.

    Args:
        layers: those with weights.
        length: of the samples, where a shape leaves that open.
    """
    steps, products = 0, 0.0
    for layer in layers:
        times = _times(layer, length)
        steps += times * (2 if isinstance(layer, keras.layers.Bidirectional) else 1)
        products += _products(layer, length) * max(times, 1)
    return Size(len(layers), steps, products)


def _times(layer: Any, length: int) -> int:
    """How many steps of time a layer goes one after the other; 0 of one that does not."""
    inner = getattr(layer, "forward_layer", layer)
    if not isinstance(inner, keras.layers.RNN | keras.layers.TimeDistributed):
        return 0
    shape = shape_of(layer, "input")
    return (shape[1] or length) if len(shape) > 1 else length


def _products(layer: Any, length: int) -> float:
    """Of one sample; where a layer goes step by step, of one step."""
    is_in_time = bool(_times(layer, length))
    if is_in_time and (parts := layers_with_weights(getattr(layer, "layer", None))):
        return size_of(parts, length).products
    shape = [length if axis is None else axis for axis in shape_of(layer, "output")[1:]]
    if isinstance(layer, keras.layers.Embedding):
        return float(math.prod(shape))
    if is_in_time and getattr(layer, "return_sequences", True):
        shape = shape[1:]
    weights = sum(math.prod(variable.shape) for variable in layer.weights)
    return float(weights) * math.prod(shape[:-1])


def shape_of(layer: Any, of: str) -> tuple[int | None, ...]:
    """The shape of what a layer reads or makes where it is called first; empty if not known."""
    try:
        tensor = getattr(layer, of)
    except (AttributeError, ValueError):
        return _built_for(layer, of)
    if isinstance(tensor, Mapping):
        tensor = list(tensor.values())
    tensor = tensor[0] if isinstance(tensor, list | tuple) and tensor else tensor
    return tuple(getattr(tensor, "shape", ()))


def _built_for(layer: Any, of: str) -> tuple[int | None, ...]:
    """The same of a layer that somebody's own code calls: of what it was built for."""
    try:
        shape = layer.get_build_config()["input_shape"]
        shape = shape if of == "input" else layer.compute_output_shape(shape)
    except Exception:  # it was not built, reads several things, or cannot tell what it makes
        return ()
    while shape and isinstance(shape[0], tuple | list):
        shape = shape[0]
    return tuple(shape)


def by_itself(size: Size) -> Effort | None:
    """How closely a look by itself may be; None of a network that is too large for any."""
    asked = (*CLOSE, Effort(8, 1), *FROM_AFAR)
    return next((each for each in asked if size.look(each) <= _MOST), None)


def within(size: Size, work: float, *, closely: bool, is_first: bool) -> Effort | None:
    """How closely a training may be looked at so that nobody feels it; None for not at all.

    Args:
        size: of the network.
        work: of the training.
        closely: whether gradients are asked for.
        is_first: whether nothing was looked at in this process yet.
    """
    most = _SHARE * work - is_first * _FIRST
    asked = (*CLOSE, *FROM_AFAR) if closely else FROM_AFAR
    return next((each for each in asked if size.look(each) <= most), None)


def as_wanted(model: Any, effort: Effort, count: int) -> Effort | None:
    """The same for a network that takes batches of one size alone, such as one with states.

    Args:
        model: the network.
        effort: how closely it would be looked at.
        count: how many samples there are; None is given where they are no batch.
    """
    given = getattr(model, "inputs", None) or ()
    batch = next((each.shape[0] for each in given if getattr(each, "shape", ())), None)
    if batch is None:
        return effort
    return Effort(batch, batch if effort.step else 0, exactly=True) if batch <= count else None
