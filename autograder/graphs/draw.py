"""A graph as a picture (SVG, by Graphviz) and as text that says the same."""

from __future__ import annotations

import base64
import html
import re
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from autograder.columns import aligned
from autograder.graphs.boxes import Box, Boxes, boxes_of
from autograder.graphs.describe import counted
from autograder.graphs.folding import Fold
from autograder.graphs.reading.models import read_to_show

_INK = "#1a1a1a"
"""Of all words. They stand on something light of the drawing's own: the page may be dark."""
_SMALL = {"fontname": "Helvetica,Arial,sans-serif", "fontsize": "10", "fontcolor": _INK}

MOST_BOXES = 400
"""Boxes in one drawing; nobody reads more."""

MOST_SECONDS = 20
"""How long Graphviz may place boxes; where arrows cross and cross, it would take for ever."""

MOST_STEPS = 5_000
"""How many lines all arrows of a drawing lead down, up to which Graphviz may take its time."""

_IN_A_HURRY = {
    "nslimit": "0.1",
    "nslimit1": "0.1",
    "mclimit": "0.01",
    "searchsize": "5",
    "splines": "line",
}
"""What makes Graphviz look less long for the best place of each box, and draw straight arrows."""

LONGEST_ALT = 150
"""Letters of a picture's alternative text: a screen reader cannot stop in the middle of it."""

_ALT_END = " The same as text below."

NO_PICTURE = (
    "<p style='margin:2px 0'>Shown as text: Graphviz, which draws pictures, is not installed.</p>"
)


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

    @property
    def alt(self) -> str:
        """What the picture is, in a line of at most `LONGEST_ALT` letters: the text is below it."""
        lines = self.text.splitlines()
        boxes = [line for line in lines if line.partition(".")[0].strip().isdigit()]
        marked = [line for line in boxes if line.endswith("HERE]")]
        here = f" HERE: {re.split(r'  +', marked[0])[1]}." if marked else ""
        most = LONGEST_ALT - len(_ALT_END)
        said = f"{self.title} {counted(len(boxes), 'call')}.{here}"
        return (said if len(said) <= most else f"{said[: most - 1]}…") + _ALT_END

    def html(self) -> str:
        """The picture with its text form folded below it; the text alone without Graphviz."""
        text = f"<pre style='line-height:1.3'>{html.escape(self.text)}</pre>"
        if self.svg is None:
            return text + (NO_PICTURE if shutil.which("dot") is None else "")
        alt = html.escape(self.alt, quote=True)
        data = base64.b64encode(self.svg.encode()).decode()
        return (
            f'<img alt="{alt}" style="max-width:100%;border:0" '
            f'src="data:image/svg+xml;base64,{data}">'
            "<details><summary style='display:list-item;cursor:pointer'>The same graph as text"
            f"</summary>{text}</details>"
        )


def draw(
    model: Any,
    mark: Collection[int] = (),
    title: str | None = None,
    *,
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
    graph = read_to_show(model)
    drawn = boxes_of(graph, mark, around, most)
    text = _text(drawn)
    if drawn.left_out:
        text += f"\n… and {counted(drawn.left_out, 'call')} more, not drawn."
    return Drawing(title or f"Graph of {graph.name}:", text, _svg(drawn))


def _text(drawn: Boxes) -> str:
    """A line a box: what it is, its shape, and which lines it reads."""
    if not drawn.boxes:
        return "(nothing to draw)"
    rows, tails = [], []
    runs = {run.start + line: run for run in drawn.folded for line in range(run.length)}
    for line, box in enumerate(drawn.boxes, start=1):
        reads = " + ".join(
            f"{read.box + 1}{f' ({read.output})' if read.output else ''}" for read in box.reads
        )
        notes = [_times(runs[line - 1])] if line - 1 in runs else []
        notes += _about_weights(box)
        notes += box.returned
        notes += ["HERE"] if box.marked else []
        tails.append(f"  [{'; '.join(notes)}]" if notes else "")
        what = box.words if not box.words.startswith("Input ") else "Input"
        rows.append([f"{line}.", box.name, what, box.shape, f"reads {reads}" if reads else ""])
    return "\n".join(map(str.__add__, aligned(rows), tails))


def _about_weights(box: Box) -> list[str]:
    return [*([box.shared] if box.shared else []), *(["frozen"] if box.frozen else [])]


def _times(run: Fold) -> str:
    if run.length == 1:
        return f"×{run.times}"
    return f"lines {run.start + 1} to {run.start + run.length} ×{run.times}"


def _svg(drawn: Boxes) -> str | None:
    """The picture, or None where Graphviz' `dot` is missing, or cannot place it in good time."""
    program = shutil.which("dot")
    if program is None:
        return None
    import pydot

    steps = sum(number - read.box for number, box in enumerate(drawn.boxes) for read in box.reads)
    dot = pydot.Dot(
        "model", graph_type="digraph", rankdir="TB", bgcolor="transparent", nodesep="0.35",
        ranksep="0.3", **(_IN_A_HURRY if steps > MOST_STEPS else {}),
    )  # fmt: skip
    frames = {run.start + line: run for run in drawn.folded for line in range(run.length)}
    clusters = {run: _frame(pydot, run) for run in drawn.folded}
    for number, box in enumerate(drawn.boxes):
        around = clusters[frames[number]] if number in frames else dot
        around.add_node(_node(pydot, number, box))
    for cluster in clusters.values():
        dot.add_subgraph(cluster)
    for number, box in enumerate(drawn.boxes):
        for read in box.reads:
            label = {**_SMALL, "label": _on_white(read.output)} if read.output else {}
            dot.add_edge(pydot.Edge(str(read.box), str(number), color="#888888", **label))
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


def _frame(pydot: Any, run: Fold) -> Any:
    """The frame around a block that stands for several."""
    return pydot.Cluster(
        str(run.start),
        label=f'"×{run.times}"',
        labeljust="l",
        style='"rounded,dashed,filled"',
        fillcolor="#eef2f8",
        color="#4b6a9b",
        fontcolor=_INK,
        fontname="Helvetica,Arial,sans-serif",
        fontsize="13",
    )


def _on_white(text: object) -> str:
    """An arrow's label, as Graphviz' own HTML: nothing else of it can have a background."""
    cell = html.escape(_plain(str(text)))
    table = "border='0' cellspacing='0' cellpadding='1' bgcolor='#ffffff'"
    return f"<<table {table}><tr><td>{cell}</td></tr></table>>"


def _plain(text: str) -> str:
    """The text without control characters, which no SVG can hold."""
    return "".join(letter for letter in text if letter.isprintable())


def _node(pydot: Any, number: int, box: Box) -> Any:
    lines = [box.name, box.words if box.words != f"Input {box.shape}" else "Input", box.shape]
    lines += _about_weights(box)
    lines += box.returned
    if box.marked:
        lines.insert(0, "▶ HERE ◀")
    label = "\\n".join(_plain(line).replace("\\", "").replace('"', "'") for line in lines)
    return pydot.Node(
        str(number),
        label=f'"{label}"',
        shape="box",
        style='"rounded,filled,bold"' if box.marked else '"rounded,filled"',
        fillcolor=_fill(box),
        color="#b45309" if box.marked else "#4b6a9b",
        fontcolor=_INK,
        fontname="Helvetica,Arial,sans-serif",
        fontsize="11",
        margin="0.15,0.06",
    )


def _fill(box: Box) -> str:
    if box.marked:
        return "#fff3cd"
    return "#dbe7f3" if box.frozen else "#ffffff"
