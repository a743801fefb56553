"""One model of the corpus, and what is to be said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from corpus.systems import reference

from autograder.graphs import Graph, read_graph
from autograder.graphs.weightless import build_weightless


@dataclass(frozen=True)
class Case:
    """A model, the system it answers, and the mistakes in it.

    Attributes:
        system: id of the system, or "" where `meant` makes the reference.
        mistakes: for each mistake the ids that name it rightly; more than one only where the
            plain meaning of both fits. Empty for a right model.
        build: makes the Keras model.
        note: what was done, for the reader of a failure.
        meant: makes the reference where it is none of the course's systems.
        says: words that the findings have to say, in any of their parts.
    """

    system: str
    mistakes: tuple[frozenset[str], ...]
    build: Callable[[], Any]
    note: str = ""
    meant: Callable[[], Any] | None = None
    says: tuple[str, ...] = ()

    @property
    def reference(self) -> Graph:
        """The graph that is asked for."""
        if self.meant is None:
            return reference(self.system)
        return read_graph(build_weightless(self.meant))

    @property
    def expected(self) -> str:
        """The mistakes in words: "a|b" where either name is right, "a + b" for two mistakes."""
        return " + ".join(sorted("|".join(sorted(names)) for names in self.mistakes))

    def is_named(self, found: list[str]) -> bool:
        """Whether these ids name each mistake, and nothing else."""
        if any(not any(name in names for names in self.mistakes) for name in found):
            return False
        return all(names & set(found) for names in self.mistakes)


def mistakes(words: str) -> tuple[frozenset[str], ...]:
    """The mistakes from "a|b + c"."""
    return tuple(frozenset(names.strip().split("|")) for names in words.split("+"))
