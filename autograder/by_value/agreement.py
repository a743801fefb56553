"""Whether two lots of outputs are the same numbers, as far as rounding lets them be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

NEAR = 1e-7
"""What two outputs may differ by, as a share of the largest number of their example."""

DOUBTFUL = 1e-3
"""Up to here a difference may come from rounding that the network makes larger: it is measured."""

NOTHING = 1e-14
"""What rounding leaves of usual numbers that are taken from themselves, where one side has 0."""

LARGE = 12.0
"""Larger than any number of an example that is not made larger on purpose."""

TIMES_NOISE = 30.0
"""How often what rounding does to the reference an output may be off."""


def difference(
    found: list[np.ndarray],
    wanted: list[np.ndarray],
    rounded: Callable[[], list[np.ndarray]],
    overflowing: np.ndarray | None = None,
) -> tuple[str, float]:
    """How outputs differ from those that are wanted, "" where they agree; and by how much.

    Args:
        found: the outputs.
        wanted: the reference's.
        rounded: makes the reference's outputs once more, of weights a little off.
        overflowing: the examples of which one side alone may be no finite number: a formula written
            out, such as a softmax by exponentials, ends where numbers end, and is the same formula.

    Returns:
        A sentence, and the largest difference as a multiple of what is allowed.
    """
    worst, noise = 0.0, None
    for number, (got, want) in enumerate(zip(found, wanted, strict=True)):
        if got.shape != want.shape:
            return f"output {number} has the shape {got.shape}, not {want.shape}", np.inf
        if got.dtype.kind != want.dtype.kind:
            return f"output {number} is of type {got.dtype}, not {want.dtype}", np.inf
        got, want, kept = _without_overflow(got, want, overflowing)
        if not np.array_equal(np.isfinite(got), np.isfinite(want)):
            return f"output {number} is not finite in other places", np.inf
        off = _sizes(got.astype("float64") - want)
        sizes = _sizes(want)
        is_nothing = not (got.any() and want.any())
        allowed = NEAR * sizes + 1e-12 * sizes.max(initial=0) + (NOTHING if is_nothing else 1e-300)
        if (off > allowed).any() and (off <= DOUBTFUL * sizes.max(initial=0)).all():
            noise = noise or rounded()
            allowed = allowed + TIMES_NOISE * _sizes(noise[number].astype("float64")[kept] - want)
        worst = max(worst, float((off / allowed).max(initial=0)))
        if worst > 1:
            return f"output {number} has other numbers ({worst:.3g} times what is allowed)", worst
    return "", worst


def far_from_zero(inputs: Sequence[np.ndarray], whole: Sequence[bool]) -> np.ndarray | None:
    """Which examples have numbers so large that an exponential of them may be none.

    Args:
        inputs: of a network, the examples first.
        whole: which of them are ids, and no quantities.
    """
    sizes = [_sizes(array) for array, ids in zip(inputs, whole, strict=True) if not ids]
    return np.max(sizes, axis=0) > LARGE if sizes else None


def _without_overflow(
    got: np.ndarray, want: np.ndarray, overflowing: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, Any]:
    """Outputs without the examples that overflow on one side alone, and which examples are left."""
    if overflowing is None or not got.ndim or len(got) != len(overflowing):
        return got, want, ...
    apart = np.isfinite(got) != np.isfinite(want)
    kept = ~(apart.reshape(len(apart), -1).any(-1) & overflowing)
    return got[kept], want[kept], kept


def _sizes(array: np.ndarray) -> np.ndarray:
    """The largest number of each example; of all where there are no examples."""
    plain = np.abs(np.nan_to_num(array.astype("float64"), posinf=0, neginf=0))
    return plain.reshape(len(plain) if plain.ndim else 1, -1).max(-1, initial=0)
