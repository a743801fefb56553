"""One exercise: a network drawn by a seed, and what is asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from autograder.graphs import Graph
from autograder.practising.as_code import Built, built, code
from autograder.practising.drawn_network import Network
from autograder.practising.made_wrong import Mistake
from autograder.practising.statements import statements
from autograder.practising.topics import TOPICS

KINDS = ("build", "count", "shapes", "find", "draw", "mend")
"""Build this graph; count the parameters; give the shapes; find the mistake; what does this code
draw; mend this code."""

LETTERS = "abcd"


@dataclass(frozen=True)
class Option:
    """One of the choices: a sentence, or a graph to be drawn; the mistake that it stands for."""

    text: str = ""
    graph: Graph | None = None
    mistake: str = ""


@dataclass(frozen=True)
class Exercise:
    """An exercise, as plain data.

    Attributes:
        topic: an idea of a chapter, or the id of a mistake.
        level: 1, 2 or 3.
        kind: one of `KINDS`.
        seed: what it was drawn by; with the three above it says everything.
        network: the right network.
        wrong: the network with the mistake, where one is to be found or mended.
        options: the choices, by letter.
        right: the letter of the right choice; "" where an answer is none.
        as_drawings: whether a mistake is to be found between two drawings: of the right network,
            and of the wrong one.
    """

    topic: str
    level: int
    kind: str
    seed: int
    network: Network
    wrong: Mistake | None = None
    options: tuple[Option, ...] = ()
    right: str = ""
    as_drawings: bool = False

    @property
    def name(self) -> str:
        """What it is called in a report; who types the same gets the same exercise."""
        return f"practice, {self.topic}, level {self.level}, {self.kind}, seed {self.seed}"

    @cached_property
    def built(self) -> Built:
        """What Keras makes of the right network."""
        return built(self.network)

    @property
    def statements(self) -> list[str]:
        """The right network in sentences."""
        return statements(self.network)

    @property
    def code(self) -> str:
        """The code that is shown: with the mistake, where there is one."""
        return code(self.wrong.network if self.wrong else self.network)


def fits(topic: str, kind: str) -> bool:
    """Whether a kind practises a topic.

    A mistake is practised where it is made; not by `find`, where its name is the answer.
    """
    if topic in TOPICS:
        return True
    return kind in ("mend", "draw")


def asks_the_same(one: Exercise, other: Exercise) -> bool:
    """Whether two exercises ask the same, whatever seeds drew them."""
    mine, theirs = ((each.kind, each.network, each.wrong) for each in (one, other))
    return mine == theirs
