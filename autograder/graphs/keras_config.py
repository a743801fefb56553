"""What Keras' layer configurations mean: one spelling for every way to say the same thing.

Everything that knows the content of a Keras config lives here; `read` knows its nesting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Config = dict[str, Any]

NEVER_COMPARED = frozenset(
    {
        "activity_regularizer",
        "autocast",
        "batch_input_shape",
        "bias_constraint",
        "bias_initializer",
        "bias_regularizer",
        "cell_name",
        "dtype",
        "implementation",
        "input_length",
        "lora_alpha",
        "lora_rank",
        "name",
        "quantization_config",
        "ragged",
        "seed",
        "sparse",
        "time_major",
        "trainable",
        "unit_forget_bias",
        "unroll",
        "use_cudnn",
    }
)
"""Settings that say how weights start or how fast they run, not what the layer computes."""

SETTINGS_OF = {"Cast": frozenset({"dtype"})}
"""Settings that are what a call computes, though of other calls they are never compared."""

_NOT_RENORMALIZED = {"renorm": False, "renorm_momentum": 0.99}
LATER_SETTINGS: dict[str, Config] = {
    "BatchNormalization": _NOT_RENORMALIZED,
    "ELU": {"alpha": 1.0},
    "GroupQueryAttention": {"use_gate": False},
    "IntegerLookup": {"oov_method": "floormod"},
    "MultiHeadAttention": {"use_gate": False},
    "Resizing": {"antialias": False},
    "StringLookup": {"oov_method": "floormod"},
    "SyncBatchNormalization": _NOT_RENORMALIZED,
}
"""Settings that only newer versions of Keras save, with what an older one computes by.

They are left out where they say that. From the configs of every public layer in Keras 3.8.0 and
3.13.2 beside those of 3.15.1; settings without a value, of initializers, and `data_format` are left
out of every layer.
"""

ENDS_WITH_ACTIVATION = frozenset(
    {
        "Conv1D",
        "Conv1DTranspose",
        "Conv2D",
        "Conv2DTranspose",
        "Conv3D",
        "Conv3DTranspose",
        "Dense",
        "DepthwiseConv1D",
        "DepthwiseConv2D",
        "EinsumDense",
        "SeparableConv1D",
        "SeparableConv2D",
    }
)
"""Layers whose `activation` argument is applied to their result, as an Activation layer would."""

MERGES = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum"})
"""Merging layers whose inputs may come in any order."""

NESTS = frozenset({"Add", "Multiply", "Maximum", "Minimum", "Concatenate"})
"""Merging layers for which merging a merge is the same as merging all at once."""

WITHOUT_WEIGHTS = frozenset(
    {
        "Activation",
        "ActivityRegularization",
        "Add",
        "AlphaDropout",
        "Average",
        "CategoryEncoding",
        "CenterCrop",
        "Concatenate",
        "Dot",
        "Dropout",
        "ELU",
        "Flatten",
        "GaussianDropout",
        "GaussianNoise",
        "Identity",
        "Input",
        "LeakyReLU",
        "Masking",
        "Maximum",
        "Minimum",
        "Multiply",
        "Permute",
        "ReLU",
        "RepeatVector",
        "Rescaling",
        "Reshape",
        "Resizing",
        "Softmax",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
        "Subtract",
        "UnitNormalization",
    }
)
_WITHOUT_WEIGHTS_PATTERN = re.compile(
    r"(Global)?(Adaptive)?(Max|Average)Pooling[123]D|ZeroPadding[123]D|Cropping[123]D"
    r"|UpSampling[123]D|Random[A-Z]\w*"
)

ELEMENTWISE_OPS = {
    "Celu": "celu",
    "Elu": "elu",
    "Exp": "exponential",
    "Gelu": "gelu",
    "HardShrink": "hard_shrink",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
    "HardTanh": "hard_tanh",
    "LeakyRelu": "leaky_relu",
    "LogSigmoid": "log_sigmoid",
    "LogSoftmax": "log_softmax",
    "Relu": "relu",
    "Relu6": "relu6",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Silu": "silu",
    "Softmax": "softmax",
    "SoftShrink": "soft_shrink",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "SparsePlus": "sparse_plus",
    "SparseSigmoid": "sparse_sigmoid",
    "Sparsemax": "sparsemax",
    "Squareplus": "squareplus",
    "Tanh": "tanh",
    "TanhShrink": "tanh_shrink",
    "Threshold": "threshold",
}
"""`keras.ops` operations that are the same as an Activation layer."""

ACTIVATION_DEFAULTS: dict[str, Config] = {
    "celu": {"alpha": 1.0},
    "elu": {"alpha": 1.0},
    "gelu": {"approximate": False},
    "leaky_relu": {"negative_slope": 0.2},
    "log_softmax": {"axis": -1},
    "softmax": {"axis": -1},
}
"""Arguments that `activation="…"` stands for: Keras' own defaults in `keras.activations`."""

