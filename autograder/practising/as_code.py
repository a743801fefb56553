"""A drawn network as code to read, and as a Keras model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.graphs import Graph, read_graph
from autograder.graphs.weightless import build_weightless
from autograder.practising.drawn_network import MERGES, Layer, Network
from autograder.practising.statements import settings_text


@dataclass(frozen=True)
class Built:
    """What Keras makes of a network.

    Attributes:
        graph: the model as data.
        shapes: of each tensor, without the batch axis, by name.
    """

    graph: Graph
    shapes: dict[str, tuple[int | None, ...]]


def code(network: Network) -> str:
    """The network as a student would write it; a layer that is called once has no line."""
    return "\n".join(["import keras", "from keras import layers", "", *_lines(network, "model")])


def _lines(network: Network, name: str) -> Iterator[str]:
    for start in network.starts:
        dtype = ', dtype="int32"' if start.whole else ""
        yield f'{start.name} = keras.Input({start.shape}{dtype}, name="{start.name}")'
    made: set[str] = set()
    for step in network.steps:
        layer, called = network.layer(step.layer), step.layer
        has_line = layer.frozen or layer.inner is not None or len(network.calls_of(called)) > 1
        if has_line and called not in made:
            if layer.inner is not None:
                yield from _lines(layer.inner, called)
            else:
                yield f"{called} = {_made(called, layer)}"
            if layer.frozen:
                yield f"{called}.trainable = False"
        made.add(called)
        caller = called if has_line else _made(called, layer)
        read = ", ".join(step.reads)
        yield f"{step.makes} = {caller}({f'[{read}]' if layer.op in MERGES else read})"
    starts = _one_or_list([start.name for start in network.starts])
    title = f', name="{name}"' if name != "model" else ""
    yield f"{name} = keras.Model({starts}, {_one_or_list(list(network.outputs))}{title})"


def _made(name: str, layer: Layer) -> str:
    settings = settings_text(layer)
    return f'layers.{layer.op}({f"{settings}, " if settings else ""}name="{name}")'


def _one_or_list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def model(network: Network, name: str = "model") -> tuple[Any, dict[str, Any]]:
    """The network as a Keras model, and its tensors by name.

    Raises:
        ValueError: if shapes do not fit.
    """
    import keras

    tensors: dict[str, Any] = {}
    for start in network.starts:
        dtype = "int32" if start.whole else None
        tensors[start.name] = keras.Input(start.shape, dtype=dtype, name=start.name)
    layers: dict[str, Any] = {}
    for step in network.steps:
        if step.layer not in layers:
            layers[step.layer] = _layer(step.layer, network.layer(step.layer))
        read = [tensors[each] for each in step.reads]
        merges = network.layer(step.layer).op in MERGES
        tensors[step.makes] = layers[step.layer](read if merges else read[0])
    starts = [tensors[start.name] for start in network.starts]
    ends = [tensors[each] for each in network.outputs]
    starts, ends = (each[0] if len(each) == 1 else each for each in (starts, ends))
    return keras.Model(starts, ends, name=name), tensors


def _layer(name: str, layer: Layer) -> Any:
    import keras

    if layer.inner is not None:
        made = model(layer.inner, name)[0]
    else:
        made = getattr(keras.layers, layer.op)(**dict(layer.settings), name=name)
    made.trainable = not layer.frozen
    return made


@lru_cache(maxsize=64)
def built(network: Network) -> Built:
    """What Keras makes of a network, without its weights.

    Raises:
        ValueError: if shapes do not fit.
    """
    made = build_weightless(lambda: _model_or_refusal(network))
    if isinstance(made, ValueError):
        raise made
    whole, tensors = made
    shapes = {name: tuple(tensor.shape[1:]) for name, tensor in tensors.items()}
    return Built(read_graph(whole), shapes)


def _model_or_refusal(network: Network) -> tuple[Any, dict[str, Any]] | ValueError:
    """A refusal is returned, not raised: what raises is built once more, and with its weights."""
    try:
        return model(network)
    except ValueError as error:
        return error
