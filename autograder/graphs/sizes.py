"""The sizes in a graph: widths, lengths and numbers of words, and the same graph in other sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.graphs.black_boxes import runs_own_code
from autograder.graphs.graph import Call, Graph
from autograder.graphs.returned import tensor_shape

_SIZES = frozenset(
    {"filters", "input_dim", "key_dim", "num_classes", "num_tokens", "output_dim", "units"}
    | {"value_dim", "head_dim", "n", "newshape", "target_shape", "output_shape", "shape"}
    | {"indices_or_sections", "normalized_shape"}
)
"""Settings that are sizes of arrays, or lists of them."""

_WORDS = frozenset({"input_dim", "num_classes", "num_tokens"})
WIDTHS_OF_LAYERS = ("filters", "units", "output_dim")
"""Settings that say how many numbers a layer makes of each."""
_SMALL = 3
"""A place in a slice up to here means a step from an end, whatever the length."""


class NotResizable(Exception):
    """The graph means something else in other sizes."""


def steps(graph: Graph) -> set[int]:
    """How long inputs are in time: the first axis of a text, a series or a film."""
    return {axes[0] for axes in _open_axes(graph) if len(axes) != 2 and axes[0] is not None}


def lengths(graph: Graph) -> set[int]:
    """How long the other axes of inputs are on which no features stand: those of pictures."""
    sides = (axes if len(axes) == 2 else axes[1:] for axes in _open_axes(graph))
    return {size for axes in sides for size in axes if size is not None}


def is_ids(graph: Graph, place: int) -> bool:
    """Whether an input takes ids of something, of whatever type its numbers are."""
    if graph.calls[place].dtype.startswith(("int", "uint")):
        return True
    return any(_WORDS & set(graph.calls[reader].config) for reader, _ in graph.readers[place])


def reach(graph: Graph) -> int:
    """How many places along an axis without a length a call may tell apart: where a slice ends, how
    far something is moved, how wide a window is.
    """
    return max((_reach(graph, call) for call in graph.calls), default=0)


_ENDS = ("shift", "cropping", "padding", "pad_width", "pool_size", "n", "repetitions")


def _reach(graph: Graph, call: Call) -> int:
    shapes = [tensor_shape(graph.calls, tensor) for tensor in call.inputs]
    if all(shape is not None and None not in shape[1:] for shape in shapes):
        return 0
    found = [n for key in _ENDS for n in _whole_numbers(call.config.get(key))]
    window = max(_whole_numbers(call.config.get("kernel_size")), default=0)
    found.append(window * max(_whole_numbers(call.config.get("dilation_rate")), default=1))
    found += _whole_numbers(call.index if call.op == "GetItem" else None)
    return max(found, default=0)


def _whole_numbers(value: Any) -> list[int]:
    """How large the whole numbers in an argument are."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [n for item in value for n in _whole_numbers(item)]
    return [abs(value)] if type(value) is int else []


_TAKE_ANY_ID = frozenset({"HashedCrossing", "Hashing", "IntegerLookup"})
"""Layers that make ids of whatever numbers they are given."""

_NO_TABLE = 4
"""Ids of which nothing says how many there are, are below this."""


def first_not_an_id(graph: Graph, place: int) -> int:
    """The smallest number that is no id any more, of what an input is looked up in."""
    return min(tables_read(graph, place), default=min(words(graph), default=_NO_TABLE))


def tables_read(graph: Graph, place: int) -> list[int]:
    """How many ids there are in what a call's numbers are looked up in.

    A quotient of ids is looked up in a table that is as many times smaller, a sum further on; of a
    remainder any id is one.
    """
    found: list[int] = []
    seen: set[int] = set()
    waiting: list[tuple[int, int, int]] = [(place, 1, 0)]
    while waiting:
        at, times, more = waiting.pop()
        for reader in {reader for reader, _ in graph.readers[at]} - seen:
            call = graph.calls[reader]
            sizes = [call.config[key] for key in _WORDS if _is_size(call.config.get(key))]
            by = call.arguments.get("args", (None, None))[-1]
            if call.op in _TAKE_ANY_ID:
                found.append(times * _more_than_known(call) - more)
            elif call.op == "Mod" and _is_size(by):
                found.append(3 * times * by - more)
            elif sizes:
                found.append(times * min(sizes) - more)
            elif call.weights is None:
                seen.add(reader)
                divides = call.op == "FloorDivide" and _is_size(by)
                beyond = more + times * _added(call)
                waiting.append((reader, times * by if divides else times, beyond))
    return found


def _added(call: Call) -> int:
    """What whole number a call adds to ids."""
    offset = call.config.get("offset")
    is_sum = call.op == "Rescaling" and call.config.get("scale") == 1
    return int(offset) if is_sum and isinstance(offset, (int, float)) and offset % 1 == 0 else 0


def _more_than_known(call: Call) -> int:
    known = call.config.get("vocabulary") or [call.config.get("num_bins")]
    return 8 + 2 * max((word for word in known if _is_size(word)), default=0)


