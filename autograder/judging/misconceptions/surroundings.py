"""Mistakes in what is around a layer, and in what it is called with beside its tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.graphs import Call, Graph, Wrappers
from autograder.graphs.describe import describe, setting_text
from autograder.graphs.surgery import with_arguments, with_wrappers
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import (
    dropping,
    groups_of_layers,
    one_layer,
    setting_edit,
)
from autograder.judging.nested import leaves


def _twoway(mode: str) -> Graph:
    return one_layer("LSTM", None, 4, units=3, wrappers=Wrappers(bidirectional=mode))


@misconception("wrong-wrapper", example=lambda: (_twoway("concat"), _twoway("")))
def wrong_wrapper(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A Bidirectional or TimeDistributed around a layer too few, or too many."""
    words = {"bidirectional": "Bidirectional", "time_distributed": "TimeDistributed"}
    for key, wrapper in words.items():
        for places, call in groups_of_layers(graph, hints):
            own = getattr(call.wrappers, key)
            for value in _other_wrappers(hints, call, key):
                both = bool(value and own)
                yield setting_edit(
                    graph,
                    with_wrappers(graph, places, **{key: value}),
                    places,
                    expected=_around(wrapper, own, both),
                    found=_around(wrapper, value, both),
                    message="A Bidirectional layer reads its sequence from both ends, with two "
                    "sets of weights; TimeDistributed does the same at each step.",
                    next_step="Compare the wrapper of this layer with the question.",
                )


def _other_wrappers(hints: Hints, call: Call, key: str) -> list[Any]:
    """What else one of the things around a call's layer could be, each once."""
    found: list[Any] = []
    for wrappers in hints.wrappers(call):
        value = getattr(wrappers, key)
        if value != getattr(call.wrappers, key) and value not in found:
            found.append(value)
    return found


def _around(wrapper: str, value: Any, both: bool) -> str:
    """What is around a layer; with the wrapper's setting where only that tells two apart."""
    if not value:
        return f"no {wrapper} around it"
    return f"{wrapper} ({value}) around it" if both else f"{wrapper} around it"


@misconception(
    "wrong-argument", example=lambda: (dropping(0.5), dropping(0.5, arguments={"training": True}))
)
def wrong_argument(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer or operation that is called with another argument beside its tensors."""
    for places, call in groups_of_layers(graph, hints):
        for found in hints.arguments(call):
            meant_text, found_text = _told_apart(call.arguments, found)
            yield setting_edit(
                graph,
                with_arguments(graph, places, found),
                places,
                expected=meant_text,
                found=found_text,
                message=_ABOUT_TRAINING
                if "training" in {*call.arguments, *found}
                else "That changes what the call computes.",
                next_step="Look at what that call is given beside its tensors.",
                verb="is called with",
            )


_ABOUT_TRAINING = (
    "Left away, Keras itself says whether it trains: in fit it does, in predict and evaluate it "
    "does not. With training=True a Dropout goes on dropping when the model is used."
)


def _told_apart(meant: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, str]:
    """Two ways to call something, with the first number that differs where words are the same."""
    texts = _arguments(meant), _arguments(found)
    if texts[0] != texts[1]:
        return texts
    for place, (one, other) in enumerate(zip(leaves(meant), leaves(found), strict=False)):
        if one != other:
            numbers = (n for n, leaf in enumerate(leaves(meant)) if _is_number(leaf))
            before = place - next(numbers, place)
            end = f" with {{}} in place {before + 1}"
            return texts[0] + end.format(one), texts[1] + end.format(other)
    return texts


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float))


def _arguments(given: Mapping[str, Any]) -> str:
    """What a call is given, with dots for its tensors: "the arguments (…, training=True)"."""
    words = [_written(value) for value in given.get("args", ["#"])]
    words += [f"{key}={_written(value)}" for key, value in given.items() if key != "args"]
    return f"the arguments ({', '.join(words)})"


def _written(value: Any) -> str:
    """A value as one writes it: slices with colons, a tensor as dots."""
    if isinstance(value, Mapping) and value.get("class_name") == "__slice__":
        start, stop, step = (value["config"].get(key) for key in ("start", "stop", "step"))
        text = ":".join("" if end is None else str(end) for end in (start, stop))
        return text if step is None else f"{text}:{step}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "…" if value == "#" else setting_text(value)


def _backwards(**backward: Any) -> Graph:
    own = {"op": "LSTM", "config": backward} if backward else None
    return one_layer("LSTM", None, 4, units=3, wrappers=Wrappers(0, "concat", own))


@misconception("wrong-backward-layer", example=lambda: (_backwards(), _backwards(units=5)))
def wrong_backward_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A Bidirectional whose way back is a layer of its own, or another one than asked for."""
    for places, call in groups_of_layers(graph, hints):
        for value in _other_wrappers(hints, call, "backward"):
            yield setting_edit(
                graph,
                with_wrappers(graph, places, backward=value),
                places,
                expected=_way_back(call.wrappers.backward),
                found=_way_back(value),
                message="A Bidirectional reads its sequence from the end with a mirrored copy of "
                "its layer, unless backward_layer gives it another.",
                next_step="Look at the argument backward_layer.",
            )


def _way_back(backward: Mapping[str, Any] | None) -> str:
    if backward is None:
        return "its own mirrored copy as backward layer"
    return f"{describe(Call(backward['op'], backward['config']))} as backward layer"
