"""Limits in a network, and whether the numbers given to it went to both sides of them.

A limit that no number reached makes no difference to any output, so it is compared as written.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from autograder.by_value.never_below import never_below_zero
from autograder.graphs import Call, Graph
from autograder.graphs.rebuilding.rebuilt import Step


class Limit(NamedTuple):
    """Where what a call does to its first tensor changes.

    Attributes:
        kind: PASSED is a limit between smaller numbers and larger ones, MET is one number, EQUAL
            is where two tensors are equal, NONE is what is no finite number, and SIGN is whether
            numbers are below 0.
        at: the number; 0 where there is none.
        by: what is done to numbers below 0, where that is all that shows.
    """

    kind: str
    at: float = 0.0
    by: str = ""


PASSED, MET, EQUAL, NONE, SIGN = "passed", "met", "equal", "none", "sign"

_OF_ACTIVATIONS = {
    "hard_shrink": (-0.5, 0.5),
    "hard_sigmoid": (-3.0, 3.0),
    "hard_silu": (-3.0, 3.0),
    "hard_tanh": (-1.0, 1.0),
    "relu6": (6.0,),
    "soft_shrink": (-0.5, 0.5),
    "sparse_plus": (-1.0, 1.0),
    "sparse_sigmoid": (-1.0, 1.0),
}
_ON_BOTH_SIDES = frozenset({"hard_shrink", "soft_shrink"})
"""Activations whose `threshold` is one above 0, and one below."""

_BY_SIGN = frozenset({"celu", "elu", "leaky_relu", "relu", "relu6", "selu"})
"""Activations that do something else to numbers below 0."""

_LISTS = {"Discretization": "bin_boundaries", "IntegerLookup": "vocabulary"}
"""Layers whose limits are a list among their settings."""

_EPSILON = 1e-6
"""What is smaller keeps a division from none by zero, and is no limit that anybody meets."""

_SETTINGS = ("max_value", "threshold", "x_min", "x_max", "lambd")
_COMPARE = frozenset(
    {"Maximum", "Minimum", "Greater", "GreaterEqual", "Less", "LessEqual", "Clip"}
    | {"Digitize", "FloorDivide", "Mod", "SearchSorted"}
)
_EQUATE = frozenset({"Equal", "IsIn", "NotEqual"})
_MIND_WHAT_IS_NO_NUMBER = frozenset({"Isfinite", "Isinf", "Isnan", "NanToNum"})


def limits(call: Call) -> tuple[Limit, ...]:
    """Where what a call does to its first tensor changes."""
    return tuple(_limits(call))


def _limits(call: Call) -> Iterator[Limit]:
    name = str(call.config.get("activation"))
    given = [x for x in map(_number, map(call.config.get, _SETTINGS)) if x is not None]
    if name in _ON_BOTH_SIDES and given:
        given += [-x for x in given]
    elif name in _OF_ACTIVATIONS:
        given += _OF_ACTIVATIONS[name]
    if name in _BY_SIGN or call.op == "Absolute":
        yield Limit(SIGN, by=call.label)
    numbers = [n for x in call.arguments.get("args", ()) for n in _numbers_in(x)]
    if call.op in _COMPARE:
        given += numbers
    listed = call.config.get(_LISTS.get(call.op, ""))
    known = [n for n in map(_number, listed if isinstance(listed, list) else ()) if n is not None]
    if call.op == "Discretization":
        given += known
    yield from (Limit(PASSED, x) for x in given if not 0 < abs(x) < _EPSILON)
    if call.op == "IntegerLookup":
        yield from (Limit(MET, x) for x in known)
    if call.op in _EQUATE:
        yield from (Limit(MET, x) for x in numbers)
        if not numbers:
            yield Limit(EQUAL)
    if call.op in _MIND_WHAT_IS_NO_NUMBER:
        yield Limit(NONE)


def _number(value: Any) -> float | None:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) else None


def _numbers_in(argument: Any) -> list[float]:
    """A number, or the numbers of an array."""
    values: list[Any] = [argument]
    if isinstance(argument, Mapping) and argument.get("class_name") in {"__numpy__", "__tensor__"}:
        values = np.unique(argument["config"]["value"]).tolist()
    return [number for number in map(_number, values) if number is not None]


_NEAR = 0.1
"""How far apart the numbers next to a limit may be, as a share of the limit: another limit between
them would be another function, and make no difference to any number that was tried."""


class Reached:
    """Which limits of a graph numbers came near to, on both sides."""

    def __init__(self, graph: Graph) -> None:
        self._limits = {n: found for n, call in enumerate(graph.calls) if (found := limits(call))}
        never = never_below_zero(graph)
        self._never_below = {
            place for place in self._limits if all(never[t.call] for t in graph.calls[place].inputs)
        }
        """The calls that read no number below zero, whatever is given to the network."""
        self._next: dict[tuple[int, float], tuple[float, float]] = {}
        """For each limit the largest number below it, and the smallest above."""
        self._seen: set[tuple[int, Limit, bool]] = set()
        """For each other limit, whether numbers were seen that are it, and such as are not."""
        self._met: set[tuple[int, float]] = set()
        """The limits between smaller numbers and larger ones that were read themselves."""
        self._not_whole: set[int] = set()
        """The calls that read other numbers than whole ones."""

    def note(self, step: Step) -> None:
        """Take notice of what a call reads."""
        for limit in self._limits.get(step.place, ()):
            if limit.kind == PASSED:
                self._note_sides(step, limit.at)
            else:
                found = _are_it(step, limit)
                self._seen.update((step.place, limit, bool(it)) for it in np.unique(found))

    def _note_sides(self, step: Step, at: float) -> None:
        below, above = self._next.get((step.place, at), (-np.inf, np.inf))
        if step.place in self._not_whole and _are_near(below, above, at):
            return
        values = np.asarray(step.read[0], dtype=float)
        below = max(below, values[values < at].max(initial=-np.inf))
        above = min(above, values[values > at].min(initial=np.inf))
        self._next[step.place, at] = (below, above)
        if (values == at).any():
            self._met.add((step.place, at))
        if (values != np.rint(values)).any():
            self._not_whole.add(step.place)

    def forget(self) -> None:
        """Take notice anew: what was read with other weights shows nothing of these."""
        for noted in (self._next, self._seen, self._met, self._not_whole):
            noted.clear()

    def missed(self) -> Counter[Limit]:
        """The limits that no numbers came near to."""
        return Counter(
            limit
            for place, found in self._limits.items()
            for limit in found
            if not self._is_reached(place, limit)
        )

    def _is_reached(self, place: int, limit: Limit) -> bool:
        if limit.kind == PASSED:
            below, above = self._next.get((place, limit.at), (-np.inf, np.inf))
            if place in self._not_whole:
                return _are_near(below, above, limit.at)
            # Whole numbers are met, or they are not: those next to each other show all there is.
            is_least = limit.at <= 0 and place in self._never_below
            sides = is_least or below >= limit.at - 1, above <= limit.at + 1
            met = (place, limit.at) in self._met
            return all(sides) and (met or not limit.at.is_integer())
        if limit.kind == SIGN and place in self._never_below:
            return True
        return all((place, limit, it) in self._seen for it in (False, True))


def _are_it(step: Step, limit: Limit) -> np.ndarray:
    """Where what a call reads is what a limit is at."""
    values = np.asarray(step.read[0])
    if limit.kind == NONE:
        return ~np.isfinite(values.astype(float))
    if limit.kind == SIGN:
        return values < 0
    return values == (limit.at if limit.kind == MET else np.asarray(step.read[-1]))


def _are_near(below: float, above: float, limit: float) -> bool:
    return above - below <= _NEAR * max(1.0, abs(limit))
