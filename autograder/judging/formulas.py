"""How many parameters a layer has, as a formula with the layer's own sizes in it.

>>> dense = formula("Dense", {"units": 32}, [(None, 64)])
>>> print(dense.symbols(), "=", dense.numbers(), "=", dense.count)
(inputs + 1) × units = (64 + 1) × 32 = 2080

The counts are those of Keras' `count_params()`, `trainable_weights` and `non_trainable_weights`;
states of random generators, metrics and stateful recurrent layers are no weights there, nor here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.graphs import Wrappers
from autograder.graphs.layers.facts import FACTS, class_of, facts
from autograder.judging.expressions import Expression, Factor, Number, product, total

Config = Mapping[str, Any]
Shape = Sequence[int | None]


class UnknownLayer(ValueError):
    """No formula is known for this layer, or not for these options of it; the message says so."""


@dataclass(frozen=True)
class Formula:
    """The number of a layer's parameters, written as a calculation.

    Attributes:
        trainable: the weights that training changes; None where there are none.
        non_trainable: the weights that training leaves alone; None where there are none.
    """

    trainable: Expression | None = None
    non_trainable: Expression | None = None

    @property
    def expression(self) -> Expression:
        """All weights together, the trainable ones first."""
        return _sum((self.trainable, self.non_trainable)) or Number(0)

    @property
    def count(self) -> int:
        """The number of all weights."""
        return self.expression.value

    @property
    def trainable_count(self) -> int:
        """The number of trainable weights."""
        return self.trainable.value if self.trainable else 0

    @property
    def non_trainable_count(self) -> int:
        """The number of weights that are not trainable."""
        return self.non_trainable.value if self.non_trainable else 0

    def symbols(self) -> str:
        """The calculation with the names of the sizes."""
        return self.expression.symbols()

    def numbers(self, mark: Collection[str] = (), opening: str = "[", closing: str = "]") -> str:
        """The calculation with the values of the sizes; those named in `mark` stand out."""
        return self.expression.numbers(mark, opening, closing)

    def frozen(self) -> Formula:
        """The same weights in a layer with `trainable=False`."""
        return Formula(None, _sum((self.trainable, self.non_trainable)))

    def times(self, copies: int) -> Formula:
        """The weights of several such layers."""
        return self._each(lambda part: copies * part)

    def renamed(self, name: Callable[[str], str]) -> Formula:
        """The same weights with `name(old)` as the name of each size."""
        return self._each(lambda part: part.renamed({old: name(old) for old, _ in part.factors()}))

    def _each(self, change: Callable[[Expression], Expression]) -> Formula:
        parts = (self.trainable, self.non_trainable)
        return Formula(*(None if part is None else change(part) for part in parts))


MOST_WEIGHTS = 2**63
"""Beyond it, a number of weights is no more worth telling."""

Rule = Callable[[Config, Sequence[Shape]], Formula]

_NO_WRAPPERS = Wrappers()
_NOTHING = Formula()
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_RULES: dict[str, Rule] = {}


def formula_for(*layers: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule for these Keras layer classes.

    The function takes the layer's config and the shapes it was built on. What it returns for
    `trainable=False` or for a flattened wrapper is not its concern: `formula` sees to both.
    """

    def register(rule: Rule) -> Rule:
        _RULES.update(dict.fromkeys(layers, rule))
        return rule

    return register


def known_layers() -> frozenset[str]:
    """The class names of all layers that `formula` knows, those without weights included."""
    return frozenset(_RULES) | {op for op, known in FACTS.items() if known.weights is False}


def formula(
    op: str,
    config: Config,
    input_shapes: Sequence[Shape],
    wrappers: Wrappers = _NO_WRAPPERS,
) -> Formula | None:
    """The parameter formula of a layer; None for a layer without weights.

    Args:
        op: the layer's class name, such as "Dense".
        config: the layer's `get_config()` as JSON data. Keys that hold Keras' default may be
            absent.
        input_shapes: the shapes the layer was built on, batch axis included; for attention in the
            order query, value, key. With what wrappers hide of them from the layer.
        wrappers: the layers around it.

    Raises:
        UnknownLayer: if the layer's weights cannot be counted.
    """
    try:
        whole = _formula(op, config, input_shapes, wrappers)
        if whole.count >= MOST_WEIGHTS:
            raise UnknownLayer(f"The layer {op} has more weights than any computer could hold.")
        return whole if whole.count else None
    except UnknownLayer:
        raise
    except _UNREADABLE as error:
        # Configs come from students' processes: whatever is wrong with one, say so in one line.
        raise UnknownLayer(f"The config of the layer {op} cannot be read.") from error


