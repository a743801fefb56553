"""What a call returns: what each of its outputs is, and of which shape."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Shape, Tensor
from autograder.graphs.layers.facts import facts

_SCORES = frozenset(
    {"AdditiveAttention", "Attention", "GroupedQueryAttention", "MultiHeadAttention"}
)
"""Layers that give the scores of their attention, too, where they are asked to."""

_STATES = dict.fromkeys(("LSTM", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), ("h", "c"))


def output_name(call: Call, number: int) -> str:
    """What an output is, in short: "h" and "c" of an LSTM; "" for the first of a call."""
    if not number:
        return ""
    if number == 1 and call.op in _SCORES:
        return "scores"
    if call.wrappers.bidirectional == "none" and number == 1:
        return "backward"
    ways = ("forward ", "backward ") if call.wrappers.bidirectional else ("",)
    names = [f"{way}{state}" for way in ways for state in states(call.op)]
    place = number - 1 - (call.wrappers.bidirectional == "none")
    return names[place] if place < len(names) else f"output {number + 1}"


def states(op: str) -> tuple[str, ...]:
    """The states of a layer, in short, in the order in which they come out; none of most."""
    return _STATES.get(op, ()) or (("h",) if facts(op).recurrent else ())


def tensor_shape(calls: Sequence[Call], tensor: Tensor) -> Shape | None:
    """The shape of a tensor, as far as it is known or follows from settings."""
    call = calls[tensor.call]
    if tensor.output in call.more_shapes:
        return call.more_shapes[tensor.output]
    if not tensor.output and call.shape is not None:
        return call.shape
    if call.op.startswith("ConvLSTM") and not call.config.get("return_sequences"):
        return next(iter(call.more_shapes.values()), None)  # the last step is the state h
    if not facts(call.op).recurrent or not call.inputs or not call.config.get("units"):
        return None
    return _recurrent_shape(call, tensor_shape(calls, call.inputs[0]), tensor.output)


def shape_read(graph: Graph, call: Call) -> Shape | None:
    """The shape of the one tensor that a call reads; None of several, or of a layer in another."""
    if len(call.inputs) != 1 or call.wrappers != NO_WRAPPERS:
        return None
    return tensor_shape(graph.calls, call.inputs[0])


def _recurrent_shape(call: Call, read: Shape | None, output: int) -> Shape | None:
    if read is None or len(read) < 3:
        return None
    mode, units = call.wrappers.bidirectional, call.config["units"]
    if output > (mode == "none"):
        return (read[0], units)
    time = (read[1],) if call.config.get("return_sequences") else ()
    return (read[0], *time, units * (2 if mode == "concat" else 1))
