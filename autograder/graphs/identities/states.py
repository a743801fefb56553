"""Recurrent layers: the last step of the sequence that they make, and their states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs import masks
from autograder.graphs.feature_orders import joins_features
from autograder.graphs.graph import HOLE, MERGES_WAYS, NO_WRAPPERS, Call, Graph, Tensor
from autograder.graphs.identities.identity import (
    Instead,
    Pair,
    instead,
    local_identity,
    reads_alone,
)
from autograder.graphs.layers.shaping import ALL, BACKWARDS, plain_index
from autograder.graphs.returned import tensor_shape

_SEQUENCE, _HIDDEN = 0, 1
"""Which of its outputs is what a recurrent layer makes, and which is its state h."""


def _has_plain_states(call: Call) -> bool:
    """Whether the state h after the last step is what was made in that step."""
    if call.op not in {"LSTM", "GRU", "SimpleRNN"} or call.wrappers != NO_WRAPPERS:
        return False
    return not call.config.get("zero_output_for_mask")


def is_last_step(call: Call, output: int) -> bool:
    """Whether a result of a layer is what it makes in the last step, however that is asked for."""
    if output > _HIDDEN or call.config.get("return_sequences"):
        return False
    return _has_plain_states(call)


def _with_settings(call: Call, sequences: bool, state: bool) -> Call:
    config = {**call.config, "return_sequences": sequences, "return_state": state}
    config = {key: value for key, value in config.items() if value or key in call.config}
    shape = call.shape
    if shape and sequences != bool(call.config.get("return_sequences")):
        shape = (shape[0], *shape[2:])
    return replace(call, config=config, shape=shape)


def _last_step(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    cell = layers.GRUCell(3)
    return (
        keras.Model(start, layers.RNN(cell, return_sequences=True)(start)[:, -1]),
        keras.Model(start, layers.RNN(cell)(start)),
    )


@local_identity(of="GetItem", example=_last_step, makes="LSTM GRU SimpleRNN", by_shape=True)
def last_steps(graph: Graph, place: int) -> Instead | None:
    """The last step of a layer's sequence is its state h."""
    call = graph.calls[place]
    source = graph.calls[call.inputs[0].call]
    if not _has_plain_states(source) or not source.config.get("return_sequences"):
        return None
    if call.wrappers != NO_WRAPPERS:
        return None
    shape = tensor_shape(graph.calls, call.inputs[0])
    if call.inputs[0].output != _SEQUENCE or not shape or call.beside:
        return None
    if plain_index(call.index, shape) != [ALL, -1]:
        return None
    return Instead((), (Tensor(call.inputs[0].call, _HIDDEN),))


