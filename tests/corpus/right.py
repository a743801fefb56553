"""Right models by rewriting: the reference of every system, written anew in ways that change
nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import keras
from corpus.as_keras import as_keras
from corpus.case import Case
from corpus.systems import BUILDERS, reference

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.free_orders import free_orders
from autograder.graphs.surgery import renumbered, with_insert


def _other_merge_order(graph: Graph) -> Any:
    """Every merge whose order is free, the other way round; the branches built in another order."""
    calls = tuple(
        replace(call, inputs=call.inputs[::-1]) if free else call
        for call, free in zip(graph.calls, free_orders(graph), strict=True)
    )
    return as_keras(_last_branch_first(replace(graph, calls=calls)))


def _last_branch_first(graph: Graph) -> Graph:
    order, done = list(range(len(graph.inputs))), set(range(len(graph.inputs)))

    def visit(place: int) -> None:
        stack = [place]
        while stack:
            here = stack[-1]
            waiting = [t.call for t in graph.calls[here].inputs if t.call not in done]
            if waiting:
                stack.append(waiting[-1])
                continue
            stack.pop()
            if here not in done:
                done.add(here)
                order.append(here)

    for tensor in reversed(graph.outputs):
        visit(tensor.call)
    return renumbered(graph, order)


def _with_layers_that_do_nothing(graph: Graph) -> Any:
    """Dropout of nothing, identity and linear activations put in behind the first calls."""
    idle = [
        Call("Dropout", {"rate": 0.0}),
        Call("Identity", {}),
        Call("Activation", {"activation": "linear"}),
    ]
    for number, place in enumerate(range(len(graph.inputs), min(len(graph.calls), 12))):
        graph = with_insert(graph, Tensor(place), [idle[number % 3]])
    return as_keras(_last_branch_first(graph))


def _inside_a_model(graph: Graph) -> Any:
    inner = as_keras(graph)
    inputs = [keras.Input(x.shape[1:], dtype=x.dtype, name=x.name) for x in inner.inputs]
    returned = inner(inputs if len(inputs) > 1 else inputs[0])
    return keras.Model(inputs, returned)


def _of_a_subclass(graph: Graph) -> Any:
    class Own(keras.Model):
        """A model whose class adds a name."""

        def __init__(self, inputs: Any, outputs: Any, title: str) -> None:
            super().__init__(inputs, outputs)
            self.title = title

    inner = as_keras(graph)
    outputs = inner.outputs
    if all(graph.output_names):
        outputs = dict(zip(sorted(graph.output_names), outputs, strict=True))
        outputs = outputs if len(outputs) > 1 else inner.outputs
    return Own(inner.inputs, outputs, "mine")


REWRITES: dict[str, Callable[[Graph], Any]] = {
    "merges and branches in another order": _other_merge_order,
    "layers that do nothing": _with_layers_that_do_nothing,
    "a model inside a model": _inside_a_model,
    "a subclass of keras.Model": _of_a_subclass,
}


def rewritten(system: str) -> Iterator[Case]:
    """A system's reference, written in other ways."""
    graph = reference(system)
    for name, rewrite in REWRITES.items():
        yield Case(system, (), lambda rewrite=rewrite: rewrite(graph), name)
    yield Case(system, (), lambda: keras.models.clone_model(BUILDERS[system]()), "cloned")
    yield Case(
        system,
        (),
        lambda: keras.models.model_from_json(as_keras(graph).to_json()),
        "saved and loaded",
    )
