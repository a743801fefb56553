"""A function of TensorFlow's own operations, said in Keras' operations."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any


def _tensorflow() -> Any:
    """TensorFlow, where it is loaded: whoever has a model that calls it has loaded it."""
    return sys.modules["tensorflow"]


class _NotKnown(Exception):
    """TensorFlow noted something that is not told here."""


def in_operations(function: Callable[[Any], Any], given: Any, training: bool) -> Any:
    """What a function makes of tensors without numbers, by what TensorFlow notes of it.

    Args:
        function: takes a tensor, or a list of them, and makes one or several.
        given: the KerasTensors that it is called on.
        training: what layers in it are told, as a Lambda's are.

    Raises:
        Exception: whatever the function raises, or where it does more than is known here.
    """
    import keras

    tf = _tensorflow()
    layer = keras.layers.Lambda(lambda tensors: function(tensors), autocast=False)
    many = isinstance(given, list)
    inputs = given if many else [given]
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in inputs]

    def traced(*tensors: Any) -> Any:
        return layer(list(tensors) if many else tensors[0], training=training)

    concrete = tf.function(traced, autograph=False).get_concrete_function(*specs)
    if concrete.variables:
        raise _NotKnown("variables")
    return _Trace(concrete, inputs).result()


class _Trace:
    """Goes through what TensorFlow noted, backwards from what is made."""

    def __init__(self, concrete: Any, inputs: list[Any]) -> None:
        self._concrete = concrete
        self._known = {
            placeholder.ref(): tensor
            for placeholder, tensor in zip(concrete.inputs, inputs, strict=False)
        }
        outside = zip(concrete.inputs[len(inputs) :], concrete.captured_inputs, strict=True)
        self._outside = {placeholder.ref(): value for placeholder, value in outside}

    def result(self) -> Any:
        """What the function makes."""
        made = self._concrete.structured_outputs
        if isinstance(made, (list, tuple)):
            return [self.value(tensor) for tensor in made]
        return self.value(made)

    def value(self, tensor: Any) -> Any:
        """What stands for a tensor: a KerasTensor, or an array where it is a constant."""
        if tensor.ref() not in self._known:
            self._known[tensor.ref()] = self._made(tensor)
        return self._known[tensor.ref()]

    def _made(self, tensor: Any) -> Any:
        if tensor.ref() in self._outside:
            return self._outside[tensor.ref()].numpy()
        constant = _tensorflow().get_static_value(tensor)
        if constant is not None:
            return _as_written(constant)
        operation = tensor.op
        make = _OPERATIONS.get(operation.type)
        if make is None:
            raise _NotKnown(operation.type)
        made = make(self, operation)
        return made[tensor.value_index] if isinstance(made, (list, tuple)) else made

    def read(self, operation: Any) -> list[Any]:
        """What an operation reads."""
        return [self.value(tensor) for tensor in operation.inputs]

    def size(self, tensor: Any) -> list[int]:
        """A shape that is an argument; −1 for what is not known before there are numbers."""
        known = _tensorflow().get_static_value(tensor, partial=True)
        sizes = [-1 if size is None else int(size) for size in known]
        if sizes.count(-1) > 1:
            raise _NotKnown("a shape")
        return sizes


def _as_written(constant: Any) -> Any:
    """A number by itself as a number: 0.1, and not what is next to it in TensorFlow's type."""
    if constant.shape or constant.dtype.kind not in "biuf":
        return constant
    return float(str(constant)) if constant.dtype.kind == "f" else constant.item()


_Make = Callable[[_Trace, Any], Any]


def _ops() -> Any:
    import keras

    return keras.ops


def _plain(name: str) -> _Make:
    """An operation of Keras' that takes the same tensors."""
    return lambda trace, operation: getattr(_ops(), name)(*trace.read(operation))


def _reduction(name: str) -> _Make:
    def made(trace: _Trace, operation: Any) -> Any:
        tensor, axis = trace.read(operation)
        axes = [int(each) for each in _listed(axis)]
        keepdims = operation.get_attr("keep_dims")
        function = getattr(_ops(), name)
        return function(tensor, axis=axes[0] if len(axes) == 1 else axes, keepdims=keepdims)

    return made


def _listed(value: Any) -> list[Any]:
    return list(value.reshape(-1)) if hasattr(value, "reshape") else [value]


def _reshaped(trace: _Trace, operation: Any) -> Any:
    return _ops().reshape(trace.value(operation.inputs[0]), trace.size(operation.inputs[1]))


