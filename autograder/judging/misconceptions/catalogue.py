"""The catalogue: every misconception by its id, the most specific first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.graphs import Graph
from autograder.judging.edits import Edit
from autograder.judging.hints import Hints

Make = Callable[[Graph, Hints], Iterator[Edit]]
Example = Callable[[], tuple[Graph, Graph]]


@dataclass(frozen=True)
class Misconception:
    """A mistake with a name.

    Attributes:
        id: its name in findings and tests.
        make: makes the mistake in a right graph, in every way that the hints suggest.
        example: a right graph, and the same with this mistake in it.
        rearranges: whether the mistake makes no layer and no setting that the graph has not, but
            calls what is there otherwise, or not at all.
    """

    id: str
    make: Make
    example: Example
    rearranges: bool = False


CATALOGUE: dict[str, Misconception] = {}


def misconception(id: str, example: Example, rearranges: bool = False) -> Callable[[Make], Make]:
    """Enter a function into the catalogue; earlier entries are preferred to later ones.

    Args:
        id: the misconception's name.
        example: makes a right graph and a wrong one; the tests follow from it.
        rearranges: whether it makes no layer and no setting that the graph has not.
    """

    def enter(make: Make) -> Make:
        if id in CATALOGUE:
            raise ValueError(f"There are two misconceptions named {id!r}.")
        CATALOGUE[id] = Misconception(id, make, example, rearranges)
        return make

    return enter
