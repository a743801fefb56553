"""A picture of a digit, and of what a model takes it for."""

from __future__ import annotations

import numpy as np

from autograder.teaching.plots.picture import Picture, picture


def plot_digit(row: np.ndarray, probabilities: np.ndarray | None = None) -> Picture:
    """Draw one digit, and beside it how probable the model holds each class.

    Args:
        row: the image as a row of grey values, shape (size × size,).
        probabilities: what the model predicts for it, shape (10,).
    """
    import matplotlib.pyplot as plt

    size = round(len(row) ** 0.5)
    columns = 1 if probabilities is None else 2
    figure, axes = plt.subplots(1, columns, figsize=(3 * columns, 2.6), layout="constrained")
    image = axes if columns == 1 else axes[0]
    image.imshow(np.asarray(row).reshape(size, size), cmap="gray_r")
    image.set(xticks=[], yticks=[], title="the image")
    alt = f"A handwritten digit, {size} by {size} pixels"
    if probabilities is None:
        return picture(figure, f"{alt}.")
    axes[1].bar(range(10), probabilities)
    axes[1].set(xlabel="digit", ylabel="probability", xticks=range(10), ylim=(0, 1))
    best = int(np.argmax(probabilities))
    chances = f"the model takes it for a {best} with probability {probabilities[best]:.2f}"
    return picture(figure, f"{alt}, and a bar for each class: {chances}.")
