"""Mistakes in how wide a layer is: units, filters, heads, the table of an Embedding."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Graph
from autograder.graphs.describe import counted
from autograder.graphs.sizes import WIDTHS_OF_LAYERS
from autograder.graphs.surgery import with_config
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import (
    groups_with,
    one_layer,
    setting_edit,
    with_other_values,
)


def _embedding(vocabulary: int, width: int) -> Graph:
    return one_layer("Embedding", None, input_dim=vocabulary, output_dim=width)


@misconception("embedding-swapped", example=lambda: (_embedding(500, 16), _embedding(16, 500)))
def embedding_swapped(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Embedding's two arguments in each other's place."""
    for places, call in groups_with(graph, hints, "input_dim", lambda call: call.op == "Embedding"):
        words, width = call.config["input_dim"], call.config["output_dim"]
        yield setting_edit(
            graph,
            with_config(graph, places, input_dim=width, output_dim=words),
            places,
            expected=f"a vocabulary of {words:,} words with vectors of {width:,} numbers",
            found=f"a vocabulary of {width:,} words with vectors of {words:,} numbers",
            message="The two arguments are in each other's place. The table has the same size "
            "either way, but a word with a number too large for the vocabulary has no row in it, "
            "and every layer behind reads much wider vectors.",
            next_step="Which argument of Embedding comes first? Write both with their names.",
        )


@misconception("wrong-vocabulary", example=lambda: (_embedding(500, 16), _embedding(400, 16)))
def wrong_vocabulary(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An Embedding for another number of words."""
    for other in with_other_values(
        graph, hints, ("input_dim",), lambda call: call.op == "Embedding"
    ):
        yield setting_edit(
            graph,
            other.graph,
            other.places,
            expected=f"{other.meant:,} words",
            found=f"{other.value:,} words",
            message="The vocabulary says how many rows the table has; a word with a higher number "
            "has none.",
            next_step="Look up the size of this input's vocabulary in the question.",
        )


WIDTHS = ("units", "filters", "output_dim", "num_heads", "key_dim", "depth_multiplier", "n")


@misconception(
    "wrong-units",
    example=lambda: (one_layer("Dense", 8, units=4), one_layer("Dense", 8, units=5)),
)
def wrong_units(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another number of units, filters or vector entries."""
    for other in with_other_values(graph, hints, WIDTHS):
        yield setting_edit(
            graph,
            other.graph,
            other.places,
            expected=_wide(other.key, other.meant),
            found=_wide(other.key, other.value),
            message=_ABOUT_WIDTHS.get(other.key, _WIDTH),
            next_step=_COMPARE,
        )
    for places, width in _one_number(graph, hints):
        for value in _other_widths(graph, hints, places, width):
            yield setting_edit(
                graph,
                _with_width(graph, width, value),
                places,
                expected=f"a width of {width:,}",
                found=f"a width of {value:,}",
                message="They go by one number, so all of them are wrong together.",
                next_step=_COMPARE,
            )


_COMPARE = "Compare this number with the question. Is it one of your function's arguments?"


def _one_number(graph: Graph, hints: Hints) -> Iterator[tuple[list[int], int]]:
    """Layers of several classes that are of one width, with that width."""
    found: dict[int, list[int]] = {}
    for place, call in enumerate(graph.calls):
        for key in WIDTHS_OF_LAYERS:
            if key in call.keras_config:
                found.setdefault(call.keras_config[key], []).append(place)
    for width, places in found.items():
        is_site = any(hints.is_site(graph, place) for place in places)
        if is_site and len({graph.calls[place].op for place in places}) > 1:
            yield places, width


def _other_widths(graph: Graph, hints: Hints, places: list[int], width: int) -> list[int]:
    """The widths that the answer has in such layers."""
    found = {
        value
        for call in (graph.calls[place] for place in places)
        for key in WIDTHS_OF_LAYERS
        if key in call.keras_config
        for value in hints.values(call, key)
    }
    return sorted(value for value in found if value is not None and value != width)


def _with_width(graph: Graph, width: int, value: int) -> Graph:
    """The graph with another number wherever a width is this one, in a new shape, too."""
    for place, call in enumerate(graph.calls):
        known = call.keras_config
        other = {key: value for key in WIDTHS_OF_LAYERS if known.get(key) == width}
        shape = known.get("target_shape")
        if isinstance(shape, list) and width in shape:
            other["target_shape"] = [value if size == width else size for size in shape]
        if other:
            graph = with_config(graph, [place], **other)
    return graph


_WIDTH = (
    "That number is the width of what the layer passes on; it is a factor in its own parameter "
    "count, and in that of a layer that reads it."
)
_ABOUT_WIDTHS = {
    "depth_multiplier": "Each channel that comes in gets that many filters of its own; the number "
    "is a factor in the parameter count.",
    "key_dim": "By that many numbers each head compares; it is a factor in the parameter count. "
    "What the layer passes on is as wide as before.",
    "n": "That is the length of the sequence that the layer makes of one row of numbers.",
    "num_heads": "Each head compares in a way of its own; their number is a factor in the "
    "parameter count.",
}


def _wide(key: str, width: int) -> str:
    """A width in words, by the setting that says it."""
    if key == "output_dim":
        return f"{counted(width, 'number')} a word"
    if key == "key_dim":
        return f"keys of {counted(width, 'number')}"
    if key == "depth_multiplier":
        return f"{counted(width, 'filter')} a channel"
    if key == "n":
        return f"n={width}"
    return counted(width, {"filters": "filter", "num_heads": "head"}.get(key, "unit"))
