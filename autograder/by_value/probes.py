"""Inputs on which two networks are compared."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.by_value.numbers import generator
from autograder.graphs import Call, Graph
from autograder.graphs.sizes import is_ids

SCALES = (1.0, 0.03, 30.0, 1000.0)
"""Sizes of inputs, example by example: small ones show epsilons, large ones limits."""

LENGTHS = ((4, 5), (5, 5), (16, 32), (32, 32), (64, 64), (300, 300))
"""For axes without a length, tried in turn until both networks can take them."""


@dataclass(frozen=True)
class Probe:
    """What inputs look like.

    Attributes:
        shapes: of each input, without the batch axis.
        whole: for each input, whether its numbers are whole ones; then from 0 up to `top`.
        top: the smallest number that is no id any more, in either network.
        pads: what stands for a step to be skipped, in either network.
    """

    shapes: tuple[tuple[int | None, ...], ...]
    whole: tuple[bool, ...]
    top: int
    pads: tuple[float, ...]

    @classmethod
    def of(cls, answer: Graph, reference: Graph) -> Probe:
        """What both networks can be given."""
        inputs = list(zip(_inputs(answer), _inputs(reference), strict=True))
        calls = [*answer.calls, *reference.calls]
        tops = [
            call.config[key]
            for call in calls
            for key in ("input_dim", "num_tokens", "num_classes")
            if isinstance(call.config.get(key), int)
        ]
        pads = {float(c.config.get("mask_value", 0.0)) for c in calls if c.op == "Masking"}
        return cls(
            tuple(tuple(meant.config["shape"]) for _, meant in inputs),
            tuple(is_ids(answer, n) or is_ids(reference, n) for n in range(len(inputs))),
            max(1, min(tops, default=4)),
            tuple(sorted(pads)) or (0.0,),
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

        Args:
            batch: how many examples.
            seed: which ones.
            scales: of the examples' numbers, in turn.
            lengths: for axes without one, in turn.
        """
        free = itertools.cycle(lengths)
        return list(self._arrays(batch, seed, scales, free))

    def _arrays(
        self, batch: int, seed: int, scales: Sequence[float], free: Iterator[int]
    ) -> Iterator[np.ndarray]:
        for number, (shape, whole) in enumerate(zip(self.shapes, self.whole, strict=True)):
            random = generator("input", number, seed)
            sizes = (batch, *(next(free) if size is None else size for size in shape))
            if whole:
                found = random.integers(0, self.top, sizes).astype("float64")
            else:
                scale = np.resize(np.array(scales), batch).reshape(-1, *[1] * len(shape))
                found = random.normal(size=sizes) * scale
            if len(sizes) > 1 and sizes[1] > 2 and (whole or len(sizes) == 3):
                for example in range(1, batch, 3):
                    pad = 0 if whole else self.pads[example % len(self.pads)]
                    found[example, 1 + example % (sizes[1] - 1) :] = pad
            yield found


def numbers_in(probe: Probe, lengths: Sequence[int]) -> int:
    """How many numbers one example has."""
    free = itertools.cycle(lengths)
    return sum(
        math.prod(next(free) if size is None else size for size in shape) for shape in probe.shapes
    )


def _inputs(graph: Graph) -> tuple[Call, ...]:
    return graph.calls[: len(graph.inputs)]
