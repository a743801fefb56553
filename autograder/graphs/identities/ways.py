"""Two recurrent layers that read a sequence forwards and backwards, and one Bidirectional."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.graphs.feature_orders import joins_features
from autograder.graphs.graph import HOLE, MERGES_WAYS, NO_WRAPPERS, Call, Graph, Tensor
from autograder.graphs.identities.identity import (
    Instead,
    Pair,
    identity,
    instead,
    local_identity,
    reads_alone,
)
from autograder.graphs.identities.states import has_plain_states
from autograder.graphs.layers.shaping import ALL, BACKWARDS
from autograder.graphs.masks import may_come
from autograder.graphs.returned import states as states_of
from autograder.graphs.returned import tensor_shape
from autograder.graphs.surgery import all_redirected, reading_order, renumbered

_LAYERS = "LSTM GRU SimpleRNN"
_MERGED_BY = {op: mode for mode, op in MERGES_WAYS.items()}
_MERGES = " ".join(_MERGED_BY)


def _is_bidirectional(call: Call) -> bool:
    return bool(call.wrappers.bidirectional) and not call.wrappers.time_distributed


def _states_of_ways(call: Call, at: int) -> tuple[Tensor, Tensor]:
    """The states h of both ways of a Bidirectional that merges them."""
    return Tensor(at, 1), Tensor(at, 1 + len(states_of(call.op)))


def _merges(graph: Graph, place: int) -> bool:
    """Whether a call merges two tensors in a way in which a Bidirectional may."""
    call = graph.calls[place]
    if call.op not in _MERGED_BY or len(call.inputs) != 2 or call.arguments:
        return False
    return call.wrappers == NO_WRAPPERS and (call.op != "Concatenate" or joins_features(call))


def _modes(graph: Graph, there: Tensor, back: Tensor) -> set[str]:
    """How two ways are merged, in all places. Of several modes the first by its name counts."""
    found = set()
    for reader, _ in graph.readers[there.call]:
        call = graph.calls[reader]
        orders = [(there, back)] if call.op == "Concatenate" else [(there, back), (back, there)]
        if call.inputs in orders and _merges(graph, reader):
            found.add(_MERGED_BY[call.op])
    return found


def _states_joined(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    lstm = layers.Bidirectional(layers.LSTM(3, return_state=True, return_sequences=True))
    last = layers.Bidirectional(layers.LSTM(3, return_state=True))
    _, h, c, other_h, other_c = lstm(start)
    _, *states = last(start)
    return (
        keras.Model(start, [layers.Average()([h, other_h]), c, other_c]),
        keras.Model(start, [layers.Average()([states[0], states[2]]), states[1], states[3]]),
    )


@local_identity(of=_LAYERS, example=_states_joined, makes=_LAYERS)
def states_of_both(graph: Graph, place: int) -> Instead | None:
    """A Bidirectional of which the states alone are read makes no sequence, however it merges."""
    call, used = graph.calls[place], graph.used.get(place, set())
    if not (_is_bidirectional(call) and call.config.get("return_state") and used):
        return None
    if call.wrappers.backward is not None:
        return None
    mode, first = call.wrappers.bidirectional, 2 if call.wrappers.bidirectional == "none" else 1
    if not used.isdisjoint(range(first)):
        return None
    count = len(states_of(call.op))
    modes = _modes(graph, Tensor(place, first), Tensor(place, first + count))
    told = min(modes, default="concat")
    if mode == told and not call.config.get("return_sequences"):
        return None
    new = replace(
        call,
        config={**call.config, "return_sequences": False},
        wrappers=replace(call.wrappers, bidirectional=told),
        shape=None,
        more_shapes={},
    )
    end = len(graph.calls)
    shaped = replace(new, shape=tensor_shape((*graph.calls, new), Tensor(end)))
    moved = (max(0, output - first + 1) for output in range(max(used) + 1))
    return Instead((shaped,), tuple(Tensor(end, output) for output in moved))


def _ends_joined(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    none = layers.Bidirectional(layers.LSTM(3, return_state=True), merge_mode=None)
    mean = layers.Bidirectional(layers.LSTM(3, return_state=True), merge_mode="ave")
    ends, other_ends = none(start), mean(start)
    return (
        keras.Model(start, [layers.Average()(ends[:2]), ends[3], ends[5]]),
        keras.Model(start, [other_ends[0], other_ends[2], other_ends[4]]),
    )


@local_identity(of=_LAYERS, example=_ends_joined, makes=f"{_LAYERS} {_MERGES}")
def ends_of_both(graph: Graph, place: int) -> Instead | None:
    """What each way of a Bidirectional makes in the last step is its state h, and what it merges
    those two.
    """
    call, used = graph.calls[place], graph.used.get(place, set())
    if not (_is_bidirectional(call) and call.config.get("return_state") and used):
        return None
    if call.wrappers.backward is not None:
        return None
    if call.config.get("return_sequences") or call.arguments or may_come(graph):
        return None
    mode, first = call.wrappers.bidirectional, 2 if call.wrappers.bidirectional == "none" else 1
    if used.isdisjoint(range(first)):
        return None
    count, end = len(states_of(call.op)), len(graph.calls)
    states = [Tensor(end, output) for output in range(first, first + 2 * count)]
    if mode == "none":
        ends = (states[0], states[count])
        return Instead((call,), (*ends, *states))
    if mode == min({mode} | _modes(graph, *_states_of_ways(call, place))):
        return None
    config = {"axis": len(call.shape or (0, 0)) - 1} if mode == "concat" else {}
    merge = Call(
        MERGES_WAYS[mode],
        config,
        (states[0], states[count]),
        name=call.name,
        shape=call.shape,
    )
    return Instead((call, merge), (Tensor(end + 1), *states))


def _state_h_joined(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    both = layers.Bidirectional(layers.GRU(3, return_state=True))
    return (
        keras.Model(start, layers.Concatenate()(both(start)[1:])),
        keras.Model(start, both(start)[0]),
    )


@local_identity(of=_MERGES, example=_state_h_joined)
def states_merged(graph: Graph, place: int) -> Instead | None:
    """The states h of both ways, merged as a Bidirectional merges, are what it makes at the end."""
    if not _merges(graph, place):
        return None
    call = graph.calls[place]
    at = call.inputs[0].call
    both = graph.calls[at]
    if not _is_bidirectional(both) or both.wrappers.bidirectional != _MERGED_BY[call.op]:
        return None
    if both.config.get("return_sequences") or both.arguments or may_come(graph):
        return None
    pair = _states_of_ways(both, at)
    if call.inputs != pair and (call.op == "Concatenate" or call.inputs != pair[::-1]):
        return None
    return Instead((), (Tensor(at),))


def _joined(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    return (
        keras.Model(
            start,
            layers.Concatenate()(layers.Bidirectional(layers.GRU(3), merge_mode=None)(start)),
        ),
        keras.Model(start, layers.Bidirectional(layers.GRU(3))(start)),
    )


@local_identity(of=_MERGES, example=_joined, makes=_LAYERS)
def ways_merged(graph: Graph, place: int) -> Instead | None:
    """What merges the two ways of a Bidirectional is how it merges them."""
    call = graph.calls[place]
    both = graph.calls[call.inputs[0].call]
    if both.config.get("return_state") or not _merges_ways(graph, place):
        return None
    wrappers = replace(both.wrappers, bidirectional=_MERGED_BY[call.op])
    return instead(graph, replace(both, wrappers=wrappers, shape=call.shape, more_shapes={}))


def _merges_ways(graph: Graph, place: int) -> bool:
    """Whether a call, and no other, reads what both ways of a Bidirectional make."""
    call = graph.calls[place]
    at = call.inputs[0].call
    both = graph.calls[at]
    if not _merges(graph, place) or both.wrappers.bidirectional != "none":
        return False
    pair = Tensor(at), Tensor(at, 1)
    is_in_order = call.inputs == pair or (call.op != "Concatenate" and call.inputs == pair[::-1])
    return is_in_order and _is_bidirectional(both) and _are_read_once(graph, pair)


def _are_read_once(graph: Graph, tensors: Sequence[Tensor]) -> bool:
    """Whether each of some tensors is read once, and none is returned."""
    if not set(tensors).isdisjoint(graph.outputs):
        return False
    return all(
        sum(
            graph.calls[reader].inputs[position] == tensor
            for reader, position in graph.readers[tensor.call]
        )
        == 1
        for tensor in tensors
    )


def _two_ways(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    there, back = layers.GRU(3), layers.GRU(3, go_backwards=True)
    return (
        keras.Model(start, layers.Concatenate()([there(start), back(start)])),
        keras.Model(start, layers.Bidirectional(layers.GRU(3))(start)),
    )


@dataclass(frozen=True)
class _Ways:
    """Two layers that read one sequence, forwards and backwards, and what of them is merged."""

    there: Tensor
    back: Tensor


@local_identity(of=_MERGES, example=_two_ways, makes=_LAYERS)
def ways_joined(graph: Graph, place: int) -> Instead | None:
    """Two layers that read a sequence forwards and backwards, merged, are a Bidirectional."""
    ways = _ways(graph, place)
    if ways is None or not all(reads_alone(graph, each) for each in (ways.there, ways.back)):
        return None
    if any(graph.calls[each.call].config.get("return_state") for each in (ways.there, ways.back)):
        return None
    return instead(graph, _as_one(graph, ways, place))


def _ways(graph: Graph, place: int) -> _Ways | None:
    """What a call merges, where that are the two ways of what might be one Bidirectional."""
    call = graph.calls[place]
    if len(call.inputs) != 2 or not _merges(graph, place):
        return None
    orders = [call.inputs] if call.op == "Concatenate" else [call.inputs, call.inputs[::-1]]
    for there, end in orders:
        if not has_plain_states(graph.calls[there.call]):
            continue  # by far the most frequent, and quickest to tell
        turned = graph.calls[end.call]
        is_turned = turned.wrappers == NO_WRAPPERS and turned.arguments == {
            "args": [HOLE, [ALL, BACKWARDS]]
        }
        back = turned.inputs[0] if is_turned else end
        if is_turned is not bool(graph.calls[there.call].config.get("return_sequences")):
            continue
        if is_turned and not _are_read_once(graph, (there, back, end)):
            continue
        if _are_mirrored(graph, there, back):
            return _Ways(there, back)
    return None


def _are_mirrored(graph: Graph, there: Tensor, back: Tensor) -> bool:
    """Whether two layers do the same with one sequence, one of them from its end."""
    first, second = graph.calls[there.call], graph.calls[back.call]
    if not (_is_a_way(graph, first) and _is_a_way(graph, second)):
        return False
    if max(there.output, back.output) > (0 if first.config.get("return_sequences") else 1):
        return False
    mirrored = replace(second, config={**second.config, "go_backwards": False})
    if first.config.get("go_backwards") or not second.config.get("go_backwards"):
        return False
    if first.label != mirrored.label or first.inputs[0] != second.inputs[0]:
        return False
    # A Bidirectional goes by a mask in another way than two layers do.
    return not may_come(graph)


def _is_a_way(graph: Graph, call: Call) -> bool:
    """Whether a call is that of a recurrent layer that is called this once."""
    is_alone = call.weights is not None and len(graph.layers[call.weights]) == 1
    return is_alone and has_plain_states(call)


def _as_one(graph: Graph, ways: _Ways, place: int) -> Call:
    """The Bidirectional that does what two layers do, and what merges them."""
    first, second = graph.calls[ways.there.call], graph.calls[ways.back.call]
    merge = graph.calls[place]
    return replace(
        first,
        wrappers=replace(NO_WRAPPERS, bidirectional=_MERGED_BY[merge.op]),
        inputs=(*first.inputs, *second.inputs[1:]),
        shape=merge.shape,
        more_shapes={},
    )


@dataclass(frozen=True)
class _Joined:
    """A Bidirectional, and which of its outputs is what until now another call made."""

    call: Call
    outputs: Mapping[Tensor, int]


def _two_ways_with_states(keras: Any) -> Pair:
    start, layers = keras.Input((5, 4)), keras.layers
    there = layers.LSTM(3, return_state=True)
    back = layers.LSTM(3, return_state=True, go_backwards=True)
    (h, *_, c), (other_h, *_, other_c) = there(start), back(start)
    both = layers.Bidirectional(layers.LSTM(3, return_state=True))(start)
    return (
        keras.Model(start, [layers.Concatenate()([h, other_h]), c, other_c]),
        keras.Model(start, [both[0], both[2], both[4]]),
    )


def _found(graph: Graph, places: Sequence[int]) -> Iterator[_Joined]:
    for place in places:
        if graph.calls[place].op in _MERGED_BY and _merges(graph, place):
            found = _two_layers(graph, place) or _one_that_does_not_merge(graph, place)
            if found is not None:
                yield found


def _two_layers(graph: Graph, place: int) -> _Joined | None:
    """Two layers of which more is read than what is merged."""
    ways = _ways(graph, place)
    if ways is None or all(reads_alone(graph, each) for each in (ways.there, ways.back)):
        return None
    if _MERGED_BY[graph.calls[place].op] != min(_modes(graph, *graph.calls[place].inputs)):
        return None  # of two merges of the states, a Bidirectional makes one
    there, back = ways.there.call, ways.back.call
    if _reads(graph, there, back) or _reads(graph, back, there):
        return None
    new = _as_one(graph, ways, place)
    count = len(states_of(new.op))
    outputs = {Tensor(place): 0}
    for first, at in ((1, there), (1 + count, back)):
        outputs |= {Tensor(at, 1 + number): first + number for number in range(count)}
        if not new.config.get("return_sequences"):
            outputs[Tensor(at)] = first  # what is made in the last step is the state h
    return _Joined(replace(new, config={**new.config, "return_state": True}), outputs)


def _reads(graph: Graph, place: int, other: int) -> bool:
    """Whether a call depends on another one; quick where it reads an input alone."""
    seen, stack = {place}, [place]
    while stack:
        for tensor in graph.calls[stack.pop()].inputs:
            if tensor.call == other:
                return True
            if tensor.call not in seen:
                seen.add(tensor.call)
                stack.append(tensor.call)
    return False


def _one_that_does_not_merge(graph: Graph, place: int) -> _Joined | None:
    """A Bidirectional that merges nothing, and of which the states are read, too."""
    at = graph.calls[place].inputs[0].call
    both = graph.calls[at]
    if not both.config.get("return_state") or not _merges_ways(graph, place):
        return None
    wrappers = replace(both.wrappers, bidirectional=_MERGED_BY[graph.calls[place].op])
    shape = graph.calls[place].shape
    outputs = {Tensor(at, 1 + n): n for n in range(1, 1 + 2 * len(states_of(both.op)))}
    merged = replace(both, wrappers=wrappers, shape=shape, more_shapes={})
    return _Joined(merged, {**outputs, Tensor(place): 0})


def _can_be_joined(graph: Graph, places: Sequence[int]) -> bool:
    return next(_found(graph, places), None) is not None


@identity(bites=_can_be_joined, example=_two_ways_with_states, of=_MERGES, makes=_LAYERS)
def ways_with_states(graph: Graph) -> Graph:
    """Two ways of which the states are read, too, and what merges them, are a Bidirectional."""
    while (found := next(_found(graph, range(len(graph.calls))), None)) is not None:
        end = len(graph.calls)
        others = {old: Tensor(end, output) for old, output in found.outputs.items()}
        changed = all_redirected(graph, others)
        changed = replace(changed, calls=(*changed.calls, found.call))
        order = reading_order(changed)
        if order is None:
            break
        graph = renumbered(changed, order)
    return graph
