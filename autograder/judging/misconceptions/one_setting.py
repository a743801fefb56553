"""What mistakes in a setting have in common: who has it, other values, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from autograder.graphs import Call, Graph
from autograder.graphs.surgery import with_config
from autograder.judging.edits import Edit, changed_together, slip
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.sketch import Sketch


def one_layer(op: str, *shape: int | None, **config: Any) -> Graph:
    """A network of one layer with weights, for examples."""
    sketch = Sketch()
    return sketch.graph(sketch.layer(op, sketch.input(*shape), **config))


def dropping(rate: float, **more: Any) -> Graph:
    """A network that is a Dropout, for examples."""
    sketch = Sketch()
    return sketch.graph(sketch.step("Dropout", sketch.input(8), rate=rate, **more))


def groups_with(
    graph: Graph,
    hints: Hints,
    key: str,
    suits: Callable[[Call], bool] = lambda call: True,
    *,
    settings: Callable[[Call], Mapping[str, Any]] = attrgetter("keras_config"),
) -> Iterator[tuple[list[int], Call]]:
    """Calls that have a setting, in groups that one slip would change, with the first of each.

    Args:
        graph: any graph.
        hints: where it is worth looking.
        key: the setting.
        suits: which calls are meant.
        settings: which settings of a call count; those of layers that somebody wrote do not, since
            nobody knows what they mean.
    """

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        known = settings(call)
        return [f"{call.op} {known[key]}"] if key in known and suits(call) else []

    for places in changed_together(graph, hints.is_site, alike):
        yield places, graph.calls[places[0]]


@dataclass(frozen=True)
class OtherValue:
    """Some calls with another value for one of their settings.

    Attributes:
        graph: the graph with that value.
        places: the calls.
        call: the first of them, as it was.
        key: the setting.
        value: what it is now.
    """

    graph: Graph
    places: list[int]
    call: Call
    key: str
    value: Any

    @property
    def meant(self) -> Any:
        """What it was before."""
        return self.call.config[self.key]


def with_other_values(
    graph: Graph,
    hints: Hints,
    keys: tuple[str, ...],
    suits: Callable[[Call], bool] = lambda call: True,
) -> Iterator[OtherValue]:
    """Settings with each value that the hints suggest, in calls that suit."""
    for key in keys:
        for places, call in groups_with(graph, hints, key, suits):
            for value in hints.values(call, key):
                if value is not None:
                    changed = with_config(graph, places, **{key: value})
                    yield OtherValue(changed, places, call, key, value)


def setting_edit(
    graph: Graph,
    changed: Graph,
    places: list[int],
    *,
    expected: str,
    found: str,
    message: str,
    next_step: str,
    verb: str = "has",
) -> Edit:
    """A wrong setting of some calls.

    Args:
        graph: the graph before.
        changed: the graph with the mistake in it.
        places: the calls.
        expected: what they are meant to have, as the end of a sentence.
        found: the same of what they have.
        message: why it matters.
        next_step: one thing to try.
        verb: what stands before what they have.
    """
    return slip(
        graph,
        changed,
        places,
        f"{verb} {found}, where the exercise has {expected}. {message}",
        expected=expected,
        found=found,
        next_step=next_step,
    )


def groups_of_layers(graph: Graph, hints: Hints) -> Iterator[tuple[list[int], Call]]:
    """All calls but activations, in groups that one slip would change."""

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        return [] if call.op == "Activation" else [call.label]

    for places in changed_together(graph, hints.is_site, alike):
        yield places, graph.calls[places[0]]


def groups_of_activations(graph: Graph, hints: Hints) -> Iterator[list[int]]:
    """Activations in groups: those of one layer, of layers of one class, and all of one kind."""

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        if call.op != "Activation":
            return []
        return [f"{graph.calls[call.inputs[0].call].op} {call.label}", call.label]

    return changed_together(graph, hints.is_site, alike)
