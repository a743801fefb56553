"""Mistakes in a drawn network about one layer's settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.practising.drawn_network import Layer, Network
from autograder.practising.drawn_shapes import fits_together, shapes_of
from autograder.practising.mistake_kinds import each_changed, mistake

_READ_IN_ORDER = ("LSTM", "GRU")


def _of(network: Network, ops: tuple[str, ...], **settings: Any) -> Iterator[Network]:
    """The network with these settings in one layer of these classes."""
    yield from each_changed(network, lambda x: x.but(**settings) if x.op in ops else None)


def _larger(network: Network, setting: str, by: int) -> Iterator[Network]:
    """The network with a number larger in one layer."""

    def larger(layer: Layer) -> Layer | None:
        value = dict(layer.settings).get(setting)
        return layer.but(**{setting: value + by}) if value else None

    yield from each_changed(network, larger)


@mistake("embedding-swapped", "The two sizes of an Embedding are exchanged.")
def _embedding_swapped(network: Network) -> Iterator[Network]:
    def swapped(layer: Layer) -> Layer | None:
        if layer.op != "Embedding":
            return None
        words, width = (dict(layer.settings)[key] for key in ("input_dim", "output_dim"))
        return layer.but(input_dim=width, output_dim=words)

    yield from each_changed(network, swapped)


@mistake("wrong-vocabulary", "An Embedding is for another number of words.")
def _wrong_vocabulary(network: Network) -> Iterator[Network]:
    yield from _larger(network, "input_dim", 100)


@mistake("wrong-units", "A layer has another number of units than is asked for.")
def _wrong_units(network: Network) -> Iterator[Network]:
    yield from _larger(network, "units", 3)


@mistake("wrong-padding", "A convolution pads in another way than is asked for.")
def _wrong_padding(network: Network) -> Iterator[Network]:
    yield from _of(network, ("Conv2D",), padding="valid")


@mistake("wrong-kernel-size", "A convolution looks through a window of another size.")
def _wrong_kernel_size(network: Network) -> Iterator[Network]:
    yield from _of(network, ("Conv2D",), kernel_size=5)


@mistake("wrong-strides", "A convolution moves its window by larger steps.")
def _wrong_strides(network: Network) -> Iterator[Network]:
    for changed in _of(network, ("Conv2D",), strides=2):
        # Where a single place is left, what follows is another layer's work too: no one mistake.
        if fits_together(changed) and all(s[0] > 1 for s in shapes_of(changed).values() if s[2:]):
            yield changed


@mistake("wrong-pooling", "A pooling is of another kind or size.")
def _wrong_pooling(network: Network) -> Iterator[Network]:
    yield from _of(network, ("MaxPooling2D",), pool_size=3)


@mistake("missing-bias", "A layer has no biases.")
def _missing_bias(network: Network) -> Iterator[Network]:
    yield from _of(network, ("Dense", "Conv2D", "LSTM", "GRU"), use_bias=False)


@mistake("missing-activation", "An activation is left out.")
def _missing_activation(network: Network) -> Iterator[Network]:
    yield from each_changed(network, lambda layer: _activated(layer, None))


@mistake("wrong-activation", "An activation is another one than is asked for.")
def _wrong_activation(network: Network) -> Iterator[Network]:
    others = {"relu": "tanh", "tanh": "relu", "sigmoid": "relu", "softmax": "sigmoid"}

    def other(layer: Layer) -> Layer | None:
        return _activated(layer, others.get(str(dict(layer.settings).get("activation"))))

    yield from each_changed(network, other)


def _activated(layer: Layer, activation: str | None) -> Layer | None:
    return layer.but(activation=activation) if "activation" in dict(layer.settings) else None


@mistake("wrong-setting", "A text is read from its end.")
def _wrong_setting(network: Network) -> Iterator[Network]:
    yield from _of(network, _READ_IN_ORDER, go_backwards=True)
