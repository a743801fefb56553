"""Networks that students built, read for a report.

A student's process recorded them, so anything can be in them that no layer has. Whatever cannot be
read, compared or drawn is left out: one answer must not cost a class its report.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from autograder.grading.class_report.class_data import Answer
from autograder.grading.class_report.names_of_layers import Renamed, renamed
from autograder.graphs import Graph, Palette, normal_form
from autograder.graphs.draw import Drawing, draw
from autograder.graphs.stored import graph_from_json

Value = TypeVar("Value")


def wrong_network(answer: Answer) -> Graph | None:
    """The network that was kept of an answer."""
    data = answer.kept.graph if answer.kept is not None else None
    return None if data is None else _unless_it_fails(lambda: graph_from_json(data))


def under_plain_names(answer: Answer, known: Collection[str]) -> Renamed | None:
    """The network of an answer without the names that a student made up."""
    graph = wrong_network(answer)
    return None if graph is None else _unless_it_fails(lambda: renamed(graph, known))


def drawn(graph: Graph, marks: Collection[int], title: str) -> Drawing | None:
    """A picture of a network."""
    return _unless_it_fails(lambda: draw(graph, marks, title))


def same_for_same(graph: Graph, palette: Palette) -> Any:
    """What is equal for equal networks."""
    return _unless_it_fails(lambda: normal_form(graph, palette).key)


def _unless_it_fails(work: Callable[[], Value]) -> Value | None:
    try:
        return work()
    except Exception:  # forged data can be anything
        return None
