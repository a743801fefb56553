"""For several outputs: what the bar shows, what the plot says, and what it refuses."""

from types import SimpleNamespace

import pytest

from autograder.teaching.plots.output_plots import plot_outputs
from autograder.teaching.training_bar import FiguresBar

RUN = SimpleNamespace(
    history={"age_mae": [9.0, 5.0], "val_gender_accuracy": [0.5, 1.0], "gender_accuracy": [0, 0]}
)


def test_the_words_name_runs_outputs_and_figures():
    shown = plot_outputs(
        {"balanced": RUN}, {"age": "mae", "gender": "accuracy"}, baselines={"gender": 0.5}
    )
    assert "mae of age: balanced from 9.00 to 5.00" in shown.alt
    assert "accuracy of gender: balanced from 0.50 to 1.00" in shown.alt
    assert shown.png.startswith(b"\x89PNG")


def test_a_missing_metric_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"no 'accuracy' of the output 'age'.*has age_mae"):
        plot_outputs({"run": RUN}, {"age": "accuracy"})


def test_nothing_to_plot():
    with pytest.raises(ValueError, match="at least one run"):
        plot_outputs({}, {"age": "mae"})


def test_the_bar_shows_the_chosen_figures_only(capsys):
    bar = FiguresBar("val_age_mae")
    bar.set_params({"epochs": 1})
    bar.on_train_begin()
    bar.on_epoch_end(0, {"loss": 1.0, "val_age_mae": 3.25})
    bar.on_train_end()
    shown = capsys.readouterr().out
    assert "val_age_mae=3.250" in shown
    assert "loss=" not in shown
