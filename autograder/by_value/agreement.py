"""Whether two lots of outputs are the same numbers, as far as rounding lets them be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

NEAR = 1e-7
"""What two outputs may differ by, as a share of the largest number of their example."""

DOUBTFUL = 1e-3
"""Up to here a difference may come from rounding that the network makes larger: it is measured."""

TIMES_NOISE = 30.0
"""How often what rounding does to the reference an output may be off."""


def difference(
    found: list[np.ndarray],
    wanted: list[np.ndarray],
    rounded: Callable[[], list[np.ndarray]],
) -> tuple[str, float]:
    """How outputs differ from those that are wanted, "" where they agree; and by how much.

    Args:
        found: the outputs.
        wanted: the reference's.
        rounded: makes the reference's outputs once more, of weights a little off.

    Returns:
        A sentence, and the largest difference as a multiple of what is allowed.
    """
    worst, noise = 0.0, None
    for number, (got, want) in enumerate(zip(found, wanted, strict=True)):
        if got.shape != want.shape:
            return f"output {number} has the shape {got.shape}, not {want.shape}", np.inf
        if got.dtype.kind != want.dtype.kind:
            return f"output {number} is of type {got.dtype}, not {want.dtype}", np.inf
        if not np.array_equal(np.isfinite(got), np.isfinite(want)):
            return f"output {number} is not finite in other places", np.inf
        off = _sizes(got.astype("float64") - want)
        sizes = _sizes(want)
        allowed = NEAR * sizes + 1e-12 * sizes.max(initial=0) + 1e-300
        if (off > allowed).any() and (off <= DOUBTFUL * sizes.max(initial=0)).all():
            noise = noise or rounded()
            allowed = allowed + TIMES_NOISE * _sizes(noise[number].astype("float64") - want)
        worst = max(worst, float((off / allowed).max(initial=0)))
        if worst > 1:
            return f"output {number} has other numbers ({worst:.3g} times what is allowed)", worst
    return "", worst


def _sizes(array: np.ndarray) -> np.ndarray:
    """The largest number of each example; of all where there are no examples."""
    plain = np.abs(np.nan_to_num(array.astype("float64"), posinf=0, neginf=0))
    return plain.reshape(len(plain) if plain.ndim else 1, -1).max(-1, initial=0)
