"""A walk through a model and the models in it, which collects calls."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.graphs import masks
from autograder.graphs.black_boxes import FUNCTION_ITSELF
from autograder.graphs.bounds import MOST_CALLS, too_many_calls
from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import Call, Graph, Shape, Tensor
from autograder.graphs.layers.facts import class_of, facts, is_own
from autograder.graphs.layers.meaning import dtype_of, form_of
from autograder.graphs.reading.both_ways import (
    add_both_ways,
    is_called_apart,
    layers_by_themselves,
)
from autograder.graphs.reading.call_arguments import (
    Arguments,
    arguments_of,
    by_place,
    named_leaves,
    order_written,
)
from autograder.graphs.reading.collected import Collected, output_shape, picked
from autograder.graphs.reading.handed_masks import handed_on
from autograder.graphs.reading.held_variables import with_held
from autograder.graphs.reading.lambdas import called_by, is_plain, seen_into, variables_used
from autograder.graphs.reading.layer_call import add_layer
from autograder.graphs.reading.live import is_functional_layer, live_data
from autograder.graphs.reading.place import Made, Place
from autograder.graphs.reading.saved_layers import (
    given_name,
    is_model,
    is_network,
    name_of,
    with_repetitions,
)
from autograder.graphs.reading.shapes_made import shapes_made
from autograder.graphs.reading.weight_owners import weight_call, with_weights_read

Key = tuple[str, int]
"""A layer's name, and the number of its call."""


