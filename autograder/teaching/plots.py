"""Pictures of training and of predictions, with labelled axes and a text form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def plot_history(history: Any, metric: str = "accuracy") -> Any:
    """Plot how loss and one metric went, epoch by epoch.

    Args:
        history: what `model.fit` returned.
        metric: which metric to plot beside the loss.

    Returns:
        The Matplotlib figure.

    Raises:
        ValueError: if the history has no such metric; the message names those it has.
    """
    import matplotlib.pyplot as plt

    record: Mapping[str, Sequence[float]] = history.history
    if metric not in record:
        raise ValueError(f"There is no {metric!r} in this history; it has {', '.join(record)}.")
    epochs = range(1, len(record["loss"]) + 1)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    for axis, name in zip(axes, ("loss", metric), strict=True):
        axis.plot(epochs, record[name], marker=".", label="training")
        if f"val_{name}" in record:
            axis.plot(epochs, record[f"val_{name}"], marker="x", linestyle="--", label="held out")
        axis.set(xlabel="epoch", ylabel=name)
        axis.legend()
        axis.grid(alpha=0.3)
    plt.close(figure)
    return figure


def plot_digit(row: np.ndarray, probabilities: np.ndarray | None = None) -> Any:
    """Draw one digit, and beside it how probable the model holds each class.

    Args:
        row: the image as a row of grey values, shape (size × size,).
        probabilities: what the model predicts for it, shape (10,).

    Returns:
        The Matplotlib figure.
    """
    import matplotlib.pyplot as plt

    size = int(len(row) ** 0.5)
    columns = 1 if probabilities is None else 2
    figure, axes = plt.subplots(1, columns, figsize=(3 * columns, 2.6), layout="constrained")
    image = axes if columns == 1 else axes[0]
    image.imshow(np.asarray(row).reshape(size, size), cmap="gray_r")
    image.set(xticks=[], yticks=[], title="the image")
    if probabilities is not None:
        axes[1].bar(range(10), probabilities)
        axes[1].set(xlabel="digit", ylabel="probability", xticks=range(10), ylim=(0, 1))
    plt.close(figure)
    return figure
