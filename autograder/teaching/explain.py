"""`explain(model)`: the table of `summary()`, with the formula behind every count."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.columns import aligned
from autograder.graphs import Call, Graph
from autograder.graphs.blocks import blocks
from autograder.graphs.describe import (
    describe,
    listed,
    number,
    shapes_text,
    tensor_name,
)
from autograder.graphs.folding import Fold, folds
from autograder.graphs.graph import WEIGHT
from autograder.graphs.layers.formulas import UnknownLayer, formula
from autograder.graphs.reading.models import read_to_show

_LEFT = "text-align:left;padding:2px 6px;white-space:normal"  # where it is narrow, lines break
_RIGHT = "text-align:right;padding:2px 6px"
_MOST_VARIABLES = 8
"""Variables of a layer that are told one by one."""

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
    """A model's calls with their parameter formulas, and the totals.

    It is shown with equal blocks in a run folded; `rows` has each call.
    """

    model: str
    rows: tuple[Row, ...]
    trainable: int
    non_trainable: int
    uncounted: tuple[str, ...] = ()
    """Layers that may have weights, of which nothing is known here."""

    @property
    def total(self) -> int:
        """All parameters of the model."""
        return self.trainable + self.non_trainable

    def __repr__(self) -> str:
        cells = [_TITLES, *(_cells(row) for row in folded(self.rows))]
        lines = aligned(cells, right={_TITLES.index("Count")})
        return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:], "", self._totals()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='{_LEFT}'>{title}</th>" for title in _TITLES)
        body = "".join(_html_row(row) for row in folded(self.rows))
        return (
            "<div style='overflow-x:auto'><table><caption style='text-align:left;color:inherit'>"
            f"Parameters of {html.escape(self.model)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
            f"<p>{html.escape(self._totals())}</p>"
        )

    def _totals(self) -> str:
        return (
            f"Total: {number(self.total)} parameters, {number(self.trainable)} trainable, "
            f"{number(self.non_trainable)} not"
            f"{f', and those of {listed(list(map(repr, self.uncounted)))}' * bool(self.uncounted)}"
        )


@dataclass(frozen=True)
class Count:
    """How many parameters one layer has: as a formula, or as what its variables hold."""

    symbols: str
    numbers: str
    trainable: int
    non_trainable: int
    note: str = ""

    @property
    def all(self) -> int:
        """Both together."""
        return self.trainable + self.non_trainable


def folded(rows: Sequence[Row]) -> list[Row]:
    """The rows with one block for each run of equal ones; its counts are those of the run."""
    numbers: dict[Row, int] = {}
    kinds = [numbers.setdefault(replace(row, layer=""), len(numbers)) for row in rows]
    found: list[Row] = []
    line = 0
    for run in [
        *folds(len(rows), lambda one, other: kinds[one] == kinds[other]),
        Fold(len(rows), 0, 0),
    ]:
        found += rows[line : run.start]
        for first in range(run.start, run.start + run.length):
            row, last = rows[first], rows[run.last(first)]
            blocks_ = f"×{run.times}" if run.length == 1 else f"in each of {run.times} blocks"
            note = "; ".join(filter(None, [row.note, blocks_]))
            name = f"{row.layer} … {last.layer}"
            found.append(replace(row, layer=name, count=row.count * run.times, note=note))
        line = run.end
    return found


def explain(model: Any) -> Explanation:
    """Explain where every parameter of a model comes from.

    Args:
        model: a built Keras model, or a Graph.

    Raises:
        NotReadable: if it is no model whose graph can be seen.
    """
    graph = read_to_show(model)
    rows: list[Row] = []
    trainable = non_trainable = 0
    seen: set[int] = set()
    uncounted: list[str] = []
    for place, *ends in blocks(graph):
        call = graph.calls[place]
        if call.op == WEIGHT:
            rows.append(_row_of_weight(graph, place))
            continue
        counts = _count(call)
        first = call.weights not in seen
        if call.weights is not None and first:
            seen.add(call.weights)
            uncounted += [call.name] if counts is None else []
        row = _row(graph, place, counts, first)
        rows.append(_with_activation(row, describe(graph.calls[ends[0]])) if ends else row)
        if counts is not None and first:
            trainable += counts.trainable
            non_trainable += counts.non_trainable
    return Explanation(graph.name, tuple(rows), trainable, non_trainable, tuple(uncounted))


def _with_activation(row: Row, activation: str) -> Row:
    return replace(row, does=f"{row.does}, {activation.removesuffix(' activation')}")


def _doing(graph: Graph, place: int) -> str:
    """What a call does; of what, where it reads more than the first output of a layer."""
    call = graph.calls[place]
    if not any(tensor.output for tensor in call.inputs):
        return describe(call)
    return f"{describe(call)}, of {listed([tensor_name(graph, t) for t in call.inputs])}"


def _count(call: Call) -> Count | None:
    """How many parameters a call's layer has; None where it has none, or nobody knows."""
    if call.weights is None:
        return None
    if call.held is not None:
        return _count_of_variables(call)
    config = {**call.config, "trainable": call.trainable}
    try:
        found = formula(call.op, config, call.built_on, call.wrappers)
    except UnknownLayer:
        return None
    if found is None:
        return None
    counts = found.trainable_count, found.non_trainable_count
    return Count(found.symbols(), found.numbers(), *counts)


