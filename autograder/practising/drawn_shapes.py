"""The shapes of a drawn network's tensors without Keras, which tell what can be built."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from autograder.practising.drawn_network import Layer, Network

Shape = tuple[int, ...]


def shapes_of(network: Network) -> dict[str, Shape]:
    """The shape of each tensor by name, without the batch axis.

    Raises:
        ValueError: if a layer cannot take what it reads.
    """
    found = {start.name: start.shape for start in network.starts}
    for step in network.steps:
        layer = network.layer(step.layer)
        found[step.makes] = _after(layer, [found[name] for name in step.reads])
    _require(_each_layer_reads_one_width(network, found))
    return found


def fits_together(network: Network) -> bool:
    """Whether each layer can take what it reads."""
    try:
        shapes_of(network)
    except ValueError:
        return False
    return True


def _after(layer: Layer, read: Sequence[Shape]) -> Shape:
    settings, first = dict(layer.settings), read[0]
    if layer.inner is not None:
        _require(first == layer.inner.starts[0].shape)
        return shapes_of(layer.inner)[layer.inner.outputs[0]]
    if layer.op == "Add":
        _require(len(set(read)) == 1)
        return first
    if layer.op == "Concatenate":
        _require(all(len(s) == len(first) and s[:-1] == first[:-1] for s in read))
        return (*first[:-1], sum(shape[-1] for shape in read))
    if layer.op == "Embedding":
        _require(len(first) == 1)
        return (*first, settings["output_dim"])
    if layer.op in ("LSTM", "GRU"):
        _require(len(first) == 2)
        return (settings["units"],)
    if layer.op == "Dense":
        return (*first[:-1], settings["units"])
    if layer.op == "Flatten":
        return (prod(first),)
    _require(len(first) == 3)
    if layer.op == "Conv2D":
        return (*_windows(first, settings, settings["kernel_size"], 1), settings["filters"])
    if layer.op == "MaxPooling2D":
        size = settings["pool_size"]
        return (*_windows(first, settings, size, size), first[-1])
    assert layer.op == "GlobalAveragePooling2D", layer.op
    return first[-1:]


def _windows(shape: Shape, settings: dict[str, Any], size: int, strides: int) -> Shape:
    """How many windows fit along height and width."""
    strides = settings.get("strides", strides)
    lost = 0 if settings.get("padding") == "same" else size - 1
    _require(min(shape[:2]) > lost)
    return tuple(-(-(length - lost) // strides) for length in shape[:2])


def _each_layer_reads_one_width(network: Network, shapes: dict[str, Shape]) -> bool:
    """A Dense keeps the number of its weights from one call to the next."""
    widths = {
        (step.layer, shapes[step.reads[0]][-1])
        for step in network.steps
        if network.layer(step.layer).op == "Dense"
    }
    return len(widths) == len({name for name, _ in widths})


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("A layer cannot take what it reads.")
