"""Pictures of images two at a time, and of films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.teaching.plots.picture import Picture, picture


def plot_pairs(x: Mapping[str, np.ndarray], titles: Sequence[str]) -> Picture:
    """Draw the first pairs of images, `left` above `right`, one column a pair.

    Args:
        x: `left` and `right`, images of shape (samples, size, size, 1), values from 0 to 1.
        titles: what to write above each pair; as many pairs are drawn.

    Raises:
        ValueError: if there is no title, or there are more titles than pairs.
    """
    if not 1 <= len(titles) <= len(x["left"]):
        raise ValueError(
            f"There are {len(x['left'])} pairs; {len(titles)} of them cannot be drawn."
        )
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        2, len(titles), figsize=(1.35 * len(titles), 3), layout="constrained", squeeze=False
    )
    for column, title in enumerate(titles):
        axes[0, column].set_title(title, fontsize=10)
        for axis, side in zip(axes[:, column], ("left", "right"), strict=True):
            _show(axis, x[side][column][..., 0])
    axes[0, 0].set_ylabel("left")
    axes[1, 0].set_ylabel("right")
    words = "; ".join(title.replace("\n", ", ") for title in titles)
    return picture(figure, f"{len(titles)} pairs of images, left above right: {words}.")


def plot_film(frames: np.ndarray, guesses: Sequence[int]) -> Picture:
    """Draw a film as a strip of frames, with a guess above each.

    Args:
        frames: rows of grey values, shape (frames, size × size).
        guesses: which digit each frame is taken for.

    Raises:
        ValueError: if there is not one guess for each frame.
    """
    if len(guesses) != len(frames):
        raise ValueError(f"{len(frames)} frames need as many guesses, not {len(guesses)}.")
    import matplotlib.pyplot as plt

    size = round(frames.shape[1] ** 0.5)
    columns = min(10, len(frames))
    rows = -(-len(frames) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(0.9 * columns, 1.2 * rows), layout="constrained", squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    for axis, frame, guess in zip(axes.flat, frames, guesses, strict=False):
        _show(axis, frame.reshape(size, size))
        axis.axis("on")
        axis.set_title(str(guess), fontsize=10)
    words = ", ".join(map(str, guesses))
    return picture(figure, f"A film of {len(frames)} digits. The frames are taken for {words}.")


def _show(axis: Any, image: np.ndarray) -> None:
    axis.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
