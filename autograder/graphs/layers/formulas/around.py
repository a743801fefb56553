"""Layers around other layers: the weights are those of what is inside."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.facts import class_of, facts
from autograder.graphs.layers.formulas.calculation import (
    NOTHING,
    Config,
    Formula,
    Shape,
    UnknownLayer,
    all_of,
    two_directions,
)
from autograder.graphs.layers.formulas.layer_rules import formula_for, formula_inside, without_axes


@formula_for("TimeDistributed")
def _time_distributed(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The weights of the layer inside, which does not see the time axis."""
    return formula_inside(config["layer"], [without_axes(shape, 1) for shape in shapes])


@formula_for("Bidirectional")
def _bidirectional(config: Config, shapes: Sequence[Shape]) -> Formula:
    """Twice the weights of the layer inside, unless the layer backwards is another one."""
    forward = formula_inside(config["layer"], shapes)
    other = config.get("backward_layer")
    backward = formula_inside(other, shapes) if other else forward
    return two_directions(forward, backward)


@formula_for("SpectralNormalization")
def _spectral_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The layer inside, and one measured number for each place on the kernel's last axis."""
    layer = config["layer"]
    inside = formula_inside(layer, shapes)
    name = facts(class_of(layer)).kernel_ends_with
    if layer["class_name"] == "EinsumDense":
        name = layer["config"]["equation"].split("->")[0][-1]
    if not name:
        raise UnknownLayer(f"SpectralNormalization finds no kernel in {layer['class_name']}.")
    return all_of((inside, Formula(None, inside.expression.factor(name))))


@formula_for("Pipeline")
def _pipeline(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The weights of its layers, as long as the input's shape is still known where they are."""
    formulas: list[Formula] = []
    lost_shape = False
    for place, layer in enumerate(config["layers"], start=1):
        one = formula_inside(layer, shapes)
        if lost_shape and one != NOTHING:
            raise UnknownLayer("No parameter formula is known for a Pipeline that reshapes first.")
        lost_shape = lost_shape or not facts(class_of(layer)).same_shape
        formulas.append(one.renamed(lambda old, p=place: f"{old}_{p}"))
    return all_of(formulas)
