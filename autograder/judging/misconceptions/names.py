"""Mistakes about which input stands under which name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from autograder.graphs import Graph
from autograder.graphs.describe import shape_text
from autograder.graphs.surgery import renumbered
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _example() -> tuple[Graph, Graph]:
    def pair(*sizes: int) -> Graph:
        sketch = Sketch()
        inputs = {size: sketch.input(size) for size in sizes}
        ends = [sketch.layer("Dense", inputs[size], units=size) for size in (3, 8)]
        return sketch.graph(*ends)

    return pair(3, 8), pair(8, 3)


@misconception("inputs-swapped", example=_example, rearranges=True)
def inputs_swapped(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Two inputs of different shapes, each under the other's name or number."""
    for first, second in combinations(range(len(graph.inputs)), 2):
        one, other = graph.calls[first], graph.calls[second]
        if one.label == other.label:
            continue
        order = list(range(len(graph.calls)))
        order[first], order[second] = second, first
        shapes = [shape_text((None, *call.config["shape"])) for call in (one, other)]
        names, way = _names(graph, hints, first, second)
        yield Edit(
            renumbered(graph, order),
            f"{way} {names[0]} stands the input that is meant for {names[1]}, and the other way "
            "round. Data goes in that way, so each would get what is meant for the other.",
            {"one": one.trace, "other": other.trace},
            ("one", "other"),
            expected=_pairs(names, shapes),
            found=_pairs(names, shapes[::-1]),
            next_step="Look at what you give to keras.Model as inputs, one by one.",
            origin=(one.trace, other.trace),
        )


def _names(graph: Graph, hints: Hints, first: int, second: int) -> tuple[list[str], str]:
    """What to call the places of two inputs."""
    names = [graph.inputs[n] for n in (first, second)]
    if all(names) and hints.goes_by(names):
        return [repr(name) for name in names], "Under the name"
    return [f"input {n + 1}" for n in (first, second)], "In the place of"


def _pairs(names: list[str], shapes: list[str]) -> str:
    return "; ".join(f"{name}: {shape}" for name, shape in zip(names, shapes, strict=True))