def _squeezed(trace: _Trace, operation: Any) -> Any:
    axes = list(operation.get_attr("squeeze_dims")) or None
    return _ops().squeeze(*trace.read(operation), axis=axes)


def _concatenated(trace: _Trace, operation: Any) -> Any:
    *tensors, axis = trace.read(operation)
    return _ops().concatenate(tensors, axis=int(axis))


def _multiplied(trace: _Trace, operation: Any) -> Any:
    tensors = trace.read(operation)
    for number, names in enumerate((("adj_x", "transpose_a"), ("adj_y", "transpose_b"))):
        known = [name for name in names if name in operation.node_def.attr]
        if any(operation.get_attr(name) for name in known):
            tensors[number] = _ops().swapaxes(tensors[number], -1, -2)
    return _ops().matmul(*tensors)


def _with_bias(trace: _Trace, operation: Any) -> Any:
    if operation.get_attr("data_format") != b"NHWC":
        raise _NotKnown("channels first")
    return _ops().add(*trace.read(operation))


def _taken(trace: _Trace, operation: Any) -> Any:
    """`x[…]`, of which TensorFlow keeps ends, and bits that say which of them count."""
    tensor, begin, end, strides = trace.read(operation)
    bits = {
        name: operation.get_attr(f"{name}_mask")
        for name in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
    }
    index: list[Any] = []
    for place, (first, last, step) in enumerate(zip(begin, end, strides, strict=True)):
        is_set = {name: bool(mask >> place & 1) for name, mask in bits.items()}
        if is_set["ellipsis"]:
            index.append(Ellipsis)
        elif is_set["new_axis"]:
            index.append(None)
        elif is_set["shrink_axis"]:
            index.append(int(first))
        else:
            ends = (
                None if is_set[name] else int(value)
                for name, value in (("begin", first), ("end", last))
            )
            index.append(slice(*ends, None if step == 1 else int(step)))
    return tensor[tuple(index)]


def _one_hot(trace: _Trace, operation: Any) -> Any:
    indices, depth, on, off = trace.read(operation)
    if (on, off) != (1, 0):
        raise _NotKnown("other numbers than 1 and 0")
    return _ops().one_hot(indices, int(depth), axis=operation.get_attr("axis"))


def _gathered(trace: _Trace, operation: Any) -> Any:
    tensor, indices, axis = trace.read(operation)
    if operation.get_attr("batch_dims"):
        raise _NotKnown("batch_dims")
    return _ops().take(tensor, indices, axis=int(axis))


def _handed_on(trace: _Trace, operation: Any) -> Any:
    """Tensors as they are. Here TensorFlow keeps that somebody wrote a gradient for them; `swish`
    has one, too, which is the right one.
    """
    made = operation.inputs[0].op
    is_swish = made.type == "Mul" and "Sigmoid" in [tensor.op.type for tensor in made.inputs]
    if "_gradient_op_type" in operation.node_def.attr and not is_swish:
        raise _NotKnown("a gradient")
    return trace.read(operation)


