"""What an identity is: two ways to write the same computation, and which of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Tensor

Pair = tuple[Any, Any]
"""Two Keras models that compute the same: as the rule finds it, and as it leaves it."""

Near = Callable[[Graph, Sequence[int], Sequence[int]], bool]
"""Whether a rule may change a graph that was edited in a few places."""


@dataclass(frozen=True)
class Identity:
    """A rule that writes one computation in another way.

    Attributes:
        write: the graph written by the rule. It is called only where `bites`, and keeps each call's
            `trace` where the call stays: edits find their calls again by it.
        bites: whether the rule may change a graph of which only these calls count. The graph may be
            one that is being edited: its calls are in no order.
        example: given the module keras, a pair of models that are made of the same layers. A test
            computes with both.
        of: the classes of the calls that it writes anew; of a rule without any, all.
        makes: the classes of the calls that it makes, where it leaves more than it found.
        near: for a rule that compares calls that stand anywhere, whether it may change a graph of
            which only the first of these calls count, and only the second may differ from those of
            a graph that it left as it was. Other rules look at a call and what it reads.
        by_shape: whether the rule goes by shapes. In a graph that was edited they are those from
            before the edit: there such a rule is left out.
    """

    write: Callable[[Graph], Graph]
    bites: Callable[[Graph, Sequence[int]], bool]
    example: Callable[[Any], Pair]
    of: frozenset[str] = frozenset()
    makes: frozenset[str] = frozenset()
    near: Near | None = None
    by_shape: bool = False

    @property
    def name(self) -> str:
        """The name of its function."""
        return self.write.__name__

    def applied(self, graph: Graph) -> Graph:
        """The graph written by the rule; itself where there is nothing to write anew."""
        return self.write(graph) if self.bites(graph, range(len(graph.calls))) else graph

    def bites_near(self, graph: Graph, places: Sequence[int], near: Sequence[int]) -> bool:
        """Whether the rule may change a graph that it would leave as it is but for a few calls.

        Args:
            graph: a graph that was edited.
            places: the calls that count.
            near: those that were changed, what they read, and who reads them.
        """
        return self.bites(graph, near) if self.near is None else self.near(graph, places, near)

    def concerns(self, ops: frozenset[str]) -> bool:
        """Whether there is something to look at, in a graph with calls of these classes."""
        return not self.of or not self.of.isdisjoint(ops)


def identity(
    *,
    bites: Callable[[Graph, Sequence[int]], bool],
    example: Callable[[Any], Pair],
    of: str = "",
    makes: str = "",
    near: Near | None = None,
) -> Callable[[Callable[[Graph], Graph]], Identity]:
    """Make an identity of a function that writes a graph anew; its docstring states it."""
    return lambda write: Identity(
        write, bites, example, frozenset(of.split()), frozenset(makes.split()), near
    )


@dataclass(frozen=True)
class Instead:
    """What stands in the place of a call.

    Attributes:
        calls: new calls, in order. Their inputs are numbered as if they followed the graph's own.
        results: for each output of the old call that somebody may read, the tensor that is the
            same: of the graph, or of a new call.
    """

    calls: tuple[Call, ...]
    results: tuple[Tensor, ...]


def bypassed(graph: Graph, call: Call) -> Instead | None:
    """Nothing in the place of a call that changes nothing, unless a mask ends there."""
    if not call.beside:
        return Instead((), (call.inputs[0],))
    same = replace(
        call,
        op="Identity",
        config={},
        inputs=call.inputs[:1],
        weights=None,
        wrappers=NO_WRAPPERS,
        arguments=call.beside,
    )
    return None if same.label == call.label else instead(graph, same)


def instead(graph: Graph, *steps: Call) -> Instead:
    """Some calls in the place of one: the first reads as it says, each other one the one before.

    The first of them is the one that stays, and keeps its trace.
    """
    calls, end = list(steps), len(graph.calls)
    for number, step in enumerate(steps[1:], 1):
        calls[number] = replace(step, inputs=(Tensor(end + number - 1),), trace="")
    return Instead(tuple(calls), (Tensor(end + len(calls) - 1),))


Rule = Callable[[Graph, int], Instead | None]
"""What is to stand in the place of the call that has this number; None where it stays."""


def local_identity(
    *, of: str, example: Callable[[Any], Pair], makes: str = "", by_shape: bool = False
) -> Callable[[Rule], Identity]:
    """Make an identity of a rule that looks at one call and what it reads; its docstring states it.

    Args:
        of: the classes of the calls that it looks at.
        example: see `Identity`.
        makes: see `Identity`.
        by_shape: see `Identity`.
    """
    ops = frozenset(of.split())

    def made(rule: Rule) -> Identity:
        def found(graph: Graph, places: Sequence[int]) -> Iterator[tuple[int, Instead]]:
            for place in places:
                new = _found(rule, graph, place) if graph.calls[place].op in ops else None
                if new is not None:
                    yield place, new

        def write(graph: Graph) -> Graph:
            return _with_instead(graph, dict(found(graph, range(len(graph.calls)))))

        def bites(graph: Graph, places: Sequence[int]) -> bool:
            return next(found(graph, places), None) is not None

        write.__name__, write.__doc__ = rule.__name__, rule.__doc__
        made_ops = frozenset(makes.split())
        return Identity(write, bites, example, ops, made_ops, by_shape=by_shape)

    return made


def _found(rule: Rule, graph: Graph, place: int) -> Instead | None:
    try:
        return rule(graph, place)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        # Evidence comes from a student's process: settings may be none that Keras would take.
        return None


def _with_instead(graph: Graph, found: dict[int, Instead]) -> Graph:
    """The graph with some calls written anew; its calls are in order."""
    calls: list[Call] = []
    places: dict[int, int] = {}
    results: dict[Tensor, Tensor] = {}

    def moved(tensor: Tensor) -> Tensor:
        return results.get(tensor) or Tensor(places[tensor.call], tensor.output)

    for place, call in enumerate(graph.calls):
        new = found.get(place, Instead((call,), ()))
        for number, step in enumerate(new.calls, place if place not in found else len(graph.calls)):
            calls.append(step.moved(tuple(map(moved, step.inputs)), step.weights))
            places[number] = len(calls) - 1
        for output, tensor in enumerate(new.results):
            results[Tensor(place, output)] = moved(tensor)
    outputs = tuple(map(moved, graph.outputs))
    return replace(graph, calls=tuple(calls), outputs=outputs)


def reads_alone(graph: Graph, tensor: Tensor) -> bool:
    """Whether a tensor's call is read once, and not returned."""
    return len(graph.readers[tensor.call]) == 1 and tensor.call not in graph.returned
