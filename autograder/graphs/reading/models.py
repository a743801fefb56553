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
from autograder.graphs.reading.saved_layers import is_model, is_of_keras_2
from autograder.graphs.reading.walk import Reader
from autograder.graphs.surgery import with_own_numbers, without_unused


def read_graph(model: Any) -> Graph:
    """The graph of a built Keras model: functional, Sequential, or one nested in the other.

    Args:
        model: a `keras.Model` made of Keras layers and `keras.ops`, or a Graph (returned as it is).

    Raises:
        NotReadable: if it is no such model; the message says what it is and what to do.
    """
    return model if isinstance(model, Graph) else rewrite(read_as_written(model))


def read_to_show(model: Any) -> Graph:
    """The graph of a model for people: its calls as they were made, those that count.

    Raises:
        NotReadable: as `read_graph`.
    """
    if isinstance(model, Graph):
        return model
    return with_own_numbers(without_unused(read_as_written(model)))


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
    name = str(data["config"].get("name", "model"))
    if is_of_keras_2(data):
        raise NotReadable(
            f"Model {name!r} was saved by Keras 2, in a form that is not read here. Load it with "
            "Keras 2 and save it with model.save('name.h5'); load that file with the Keras of "
            "today, and save it with model.save('name.keras')."
        )
    if not is_model(data, None):
        raise NotReadable(
            f"Model {name!r} is of a class of its own ({data.get('class_name')}): what is saved "
            "names that class, and holds no graph. Where its code is, load it, call it on "
            "keras.Input(…), and save keras.Model(inputs, outputs)."
        )
    return rewrite(_read(data, None, name))


def _read(data: Mapping[str, Any], live: Any, name: str) -> Graph:
    try:
        graph = Reader().model(data, live, name)
        graph = _with_shapes(graph, _outputs_in_order(graph, live))
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


def _outputs_in_order(graph: Graph, live: Any) -> Any:
    """A live model's outputs as its graph has them: Keras lists those of a dictionary by name."""
    given = getattr(live, "output", None) if getattr(live, "outputs", None) else None
    if isinstance(given, Mapping) and set(given) == set(graph.output_names):
        return [given[name] for name in graph.output_names]
    return getattr(live, "outputs", None)


def _with_shapes(graph: Graph, outputs: Any) -> Graph:
    """Fill in the shapes that nothing in the configuration says: those of the model's outputs,
    and those between a layer and the activation it ends with.
    """
    calls = list(graph.calls)
    for tensor, output in zip(graph.outputs, outputs or (), strict=False):
        shape, call = getattr(output, "shape", None), calls[tensor.call]
        if shape is None:
            continue
        if tensor.output == 0:
            calls[tensor.call] = replace(call, shape=tuple(shape))
        else:
            more = {**call.more_shapes, tensor.output: tuple(shape)}
            calls[tensor.call] = replace(call, more_shapes=more)
    for call in reversed(calls):
        ends = call.op == "Activation" or "function" in call.config
        if ends and call.inputs and call.shape and calls[call.inputs[0].call].shape is None:
            source = call.inputs[0].call
            calls[source] = replace(calls[source], shape=call.shape)
    return replace(graph, calls=tuple(calls))
