"""Inputs on which two networks are compared."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.by_value.numbers import generator
from autograder.by_value.thresholds import MET, NONE, PASSED, limits
from autograder.graphs import Call, Graph
from autograder.graphs.sizes import first_not_an_id, is_ids

SCALES = (1.0, 0.03, 30.0, 1000.0)
"""Sizes of inputs, example by example: small ones show epsilons, large ones limits."""

LENGTHS = ((4, 5), (5, 5), (16, 32), (32, 32), (64, 64), (300, 300))
"""For axes without a length, tried in turn until both networks can take them."""

OTHER_LENGTHS = (7, 9)
"""For the same, where both are equal in those: a length may be what makes them so."""


@dataclass(frozen=True)
class Probe:
    """What inputs look like.

    Attributes:
        shapes: of each input, without the batch axis.
        whole: for each input, whether its numbers are whole ones; then from 0 up to its top.
        tops: for each input the smallest number that is no id any more, in either network.
        pads: what stands for a step to be skipped, in either network.
        limits: numbers that either network compares with.
        minds_what_is_no_number: whether either asks for that.
        sizes: of all axes of what either network makes.
    """

    shapes: tuple[tuple[int | None, ...], ...]
    whole: tuple[bool, ...]
    tops: tuple[int, ...]
    pads: tuple[float, ...]
    limits: tuple[float, ...]
    minds_what_is_no_number: bool
    sizes: frozenset[int]

    @classmethod
    def of(cls, answer: Graph, reference: Graph) -> Probe:
        """What both networks can be given."""
        inputs = list(zip(_inputs(answer), _inputs(reference), strict=True))
        calls = [*answer.calls, *reference.calls]
        pads = {float(c.config.get("mask_value", 0.0)) for c in calls if c.op == "Masking"}
        found = {limit for call in calls for limit in limits(call)}
        return cls(
            tuple(tuple(meant.config["shape"]) for _, meant in inputs),
            tuple(is_ids(answer, n) or is_ids(reference, n) for n in range(len(inputs))),
            tuple(
                max(1, min(first_not_an_id(graph, n) for graph in (answer, reference)))
                for n in range(len(inputs))
            ),
            tuple(sorted(pads)) or (0.0,),
            tuple(sorted({limit.at for limit in found if limit.kind in (MET, PASSED)})),
            any(limit.kind == NONE for limit in found),
            frozenset(size for call in calls for size in (call.shape or ())[1:] if size),
        )

    @property
    def is_open(self) -> bool:
        """Whether an axis has no length."""
        return any(size is None for shape in self.shapes for size in shape)

    def data(
        self,
        batch: int,
        seed: int,
        scales: Sequence[float] = (1.0,),
        lengths: Sequence[int] = LENGTHS[0],
    ) -> list[np.ndarray]:
        """An array for each input; of every third example the end is padded, as masks have it.

        There are not as many examples as an axis is long. Called at once, Keras 3.15 adds what has
        one number for an example as if these stood for the last axis where they are as many.

        Args:
            batch: how many examples; where that is the size of an axis, more.
            seed: which ones.
            scales: of the examples' numbers, in turn.
            lengths: for axes without one, in turn.
        """
        while batch in self.sizes or batch in lengths:
            batch += 1
        return list(self._arrays(batch, seed, scales, itertools.cycle(lengths)))

    def _arrays(
        self, batch: int, seed: int, scales: Sequence[float], free: Iterator[int]
    ) -> Iterator[np.ndarray]:
        for number, (shape, whole) in enumerate(zip(self.shapes, self.whole, strict=True)):
            random = generator("input", number, seed)
            sizes = (batch, *(next(free) if size is None else size for size in shape))
            if whole:
                found = random.integers(0, self.tops[number], sizes).astype("float64")
            else:
                scale = np.resize(np.array(scales), batch).reshape(-1, *[1] * len(shape))
                found = random.normal(size=sizes) * scale
            if len(sizes) > 1 and sizes[1] > 2 and (whole or len(sizes) == 3):
                for example in range(1, batch, 3):
                    pad = 0 if whole else self.pads[example % len(self.pads)]
                    found[example, 1 + example % (sizes[1] - 1) :] = pad
            yield found

    def data_at_limits(
        self, seed: int, lengths: Sequence[int], *, only_ids: bool
    ) -> list[np.ndarray]:
        """Arrays in which the numbers stand that either network compares with, and those next to
        them: alone, and as all that is left of an example.

        Args:
            seed: which numbers stand between them.
            lengths: for axes without one, in turn.
            only_ids: whether ids stay between 0 and their top.
        """
        arrays = self.data(_AT_LIMITS, seed, (1.0,), lengths)
        for number, (found, whole) in enumerate(zip(arrays, self.whole, strict=True)):
            told = [n for x in self.limits for n in (_whole_numbers_next_to(x) if whole else [x])]
            if whole and only_ids:
                told = [x for x in told if 0 <= x < self.tops[number]]
            _put_in(found, told, generator("limits", number, seed))
        return arrays

    def data_without_numbers(self, seed: int, lengths: Sequence[int]) -> list[np.ndarray]:
        """Arrays in which some numbers are none, or not finite; ids are."""
        arrays = self.data(9, seed, (1.0,), lengths)
        for number, (found, whole) in enumerate(zip(arrays, self.whole, strict=True)):
            if not whole:
                random = generator("no number", number, seed)
                for example, odd in enumerate((np.nan, np.inf, -np.inf, np.nan, np.inf)):
                    found[example][random.random(found.shape[1:]) < 0.2] = odd
        return arrays


_AT_LIMITS = 48
"""Examples in which the numbers stand that a network compares with."""


def _whole_numbers_next_to(limit: float) -> range:
    return range(math.floor(limit) - 1, math.ceil(limit) + 2)


def _put_in(found: np.ndarray, told: Sequence[float], random: np.random.Generator) -> None:
    """Put numbers into an array: each into examples of its own, as far as there are enough."""
    for example in range(len(found) if told else 0):
        number, way = told[example % len(told)], example // len(told) % 3
        chosen = random.random(found.shape[1:]) < 0.3
        if way == 1 and found.ndim > 1:
            chosen[chosen.shape[0] // 2 :] = True
        found[example][chosen if way < 2 else ...] = number


def numbers_in(probe: Probe, lengths: Sequence[int]) -> int:
    """How many numbers one example has."""
    free = itertools.cycle(lengths)
    return sum(
        math.prod(next(free) if size is None else size for size in shape) for shape in probe.shapes
    )


def _inputs(graph: Graph) -> tuple[Call, ...]:
    return graph.calls[: len(graph.inputs)]
