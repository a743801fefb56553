"""Mistakes in a drawn network about who shares whose weights, and what learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.practising.drawn_network import Layer, Network, Step
from autograder.practising.mistake_kinds import each_changed, mistake


@mistake("not-shared", "A layer is made anew where one is meant to be called once more.")
def _not_shared(network: Network) -> Iterator[Network]:
    torn = network
    for name in _repeated(network):
        for number in network.calls_of(name)[1:]:
            torn = _torn(torn, name, number)
    if torn != network:
        yield torn


@mistake("partly-shared", "Of the layers that are meant to be shared, one is made anew.")
def _partly_shared(network: Network) -> Iterator[Network]:
    repeated = _repeated(network)
    if len(repeated) > 1:
        for name in repeated:
            yield _torn(network, name, network.calls_of(name)[-1])


def _repeated(network: Network) -> list[str]:
    return [name for name, _ in network.layers if len(network.calls_of(name)) > 1]


def _torn(network: Network, name: str, number: int) -> Network:
    """The network in which one call of a layer is of a new layer like it."""
    layer = network.layer(name)
    new = network.new_layer("tower" if layer.inner else layer.op.lower())
    inner = layer.inner and _renamed(layer.inner)
    layers = (*network.layers, (new, replace(layer, inner=inner)))
    return replace(network, layers=layers).with_step(number, layer=new)


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


@mistake("shared-by-mistake", "One layer is called twice where two are meant.")
def _shared_by_mistake(network: Network) -> Iterator[Network]:
    for first, layer in network.layers:
        for second, other in network.layers:
            is_alike = first < second and layer == other and layer.op == "Dense"
            if is_alike and first not in _repeated(network):
                for number in network.calls_of(second):
                    yield network.with_step(number, layer=first)


@mistake(
    "made-twice", "A layer is made again for another one that is to read the first one's result."
)
def _made_twice(network: Network) -> Iterator[Network]:
    for number, step in enumerate(network.steps):
        readers = [n for n, other in enumerate(network.steps) if step.makes in other.reads]
        is_own = len(network.calls_of(step.layer)) == 1 and network.layer(step.layer).inner is None
        if len(readers) < 2 or not is_own:
            continue
        again = Step(network.new_tensor, step.layer, step.reads)
        steps = (*network.steps[: number + 1], again, *network.steps[number + 1 :])
        whole = _torn(replace(network, steps=steps), step.layer, number + 1)
        last = readers[-1] + 1
        reads = tuple(again.makes if t == step.makes else t for t in whole.steps[last].reads)
        yield whole.with_step(last, reads=reads)


@mistake("not-frozen", "A part learns that is meant to be kept as it is.")
def _not_frozen(network: Network) -> Iterator[Network]:
    yield from each_changed(network, lambda layer: replace(layer, frozen=False))


@mistake("frozen-by-mistake", "A part is frozen that is meant to learn.")
def _frozen_by_mistake(network: Network) -> Iterator[Network]:
    def frozen(layer: Layer) -> Layer | None:
        return replace(layer, frozen=True) if layer.op in ("Dense", "Model", "LSTM") else None

    yield from each_changed(network, frozen)


@mistake("call-missing", "A layer is called once less than it is meant to be.")
def _call_missing(network: Network) -> Iterator[Network]:
    for name in _repeated(network):
        inner = network.layer(name).inner
        if inner is not None and inner.size > 1:
            continue  # of several layers that are passed over one says that another tensor is read
        for number in network.calls_of(name):
            yield network.without_step(number)


@mistake("call-extra", "A layer is called once more than it is meant to be.")
def _call_extra(network: Network) -> Iterator[Network]:
    for name in _repeated(network):
        for number in network.calls_of(name):
            yield network.with_step_after(number, name)
