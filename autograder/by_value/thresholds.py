"""Limits in a network, and whether the numbers given to it went to both sides of them.

A limit that no number reached makes no difference to any output, so it is compared as written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.graphs import Call, Graph
from autograder.graphs.rebuilding.rebuilt import Step

_OF_ACTIVATIONS = {
    "hard_sigmoid": (-3.0, 3.0),
    "hard_silu": (-3.0, 3.0),
    "hard_tanh": (-1.0, 1.0),
    "relu6": (6.0,),
}
_SETTINGS = ("max_value", "threshold", "x_min", "x_max", "lambd")
_COMPARE = frozenset(
    {"Maximum", "Minimum", "Greater", "GreaterEqual", "Less", "LessEqual", "Clip", "Mod"}
)


def limits(call: Call) -> tuple[float, ...]:
    """The numbers at which what a call does to its first tensor changes."""
    found = [call.config.get(key) for key in _SETTINGS]
    found += _OF_ACTIVATIONS.get(str(call.config.get("activation")), ())
    if call.op in _COMPARE:
        found += [x for item in call.arguments.get("args", ()) for x in _numbers_in(item)]
    return tuple(float(x) for x in found if isinstance(x, (int, float)) and not isinstance(x, bool))


def _numbers_in(argument: Any) -> list[Any]:
    """A number, or the numbers of an array."""
    if isinstance(argument, Mapping) and argument.get("class_name") in {"__numpy__", "__tensor__"}:
        return np.unique(argument["config"]["value"]).tolist()
    return [argument]


_NEAR = 0.1
"""How far apart the numbers next to a limit may be, as a share of the limit: another limit between
them would be another function, and make no difference to any number that was tried."""


class Reached:
    """Which limits of a graph numbers came near to, on both sides."""

    def __init__(self, graph: Graph) -> None:
        self._limits = {n: found for n, call in enumerate(graph.calls) if (found := limits(call))}
        self._next: dict[tuple[int, float], tuple[float, float]] = {}
        """For each limit the largest number below it, and the smallest above."""

    def note(self, step: Step) -> None:
        """Take notice of what a call reads."""
        for limit in self._limits.get(step.place, ()):
            below, above = self._next.get((step.place, limit), (-np.inf, np.inf))
            if _are_near(below, above, limit):
                continue
            values = np.asarray(step.read[0], dtype=float)
            below = max(below, values[values < limit].max(initial=-np.inf))
            above = min(above, values[values > limit].min(initial=np.inf))
            self._next[step.place, limit] = (below, above)

    def missed(self) -> Counter[float]:
        """The limits that no numbers came near to."""
        nothing = (-np.inf, np.inf)
        return Counter(
            limit
            for place, found in self._limits.items()
            for limit in found
            if not _are_near(*self._next.get((place, limit), nothing), limit)
        )


def _are_near(below: float, above: float, limit: float) -> bool:
    return above - below <= _NEAR * max(1.0, abs(limit))
