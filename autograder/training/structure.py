"""What a model's graph says of its training: last activations, fixed switches, towers."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.graphs import Call, Graph

_CONVOLVED = {"Conv1D", "Conv2D", "Conv3D"}
"""What weighs numbers of one kind: of pixels all have the same scale, of columns each its own."""

_WEIGHED = {"Dense", "EinsumDense", *_CONVOLVED}
_SWITCHED = {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "BatchNormalization"}
_DROPS = {"Dropout", "AlphaDropout", "GaussianDropout"}
_SHAPING = {"Flatten", "Reshape", "TimeDistributed", "RepeatVector", "Permute"}
_SCALING = {"Rescaling", "Normalization", "BatchNormalization", "LayerNormalization", "Embedding"}
_SCALING |= {"Discretization", "Hashing", "IntegerLookup", "CategoryEncoding", "StringLookup"}
_NORMALIZING = {"BatchNormalization", "LayerNormalization", "GroupNormalization"}
_POOLING = {"MaxPooling2D", "AveragePooling2D"}
_READS_STEPS = {"LSTM", "GRU", "SimpleRNN"}
_FUNCTIONS = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu"}


ELSEWHERE = "softmax over another axis"
"""The activation of a Softmax that is told an axis, and not the last one."""


def activation_of(call: Call) -> str:
    """The activation that a call is; "" if it is none."""
    if call.op == "Activation":
        name = call.config.get("activation")
        if name == "softmax" and not _is_over_the_last(call):
            return ELSEWHERE
        return name if isinstance(name, str) else ""
    return _FUNCTIONS.get(call.op, "")


def _is_over_the_last(call: Call) -> bool:
    axis, shape = call.config.get("axis", -1), call.shape
    return not isinstance(axis, int) or axis == -1 or not shape or axis == len(shape) - 1


def last_activation(graph: Graph, place: int) -> str:
    """The activation behind an output; "linear" of bare weights, "" if not known."""
    call = graph.calls[place]
    while call.op in _DROPS | _SHAPING and len(call.inputs) == 1:
        call = graph.calls[call.inputs[0].call]
    return activation_of(call) or ("linear" if call.op in _WEIGHED else "")


def ends(graph: Graph) -> set[str]:
    """The names of the calls that make an output's numbers, whatever shape they have then."""
    todo, found = [tensor.call for tensor in graph.outputs], set[str]()
    while todo:
        call = graph.calls[todo.pop()]
        if call.op in _SHAPING | _DROPS | {"Concatenate"}:
            todo += [tensor.call for tensor in call.inputs]
        else:
            found.add(call.name)
    return found


def activation_below(graph: Graph, place: int) -> str:
    """The activation whose numbers the last one is given as they are; "" without one."""
    call = graph.calls[place]
    while call.op in _DROPS | _SHAPING and len(call.inputs) == 1:
        call = graph.calls[call.inputs[0].call]
    if not activation_of(call) or not call.inputs:
        return ""
    return activation_of(graph.calls[call.inputs[0].call])


def dropout_after(graph: Graph, place: int) -> str:
    """The dropout that makes an output, or that only an activation follows; "" without."""
    call = graph.calls[place]
    if activation_of(call) and call.inputs:
        call = graph.calls[call.inputs[0].call]
    return call.name if call.op in _DROPS and call.config.get("rate") else ""


def fixed_calls(graph: Graph) -> Iterator[tuple[Call, bool]]:
    """The calls with `training=` written out, of layers that it changes."""
    for call in graph.calls:
        value = call.arguments.get("training")
        if call.op in _SWITCHED and isinstance(value, bool):
            yield call, value


def compares(graph: Graph) -> bool:
    """Whether something is called more than once with the same weights, as what compares is."""
    shared = [call.weights for call in graph.calls if call.weights is not None]
    return len(set(shared)) < len(shared)


