"""Pictures of training: what stands below the curves."""

from types import SimpleNamespace

import matplotlib
import pytest

matplotlib.use("Agg")

from autograder.teaching.plots import training_plots


@pytest.mark.parametrize("epochs", [1, 2, 4, 20])
def test_epochs_are_whole_numbers(epochs, monkeypatch):
    figures = []
    monkeypatch.setattr(training_plots, "picture", lambda figure, alt: figures.append(figure))
    values = [1 / (n + 1) for n in range(epochs)]
    training_plots.plot_history(SimpleNamespace(history={"loss": values, "accuracy": values}))
    for axis in figures[0].axes:
        left, right = axis.get_xlim()
        marks = [mark for mark in axis.get_xticks() if left <= mark <= right]
        assert marks and all(float(mark).is_integer() for mark in marks)
