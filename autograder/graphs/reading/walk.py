"""A walk through a model and the models in it, which collects calls."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from autograder.graphs import masks
from autograder.graphs.black_boxes import FUNCTION_ITSELF
from autograder.graphs.bounds import DEEPEST, MOST_CALLS, too_many_calls
from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import HOLE, NO_WRAPPERS, Call, Graph, Shape, Tensor
from autograder.graphs.layers.facts import class_of, facts, has_no_formula, has_weights, is_own
from autograder.graphs.layers.meaning import dtype_of, form_of, meaning, plain_shape
from autograder.graphs.layers.shaping import ALL, BACKWARDS, dot_axes, plain_index, taken_shape
from autograder.graphs.layers.spellings import acts_on_last_axis, canonical
from autograder.graphs.reading.both_ways import (
    is_called_apart,
    layers_by_themselves,
    merge_of,
    ways_of,
)
from autograder.graphs.reading.call_arguments import (
    Arguments,
    arguments_of,
    by_place,
    named_leaves,
    operations_of_keras,
    order_written,
    training_of,
)
from autograder.graphs.reading.lambdas import called_by, is_plain, seen_into
from autograder.graphs.reading.live import (
    TOO_DEEP,
    is_functional_layer,
    live_data,
    with_known_activation,
)
from autograder.graphs.reading.own_code import attribute, held_by, is_made_over
from autograder.graphs.reading.saved_layers import (
    build_shapes,
    given_name,
    is_model,
    is_network,
    name_of,
    unwrapped,
    with_repetitions,
)
from autograder.graphs.reading.shapes_made import shapes_made
from autograder.graphs.returned import tensor_shape

_ATTENTION = frozenset(
    {"AdditiveAttention", "Attention", "GroupedQueryAttention", "MultiHeadAttention"}
)


@dataclass(frozen=True)
class Place:
    """Where in the nesting of models we are.

    `path` tells layers of different sub-models apart, `times` are the lengths of the time axes
    that TimeDistributed wrappers around us put between the batch axis and the others. `frozen`
    says that a model around us is, and `training` what it was called with: both hold for all that
    is inside.
    """

    path: str = ""
    times: tuple[int | None, ...] = ()
    depth: int = 0
    frozen: bool = False
    training: bool | None = None

    def inside(self, name: str) -> Place:
        """The place in a model, or in a wrapper, of this name."""
        if self.depth == DEEPEST:
            raise NotReadable(TOO_DEEP)
        return replace(self, path=f"{self.path}{name}/", depth=self.depth + 1)

    def with_times(self, shape: Shape) -> Shape:
        """A shape as it is seen here, of what a layer inside the wrappers sees."""
        return shape[:1] + self.times + shape[1:]

    def without_times(self, shape: Shape | None) -> Shape | None:
        """A shape as a layer inside the wrappers sees it, of one that is seen here."""
        return None if shape is None else shape[:1] + shape[1 + len(self.times) :]


@dataclass(frozen=True)
class Made:
    """One call of a layer, or of a model used as a layer, as it was made.

    Attributes:
        layer: the layer as Keras saves it.
        live: the layer itself; None where there is only what was saved.
        inputs: the tensors that it is called on.
        rest: what else it is called with.
        place: where in the nesting of models that is.
        in_list: whether the tensors are in a list; None if they are in something else.
    """

    layer: Mapping[str, Any]
    live: Any
    inputs: list[Tensor]
    rest: Mapping[str, Any]
    place: Place
    in_list: bool | None = False


class Reader:
    """Collects calls while it walks through nested models."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sets: dict[Any, int] = {}
        self.made = 0
        self.by_themselves: frozenset[int] = frozenset()
        self.masked: set[Tensor] = set()
        self.handing_on: set[int] = set()
        self.behind: dict[int, Any] = {}
        """For each call that has weights the live layer that has them, where there is one."""

    def model(self, data: Mapping[str, Any], live: Any, name: str) -> Graph:
        """The graph of an outermost model, not yet rewritten."""
        self.by_themselves = layers_by_themselves(live)
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
            calls=tuple(self.calls),
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
        return masks.without_idle_marks(self._with_held(graph), frozenset(self.handing_on))

    def _with_held(self, graph: Graph) -> Graph:
        """The graph with the variables of layers of which nobody knows a formula."""
        own = {
            place: live
            for place, live in self.behind.items()
            if has_no_formula(graph.calls[place].op, graph.calls[place].config)
            or is_made_over(live)
        }
        others = [live for place, live in self.behind.items() if place not in own]
        owner: dict[int, int] = {}
        """For each variable the layer with which it counts: one whose formula is known, first."""
        for live in (*others, *own.values()):
            for variable in live.weights:
                owner.setdefault(id(variable), id(live))
        calls = list(graph.calls)
        for place, live in own.items():
            held = tuple(
                variable._replace(elsewhere=owner[id(each)] != id(live))
                for variable, each in zip(held_by(live), live.weights, strict=True)
            )
            calls[place] = replace(calls[place], held=held)
        return replace(graph, calls=tuple(calls))

    def _input(self, label: str, layer: Mapping[str, Any]) -> Tensor:
        config, shape = layer["config"], _input_shape(layer)
        call = Call("Input", {"shape": list(shape[1:])}, name=label, shape=shape)
        return self._add(replace(call, dtype=dtype_of(config)))

    def _add(self, call: Call) -> Tensor:
        self.calls.append(call)
        return Tensor(len(self.calls) - 1)

    def _shape(self, tensor: Tensor) -> Shape | None:
        return self.calls[tensor.call].shape if tensor.output == 0 else None

    def _seen_inside(
        self,
        values: Mapping[tuple[str, int], list[Tensor]],
        place: Place,
        source: tuple[str, int, int],
    ) -> Shape | None:
        """The shape of a tensor of the configuration, as a layer sees it that reads it here."""
        tensor = _pick(values[source[0], source[1]], source[2])
        return place.without_times(tensor_shape(self.calls, tensor))

    def _note_shapes(self, made: list[Tensor], shapes: list[Shape], place: Place) -> None:
        """Note the shapes that a call makes, as it is seen here."""
        for number, shape in enumerate(shapes):
            self._note_shape(_pick(made, number), place.with_times(shape))

    def _note_shape(self, tensor: Tensor, shape: Shape) -> None:
        call = self.calls[tensor.call]
        if tensor.output == 0:
            self.calls[tensor.call] = replace(call, shape=shape)
        elif call.more_shapes.get(tensor.output) != shape:
            more = {**call.more_shapes, tensor.output: shape}
            self.calls[tensor.call] = replace(call, more_shapes=more)

    def _note_made(self, tensor: Tensor, live: Any, read: Tensor, place: Place) -> None:
        """Note the shape of what a layer makes before its activation, which keeps it."""
        if tensor_shape(self.calls, tensor) is None:
            shape = _output_shape(live, tensor_shape(self.calls, read), place)
            if shape is not None:
                self._note_shape(tensor, shape)

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
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                continue
            live = children.get(name_of(layer))
            expected = _output_shape(live, self._shape(inputs[0]), place)
            built = (layer.get("build_config") or {}).get("input_shape")
            if built and self._shape(inputs[0]) is None:
                self._note_shape(inputs[0], place.with_times(tuple(built)))
            inputs = self._call(Made(layer, live, inputs, {}, place))
            if expected and self._shape(inputs[0]) is None:
                self._note_shape(inputs[0], expected)
        return inputs

    def _network(
        self,
        config: Mapping[str, Any],
        children: Mapping[str, Any],
        inputs: list[Tensor],
        place: Place,
    ) -> list[Tensor]:
        layers = {name_of(layer): layer for layer in config["layers"]}
        values: dict[tuple[str, int], list[Tensor]] = {}
        is_outer = False
        """Whether it is called on tensors of whose shapes more is known than of its own inputs'."""
        for (_, leaf), tensor in zip(named_leaves(config["input_layers"]), inputs, strict=True):
            values[leaf[0], leaf[1]] = [tensor]
            is_outer |= _says_more(
                place.without_times(self._shape(tensor)), _input_shape(layers[leaf[0]])
            )
        made = operations_of_keras(layers)
        nodes = {
            (name, index): arguments_of(
                by_place(node, children.get(name)) if is_own(class_of(layer)) else node, made
            )
            for name, layer in layers.items()
            if layer["class_name"] != "InputLayer"
            for index, node in enumerate(layer["inbound_nodes"])
        }
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
                tensor = _pick(values[source.layer, source.node], source.output)
                known = is_outer and tensor_shape(self.calls, tensor) is not None
                if source.shape is not None and not known:
                    self._note_shape(tensor, place.with_times(source.shape))
                read.append(tensor)
            layer, live = layers[key[0]], children.get(key[0])
            rest, in_list = arguments.rest, arguments.in_list
            values[key] = self._call(Made(layer, live, read, rest, place, in_list))
            if is_outer and not is_model(layer, live):
                node = layer["inbound_nodes"][key[1]]
                shapes = shapes_made(live, node, partial(self._seen_inside, values, place))
                self._note_shapes(values[key], shapes, place)
        returned = []
        for _, (name, node, output) in named_leaves(config["output_layers"]):
            node -= is_network(layers[name], children.get(name))
            returned.append(_pick(values[name, node], output))
        return returned

    def _call(self, made: Made) -> list[Tensor]:
        """Add one call of a layer, or all calls of a model used as a layer."""
        self.made += 1
        if self.made > MOST_CALLS:  # counted here: a model that is empty inside adds no call
            raise NotReadable(too_many_calls())
        layer, live, place = made.layer, made.live, made.place
        name = name_of(layer)
        if "layers" not in layer["config"] and is_functional_layer(live):
            layer = {**layer, **live_data(live)}
        if is_model(layer, live):
            return self._model(replace(made, layer=layer, place=place.inside(name)))
        if layer["class_name"] == "TimeDistributed":
            shape = self._shape(made.inputs[0]) or (None, None)
            time = shape[1 + len(place.times)] if len(shape) > 1 + len(place.times) else None
            inner = replace(
                made,
                layer={**layer["config"]["layer"], "outer_name": name},
                live=getattr(live, "layer", None),
                place=replace(place.inside(name), times=(*place.times, time)),
            )
            return self._call(inner)
        if class_of(layer) == FUNCTION_ITSELF and (inner := self._lambda(made)):
            return inner
        if layer["class_name"] == "Bidirectional" and is_called_apart(live, self.by_themselves):
            return self._both_ways(replace(made, layer=layer))
        return self._layer(replace(made, layer=layer))

    def _lambda(self, made: Made) -> list[Tensor]:
        """The calls that a Lambda's function makes; none if it does more than that."""
        # A TimeDistributed hands a mask on, and operations lose it.
        keeps_mask = bool(made.place.times) and any(each in self.masked for each in made.inputs)
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
        shapes = [place.without_times(tensor_shape(self.calls, tensor)) for tensor in inputs]
        if None in shapes:
            return []
        dtypes = [self.calls[tensor.call].dtype or "float32" for tensor in inputs]
        model = seen_into(function, shapes, dtypes, in_list=in_list)
        if model is None:
            return []
        first = len(self.calls)
        made = self._inline(live_data(model), model, inputs, place)
        for number in range(first, len(self.calls)):
            self.calls[number] = replace(self.calls[number], name=name)
        return made

    def _both_ways(self, made: Made) -> list[Tensor]:
        """The two layers of a Bidirectional, each called, and what merges what they make."""
        name, (sequence, *states) = name_of(made.layer), made.inputs
        half = len(states) // 2
        ends = [
            self._call(
                replace(
                    made,
                    layer={**layer, "outer_name": name},
                    live=live,
                    inputs=[sequence, *given],
                    place=made.place.inside(f"{name} {way}"),
                )
            )[0]
            for way, ((layer, live), given) in enumerate(
                zip(ways_of(made.layer, made.live), (states[:half], states[half:]), strict=True)
            )
        ]
        more = [Tensor(end.call, 1 + n) for end in ends for n in range(_states_of(self.calls, end))]
        forward, backward = ends
        if self.calls[backward.call].config.get("return_sequences"):
            backward = self._turned_round(backward, made.place)
        merge = merge_of(made.layer)
        if not merge:
            return [forward, backward, *more]
        shape = tensor_shape(self.calls, forward)
        config = {}
        if merge == "Concatenate":
            config = {"axis": -1 if shape is None else len(shape) - 1}
            shape = None if shape is None else (*shape[:-1], 2 * (shape[-1] or 0) or None)
        merged = self._add(Call(merge, config, (forward, backward), name=name, shape=shape))
        self._hand_mask_on(forward, merged)
        return [merged, *more]

    def _turned_round(self, tensor: Tensor, place: Place) -> Tensor:
        """A sequence from its end to its beginning."""
        call = self.calls[tensor.call]
        turned = self._add(
            Call(
                "GetItem",
                inputs=(tensor,),
                name=call.name,
                shape=tensor_shape(self.calls, tensor),
                wrappers=replace(NO_WRAPPERS, time_distributed=len(place.times)),
                arguments={"args": [HOLE, [ALL, BACKWARDS]]},
            )
        )
        self._hand_mask_on(tensor, turned)
        return turned

    def _hand_mask_on(self, tensor: Tensor, made: Tensor) -> None:
        """Note that what is made of a tensor brings the mask that the tensor has."""
        if tensor in self.masked:
            self.masked.add(made)
            self.handing_on.add(made.call)

    def _model(self, made: Made) -> list[Tensor]:
        """Put the calls of a model used as a layer here, with what it was called with."""
        layer, inputs, rest, place = made.layer, made.inputs, made.rest, made.place
        if "training" in rest and rest["training"] is not facts(layer["class_name"]).training:
            place = replace(place, training=rest["training"])
        count = len(list(named_leaves(layer["config"].get("input_layers", (("", 0, 0),)))))
        given = [self._with_mask(tensor, inputs[count:]) for tensor in inputs[:count]]
        return self._inline(layer, made.live, given, place)

    def _with_mask(self, tensor: Tensor, given: list[Tensor]) -> Tensor:
        """A tensor that brings the masks that a model was called with by hand."""
        if not given:
            return tensor
        inputs, shape = (tensor, *given), self._shape(tensor)
        masked = self._add(Call("Masked", inputs=inputs, name="mask", shape=shape))
        self.masked.add(masked)
        return masked

    def _layer(self, made: Made) -> list[Tensor]:
        layer, live, place = made.layer, made.live, made.place
        inputs, rest = made.inputs, made.rest
        module, name = layer.get("module") or "keras.layers", name_of(layer)
        op, config, wrappers = unwrapped(layer, live)
        arguments = {
            **meaning({k: v for k, v in rest.items() if k != "training"}),
            **training_of(op, config, rest.get("training"), place.training),
        }
        is_layer = module.startswith("keras.layers") or is_own(op)
        travelling = masks.travelling(
            op,
            config,
            [tensor in self.masked for tensor in inputs],
            is_layer=is_layer,
            in_steps=bool(place.times),
            own_hands_on=bool(getattr(live, "supports_masking", False)),
        )
        arguments |= travelling.note
        shapes = tuple(self._shape(tensor) or () for tensor in inputs)
        shape = shapes[0] if shapes else ()
        inner = shape[:1] + shape[1 + len(place.times) :]
        if op == "Average" and not is_layer and not rest:
            op = "Mean"  # of one tensor along an axis; the layer is the average of several
        if op == "Dot" and is_layer:
            config = {**config, "axes": dot_axes(config.get("axes"), shapes)}
        if op in _ATTENTION and len(inputs) == 3 and inputs[1] == inputs[2]:
            inputs = inputs[:2]  # a key that is not given is the value
        chain, arguments = _chain_of(op, with_known_activation(config, live), inner, arguments)
        label = layer.get("outer_name", name)
        weights = None
        is_bare = is_own(op) and live is not None and not getattr(live, "weights", ())
        if has_weights(op, config, module) and not is_bare:
            weights = self._weights(id(live) if live is not None else place.path + name)
        if weights is not None and live is not None:
            self.behind[len(self.calls)] = live
        built_on = tuple(place.with_times(s) for s in build_shapes(layer))
        result = inputs[:1]
        for step, (step_op, step_config) in enumerate(chain):
            function = attribute(live, "activation") if "function" in step_config else None
            # Operations lose the mask, and an activation keeps it.
            if function is not None and not travelling.goes_on:
                self._note_made(result[0], live, inputs[0], place)
                if inner := self._seen_into(function, result, label, place):
                    result = inner
                    continue
            around = wrappers if step == 0 else NO_WRAPPERS
            if place.times and not acts_on_last_axis(step_op, step_config):
                around = replace(around, time_distributed=len(place.times))
            tensor = self._add(
                Call(
                    op=step_op,
                    config=step_config,
                    inputs=tuple(inputs if step == 0 else result),
                    weights=weights if step == 0 else None,
                    name=label,
                    built_on=(built_on or shapes) if weights is not None and step == 0 else (),
                    shape=plain_shape(
                        step_op, step_config, (self._shape(result[0]) or (),) if step else shapes
                    ),
                    trainable=not place.frozen and bool(layer["config"].get("trainable", True)),
                    wrappers=around,
                    arguments=arguments if step == 0 else {},
                )
            )
            result = [tensor]
            if travelling.would_go_on:
                self.handing_on.add(tensor.call)
        if travelling.goes_on:
            self.masked.update(result)
        return result

    def _weights(self, identity: Any) -> int:
        return self.sets.setdefault(identity, len(self.sets))


