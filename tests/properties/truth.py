"""What Keras itself says of two models: the same, or surely not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import keras
import numpy as np
from properties.plans import WORDS, Written

EXAMPLES = 3


def _given(model: Any, seed: int) -> list[np.ndarray]:
    """Something for each input, by the number in its name; some texts end in padding."""
    values = []
    for tensor in model.inputs:
        number = int(tensor.name.split("_")[-1])
        chance = np.random.default_rng([seed, number])
        shape = (EXAMPLES, *tensor.shape[1:])
        if "int" in tensor.dtype:
            words = chance.integers(1, WORDS, shape)
            words[0, 0] = 0
            words[1, 1 + number % (shape[1] - 1) :] = 0  # not all end at the same step
            words[2, -1:] = number % 2
            values.append(words)
        else:
            numbers = chance.normal(size=shape).astype("float32")
            if len(shape) == 3:
                numbers[1, shape[1] // 2 :] = 0  # what a Masking layer skips
            values.append(numbers)
    return values


def _made(model: Any, seed: int) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(end) for end in _ends(model, seed)]


def _ends(model: Any, seed: int) -> list[Any]:
    return keras.tree.flatten(model(_given(model, seed)))


def _made_with_masks(model: Any, seed: int) -> list[np.ndarray]:
    """What a model makes, and for each end that has steps the mask that comes with it."""
    ends = _ends(model, seed)
    return [*map(keras.ops.convert_to_numpy, ends), *map(_mask, ends)]


def _mask(end: Any) -> np.ndarray:
    """By which a loss would go; nothing where there is none, or where an end has no steps."""
    mask = getattr(end, "_keras_mask", None)
    return np.zeros(0) if mask is None or len(end.shape) < 3 else np.array(mask, float)


class Same:
    """Whether models make the same of the same numbers, with the weights of the reference: the same
    numbers, and the same masks, by which a loss goes.
    """

    def __init__(self, reference: Written) -> None:
        self.reference = reference
        for place, weight in enumerate(reference.model.weights):
            shape = tuple(weight.shape)
            chance = np.random.default_rng(place)
            array = 0.7 * chance.normal(size=shape)
            weight.assign(abs(array) + 0.5 if "variance" in weight.path else array)
        self.meant = _made_with_masks(reference.model, 0)

    def holds(self, answer: Written) -> bool:
        """Whether an answer to the same plan does."""
        answer.take_weights_of(self.reference)
        made = _made_with_masks(answer.model, 0)
        return len(made) == len(self.meant) and all(
            a.shape == b.shape and np.allclose(a, b, rtol=1e-3, atol=1e-4)
            for a, b in zip(made, self.meant, strict=True)
        )


class Another:
    """Whether no matching of the weights makes a model the reference's like.

    Weights of one shape get the same numbers, and each row of a kernel does. So a matching of
    weights, or of rows, makes no difference: what comes out otherwise does so with any of them.
    Axes of one place do not count: a convolution of one step has the kernel of a Dense layer.
    """

    def __init__(self, reference: Written) -> None:
        self.model = reference.model
        _fill_alike(self.model)
        self.meant = _made(self.model, 1)

    def is_proved(self, answer: Written) -> bool:
        """Whether an answer is surely another network; False also where that is not known."""
        names = [[t.name for t in model.inputs] for model in (answer.model, self.model)]
        if names[0] != names[1]:
            return len(names[0]) != len(names[1])
        if _shapes(answer.model.outputs) != _shapes(self.model.outputs):
            return True
        if _counts(answer.model) != _counts(self.model):
            return True
        _fill_alike(answer.model)
        made = _made(answer.model, 1)
        if not all(np.isfinite(array).all() for array in (*made, *self.meant)):
            return False
        pairs = zip(made, self.meant, strict=True)
        return any(not np.allclose(a, b, rtol=0.02, atol=0.01) for a, b in pairs)


def _shapes(tensors: Any) -> list[Any]:
    return [tuple(tensor.shape) for tensor in tensors]


def _counts(model: Any) -> Counter[tuple[int, ...]]:
    """How many weights of each shape a model has."""
    return Counter(_of_more_than_one(shape) for shape in _shapes(model.weights))


def _of_more_than_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _fill_alike(model: Any) -> None:
    for weight in model.weights:
        shape = tuple(weight.shape)
        counted = _of_more_than_one(shape)
        chance = np.random.default_rng(list(counted))
        row = chance.normal(size=shape[-1:]) * (0.7 if len(counted) > 1 else 0.4)
        array = np.broadcast_to(row, shape)
        weight.assign(abs(array) + 0.5 if "variance" in weight.path else array)
