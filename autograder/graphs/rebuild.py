"""A graph as Keras layers again, to be called on numbers: what it computes, and nothing else of it.

Layers are called one by one, on real tensors, so masks travel as Keras lets them. Weights have no
values of their own: whoever calls gives them, in a `keras.StatelessScope`. A graph may come from a
student's process, so nothing is made but layers and operations of Keras' own that run no code and
read no file.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import keras

from autograder.graphs import masks
from autograder.graphs.black_boxes import runs_own_code
from autograder.graphs.graph import HOLE, Call, Graph
from autograder.graphs.holes import holes
from autograder.graphs.returned import tensor_shape
from autograder.graphs.sizes import regrouped

DTYPE = "float64"
"""Numbers are this exact, so that what is left of rounding is smaller than any other difference."""

READS_A_LIST = frozenset(
    {"Add", "AdditiveAttention", "Attention", "Average", "Concatenate", "Dot", "Maximum", "Minimum"}
    | {"Multiply", "Stack", "Subtract", "Hstack", "Vstack", "Dstack"}
)
"""What takes its tensors in one list."""

RECURRENT = frozenset({"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN"})
"""Layers whose tensors behind the first one are their first state."""

NOT_MADE = frozenset(
    {"FlaxLayer", "Input", "InputLayer", "InputSpec", "JaxLayer", "Lambda", "Layer", "Wrapper"}
    | {"TFSMLayer", "TorchModuleWrapper", "StringLookup", "IntegerLookup", "TextVectorization"}
    | {"Discretization", "Hashing", "HashedCrossing", "Normalization", "Pipeline"}
)
"""Layers that run code, read files, or keep what they learned from data: not in a graph."""

NOT_CALLED = frozenset(
    {"associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan", "switch"}
    | {"vectorize", "vectorized_map", "while_loop", "convert_to_numpy"}
)
"""Operations that call a function, which no graph holds."""

_RATES = ("dropout", "recurrent_dropout")
_UNROLLED = frozenset({"GRU", "LSTM", "RNN", "SimpleRNN"})
_NEST_IN = frozenset({"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"})


class NotEvaluable(Exception):
    """The graph cannot be called on numbers; the message says which call stands in the way."""


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
        self._makers: list[Callable[[list[Any], bool | None], Any] | None] = []
        if any(map(runs_own_code, graph.calls)):
            raise NotEvaluable("What somebody wrote is not run here.")
        for place, call in enumerate(graph.calls):
            if call.op == "Input":
                self._makers.append(None)
                continue
            try:
                self._makers.append(_without_masks(call, self._maker(call, place)))
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

    def _maker(self, call: Call, place: int) -> Callable[[list[Any], bool | None], Any]:
        if call.op == "Masked" or call.arguments.get("mask") == masks.READ["mask"]:
            raise NotEvaluable("A mask comes to a call in a way that is not made here.")
        if call.op == "Activation":
            layer = _activation(call.config)
            return _times(lambda read, mode: layer(read[0]), call.wrappers.time_distributed)
        if call.op == "Reshape" and "target_shape" in call.config:
            return _times(self._reshape(call), call.wrappers.time_distributed)
        kind = _layer_class(call)
        if kind is None:
            return _times(_operation(call), call.wrappers.time_distributed)
        layer = self.layers.get(call.weights) if call.weights is not None else None
        if layer is None:
            layer, rates = _layer(kind, call, place)
            if call.weights is not None:
                self.layers[call.weights], self.rates[call.weights] = layer, rates
        if not _is_wrapped_by_keras(call):
            return _times(_call_of(layer, call), call.wrappers.time_distributed)
        return _call_of(layer, call)

    def _reshape(self, call: Call) -> Callable[[list[Any], bool | None], Any]:
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


def inputs_of(graph: Graph) -> list[Call]:
    """The calls that stand for the inputs."""
    return list(graph.calls[: len(graph.inputs)])


def _or_not_evaluable(
    step: Step, make: Callable[[list[Any], bool | None], Any]
) -> Callable[[], Any]:
    """What makes a step, and says so where Keras or what is below it refuses."""

    def made() -> Any:
        try:
            return make(step.read, step.training)
        except Exception as error:
            text = " ".join(str(error).split())[:200]
            raise NotEvaluable(f"{step.call.op} cannot be called: {text}") from error

    return made


def _output(value: Any, number: int) -> Any:
    if isinstance(value, (list, tuple)):
        return value[number]
    if number:
        raise NotEvaluable(f"Output {number} of a call that makes one is read.")
    return value


def _without_masks(
    call: Call, make: Callable[[list[Any], bool | None], Any]
) -> Callable[[list[Any], bool | None], Any]:
    """A call of an operation that loses the mask, whatever layer does the same."""
    if call.arguments.get("mask") != masks.LOST["mask"]:
        return make
    return lambda read, mode: make([keras.ops.copy(tensor) for tensor in read], mode)


# Activations and operations


def _activation(config: Mapping[str, Any]) -> Any:
    rest = {key: value for key, value in config.items() if key != "activation"}
    function = _named(keras.activations, config.get("activation"))
    if function is None:
        raise NotEvaluable(f"There is no activation {config.get('activation')!r}.")
    return elementwise(lambda x: function(x, **rest))


def elementwise(function: Callable[[Any], Any]) -> Any:
    """A layer that does this to its tensor, and hands its mask on."""
    return keras.layers.Activation(function, dtype=DTYPE)


def _named(room: Any, name: Any) -> Any:
    known = isinstance(name, str) and name.isidentifier() and not name.startswith("_")
    function = getattr(room, name, None) if known else None
    return function if inspect.isfunction(function) else None


@cache
def _operations() -> dict[str, Any]:
    """Operations by their names without case and underscores, as classes and functions differ."""
    rooms = (keras.ops, keras.ops.numpy, keras.ops.nn, keras.ops.linalg, keras.ops.image)
    return {
        name.replace("_", ""): value
        for room in reversed(rooms)
        for name, value in vars(room).items()
        if inspect.isfunction(value) and name not in NOT_CALLED
    }


def _operation(call: Call) -> Callable[[list[Any], bool | None], Any]:
    function = _operations().get(call.op.lower())
    if function is None:
        raise NotEvaluable(f"{call.op} is no layer or operation that can be called here.")

    def made(read: list[Any], mode: bool | None) -> Any:
        args, kwargs = _arguments(call, read)
        if call.op == "Cast" and str(call.config.get("dtype", "")).startswith(("float", "bfloat")):
            return keras.ops.cast(args[0], DTYPE)
        if call.op == "GetItem" and isinstance(args[1], list):
            args[1] = tuple(args[1])
        if call.op == "Einsum":  # the only one whose first argument is no tensor
            return function(call.config["subscripts"], *args)
        return function(*args, **{**call.config, **kwargs})

    return made


def _times(
    make: Callable[[list[Any], bool | None], Any], times: int
) -> Callable[[list[Any], bool | None], Any]:
    """What treats each step of time alike: steps are examples to it."""
    if not times:
        return make

    def made(read: list[Any], mode: bool | None) -> Any:
        lead = read[0].shape[: times + 1]
        joined = [keras.ops.reshape(x, (math.prod(lead), *x.shape[times + 1 :])) for x in read]
        result = make(joined, mode)
        many = isinstance(result, (list, tuple))
        parts = [
            keras.ops.reshape(x, (*lead, *x.shape[1:])) for x in (result if many else [result])
        ]
        return parts if many else parts[0]

    return made


# Layers


def _layer_class(call: Call) -> Any:
    """The class of a call that is a layer's; None for an operation's."""
    kind = getattr(keras.layers, call.op, None) if call.op.isidentifier() else None
    if not inspect.isclass(kind):
        return None
    if call.op in NOT_MADE or not issubclass(kind, keras.Layer):
        raise NotEvaluable(f"{call.op} is not called here.")
    known = set(inspect.signature(kind.__init__).parameters)
    is_operation = call.weights is None and call.op.lower() in _operations()
    if is_operation and ("args" in call.arguments or not set(call.config) <= known):
        return None
    return kind


def _is_wrapped_by_keras(call: Call) -> bool:
    """Whether Keras' own TimeDistributed takes a layer: it reads and makes one tensor at a time."""
    makes_one = not call.config.get("return_state") and call.wrappers.bidirectional != "none"
    return len(call.inputs) == 1 and makes_one


