"""Which of Keras' losses somebody's own function computes: what is learned is the same then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_EXACT = 1e-4
"""Share by which two may differ: both are computed with seven digits, and one of them in steps."""

_BATCHES = (1, 5, 8)
"""Samples in the batches tried: a sum and a mean differ in them."""

Probe = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]


def _numbers(r: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    return r.normal(size=(count, 2)), r.normal(size=(count, 2))


def _yes_or_no(r: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    return r.integers(0, 2, (count, 1)), r.uniform(0.05, 0.95, (count, 1))


def _rows(r: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    made = r.uniform(0.1, 1, (count, 4))
    return np.eye(4)[r.integers(0, 4, count)], made / made.sum(axis=1, keepdims=True)


def _classes(r: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    truth, made = _rows(r, count)
    return truth.argmax(axis=1)[:, None], made


_PROBES: dict[str, Probe] = {
    "mean_squared_error": _numbers,
    "mean_absolute_error": _numbers,
    "binary_crossentropy": _yes_or_no,
    "categorical_crossentropy": _rows,
    "sparse_categorical_crossentropy": _classes,
}
"""Losses that people write down themselves, and what they are tried on."""


def name_by_value(loss: Any) -> str:
    """The name of the loss of Keras that a function computes; "" if it is none that is known."""
    if not callable(loss):
        return ""
    return next((name for name in _PROBES if _is_the_same(loss, name)), "")


def _is_the_same(loss: Any, name: str) -> bool:
    import keras

    r, theirs = np.random.default_rng(0), keras.losses.get(name)
    try:
        for count in _BATCHES:
            truth, made = (part.astype("float32") for part in _PROBES[name](r, count))
            truth, made = keras.ops.convert_to_tensor(truth), keras.ops.convert_to_tensor(made)
            one, other = (float(np.mean(np.asarray(each(truth, made)))) for each in (loss, theirs))
            if not abs(one - other) <= _EXACT * abs(other):
                return False
    except Exception:  # it takes numbers of another kind
        return False
    return True
