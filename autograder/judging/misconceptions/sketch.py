"""Small graphs by hand, for the examples in the catalogue."""

from __future__ import annotations

from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.identities.rules import rewrite


class Sketch:
    """Collects calls; each method returns the tensor it makes.

    Among a layer's settings, `wrappers` and `arguments` stand for what is around it, and for what
    it is called with.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.layers: dict[str, int] = {}

    def input(self, *shape: int | None, name: str = "") -> Tensor:
        """An input of this shape; inputs come before all calls."""
        label = name or f"input_{len(self.calls)}"
        return self._add(Call("Input", {"shape": list(shape)}, name=label))

    def layer(self, op: str, *inputs: Tensor, name: str = "", **config: Any) -> Tensor:
        """A call of a layer with weights; the same name again shares them."""
        around = _around(config)
        name = name or f"{op.lower()}_{len(self.calls)}"
        weights = self.layers.setdefault(name, len(self.layers))
        return self._add(Call(op, config, inputs, weights, name, **around))

    def step(self, op: str, *inputs: Tensor, **config: Any) -> Tensor:
        """A call of a layer without weights."""
        around, name = _around(config), f"{op.lower()}_{len(self.calls)}"
        return self._add(Call(op, config, inputs, None, name, **around))

    def activation(self, name: str, tensor: Tensor) -> Tensor:
        """An activation."""
        return self.step("Activation", tensor, activation=name)

    def graph(self, *outputs: Tensor) -> Graph:
        """The graph that returns these tensors."""
        inputs = [call for call in self.calls if call.op == "Input"]
        names = ("",) * len(outputs)
        return rewrite(Graph(tuple(self.calls), tuple(c.name for c in inputs), outputs, names))

    def _add(self, call: Call) -> Tensor:
        self.calls.append(call)
        return Tensor(len(self.calls) - 1)


def _around(config: dict[str, Any]) -> dict[str, Any]:
    """What among some settings is said of the call; it is taken out of them."""
    return {key: config.pop(key) for key in ("wrappers", "arguments") if key in config}


def stacked(*widths: int) -> Graph:
    """A network of dense layers of these widths, and a last one of one unit."""
    sketch = Sketch()
    tensor = sketch.input(8)
    for width in widths:
        tensor = sketch.activation("relu", sketch.layer("Dense", tensor, units=width))
    return sketch.graph(sketch.layer("Dense", tensor, units=1))
