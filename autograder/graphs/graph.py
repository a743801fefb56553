"""A Keras model as plain data: calls of layers, and the tensors they pass on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from autograder.graphs.layers.facts import has_no_formula, is_noisy, is_own
from autograder.graphs.layers.meaning import settings_that_count

Shape = tuple[int | None, ...]

_TYPE_OF_AN_ARRAY = re.compile(r'"dtype": "\w+", "value"')

HOLE = "#"
"""Stands for a tensor among the arguments: which one it is, is said by the tensors' own order.

So what a call is given can be compared without the names that Keras gave to layers.
"""

WEIGHT = "Weight"
"""The class ("op") of a call that stands for a weight of a layer where an operation reads it.

It reads nothing, and shares the weights of its layer: which of them it is, is among its settings.
"""

FORMS = ("dict", "list", "single", "sequential")
"""How a model's inputs or outputs can be given: by name, in order, one by itself; in a Sequential
nobody gives an input."""


class Tensor(NamedTuple):
    """One output of one call: `call` is the call's place in `Graph.calls`."""

    call: int
    output: int = 0


@dataclass(frozen=True)
class Wrappers:
    """The layers around a layer, which change how often and in which order it sees its input.

    Attributes:
        time_distributed: how many TimeDistributed layers there are around it.
        bidirectional: how a Bidirectional layer merges both directions, "none" where it returns
            both; "" without such a layer.
        backward: class ("op") and settings ("config") of the layer that reads backwards, where
            that is no mirrored copy of the one that reads forwards.
    """

    time_distributed: int = 0
    bidirectional: str = ""
    backward: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """What there is around the layer; nothing where nothing is."""
        return {key: value for key, value in vars(self).items() if value}


NO_WRAPPERS = Wrappers()

MERGES_WAYS = {"ave": "Average", "concat": "Concatenate", "mul": "Multiply", "sum": "Add"}
"""For each way in which a Bidirectional merges its directions, the layer that does the same."""


class Held(NamedTuple):
    """One variable of a layer of which no formula is known.

    Attributes:
        shape: the variable's.
        trainable: whether training changes it.
        elsewhere: whether another layer of the model holds it, too, and it counts there.
    """

    shape: tuple[int, ...]
    trainable: bool
    elsewhere: bool = False


