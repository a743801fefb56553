"""A graph as a picture (SVG, by Graphviz) and as text that says the same."""

from __future__ import annotations

import base64
import html
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from autograder.graphs.blocks import blocks
from autograder.graphs.describe import counted, describe, layer_name, shape_text
from autograder.graphs.graph import Graph
from autograder.graphs.reading.models import read_graph

MOST_BOXES = 400
"""Boxes in one drawing; nobody reads more."""

MOST_SECONDS = 20
"""How long Graphviz may place boxes; where arrows cross and cross, it would take for ever."""

MOST_ARROWS = 50
"""Arrows into one box."""

LONGEST_TEXT = 120
"""Characters of a line in a box."""


@dataclass(frozen=True)
class Box:
    """What is drawn as one box: a call, with the activation that its layer applies."""

    places: tuple[int, ...]
    name: str
    words: str
    shape: str
    reads: tuple[int, ...]
    """Places in the list of boxes."""
    marked: bool
    returned: tuple[str, ...]
    shared: str


@dataclass(frozen=True)
class Drawing:
    """A drawn graph; a notebook shows the picture, a terminal the text."""

    title: str
    text: str
    svg: str | None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": f"{self.title}\n{self.text}"}

    def __repr__(self) -> str:
        return f"{self.title}\n{self.text}"

    def html(self) -> str:
        """The picture with its text form folded below it; the text alone without Graphviz."""
        text = f"<pre style='line-height:1.3'>{html.escape(self.text)}</pre>"
        if self.svg is None:
            return text
        alt = html.escape(f"{self.title} {self.text}".replace("\n", "; "), quote=True)
        data = base64.b64encode(self.svg.encode()).decode()
        return (
            f'<img alt="{alt}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'
            f"<details><summary>The same graph as text</summary>{text}</details>"
        )


def draw(
    model: Any,
    mark: Collection[int] = (),
    title: str | None = None,
    around: Collection[int] | None = None,
    most: int = MOST_BOXES,
) -> Drawing:
    """Draw a model: one box a call, arrows for the tensors.

    Args:
        model: a built Keras model, or a Graph.
        mark: places in the graph to point out.
        title: what the drawing is called; the model's name by default.
        around: places to draw with what they read and what reads them; all by default.
        most: how many boxes are drawn.

    Raises:
        NotReadable: if `model` is no model whose graph can be seen.
    """
    graph = read_graph(model)
    groups = list(blocks(graph))
    home = {place: number for number, group in enumerate(groups) for place in group}
    shown = list(range(len(groups)))
    if around is not None:
        shown = _part(graph, groups, home, around, most)
    left_out = max(0, len(shown) - most)
    shown = shown[:most]
    numbers = {group: number for number, group in enumerate(shown)}
    boxes = [_box(graph, groups[group], home, numbers, mark) for group in shown]
    title = title or f"Graph of {graph.name}:"
    text = _text(boxes)
    if left_out:
        text += f"\n… and {counted(left_out, 'call')} more, not drawn."
    return Drawing(title, text, _svg(boxes))


def _part(
    graph: Graph,
    groups: list[tuple[int, ...]],
    home: dict[int, int],
    around: Collection[int],
    most: int,
) -> list[int]:
    """Only the boxes at these places and their neighbours, as long as there is room for them."""
    core = sorted({home[place] for place in around})[:most]
    near = {home[tensor.call] for n in core for tensor in graph.calls[groups[n][0]].inputs}
    near |= {home[reader] for n in core for reader, _ in graph.readers[groups[n][-1]]}
    room = most - len(core)
    return sorted({*core, *sorted(near.difference(core))[: max(room, 0)]})


def _box(
    graph: Graph,
    group: tuple[int, ...],
    home: dict[int, int],
    numbers: dict[int, int],
    mark: Collection[int],
) -> Box:
    first, last = group[0], group[-1]
    call = graph.calls[first]
    words = describe(call)
    if len(group) > 1:
        words += f", {graph.calls[last].config['activation']}"
    calls = [] if call.weights is None else graph.layers[call.weights]
    read = [numbers[home[t.call]] for t in call.inputs if home[t.call] in numbers]
    return Box(
        places=group,
        name=_short(layer_name(graph, first)),
        words=_short(words),
        shape=shape_text(graph.calls[last].shape),
        reads=tuple(read[:MOST_ARROWS]),
        marked=any(place in mark for place in group),
        returned=tuple(
            f"output {name!r}" if name else "output"
            for name, tensor in zip(graph.output_names, graph.outputs, strict=True)
            if tensor.call == last
        )[:MOST_ARROWS]
        if last in graph.returned
        else (),
        shared=f"one set of weights, {len(calls)} calls" if len(calls) > 1 else "",
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _text(boxes: list[Box]) -> str:
    """A line a box: what it is, its shape, and which lines it reads."""
    if not boxes:
        return "(nothing to draw)"
    rows = []
    for line, box in enumerate(boxes, start=1):
        reads = " + ".join(str(source + 1) for source in box.reads)
        notes = [box.shared] if box.shared else []
        notes += box.returned
        notes += ["HERE"] if box.marked else []
        tail = f"  [{'; '.join(notes)}]" if notes else ""
        what = box.words if not box.words.startswith("Input ") else "Input"
        rows.append(
            (f"{line}.", box.name, what, box.shape, f"reads {reads}" if reads else "", tail)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        + row[5]
        for row in rows
    )


def _svg(boxes: list[Box]) -> str | None:
    """The picture, or None where Graphviz' `dot` is missing, or cannot place it in good time."""
    program = shutil.which("dot")
    if program is None:
        return None
    import pydot

    dot = pydot.Dot(
        "model", graph_type="digraph", rankdir="TB", bgcolor="transparent", nodesep="0.35",
        ranksep="0.3",
    )  # fmt: skip
    for number, box in enumerate(boxes):
        dot.add_node(_node(pydot, number, box))
    for number, box in enumerate(boxes):
        for source in box.reads:
            dot.add_edge(pydot.Edge(str(source), str(number), color="#888888"))
    try:
        run = subprocess.run(
            [program, "-Tsvg"],
            input=dot.to_string().encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout.decode() if run.returncode == 0 else None


def _plain(text: str) -> str:
    """The text without control characters, which no SVG can hold."""
    return "".join(letter for letter in text if letter.isprintable())


def _node(pydot: Any, number: int, box: Box) -> Any:
    lines = [box.name, box.words if box.words != f"Input {box.shape}" else "Input", box.shape]
    lines += [box.shared] if box.shared else []
    lines += box.returned
    if box.marked:
        lines.insert(0, "▶ HERE ◀")
    label = "\\n".join(_plain(line).replace("\\", "").replace('"', "'") for line in lines)
    return pydot.Node(
        str(number),
        label=f'"{label}"',
        shape="box",
        style='"rounded,filled,bold"' if box.marked else '"rounded,filled"',
        fillcolor="#fff3cd" if box.marked else "#ffffff",
        color="#b45309" if box.marked else "#4b6a9b",
        fontcolor="#1a1a1a",
        fontname="Helvetica,Arial,sans-serif",
        fontsize="11",
        margin="0.15,0.06",
    )
