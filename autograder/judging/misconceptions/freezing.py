"""Layers that training changes and should not, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Graph
from autograder.graphs.surgery import with_trainable
from autograder.judging.edits import Edit, slip
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _two_layers(trainable: bool) -> Graph:
    sketch = Sketch()
    body = sketch.layer("Dense", sketch.input(4), name="body", units=4)
    graph = sketch.graph(sketch.layer("Dense", body, name="head", units=1))
    return with_trainable(graph, [1], trainable)


@misconception("not-frozen", example=lambda: (_two_layers(False), _two_layers(True)))
def not_frozen(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer, or a whole part, that goes on learning where it was to be kept as it is."""
    return _otherwise(
        graph,
        hints,
        "trainable",
        message="can be trained, where the exercise has it frozen: training would change the "
        "weights that are to be kept.",
        next_step="Set trainable = False on the layer, or on the model that it belongs to, before "
        "you compile.",
    )


@misconception("frozen-by-mistake", example=lambda: (_two_layers(True), _two_layers(False)))
def frozen_by_mistake(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer, or a whole part, that cannot learn where it should."""
    return _otherwise(
        graph,
        hints,
        "frozen",
        message="is frozen, where the exercise lets it learn: its weights stay as they are, "
        "however long it trains.",
        next_step="Look for trainable = False, on the layer or on a model that it belongs to. A "
        "frozen model freezes every layer in it.",
    )


def _otherwise(
    graph: Graph, hints: Hints, found: str, *, message: str, next_step: str
) -> Iterator[Edit]:
    trainable = found == "trainable"
    for places in hints.frozen_otherwise(graph, trainable):
        yield slip(
            graph,
            with_trainable(graph, places, trainable),
            places,
            message,
            expected="frozen" if trainable else "trainable",
            found=found,
            next_step=next_step,
        )
