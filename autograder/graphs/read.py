"""Read a Keras model into a Graph, from its public configuration only."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.graphs import masks
from autograder.graphs.bounds import DEEPEST, MOST_CALLS, require_bounded, too_many_calls
from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import NO_WRAPPERS, Call, Graph, Shape, Tensor, Wrappers
from autograder.graphs.identities.rules import rewrite
from autograder.graphs.layers.facts import facts, has_weights, minds_training
from autograder.graphs.layers.meaning import dtype_of, form_of, meaning, plain_shape
from autograder.graphs.layers.spellings import acts_on_last_axis, canonical

_POSITIONAL = ("inputs", "x", "x1", "x2", "xs", "sequence", "sequences", "query", "value", "key")
_HOLE = "#"
_TOO_DEEP = (
    f"This model is nested too deeply: models in models may be {DEEPEST} deep. Does a loop put "
    "the model into a new one each time round?"
)


def read_graph(model: Any) -> Graph:
    """The graph of a built Keras model: functional, Sequential, or one nested in the other.

    Args:
        model: a `keras.Model` made of Keras layers and `keras.ops`, or a Graph (returned as it is).

    Raises:
        NotReadable: if it is no such model; the message says what it is and what to do.
    """
    return model if isinstance(model, Graph) else rewrite(read_as_written(model))


def read_as_written(model: Any) -> Graph:
    """The graph of a model before any identity is applied: a call for each call that was made.

    Raises:
        NotReadable: as `read_graph`.
    """
    _require_model(model)
    return _read(_live_data(model), model, str(getattr(model, "name", "model")))


def read_config(data: Any) -> Graph:
    """The graph of a saved model: the JSON data of `model.to_json()` or of a .keras file.

    Sharing of a layer between two sub-models is not in such a file: Keras saves it as two layers.

    Raises:
        NotReadable: if the data is no model made of Keras layers.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("config"), Mapping):
        raise NotReadable("This is no saved Keras model: it holds no model configuration.")
    _require_layers(data, str(data["config"].get("name", "model")))
    return rewrite(_read(data, None, str(data["config"].get("name", "model"))))


def _read(data: Mapping[str, Any], live: Any, name: str) -> Graph:
    try:
        graph = _Reader().model(data, live, name)
        graph = _with_shapes(graph, getattr(live, "outputs", None))
    except RecursionError:
        raise NotReadable(_TOO_DEEP) from None
    return require_bounded(graph)


def _require_model(model: Any) -> None:
    kind = type(model).__name__
    if model is None:
        raise NotReadable(
            "The answer is None, not a Keras model. Does your function end with `return model`?"
        )
    if kind == "KerasTensor":
        raise NotReadable(
            "The answer is a tensor, not a model. Wrap it up: keras.Model(inputs=…, outputs=…)."
        )
    if not hasattr(model, "get_config") or not hasattr(model, "layers"):
        hint = " Call it on an Input, then make a keras.Model." if hasattr(model, "build") else ""
        raise NotReadable(
            f"The answer is of type {kind}, not a Keras model: a keras.Model or "
            f"keras.Sequential is needed here.{hint}"
        )


def _live_data(model: Any) -> dict[str, Any]:
    """Class name and configuration of a live model, as Keras would save them."""
    name = getattr(model, "name", type(model).__name__)
    config = _config_of(model)
    if "layers" not in config and _is_functional(model):
        import keras

        config = _config_of(keras.Model(model.input, model.output, name=name))
    if "layers" not in config:
        raise NotReadable(
            f"Model {name!r} is a class of its own ({type(model).__name__}) with a call() method: "
            "its graph cannot be seen. Build it with keras.Model(inputs, outputs) or "
            "keras.Sequential."
        )
    data = {"class_name": "Functional" if "input_layers" in config else "Sequential"}
    data["config"] = config
    if data["class_name"] == "Sequential" and not _has_input(config):
        raise NotReadable(
            f"Model {name!r} is not built yet: it does not know the shape of its input. "
            "Let it begin with keras.Input(shape)."
        )
    return data


def _config_of(model: Any) -> Mapping[str, Any]:
    """A model's configuration; empty where it has none, for whatever reason."""
    try:
        return model.get_config()
    except RecursionError:
        raise NotReadable(_TOO_DEEP) from None
    except Exception:  # a student's own class, or a setting that Keras took and cannot save
        return {}


def _is_functional(model: Any) -> bool:
    try:
        return bool(model.inputs) and bool(model.outputs)
    except (AttributeError, ValueError):
        return False


def _has_input(config: Mapping[str, Any]) -> bool:
    layers = config["layers"]
    return bool(layers) and layers[0].get("class_name") == "InputLayer"


