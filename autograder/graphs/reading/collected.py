"""The calls that a walk through a model collects, and what is known of the tensors they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from autograder.graphs.graph import Call, Shape, Tensor
from autograder.graphs.reading.place import Place
from autograder.graphs.returned import tensor_shape


class Collected:
    """Calls in the order in which they are found.

    Attributes:
        calls: all until now.
        masked: the tensors that bring a mask.
        maskable: those that would, had no operation before them lost one.
        behind: for each call that has weights the live layer that has them, where there is one.
        used: the variables that functions of somebody's use, by their calls.
        read: the variables that operations read by themselves, by the calls that stand for them.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.masked: set[Tensor] = set()
        self.maskable: set[Tensor] = set()
        self.behind: dict[int, Any] = {}
        self.read: dict[int, Any] = {}
        self.used: dict[int, list[Any]] = {}
        self._weights: dict[Any, int] = {}

    def add(self, call: Call) -> Tensor:
        """Add a call; what it makes."""
        self.calls.append(call)
        return Tensor(len(self.calls) - 1)

    def weights_of(self, identity: Any) -> int:
        """The number of a layer's weights: the same for the same layer."""
        return self._weights.setdefault(identity, len(self._weights))

    def add_weight(self, variable: Any, call: Call) -> Tensor:
        """Add a call that stands for a variable, unless there is one."""
        for place, known in self.read.items():
            if known is variable:
                return Tensor(place)
        self.read[len(self.calls)] = variable
        return self.add(call)

    def shape(self, tensor: Tensor) -> Shape | None:
        """The shape of any tensor, as far as it is known."""
        return tensor_shape(self.calls, tensor)

    def first_shape(self, tensor: Tensor) -> Shape | None:
        """The shape of the first thing that a call makes; None for others that it makes."""
        return self.calls[tensor.call].shape if tensor.output == 0 else None

    def inner_shape(self, tensor: Tensor, place: Place) -> Shape | None:
        """The shape of a tensor as a layer inside the wrappers of a place sees it."""
        shape = self.shape(tensor)
        return None if shape is None else place.without_times(shape)

    def note_shape(self, tensor: Tensor, shape: Shape) -> None:
        """Note what shape a tensor has."""
        call = self.calls[tensor.call]
        if tensor.output == 0:
            self.calls[tensor.call] = replace(call, shape=shape)
        elif call.more_shapes.get(tensor.output) != shape:
            more = {**call.more_shapes, tensor.output: shape}
            self.calls[tensor.call] = replace(call, more_shapes=more)

    def note_shapes(self, made: list[Tensor], shapes: Sequence[Shape], place: Place) -> None:
        """Note the shapes of all that a call makes, given as it is seen inside the wrappers."""
        for number, shape in enumerate(shapes):
            self.note_shape(picked(made, number), place.with_times(shape))

    def rename_from(self, first: int, name: str) -> None:
        """Give all calls from this one on the name of one layer."""
        self.calls[first:] = [replace(call, name=name) for call in self.calls[first:]]

    @contextmanager
    def without_mask(self, tensor: Tensor) -> Iterator[None]:
        """Take a tensor for one that brings no mask."""
        brought = [marked for marked in (self.masked, self.maskable) if tensor in marked]
        for marked in brought:
            marked.remove(tensor)
        yield
        for marked in brought:
            marked.add(tensor)

    def hand_mask_on(self, tensor: Tensor, made: Tensor) -> None:
        """Note that what is made of a tensor brings the mask that the tensor has."""
        for marked in (self.masked, self.maskable):
            if tensor in marked:
                marked.add(made)


def picked(tensors: list[Tensor], output: int) -> Tensor:
    """Output number `output` of what a call returned: a list of tensors, or one call's many."""
    if output < len(tensors):
        return tensors[output]
    return Tensor(tensors[0].call, output)


def output_shape(live: Any, shape: Shape | None, place: Place) -> Shape | None:
    """The shape a live layer makes of an input's shape; None where that is not to be had."""
    if live is None or shape is None:
        return None
    try:
        return place.with_times(tuple(live.compute_output_shape(place.without_times(shape))))
    except Exception:  # a layer that somebody wrote may do anything
        return None
