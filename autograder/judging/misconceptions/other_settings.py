"""Settings that have no misconception of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from autograder.graphs import Call, Graph
from autograder.graphs.describe import listed, setting_text
from autograder.graphs.graph import WEIGHT
from autograder.graphs.layers.facts import facts, is_own
from autograder.graphs.surgery import with_config, with_layer
from autograder.judging.edits import Edit, changed_together
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.kept_axes import kept_otherwise
from autograder.judging.misconceptions.one_setting import dropping, groups_with, setting_edit
from autograder.judging.misconceptions.two_ways import both_the_same_way
from autograder.judging.misconceptions.widths import WIDTHS


@misconception("wrong-setting", example=lambda: (dropping(0.5), dropping(0.2)))
def wrong_setting(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another value for a setting that has no misconception of its own."""
    keys = {key for call in graph.calls for key in _free_settings(call)}
    for key in sorted(keys):
        for places, call in groups_with(graph, hints, key, settings=_free_settings):
            for value in hints.values(call, key):
                edit = setting_edit(
                    graph,
                    with_config(graph, places, **{key: value}),
                    places,
                    expected=f"{key}={_as_typed(call.config.get(key))}",
                    found=f"{key}={_as_typed(value)}",
                    message=_about(call, key),
                    next_step=f"Look at the argument {key} of this layer.",
                )
                meant = call.keras_config.get(key)
                follows = key == "target_shape" and _hold_other_counts(meant, value)
                yield replace(edit, follows=follows)
    yield from _on_one_side_alone(graph, hints)
    yield from kept_otherwise(graph, hints)
    yield from both_the_same_way(graph, hints)
    yield from _lengths_that_follow(graph, hints)


_NAMED = frozenset(
    {
        *WIDTHS,
        "activation",
        "axes",
        "axis",
        "input_dim",
        "kernel_size",
        "padding",
        "recurrent_activation",
        "return_sequences",
        "use_bias",
    }
)


def _on_one_side_alone(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A setting that layers have on one side alone: what is None is no setting in a graph."""
    for new in (addition[0] for addition in hints.additions() if len(addition) == 1):

        def alike(place: int, new: Call = new) -> list[str]:
            return [graph.calls[place].label] if _key_apart(graph.calls[place], new) else []

        for places in changed_together(graph, hints.is_site, alike):
            call = graph.calls[places[0]]
            key = _key_apart(call, new)
            yield setting_edit(
                graph,
                with_layer(graph, places, new),
                places,
                expected=_if_given(call, key),
                found=_if_given(new, key),
                message=_about(call, key),
                next_step=f"Look at the argument {key} of this layer.",
            )


def _key_apart(one: Call, other: Call) -> str:
    """The only setting in which two calls differ, which one of them has not; "" if it is none."""
    if one.op != other.op or one.op == "Activation" or one.wrappers != other.wrappers:
        return ""
    keys = one.config.keys() ^ other.config.keys()
    same = all(one.config[key] == other.config[key] for key in one.config.keys() - keys)
    named = frozenset() if is_own(one.op) else _NAMED
    return next(iter(keys - named), "") if len(keys) == 1 and same else ""


def _if_given(call: Call, key: str) -> str:
    return f"{key}={_as_typed(call.config[key])}" if key in call.config else f"no {key} of its own"


_COMPUTES = "That setting changes what the layer computes."


def _lengths_that_follow(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Other numbers in all new shapes at once, where what is laid out anew has other lengths."""
    shaped = [n for n, call in enumerate(graph.calls) if call.keras_config.get("target_shape")]
    ways: list[dict[int, int]] = []
    for place in shaped:
        meant = graph.calls[place].config["target_shape"]
        for value in hints.values(graph.calls[place], "target_shape"):
            lengths = _lengths_apart(meant, value)
            if lengths and lengths not in ways:
                ways.append(lengths)
    together = {one: other for lengths in ways for one, other in lengths.items()}
    if len(ways) > 1 and all(lengths.items() <= together.items() for lengths in ways):
        ways.insert(0, together)
    for lengths in ways[:_MOST_LENGTHS]:
        places = [n for n in shaped if lengths.keys() & set(graph.calls[n].config["target_shape"])]
        were, are = (listed([f"{n:,}" for n in sizes]) for sizes in (lengths, lengths.values()))
        for wide in (False, True):
            edit = setting_edit(
                graph,
                _with_lengths(graph, places, lengths, wide=wide),
                places,
                expected=f"the length {were}",
                found=f"the length {are}",
                message="It follows from what is laid out anew.",
                next_step="Look at the layers before it.",
            )
            if not wide or _has_units_of(graph, lengths):
                yield replace(edit, follows=True)


_MOST_LENGTHS = 6


def _has_units_of(graph: Graph, lengths: dict[int, int]) -> bool:
    return any(call.keras_config.get("units") in lengths for call in graph.calls)


def _with_lengths(graph: Graph, places: list[int], lengths: dict[int, int], *, wide: bool) -> Graph:
    """The graph with other numbers in the new shapes that some calls make.

    Args:
        graph: any graph.
        places: the calls.
        lengths: the numbers, before and after.
        wide: whether layers of as many units go by them, too.
    """
    for place in places:
        shape = [lengths.get(size, size) for size in graph.calls[place].config["target_shape"]]
        graph = with_config(graph, [place], target_shape=shape)
    for place, call in enumerate(graph.calls) if wide else ():
        if (units := call.keras_config.get("units")) in lengths:
            graph = with_config(graph, [place], units=lengths[units])
    return graph


def _lengths_apart(meant: list[int], found: Any) -> dict[int, int]:
    """The lengths in which two shapes differ, before and after; none where all do."""
    if not found or len(meant) != len(found) or not _hold_other_counts(meant, found):
        return {}
    apart = {pair for pair in zip(meant, found, strict=True) if pair[0] != pair[1]}
    lengths = dict(apart)
    return lengths if len(lengths) == len(apart) else {}


def _as_typed(value: Any) -> str:
    """A setting as one types it: 2 for the same size each way, else a tuple."""
    if not isinstance(value, list) or not all(isinstance(size, int) for size in value):
        return setting_text(value)
    return str(value[0]) if len(value) == 1 else f"({', '.join(map(str, value))})"


def _hold_other_counts(meant: Any, found: Any) -> bool:
    """Whether two shapes are of other counts of numbers: then what has this shape is another."""
    shapes = (meant, found)
    known = all(shape and all(isinstance(size, int) for size in shape) for shape in shapes)
    return known and prod(meant) != prod(found)


def _free_settings(call: Call) -> Mapping[str, Any]:
    """The settings of a call that no other misconception is about: all of what somebody wrote."""
    if is_own(call.op):
        return call.config
    if call.op in ("Activation", WEIGHT):
        return {}
    named = _NAMED | _WINDOWS if facts(call.op).pools else _NAMED
    return {key: value for key, value in call.config.items() if key not in named}


_WINDOWS = frozenset({"pool_size", "strides"})


def _about(call: Call, key: str) -> str:
    """What a setting says."""
    return _COMPUTES if is_own(call.op) else _SETTINGS.get(key, _COMPUTES)


_SETTINGS = {
    "dropout": "That share of what the layer reads is set to 0 in training.",
    "go_backwards": "With go_backwards a sequence is read from its end.",
    "mask_zero": "With mask_zero the layers behind skip the padding, that is every id 0; without "
    "it they read it like a word.",
    "rate": "The rate is the share of values that are set to 0 in training.",
    "return_state": "With return_state the layer returns its state, too: more than one tensor.",
}