def _into_space(trace: _Trace, operation: Any) -> Any:
    """Channels made places: each is a block of them."""
    size, (batch, high, wide, channels) = _block(operation)
    x = _ops().reshape(*trace.read(operation), (batch, high, wide, size, size, channels // size**2))
    x = _ops().transpose(x, (0, 1, 3, 2, 4, 5))
    return _ops().reshape(x, (batch, high * size, wide * size, channels // size**2))


def _into_depth(trace: _Trace, operation: Any) -> Any:
    """The places of each block made channels."""
    size, (batch, high, wide, channels) = _block(operation)
    blocks = (batch, high // size, size, wide // size, size, channels)
    x = _ops().transpose(_ops().reshape(*trace.read(operation), blocks), (0, 1, 3, 2, 4, 5))
    return _ops().reshape(x, (batch, high // size, wide // size, channels * size**2))


def _block(operation: Any) -> tuple[int, list[int]]:
    """How many places a block is wide, and the shape of what is read; −1 for its examples."""
    sizes = operation.inputs[0].shape.as_list()
    if operation.get_attr("data_format") != b"NHWC" or None in sizes[1:]:
        raise _NotKnown("channels first, or a shape")
    return operation.get_attr("block_size"), [-1, *sizes[1:]]


def _summed_up(trace: _Trace, operation: Any) -> Any:
    tensor, axis = trace.read(operation)
    if operation.get_attr("exclusive") or operation.get_attr("reverse"):
        raise _NotKnown("another sum than that of all before")
    return _ops().cumsum(tensor, axis=int(axis))


_OPERATIONS: dict[str, _Make] = {
    **{
        kind: _plain(name)
        for kind, name in {
            "Abs": "abs", "Add": "add", "AddV2": "add", "Ceil": "ceil",
            "Cos": "cos", "Elu": "elu", "Equal": "equal", "Erf": "erf", "Exp": "exp",
            "Floor": "floor", "Greater": "greater", "GreaterEqual": "greater_equal",
            "IsFinite": "isfinite", "Less": "less", "LessEqual": "less_equal",
            "Log": "log", "Log1p": "log1p", "LogSoftmax": "log_softmax", "Maximum": "maximum",
            "Minimum": "minimum", "Mul": "multiply", "Neg": "negative", "NotEqual": "not_equal",
            "OnesLike": "ones_like", "Pow": "power", "Range": "arange",
            "RealDiv": "divide", "Reciprocal": "reciprocal", "Relu": "relu", "Relu6": "relu6",
            "Rsqrt": "rsqrt", "SelectV2": "where", "Selu": "selu", "Sigmoid": "sigmoid",
            "Sign": "sign", "Sin": "sin",
            "Softmax": "softmax", "Softplus": "softplus", "Softsign": "softsign", "Sqrt": "sqrt",
            "Square": "square", "StopGradient": "stop_gradient", "Sub": "subtract",
            "Tanh": "tanh", "ZerosLike": "zeros_like",
        }.items()
    },
    **{
        kind: _reduction(name)
        for kind, name in {
            "Max": "max", "Mean": "mean", "Min": "min", "Prod": "prod", "Sum": "sum"
        }.items()
    },
    "AddN": lambda trace, operation: functools.reduce(_ops().add, trace.read(operation)),
    "ArgMax": lambda trace, operation: _ops().argmax(
        trace.read(operation)[0], axis=int(trace.read(operation)[1])
    ),
    "BatchMatMulV2": _multiplied,
    "BiasAdd": _with_bias,
    "Cast": lambda trace, operation: _ops().cast(
        *trace.read(operation), operation.get_attr("DstT").name
    ),
    "ConcatV2": _concatenated,
    "Cumsum": _summed_up,
    "DepthToSpace": _into_space,
    "Einsum": lambda trace, operation: _ops().einsum(
        operation.get_attr("equation").decode(), *trace.read(operation)
    ),
    "Erfc": lambda trace, operation: _ops().subtract(1.0, _ops().erf(*trace.read(operation))),
    "ExpandDims": lambda trace, operation: _ops().expand_dims(
        trace.read(operation)[0], int(trace.read(operation)[1])
    ),
    "GatherV2": _gathered,
    "Identity": lambda trace, operation: _handed_on(trace, operation)[0],
    "IdentityN": _handed_on,
    "LeakyRelu": lambda trace, operation: _ops().leaky_relu(
        *trace.read(operation), negative_slope=operation.get_attr("alpha")
    ),
    "MatMul": _multiplied,
    "OneHot": _one_hot,
    "Pack": lambda trace, operation: _ops().stack(
        trace.read(operation), axis=operation.get_attr("axis")
    ),
    "Pad": lambda trace, operation: _ops().pad(
        trace.read(operation)[0], [list(map(int, pair)) for pair in trace.read(operation)[1]]
    ),
    "Reshape": _reshaped,
    "ReverseV2": lambda trace, operation: _ops().flip(
        trace.read(operation)[0], axis=[int(each) for each in trace.read(operation)[1]]
    ),
    "SpaceToDepth": _into_depth,
    "Split": lambda trace, operation: _ops().split(
        trace.read(operation)[1],
        operation.get_attr("num_split"),
        axis=int(trace.read(operation)[0]),
    ),
    "SquaredDifference": lambda trace, operation: _ops().square(
        _ops().subtract(*trace.read(operation))
    ),
    "Squeeze": _squeezed,
    "StridedSlice": _taken,
    "Tile": lambda trace, operation: _ops().tile(
        trace.read(operation)[0], [int(each) for each in trace.read(operation)[1]]
    ),
    "TopKV2": lambda trace, operation: _ops().top_k(
        trace.read(operation)[0], int(trace.read(operation)[1])
    ),
    "Transpose": lambda trace, operation: _ops().transpose(
        trace.read(operation)[0], [int(each) for each in trace.read(operation)[1]]
    ),
    "Unpack": lambda trace, operation: _ops().unstack(
        *trace.read(operation), axis=operation.get_attr("axis")
    ),
}  # fmt: skip