def _count_of_variables(call: Call) -> Count | None:
    held = call.held or ()
    counted = [variable for variable in held if not variable.elsewhere]
    sizes = [math.prod(variable.shape) for variable in counted]
    learning = [variable.trainable and call.trainable for variable in counted]
    trainable = sum(size for size, learns in zip(sizes, learning, strict=True) if learns)
    shapes = ["×".join(map(str, variable.shape)) or "1" for variable in counted]
    more = len(shapes) - _MOST_VARIABLES
    if more > 0:
        shapes = [*shapes[:_MOST_VARIABLES], f"… {number(more)} more"]
    borrowed = len(held) - len(counted)
    note = f"uses {number(borrowed)} variable{'s' * (borrowed > 1)} of other layers, too"
    return Count(
        "its variables",
        " + ".join(shapes) or "none",
        trainable,
        sum(sizes) - trainable,
        note if borrowed else "",
    )


def _row(graph: Graph, place: int, counts: Count | None, first: bool) -> Row:
    call = graph.calls[place]
    does, output = _doing(graph, place), shapes_text(graph, place)
    if call.op == "Input":
        return Row(call.name, "Input", output)
    if not first:
        return Row(call.name, does, output, note="the same weights once more")
    if counts is None:
        note = "how many is not known here" if call.weights is not None else ""
        return Row(call.name, does, output, note=note)
    calls = len(graph.calling(call.weights))
    notes = [f"1 set of weights, {calls} calls"] if calls > 1 else []
    notes += ["frozen: not trainable"] if not call.trainable else []
    if counts.non_trainable and call.trainable:
        notes.append(f"{number(counts.non_trainable)} of them not trainable")
    notes += [counts.note] if counts.note else []
    return Row(
        call.name, does, output, counts.symbols, counts.numbers, counts.all, "; ".join(notes)
    )


def _row_of_weight(graph: Graph, place: int) -> Row:
    """A weight that an operation reads, which counts with its layer, as in `summary()`."""
    call = graph.calls[place]
    is_called = call.weights is not None and bool(graph.calling(call.weights))
    note = "a weight of this layer, read once more"
    if not is_called:
        note = "of a layer that the model does not call: no parameter of the model"
    return Row(call.name, describe(call), shapes_text(graph, place), note=note)


def _parameters(row: Row) -> str:
    text = f"{row.symbols} = {row.numbers}" if row.symbols else ""
    return f"{text} [{row.note}]".strip() if row.note else text


def _cells(row: Row) -> tuple[str, ...]:
    return row.layer, row.does, row.output, _parameters(row), number(row.count)


def _html_row(row: Row) -> str:
    *left, count = _cells(row)
    cells = "".join(f"<td style='{_LEFT}'>{html.escape(cell)}</td>" for cell in left)
    return f"<tr>{cells}<td style='{_RIGHT}'>{count}</td></tr>"
