"""Where masks travel, and where they are lost.

`Embedding(mask_zero=True)` and `Masking` make a mask. Keras hands it on from layer to layer, and a
recurrent layer, say, passes over what it hides. `keras.ops` and operators hand none on, and neither
do some layers. So `a + b` and `Add()([a, b])` are the same only where no mask is on its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.graphs.graph import Call, Graph
from autograder.graphs.layers.facts import facts, is_own

LOST = {"mask": "lost"}
"""Noted with a call at which a mask ends that somebody behind it would have gone by."""

READ = {"mask": "read"}
"""Noted with a layer that goes by the mask where the same layer under another name does not."""

MERGES_BY_MASKS = frozenset({"Maximum", "Minimum", "Multiply"})
"""Layers that leave out what is hidden in one of their tensors, and take it from the others."""

_READ_AS_LAYERS = MERGES_BY_MASKS | {"Softmax"}
"""Layers that go by the mask, as the operations of their names do not."""

_READ_OVER_ALL = frozenset({"AveragePooling1D"})
"""Layers at which a mask ends, and which over all there is are layers that would go by it."""


def makes(layer: str, config: Mapping[str, Any]) -> bool:
    """Whether a layer makes a mask of what it reads."""
    return layer == "Masking" or (layer == "Embedding" and bool(config.get("mask_zero")))


def may_come(graph: Graph) -> bool:
    """Whether there are masks in a graph, made by its layers or by hand."""
    if "masks" not in graph.noted:
        made = (call.op == "Masked" or makes(call.op, call.config) for call in graph.calls)
        graph.noted["masks"] = any(made)
    return graph.noted["masks"]


def without_its_own(layer: str, config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a layer of whose own mask nothing is left, as in a TimeDistributed."""
    return {**config, "mask_zero": False} if layer == "Embedding" else config


def passes(layer: str, config: Mapping[str, Any], arrive: Sequence[bool]) -> bool:
    """Whether a layer hands a mask on.

    Args:
        layer: its class, as Keras calls it; of a wrapper, the class inside.
        config: its settings.
        arrive: for each tensor that it reads, whether that brings a mask.
    """
    match facts(layer).mask:
        case "all":
            return all(arrive)
        case "any":
            return any(arrive)
        case "first":
            return arrive[0]
        case "steps":
            return arrive[0] and bool(config.get("return_sequences"))
    return False


@dataclass(frozen=True)
class Travelling:
    """What becomes of masks at a call.

    Attributes:
        goes_on: whether what the call makes brings a mask.
        could_go_on: whether it would, had no operation before it lost one.
        note: what is noted with the call.
    """

    goes_on: bool
    could_go_on: bool
    note: Mapping[str, str]


@dataclass(frozen=True)
class Arriving:
    """Which tensors that a call reads bring a mask.

    Attributes:
        arrive: for each, whether it does.
        could: for each, whether it would, had no operation before lost one.
    """

    arrive: Sequence[bool]
    could: Sequence[bool]


def travelling(
    op: str,
    config: Mapping[str, Any],
    come: Arriving,
    *,
    is_layer: bool,
    in_steps: bool,
    own_hands_on: bool,
) -> Travelling:
    """What becomes of masks at a call.

    Args:
        op: the class of its layer, or its operation.
        config: the layer's settings.
        come: which tensors that it reads bring a mask.
        is_layer: whether it is a layer's call: operations hand no mask on.
        in_steps: whether a TimeDistributed calls the layer, which hands on what comes to it.
        own_hands_on: whether a layer that somebody wrote says that it hands masks on.
    """
    arrive, could = come.arrive or [False], come.could or [False]
    note = READ if any(arrive) and op in _READ_AS_LAYERS else {}
    if in_steps:
        return Travelling(arrive[0], could[0], note)
    if is_own(op):
        goes_on = own_hands_on and any(arrive)
        return Travelling(goes_on, own_hands_on and any(could), {})
    if not is_layer:
        return Travelling(False, any(could), LOST if any(could) else {})
    goes_on, could_go_on = (
        makes(op, config) or passes(op, config, each) for each in (arrive, could)
    )
    if any(could) and not could_go_on and not note and not facts(op).reads_mask:
        note = LOST
    return Travelling(goes_on, could_go_on, note)


def without_idle_marks(graph: Graph) -> Graph:
    """The graph with a note of a lost mask only where something would have gone by it.

    Of several calls in a row to which it could come, and at which it ends, only the last is noted:
    with it alone it is lost. What stands between it and who would have gone by it may hand none on
    either: written in another way it may.

    Args:
        graph: a graph just read, with a note at each call that a mask could come to and ends.
    """
    wanted = [False] * len(graph.calls)
    for place in reversed(range(len(graph.calls))):
        wanted[place] = any(
            (wanted[reader] or _goes_by_one(graph.calls[reader]))
            and not _loses(graph.calls[reader])
            for reader, _ in graph.readers[place]
        )
    calls = tuple(
        call if wanted[place] or call.op in _READ_OVER_ALL else _without_note(call)
        for place, call in enumerate(graph.calls)
    )
    return replace(graph, calls=calls)


def _goes_by_one(call: Call) -> bool:
    return facts(call.op).reads_mask or call.arguments.get("mask") == READ["mask"]


def _loses(call: Call) -> bool:
    return call.arguments.get("mask") == LOST["mask"]


def _without_note(call: Call) -> Call:
    if not _loses(call) or facts(call.op).reads_mask:
        return call
    rest = {key: value for key, value in call.arguments.items() if key != "mask"}
    return replace(call, arguments=rest)