def _states_of(calls: Sequence[Call], tensor: Tensor) -> int:
    """How many states a recurrent layer returns behind what it makes."""
    call = calls[tensor.call]
    return (2 if "LSTM" in call.op else 1) if call.config.get("return_state") else 0


def _chain_of(
    op: str, config: dict[str, Any], shape: Shape, arguments: dict[str, Any]
) -> tuple[list[tuple[str, dict[str, Any]]], dict[str, Any]]:
    """The calls that a call stands for, and the arguments of the first of them.

    `x[:, None]` takes nothing away and gives a new shape; `x[:, 0, None]` does one, then the other.
    """
    args = arguments.get("args", ())
    index = plain_index(args[1], shape) if op == "GetItem" and len(args) == 2 else None
    if index is None:
        return canonical(op, config, shape), arguments
    target = taken_shape(index, shape)
    if None in target and None in index:  # a new axis, and no shape to tell it by
        return [(op, config)], {**arguments, "args": [HOLE, index]}
    parts = plain_index([entry for entry in index if entry is not None], shape)
    taken = [(op, config)] if parts else []
    if parts:
        arguments = {**arguments, "args": [HOLE, parts]}
    if None in index:
        row = (*shape[:1], *taken_shape(parts or [], shape))
        taken += canonical("Reshape", {"target_shape": target}, row)
    return taken, arguments if parts else {}


def _in_order(nodes: Mapping[tuple[str, int], Arguments]) -> Iterator[tuple[str, int]]:
    sorter: graphlib.TopologicalSorter[tuple[str, int]] = graphlib.TopologicalSorter()
    for key, arguments in nodes.items():
        sorter.add(key, *((source.layer, source.node) for source in arguments.tensors))
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


def _pick(tensors: list[Tensor], output: int) -> Tensor:
    """Output number `output` of what a call returned: a list of tensors, or one call's many."""
    if output < len(tensors):
        return tensors[output]
    return Tensor(tensors[0].call, output)


def _output_shape(live: Any, shape: Shape | None, place: Place) -> Shape | None:
    """The shape a live layer makes of an input's shape; None where that is not to be had."""
    if live is None or shape is None:
        return None
    try:
        inner = live.compute_output_shape(shape[:1] + shape[1 + len(place.times) :])
        return place.with_times(tuple(inner))
    except Exception:
        return None
