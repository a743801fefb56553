"""A network as it is drawn by a seed: inputs, layers, calls, outputs; no Keras yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

MERGES = frozenset({"Add", "Concatenate"})
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

    def readers(self, tensor: str) -> list[int]:
        """The numbers of the calls that read a tensor."""
        return [n for n, step in enumerate(self.steps) if tensor in step.reads]

    def reads(self, tensor: str) -> bool:
        """Whether a call reads a tensor."""
        return bool(self.readers(tensor))

    def without_step(self, number: int) -> Network:
        """The network in which what reads a call's result reads what that call reads first."""
        gone = self.steps[number]
        steps = tuple(
            replace(s, reads=tuple(gone.reads[0] if t == gone.makes else t for t in s.reads))
            for n, s in enumerate(self.steps)
            if n != number
        )
        outputs = tuple(gone.reads[0] if t == gone.makes else t for t in self.outputs)
        return replace(self, steps=steps, outputs=outputs)

    def with_step_after(self, number: int, layer: str) -> Network:
        """The network in which what reads a call's result reads what a layer makes of that."""
        before = self.steps[number]
        new = Step(self.new_tensor, layer, (before.makes,))
        later = tuple(
            replace(s, reads=tuple(new.makes if t == before.makes else t for t in s.reads))
            for s in self.steps[number + 1 :]
        )
        outputs = tuple(new.makes if t == before.makes else t for t in self.outputs)
        return replace(self, steps=(*self.steps[: number + 1], new, *later), outputs=outputs)

    def with_one_read_less(self, number: int, tensor: str) -> Network:
        """The network in which a merge does not read a tensor; one of two is no merge any more."""
        left = tuple(each for each in self.steps[number].reads if each != tensor)
        changed = self.with_step(number, reads=left)
        return changed if len(left) > 1 else changed.without_step(number)

    def without_the_unread(self) -> Network:
        """The network without calls whose result nobody reads."""
        steps = tuple(s for s in self.steps if self.reads(s.makes) or s.makes in self.outputs)
        left = replace(self, steps=steps)
        return left if steps == self.steps else left.without_the_unread()

    @property
    def new_tensor(self) -> str:
        """A name for one more tensor: one of its own kind, which tells nothing."""
        taken = {step.makes for step in self.steps}
        return next(n for k in range(1, len(taken) + 2) if (n := f"h{k}") not in taken)

    def new_layer(self, what: str) -> str:
        """A name for one more layer, as the others of its class have them."""
        taken = {name for name, _ in self.layers}
        return next(n for k in range(1, len(taken) + 2) if (n := f"{what}_{k}") not in taken)

    def with_class(self, name: str, op: str) -> Network:
        """The network with a layer of another class, and a name like it: the old one would tell."""
        new = self.new_layer(op.lower())
        layers = tuple(
            (new, replace(layer, op=op)) if each == name else (each, layer)
            for each, layer in self.layers
        )
        steps = tuple(replace(s, layer=new) if s.layer == name else s for s in self.steps)
        return replace(self, layers=layers, steps=steps)

    def in_order(self) -> Network:
        """The layers in the order of their first calls; without those that nothing calls."""
        called = list(dict.fromkeys(step.layer for step in self.steps))
        return replace(self, layers=tuple((name, self.layer(name)) for name in called))

    @property
    def names_of_layers(self) -> list[str]:
        """The layers' names in the order of the code, those inside of its models among them."""
        parts = [[name] if x.inner is None else x.inner.names_of_layers for name, x in self.layers]
        return [name for part in parts for name in part]

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
