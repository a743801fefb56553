"""Pictures for networks that answer questions: runs side by side, and how sure an answer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.teaching.plots.picture import Picture, picture
from autograder.teaching.plots.training_plots import whole_epochs

_STYLES = (("o", "-"), ("x", "--"), ("s", ":"), ("^", "-."))


def plot_runs(
    runs: Mapping[str, Any], metric: str = "val_accuracy", label: str = "accuracy, held out"
) -> Picture:
    """Plot one metric of several training runs, epoch by epoch, in one pair of axes.

    Args:
        runs: what `model.fit` returned, by the name of the run; up to four.
        metric: which metric to plot.
        label: what the vertical axis is called.

    Raises:
        ValueError: if there is no run, or more than four, or one of them has no such metric.
    """
    if not 1 <= len(runs) <= len(_STYLES):
        raise ValueError(f"From 1 to {len(_STYLES)} runs can be plotted, not {len(runs)}.")
    for name, run in runs.items():
        if metric not in run.history:
            known = ", ".join(run.history)
            raise ValueError(f"There is no {metric!r} in run {name!r}; it has {known}.")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 3), layout="constrained")
    words = []
    for (name, run), (marker, line) in zip(runs.items(), _STYLES, strict=False):
        values = run.history[metric]
        epochs = range(1, len(values) + 1)
        axis.plot(epochs, values, marker=marker, linestyle=line, markersize=4, label=name)
        words.append(f"{name}: from {values[0]:.2f} to {values[-1]:.2f} in {len(values)} epochs")
    axis.set(xlabel="epoch", ylabel=label)
    whole_epochs(axis)
    axis.legend()
    axis.grid(alpha=0.3)
    return picture(figure, f"One curve for each run, {label}. {'; '.join(words)}.")


def plot_answers(chances: Mapping[str, np.ndarray], answers: Sequence[str]) -> Picture:
    """Draw how probable each answer is, one row of bars a question.

    Args:
        chances: for each question what the model predicts, shape (answers,).
        answers: the answers as words, in the order of the classes.

    Raises:
        ValueError: if there is no question, or a prediction has another number of answers.
    """
    if not chances:
        raise ValueError("There is no question to draw: `chances` is empty.")
    for question, row in chances.items():
        if np.shape(row) != (len(answers),):
            raise ValueError(
                f"{len(answers)} answers are asked for; {question!r} has shape {np.shape(row)}."
            )
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        len(chances), 1, figsize=(8, 1.4 * len(chances) + 0.6), sharex=True, layout="constrained"
    )
    words = []
    for axis, (question, row) in zip(np.atleast_1d(axes), chances.items(), strict=True):
        axis.bar(answers, row)
        axis.set(title=question, ylim=(0, 1), ylabel="probability")
        axis.tick_params(axis="x", labelrotation=60)
        best = int(np.argmax(row))
        words.append(f"{question} {answers[best]}, with probability {row[best]:.2f}")
    return picture(figure, f"A row of bars for each question. {'; '.join(words)}.")
