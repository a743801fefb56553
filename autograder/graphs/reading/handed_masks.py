"""Which masks of a saved model Keras handed on by itself.

With each call Keras saves the mask that it was called with, as if somebody had written it there.
Whether somebody did can be told: Keras hands on the mask of what a layer reads, as the layer before
made it. A mask that says another thing, or that comes where none would, is somebody's own.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.graphs.layers.facts import facts, is_own
from autograder.graphs.masks import makes
from autograder.graphs.reading.saved_layers import unwrapped

Key = tuple[str, int]
"""A layer's name, and the number of its call."""

Source = tuple[str, int, int]
"""A tensor of a saved model: a layer's name, the number of its call, and that of its result."""

Said = tuple[Any, ...]
"""What a mask says: equal for two that hide the same."""

_OF_ARGUMENTS = {"mask": 0, "query_mask": 0, "value_mask": 1, "key_mask": 2}
"""Which tensor's mask an argument is for, by position.

Of several tensors each has its own, and Keras 3.8 notes those with the call; Keras 3.15 does not.
"""

_READ = ("inputs", "x", "sequence", "sequences", "query", "value", "key")
"""What a layer's tensors are called, in their order."""

_UNMASKED: Said = ("nothing is hidden",)

_WRITTEN_OUT = frozenset({"BroadcastTo", "ConvertToTensor", "ExpandDims", "LogicalOr"})
"""What Keras does with a mask before it joins it to others along an axis, in some version."""


def handed_on(
    layers: Mapping[str, Mapping[str, Any]], children: Mapping[str, Any]
) -> Mapping[Key, frozenset[str]]:
    """For each call, the arguments in which Keras hands on the masks of what is read.

    Args:
        layers: the saved layers of one model, by name.
        children: those layers, as far as they are there.
    """
    if not any(_brings_or_notes(layer) for layer in layers.values()):
        return {}
    saying = _Saying(layers, children)
    return {key: frozenset(saying.handed_on(key)) for key in saying.in_order()}


def _brings_or_notes(layer: Mapping[str, Any]) -> bool:
    """Whether a layer makes a mask, or has masks noted of several tensors: none, of most."""
    noted = (node["kwargs"].get("mask") for node in layer["inbound_nodes"])
    return makes(layer["class_name"], layer["config"]) or any(isinstance(n, list) for n in noted)


@dataclass
class _Saying:
    """What the masks of one model say.

    Attributes:
        layers: the saved layers, by name.
        children: those layers, as far as they are there.
        brought: for each call of a layer what the mask says that its result brings, if it does.
        made: for each call of an operation what it says, if it were a mask.
    """

    layers: Mapping[str, Mapping[str, Any]]
    children: Mapping[str, Any]
    brought: dict[Key, Said] = field(default_factory=dict)
    made: dict[Key, Said] = field(default_factory=dict)

    def in_order(self) -> list[Key]:
        """All calls, each behind those that it reads."""
        sorter: graphlib.TopologicalSorter[Key] = graphlib.TopologicalSorter()
        for name, layer in self.layers.items():
            for number, node in enumerate(layer["inbound_nodes"]):
                read = _sources([node["args"], node["kwargs"]])
                sorter.add((name, number), *(source[:2] for source in read))
        return [key for key in sorter.static_order() if self._node(key) is not None]

    def handed_on(self, key: Key) -> Iterator[str]:
        """The arguments of a call in which Keras handed a mask on; those before it are done."""
        node = self._node(key)
        if node is None:
            return
        if not _is_layer(self.layers[key[0]]):
            self.made[key] = self._of_operation(key, node)
            return
        read = _read(node)
        brought = self._brought(key, read)
        if brought is not None:
            self.brought[key] = brought
        for name, position in _OF_ARGUMENTS.items():
            given = node["kwargs"].get(name)
            if name == "mask" and _tensor_arguments(node) > 1:
                continue  # beside a first state, say, Keras hands on none
            if given is not None and self._comes_by_itself(given, read, position):
                yield name

    def _comes_by_itself(self, given: Any, read: Sequence[Source], position: int) -> bool:
        """Whether masks that are given are those that the tensors bring which a layer reads."""
        if isinstance(given, (list, tuple)):
            return [self._says(mask) for mask in given] == [self._brought_by(s) for s in read]
        place = position if position < len(read) else 1  # a key that is not given is the value
        return place < len(read) and self._says(given) == self._brought_by(read[place])

    def _node(self, key: Key) -> Mapping[str, Any] | None:
        nodes = self.layers[key[0]]["inbound_nodes"] if key[0] in self.layers else ()
        return nodes[key[1]] if key[1] < len(nodes) else None

    def _brought_by(self, source: Source) -> Said | None:
        return self.brought.get(source[:2])

    def _brought(self, key: Key, read: Sequence[Source]) -> Said | None:
        """What the mask says that a layer's result brings; None where it brings none."""
        layer, live = self.layers[key[0]], self.children.get(key[0])
        if "layers" in layer["config"] or not read:
            return None  # Keras does not look into a model for what masks come out
        arrive = [self._brought_by(source) for source in read]
        if layer["class_name"] == "TimeDistributed":
            return arrive[0]
        op, config, _ = unwrapped(layer, live)
        if makes(op, config):
            unequal = "NotEqual", _tensor(read[0]), config.get("mask_value", 0)
            return unequal if op == "Embedding" else ("Any", unequal)
        if is_own(op):
            hands_on = len(arrive) == 1 and getattr(live, "supports_masking", False)
            return arrive[0] if hands_on else None
        return _handed_on_by(op, config, arrive)

    def _of_operation(self, key: Key, node: Mapping[str, Any]) -> Said:
        layer, args = self.layers[key[0]], list(node["args"])
        op, config = layer["class_name"], layer["config"]
        if op == "ConvertToTensor" and args:
            return self._says(args[0])
        if op == "NotEqual" and len(args) == 2:
            return op, *(self._says(each) for each in args)
        if op == "LogicalOr" and len(args) == 2:
            return _any_of([self._says(each) for each in args])
        if op == "Any" and args and _is_of_each_step(config, args[0]):
            parts = self._joined(args[0])
            return ("joined", *parts) if parts else (op, self._says(args[0]))
        return _tensor((*key, 0))

    def _joined(self, value: Any) -> list[Said]:
        """What the masks say that are joined along an axis."""
        source = next(_sources(value), None)
        if source is None or self.layers[source[0]]["class_name"] != "Concatenate":
            return []
        node = self._node(source[:2])
        parts = list(_sources(node["args"])) if node else []
        return [self._bare(part) for part in parts]

    def _bare(self, source: Source) -> Said:
        """What a mask says before it is written out for all numbers of a step."""
        while True:
            layer, node = self.layers[source[0]], self._node(source[:2])
            if layer["class_name"] == "OnesLike":
                return _UNMASKED
            read = list(_sources(node["args"])) if node else []
            if not read or layer["class_name"] not in _WRITTEN_OUT:
                return self._says_tensor(source)
            if any(self.layers[each[0]]["class_name"] != "ZerosLike" for each in read[1:]):
                return self._says_tensor(source)  # somebody joins two masks
            source = read[0]

    def _says(self, value: Any) -> Any:
        """What an argument is, which may be a mask."""
        source = next(_sources(value), None)
        if source is None:
            return value if isinstance(value, (int, float, str, type(None))) else str(value)
        return self._says_tensor(source)

    def _says_tensor(self, source: Source) -> Said:
        return self.made.get(source[:2]) or _tensor(source)


