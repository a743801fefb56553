"""Pictures of training, with labelled axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.teaching.plots.picture import Picture, picture


def plot_history(history: Any, metric: str = "accuracy") -> Picture:
    """Plot how the loss and one metric went, epoch by epoch.

    Args:
        history: what `model.fit` returned.
        metric: which metric to plot beside the loss.

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
        whole_epochs(axis)
        axis.legend()
        axis.grid(alpha=0.3)
    words = "; ".join(f"{name} {_course(record, name)}" for name in ("loss", metric))
    return picture(figure, f"Two curves over {len(epochs)} epochs. {words}.")


def whole_epochs(axis: Any) -> None:
    """Let the marks below a curve stand at whole numbers: there is no epoch 2.5."""
    from matplotlib.ticker import MaxNLocator

    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _course(record: Mapping[str, Sequence[float]], name: str) -> str:
    text = f"goes from {record[name][0]:.2f} to {record[name][-1]:.2f} in training"
    if f"val_{name}" in record:
        text += f", to {record[f'val_{name}'][-1]:.2f} on held-out data"
    return text
