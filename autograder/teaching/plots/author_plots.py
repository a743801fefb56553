"""A picture of how far two groups of pairs lie apart."""

from __future__ import annotations

import numpy as np

from autograder.teaching.plots.picture import Picture, picture


def plot_distances(distances: np.ndarray, same: np.ndarray) -> Picture:
    """Draw how often which distance occurs: among pairs that belong together, and among others.

    Args:
        distances: one number a pair, shape (pairs,) or (pairs, 1).
        same: 1 for pairs that belong together and 0 for others, of the same shape.

    Raises:
        ValueError: if the shapes differ, or one of the two groups is empty.
    """
    distances, together = np.ravel(distances), np.ravel(same) == 1
    if distances.shape != together.shape:
        raise ValueError(f"There are {len(distances)} distances, but {len(together)} answers.")
    if together.all() or not together.any():
        raise ValueError("Both groups are needed: pairs that belong together, and others.")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 3), layout="constrained")
    bins = np.linspace(0, distances.max(), 40)
    words = []
    for chosen, name, hatch in ((together, "same author", "//"), (~together, "two authors", "..")):
        group = distances[chosen]
        axis.hist(group, bins, alpha=0.6, label=name, hatch=hatch, edgecolor="white")
        low, middle, high = np.percentile(group, (5, 50, 95))
        words.append(f"{name}: mostly from {low:.1f} to {high:.1f}, around {middle:.1f}")
    axis.set(xlabel="distance of the two descriptions", ylabel="pairs")
    axis.legend()
    axis.grid(alpha=0.3)
    return picture(figure, f"Two heaps of bars over the distance. {'; '.join(words)}.")
