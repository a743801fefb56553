"""What layers of noise do while two networks are compared: each place is given a fixed number.

Noise of the same kind, with the same settings, at a place of the same size, is the same numbers.
So a layer of noise at another place shows in the outputs.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import numpy as np

from autograder.by_value.numbers import numbers
from autograder.graphs.black_boxes import runs_own_code
from autograder.graphs.rebuilding.makers import DTYPE
from autograder.graphs.rebuilding.operation_makers import elementwise
from autograder.graphs.rebuilding.rebuilt import Step

SCALES = frozenset({"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"})
"""Noise that keeps or drops: by no negative number."""

ADDS = frozenset({"AlphaDropout", "GaussianDropout", "GaussianNoise"})
_IN_INFERENCE = ("RandomCrop",)


def is_noise(op: str) -> bool:
    """Whether a layer changes numbers by chance, in training alone, and not their shape."""
    return op in SCALES or op in ADDS or (op.startswith("Random") and op not in _IN_INFERENCE)


def made_fixed(step: Step, counts: Counter[Any], order: np.ndarray | None) -> Any:
    """What a step of noise makes, counted: twice the same noise is not one noise used twice.

    Args:
        step: the step.
        counts: how often there was which noise.
        order: for each feature, which one of the reference's it stands for, where that is another.
    """
    tensor = step.read[0]
    if not step.training or _rate(step.call.config) == 0:
        return tensor
    shape = _shape(step, tuple(tensor.shape))
    size = math.prod(shape)
    key = _key(step.call.op, step.call.config)
    counts[key, size] += 1
    scaling = step.call.op in SCALES

    def pattern(*what: str, positive: bool = False) -> Any:
        found = numbers(size, key, *what, positive=positive).reshape(shape)
        return _tensor(found if order is None or shape[-1] == 1 else found[..., order])

    times = pattern(positive=scaling)
    plus = 0.0 if scaling else pattern("plus")
    return elementwise(lambda x: x * times + plus)(tensor)


def disturbed(step: Step, made: Any, counts: Counter[Any]) -> Any:
    """What a layer without weights makes that drops something inside it: its place shows.

    What somebody wrote may draw numbers: how often it is called, is counted.
    """
    if step.training and runs_own_code(step.call):
        counts[step.call.label, 0] += 1
    if not step.training or step.call.weights is not None or not step.call.config.get("dropout"):
        return made
    key = f"{step.call.op} {float(step.call.config['dropout']):g}"
    first = made[0] if isinstance(made, (list, tuple)) else made
    shape = tuple(first.shape[1:])
    counts[key, math.prod(shape)] += 1
    times = _tensor(numbers(math.prod(shape), key, positive=True).reshape(shape))
    if isinstance(made, (list, tuple)):
        return [first * times, *made[1:]]
    return elementwise(lambda x: x * times)(made)


def _tensor(values: Any) -> Any:
    import tensorflow as tf

    return tf.constant(values, DTYPE)


def _rate(config: Any) -> float:
    rate = config.get("rate", config.get("stddev", 1))
    return rate if isinstance(rate, (int, float)) else 1


def _key(op: str, config: Any) -> str:
    """Dropout of whole channels is Dropout of a smaller pattern."""
    if op in SCALES:
        return f"Dropout {float(config.get('rate', 0)):g}"
    return f"{op} {json.dumps(config, sort_keys=True, default=str)}"


def _shape(step: Step, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The pattern's shape without its batch axis: 1 where noise is the same along an axis."""
    times = step.call.wrappers.time_distributed
    lead, inner = shape[1 : 1 + times], shape[1 + times :]
    wanted = step.call.config.get("noise_shape")
    if step.call.op.startswith("Spatial"):
        inner = (*(1 for _ in inner[:-1]), *inner[-1:])
    elif isinstance(wanted, (list, tuple)):
        pairs = zip(wanted[1:], inner, strict=False)
        inner = tuple(1 if asked == 1 else size for asked, size in pairs)
    return (*lead, *inner)
