"""What formulas of many layers consist of: sizes along axes, kernels, biases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.graphs.layers.expressions import Expression, Factor, product
from autograder.graphs.layers.formulas.calculation import (
    Config,
    Formula,
    Shape,
    UnknownLayer,
    sum_of,
)


def axis_size(name: str, shape: Shape, axis: int = -1) -> Factor:
    """The size along an axis, under a name.

    Raises:
        UnknownLayer: if nobody knows it.
    """
    size = shape[axis]
    if size is None:
        raise UnknownLayer(f"Axis {axis} of the input shape {tuple(shape)} has no fixed size.")
    return Factor(name, size)


def axes_size(name: str, shape: Shape, axes: int | Sequence[int]) -> Expression:
    """The size along one axis under `name`, along several as `axis_1 × axis_2`."""
    axes = [axes] if isinstance(axes, int) else list(axes)
    if len(axes) > len(shape):
        raise UnknownLayer(f"{len(axes)} axes are more than the input shape {tuple(shape)} has.")
    if len(axes) == 1:
        return axis_size(name, shape, axes[0])
    places = sorted(axis % len(shape) for axis in axes)
    return product(axis_size(f"axis_{place}", shape, place) for place in places)


def channels_of(config: Config, shape: Shape) -> Factor:
    """How many channels a picture, a clip or a sequence has."""
    return axis_size("channels", shape, 1 if config.get("data_format") == "channels_first" else -1)


_KERNEL_AXES = ("kernel_depth", "kernel_height", "kernel_width")


def kernel_positions(config: Config, rank: int) -> Expression:
    """The number of positions one kernel covers."""
    size = config["kernel_size"]
    sizes = [size] * rank if isinstance(size, int) else size
    names = _KERNEL_AXES[-len(sizes) :] if len(sizes) > 1 else ("kernel_length",)
    return product(map(Factor, names, sizes))


def matrix(
    config: Config, rows: Expression, columns: Expression, bias: Expression | None = None
) -> Formula:
    """A kernel of rows × columns and perhaps a bias; with LoRA, the kernel is frozen."""
    if config.get("lora_rank"):
        low_rank = (rows + columns) * Factor("lora_rank", config["lora_rank"])
        return Formula(sum_of((low_rank, bias)), rows * columns)
    if bias == columns:
        return Formula((rows + 1) * columns)
    return Formula(sum_of((rows * columns, bias)))


def bias_of(config: Config, size: Expression) -> Expression | None:
    """As many biases as that, where the layer has any."""
    return size if config.get("use_bias", True) else None


def one_if(condition: Any) -> int:
    """One, or nothing, to be added."""
    return 1 if condition else 0
