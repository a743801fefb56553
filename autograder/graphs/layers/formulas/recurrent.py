"""Recurrent layers: gates that read the input and the state."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.expressions import Factor
from autograder.graphs.layers.formulas.calculation import Config, Formula, Shape, all_of
from autograder.graphs.layers.formulas.layer_rules import formula_for, formula_inside, without_axes
from autograder.graphs.layers.formulas.parts import (
    axis_size,
    channels_of,
    kernel_positions,
    one_if,
)


@formula_for("SimpleRNN", "SimpleRNNCell")
def _simple_rnn(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(inputs + units + 1) × units: each unit reads the input, all states and a bias."""
    return _gates(1, one_if(config.get("use_bias", True)), config, shapes)


@formula_for("LSTM", "LSTMCell")
def _lstm(config: Config, shapes: Sequence[Shape]) -> Formula:
    """4 × (inputs + units + 1) × units: three gates and a candidate, each a simple layer."""
    return _gates(4, one_if(config.get("use_bias", True)), config, shapes)


@formula_for("GRU", "GRUCell")
def _gru(config: Config, shapes: Sequence[Shape]) -> Formula:
    """3 × (inputs + units + 2) × units: two gates and a candidate, two biases each.

    Input and state have a bias of their own, so that the reset gate can act after the state's
    matrix; with `reset_after=False` one bias does.
    """
    biases = 2 if config.get("reset_after", True) else 1
    return _gates(3, biases if config.get("use_bias", True) else 0, config, shapes)


def _gates(gates: int, biases: int, config: Config, shapes: Sequence[Shape]) -> Formula:
    units = Factor("units", config["units"])
    return Formula(gates * (axis_size("inputs", shapes[0]) + units + biases) * units)


@formula_for("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
def _conv_lstm(config: Config, shapes: Sequence[Shape]) -> Formula:
    """4 × (kernel × (channels + filters) + 1) × filters: an LSTM whose gates are convolutions."""
    filters, frame = Factor("filters", config["filters"]), without_axes(shapes[0], 1)
    seen = kernel_positions(config, len(frame) - 2) * (channels_of(config, frame) + filters)
    return Formula(4 * (seen + one_if(config.get("use_bias", True))) * filters)


@formula_for("RNN")
def _rnn(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The weights of its cell, which sees one step at a time."""
    return formula_inside(config["cell"], [without_axes(shapes[0], 1)])


@formula_for("StackedRNNCells")
def _stacked_cells(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One cell's formula after another: the units of each are the inputs of the next."""
    inputs: Factor = axis_size("inputs", shapes[0])
    formulas = []
    for place, cell in enumerate(config["cells"], start=1):
        names = {"inputs": inputs.name}
        one = formula_inside(cell, [(None, inputs.value)])
        formulas.append(one.renamed(lambda old, p=place, n=names: n.get(old, f"{old}_{p}")))
        inputs = Factor(f"units_{place}", _cell_output(cell))
    return all_of(formulas)


def _cell_output(cell: Config) -> int:
    config = cell["config"]
    return config["units"] if "units" in config else _cell_output(config["cells"][-1])