@dataclass(frozen=True)
class Call:
    """One call of one layer (or of one `keras.ops` operation).

    Attributes:
        op: the layer's class name, such as "Dense"; "Input" for an input.
        config: the settings that decide what the layer computes, as JSON data.
        wrappers: the layers around it.
        arguments: what it is called with beside its tensors, as JSON data: by name, and under
            "args" all that goes by position, with "#" for each tensor.
        trace: where the call was before a graph was edited; never compared, never written down.
        inputs: the tensors it reads.
        weights: which set of weights it uses; equal numbers mean one shared set,
            None means that the layer has no weights.
        name: the layer's name in the model; for people, never compared.
        built_on: shapes its weights were made for, batch axis included.
        shape: shape of its (first) output, batch axis included; None if not known.
        trainable: False for a frozen layer; compared where it has weights.
        dtype: the type of the numbers that an input takes; "" if not known; never compared.
        held: the variables of a layer of which no formula is known, which is compared by them, and
            of one that was quantized or the like, for counting alone; None for all others, and
            where there is no live layer to ask.
        more_shapes: the shapes of its other outputs, by number, as far as known; never compared,
            never written down.
    """

    op: str
    config: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Tensor, ...] = ()
    weights: int | None = None
    name: str = ""
    built_on: tuple[Shape, ...] = ()
    shape: Shape | None = None
    trainable: bool = True
    dtype: str = field(default="", compare=False)
    wrappers: Wrappers = NO_WRAPPERS
    arguments: Mapping[str, Any] = field(default_factory=dict)
    trace: str = field(default="", compare=False)
    held: tuple[Held, ...] | None = None
    more_shapes: Mapping[int, Shape] = field(default_factory=dict, compare=False)

    @cached_property
    def label(self) -> str:
        """What the call computes, without what it reads: equal labels, equal layers."""
        settings = self._settings
        label = f"{self.op} {json.dumps(settings, sort_keys=True)}"
        if self.wrappers != NO_WRAPPERS:
            label += f" in {json.dumps(self.wrappers.to_json(), sort_keys=True)}"
        if self.arguments:
            label += f" with {json.dumps(self.arguments, sort_keys=True)}"
        if '"dtype"' in label:
            label = _TYPE_OF_AN_ARRAY.sub('"value"', label)
        if self.weights is not None and not self.trainable:
            label += ", frozen"
        if self.held is not None and has_no_formula(self.op, self.config):
            label += f" holding {json.dumps([self._told(variable) for variable in self.held])}"
        return label

    def _told(self, variable: Held) -> list[Any]:
        trainable = variable.trainable and self.trainable
        return [list(variable.shape), trainable, variable.elsewhere]

    @cached_property
    def _settings(self) -> Mapping[str, Any]:
        both_ways = bool(self.wrappers.bidirectional)
        return settings_that_count(self.op, self.config, self.shape, both_ways)

    @cached_property
    def is_noisy(self) -> bool:
        """Whether the call makes other values each time in training: it is no other call's like."""
        backward = self.wrappers.backward
        inside = [(self.op, self.config), *([] if backward is None else [tuple(backward.values())])]
        return any(is_noisy(op, config) for op, config in inside)

    @property
    def keras_config(self) -> Mapping[str, Any]:
        """The settings of which Keras says what they mean, and what they may be; none of a class
        that somebody wrote: its `units` may be anything.
        """
        return {} if is_own(self.op) else self.config

    @property
    def index(self) -> Any:
        """What stands between the brackets of `x[…]`; None of other calls."""
        args = self.arguments.get("args")
        return args[1] if isinstance(args, list) and len(args) == 2 else None

    @property
    def beside(self) -> dict[str, Any]:
        """What the call is given by name alone, such as the note of a mask."""
        return {key: value for key, value in self.arguments.items() if key != "args"}

    def moved(self, inputs: tuple[Tensor, ...], weights: int | None) -> Call:
        """The same call reading other tensors, with its weights under another number."""
        if inputs == self.inputs and weights == self.weights:
            return self
        return self._copied(inputs=inputs, weights=weights)

    def once_more(self, trace: str, weights: int | None) -> Call:
        """The same call as another one: under another trace, with weights of another number."""
        return self._copied(trace=trace, weights=weights)

    def _copied(self, **changes: Any) -> Call:
        # Not `replace`: edits move calls by the hundred thousand, and what is known of a call's
        # settings stays true.
        copy = object.__new__(Call)
        copy.__dict__.update(self.__dict__, **changes)
        return copy

    @cached_property
    def traits(self) -> tuple[str, ...]:
        """The label and each setting by itself: nearly equal layers have most of them in common."""
        settings = {**self._settings, **self.wrappers.to_json()}
        if self.arguments:
            settings["arguments"] = self.arguments
        return (self.label, *(f"{self.op}.{key}={value}" for key, value in settings.items()))


