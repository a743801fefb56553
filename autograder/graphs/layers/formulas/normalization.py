"""Normalization: a scale and a shift for each channel, and what is measured."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.expressions import Expression
from autograder.graphs.layers.formulas.calculation import NOTHING, Config, Formula, Shape
from autograder.graphs.layers.formulas.layer_rules import formula_for
from autograder.graphs.layers.formulas.parts import axes_size, one_if


@formula_for("BatchNormalization")
def _batch_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × channels learned (scale and shift), 2 × channels measured (mean and variance).

    With `renorm`, three more averages are measured.
    """
    channels = axes_size("channels", shapes[0], config.get("axis", -1))
    measured = 5 if config.get("renorm", False) else 2
    return Formula(_scale_and_shift(config, channels), measured * channels)


@formula_for("GroupNormalization")
def _group_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × channels: a scale and a shift for each; the groups share no weights."""
    return Formula(
        _scale_and_shift(config, axes_size("channels", shapes[0], config.get("axis", -1)))
    )


@formula_for("LayerNormalization")
def _layer_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × features: a scale and a shift for each; the deprecated `rms_scaling` has no shift."""
    features = axes_size("features", shapes[0], config.get("axis", -1))
    if config.get("rms_scaling", False):
        return Formula(features)
    return Formula(_scale_and_shift(config, features))


def _scale_and_shift(config: Config, size: Expression) -> Expression | None:
    wanted = one_if(config.get("scale", True)) + one_if(config.get("center", True))
    return wanted * size if wanted else None


@formula_for("RMSNormalization")
def _rms_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One scale for each feature."""
    return Formula(axes_size("features", shapes[0], config.get("axis", -1)))


@formula_for("Normalization")
def _normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × features + 1, none trainable: mean, variance, and a count; nothing if both are given."""
    if config.get("mean") is not None:
        return NOTHING
    return Formula(None, 2 * axes_size("features", shapes[0], config.get("axis", -1)) + 1)