_KEEPS_RANK = frozenset(
    {
        "BatchNormalization",
        "Concatenate",
        "GroupNormalization",
        "LayerNormalization",
        "RMSNormalization",
        "UnitNormalization",
    }
)
"""Layers whose result has as many axes as what they read."""

_NOISY = frozenset(
    {
        "AlphaDropout",
        "Dropout",
        "GaussianDropout",
        "GaussianNoise",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
    }
)
_ABSENT = object()
_SAME_ACTIVATION = {"swish": "silu", "hard_swish": "hard_silu"}
_REDUCTIONS = {"Mean": "GlobalAveragePooling", "Max": "GlobalMaxPooling"}
_ACTS_ON_LAST_AXIS = frozenset({"Dense", "Embedding"})


def form_of(structure: Any) -> str:
    """How inputs or outputs were given, from how Keras saves them: one of `graph.FORMS`."""
    if isinstance(structure, Mapping):
        return "dict"
    # A Keras before 3.11 saves one tensor as a list of one, and takes both for the same.
    is_one = len(structure) == 1 or (bool(structure) and isinstance(structure[0], str))
    return "single" if is_one else "list"


def dtype_of(config: Mapping[str, Any]) -> str:
    """The type of the numbers that an input takes; "" where that is not plainly said."""
    dtype = config.get("dtype")
    return dtype if isinstance(dtype, str) else ""


def has_weights(op: str, module: str) -> bool:
    """Whether a layer of this class can own weights; operations of `keras.ops` never do."""
    if not module.startswith("keras.layers"):
        return False
    return op not in WITHOUT_WEIGHTS and not _WITHOUT_WEIGHTS_PATTERN.fullmatch(op)


def meaning(config: Mapping[str, Any], op: str = "") -> Config:
    """A layer's settings without names, initializers and other things that change no result."""
    never_compared = NEVER_COMPARED - SETTINGS_OF.get(op, frozenset())
    return {
        key: _plain(value)
        for key, value in sorted(in_every_version(op, config).items())
        if value is not None
        and key not in never_compared
        and not key.endswith(("_initializer", "_regularizer", "_constraint"))
        and not (key == "data_format" and value == "channels_last")
    }


def in_every_version(op: str, config: Mapping[str, Any]) -> Config:
    """A layer's settings without those that an older Keras does not save, and computes by."""
    later = LATER_SETTINGS.get(op, {})
    return {key: value for key, value in config.items() if later.get(key, _ABSENT) != value}


def settings_that_count(
    op: str, config: Mapping[str, Any], shape: tuple[int | None, ...] | None
) -> Mapping[str, Any]:
    """A call's settings without those that make no difference to it.

    A window of one place needs no padding. The last axis is called so, whatever its number: a
    layer that joins the last axis does so however many axes there are.
    """
    size = config.get("kernel_size")
    if size and "padding" in config and all(n == 1 for n in size):
        config = {k: v for k, v in config.items() if k not in ("padding", "dilation_rate")}
    if shape and op in _KEEPS_RANK and config.get("axis") in (-1, len(shape) - 1):
        config = {**config, "axis": "last"}
    return config


