"""Convolutions: a kernel that sees the channels below it."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.expressions import Expression, Factor
from autograder.graphs.layers.formulas.calculation import Config, Formula, Shape, all_of
from autograder.graphs.layers.formulas.layer_rules import formula_for
from autograder.graphs.layers.formulas.parts import (
    bias_of,
    channels_of,
    kernel_positions,
    matrix,
    one_if,
)


@formula_for("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def _convolution(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(kernel × channels + 1) × filters: a filter sees all channels below its kernel.

    With groups, it sees the channels of its own group only.
    """
    filters, channels = Factor("filters", config["filters"]), channels_of(config, shapes[0])
    groups = config.get("groups", 1)
    seen = channels if groups == 1 else channels // Factor("groups", groups)
    rows = kernel_positions(config, len(shapes[0]) - 2) * seen
    return matrix(config, rows, filters, bias_of(config, filters))


@formula_for("DepthwiseConv1D", "DepthwiseConv2D")
def _depthwise_convolution(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(kernel + 1) × channels × depth_multiplier: each kernel sees one channel."""
    weights = kernel_positions(config, len(shapes[0]) - 2) + one_if(config.get("use_bias", True))
    return Formula(weights * _depthwise_channels(config, shapes[0]))


def _depthwise_channels(config: Config, shape: Shape) -> Expression:
    multiplier = Factor("depth_multiplier", config.get("depth_multiplier", 1))
    return channels_of(config, shape) * multiplier


@formula_for("SeparableConv1D", "SeparableConv2D")
def _separable_convolution(config: Config, shapes: Sequence[Shape]) -> Formula:
    """Kernels that see one channel each, then (channels × depth_multiplier + 1) × filters."""
    filters = Factor("filters", config["filters"])
    depthwise = _depthwise_convolution({**config, "use_bias": False}, shapes)
    between = _depthwise_channels(config, shapes[0])
    return all_of((depthwise, matrix({}, between, filters, bias_of(config, filters))))
