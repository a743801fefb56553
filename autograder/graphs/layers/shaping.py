"""Parts of a tensor and other shapes of it: one spelling for slices, and one for new shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.graphs.layers.meaning import Config, Shape

_ADDS_AN_AXIS = frozenset({"ExpandDims", "OneHot", "Stack"})
ALL = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}
"""All of an axis, in an index."""

BACKWARDS = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": -1}}
"""All of an axis, from its end to its beginning."""

Index = list[Any]


def axes_of(op: str, shape: Shape) -> int:
    """How many axes an operation's `axis` counts: those of what it makes, where it adds one."""
    return len(shape) + (op in _ADDS_AN_AXIS) if shape else 0


def dot_axes(axes: Any, shapes: Sequence[Shape]) -> Any:
    """The axes of a Dot counted from the front: one number where both are the same."""
    pair = [axes, axes] if isinstance(axes, int) else list(axes)
    if len(shapes) != 2 or len(pair) != 2 or not all(shapes):
        return axes
    first, second = (axis % len(shape) for axis, shape in zip(pair, shapes, strict=True))
    return first if first == second else [first, second]


def new_shape(op: str, config: Config, shape: Shape) -> list[int | None] | None:
    """The shape that an operation gives to each example; None for an operation that does not.

    Sizes that are worked out (−1) are written out, where all sizes are known. An operation that
    moves numbers from one example into another is none of these.
    """
    if not shape:
        return None
    if op == "Reshape":
        return _target(config, shape)
    axis = config.get("axis")
    if op == "ExpandDims" and isinstance(axis, int) and axis % (len(shape) + 1):
        place = axis % (len(shape) + 1)
        return [*shape[1:place], 1, *shape[place:]]
    if op == "Squeeze" and axis is not None:
        places = {a % len(shape) for a in (axis if isinstance(axis, list) else [axis])}
        if 0 not in places:
            return [size for place, size in enumerate(shape) if place and place not in places]
    return None


def _target(config: Config, shape: Shape) -> list[int | None] | None:
    """What a Reshape makes of an example; None if it does not keep examples apart."""
    target, row = config.get("target_shape"), _count(shape[1:])
    if target is None:
        whole = config.get("newshape")
        if not isinstance(whole, list) or len(whole) < 2 or whole[0] not in (-1, None):
            return None
        target = whole[1:]
        if whole[0] == -1 and (row is None or _count(target) != row):
            return None
    target = list(target)
    if target.count(-1) == 1 and row is not None:
        rest = math.prod(size for size in target if size != -1)
        target = [row // max(rest, 1) if size == -1 else size for size in target]
    return target


def _count(sizes: Sequence[Any]) -> int | None:
    """How many numbers there are; None where a size is not known."""
    known = [size for size in sizes if isinstance(size, int) and size >= 0]
    return math.prod(known) if len(known) == len(sizes) else None


def plain_index(index: Any, shape: Shape) -> Index | None:
    """What `x[index]` takes, in one spelling; None where it is no plain index.

    An entry for each axis up to the last of which not all is taken: a slice without the ends that
    it need not name, or a place; the last place is −1. New axes stay where they are.
    """
    entries = list(index) if isinstance(index, list) else [index]
    if not shape or not all(_is_plain(entry) for entry in entries):
        return None
    taking = sum(entry is not None and not _is(entry, "__ellipsis__") for entry in entries)
    if taking > len(shape) or sum(_is(entry, "__ellipsis__") for entry in entries) > 1:
        return None
    filled: Index = []
    for entry in entries:
        filled += [ALL] * (len(shape) - taking) if _is(entry, "__ellipsis__") else [entry]
    sizes = iter(shape)
    plain = [entry if entry is None else _plain_entry(entry, next(sizes)) for entry in filled]
    while plain and plain[-1] == ALL:
        plain.pop()
    return plain


def _is(entry: Any, kind: str) -> bool:
    return isinstance(entry, Mapping) and entry.get("class_name") == kind


def _is_plain(entry: Any) -> bool:
    if _is(entry, "__slice__"):
        return all(end is None or isinstance(end, int) for end in entry["config"].values())
    whole = isinstance(entry, int) and not isinstance(entry, bool)
    return entry is None or whole or _is(entry, "__ellipsis__")


def _plain_entry(entry: Any, size: int | None) -> Any:
    if isinstance(entry, int):
        return entry if size is None else _from_an_end(entry, size)
    start, stop, step = (entry["config"].get(key) for key in ("start", "stop", "step"))
    if size is not None and step in (None, 1):
        start, stop, _ = slice(start, stop).indices(size)
        start, stop = start or None, stop if stop < size else None
        step = None
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


def _from_an_end(place: int, size: int) -> int:
    """A place counted from the front, and the last as −1: so it is mostly written."""
    place = place % size if -size <= place < size else place
    return -1 if place == size - 1 and size > 1 else place


def taken_shape(index: Index, shape: Shape) -> list[int | None]:
    """The shape of an example after `x[index]` with its new axes, of an index as `plain_index`."""
    found: list[int | None] = []
    sizes = iter(shape)
    for entry in index:
        if entry is None:
            found.append(1)
        elif isinstance(entry, int):
            next(sizes)
        else:
            found.append(_length(entry["config"], next(sizes)))
    return [*found, *sizes][1:]


def _length(ends: Mapping[str, Any], size: int | None) -> int | None:
    if size is None:
        return None
    return len(range(*slice(ends["start"], ends["stop"], ends["step"]).indices(size)))