@dataclass(frozen=True)
class Graph:
    """A model in normal form: its calls in an order in which each reads earlier ones only.

    Attributes:
        calls: every call; the inputs come first, in the model's order.
        inputs: names of the inputs, "" where Keras made it up; input `i` is `calls[i]`.
        outputs: the tensors the model returns; those of a dictionary as it was written.
        output_names: a name for each output, "" where Keras made it up.
        name: the model's name, for people.
        inputs_given: how the inputs were given, one of `FORMS`; "" if not known; never compared.
        outputs_given: the same of the outputs.
        noted: what was found out about this very graph; a copy begins with nothing.
    """

    calls: tuple[Call, ...]
    inputs: tuple[str, ...]
    outputs: tuple[Tensor, ...]
    output_names: tuple[str, ...]
    name: str = "model"
    inputs_given: str = field(default="", compare=False)
    outputs_given: str = field(default="", compare=False)
    noted: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def with_call(self, place: int, **changes: Any) -> Graph:
        """A copy in which one call has other attributes."""
        calls = list(self.calls)
        calls[place] = replace(calls[place], **changes)
        return replace(self, calls=tuple(calls))

    @cached_property
    def readers(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each call, who reads it: pairs of (reading call, position among its inputs)."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.calls]
        for place, call in enumerate(self.calls):
            for position, tensor in enumerate(call.inputs):
                found[tensor.call].append((place, position))
        return tuple(tuple(pairs) for pairs in found)

    @cached_property
    def returned(self) -> frozenset[int]:
        """The calls of which the model returns something."""
        return frozenset(tensor.call for tensor in self.outputs)

    @cached_property
    def returned_from(self) -> dict[int, list[tuple[int, int]]]:
        """For each call of which the model returns something: pairs of (output of the model, output
        of the call).
        """
        found: dict[int, list[tuple[int, int]]] = {}
        for number, tensor in enumerate(self.outputs):
            found.setdefault(tensor.call, []).append((number, tensor.output))
        return found

    @cached_property
    def used(self) -> dict[int, set[int]]:
        """For each call those of its outputs that are read, or returned."""
        found: dict[int, set[int]] = {}
        for tensor in (*self.outputs, *(t for call in self.calls for t in call.inputs)):
            found.setdefault(tensor.call, set()).add(tensor.output)
        return found

    @cached_property
    def labelled(self) -> dict[str, list[int]]:
        """For each label, the calls that have it, in order."""
        found: dict[str, list[int]] = {}
        for place, call in enumerate(self.calls):
            found.setdefault(call.label, []).append(place)
        return found

    @cached_property
    def layers(self) -> dict[int, list[int]]:
        """For each set of weights, the calls that use it, in order."""
        found: dict[int, list[int]] = {}
        for place, call in enumerate(self.calls):
            if call.weights is not None:
                found.setdefault(call.weights, []).append(place)
        return found

    def calling(self, weights: int) -> list[int]:
        """The calls of the layer that has these weights, without those that stand for one alone."""
        return self._calling[weights]

    @cached_property
    def _calling(self) -> dict[int, list[int]]:
        return {
            weights: [place for place in places if self.calls[place].op != WEIGHT]
            for weights, places in self.layers.items()
        }

    @cached_property
    def call_numbers(self) -> dict[int, int]:
        """For each call of a layer with weights, which of the calls of its layer it is, from 1."""
        places = self._calling.values()
        return {place: number for each in places for number, place in enumerate(each, start=1)}

    @cached_property
    def families(self) -> tuple[int, ...]:
        """A number for each call, equal for calls of one layer and for what is made of them alike.

        So the two poolings behind the two calls of one shared convolution have one number: whoever
        changes the pooling in the model that both belong to changes both.
        """
        numbers: dict[Any, int] = {}
        found: list[int] = []
        for call in self.calls:
            read = tuple((found[tensor.call], tensor.output) for tensor in call.inputs)
            own: Any = (call.label, read) if call.weights is None else ("weights", call.weights)
            own = ("input", len(found)) if call.op == "Input" else own
            found.append(numbers.setdefault(own, len(numbers)))
        return tuple(found)

    @cached_property
    def above(self) -> tuple[int, ...]:
        """For each call, the calls it depends on: bit n of the number stands for call n."""
        found: list[int] = []
        for call in self.calls:
            bits = 0
            for tensor in call.inputs:
                bits |= found[tensor.call] | 1 << tensor.call
            found.append(bits)
        return tuple(found)

    @cached_property
    def behind(self) -> tuple[int, ...]:
        """For each call, the calls that what it reads depends on, in the form of `above`."""
        found: list[int] = []
        for call in self.calls:
            bits = 0
            for tensor in call.inputs:
                bits |= self.above[tensor.call]
            found.append(bits)
        return tuple(found)

    def depends(self, place: int, on: int) -> bool:
        """Whether one call is computed from another."""
        return bool(self.above[place] >> on & 1)