def _with_shapes(graph: Graph, outputs: Any) -> Graph:
    """Fill in the shapes that nothing in the configuration says: those of the model's outputs,
    and those between a layer and the activation it ends with.
    """
    calls = list(graph.calls)
    for tensor, output in zip(graph.outputs, outputs or (), strict=False):
        shape = getattr(output, "shape", None)
        if tensor.output == 0 and shape is not None:
            calls[tensor.call] = replace(calls[tensor.call], shape=tuple(shape))
    for call in reversed(calls):
        if call.op == "Activation" and call.shape and calls[call.inputs[0].call].shape is None:
            source = call.inputs[0].call
            calls[source] = replace(calls[source], shape=call.shape)
    return replace(graph, calls=tuple(calls))


@dataclass(frozen=True)
class _Place:
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

    def inside(self, name: str) -> _Place:
        if self.depth == DEEPEST:
            raise NotReadable(_TOO_DEEP)
        return replace(self, path=f"{self.path}{name}/", depth=self.depth + 1)

    def with_times(self, shape: Shape) -> Shape:
        return shape[:1] + self.times + shape[1:]


class _Reader:
    """Collects calls while it walks through nested models."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sets: dict[Any, int] = {}
        self.made = 0
        self.masked: set[Tensor] = set()
        self.handing_on: set[int] = set()

    def model(self, data: Mapping[str, Any], live: Any, name: str) -> Graph:
        """The graph of an outermost model, not yet rewritten."""
        config = data["config"]
        layers = {_name_of(layer): layer for layer in config["layers"]}
        if "input_layers" in config:
            entries = list(_named_leaves(config["input_layers"]))
            returned = list(_named_leaves(config["output_layers"]))
        else:
            first, last = (_name_of(config["layers"][at]) for at in (0, -1))
            entries, returned = [(first, (first, 0, 0))], [(last, (last, 0, 0))]
        inputs_given, outputs_given = (
            form_of(config.get(key, (name,))) for key in ("input_layers", "output_layers")
        )
        inputs = [self._input(label, layers[leaf[0]]) for label, leaf in entries]
        outputs = self._inline(data, live, inputs, _Place())
        graph = Graph(
            calls=tuple(self.calls),
            inputs=tuple(_given(label, layers[leaf[0]]) for label, leaf in entries),
            outputs=tuple(outputs),
            output_names=tuple(_given(label, layers[leaf[0]]) for label, leaf in returned),
            name=name,
            inputs_given=inputs_given,
            outputs_given=outputs_given,
        )
        return masks.without_idle_marks(graph, frozenset(self.handing_on))

    def _input(self, label: str, layer: Mapping[str, Any]) -> Tensor:
        config = layer["config"]
        shape = tuple(config.get("batch_shape") or config.get("batch_input_shape") or ())
        call = Call("Input", {"shape": list(shape[1:])}, name=label, shape=shape)
        return self._add(replace(call, dtype=dtype_of(config)))

    def _add(self, call: Call) -> Tensor:
        self.calls.append(call)
        return Tensor(len(self.calls) - 1)

    def _shape(self, tensor: Tensor) -> Shape | None:
        return self.calls[tensor.call].shape if tensor.output == 0 else None

    def _note_shape(self, tensor: Tensor, shape: Shape) -> None:
        if tensor.output == 0:
            self.calls[tensor.call] = replace(self.calls[tensor.call], shape=shape)

    def _inline(
        self, data: Mapping[str, Any], live: Any, inputs: list[Tensor], place: _Place
    ) -> list[Tensor]:
        """Put the calls of a model here, reading `inputs`; return what it returns."""
        config = data["config"]
        children = {layer.name: layer for layer in getattr(live, "layers", ())}
        place = replace(place, frozen=place.frozen or config.get("trainable") is False)
        if "input_layers" not in config:
            layers = _with_repetitions(config["layers"], getattr(live, "layers", ()))
            return self._chain(layers, children, inputs, place)
        return self._network(config, children, inputs, place)

    def _chain(
        self, layers: list[Any], children: Mapping[str, Any], inputs: list[Tensor], place: _Place
    ) -> list[Tensor]:
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                continue
            live = children.get(_name_of(layer))
            expected = _output_shape(live, self._shape(inputs[0]), place)
            built = (layer.get("build_config") or {}).get("input_shape")
            if built and self._shape(inputs[0]) is None:
                self._note_shape(inputs[0], place.with_times(tuple(built)))
            inputs = self._call(layer, live, inputs, {}, place)
            if expected and self._shape(inputs[0]) is None:
                self._note_shape(inputs[0], expected)
        return inputs

    def _network(
        self,
        config: Mapping[str, Any],
        children: Mapping[str, Any],
        inputs: list[Tensor],
        place: _Place,
    ) -> list[Tensor]:
        layers = {_name_of(layer): layer for layer in config["layers"]}
        values: dict[tuple[str, int], list[Tensor]] = {}
        for (_, leaf), tensor in zip(_named_leaves(config["input_layers"]), inputs, strict=True):
            values[leaf[0], leaf[1]] = [tensor]
        nodes = {
            (name, index): _arguments(node, _made_by_keras(layers))
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
                if source.shape is not None:
                    self._note_shape(tensor, place.with_times(source.shape))
                read.append(tensor)
            layer = layers[key[0]]
            values[key] = self._call(layer, children.get(key[0]), read, arguments.rest, place)
        returned = []
        for _, (name, node, output) in _named_leaves(config["output_layers"]):
            node -= _is_network(layers[name], children.get(name))
            returned.append(_pick(values[name, node], output))
        return returned

    def _call(
        self,
        layer: Mapping[str, Any],
        live: Any,
        inputs: list[Tensor],
        rest: Mapping[str, Any],
        place: _Place,
    ) -> list[Tensor]:
        """Add one call of a layer, or all calls of a model used as a layer."""
        self.made += 1
        if self.made > MOST_CALLS:  # counted here: a model that is empty inside adds no call
            raise NotReadable(too_many_calls())
        name = _name_of(layer)
        if "layers" not in layer["config"] and live is not None and _is_functional_layer(live):
            layer = {**layer, **_live_data(live)}
        if "layers" in layer["config"] and layer["class_name"] != "StackedRNNCells":
            return self._model(layer, live, inputs, rest, place.inside(name))
        _require_layers(layer, name)
        if layer["class_name"] == "TimeDistributed":
            inner = layer["config"]["layer"]
            shape = self._shape(inputs[0]) or (None, None)
            time = shape[1 + len(place.times)] if len(shape) > 1 + len(place.times) else None
            return self._call(
                {**inner, "outer_name": name},
                getattr(live, "layer", None),
                inputs,
                rest,
                replace(place.inside(name), times=(*place.times, time)),
            )
        return self._layer(layer, live, inputs, rest, place)

    def _model(
        self,
        layer: Mapping[str, Any],
        live: Any,
        inputs: list[Tensor],
        rest: Mapping[str, Any],
        place: _Place,
    ) -> list[Tensor]:
        """Put the calls of a model used as a layer here, with what it was called with."""
        if "training" in rest and rest["training"] is not facts(layer["class_name"]).training:
            place = replace(place, training=rest["training"])
        count = len(list(_named_leaves(layer["config"].get("input_layers", (("", 0, 0),)))))
        given = [self._with_mask(tensor, inputs[count:]) for tensor in inputs[:count]]
        return self._inline(layer, live, given, place)

    def _with_mask(self, tensor: Tensor, given: list[Tensor]) -> Tensor:
        """A tensor that brings the masks that a model was called with by hand."""
        if not given:
            return tensor
        inputs, shape = (tensor, *given), self._shape(tensor)
        masked = self._add(Call("Masked", inputs=inputs, name="mask", shape=shape))
        self.masked.add(masked)
        return masked

    def _layer(
        self,
        layer: Mapping[str, Any],
        live: Any,
        inputs: list[Tensor],
        rest: Mapping[str, Any],
        place: _Place,
    ) -> list[Tensor]:
        module, name = layer.get("module") or "keras.layers", _name_of(layer)
        op, config, wrappers = _unwrapped(layer)
        arguments = {
            **meaning({k: v for k, v in rest.items() if k != "training"}),
            **_training(op, config, rest.get("training"), place.training),
        }
        is_layer = module.startswith("keras.layers")
        arrive = [tensor in self.masked for tensor in inputs] or [False]
        in_steps = bool(place.times)
        hands_on = not is_layer or in_steps or masks.passes(op, config, [True] * len(arrive))
        if any(arrive) and not is_layer:
            arguments |= masks.LOST
        elif any(arrive) and op == "Softmax":
            arguments |= masks.READ
        masked = is_layer and (
            masks.makes(op, config) or masks.passes(op, config, arrive) or (in_steps and arrive[0])
        )
        if op == "Power" and arguments.get("args") == [_HOLE, 2]:
            op, config, arguments = "Square", {}, {}
        shapes = tuple(self._shape(tensor) or () for tensor in inputs)
        shape = shapes[0] if shapes else ()
        inner = shape[:1] + shape[1 + len(place.times) :]
        try:
            chain = canonical(op, config, inner)
        except LookupError as error:
            raise NotReadable(
                f"The activation of layer {name!r} is {error.args[0]}: what it computes cannot be "
                "seen. Use one of Keras' activations by name."
            ) from None
        label = layer.get("outer_name", name)
        weights = None
        if has_weights(op, config, module):
            weights = self._weights(id(live) if live is not None else place.path + name)
        built_on = tuple(place.with_times(s) for s in _build_shapes(layer))
        result = inputs[:1]
        for step, (step_op, step_config) in enumerate(chain):
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
                    shape=plain_shape(step_op, step_config, shapes),
                    trainable=not place.frozen and bool(layer["config"].get("trainable", True)),
                    wrappers=around,
                    arguments=arguments if step == 0 else {},
                )
            )
            result = [tensor]
            if hands_on:
                self.handing_on.add(tensor.call)
        if masked:
            self.masked.update(result)
        return result

    def _weights(self, identity: Any) -> int:
        return self.sets.setdefault(identity, len(self.sets))


@dataclass(frozen=True)
class _Source:
    """Which tensor of the configuration an argument is."""

    layer: str
    node: int
    output: int
    shape: Shape | None


@dataclass(frozen=True)
class _Arguments:
    """What a layer was called with: its tensors in order, and all that is no tensor."""

    tensors: list[_Source]
    rest: dict[str, Any]


def _arguments(node: Mapping[str, Any], made_by_keras: frozenset[str]) -> _Arguments:
    """Split a node's arguments into the tensors it reads and the rest.

    A mask that Keras handed on by itself is left out: the layer that makes it says so in its own
    settings. Arguments that are None or False are Keras' defaults, but for `training`.
    """
    tensors: list[_Source] = []
    kwargs = {
        key: value
        for key, value in node["kwargs"].items()
        if value is not None
        and (value is not False or key == "training")
        and not (key == "mask" and _comes_from(value, made_by_keras))
    }
    args = list(node["args"])
    args += [kwargs.pop(key) for key in _POSITIONAL if key in kwargs]
    pattern = [_without_tensors(value, tensors) for value in args]
    rest: dict[str, Any] = {}
    if any(not _only_holes(item) for item in pattern):
        rest["args"] = pattern
    for key in sorted(kwargs):
        rest[key] = _without_tensors(kwargs[key], tensors)
    if len(tensors) == 3 and "key" in node["kwargs"] and tensors[1] == tensors[2]:
        tensors.pop()
    return _Arguments(tensors, rest)


def _without_tensors(value: Any, found: list[_Source]) -> Any:
    """The argument with a hole for each tensor; the tensors are added to `found`."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            layer, node, output = value["config"]["keras_history"]
            shape = value["config"].get("shape")
            found.append(_Source(layer, node, output, None if shape is None else tuple(shape)))
            return _HOLE
        return {key: _without_tensors(value[key], found) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_without_tensors(item, found) for item in value]
    return value


