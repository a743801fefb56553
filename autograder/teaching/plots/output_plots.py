"""For models with several outputs: a panel an output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.teaching.plots.picture import Picture, picture
from autograder.teaching.plots.training_plots import whole_epochs

_STYLES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "x"))


def plot_outputs(
    runs: Mapping[str, Any],
    metrics: Mapping[str, str],
    baselines: Mapping[str, float] | None = None,
) -> Picture:
    """Plot one metric of each output, epoch by epoch, for one or more training runs.

    Held-out figures are shown where the run has them, else those of the training.

    Args:
        runs: what `model.fit` returned, by a name for the run.
        metrics: which metric to plot, by output: {"age": "mae", "gender": "accuracy"}.
        baselines: what can be had without looking at the input, by output; a grey line each.

    Raises:
        ValueError: if there is nothing to plot, or a run lacks a metric; the message names
            those that it has.
    """
    import matplotlib.pyplot as plt

    if not runs or not metrics:
        raise ValueError("There is nothing to plot: name at least one run and one output.")
    # Before Keras 3.14, `compile` puts each name of the dictionary that it is given into a list.
    metrics = {
        output: metric if isinstance(metric, str) else metric[0]
        for output, metric in metrics.items()
    }
    curves = {
        output: {run: _curve(history, output, metric) for run, history in runs.items()}
        for output, metric in metrics.items()
    }
    figure, axes = plt.subplots(
        1, len(metrics), figsize=(3.4 * len(metrics), 3), layout="constrained", squeeze=False
    )
    for axis, output in zip(axes[0], metrics, strict=True):
        for number, (run, values) in enumerate(curves[output].items()):
            line, marker = _STYLES[number % len(_STYLES)]
            epochs = range(1, len(values) + 1)
            axis.plot(epochs, values, linestyle=line, marker=marker, markersize=4, label=run)
        if output in (baselines or {}):
            axis.axhline(baselines[output], color="grey", linewidth=1, label="without reading")
        # Shares of right answers have one scale, so that panels can be compared.
        top = 1.05 if metrics[output] == "accuracy" else None
        axis.set(title=output, xlabel="epoch", ylabel=metrics[output], ylim=(0, top))
        whole_epochs(axis)
        axis.grid(alpha=0.3)
    axes[0][-1].legend()
    words = "; ".join(_words(output, metrics[output], curves[output]) for output in metrics)
    return picture(figure, f"One panel an output. {words}.")


def _curve(history: Any, output: str, metric: str) -> list[float]:
    record: Mapping[str, list[float]] = history.history
    for name in (f"val_{output}_{metric}", f"{output}_{metric}"):
        if name in record:
            return list(record[name])
    raise ValueError(
        f"There is no {metric!r} of the output {output!r} in this history; "
        f"it has {', '.join(record)}."
    )


def _words(output: str, metric: str, curves: Mapping[str, list[float]]) -> str:
    courses = (f"{run} from {values[0]:.2f} to {values[-1]:.2f}" for run, values in curves.items())
    return f"{metric} of {output}: {', '.join(courses)}"