def _formula(
    op: str, config: Config, shapes: Sequence[Shape], wrappers: Wrappers = _NO_WRAPPERS
) -> Formula:
    if facts(op).weights is False:
        return _NOTHING
    if op not in _RULES:
        raise UnknownLayer(f"No parameter formula is known for the layer {op}.")
    shapes = [_without_axes(shape, wrappers.time_distributed) for shape in shapes]
    whole = _RULES[op](config, shapes)
    if whole != _NOTHING and _is_quantized(config.get("dtype")):
        raise UnknownLayer(f"No parameter formula is known for a quantized {op}.")
    if wrappers.bidirectional:
        other = wrappers.backward
        backward = _formula(other["op"], other["config"], shapes) if other else whole
        whole = _two_directions(whole, backward)
    return whole if config.get("trainable", True) else whole.frozen()


def _wrapped(layer: Config, shapes: Sequence[Shape]) -> Formula:
    """The formula of a layer in its serialized form, as wrappers keep it."""
    return _formula(class_of(layer), layer["config"], shapes)


def _without_axes(shape: Shape, hidden: int) -> Shape:
    return (*shape[:1], *shape[1 + hidden :])


def _is_quantized(dtype: Any) -> bool:
    policy = dtype.get("class_name", "") if isinstance(dtype, Mapping) else str(dtype)
    return policy.startswith("Quantized") or "_from_" in policy


# ---- Building blocks -------------------------------------------------------------------------


def _sum(parts: Iterable[Expression | None]) -> Expression | None:
    present = [part for part in parts if part is not None]
    return total(present) if present else None


def _product(parts: Iterable[Expression]) -> Expression:
    return product(parts)


def _total(formulas: Iterable[Formula]) -> Formula:
    formulas = list(formulas)
    return Formula(
        _sum(part.trainable for part in formulas),
        _sum(part.non_trainable for part in formulas),
    )


def _size(name: str, shape: Shape, axis: int = -1) -> Factor:
    size = shape[axis]
    if size is None:
        raise UnknownLayer(f"Axis {axis} of the input shape {tuple(shape)} has no fixed size.")
    return Factor(name, size)


def _sizes(name: str, shape: Shape, axes: int | Sequence[int]) -> Expression:
    """The size along one axis under `name`, along several as `axis_1 × axis_2`."""
    axes = [axes] if isinstance(axes, int) else list(axes)
    if len(axes) > len(shape):
        raise UnknownLayer(f"{len(axes)} axes are more than the input shape {tuple(shape)} has.")
    if len(axes) == 1:
        return _size(name, shape, axes[0])
    places = sorted(axis % len(shape) for axis in axes)
    return _product(_size(f"axis_{place}", shape, place) for place in places)


def _channels(config: Config, shape: Shape) -> Factor:
    return _size("channels", shape, 1 if config.get("data_format") == "channels_first" else -1)


_KERNEL_AXES = ("kernel_depth", "kernel_height", "kernel_width")


def _kernel(config: Config, rank: int) -> Expression:
    """The number of positions one kernel covers."""
    size = config["kernel_size"]
    sizes = [size] * rank if isinstance(size, int) else size
    names = _KERNEL_AXES[-len(sizes) :] if len(sizes) > 1 else ("kernel_length",)
    return _product(map(Factor, names, sizes))


def _matrix(
    config: Config, rows: Expression, columns: Expression, bias: Expression | None = None
) -> Formula:
    """A kernel of rows × columns and perhaps a bias; with LoRA, the kernel is frozen."""
    if config.get("lora_rank"):
        low_rank = (rows + columns) * Factor("lora_rank", config["lora_rank"])
        return Formula(_sum((low_rank, bias)), rows * columns)
    if bias == columns:
        return Formula((rows + 1) * columns)
    return Formula(_sum((rows * columns, bias)))


def _bias(config: Config, size: Expression) -> Expression | None:
    return size if config.get("use_bias", True) else None


def _one_if(condition: Any) -> int:
    return 1 if condition else 0


# ---- Dense layers and embeddings -------------------------------------------------------------