def _made_by_keras(layers: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The operations of a model that may be Keras' own, computing a mask to hand on.

    Only where a layer makes one: elsewhere they are somebody's own.
    """
    if not any(masks.makes(layer["class_name"], layer["config"]) for layer in layers.values()):
        return frozenset()
    return frozenset(
        name
        for name, layer in layers.items()
        if layer["class_name"] in masks.MADE_BY_KERAS
        and not str(layer.get("module") or "").startswith("keras.layers")
    )


def _comes_from(value: Any, layers: frozenset[str]) -> bool:
    """Whether all tensors of an argument come from these layers."""
    found: list[_Source] = []
    _without_tensors(value, found)
    return all(source.layer in layers for source in found)


def _training(
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


def _with_repetitions(layers: list[Any], live: Any) -> list[Any]:
    """The layers of a Sequential, one that is in it twice twice: Keras saves it once."""
    inputs = [layer for layer in layers if layer["class_name"] == "InputLayer"]
    by_name = {_name_of(layer): layer for layer in layers}
    names = [layer.name for layer in live]
    if len(names) <= len(layers) - len(inputs) or not set(names) <= set(by_name):
        return layers
    return inputs + [by_name[name] for name in names]


def _only_holes(pattern: Any) -> bool:
    if isinstance(pattern, Mapping):
        return all(_only_holes(item) for item in pattern.values())
    if isinstance(pattern, list):
        return all(_only_holes(item) for item in pattern)
    return pattern == _HOLE


def _in_order(nodes: Mapping[tuple[str, int], _Arguments]) -> Iterator[tuple[str, int]]:
    sorter: graphlib.TopologicalSorter[tuple[str, int]] = graphlib.TopologicalSorter()
    for key, arguments in nodes.items():
        sorter.add(key, *((source.layer, source.node) for source in arguments.tensors))
    return iter(tuple(sorter.static_order()))


def _named_leaves(structure: Any, name: str = "") -> Iterator[tuple[str, tuple[str, int, int]]]:
    """Each (layer, node, output) of an input or output structure, in Keras' order, with a name."""
    if isinstance(structure, Mapping):
        for key in sorted(structure):
            yield from _named_leaves(structure[key], str(key))
    elif structure and isinstance(structure[0], str):
        layer, node, output = structure
        yield name or layer, (layer, int(node), int(output))
    else:
        for item in structure:
            yield from _named_leaves(item)


def _given(name: str, layer: Mapping[str, Any]) -> str:
    """A name that somebody gave; "" for one that Keras made up from the layer's class."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer["class_name"])
    made_up = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
    return "" if re.fullmatch(rf"{made_up}(_\d+)?", name) else name


def _name_of(layer: Mapping[str, Any]) -> str:
    """A layer's name; a class of the student's own may leave it out of its configuration."""
    return str(layer["config"].get("name") or layer.get("name") or "layer")


def _pick(tensors: list[Tensor], output: int) -> Tensor:
    """Output number `output` of what a call returned: a list of tensors, or one call's many."""
    if output < len(tensors):
        return tensors[output]
    return Tensor(tensors[0].call, output)


def _unwrapped(layer: Mapping[str, Any]) -> tuple[str, dict[str, Any], Wrappers]:
    """Class and settings of a layer, of what is inside for a Bidirectional, and its wrappers."""
    config, op = layer["config"], layer["class_name"]
    if op != "Bidirectional":
        return op, meaning(config, op), NO_WRAPPERS
    forward = config["layer"]
    op = forward["class_name"]
    inner = meaning(forward["config"], op)
    backward = config.get("backward_layer") or forward
    mirrored = meaning(backward["config"], backward["class_name"])
    mirrored["go_backwards"] = inner.get("go_backwards", False)
    own = None
    if (backward["class_name"], mirrored) != (op, inner):
        own = {"op": backward["class_name"], "config": mirrored}
    return op, inner, Wrappers(bidirectional=config.get("merge_mode") or "none", backward=own)


def _build_shapes(layer: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The shapes a layer's weights were made for, as Keras saves them."""
    saved = layer.get("build_config") or {}
    if "input_shape" in saved:
        shape = saved["input_shape"]
        if shape and isinstance(shape[0], (list, tuple)):
            return tuple(tuple(item) for item in shape)
        return (tuple(shape or ()),)
    shapes = saved.get("shapes_dict") or saved
    return tuple(
        tuple(shape)
        for key, shape in shapes.items()
        if key.endswith("_shape") and isinstance(shape, (list, tuple)) and not _is_nested(shape)
    )


def _is_nested(shape: Any) -> bool:
    return any(isinstance(size, (list, tuple)) for size in shape)


def _output_shape(live: Any, shape: Shape | None, place: _Place) -> Shape | None:
    """The shape a live layer makes of an input's shape; None where that is not to be had."""
    if live is None or shape is None:
        return None
    try:
        inner = live.compute_output_shape(shape[:1] + shape[1 + len(place.times) :])
        return place.with_times(tuple(inner))
    except Exception:
        return None


def _is_functional_layer(live: Any) -> bool:
    return hasattr(live, "layers") and _is_functional(live)


def _is_network(layer: Mapping[str, Any], live: Any) -> bool:
    """Whether a layer is a functional model.

    For these Keras counts calls from 1 where it lists the outputs of the model around them: call
    0 is the one that made the inner model. Where calls list what they read, it counts from 0.
    """
    if "layers" in layer["config"]:
        return "input_layers" in layer["config"]
    return _is_functional_layer(live) and "input_layers" in _live_data(live)["config"]


def _require_layers(layer: Mapping[str, Any], name: str) -> None:
    """Refuse what cannot be seen into: Lambda layers and classes that are not Keras' own."""
    kind, module = str(layer.get("class_name")), str(layer.get("module") or "")
    if kind == "Lambda":
        raise NotReadable(
            f"Layer {name!r} is a Lambda: what its function does cannot be seen. Use a Keras "
            "layer or a keras.ops function instead."
        )
    if kind in {"Functional", "Sequential"} and "layers" in layer.get("config", {}):
        return
    if module.split(".")[0] != "keras":
        raise NotReadable(
            f"Layer {name!r} is of a class of its own ({kind}): what it does cannot be seen. "
            "Build it from Keras layers."
        )