class Reader:
    """Collects calls while it walks through nested models."""

    def __init__(self) -> None:
        self._collected = Collected()
        self._made = 0
        self._by_themselves: frozenset[int] = frozenset()

    def model(self, data: Mapping[str, Any], live: Any, name: str) -> Graph:
        """The graph of an outermost model, not yet rewritten."""
        self._by_themselves = layers_by_themselves(live)
        config = data["config"]
        layers = {name_of(layer): layer for layer in config["layers"]}
        if "input_layers" in config:
            entries = list(named_leaves(config["input_layers"]))
            returned = list(named_leaves(config["output_layers"]))
            order = order_written(config["output_layers"], returned)
            inputs_given, outputs_given = (
                form_of(config[key]) for key in ("input_layers", "output_layers")
            )
        else:
            first, last = (name_of(config["layers"][at]) for at in (0, -1))
            entries, returned, order = [(first, (first, 0, 0))], [(last, (last, 0, 0))], [0]
            inputs_given, outputs_given = "sequential", "single"
        inputs = [self._input(label, layers[leaf[0]]) for label, leaf in entries]
        outputs = self._inline(data, live, inputs, Place())
        graph = Graph(
            calls=tuple(self._collected.calls),
            inputs=tuple(given_name(label, layers[leaf[0]]) for label, leaf in entries),
            outputs=tuple(outputs[number] for number in order),
            output_names=tuple(
                given_name(label, layers[leaf[0]])
                for label, leaf in (returned[number] for number in order)
            ),
            name=name,
            inputs_given=inputs_given,
            outputs_given=outputs_given,
        )
        graph = with_weights_read(with_held(graph, self._collected.behind), self._collected)
        return masks.without_idle_marks(graph)

    def _input(self, label: str, layer: Mapping[str, Any]) -> Tensor:
        config, shape = layer["config"], _input_shape(layer)
        call = Call("Input", {"shape": list(shape[1:])}, name=label, shape=shape)
        return self._collected.add(replace(call, dtype=dtype_of(config)))

    def _inline(
        self, data: Mapping[str, Any], live: Any, inputs: list[Tensor], place: Place
    ) -> list[Tensor]:
        """Put the calls of a model here, reading `inputs`; return what it returns."""
        config = data["config"]
        children = {layer.name: layer for layer in _layers_of(live)}
        place = replace(place, frozen=place.frozen or config.get("trainable") is False)
        if "input_layers" not in config:
            layers = with_repetitions(config["layers"], getattr(live, "layers", ()))
            return self._chain(layers, children, inputs, place)
        return self._network(config, children, inputs, place)

    def _chain(
        self, layers: list[Any], children: Mapping[str, Any], inputs: list[Tensor], place: Place
    ) -> list[Tensor]:
        collected = self._collected
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                continue
            live = children.get(name_of(layer))
            expected = output_shape(live, collected.first_shape(inputs[0]), place)
            built = (layer.get("build_config") or {}).get("input_shape")
            if built and collected.first_shape(inputs[0]) is None:
                collected.note_shape(inputs[0], place.with_times(tuple(built)))
            inputs = self._call(Made(layer, live, inputs, {}, place))
            if expected and collected.first_shape(inputs[0]) is None:
                collected.note_shape(inputs[0], expected)
        return inputs

    def _network(
        self,
        config: Mapping[str, Any],
        children: Mapping[str, Any],
        inputs: list[Tensor],
        place: Place,
    ) -> list[Tensor]:
        collected = self._collected
        layers = {name_of(layer): layer for layer in config["layers"]}
        values: dict[Key, list[Tensor]] = {}
        is_outer = False
        """Whether it is called on tensors of whose shapes more is known than of its own inputs'."""
        for (_, leaf), tensor in zip(named_leaves(config["input_layers"]), inputs, strict=True):
            values[leaf[0], leaf[1]] = [tensor]
            shape = collected.first_shape(tensor)
            seen = None if shape is None else place.without_times(shape)
            is_outer |= _says_more(seen, _input_shape(layers[leaf[0]]))
        nodes = _nodes_of(layers, children)
        for key in _in_order(nodes):
            if key in values:
                continue
            if key not in nodes:
                # A Keras before 3.14 makes such a model, and raises nothing.
                raise NotReadable(
                    f"An output starts from the Input {key[0]!r}, which is none of the model's "
                    "inputs: call the network on your own input."
                )
            arguments = nodes[key]
            read = []
            for source in arguments.tensors:
                if source.weight is not None:
                    read.append(collected.add_weight(source.weight, weight_call(source.weight)))
                    continue
                tensor = picked(values[source.layer, source.node], source.output)
                known = is_outer and collected.shape(tensor) is not None
                if source.shape is not None and not known:
                    collected.note_shape(tensor, place.with_times(source.shape))
                read.append(tensor)
            layer, live = layers[key[0]], children.get(key[0])
            rest, in_list = arguments.rest, arguments.in_list
            values[key] = self._call(Made(layer, live, read, rest, place, in_list))
            if is_outer and not is_model(layer, live):
                node = layer["inbound_nodes"][key[1]]
                shapes = shapes_made(live, node, partial(self._seen_inside, values, place))
                collected.note_shapes(values[key], shapes, place)
        returned = []
        for _, (name, node, output) in named_leaves(config["output_layers"]):
            node -= is_network(layers[name], children.get(name))
            returned.append(picked(values[name, node], output))
        return returned

    def _seen_inside(
        self, values: Mapping[Key, list[Tensor]], place: Place, source: tuple[str, int, int]
    ) -> Shape | None:
        """The shape of a tensor of the configuration, as a layer sees it that reads it here."""
        tensor = picked(values[source[0], source[1]], source[2])
        return self._collected.inner_shape(tensor, place)

    def _call(self, made: Made) -> list[Tensor]:
        """Add one call of a layer, or all calls of a model used as a layer."""
        self._made += 1
        if self._made > MOST_CALLS:  # counted here: a model that is empty inside adds no call
            raise NotReadable(too_many_calls())
        layer, live, place = made.layer, made.live, made.place
        name = name_of(layer)
        if "layers" not in layer["config"] and is_functional_layer(live):
            layer = {**layer, **live_data(live)}
        if is_model(layer, live):
            return self._model(replace(made, layer=layer, place=place.inside(name)))
        if layer["class_name"] == "TimeDistributed":
            shape = self._collected.first_shape(made.inputs[0]) or (None, None)
            time = shape[1 + len(place.times)] if len(shape) > 1 + len(place.times) else None
            inner = replace(
                made,
                layer={**layer["config"]["layer"], "outer_name": name},
                live=getattr(live, "layer", None),
                place=replace(place.inside(name), times=(*place.times, time)),
                in_steps=True,
            )
            return [self._without_masks_inside(each, made) for each in self._each_step(inner)]
        if class_of(layer) == FUNCTION_ITSELF and (inner := self._lambda(made)):
            return inner
        if layer["class_name"] == "Bidirectional" and is_called_apart(live, self._by_themselves):
            return add_both_ways(self._collected, replace(made, layer=layer), self._call)
        result = add_layer(
            self._collected, replace(made, layer=layer), self._seen_into, self._variables
        )
        if class_of(layer) == FUNCTION_ITSELF:
            self._collected.used[result[0].call] = self._used(made)
        return result

    def _used(self, made: Made) -> list[Any]:
        """The variables that a Lambda's function uses, as far as that shows."""
        if made.in_list is None or not is_plain(made.live):
            return []
        function = called_by(made.live)
        return self._variables(function, made.inputs, made.place, in_list=made.in_list)

    def _variables(
        self, function: Any, inputs: list[Tensor], place: Place, *, in_list: bool = False
    ) -> list[Any]:
        """The variables that a function of somebody's uses, as far as that shows."""
        collected = self._collected
        shapes = [collected.inner_shape(tensor, place) for tensor in inputs]
        if None in shapes:
            return []
        dtypes = [collected.calls[tensor.call].dtype or "float32" for tensor in inputs]
        return variables_used(function, shapes, dtypes, in_list=in_list)

    def _lambda(self, made: Made) -> list[Tensor]:
        """The calls that a Lambda's function makes; none if it does more than that."""
        # A TimeDistributed hands a mask on, and operations lose it.
        keeps_mask = made.in_steps and any(each in self._collected.masked for each in made.inputs)
        told_more = made.rest.keys() - {"training"}  # which Keras notes by itself
        if keeps_mask or told_more or made.in_list is None or not is_plain(made.live):
            return []
        function, name = called_by(made.live), name_of(made.layer)
        return self._seen_into(function, made.inputs, name, made.place, in_list=made.in_list)

    def _seen_into(
        self,
        function: Any,
        inputs: list[Tensor],
        name: str,
        place: Place,
        *,
        in_list: bool = False,
    ) -> list[Tensor]:
        """The calls that a function of somebody's makes; none if that cannot be seen."""
        collected = self._collected
        shapes = [collected.inner_shape(tensor, place) for tensor in inputs]
        if None in shapes:
            return []
        dtypes = [collected.calls[tensor.call].dtype or "float32" for tensor in inputs]
        model = seen_into(function, shapes, dtypes, in_list=in_list)
        if model is None:
            return []
        first = len(collected.calls)
        made = self._inline(live_data(model), model, inputs, place)
        collected.rename_from(first, name)
        return made

    def _model(self, made: Made) -> list[Tensor]:
        """Put the calls of a model used as a layer here, with what it was called with."""
        layer, inputs, rest, place = made.layer, made.inputs, made.rest, made.place
        if "training" in rest and rest["training"] is not facts(layer["class_name"]).training:
            place = replace(place, training=rest["training"])
        count = len(list(named_leaves(layer["config"].get("input_layers", (("", 0, 0),)))))
        given = [self._with_mask(tensor, inputs[count:]) for tensor in inputs[:count]]
        return self._inline(layer, made.live, given, place)

    def _each_step(self, made: Made) -> list[Tensor]:
        """The calls of what a TimeDistributed calls in each step.

        A model there hands on no mask of the steps, and need not: the TimeDistributed does.
        """
        if not is_model(made.layer, made.live):
            return self._call(made)
        with self._collected.without_mask(made.inputs[0]):
            return self._call(made)

    def _without_masks_inside(self, tensor: Tensor, made: Made) -> Tensor:
        """What a TimeDistributed makes: it hands on the mask that comes to it, and no other one."""
        collected, source = self._collected, made.inputs[0]
        if tensor in collected.maskable and source not in collected.maskable:
            shape = collected.first_shape(tensor)
            lost = Call("Identity", {}, (tensor,), name=name_of(made.layer), shape=shape)
            tensor = collected.add(replace(lost, arguments=masks.LOST))
        collected.hand_mask_on(source, tensor)
        return tensor

    def _with_mask(self, tensor: Tensor, given: list[Tensor]) -> Tensor:
        """A tensor that brings the masks that a model was called with by hand."""
        if not given:
            return tensor
        inputs, shape = (tensor, *given), self._collected.first_shape(tensor)
        masked = self._collected.add(Call("Masked", inputs=inputs, name="mask", shape=shape))
        self._collected.masked.add(masked)
        self._collected.maskable.add(masked)
        return masked