def _open_axes(graph: Graph) -> Iterator[list[int | None]]:
    for place, call in enumerate(graph.calls[: len(graph.inputs)]):
        shape = list(call.config["shape"])
        axes = shape if is_ids(graph, place) else shape[:-1]
        if axes:
            yield axes


def words(graph: Graph) -> set[int]:
    """How many different ids there are for something."""
    return {size for call in graph.calls for key, size in _settings(call) if key in _WORDS}


def widths(graph: Graph) -> set[int]:
    """All sizes of arrays that stand in the graph."""
    found = {size for call in graph.calls for _, size in _settings(call)}
    return found - steps(graph) - lengths(graph) - words(graph)


def resized(graph: Graph, sizes: Mapping[int, int]) -> Graph:
    """The graph with some sizes made others.

    Raises:
        NotResizable: if it takes a slice at a place that is no size, or has layers of somebody's
            own, of which nobody knows what they make in other sizes.
    """
    if any(map(runs_own_code, graph.calls)):
        raise NotResizable("What somebody wrote has the sizes that it has.")

    def size(old: int) -> int:
        return sizes.get(old, old)

    return replace(graph, calls=tuple(_resized(call, size) for call in graph.calls))


def regrouped(
    before: Sequence[int], after: Sequence[int], now: Sequence[int], target: Sequence[int]
) -> list[int]:
    """What a Reshape makes in other sizes: it joins and splits the axes that it does in its own.

    Args:
        before: the shape that it reads in its own sizes, without the batch axis.
        after: the shape that it makes in its own sizes.
        now: the shape that it reads in other sizes.
        target: the shape that it is told to make of it, where an axis is split into several.
    """
    if list(now) == list(before):
        return list(after)
    made: list[int] = []
    for joined, split in _groups(before, after):
        size = math.prod(now[axis] for axis in joined)
        longer = [axis for axis in split if after[axis] != 1]
        parts = {axis: size if len(longer) == 1 else target[axis] for axis in longer}
        made += [parts.get(axis, 1) for axis in split]
    return made


def _groups(before: Sequence[int], after: Sequence[int]) -> Iterator[tuple[range, range]]:
    """The fewest axes of one shape and of the other that hold the same numbers, one by one."""
    mine = theirs = 0
    while mine < len(before) or theirs < len(after):
        first, other = mine, theirs
        mine, theirs = min(mine + 1, len(before)), min(theirs + 1, len(after))
        while (ours := math.prod(before[first:mine])) != (its := math.prod(after[other:theirs])):
            if ours < its and mine < len(before):
                mine += 1
            elif theirs < len(after):
                theirs += 1
            else:
                mine = len(before)
                break
        yield range(first, mine), range(other, theirs)


def work(call: Call, shape: tuple[int, ...]) -> tuple[int, int]:
    """About how many weights a call has, and how many multiplications one example takes.

    Args:
        call: a call of a layer.
        shape: of what it reads, batch axis included.
    """
    config, last = call.config, shape[-1] if len(shape) > 1 else 1
    width = next(
        (config[k] for k in ("filters", "units", "output_dim") if _is_size(config.get(k))), 0
    )
    heads = config.get("num_heads")
    if _is_size(heads) and _is_size(config.get("key_dim")):
        width = 4 * heads * config["key_dim"]
    if _is_size(config.get("input_dim")):
        return config["input_dim"] * width, math.prod(shape[1:]) * width
    window = math.prod(_list(config.get("kernel_size", 1)))
    if call.op.startswith("Depthwise"):
        width = config.get("depth_multiplier", 1)
        weights = window * last * width
    elif "return_sequences" in config:
        weights = 4 * width * (width + last)
    else:
        weights = window * last * width
    strides = math.prod(_list(config.get("strides", 1)))
    places = math.prod(shape[1:-1]) if len(shape) > 2 else 1
    grows = call.op.endswith("Transpose")
    return weights, weights * (places if grows else -(-places // max(1, strides)))


def _settings(call: Call) -> Iterator[tuple[str, int]]:
    for key in sorted(_SIZES & set(call.config)):
        for size in _list(call.config[key]):
            if _is_size(size):
                yield key, size


def _resized(call: Call, size: Callable[[int], int]) -> Call:
    config = {
        key: _mapped(value, size) if key in _SIZES else value for key, value in call.config.items()
    }
    if call.op == "Reshape" and isinstance(config.get("target_shape"), list):
        config["target_shape"] = _mapped(call.config["target_shape"], size)
    arguments = {key: _place(value, size) for key, value in call.arguments.items()}
    return replace(call, config=config, arguments=arguments)


def _mapped(value: Any, size: Callable[[int], int]) -> Any:
    if isinstance(value, (list, tuple)):
        return [_mapped(item, size) for item in value]
    return size(value) if _is_size(value) else value


def _place(value: Any, size: Callable[[int], int]) -> Any:
    if isinstance(value, Mapping):
        if value.get("class_name") in {"__tensor__", "__numpy__"}:
            raise NotResizable("A constant has a shape of its own.")
        return {key: _place(item, size) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_place(item, size) for item in value]
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) <= _SMALL:
        return value
    other = size(abs(value))
    if other == abs(value):
        raise NotResizable("A place in a slice is no size.")
    return other if value > 0 else -other


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
