"""Limits in a network, and whether the numbers given to it went to both sides of them.

A limit that no number reached makes no difference to any output, so it is compared as written.
"""

from __future__ import annotations

from collections import Counter

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
        found += [item for item in call.arguments.get("args", ()) if not isinstance(item, bool)]
    return tuple(float(x) for x in found if isinstance(x, (int, float)) and not isinstance(x, bool))


class Reached:
    """Which limits of a graph were passed on both sides."""

    def __init__(self, graph: Graph) -> None:
        self._limits = {n: found for n, call in enumerate(graph.calls) if (found := limits(call))}
        self._above: set[tuple[int, float]] = set()
        self._below: set[tuple[int, float]] = set()

    def note(self, step: Step) -> None:
        """Take notice of what a call reads."""
        for limit in self._limits.get(step.place, ()):
            key = (step.place, limit)
            if key in self._above and key in self._below:
                continue
            values = np.asarray(step.read[0])
            if (values > limit).any():
                self._above.add(key)
            if (values < limit).any():
                self._below.add(key)

    def missed(self) -> Counter[float]:
        """The limits that were not passed."""
        passed = self._above & self._below
        return Counter(
            limit
            for place, found in self._limits.items()
            for limit in found
            if (place, limit) not in passed
        )
