"""Layers made from their settings, without their dropout, and calls of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras

from autograder.graphs.graph import Call
from autograder.graphs.rebuilding.filled_arguments import CELLS, RECURRENT, arguments_of
from autograder.graphs.rebuilding.makers import DTYPE, Maker, NotEvaluable, function_named
from autograder.graphs.rebuilding.operation_makers import operations
from autograder.graphs.rebuilding.pooling import pooling_layer

NOT_MADE = frozenset(
    {"FlaxLayer", "Input", "InputLayer", "InputSpec", "JaxLayer", "Lambda", "Layer", "Wrapper"}
    | {"TFSMLayer", "TorchModuleWrapper", "StringLookup", "TextVectorization", "Pipeline"}
)
"""Layers that run code, or read files."""

_LOOKS_UP = frozenset({"Discretization", "HashedCrossing", "Hashing", "IntegerLookup"})
"""Layers that make ids where they are not told otherwise, and refuse another type for them."""

_RATES = ("dropout", "recurrent_dropout")
_NO_RATES = (0.0,) * len(_RATES)
_UNROLLED = frozenset({"GRU", "LSTM", "RNN", "SimpleRNN"})
_NEST_IN = frozenset({"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"})
_CONVOLUTIONS = frozenset({"Conv1D", "Conv2D", "Conv3D"})


def layer_class(call: Call) -> Any:
    """The class of a call that is a layer's; None for an operation's."""
    kind = getattr(keras.layers, call.op, None) if call.op.isidentifier() else None
    if not inspect.isclass(kind):
        return None
    is_of_keras = issubclass(kind, keras.Layer) and kind.__module__.startswith("keras.")
    if call.op in NOT_MADE or not is_of_keras:
        raise NotEvaluable(f"{call.op} is not called here.")
    known = set(inspect.signature(kind.__init__).parameters)
    is_operation = call.weights is None and call.op.lower() in operations()
    if is_operation and ("args" in call.arguments or not set(call.config) <= known):
        return None
    return kind


def is_wrapped_by_keras(call: Call) -> bool:
    """Whether Keras' own TimeDistributed takes a layer: it reads and makes one tensor at a time."""
    makes_one = not call.config.get("return_state") and call.wrappers.bidirectional != "none"
    return len(call.inputs) == 1 and makes_one


def layer_of(kind: Any, call: Call, place: int) -> tuple[Any, tuple[float, ...]]:
    """A layer without its dropout, and the rates of that."""
    layer, rates = _bare_layer(kind, call.config, f"part_{place}", call.trainable)
    wrappers = call.wrappers
    if wrappers.bidirectional:
        layer, more = _bidirectional(layer, call)
        if more:
            rates = (rates or _NO_RATES) + more
    for _ in range(wrappers.time_distributed if is_wrapped_by_keras(call) else 0):
        layer = keras.layers.TimeDistributed(layer, dtype=DTYPE)
    return layer, rates


def _bare_layer(
    kind: Any, config: Mapping[str, Any], name: str, trainable: bool
) -> tuple[Any, tuple[float, ...]]:
    config = {key: _checked(value) for key, value in config.items()}
    if config.get("stateful"):
        raise NotEvaluable(f"{kind.__name__} keeps its state from one batch to the next.")
    rates = tuple(float(config.get(key) or 0) for key in _RATES)
    config |= {key: 0.0 for key in _RATES if key in config}
    own = {"name": name, "dtype": DTYPE}
    if kind.__name__ in _LOOKS_UP and config.get("output_mode", "int") == "int":
        own["dtype"] = "int64"
    layer = kind.from_config({**config, **own})
    layer.trainable = trainable  # not every layer takes it when it is made
    if kind.__name__ in _CONVOLUTIONS and layer.groups > 1:
        layer.call = _in_groups(layer)
    layer.call = pooling_layer(layer) or layer.call
    return layer, rates if any(rates) else ()


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
        function = function_named(keras.activations, config) if name == "function" else None
        if is_of_keras and function is not None:
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


def call_of(layer: Any, call: Call) -> Maker:
    """A call of a layer, which has no weights before the first one."""
    takes_training = "training" in inspect.signature(layer.call).parameters
    is_cell, inside = call.op in CELLS, _with_those_inside(layer)
    goes_by_shape = bool(inspect.signature(layer.build).parameters)  # lookups of Keras 3.8 do not

    def made(read: list[Any], mode: bool | None) -> Any:
        args, kwargs = arguments_of(call, read)
        kwargs.pop("training", None)
        if takes_training and mode is not None:
            kwargs["training"] = mode
        is_alone = (len(args) == 1 or is_cell) and hasattr(args[0], "shape")
        if is_alone and goes_by_shape and not layer.built:
            layer.build(tuple(args[0].shape))
        _return_what_is_read(inside, call)
        masks = (getattr(tensor, "_keras_mask", None) for tensor in read)
        _unroll(inside, is_masked=any(mask is not None for mask in masks))
        result = layer(*args, **kwargs)
        # What a step makes, and then each tensor of its state, as they are counted.
        return keras.tree.flatten(result) if is_cell else result

    return made


def _return_what_is_read(layers: Iterable[Any], call: Call) -> None:
    """Of a recurrent layer that is called several times each call may be asked for something else:
    a graph in one spelling asks for what is read, and for no more.
    """
    for each in layers:
        for key in ("return_sequences", "return_state"):
            if key in call.config and hasattr(each, key):
                setattr(each, key, bool(call.config[key]))


def _unroll(layers: Iterable[Any], *, is_masked: bool) -> None:
    """A loop of TensorFlow's takes many times as long for a few steps; but without it Keras sets
    what is masked to zero at the wrong steps of a layer that reads backwards.
    """
    for each in layers:
        if type(each).__name__ in _UNROLLED:
            each.unroll = not (is_masked and getattr(each, "zero_output_for_mask", False))


def _with_those_inside(layer: Any) -> list[Any]:
    ways = ("layer", "forward_layer", "backward_layer")
    inside = [getattr(layer, name) for name in ways if hasattr(layer, name)]
    return [layer, *(each for one in inside for each in _with_those_inside(one))]