def _layer(kind: Any, call: Call, place: int) -> tuple[Any, tuple[float, ...]]:
    """A layer without its dropout, and the rates of that."""
    layer, rates = _bare_layer(kind, call.config, f"part_{place}", call.trainable)
    wrappers = call.wrappers
    if wrappers.bidirectional:
        layer, more = _bidirectional(layer, call)
        rates += more
    for _ in range(wrappers.time_distributed if _is_wrapped_by_keras(call) else 0):
        layer = keras.layers.TimeDistributed(layer, dtype=DTYPE)
    return layer, rates


def _bare_layer(
    kind: Any, config: Mapping[str, Any], name: str, trainable: bool
) -> tuple[Any, tuple[float, ...]]:
    config = {key: _checked(value) for key, value in config.items()}
    if config.get("stateful"):
        raise NotEvaluable(f"{kind.__name__} keeps its state from one batch to the next.")
    rates = tuple(float(config[key]) for key in _RATES if config.get(key))
    config |= {key: 0.0 for key in _RATES if key in config}
    own = {"name": name, "dtype": DTYPE}
    if kind.__name__ in _UNROLLED:
        own["unroll"] = True  # a loop of TensorFlow's takes many times as long for a few steps
    layer = kind.from_config({**config, **own})
    layer.trainable = trainable  # not every layer takes it when it is made
    if kind.__name__ in _CONVOLUTIONS and layer.groups > 1:
        layer.call = _in_groups(layer)
    return layer, rates


