"""Attention: dense layers into the heads and out of them."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.layers.expressions import Expression, Factor, Number
from autograder.graphs.layers.formulas.calculation import NOTHING, Config, Formula, Shape, all_of
from autograder.graphs.layers.formulas.layer_rules import formula_for
from autograder.graphs.layers.formulas.parts import axes_size, axis_size, bias_of, matrix, one_if


@formula_for("Attention")
def _attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One number that scales the scores, one more for the scores of `score_mode="concat"`."""
    weights = one_if(config.get("use_scale", False))
    weights += one_if(config.get("score_mode", "dot") == "concat")
    return Formula(Number(weights)) if weights else NOTHING


@formula_for("AdditiveAttention")
def _additive_attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One scale for each feature of the query."""
    return Formula(axis_size("features", shapes[0])) if config.get("use_scale", True) else NOTHING


@formula_for("MultiHeadAttention")
def _multi_head_attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """Four dense layers: query, key and value into the heads, the heads into the output."""
    query, value = shapes[:2]
    heads, key_dim = Factor("heads", config["num_heads"]), Factor("key_dim", config["key_dim"])
    value_dim = Factor("value_dim", config.get("value_dim") or key_dim.value)
    gates = [(axis_size("query_width", query), heads * value_dim)] if config.get("use_gate") else []
    return _projections(
        config,
        (axis_size("query_width", query), heads * key_dim),
        (axis_size("key_width", shapes[2] if len(shapes) > 2 else value), heads * key_dim),
        (axis_size("value_width", value), heads * value_dim),
        *gates,
        (heads * value_dim, _output_width(config.get("output_shape"), query)),
    )


def _output_width(output: int | Sequence[int] | None, query: Shape) -> Expression:
    sizes = [output] if isinstance(output, int) else output or [query[-1]]
    return axes_size("output_width", [None, *sizes], range(1, len(sizes) + 1))


@formula_for("GroupedQueryAttention", "GroupQueryAttention")
def _grouped_query_attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """As attention with many heads, but several query heads share one key and value head.

    The class has the first name, in `keras.layers` and in configs it has the second.
    """
    query, value = shapes[:2]
    width, head_dim = axis_size("query_width", query), Factor("head_dim", config["head_dim"])
    heads = Factor("query_heads", config["num_query_heads"]) * head_dim
    shared = Factor("key_value_heads", config["num_key_value_heads"]) * head_dim
    gates = [(width, heads)] if config.get("use_gate") else []
    return _projections(
        config,
        (width, heads),
        (axis_size("key_width", shapes[2] if len(shapes) > 2 else value), shared),
        (axis_size("value_width", value), shared),
        *gates,
        (heads, width),
    )


def _projections(config: Config, *sides: tuple[Expression, Expression]) -> Formula:
    return all_of(matrix({}, rows, columns, bias_of(config, columns)) for rows, columns in sides)
