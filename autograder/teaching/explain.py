"""`explain(model)`: the table of `summary()`, with the formula behind every count."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from autograder.graphs import Graph, read_graph
from autograder.graphs.blocks import blocks
from autograder.graphs.describe import describe, number, shape_text
from autograder.judging.formulas import Formula, UnknownLayer, formula

_LEFT, _RIGHT = "text-align:left;padding:2px 10px", "text-align:right;padding:2px 10px"
_TITLES = ("Layer", "What it does", "Output", "Parameters", "Count")


@dataclass(frozen=True)
class Row:
    """One call of the model.

    Attributes:
        layer: the layer's name.
        does: what the call does, in short words.
        output: its output's shape, without the batch axis.
        symbols: the parameter formula with the names of the sizes; "" without weights.
        numbers: the same with the sizes themselves.
        count: how many parameters this row adds to the model.
        note: what else there is to say: shared, frozen, moving averages.
    """

    layer: str
    does: str
    output: str
    symbols: str = ""
    numbers: str = ""
    count: int = 0
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """A model's calls with their parameter formulas, and the totals."""

    model: str
    rows: tuple[Row, ...]
    trainable: int
    non_trainable: int

    @property
    def total(self) -> int:
        """All parameters of the model."""
        return self.trainable + self.non_trainable

    def __repr__(self) -> str:
        cells = [_TITLES, *(_cells(row) for row in self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(5)]
        lines = ["  ".join(_aligned(row, widths)).rstrip() for row in cells]
        return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:], "", self._totals()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='{_LEFT}'>{title}</th>" for title in _TITLES)
        body = "".join(_html_row(row) for row in self.rows)
        return (
            f"<table><caption style='text-align:left'>Parameters of {html.escape(self.model)}"
            f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{html.escape(self._totals())}</p>"
        )

    def _totals(self) -> str:
        return (
            f"Total: {number(self.total)} parameters, {number(self.trainable)} trainable, "
            f"{number(self.non_trainable)} not"
        )


def explain(model: Any) -> Explanation:
    """Explain where every parameter of a model comes from.

    Args:
        model: a built Keras model, or a Graph.

    Raises:
        NotReadable: if it is no model whose graph can be seen.
        UnknownLayer: if it has a layer whose formula is not known.
    """
    graph = read_graph(model)
    rows: list[Row] = []
    trainable = non_trainable = 0
    owners: dict[int, int] = {}
    for place, *ends in blocks(graph):
        call = graph.calls[place]
        counts = _formula(graph, place)
        first = call.weights is None or call.weights not in owners
        if call.weights is not None:
            owners.setdefault(call.weights, place)
        row = _row(graph, place, counts, first, owners)
        rows.append(_with_activation(row, describe(graph.calls[ends[0]])) if ends else row)
        if counts is not None and first:
            trainable += counts.trainable_count
            non_trainable += counts.non_trainable_count
    return Explanation(graph.name, tuple(rows), trainable, non_trainable)


def _with_activation(row: Row, activation: str) -> Row:
    does = f"{row.does}, {activation.removesuffix(' activation')}"
    return Row(row.layer, does, row.output, row.symbols, row.numbers, row.count, row.note)


def _formula(graph: Graph, place: int) -> Formula | None:
    call = graph.calls[place]
    if call.weights is None:
        return None
    try:
        config = {**call.config, "trainable": call.trainable}
        return formula(call.op, config, call.built_on, call.wrappers)
    except UnknownLayer as error:
        raise UnknownLayer(f"Layer {call.name!r}: {error}") from None


def _row(
    graph: Graph, place: int, counts: Formula | None, first: bool, owners: dict[int, int]
) -> Row:
    call = graph.calls[place]
    does, output = describe(call), shape_text(call.shape)
    if counts is None:
        return Row(call.name, "Input" if call.op == "Input" else does, output)
    if not first:
        return Row(call.name, does, output, note="the same weights once more")
    calls = sum(other.weights == call.weights for other in graph.calls)
    notes = [f"1 set of weights, {calls} calls"] if calls > 1 else []
    notes += ["frozen: not trainable"] if not call.trainable else []
    if counts.non_trainable_count and call.trainable:
        notes.append(f"{number(counts.non_trainable_count)} of them not trainable")
    return Row(
        call.name, does, output, counts.symbols(), counts.numbers(), counts.count, "; ".join(notes)
    )


def _parameters(row: Row) -> str:
    text = f"{row.symbols} = {row.numbers}" if row.symbols else ""
    return f"{text} [{row.note}]".strip() if row.note else text


def _cells(row: Row) -> tuple[str, ...]:
    return row.layer, row.does, row.output, _parameters(row), number(row.count)


def _aligned(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    left = [cell.ljust(width) for cell, width in zip(cells[:4], widths[:4], strict=True)]
    return [*left, cells[4].rjust(widths[4])]


def _html_row(row: Row) -> str:
    *left, count = _cells(row)
    cells = "".join(f"<td style='{_LEFT}'>{html.escape(cell)}</td>" for cell in left)
    return f"<tr>{cells}<td style='{_RIGHT}'>{count}</td></tr>"
