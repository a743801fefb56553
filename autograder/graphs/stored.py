"""Graphs as JSON data, which another process can read: nothing in it is taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.graphs.graph import FORMS, NO_WRAPPERS, Call, Graph, Held, Shape, Tensor, Wrappers
from autograder.graphs.layers.facts import owns_weights
from autograder.graphs.layers.meaning import in_every_version

FORMAT = 1
"""Version of the JSON form; raised when an old reference can no longer be read."""

_LONGEST_DTYPE = 20


def graph_to_json(graph: Graph) -> dict[str, Any]:
    """The graph as JSON data; `graph_from_json` gives back an equal graph."""
    given = {"inputs_given": graph.inputs_given, "outputs_given": graph.outputs_given}
    return {key: form for key, form in given.items() if form} | {
        "format": FORMAT,
        "name": graph.name,
        "inputs": list(graph.inputs),
        "outputs": [list(tensor) for tensor in graph.outputs],
        "output_names": list(graph.output_names),
        "calls": [_call_to_json(call) for call in graph.calls],
    }


def graph_from_json(data: Any) -> Graph:
    """The graph that `graph_to_json` wrote.

    Raises:
        ValueError: if the data is not such a graph.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"This is no graph of format {FORMAT}.")
    try:
        graph = Graph(
            calls=tuple(_call_from_json(item) for item in data["calls"]),
            inputs=tuple(str(name) for name in data["inputs"]),
            outputs=tuple(Tensor(int(c), int(o)) for c, o in data["outputs"]),
            output_names=tuple(str(name) for name in data["output_names"]),
            name=str(data.get("name", "model")),
            inputs_given=_form(data.get("inputs_given")),
            outputs_given=_form(data.get("outputs_given")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError(f"This graph is damaged: {error!r}.") from error
    _require_sound(graph)
    return graph


def _form(data: Any) -> str:
    return data if data in FORMS else ""


def _call_to_json(call: Call) -> dict[str, Any]:
    data: dict[str, Any] = {
        "op": call.op,
        "name": call.name,
        "config": dict(call.config),
        "inputs": [list(tensor) for tensor in call.inputs],
        "weights": call.weights,
        "built_on": [list(shape) for shape in call.built_on],
        "shape": None if call.shape is None else list(call.shape),
    }
    if call.wrappers != NO_WRAPPERS:
        data["wrappers"] = call.wrappers.to_json()
    if call.arguments:
        data["arguments"] = dict(call.arguments)
    if not call.trainable:
        data["trainable"] = False
    if call.dtype:
        data["dtype"] = call.dtype
    if call.held is not None:
        data["held"] = [[list(shape), *rest] for shape, *rest in call.held]
    return data


def _call_from_json(data: Any) -> Call:
    if not isinstance(data["config"], dict) or not isinstance(data.get("arguments", {}), dict):
        raise ValueError("a call's config or arguments are no mapping")
    data = _as_written_today(data)
    op, weights = str(data["op"]), data["weights"]
    config = in_every_version(op, data["config"])  # an old reference's
    return Call(
        op=op,
        config=config,
        inputs=tuple(Tensor(int(c), int(o)) for c, o in data["inputs"]),
        weights=int(weights) if weights is not None and owns_weights(op, config) else None,
        name=str(data["name"]),
        built_on=tuple(_shape(shape) for shape in data["built_on"]),
        shape=None if data["shape"] is None else _shape(data["shape"]),
        trainable=bool(data.get("trainable", True)),
        dtype=str(data.get("dtype", ""))[:_LONGEST_DTYPE],
        wrappers=_wrappers_from_json(data.get("wrappers", {})),
        arguments=data.get("arguments", {}),
        held=None if data.get("held") is None else tuple(map(_held_from_json, data["held"])),
    )


def _wrappers_from_json(data: Mapping[str, Any]) -> Wrappers:
    backward = data.get("backward")
    return Wrappers(
        time_distributed=int(data.get("time_distributed", 0)),
        bidirectional=str(data.get("bidirectional", "")),
        backward=None
        if backward is None
        else {"op": str(backward["op"]), "config": dict(backward["config"])},
    )


def _held_from_json(data: Any) -> Held:
    shape, trainable, elsewhere = data
    return Held(tuple(int(size) for size in shape), bool(trainable), bool(elsewhere))


def _as_written_today(data: dict[str, Any]) -> dict[str, Any]:
    """A call of an older reference, which kept wrappers and arguments among the settings."""
    config = dict(data["config"])
    wrappers = {key: config.pop(key) for key in vars(NO_WRAPPERS) if key in config}
    arguments = config.pop("call", {})
    if not wrappers and not arguments:
        return data
    return {"wrappers": wrappers, "arguments": arguments, **data, "config": config}


def _shape(sizes: Any) -> Shape:
    return tuple(None if size is None else int(size) for size in sizes)


def _require_sound(graph: Graph) -> None:
    """Refuse a graph whose parts do not fit: evidence comes from the student's process."""
    inputs = len(graph.inputs)
    if len(graph.calls) < inputs or len(graph.outputs) != len(graph.output_names):
        raise ValueError("This graph is damaged: its inputs or outputs do not add up.")
    for place, call in enumerate(graph.calls):
        if (place < inputs) != (call.op == "Input"):
            raise ValueError(f"This graph is damaged: call {place} is in an input's place.")
        if any(not 0 <= tensor.call < place or tensor.output < 0 for tensor in call.inputs):
            raise ValueError(f"This graph is damaged: call {place} reads a later call.")
    if any(not 0 <= t.call < len(graph.calls) or t.output < 0 for t in graph.outputs):
        raise ValueError("This graph is damaged: an output is no call of it.")
