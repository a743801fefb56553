"""A Bidirectional of which one way is also called by itself: two layers, and what merges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import HOLE, MERGES_WAYS, NO_WRAPPERS, Call, Tensor
from autograder.graphs.layers.shaping import ALL, BACKWARDS
from autograder.graphs.reading.collected import Collected
from autograder.graphs.reading.place import Made, Place
from autograder.graphs.reading.saved_layers import name_of


def layers_by_themselves(model: Any) -> frozenset[int]:
    """The identities of all layers that a live model, or one in it, calls."""
    found: set[int] = set()
    stack = [model]
    while stack:
        for layer in getattr(stack.pop(), "layers", None) or ():
            if id(layer) not in found:
                found.add(id(layer))
                stack.append(layer)
    return frozenset(found)


def is_called_apart(live: Any, known: frozenset[int]) -> bool:
    """Whether one way of a live Bidirectional is among these layers."""
    ways = (getattr(live, f"{way}_layer", None) for way in ("forward", "backward"))
    return any(id(way) in known for way in ways if way is not None)


def add_both_ways(
    collected: Collected, made: Made, call: Callable[[Made], list[Tensor]]
) -> list[Tensor]:
    """Add the two layers of a Bidirectional, each called, and what merges what they make.

    Args:
        collected: the calls until now.
        made: the call of the Bidirectional.
        call: adds one call of a layer.
    """
    name, (sequence, *states) = name_of(made.layer), made.inputs
    half = len(states) // 2
    ends = [
        call(
            replace(
                made,
                layer={**layer, "outer_name": name},
                live=live,
                inputs=[sequence, *given],
                place=made.place.inside(f"{name} {way}"),
            )
        )[0]
        for way, ((layer, live), given) in enumerate(
            zip(_ways_of(made.layer, made.live), (states[:half], states[half:]), strict=True)
        )
    ]
    more = [
        Tensor(end.call, 1 + number)
        for end in ends
        for number in range(_states_of(collected.calls, end))
    ]
    forward, backward = ends
    if collected.calls[backward.call].config.get("return_sequences"):
        backward = _turned_round(collected, backward, made.place)
    merge = _merge_of(made.layer)
    if not merge:
        return [forward, backward, *more]
    shape = collected.shape(forward)
    config = {}
    if merge == "Concatenate":
        config = {"axis": -1 if shape is None else len(shape) - 1}
        shape = None if shape is None else (*shape[:-1], 2 * (shape[-1] or 0) or None)
    merged = collected.add(Call(merge, config, (forward, backward), name=name, shape=shape))
    collected.hand_mask_on(forward, merged)
    return [merged, *more]


def _turned_round(collected: Collected, tensor: Tensor, place: Place) -> Tensor:
    """A sequence from its end to its beginning."""
    turned = collected.add(
        Call(
            "GetItem",
            inputs=(tensor,),
            name=collected.calls[tensor.call].name,
            shape=collected.shape(tensor),
            wrappers=replace(NO_WRAPPERS, time_distributed=len(place.times)),
            arguments={"args": [HOLE, [ALL, BACKWARDS]]},
        )
    )
    collected.hand_mask_on(tensor, turned)
    return turned


def _states_of(calls: Sequence[Call], tensor: Tensor) -> int:
    """How many states a recurrent layer returns behind what it makes."""
    call = calls[tensor.call]
    return (2 if "LSTM" in call.op else 1) if call.config.get("return_state") else 0


def _ways_of(layer: Mapping[str, Any], live: Any) -> list[tuple[dict[str, Any], Any]]:
    """The two layers inside a Bidirectional, as Keras saves them, each with the layer itself."""
    saved = layer["config"]["layer"]
    return [
        ({**saved, "class_name": type(way).__name__, "config": way.get_config()}, way)
        for way in (live.forward_layer, live.backward_layer)
    ]


def _merge_of(layer: Mapping[str, Any]) -> str:
    """The class of the layer that merges the two ways; "" where they stay two."""
    return MERGES_WAYS.get(str(layer["config"].get("merge_mode")), "")