def _handed_on_by(op: str, config: Mapping[str, Any], arrive: Sequence[Said | None]) -> Said | None:
    """What the mask says that a layer of Keras' hands on; None where it hands on none."""
    there = [mask for mask in arrive if mask is not None]
    match facts(op).mask:
        case "first":
            return arrive[0]
        case "steps" if config.get("return_sequences"):
            return arrive[0]
        case "all" if len(there) == len(arrive):
            return _any_of(there)
        case "any" if there:
            return "joined", *(_UNMASKED if mask is None else mask for mask in arrive)
    return None


def _any_of(masks: Sequence[Any]) -> Said:
    """What masks say of which any may show a step."""
    parts: set[Any] = set()
    for mask in masks:
        is_several = isinstance(mask, tuple) and mask[0] == "any of"
        parts |= mask[1] if is_several else {mask}
    return masks[0] if len(parts) == 1 else ("any of", frozenset(parts))


def _is_of_each_step(config: Mapping[str, Any], read: Any) -> bool:
    """Whether something is asked of the last axis, as Keras asks it: another may be as long."""
    shape = read["config"].get("shape", ()) if isinstance(read, Mapping) else ()
    return config.get("axis") in (-1, len(shape) - 1) and not config.get("keepdims")


def _tensor(source: Source) -> Said:
    return "tensor", *source


def _is_layer(layer: Mapping[str, Any]) -> bool:
    module = str(layer.get("module") or "keras.layers")
    if "layers" in layer["config"]:
        return True  # a model in a model
    return module.startswith("keras.layers") or not module.startswith("keras.")


def _read(node: Mapping[str, Any]) -> list[Source]:
    """The tensors that a layer reads, without masks and what else it is called with."""
    named = [node["kwargs"][key] for key in _READ if key in node["kwargs"]]
    return list(_sources([node["args"], named]))


def _tensor_arguments(node: Mapping[str, Any]) -> int:
    """How many arguments of a call are tensors, or have some, masks aside."""
    kwargs = node["kwargs"].items()
    given = [*node["args"], *(value for key, value in kwargs if key not in _OF_ARGUMENTS)]
    return sum(next(_sources(value), None) is not None for value in given)


def _sources(value: Any) -> Iterator[Source]:
    """The tensors in an argument."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            layer, call, output = value["config"]["keras_history"]
            yield layer, call, output
            return
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _sources(item)