_CONVOLUTIONS = frozenset({"Conv1D", "Conv2D", "Conv3D"})


def _in_groups(layer: Any) -> Callable[[Any], Any]:
    """A convolution a group at a time: Keras compiles it for TensorFlow, which takes a second."""

    def call(x: Any) -> Any:
        channels = -1 if layer.data_format == "channels_last" else 1
        padding = layer.padding
        if padding == "causal":
            ahead = (layer.kernel_size[0] - 1) * layer.dilation_rate[0]
            axes = [[0, 0], [ahead, 0], [0, 0]] if channels == -1 else [[0, 0], [0, 0], [ahead, 0]]
            x, padding = keras.ops.pad(x, axes), "valid"
        groups = zip(
            keras.ops.split(x, layer.groups, axis=channels),
            keras.ops.split(layer.kernel, layer.groups, axis=-1),
            strict=True,
        )
        settings = {
            "strides": list(layer.strides),
            "padding": padding,
            "dilation_rate": layer.dilation_rate,
            "data_format": layer.data_format,
        }
        parts = [keras.ops.conv(part, kernel, **settings) for part, kernel in groups]
        made = keras.ops.concatenate(parts, axis=channels)
        if layer.use_bias:
            shape = [1] * len(made.shape)
            shape[channels] = layer.filters
            made += keras.ops.reshape(layer.bias, shape)
        return layer.activation(made) if layer.activation is not None else made

    return call


def _bidirectional(forward: Any, call: Call) -> tuple[Any, tuple[float, ...]]:
    mode, other, rates = call.wrappers.bidirectional, call.wrappers.backward, ()
    backward = None
    if other is not None:
        kind = getattr(keras.layers, str(other["op"]), None)
        if str(other["op"]) not in RECURRENT or kind is None:
            raise NotEvaluable(f"{other['op']} reads nothing backwards.")
        config = {**other["config"], "go_backwards": not forward.go_backwards}
        backward, rates = _bare_layer(kind, config, f"{forward.name}_back", call.trainable)
    layer = keras.layers.Bidirectional(
        forward,
        merge_mode=None if mode == "none" else mode,
        backward_layer=backward,
        name=f"{forward.name}_both",
        dtype=DTYPE,
    )
    layer.trainable = call.trainable
    return layer, rates


