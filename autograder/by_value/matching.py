"""Which units of one network stand for which of the other: found by how outputs answer to them.

Units of a kind begin with one colour. Equal colours are equal numbers, so outputs do not depend on
which unit stands for which of its colour; units to which outputs answer otherwise get colours of
their own, in both networks alike, until all differ or no way tells more apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.by_value.network import Network
from autograder.by_value.numbers import numbers
from autograder.by_value.units import Kind, Values

Colours = dict[Kind, np.ndarray]
"""For each kind the colours of its units."""

Matching = dict[Kind, np.ndarray]
"""For each kind, and each unit of the answer, the unit of the reference that it stands for."""

NEAR = 1e-6
"""Fingerprints that differ by less, as a share of the larger, are the same."""

TINY = 1e-9
"""The same, as a share of the largest of all."""

WAYS = 3
ROUNDS = 16
IDLE_ROUNDS = 5
"""After so many rounds that tell nothing apart units are alike, as far as can be told."""


class NoMatching(Exception):
    """Outputs answer to the weights of the two networks in different ways."""


@dataclass
class Pair:
    """Colours of both sides, with equal numbers of each."""

    answer: Colours
    reference: Colours

    def matching(self) -> Matching:
        """A matching that keeps colours; where a colour is on several units, in their order."""
        found = {}
        for kind, mine in self.answer.items():
            order, other = np.argsort(mine, kind="stable"), self.reference[kind]
            matched = np.empty(len(mine), int)
            matched[order] = np.argsort(other, kind="stable")
            found[kind] = matched
        return found

    @property
    def ties(self) -> int:
        """How many units share a colour with another one of their network."""
        return _ties(self.reference.values())


def values(colours: Colours, spread: Mapping[Kind, float], *which: int) -> Values:
    """Equal colours, equal numbers, whatever the shapes.

    Args:
        colours: of the units.
        spread: by kind of weights, how large they are.
        which: of several such values.
    """
    found = {}
    for kind, own in colours.items():
        names, places = np.unique(own, return_inverse=True)
        table = np.stack(
            [numbers(kind.size, kind, int(c), *which, positive=kind.positive) for c in names]
        ).reshape(len(names), kind.size)
        found[kind] = (table if kind.positive else table * spread[kind])[places]
    return found


def one_colour(network: Network) -> Colours:
    """All units of a kind alike."""
    return {kind: np.zeros(count, int) for kind, count in network.kinds.items()}


def matched(own: Values, matching: Matching) -> dict[Kind, np.ndarray]:
    """The answer's values where the reference has these."""
    return {kind: own[kind][places] for kind, places in matching.items()}