def _nodes_of(
    layers: Mapping[str, Mapping[str, Any]], children: Mapping[str, Any]
) -> dict[Key, Arguments]:
    """What each call of each layer of a network is given."""
    handed = handed_on(layers, children)
    return {
        (name, index): arguments_of(
            by_place(node, children.get(name)) if is_own(class_of(layer)) else node,
            handed.get((name, index), frozenset()),
        )
        for name, layer in layers.items()
        if layer["class_name"] != "InputLayer"
        for index, node in enumerate(layer["inbound_nodes"])
    }


def _in_order(nodes: Mapping[Key, Arguments]) -> Iterator[Key]:
    sorter: graphlib.TopologicalSorter[Key] = graphlib.TopologicalSorter()
    for key, arguments in nodes.items():
        made = (source for source in arguments.tensors if source.weight is None)
        sorter.add(key, *((source.layer, source.node) for source in made))
    return iter(tuple(sorter.static_order()))


def _layers_of(live: Any) -> list[Any]:
    """The layers in a live model, and operations that somebody wrote and made part of it."""
    return [*getattr(live, "operations", ()), *getattr(live, "layers", ())]


def _input_shape(layer: Mapping[str, Any]) -> Shape:
    """The shape that an Input was made with."""
    config = layer["config"]
    return tuple(config.get("batch_shape") or config.get("batch_input_shape") or ())


def _says_more(shape: Shape | None, own: Shape) -> bool:
    """Whether a shape has sizes where another, of as many axes, has none."""
    if shape is None or len(shape) != len(own):
        return False
    pairs = zip(shape[1:], own[1:], strict=True)
    return any(size is not None and other is None for size, other in pairs)
