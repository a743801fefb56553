"""Mistakes in what is on or off: biases, the output of every step."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Graph
from autograder.graphs.surgery import with_config
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import groups_with, one_layer, setting_edit


@misconception(
    "missing-bias",
    example=lambda: (
        one_layer("Dense", 8, units=4, use_bias=True),
        one_layer("Dense", 8, units=4, use_bias=False),
    ),
)
def missing_bias(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer without its biases, or with biases where none are meant."""
    for places, call in groups_with(graph, hints, "use_bias"):
        has = call.config["use_bias"]
        changed = with_config(graph, places, use_bias=not has)
        yield setting_edit(
            graph,
            changed,
            places,
            expected="biases" if has else "no biases",
            found="no biases" if has else "biases",
            message="Each unit has one bias, which moves its result up or down whatever comes in; "
            "that is the + 1 in the formula.",
            next_step="Look at use_bias.",
        )


def _recurrent(sequences: bool) -> Graph:
    return one_layer("LSTM", None, 4, units=3, return_sequences=sequences)


@misconception("return-sequences", example=lambda: (_recurrent(False), _recurrent(True)))
def return_sequences(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A recurrent layer that returns every step instead of the last, or the other way round."""
    for places, call in groups_with(graph, hints, "return_sequences"):
        every = call.config["return_sequences"]
        changed = with_config(graph, places, return_sequences=not every)
        words = ("the output of every step", "the output of the last step alone")
        yield setting_edit(
            graph,
            changed,
            places,
            expected=words[0] if every else words[1],
            found=words[1] if every else words[0],
            message="With return_sequences the result keeps its time axis: one vector a step "
            "instead of one for the whole sequence.",
            next_step="Ask what the next layer needs: a sequence, or one vector? Then look at "
            "return_sequences.",
            verb="gives",
        )
