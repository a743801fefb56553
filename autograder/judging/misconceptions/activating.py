"""Activations left out, other ones, and needless ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import setting_text, with_article
from autograder.graphs.layers.activations import ACTIVATION_DEFAULTS
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import with_config, with_inserts, with_layer, without_calls
from autograder.judging.edits import Edit, changed_together, subject
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.one_setting import (
    groups_of_activations,
    setting_edit,
    with_other_values,
)
from autograder.judging.misconceptions.sketch import Sketch


def _active(name: str | None) -> Graph:
    sketch = Sketch()
    hidden = sketch.layer("Dense", sketch.input(8), units=4)
    if name is not None:
        hidden = sketch.activation(name, hidden)
    return sketch.graph(sketch.layer("Dense", hidden, units=2))


@misconception("missing-activation", example=lambda: (_active("relu"), _active(None)))
def missing_activation(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An activation left out."""
    for places in groups_of_activations(graph, hints):
        name = graph.calls[places[0]].config["activation"]
        who = subject(graph, [graph.calls[place].inputs[0].call for place in places])
        changed = without_calls(graph, places)
        yield Edit(
            changed,
            f"{who.text} has no activation; {name} is meant. {_without(graph, places, name)}",
            who.roles,
            tuple(who.roles),
            expected=f"{name} behind it",
            found="no activation",
            next_step="Add the activation that the question names: as an argument, or as a layer.",
            origin=tuple(graph.calls[place].trace for place in places),
        )


_PROBABILITIES = {
    "sigmoid": "Without it any number can come out, also one below 0 or above 1: that is no "
    "probability.",
    "softmax": "Without it any numbers can come out; they do not sum to 1, so they are no "
    "probabilities.",
}


def _without(graph: Graph, places: list[int], name: str) -> str:
    """What a missing activation does: to what comes out, or to the layers behind."""
    outputs = {tensor.call for tensor in graph.outputs}
    if outputs.issuperset(places) and name in _PROBABILITIES:
        return _PROBABILITIES[name]
    behind = (graph.calls[graph.calls[place].inputs[0].call] for place in places)
    if all(facts(call.op).ends_with_activation for call in behind):
        return (
            "Without one the layer is linear, and two linear layers in a row can do no more than "
            "one."
        )
    return "Without it the numbers go on as they are."


_WHY = (
    "The activation decides which values can come out: relu none below 0, sigmoid a probability, "
    "softmax probabilities that sum to 1."
)
_COMPARE = "Compare the activation of this layer with the question."


@misconception("wrong-activation", example=lambda: (_active("relu"), _active("tanh")))
def wrong_activation(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another activation than asked for, or one where none is meant."""
    keys = ("activation", "recurrent_activation")
    for other in with_other_values(graph, hints, keys, lambda call: call.op != "Activation"):
        if isinstance(other.value, str):
            tip = _own_default(other.call, other.key) or _COMPARE
            yield setting_edit(
                graph,
                other.graph,
                other.places,
                expected=f"the {_called(other.key)} {setting_text(other.meant)}",
                found=f"the {_called(other.key)} {other.value}",
                message=_WHY,
                next_step=tip,
            )
    additions = [new[0] for new in hints.additions() if len(new) == 1]
    for new in additions:
        if new.op == "Activation":
            yield from _other_activation(graph, hints, new)
            yield from _needless_activation(graph, hints, new)
    yield from _beside_a_mask(graph, hints)


def _beside_a_mask(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another setting of an activation that reads a mask, too, as a softmax does."""
    for places in groups_of_activations(graph, hints):
        call = graph.calls[places[0]]
        for axis in hints.values(call, "axis") if len(call.inputs) > 1 else ():
            changed = with_config(graph, places, axis=axis)
            yield _as_another(graph, changed, places, changed.calls[places[0]])


def _called(key: str) -> str:
    return key.replace("_", " ")


_OWN = {"activation": "tanh", "recurrent_activation": "sigmoid"}


def _own_default(call: Call, key: str) -> str:
    """What to try where the activation that is meant is the one a layer has by itself."""
    if not facts(call.op).recurrent or call.config[key] != _OWN[key]:
        return ""
    one = with_article(call.op)
    return (
        f"{one[0].upper()}{one[1:]}'s own {key} is {_OWN[key]}. Unless the question names "
        "another, leave the argument away."
    )


def _why_other(call: Call, other: Call) -> str:
    """What an activation does there; over one value a softmax says nothing."""
    if other.config["activation"] != "softmax":
        return _WHY
    axis = _setting(other, "axis")
    shape = (call.shape or (None,))[call.wrappers.time_distributed :]
    if isinstance(axis, int) and -len(shape) <= axis < len(shape) and shape[axis] == 1:
        return (
            "A softmax makes its values sum to 1: over one value alone it is always 1, whatever "
            "goes in."
        )
    if call.config.get("activation") == "softmax":
        return "The axis of a softmax says which values sum to 1: those along it."
    return _WHY


def _setting(call: Call, key: str) -> Any:
    """A setting of an activation, or Keras' own where it has none."""
    default = ACTIVATION_DEFAULTS.get(str(call.config["activation"]), {}).get(key)
    return call.config.get(key, default)


def _other_activation(graph: Graph, hints: Hints, other: Call) -> Iterator[Edit]:
    for places in groups_of_activations(graph, hints):
        call = graph.calls[places[0]]
        if other.config != call.config:
            yield _as_another(graph, with_layer(graph, places, other), places, other)


def _as_another(graph: Graph, changed: Graph, places: list[int], other: Call) -> Edit:
    call = graph.calls[places[0]]
    return setting_edit(
        graph,
        changed,
        places,
        expected=f"the activation {_named(call, other)}",
        found=f"the activation {_named(other, call)}",
        message=_why_other(call, other),
        next_step=_COMPARE,
    )


def _named(one: Call, other: Call) -> str:
    """An activation by its name, and by the settings that alone tell it from another one."""
    name = str(one.config["activation"])
    if name != other.config["activation"]:
        return name
    keys = sorted({**one.config, **other.config})
    apart = [key for key in keys if _setting(one, key) != _setting(other, key)]
    return f"{name} with {', '.join(f'{key}={setting_text(_setting(one, key))}' for key in apart)}"


def _needless_activation(graph: Graph, hints: Hints, new: Call) -> Iterator[Edit]:
    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        is_open = call.weights is not None and own_activation(graph, place) is None
        return [call.label, call.op] if is_open else []

    for places in changed_together(graph, hints.is_site, alike):
        changed = with_inserts(graph, {Tensor(place): [new] for place in places})
        found = f"the activation {new.config['activation']}"
        reason = _why_other(graph.calls[places[0]], new)
        yield setting_edit(
            graph,
            changed,
            places,
            expected="no activation",
            found=found,
            message=reason,
            next_step=_COMPARE,
        )