def plain_shape(
    op: str, config: Mapping[str, Any], shapes: tuple[tuple[int | None, ...], ...]
) -> tuple[int | None, ...] | None:
    """The shape a layer makes, where that takes no more than addition; None for other layers."""
    if op not in _KEEPS_RANK or not shapes or not all(shapes):
        return None
    if op != "Concatenate":
        return shapes[0]
    axis = config["axis"] % len(shapes[0])
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        return None
    parts = [shape[axis] for shape in shapes]
    whole = None if None in parts else sum(part for part in parts if part is not None)
    return (*shapes[0][:axis], whole, *shapes[0][axis + 1 :])


def is_noisy(op: str, config: Mapping[str, Any]) -> bool:
    """Whether a layer makes other values each time it is called in training."""
    if op.startswith("Random") or op in _NOISY:
        return True
    return bool(config.get("dropout") or config.get("recurrent_dropout"))


def activation_call(value: Any) -> tuple[str, Config] | None:
    """What `activation=value` computes, as (op, config); None for no activation.

    Args:
        value: a name, or the serialized form of a function or an activation layer.

    Raises:
        LookupError: for a function of the student's own, which cannot be seen into.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        name, config = str(value.get("class_name")), value.get("config")
        if name == "function" and isinstance(config, str):
            if not str(value.get("module", "")).startswith("keras"):
                raise LookupError(f"the function {config!r}")
            return activation_call(config)
        if not str(value.get("module", "")).startswith("keras") or not isinstance(config, Mapping):
            raise LookupError("a function of your own")
        calls = canonical(name, meaning(config, name), ())
        return calls[0] if calls else None
    name = _SAME_ACTIVATION.get(str(value), str(value))
    if name == "linear":
        return None
    return "Activation", {"activation": name, **ACTIVATION_DEFAULTS.get(name, {})}


def canonical(op: str, config: Config, shape: tuple[int | None, ...]) -> list[tuple[str, Config]]:
    """The calls that one call of a layer stands for, in the order they are made.

    `Dense(activation="relu")` is a Dense and an Activation; `Dropout(0)` is nothing; `ReLU()`
    is the Activation "relu". `config` is what `meaning` returns; `shape` is the first input's,
    batch axis included, or empty where it is not known.

    Raises:
        LookupError: for an activation function that cannot be seen into.
    """
    after: list[tuple[str, Config]] = []
    if op in ENDS_WITH_ACTIVATION:
        config = dict(config)
        activation = activation_call(config.pop("activation", None))
        after = [activation] if activation else []
    if op == "Activation":
        activation = activation_call(config.get("activation"))
        return [_positive_axis(*activation, shape)] if activation else []
    if _does_nothing(op, config, shape):
        return after
    op, config = _one_spelling(op, config, shape)
    return [_positive_axis(*call, shape) for call in ((op, config), *after)]


def _does_nothing(op: str, config: Config, shape: tuple[int | None, ...]) -> bool:
    if op in {"Identity", "ActivityRegularization"}:
        return True
    if op == "Cast":  # how exactly numbers are kept is never compared, whole ones are others
        # Keras 3.8 adds one by itself, in front of a layer that computes more exactly.
        return str(config.get("dtype", "")).startswith(("float", "bfloat"))
    if op in {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}:
        return config.get("rate") == 0
    if op == "Flatten":
        return len(shape) == 2
    return op == "Reshape" and tuple(config.get("target_shape", ())) == shape[1:] != ()


def _one_spelling(op: str, config: Config, shape: tuple[int | None, ...]) -> tuple[str, Config]:
    if op in ELEMENTWISE_OPS:
        name = ELEMENTWISE_OPS[op]
        return "Activation", {"activation": name, **ACTIVATION_DEFAULTS.get(name, {}), **config}
    if op == "ReLU":
        return "Activation", _relu(config)
    if op in {"LeakyReLU", "ELU", "Softmax"}:
        name = {"LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}[op]
        return "Activation", {"activation": name, **ACTIVATION_DEFAULTS[name], **config}
    if op in {"Reshape", "Flatten"} and _flattens(op, config, shape):
        return "Flatten", {}
    if op in _REDUCTIONS and _reduces_space(config, shape):
        return f"{_REDUCTIONS[op]}{len(shape) - 2}D", {"keepdims": bool(config.get("keepdims"))}
    if op == "RNN" and isinstance(config.get("cell"), Mapping):
        return _layer_of_cell(config)
    if op in {"GRU", "LSTM", "SimpleRNN"}:
        return op, {**config, "dropout": config.get("dropout", 0.0)}
    return op, config


def _relu(config: Config) -> Config:
    limit, slope = config.get("max_value"), config.get("negative_slope", 0.0)
    threshold = config.get("threshold", 0.0)
    if threshold:
        return {"activation": "relu", **config}
    if slope and limit is None:
        return {"activation": "leaky_relu", "negative_slope": slope}
    if limit == 6 and not slope:
        return {"activation": "relu6"}
    return {"activation": "relu"} if limit is None else {"activation": "relu", **config}


def _flattens(op: str, config: Config, shape: tuple[int | None, ...]) -> bool:
    if op == "Flatten":
        return True
    target = config.get("target_shape")
    if target is None and isinstance(config.get("newshape"), list):
        newshape = config["newshape"]
        target = newshape[1:] if newshape[:1] in ([-1], [None]) else None
    return target is not None and len(target) == 1 and len(shape) != 2


def _reduces_space(config: Config, shape: tuple[int | None, ...]) -> bool:
    axis = config.get("axis")
    axes = [axis] if isinstance(axis, int) else axis or []
    space = set(range(1, len(shape) - 1))
    return bool(space) and {a % len(shape) for a in axes} == space


def _layer_of_cell(config: Config) -> tuple[str, Config]:
    cell = config["cell"]
    op = {"LSTMCell": "LSTM", "GRUCell": "GRU", "SimpleRNNCell": "SimpleRNN"}.get(
        str(cell.get("class_name"))
    )
    if op is None:
        return "RNN", config
    rest = {key: value for key, value in config.items() if key != "cell"}
    return op, {**rest, **meaning(cell["config"])}


def _positive_axis(op: str, config: Config, shape: tuple[int | None, ...]) -> tuple[str, Config]:
    """Count axes from the front; an activation along the last axis needs no axis at all."""
    if "axis" not in config:
        return op, config
    config = dict(config)
    axis, rank = config["axis"], len(shape)
    if rank and isinstance(axis, int):
        config["axis"] = axis % rank
    elif rank and isinstance(axis, list):
        config["axis"] = sorted(a % rank for a in axis)
        if len(axis) == 1:
            config["axis"] = config["axis"][0]
    if op == "Activation" and config["axis"] in (-1, rank - 1):
        del config["axis"]
    return op, config


def acts_on_last_axis(op: str, config: Mapping[str, Any]) -> bool:
    """Whether TimeDistributed around this layer changes nothing."""
    if op == "Activation":
        return "axis" not in config
    return op in _ACTS_ON_LAST_AXIS


def _plain(value: Any) -> Any:
    """JSON data with tuples as lists, so that a graph equals itself after a round trip."""
    if isinstance(value, Mapping):
        if isinstance(value.get("config"), Mapping) and "class_name" in value:
            kind = {key: str(value[key]) for key in ("module", "class_name") if key in value}
            return {**kind, "config": meaning(value["config"], str(value["class_name"]))}
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not getattr(value, "shape", None):
        return value.item()
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return str(value)
