"""Read a Keras model into a Graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autograder.graphs.bounds import require_bounded
from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import Graph
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.reading.live import TOO_DEEP, live_data
from autograder.graphs.reading.saved_layers import require_layers
from autograder.graphs.reading.walk import Reader


def read_graph(model: Any) -> Graph:
    """The graph of a built Keras model: functional, Sequential, or one nested in the other.

    Args:
        model: a `keras.Model` made of Keras layers and `keras.ops`, or a Graph (returned as it is).

    Raises:
        NotReadable: if it is no such model; the message says what it is and what to do.
    """
    return model if isinstance(model, Graph) else rewrite(read_as_written(model))


def read_as_written(model: Any) -> Graph:
    """The graph of a model before any identity is applied: a call for each call that was made.

    Raises:
        NotReadable: as `read_graph`.
    """
    _require_model(model)
    return _read(live_data(model), model, str(getattr(model, "name", "model")))


def read_config(data: Any) -> Graph:
    """The graph of a saved model: the JSON data of `model.to_json()` or of a .keras file.

    Sharing of a layer between two sub-models is not in such a file: Keras saves it as two layers.

    Raises:
        NotReadable: if the data is no model made of Keras layers.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("config"), Mapping):
        raise NotReadable("This is no saved Keras model: it holds no model configuration.")
    require_layers(data, str(data["config"].get("name", "model")))
    return rewrite(_read(data, None, str(data["config"].get("name", "model"))))


def _read(data: Mapping[str, Any], live: Any, name: str) -> Graph:
    try:
        graph = Reader().model(data, live, name)
        graph = _with_shapes(graph, getattr(live, "outputs", None))
    except RecursionError:
        raise NotReadable(TOO_DEEP) from None
    return require_bounded(graph)


def _require_model(model: Any) -> None:
    kind = type(model).__name__
    if model is None:
        raise NotReadable(
            "The answer is None, not a Keras model. Does your function end with `return model`?"
        )
    if kind == "KerasTensor":
        raise NotReadable(
            "The answer is a tensor, not a model. Wrap it up: keras.Model(inputs=…, outputs=…)."
        )
    if not hasattr(model, "get_config") or not hasattr(model, "layers"):
        hint = " Call it on an Input, then make a keras.Model." if hasattr(model, "build") else ""
        raise NotReadable(
            f"The answer is of type {kind}, not a Keras model: a keras.Model or "
            f"keras.Sequential is needed here.{hint}"
        )


def _with_shapes(graph: Graph, outputs: Any) -> Graph:
    """Fill in the shapes that nothing in the configuration says: those of the model's outputs,
    and those between a layer and the activation it ends with.
    """
    calls = list(graph.calls)
    for tensor, output in zip(graph.outputs, outputs or (), strict=False):
        shape = getattr(output, "shape", None)
        if tensor.output == 0 and shape is not None:
            calls[tensor.call] = replace(calls[tensor.call], shape=tuple(shape))
    for call in reversed(calls):
        if call.op == "Activation" and call.shape and calls[call.inputs[0].call].shape is None:
            source = call.inputs[0].call
            calls[source] = replace(calls[source], shape=call.shape)
    return replace(graph, calls=tuple(calls))
