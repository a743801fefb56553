"""A graph as Keras layers again, to be called on numbers: what it computes, and nothing else of it.

Layers are called one by one, on real tensors, so masks travel as Keras lets them. Weights have no
values of their own: whoever calls gives them, in a `keras.StatelessScope`. A graph may come from a
student's process, so nothing is made but layers and operations of Keras' own that run no code and
read no file; for all else something stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import keras

from autograder.graphs import masks
from autograder.graphs.graph import WEIGHT, Call, Graph
from autograder.graphs.rebuilding.given_masks import goes_by_a_mask, masked
from autograder.graphs.rebuilding.layer_makers import (
    call_of,
    is_wrapped_by_keras,
    layer_class,
    layer_of,
)
from autograder.graphs.rebuilding.lost_terms import losing_terms
from autograder.graphs.rebuilding.makers import DTYPE, Maker, NotEvaluable
from autograder.graphs.rebuilding.operation_makers import activation, operation, times
from autograder.graphs.rebuilding.stand_ins import StandIn, is_unknown, maker_of
from autograder.graphs.rebuilding.weights import (
    MERGES,
    BareWeight,
    merged_with_weights,
    weight_of,
    without_examples,
)
from autograder.graphs.returned import tensor_shape
from autograder.graphs.sizes import regrouped


@dataclass(frozen=True)
class Step:
    """One call, about to be made.

    Attributes:
        place: where it stands in the graph.
        call: what it is.
        read: the tensors it reads.
        training: whether it is called as in training; None where nobody says so.
    """

    place: int
    call: Call
    read: list[Any]
    training: bool | None


Around = Callable[[Step, Callable[[], Any]], Any]
"""Given a step and a function that makes it, what the step makes."""


class Rebuilt:
    """A graph that can be called.

    Attributes:
        graph: what it was made from.
        layers: for each set of weights its layer; a wrapper where there is one around it.
        rates: for each set of weights the rates of dropout inside the layer, which is left out.
    """

    def __init__(self, graph: Graph) -> None:
        """Make the layers; their weights come with the first call.

        Raises:
            NotEvaluable: if something in the graph is no layer or operation that is made here.
        """
        self.graph = graph
        self.layers: dict[int, Any] = {}
        self.rates: dict[int, tuple[float, ...]] = {}
        self._makers: list[Maker | None] = []
        self._without_examples = without_examples(graph)
        for place, call in enumerate(graph.calls):
            if call.op == "Input":
                self._makers.append(None)
                continue
            try:
                make = losing_terms(call, self._maker(call, place))
                self._makers.append(_without_masks(call, make))
            except NotEvaluable:
                raise
            except Exception as error:
                raise NotEvaluable(f"{call.op} cannot be made: {str(error)[:200]}") from error

    def __call__(
        self, inputs: Sequence[Any], training: bool | None = None, around: Around | None = None
    ) -> list[Any]:
        """What the network makes of its inputs.

        Args:
            inputs: a tensor for each input.
            training: as a user of the model gives it. It counts more than what the calls say
                themselves: so Keras has it.
            around: makes each step in place of the graph, as it likes.

        Raises:
            NotEvaluable: if Keras refuses a call.
        """
        values: list[Any] = list(inputs)
        for place, call in enumerate(self.graph.calls):
            make = self._makers[place]
            if make is None:
                continue
            read = [_output(values[tensor.call], tensor.output) for tensor in call.inputs]
            mode = call.arguments.get("training") if training is None else training
            step = Step(place, call, read, mode)
            make = _or_not_evaluable(step, make)
            values.append(make() if around is None else around(step, make))
        return [_output(values[t.call], t.output) for t in self.graph.outputs]

    def _maker(self, call: Call, place: int) -> Maker:
        if call.op == WEIGHT:
            return self._weight(call, place)
        if call.op == "Masked" or (call.op == "Activation" and goes_by_a_mask(call)):
            return masked(call)
        apart = {n for n, t in enumerate(call.inputs) if t.call in self._without_examples}
        if is_unknown(call):
            return maker_of(self._stand_in(call, place, apart))
        if call.op == "Activation":
            layer = activation(call.config)
            return times(lambda read, mode: layer(read[0]), call.wrappers.time_distributed)
        if call.op == "Reshape" and "target_shape" in call.config:
            return times(self._reshape(call), call.wrappers.time_distributed)
        kind = layer_class(call)
        if kind is not None and call.op in MERGES and apart:
            return times(merged_with_weights(call, apart), call.wrappers.time_distributed, apart)
        if kind is None:
            return times(_with_mask(operation(call)), call.wrappers.time_distributed, apart)
        layer = self.layers.get(call.weights) if call.weights is not None else None
        if layer is None:
            layer, rates = layer_of(kind, call, place)
            if call.weights is not None:
                self.layers[call.weights], self.rates[call.weights] = layer, rates
        if not is_wrapped_by_keras(call):
            return times(call_of(layer, call), call.wrappers.time_distributed)
        return _ending_inside(call, call_of(layer, call))

    def _stand_in(self, call: Call, place: int, apart: Set[int]) -> StandIn:
        box = self.layers.get(call.weights) if call.weights is not None else None
        if box is None:
            box = StandIn(self.graph, place, apart)
            if call.weights is not None:
                self.layers[call.weights] = box
        return box

    def _weight(self, call: Call, place: int) -> Maker:
        """A weight of a layer, or one of which the layer is not in the graph."""
        if call.weights is None:
            raise NotEvaluable("A weight is read, and nobody knows which.")
        if "shape" in call.config and call.weights not in self.layers:
            self.layers[call.weights] = BareWeight(call, f"part_{place}")
        calling = self.graph.calling(call.weights)
        return weight_of(
            self.layers, call, self.graph.calls[calling[0]].built_on if calling else ()
        )

    def _reshape(self, call: Call) -> Maker:
        """In sizes that are not its own it joins and splits the same axes."""
        target, first = call.config["target_shape"], 1 + call.wrappers.time_distributed
        before, after = tensor_shape(self.graph.calls, call.inputs[0]), call.shape
        is_known = before and after and None not in (*before[first:], *after[first:])

        def made(read: list[Any], mode: bool | None) -> Any:
            now, shape = read[0].shape[1:], target
            if is_known:
                shape = regrouped(before[first:], after[first:], now, target)
            return keras.ops.reshape(read[0], (read[0].shape[0], *shape))

        return made


def _or_not_evaluable(step: Step, make: Maker) -> Callable[[], Any]:
    """What makes a step, and says so where Keras or what is below it refuses.

    A graph does not say that truths or whole numbers are made decimal ones: what refuses them is
    given those.
    """

    def made() -> Any:
        try:
            return make(step.read, step.training)
        except Exception as error:
            decimal = [_decimal(tensor) for tensor in step.read]
            if any(own is not other for own, other in zip(decimal, step.read, strict=True)):
                return _or_not_evaluable(replace(step, read=decimal), make)()
            text = " ".join(str(error).split())[:200]
            raise NotEvaluable(f"{step.call.op} cannot be called: {text}") from error

    return made


def _decimal(tensor: Any) -> Any:
    kind = keras.backend.standardize_dtype(tensor.dtype)
    return keras.ops.cast(tensor, DTYPE) if kind.startswith(("bool", "int", "uint")) else tensor


def _output(value: Any, number: int) -> Any:
    if isinstance(value, (list, tuple)):
        return value[number]
    if number:
        raise NotEvaluable(f"Output {number} of a call that makes one is read.")
    return value


def _with_mask(make: Maker) -> Maker:
    """An operation that hands a mask on, as the layer does that it may stand for: a product of a
    tensor with itself is its square. Where a mask ends, that is noted.
    """

    def made(read: list[Any], mode: bool | None) -> Any:
        result = make(read, mode)
        mask = getattr(read[0], "_keras_mask", None) if len(read) == 1 else None
        if mask is not None and tuple(getattr(result, "shape", ())[:2]) == tuple(mask.shape):
            result._keras_mask = mask
        return result

    return made


def _ending_inside(call: Call, make: Maker) -> Maker:
    """A call in each step, which hands on the mask of the steps, and of what is inside of each one
    as a layer does that is called by itself.
    """
    steps = call.wrappers.time_distributed
    if not steps or masks.passes(call.op, call.config, [True]):
        return make

    def made(read: list[Any], mode: bool | None) -> Any:
        result = make(read, mode)
        mask = getattr(read[0], "_keras_mask", None)
        is_inside = mask is not None and len(mask.shape) > 1 + steps
        return keras.ops.copy(result) if is_inside else result

    return made


def _without_masks(call: Call, make: Maker) -> Maker:
    """A call of an operation that loses the mask, or that goes by none, whatever layer does the
    same.
    """
    is_lost = call.arguments.get("mask") == masks.LOST["mask"]
    if not is_lost and (call.op not in masks.MERGES_BY_MASKS or goes_by_a_mask(call)):
        return make
    return lambda read, mode: make([keras.ops.copy(tensor) for tensor in read], mode)