def _state(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    cell = layers.LSTMCell(3)
    return (
        keras.Model(start, layers.RNN(cell, return_state=True)(start)[1]),
        keras.Model(start, layers.RNN(cell)(start)),
    )


@local_identity(of="LSTM GRU SimpleRNN", example=_state)
def states(graph: Graph, place: int) -> Instead | None:
    """A layer gives what is read of it; what it makes in the last step is its state h."""
    call, used = graph.calls[place], graph.used.get(place, set())
    sequences, state = (bool(call.config.get(key)) for key in ("return_sequences", "return_state"))
    if not used or call.wrappers.time_distributed or call.wrappers.backward is not None:
        return None
    if _has_plain_states(call):
        sequences = sequences and _SEQUENCE in used
        state = max(used) > _HIDDEN or (sequences and _HIDDEN in used)
    elif used == {_SEQUENCE}:
        state = False
    at = list(range(max(used) + 1))
    if _has_plain_states(call) and not sequences:
        at[: _HIDDEN + 1] = [_HIDDEN if state else _SEQUENCE] * (_HIDDEN + 1)
    has_these = call.config.get("return_sequences", False) == sequences
    has_these = has_these and call.config.get("return_state", False) == state
    if has_these and all(at[output] == output for output in used):
        return None
    end, new = len(graph.calls), _with_settings(call, sequences, state)
    return Instead((new,), tuple(Tensor(end, output) for output in at))


def _joined(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    return (
        keras.Model(
            start,
            layers.Concatenate()(layers.Bidirectional(layers.GRU(3), merge_mode=None)(start)),
        ),
        keras.Model(start, layers.Bidirectional(layers.GRU(3))(start)),
    )


_MERGED_BY = {op: mode for mode, op in MERGES_WAYS.items()}


@local_identity(of=" ".join(_MERGED_BY), example=_joined, makes="LSTM GRU SimpleRNN")
def ways_merged(graph: Graph, place: int) -> Instead | None:
    """What merges the two ways of a Bidirectional is how it merges them."""
    call = graph.calls[place]
    if len(call.inputs) != 2 or call.arguments or len({t.call for t in call.inputs}) > 1:
        return None
    both = graph.calls[call.inputs[0].call]
    outputs = [tensor.output for tensor in call.inputs]
    if both.wrappers.bidirectional != "none" or both.config.get("return_state"):
        return None
    is_in_order = outputs == [0, 1] or (call.op != "Concatenate" and outputs == [1, 0])
    if not is_in_order or set(graph.readers[call.inputs[0].call]) != {(place, 0), (place, 1)}:
        return None
    if call.inputs[0].call in graph.returned or both.wrappers.time_distributed:
        return None
    if call.op == "Concatenate" and not joins_features(call):
        return None
    wrappers = replace(both.wrappers, bidirectional=_MERGED_BY[call.op])
    return instead(graph, replace(both, wrappers=wrappers, shape=call.shape, more_shapes={}))


def _two_ways(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    there, back = layers.GRU(3), layers.GRU(3, go_backwards=True)
    return (
        keras.Model(start, layers.Concatenate()([there(start), back(start)])),
        keras.Model(start, layers.Bidirectional(layers.GRU(3))(start)),
    )


@local_identity(of=" ".join(_MERGED_BY), example=_two_ways, makes="LSTM GRU SimpleRNN")
def ways_joined(graph: Graph, place: int) -> Instead | None:
    """Two layers that read a sequence forwards and backwards, merged, are a Bidirectional."""
    call = graph.calls[place]
    if len(call.inputs) != 2 or call.arguments:
        return None
    if call.op == "Concatenate" and not joins_features(call):
        return None
    there, back = call.inputs
    if not _has_plain_states(graph.calls[there.call]):
        return None  # by far the most frequent, and quickest to tell
    if not (reads_alone(graph, there) and reads_alone(graph, back)):
        return None
    turned = graph.calls[back.call]
    if turned.arguments == {"args": [HOLE, [ALL, BACKWARDS]]} and turned.wrappers == NO_WRAPPERS:
        back = turned.inputs[0]
        is_turned = reads_alone(graph, back)
    else:
        is_turned = False
    ways = [graph.calls[tensor.call] for tensor in (there, back)]
    if not all(
        _is_a_way(graph, way, tensor) for way, tensor in zip(ways, (there, back), strict=True)
    ):
        return None
    first, second = ways
    if is_turned is not bool(first.config.get("return_sequences")):
        return None
    mirrored = replace(second, config={**second.config, "go_backwards": False})
    if first.config.get("go_backwards") or not second.config.get("go_backwards"):
        return None
    if first.label != mirrored.label or first.inputs[0] != second.inputs[0]:
        return None
    # A Bidirectional goes by a mask in another way than two layers do.
    if any(masks.makes(each.op, each.config) for each in graph.calls):
        return None
    wrappers = replace(NO_WRAPPERS, bidirectional=_MERGED_BY[call.op])
    inputs = (*first.inputs, *second.inputs[1:])
    return instead(graph, replace(first, wrappers=wrappers, inputs=inputs, shape=call.shape))


def _is_a_way(graph: Graph, call: Call, tensor: Tensor) -> bool:
    """Whether a tensor is what a recurrent layer makes that is called this once."""
    is_plain = _has_plain_states(call) and not tensor.output and not call.config.get("return_state")
    return is_plain and call.weights is not None and len(graph.layers[call.weights]) == 1