@formula_for("Dense")
def _dense(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(inputs + 1) × units: one weight per input and one bias, for each unit."""
    units = Factor("units", config["units"])
    return _matrix(config, _size("inputs", shapes[0]), units, _bias(config, units))


@formula_for("EinsumDense")
def _einsum_dense(config: Config, shapes: Sequence[Shape]) -> Formula:
    """For "ab,bc->ac" with bias axes "c", (b + 1) × c: the sizes go by the equation's letters."""
    letters, sizes = _einsum(config["equation"], config["output_shape"], shapes[0])
    kernel = [Factor(letter, sizes[letter]) for letter in letters]
    axes = dict.fromkeys(config.get("bias_axes") or "")
    bias = _product(Factor(letter, sizes[letter]) for letter in axes) if axes else None
    return _matrix(config, _product(kernel[:-1]), kernel[-1], bias)


def _einsum(equation: str, output: int | Sequence[int | None], shape: Shape) -> tuple[str, dict]:
    """The kernel's letters, and the size that each letter of the equation stands for.

    Dots on the left stand for the first axes, the batch among them; `output` leaves out the axes
    that dots stand for, and the batch.
    """
    operands, outputs = equation.split("->")
    inputs, kernel = operands.split(",")
    output = [output] if isinstance(output, int) else list(output)
    elided = len(shape) - len(inputs.strip("."))
    if inputs.startswith("...") and elided:
        sizes = dict(zip(inputs.strip("."), shape[elided:], strict=True))
    else:
        sizes = dict(zip(inputs.strip("."), shape, strict=False))
        output = [shape[0], *output]
    for letter, size in zip(outputs.strip("."), output, strict=False):
        sizes[letter] = sizes.get(letter) if size is None else size
    return kernel, sizes


@formula_for("Embedding")
def _embedding(config: Config, shapes: Sequence[Shape]) -> Formula:
    """vocabulary × width: one row of numbers for each word there is."""
    vocabulary = Factor("vocabulary", config["input_dim"])
    return _matrix(config, vocabulary, Factor("width", config["output_dim"]))


@formula_for("ReversibleEmbedding")
def _reversible_embedding(config: Config, shapes: Sequence[Shape]) -> Formula:
    """vocabulary × width, and as much again where the way back has weights of its own."""
    return _embedding(config, shapes).times(1 if config.get("tie_weights", True) else 2)


# ---- Convolutions ----------------------------------------------------------------------------


@formula_for("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def _convolution(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(kernel × channels + 1) × filters: a filter sees all channels below its kernel.

    With groups, it sees the channels of its own group only.
    """
    filters, channels = Factor("filters", config["filters"]), _channels(config, shapes[0])
    groups = config.get("groups", 1)
    seen = channels if groups == 1 else channels // Factor("groups", groups)
    rows = _kernel(config, len(shapes[0]) - 2) * seen
    return _matrix(config, rows, filters, _bias(config, filters))


@formula_for("DepthwiseConv1D", "DepthwiseConv2D")
def _depthwise_convolution(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(kernel + 1) × channels × depth_multiplier: each kernel sees one channel."""
    weights = _kernel(config, len(shapes[0]) - 2) + _one_if(config.get("use_bias", True))
    return Formula(weights * _depthwise_channels(config, shapes[0]))


def _depthwise_channels(config: Config, shape: Shape) -> Expression:
    multiplier = Factor("depth_multiplier", config.get("depth_multiplier", 1))
    return _channels(config, shape) * multiplier


@formula_for("SeparableConv1D", "SeparableConv2D")
def _separable_convolution(config: Config, shapes: Sequence[Shape]) -> Formula:
    """Kernels that see one channel each, then (channels × depth_multiplier + 1) × filters."""
    filters = Factor("filters", config["filters"])
    depthwise = _depthwise_convolution({**config, "use_bias": False}, shapes)
    between = _depthwise_channels(config, shapes[0])
    return _total((depthwise, _matrix({}, between, filters, _bias(config, filters))))


# ---- Recurrent layers ------------------------------------------------------------------------


@formula_for("SimpleRNN", "SimpleRNNCell")
def _simple_rnn(config: Config, shapes: Sequence[Shape]) -> Formula:
    """(inputs + units + 1) × units: each unit reads the input, all states and a bias."""
    return _gates(1, _one_if(config.get("use_bias", True)), config, shapes)


@formula_for("LSTM", "LSTMCell")
def _lstm(config: Config, shapes: Sequence[Shape]) -> Formula:
    """4 × (inputs + units + 1) × units: three gates and a candidate, each a simple layer."""
    return _gates(4, _one_if(config.get("use_bias", True)), config, shapes)


@formula_for("GRU", "GRUCell")
def _gru(config: Config, shapes: Sequence[Shape]) -> Formula:
    """3 × (inputs + units + 2) × units: two gates and a candidate, two biases each.

    Input and state have a bias of their own, so that the reset gate can act after the state's
    matrix; with `reset_after=False` one bias does.
    """
    biases = 2 if config.get("reset_after", True) else 1
    return _gates(3, biases if config.get("use_bias", True) else 0, config, shapes)


def _gates(gates: int, biases: int, config: Config, shapes: Sequence[Shape]) -> Formula:
    units = Factor("units", config["units"])
    return Formula(gates * (_size("inputs", shapes[0]) + units + biases) * units)


@formula_for("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
def _conv_lstm(config: Config, shapes: Sequence[Shape]) -> Formula:
    """4 × (kernel × (channels + filters) + 1) × filters: an LSTM whose gates are convolutions."""
    filters, frame = Factor("filters", config["filters"]), _without_axes(shapes[0], 1)
    seen = _kernel(config, len(frame) - 2) * (_channels(config, frame) + filters)
    return Formula(4 * (seen + _one_if(config.get("use_bias", True))) * filters)


@formula_for("RNN")
def _rnn(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The weights of its cell, which sees one step at a time."""
    return _wrapped(config["cell"], [_without_axes(shapes[0], 1)])


@formula_for("StackedRNNCells")
def _stacked_cells(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One cell's formula after another: the units of each are the inputs of the next."""
    inputs: Factor = _size("inputs", shapes[0])
    formulas = []
    for place, cell in enumerate(config["cells"], start=1):
        names = {"inputs": inputs.name}
        one = _wrapped(cell, [(None, inputs.value)])
        formulas.append(one.renamed(lambda old, p=place, n=names: n.get(old, f"{old}_{p}")))
        inputs = Factor(f"units_{place}", _cell_output(cell))
    return _total(formulas)


def _cell_output(cell: Config) -> int:
    config = cell["config"]
    return config["units"] if "units" in config else _cell_output(config["cells"][-1])


# ---- Normalization ---------------------------------------------------------------------------


@formula_for("BatchNormalization")
def _batch_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × channels learned (scale and shift), 2 × channels measured (mean and variance).

    With `renorm`, three more averages are measured.
    """
    channels = _sizes("channels", shapes[0], config.get("axis", -1))
    measured = 5 if config.get("renorm", False) else 2
    return Formula(_scale_and_shift(config, channels), measured * channels)


@formula_for("GroupNormalization")
def _group_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × channels: a scale and a shift for each; the groups share no weights."""
    return Formula(_scale_and_shift(config, _sizes("channels", shapes[0], config.get("axis", -1))))


@formula_for("LayerNormalization")
def _layer_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × features: a scale and a shift for each; the deprecated `rms_scaling` has no shift."""
    features = _sizes("features", shapes[0], config.get("axis", -1))
    if config.get("rms_scaling", False):
        return Formula(features)
    return Formula(_scale_and_shift(config, features))


def _scale_and_shift(config: Config, size: Expression) -> Expression | None:
    wanted = _one_if(config.get("scale", True)) + _one_if(config.get("center", True))
    return wanted * size if wanted else None


@formula_for("RMSNormalization")
def _rms_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One scale for each feature."""
    return Formula(_sizes("features", shapes[0], config.get("axis", -1)))


@formula_for("Normalization")
def _normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × features + 1, none trainable: mean, variance, and a count; nothing if both are given."""
    if config.get("mean") is not None:
        return _NOTHING
    return Formula(None, 2 * _sizes("features", shapes[0], config.get("axis", -1)) + 1)


# ---- Attention -------------------------------------------------------------------------------


@formula_for("Attention")
def _attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One number that scales the scores, one more for the scores of `score_mode="concat"`."""
    weights = _one_if(config.get("use_scale", False))
    weights += _one_if(config.get("score_mode", "dot") == "concat")
    return Formula(Number(weights)) if weights else _NOTHING


@formula_for("AdditiveAttention")
def _additive_attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One scale for each feature of the query."""
    return Formula(_size("features", shapes[0])) if config.get("use_scale", True) else _NOTHING


@formula_for("MultiHeadAttention")
def _multi_head_attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """Four dense layers: query, key and value into the heads, the heads into the output."""
    query, value = shapes[:2]
    heads, key_dim = Factor("heads", config["num_heads"]), Factor("key_dim", config["key_dim"])
    value_dim = Factor("value_dim", config.get("value_dim") or key_dim.value)
    gates = [(_size("query_width", query), heads * value_dim)] if config.get("use_gate") else []
    return _projections(
        config,
        (_size("query_width", query), heads * key_dim),
        (_size("key_width", shapes[2] if len(shapes) > 2 else value), heads * key_dim),
        (_size("value_width", value), heads * value_dim),
        *gates,
        (heads * value_dim, _output_width(config.get("output_shape"), query)),
    )


def _output_width(output: int | Sequence[int] | None, query: Shape) -> Expression:
    sizes = [output] if isinstance(output, int) else output or [query[-1]]
    return _sizes("output_width", [None, *sizes], range(1, len(sizes) + 1))


@formula_for("GroupedQueryAttention", "GroupQueryAttention")
def _grouped_query_attention(config: Config, shapes: Sequence[Shape]) -> Formula:
    """As attention with many heads, but several query heads share one key and value head.

    The class has the first name, in `keras.layers` and in configs it has the second.
    """
    query, value = shapes[:2]
    width, head_dim = _size("query_width", query), Factor("head_dim", config["head_dim"])
    heads = Factor("query_heads", config["num_query_heads"]) * head_dim
    shared = Factor("key_value_heads", config["num_key_value_heads"]) * head_dim
    gates = [(width, heads)] if config.get("use_gate") else []
    return _projections(
        config,
        (width, heads),
        (_size("key_width", shapes[2] if len(shapes) > 2 else value), shared),
        (_size("value_width", value), shared),
        *gates,
        (heads, width),
    )


def _projections(config: Config, *sides: tuple[Expression, Expression]) -> Formula:
    return _total(_matrix({}, rows, columns, _bias(config, columns)) for rows, columns in sides)


# ---- Other layers with weights ---------------------------------------------------------------


@formula_for("PReLU")
def _prelu(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One slope for each input, one for all along a shared axis."""
    shared = config.get("shared_axes") or ()
    axes = list(range(1, len(shapes[0])))
    for axis in [shared] if isinstance(shared, int) else shared:
        axes[axis - 1] = 0
    return Formula(_sizes("inputs", shapes[0], [axis for axis in axes if axis]))


@formula_for("STFTSpectrogram")
def _stft_spectrogram(config: Config, shapes: Sequence[Shape]) -> Formula:
    """2 × frame_length × (fft_length ÷ 2 + 1): a cosine and a sine kernel for each frequency."""
    frame = config.get("frame_length", 256)
    # Keras takes the next power of two that holds a frame.
    fft = Factor("fft_length", config.get("fft_length") or 2 ** (frame - 1).bit_length())
    kernels = 1 if config.get("mode", "log") in ("real", "imag") else 2
    return Formula(kernels * Factor("frame_length", frame) * (fft // 2 + 1))


@formula_for("LayerScale")
def _layer_scale(config: Config, shapes: Sequence[Shape]) -> Formula:
    """One scale for each channel; a layer of the ConvNeXt models in `keras.applications`."""
    return Formula(Factor("channels", config["projection_dim"]))


# ---- Layers around other layers --------------------------------------------------------------


@formula_for("TimeDistributed")
def _time_distributed(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The weights of the layer inside, which does not see the time axis."""
    return _wrapped(config["layer"], [_without_axes(shape, 1) for shape in shapes])


@formula_for("Bidirectional")
def _bidirectional(config: Config, shapes: Sequence[Shape]) -> Formula:
    """Twice the weights of the layer inside, unless the layer backwards is another one."""
    forward = _wrapped(config["layer"], shapes)
    other = config.get("backward_layer")
    backward = _wrapped(other, shapes) if other else forward
    return _two_directions(forward, backward)


def _two_directions(forward: Formula, backward: Formula) -> Formula:
    if forward == backward:
        return forward.times(2)
    return _total((forward.renamed("forward_{}".format), backward.renamed("backward_{}".format)))


@formula_for("SpectralNormalization")
def _spectral_normalization(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The layer inside, and one measured number for each place on the kernel's last axis."""
    layer = config["layer"]
    inside = _wrapped(layer, shapes)
    name = facts(class_of(layer)).kernel_ends_with
    if layer["class_name"] == "EinsumDense":
        name = layer["config"]["equation"].split("->")[0][-1]
    if not name:
        raise UnknownLayer(f"SpectralNormalization finds no kernel in {layer['class_name']}.")
    return _total((inside, Formula(None, inside.expression.factor(name))))


@formula_for("Pipeline")
def _pipeline(config: Config, shapes: Sequence[Shape]) -> Formula:
    """The weights of its layers, as long as the input's shape is still known where they are."""
    formulas: list[Formula] = []
    lost_shape = False
    for place, layer in enumerate(config["layers"], start=1):
        one = _wrapped(layer, shapes)
        if lost_shape and one != _NOTHING:
            raise UnknownLayer("No parameter formula is known for a Pipeline that reshapes first.")
        lost_shape = lost_shape or not facts(class_of(layer)).same_shape
        formulas.append(one.renamed(lambda old, p=place: f"{old}_{p}"))
    return _total(formulas)
