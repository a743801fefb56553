"""A network as it is drawn by a seed: inputs, layers, calls, outputs; no Keras yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

MERGES = frozenset({"Add", "Concatenate", "Multiply"})
"""Layers that read a list of tensors."""


@dataclass(frozen=True)
class Start:
    """An input: its name, its shape without the batch axis, whether it holds whole numbers."""

    name: str
    shape: tuple[int, ...]
    whole: bool = False


@dataclass(frozen=True)
class Layer:
    """A layer.

    Attributes:
        op: its class in `keras.layers`; "Model" for a model that is called like a layer.
        settings: its arguments by name.
        frozen: whether it does not learn.
        inner: the network of such a model.
    """

    op: str
    settings: tuple[tuple[str, Any], ...] = ()
    frozen: bool = False
    inner: Network | None = None

    def but(self, **settings: Any) -> Layer:
        """The same layer with some settings others; None takes one out."""
        new = {**dict(self.settings), **settings}
        return replace(self, settings=tuple((k, v) for k, v in new.items() if v is not None))


@dataclass(frozen=True)
class Step:
    """One call: the tensor that it makes, the layer, the tensors that it reads."""

    makes: str
    layer: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """A network: every step reads what is made before it.

    Attributes:
        starts: the inputs.
        layers: the layers by name, in the order of their first calls.
        steps: the calls.
        outputs: the tensors it returns.
    """

    starts: tuple[Start, ...]
    layers: tuple[tuple[str, Layer], ...]
    steps: tuple[Step, ...]
    outputs: tuple[str, ...]

    def layer(self, name: str) -> Layer:
        """The layer of this name."""
        return dict(self.layers)[name]

    def with_layer(self, name: str, layer: Layer) -> Network:
        """The same network with one layer another."""
        layers = tuple((n, layer if n == name else old) for n, old in self.layers)
        return replace(self, layers=layers)

    def with_step(self, number: int, **changes: Any) -> Network:
        """The same network with one call another."""
        steps = list(self.steps)
        steps[number] = replace(steps[number], **changes)
        return replace(self, steps=tuple(steps))

    def calls_of(self, layer: str) -> list[int]:
        """The numbers of a layer's calls."""
        return [n for n, step in enumerate(self.steps) if step.layer == layer]

    def in_order(self) -> Network:
        """The layers in the order of their first calls; without those that nothing calls."""
        called = list(dict.fromkeys(step.layer for step in self.steps))
        return replace(self, layers=tuple((name, self.layer(name)) for name in called))

    @property
    def size(self) -> int:
        """How many calls it has, those inside of its models among them."""
        return sum(1 if (n := self.layer(s.layer).inner) is None else n.size for s in self.steps)


class Draft:
    """Collects a network; each method returns the name of the tensor, or layer, it makes."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.starts: list[Start] = []
        self.layers: dict[str, Layer] = {}
        self.steps: list[Step] = []

    def start(self, name: str, *shape: int, whole: bool = False) -> str:
        """An input."""
        self.starts.append(Start(name, shape, whole))
        return name

    def layer(self, op: str, **settings: Any) -> str:
        """A layer, not called yet."""
        return self._enter(op.lower(), Layer(op, tuple(settings.items())))

    def model(self, name: str, inner: Network, *, frozen: bool) -> str:
        """A model that is called like a layer."""
        self.layers[name] = Layer("Model", frozen=frozen, inner=inner)
        return name

    def call(self, layer: str, *reads: str) -> str:
        """A call of a layer."""
        self.steps.append(Step(f"{self.prefix}h{len(self.steps) + 1}", layer, reads))
        return self.steps[-1].makes

    def made(self, op: str, *reads: str, **settings: Any) -> str:
        """A call of a layer of its own."""
        return self.call(self.layer(op, **settings), *reads)

    def network(self, *outputs: str) -> Network:
        """The network that returns these tensors."""
        layers, steps = tuple(self.layers.items()), tuple(self.steps)
        return Network(tuple(self.starts), layers, steps, outputs).in_order()

    def _enter(self, what: str, layer: Layer) -> str:
        count = sum(name.startswith(f"{self.prefix}{what}_") for name in self.layers)
        name = f"{self.prefix}{what}_{count + 1}"
        self.layers[name] = layer
        return name


def inner_models(network: Network) -> Iterator[tuple[str, Network]]:
    """The models among the layers of a network, by name."""
    for name, layer in network.layers:
        if layer.inner is not None:
            yield name, layer.inner
