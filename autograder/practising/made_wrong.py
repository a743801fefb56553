"""Mistakes of the catalogue made in a drawn network, each under its name there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from autograder.practising.drawn_network import Layer, Network, Step

Make = Callable[[Network], Iterator[Network]]


@dataclass(frozen=True)
class Mistake:
    """A network with one mistake in it; `id` is the name that the catalogue has for it."""

    id: str
    network: Network


@dataclass(frozen=True)
class _Kind:
    says: str
    make: Make


MISTAKES: dict[str, _Kind] = {}
"""By its id what is said of each as a choice, and what makes it."""


def mistakes_in(network: Network, ids: tuple[str, ...] = ()) -> list[Mistake]:
    """Every mistake that can be made in a network, in an order that is always the same.

    Args:
        network: a right one.
        ids: only these mistakes; all by default.
    """
    return [
        Mistake(id, wrong.in_order())
        for id, kind in MISTAKES.items()
        if not ids or id in ids
        for wrong in kind.make(network)
    ]


def _mistake(id: str, says: str) -> Callable[[Make], Make]:
    def enter(make: Make) -> Make:
        MISTAKES[id] = _Kind(says, make)
        return make

    return enter


def _changed(network: Network, change: Callable[[Layer], Layer | None]) -> Iterator[Network]:
    for name, layer in network.layers:
        other = change(layer)
        if other is not None and other != layer:
            yield network.with_layer(name, other)


@_mistake("not-shared", "A layer is made anew where one is meant to be called once more.")
def _not_shared(network: Network) -> Iterator[Network]:
    torn = network
    for name, layer in network.layers:
        calls = network.calls_of(name)
        if len(calls) == 2:
            new = f"{name}_b"
            inner = layer.inner and _renamed(layer.inner)
            torn = replace(torn, layers=(*torn.layers, (new, replace(layer, inner=inner))))
            torn = torn.with_step(calls[1], layer=new)
    if torn != network:
        yield torn


def _renamed(inner: Network) -> Network:
    """The same inner network, with other names for what it makes."""

    def new(name: str) -> str:
        return f"{name}_b"

    return Network(
        tuple(replace(start, name=new(start.name)) for start in inner.starts),
        tuple((new(name), layer) for name, layer in inner.layers),
        tuple(
            Step(new(step.makes), new(step.layer), tuple(map(new, step.reads)))
            for step in inner.steps
        ),
        tuple(map(new, inner.outputs)),
    )


@_mistake("same-input-twice", "One input is read twice, and another by nobody.")
def _same_input_twice(network: Network) -> Iterator[Network]:
    if len(network.starts) != 2 or network.starts[0].shape != network.starts[1].shape:
        return
    first, second = (start.name for start in network.starts)
    for number, step in enumerate(network.steps):
        if step.reads == (second,):
            yield network.with_step(number, reads=(first,))


@_mistake("outputs-swapped", "Two outputs stand in each other's place.")
def _outputs_swapped(network: Network) -> Iterator[Network]:
    if len(network.outputs) > 1:
        first, second, *rest = network.outputs
        yield replace(network, outputs=(second, first, *rest))


@_mistake("not-frozen", "A part learns that is meant to be kept as it is.")
def _not_frozen(network: Network) -> Iterator[Network]:
    yield from _changed(network, lambda layer: replace(layer, frozen=False))


@_mistake("frozen-by-mistake", "A part is frozen that is meant to learn.")
def _frozen_by_mistake(network: Network) -> Iterator[Network]:
    def frozen(layer: Layer) -> Layer | None:
        return replace(layer, frozen=True) if layer.op in ("Dense", "Model", "LSTM") else None

    yield from _changed(network, frozen)


@_mistake("embedding-swapped", "The two sizes of an Embedding are exchanged.")
def _embedding_swapped(network: Network) -> Iterator[Network]:
    def swapped(layer: Layer) -> Layer | None:
        if layer.op != "Embedding":
            return None
        words, width = (dict(layer.settings)[key] for key in ("input_dim", "output_dim"))
        return layer.but(input_dim=width, output_dim=words)

    yield from _changed(network, swapped)


@_mistake("wrong-units", "A layer has another number of units than is asked for.")
def _wrong_units(network: Network) -> Iterator[Network]:
    def wider(layer: Layer) -> Layer | None:
        units = dict(layer.settings).get("units")
        return layer.but(units=units + 3) if units else None

    yield from _changed(network, wider)


@_mistake("wrong-padding", "A convolution pads in another way than is asked for.")
def _wrong_padding(network: Network) -> Iterator[Network]:
    def valid(layer: Layer) -> Layer | None:
        return layer.but(padding="valid") if layer.op == "Conv2D" else None

    yield from _changed(network, valid)


@_mistake("wrong-kernel-size", "A convolution looks through a window of another size.")
def _wrong_kernel_size(network: Network) -> Iterator[Network]:
    def larger(layer: Layer) -> Layer | None:
        return layer.but(kernel_size=5) if layer.op == "Conv2D" else None

    yield from _changed(network, larger)


@_mistake("missing-activation", "An activation is left out.")
def _missing_activation(network: Network) -> Iterator[Network]:
    yield from _changed(network, lambda layer: _activated(layer, None))


@_mistake("wrong-activation", "An activation is another one than is asked for.")
def _wrong_activation(network: Network) -> Iterator[Network]:
    others = {"relu": "tanh", "tanh": "relu", "sigmoid": "relu", "softmax": "sigmoid"}

    def other(layer: Layer) -> Layer | None:
        return _activated(layer, others.get(str(dict(layer.settings).get("activation"))))

    yield from _changed(network, other)


def _activated(layer: Layer, activation: str | None) -> Layer | None:
    return layer.but(activation=activation) if "activation" in dict(layer.settings) else None


@_mistake("wrong-merge", "Tensors are brought together in another way.")
def _wrong_merge(network: Network) -> Iterator[Network]:
    by = {step.makes: step.layer for step in network.steps}
    for step in network.steps:
        layer = network.layer(step.layer)
        if layer.op == "Add":
            yield _of_class(network, step.layer, "Concatenate")
        # What one layer makes is of one shape: else an Add would not take it.
        elif layer.op == "Concatenate" and len({by.get(t, t) for t in step.reads}) == 1:
            yield _of_class(network, step.layer, "Add")


@_mistake("wrong-layer", "A layer is of another class than is asked for.")
def _wrong_layer(network: Network) -> Iterator[Network]:
    swapped = {"LSTM": "GRU", "GRU": "LSTM"}
    for name, layer in network.layers:
        if layer.op in swapped:
            yield _of_class(network, name, swapped[layer.op])


def _of_class(network: Network, name: str, op: str) -> Network:
    """The network with a layer of another class, and a name like it: the old one would tell."""
    taken = {each for each, _ in network.layers}
    free = (f"{op.lower()}_{number}" for number in range(1, len(taken) + 2))
    new = next(each for each in free if each not in taken)
    layers = tuple(
        (new, replace(layer, op=op)) if each == name else (each, layer)
        for each, layer in network.layers
    )
    steps = tuple(replace(s, layer=new) if s.layer == name else s for s in network.steps)
    return replace(network, layers=layers, steps=steps)


@_mistake("missing-layer", "A layer is left out.")
def _missing_layer(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps[:-1]):
        is_dense = network.layer(step.layer).op == "Dense" and step.makes not in network.outputs
        if is_dense and len(network.calls_of(step.layer)) == 1:
            steps = tuple(
                replace(s, reads=tuple(step.reads[0] if t == step.makes else t for t in s.reads))
                for n, s in enumerate(network.steps)
                if n != number
            )
            yield replace(network, steps=steps)
