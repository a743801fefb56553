"""Dense layers and embeddings: one weight for each pair of numbers, or for each word."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.expressions import Factor, product
from autograder.graphs.layers.formulas.calculation import Config, Formula, Shape
from autograder.graphs.layers.formulas.layer_rules import formula_for
from autograder.graphs.layers.formulas.parts import axis_size, bias_of, matrix


@formula_for("Dense")
def _dense(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(inputs + 1) × units: one weight per input and one bias, for each unit."""
    units = Factor("units", config["units"])
    return matrix(config, axis_size("inputs", shapes[0]), units, bias_of(config, units))


@formula_for("EinsumDense")
def _einsum_dense(config: Config, shapes: Sequence[Shape]) -> Formula:
    """For "ab,bc->ac" with bias axes "c", (b + 1) × c: the sizes go by the equation's letters."""
    letters, sizes = _einsum(config["equation"], config["output_shape"], shapes[0])
    kernel = [Factor(letter, sizes[letter]) for letter in letters]
    axes = dict.fromkeys(config.get("bias_axes") or "")
    bias = product(Factor(letter, sizes[letter]) for letter in axes) if axes else None
    return matrix(config, product(kernel[:-1]), kernel[-1], bias)


def _einsum(equation: str, output: int | Sequence[int | None], shape: Shape) -> tuple[str, dict]:
    """The kernel's letters, and the size that each letter of the equation stands for.

    Dots on the left stand for the first axes, the batch among them; `output` leaves out the axes
    that dots stand for, and the batch.
    """
    operands, outputs = equation.split("->")
    inputs, kernel = operands.split(",")
    output = [output] if isinstance(output, int) else list(output)
    elided = len(shape) - len(inputs.strip("."))
    if inputs.startswith("...") and elided:
        sizes = dict(zip(inputs.strip("."), shape[elided:], strict=True))
    else:
        sizes = dict(zip(inputs.strip("."), shape, strict=False))
        output = [shape[0], *output]
    for letter, size in zip(outputs.strip("."), output, strict=False):
        sizes[letter] = sizes.get(letter) if size is None else size
    return kernel, sizes


@formula_for("Embedding")
def _embedding(config: Config, shapes: Sequence[Shape]) -> Formula:
    """vocabulary × width: one row of numbers for each word there is."""
    vocabulary = Factor("vocabulary", config["input_dim"])
    return matrix(config, vocabulary, Factor("width", config["output_dim"]))


@formula_for("ReversibleEmbedding")
def _reversible_embedding(config: Config, shapes: Sequence[Shape]) -> Formula:
    """vocabulary × width, and as much again where the way back has weights of its own."""
    return _embedding(config, shapes).times(1 if config.get("tie_weights", True) else 2)