def summed_towers(graph: Graph, place: int) -> str:
    """The shared layer of towers that an output only weighs and adds up; "" if it does not.

    A Dense of one unit over a concatenation is one number for each tower, added up. Where the
    towers are one and the same network and read different inputs, that cannot compare them.
    """
    call = graph.calls[place]
    if activation_of(call) and call.inputs:
        call = graph.calls[call.inputs[0].call]
    if call.op != "Dense" or call.config.get("units") != 1:
        return ""
    joined = _before(graph, call, _DROPS | {"BatchNormalization"})
    if joined.op != "Concatenate" or len(joined.inputs) != 2:
        return ""
    one, other = (_cone(graph, tensor.call) for tensor in joined.inputs)
    ends = [graph.calls[tensor.call] for tensor in joined.inputs]
    apart = not {graph.calls[p].name for p in one & other}
    weights = [{graph.calls[p].weights for p in cone} - {None} for cone in (one, other)]
    same = weights[0] == weights[1] and weights[0] and ends[0].op == ends[1].op
    if not apart or not same:
        return ""
    return next(
        (
            graph.calls[p].name
            for p in sorted(one, reverse=True)
            if graph.calls[p].weights is not None
        ),
        "",
    )


def _before(graph: Graph, call: Call, passing: set[str]) -> Call:
    before = graph.calls[call.inputs[0].call]
    while before.op in passing and len(before.inputs) == 1:
        before = graph.calls[before.inputs[0].call]
    return before


def _cone(graph: Graph, place: int) -> set[int]:
    """All calls that a call depends on, itself with them."""
    return {p for p in range(len(graph.calls)) if p == place or graph.depends(place, p)}


def _readers(graph: Graph, place: int) -> list[int]:
    """The calls that read a call's output, each once."""
    return list(dict.fromkeys(reader for reader, _ in graph.readers[place]))


def is_scaled(graph: Graph, place: int) -> bool:
    """Whether no weights see an input's numbers as they are."""
    todo, seen = _readers(graph, place), set()
    while todo:
        reader = todo.pop()
        call = graph.calls[reader]
        if reader in seen or call.op in _SCALING:
            continue
        if call.op in _CONVOLVED and _is_normalized(graph, reader):
            continue
        if call.op in _WEIGHED | _READS_STEPS:
            return False
        if call.op not in _SHAPING | _DROPS | _POOLING | {"Concatenate"}:
            continue  # what else is done to them is not known to be nothing
        seen.add(reader)
        todo += _readers(graph, reader)
    return True


def _is_normalized(graph: Graph, place: int) -> bool:
    """Whether what a call gives is normalized before anything else is made of it."""
    readers = _readers(graph, place)
    return bool(readers) and all(
        graph.calls[reader].op in _NORMALIZING
        or (_keeps_scale(graph.calls[reader]) and _is_normalized(graph, reader))
        for reader in readers
    )


def _keeps_scale(call: Call) -> bool:
    """Whether twice as large numbers only come out twice as large."""
    return activation_of(call) in {"relu", "leaky_relu"} or call.op in _DROPS | _POOLING


def embeddings(graph: Graph) -> Iterator[tuple[Call, int, str]]:
    """The Embeddings that read an input, with its number, and what keeps of their words what it
    has at the last step."""
    for place, call in enumerate(graph.calls):
        number = call.inputs[0].call if call.inputs else len(graph.inputs)
        if call.op == "Embedding" and number < len(graph.inputs):
            yield call, number, _kept_to_the_end(graph, place)


def _kept_to_the_end(graph: Graph, place: int) -> str:
    """The recurrent layer that gives its last step alone of what a call makes; "" without one.

    What fills up the end does no harm where each step is given, the end is read first, or a mask
    is given by hand.
    """
    todo = _readers(graph, place)
    while todo:
        number = todo.pop(0)
        reader = graph.calls[number]
        if reader.op in _READS_STEPS:
            if "mask" in reader.arguments or reader.config.get("go_backwards"):
                continue
            if not reader.config.get("return_sequences"):
                return reader.name
        elif reader.op not in _DROPS:
            continue
        todo += _readers(graph, number)
    return ""
