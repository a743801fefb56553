"""Recurrent layers: the last step of the sequence that they make, and their states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Tensor
from autograder.graphs.identities.identity import Instead, Pair, local_identity
from autograder.graphs.layers.shaping import ALL, plain_index
from autograder.graphs.returned import tensor_shape

_SEQUENCE, _HIDDEN = 0, 1
"""Which of its outputs is what a recurrent layer makes, and which is its state h."""


def has_plain_states(call: Call) -> bool:
    """Whether the state h after the last step is what was made in that step."""
    if call.op not in {"LSTM", "GRU", "SimpleRNN"} or call.wrappers != NO_WRAPPERS:
        return False
    return not call.config.get("zero_output_for_mask")


def is_last_step(call: Call, output: int) -> bool:
    """Whether a result of a layer is what it makes in the last step, however that is asked for."""
    if output > _HIDDEN or call.config.get("return_sequences"):
        return False
    return has_plain_states(call)


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
    if not has_plain_states(source) or not source.config.get("return_sequences"):
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
    if has_plain_states(call):
        sequences = sequences and _SEQUENCE in used
        state = max(used) > _HIDDEN or (sequences and _HIDDEN in used)
    elif used == {_SEQUENCE}:
        state = False
    at = list(range(max(used) + 1))
    if has_plain_states(call) and not sequences:
        at[: _HIDDEN + 1] = [_HIDDEN if state else _SEQUENCE] * (_HIDDEN + 1)
    has_these = call.config.get("return_sequences", False) == sequences
    has_these = has_these and call.config.get("return_state", False) == state
    if has_these and all(at[output] == output for output in used):
        return None
    end, new = len(graph.calls), _with_settings(call, sequences, state)
    return Instead((new,), tuple(Tensor(end, output) for output in at))