def _checked(value: Any) -> Any:
    """A setting, if all that Keras would make of it is a cell or a function of its own.

    Raises:
        NotEvaluable: if it names a class or a module that is not known to be harmless.
    """
    if isinstance(value, Mapping):
        if "class_name" not in value:
            return {key: _checked(item) for key, item in value.items()}
        name, config = str(value["class_name"]), value.get("config")
        is_of_keras = str(value.get("module", "keras")).startswith("keras")
        if name == "function" and is_of_keras and _named(keras.activations, config) is not None:
            return config
        if name not in _NEST_IN or not isinstance(config, Mapping):
            raise NotEvaluable(f"{name} among the settings of a layer is not made here.")
        inner = {key: _checked(item) for key, item in config.items()} | {"dtype": DTYPE}
        if inner.get("dropout") or inner.get("recurrent_dropout"):
            raise NotEvaluable("A cell with dropout of its own is not called here.")
        return {"module": "keras.layers", "class_name": name, "config": inner}
    if isinstance(value, list):
        return [_checked(item) for item in value]
    return value


def _call_of(layer: Any, call: Call) -> Callable[[list[Any], bool | None], Any]:
    takes_training = "training" in inspect.signature(layer.call).parameters

    def made(read: list[Any], mode: bool | None) -> Any:
        args, kwargs = _arguments(call, read)
        kwargs.pop("training", None)
        if takes_training and mode is not None:
            kwargs["training"] = mode
        if len(args) == 1 and hasattr(args[0], "shape") and not layer.built:
            layer.build(tuple(args[0].shape))
        return layer(*args, **kwargs)

    return made


# Arguments


def _arguments(call: Call, read: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
    """What a call is given, by position and by name, with its tensors in their places."""
    named = {key: value for key, value in call.arguments.items() if key != "args"}
    if named.get("mask") == masks.LOST["mask"]:
        del named["mask"]
    behind = sum(map(holes, named.values()))
    first, rest = list(read[: len(read) - behind]), iter(read[len(read) - behind :])
    if "args" in call.arguments:
        source = iter(first)
        args = [_filled(item, source) for item in call.arguments["args"]]
    elif call.op in READS_A_LIST:
        args = [first]
    elif call.op in RECURRENT and len(first) > 1:
        args = [first[0]]
        named = {**named, "initial_state": [HOLE] * len(first[1:])}
        rest = iter([*first[1:], *rest])
    else:
        args = first
    return args, {key: _filled(named[key], rest) for key in sorted(named)}


def _filled(pattern: Any, tensors: Any) -> Any:
    """An argument with the next tensors in its holes; slices, constants and such as they were."""
    if isinstance(pattern, Mapping):
        kind, config = pattern.get("class_name"), pattern.get("config")
        if kind == "__ellipsis__":
            return Ellipsis
        if kind == "__slice__":
            return slice(*(config.get(key) for key in ("start", "stop", "step")))
        if kind in {"__tensor__", "__numpy__"}:
            return _constant(config["value"])
        if kind is not None:
            raise NotEvaluable(f"{kind} among the arguments of a call is not made here.")
        return {key: _filled(pattern[key], tensors) for key in sorted(pattern)}
    if isinstance(pattern, (list, tuple)):
        return [_filled(item, tensors) for item in pattern]
    return next(tensors) if pattern == HOLE else pattern


def _constant(value: Any) -> Any:
    tensor = keras.ops.convert_to_tensor(value)
    if keras.backend.is_float_dtype(keras.backend.standardize_dtype(tensor.dtype)):
        tensor = keras.ops.convert_to_tensor(value, dtype=DTYPE)
    return tensor
