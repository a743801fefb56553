"""What a layer was called with: the tensors in order, and all that is no tensor."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from autograder.graphs.graph import HOLE, Shape
from autograder.graphs.layers.facts import facts, minds_training
from autograder.graphs.reading.weights_read import weight_among

POSITIONAL = ("inputs", "x", "x1", "x2", "xs", "sequence", "sequences", "query", "value", "key")
"""What a layer's tensors are called, in the order in which all of Keras' `call` methods have them.

So `attention(query=q, value=v)` is `attention(q, v)`. One list does for all classes, because no
class has two of these names in another order; every other name says what its tensor is for, and
stays a name.
"""


@dataclass(frozen=True)
class Source:
    """Which tensor of the configuration an argument is; or which weight of a layer."""

    layer: str
    node: int
    output: int
    shape: Shape | None
    weight: Any = None


@dataclass(frozen=True)
class Arguments:
    """What a layer was called with.

    Attributes:
        tensors: in order.
        rest: all that is no tensor.
        in_list: whether the first argument is a list of tensors, and no tensor; None if neither.
    """

    tensors: list[Source]
    rest: dict[str, Any]
    in_list: bool | None


def arguments_of(node: Mapping[str, Any], handed_on: Set[str] = frozenset()) -> Arguments:
    """Split a node's arguments into the tensors it reads and the rest.

    Arguments that are None or False are Keras' defaults, but for `training`.

    Args:
        node: a saved call.
        handed_on: the arguments that are masks which Keras handed on by itself. They are left out:
            the layer that makes one says so in its own settings.
    """
    tensors: list[Source] = []
    kwargs = {
        key: value
        for key, value in node["kwargs"].items()
        if value is not None and (value is not False or key == "training") and key not in handed_on
    }
    args = list(node["args"])
    args += [kwargs.pop(key) for key in POSITIONAL if key in kwargs]
    pattern = [_without_tensors(value, tensors) for value in args]
    rest: dict[str, Any] = {}
    if any(not _only_holes(item) for item in pattern):
        rest["args"] = pattern
    for key in sorted(kwargs):
        rest[key] = _without_tensors(kwargs[key], tensors)
    if _only_holes(rest.get("initial_state")):
        del rest["initial_state"]  # by position it says nothing of itself either
    return Arguments(tensors, rest, _in_list(pattern))


def _in_list(pattern: Sequence[Any]) -> bool | None:
    first = pattern[0] if len(pattern) == 1 else None
    if isinstance(first, list):
        return True if all(item == HOLE for item in first) else None
    return False if first == HOLE else None


def by_place(node: Mapping[str, Any], live: Any) -> Mapping[str, Any]:
    """A call of a layer that somebody wrote, with all by position that its `call` takes so."""
    try:
        names = list(inspect.signature(live.call).parameters)
    except (AttributeError, TypeError, ValueError):
        return node
    args, kwargs = list(node["args"]), dict(node["kwargs"])
    for name in names[len(args) :]:
        if kwargs.get(name) is None or name in {"mask", "training"}:
            break
        args.append(kwargs.pop(name))
    return {"args": args, "kwargs": kwargs}


def _without_tensors(value: Any, found: list[Source]) -> Any:
    """The argument with a hole for each tensor; the tensors are added to `found`."""
    if (weight := weight_among(value)) is not None:
        found.append(Source("", 0, 0, None, weight))
        return HOLE
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            layer, node, output = value["config"]["keras_history"]
            shape = value["config"].get("shape")
            found.append(Source(layer, node, output, None if shape is None else tuple(shape)))
            return HOLE
        return {key: _without_tensors(value[key], found) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_without_tensors(item, found) for item in value]
    return value


def training_of(
    op: str, config: Mapping[str, Any], own: bool | None, around: bool | None
) -> dict[str, bool]:
    """What a layer is to do in training and in use alike; nothing where nobody says so.

    With each call of a layer Keras notes what it calls it with by itself, too.
    """
    if not minds_training(op, config):
        return {}
    if own is facts(op).training:
        own = None
    value = around if own is None else own
    return {} if value is None else {"training": value}


def _only_holes(pattern: Any) -> bool:
    if isinstance(pattern, Mapping):
        return all(_only_holes(item) for item in pattern.values())
    if isinstance(pattern, list):
        return all(_only_holes(item) for item in pattern)
    return pattern == HOLE


def named_leaves(structure: Any, name: str = "") -> Iterator[tuple[str, tuple[str, int, int]]]:
    """Each (layer, node, output) of an input or output structure, in Keras' order, with a name."""
    if isinstance(structure, Mapping):
        for key in sorted(structure):
            yield from named_leaves(structure[key], str(key))
    elif structure and isinstance(structure[0], str):
        layer, node, output = structure
        yield name or layer, (layer, int(node), int(output))
    else:
        for item in structure:
            yield from named_leaves(item)


def order_written(structure: Any, leaves: Sequence[tuple[str, tuple[str, int, int]]]) -> list[int]:
    """The leaves' numbers in the order that somebody wrote them in.

    Keras sorts a dictionary's names where it counts its tensors, and keeps the dictionary. A list
    in the same order says the same, so an exercise's order is that of its dictionary.

    Args:
        structure: an input or output structure.
        leaves: its `named_leaves`.
    """
    names = [name for name, _ in leaves]
    if isinstance(structure, Mapping) and sorted(names) == sorted(map(str, structure)):
        return [names.index(str(key)) for key in structure]
    return list(range(len(names)))