class Refinement:
    """Tells units apart, on inputs that are given."""

    def __init__(
        self,
        answer: Network,
        reference: Network,
        probes: list[list[np.ndarray]],
        spread: Mapping[Kind, float],
    ) -> None:
        self.answer, self.reference, self.probes, self.spread = answer, reference, probes, spread
        self._shown = {kind: np.zeros(count, bool) for kind, count in reference.kinds.items()}
        """The reference's units to which some output has answered."""

    def ties(self, pair: Pair) -> int:
        """How many units share a colour with another one, of those that any output shows: which of
        the others stands for which makes no difference, as of biases that a softmax cancels.
        """
        return _ties(own[self._shown[kind]] for kind, own in pair.reference.items())

    def begun(self) -> Pair | None:
        """The colours of one for each kind, told apart in many ways; None if nothing matches."""
        pair = Pair(one_colour(self.answer), one_colour(self.reference))
        try:
            return self.refined(pair, idle_rounds=IDLE_ROUNDS)
        except NoMatching:
            return None

    def refined(self, pair: Pair, *, idle_rounds: int = 2) -> Pair:
        """Colours that no fingerprint splits any more.

        Each round has weights of its own: what a ReLU keeps dead in one of them is alike there, and
        no output shows it.

        Args:
            pair: colours so far.
            idle_rounds: after so many in which nothing is told apart it ends.

        Raises:
            NoMatching: if a colour has more units on one side than on the other.
        """
        idle, ties = 0, -1
        for number in range(ROUNDS):
            pair = self._split(pair, number)
            before, ties = ties, pair.ties
            idle = idle + 1 if ties == before else 0
            if not ties or idle == idle_rounds:
                break
        return pair

    def _split(self, pair: Pair, number: int) -> Pair:
        mine = self._fingerprints(self.answer, pair.answer, number)
        theirs = self._fingerprints(self.reference, pair.reference, number)
        size = max((np.abs(f).max(initial=0) for f in theirs.values()), default=0.0)
        answer, reference = {}, {}
        for kind, own in pair.answer.items():
            other = pair.reference[kind]
            self._shown[kind] |= np.abs(theirs[kind]).max(1, initial=0) > TINY * size
            colours = _clusters(
                np.concatenate([own, other]),
                np.concatenate([mine[kind], theirs[kind]]),
                float(size),
            )
            answer[kind], reference[kind] = colours[: len(own)], colours[len(own) :]
            if not np.array_equal(np.sort(answer[kind]), np.sort(reference[kind])):
                raise NoMatching
        return Pair(answer, reference)

    def _fingerprints(
        self, network: Network, colours: Colours, number: int
    ) -> dict[Kind, np.ndarray]:
        probe = self.probes[number % len(self.probes)]
        found = network.answers(values(colours, self.spread, number), probe, WAYS)
        return {kind: found[kind][:, :WAYS] for kind in colours}

    def individualised(self, pair: Pair) -> Iterator[Pair]:
        """Ways to give one unit of the reference, and one of the answer, a colour of their own."""
        kind, colour = min(
            (
                (int(count), kind, int(colour))
                for kind, own in pair.reference.items()
                for colour, count in zip(
                    *np.unique(own[self._shown[kind]], return_counts=True), strict=True
                )
                if count > 1
            ),
            key=lambda found: (found[0], repr(found[1]), found[2]),
        )[1:]
        tied = (pair.reference[kind] == colour) & self._shown[kind]
        chosen = int(np.flatnonzero(tied)[0])
        fresh = 1 + max(int(own.max(initial=0)) for own in pair.reference.values())
        reference = _with(pair.reference, kind, chosen, fresh)
        for place in np.flatnonzero(pair.answer[kind] == colour):
            yield Pair(_with(pair.answer, kind, int(place), fresh), reference)


def matchings(refinement: Refinement, pair: Pair, *, complete: bool) -> Iterator[Matching]:
    """Matchings that keep what fingerprints tell, the likeliest first.

    Args:
        refinement: tells units apart.
        pair: their colours so far.
        complete: whether matchings do not count in which units have a colour in common: of single
            numbers there are many that are alike until one of them is another.
    """
    try:
        # Of single numbers many are told apart one by one: a round that tells nothing is enough.
        pair = refinement.refined(pair, idle_rounds=1 if complete else 2)
    except NoMatching:
        return
    ties = refinement.ties(pair)
    if not (ties and complete):
        yield pair.matching()
    if ties:
        for split in refinement.individualised(pair):
            yield from matchings(refinement, split, complete=complete)


def _ties(colours: Iterable[np.ndarray]) -> int:
    return sum(len(own) - len(np.unique(own)) for own in colours)


def _with(colours: Colours, kind: Kind, place: int, colour: int) -> Colours:
    own = colours[kind].copy()
    own[place] = colour
    return {**colours, kind: own}


def _clusters(colours: np.ndarray, prints: np.ndarray, size: float) -> np.ndarray:
    """Colours split where fingerprints differ, one number of them after the other."""
    for column in range(prints.shape[1]):
        numbers_of = prints[:, column]
        order = np.lexsort((numbers_of, colours))
        own, ranked = colours[order], numbers_of[order]
        near = NEAR * np.maximum(np.abs(ranked[1:]), np.abs(ranked[:-1])) + TINY * size
        breaks = (np.diff(own) != 0) | (np.diff(ranked) > near)
        found = np.empty(len(colours), int)
        found[order] = np.concatenate([[0], np.cumsum(breaks)]) if len(order) else order
        colours = found
    return colours
