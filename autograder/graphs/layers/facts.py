"""What is known of each layer class of Keras: one row a class.

Whoever asks what kind of layer a call is asks here. A test holds each row against Keras itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

Config = Mapping[str, Any]


@dataclass(frozen=True)
class Layer:
    """What is known of a layer class; what is not said of it is not so.

    Attributes:
        weights: whether it has weights, trainable or not; for some that depends on settings.
        noise: makes other values each time it is called in training, whatever its settings.
        merge: brings several tensors together.
        any_order: the tensors that it merges may come in any order.
        nests: merging a merge is the same as merging all at once.
        weighs: merges by weighing one tensor by another, so that both may come from one place.
        does: what merging does, as the rest of a sentence that begins with the class.
        ends_with_activation: its `activation` is applied to its result, as a layer behind it would.
        recurrent: reads a sequence step by step, and keeps a state.
        pools: makes one number of each window.
        same_shape: what it makes has the shape of what it reads.
        same_rank: … has as many axes as what it reads.
        one_by_one: treats each number alike and by itself, whatever stands beside it.
        last_axis_only: sees the last axis alone, so that TimeDistributed changes nothing.
        weighs_features: has weights of its own for each number along the last axis of all it reads,
            and adds up: in another order they are the same with other weights.
        keeps_features: makes each number along the last axis of the one that stood there, with a
            weight of its own or none: in another order it makes the same in that order.
        even: makes the same of a number and of its negative.
        kernel_ends_with: what its kernel's last axis counts, in the words of its formula.
        mask: which mask it hands on: that of its "first" tensor, that of "any", one of "all"
            where all have, or, with return_sequences, that of the "steps" it reads.
        reads_mask: goes by the mask that what it reads brings.
        minds_training: does something else in training than in use, beside making noise.
        training: what it is called with where nobody says so; None leaves it to Keras.
        later: settings that only newer versions of Keras save, with what older ones compute by
            where the layer itself has none.
        follows: settings that are as another one where nobody says otherwise: which as which.
    """

    weights: bool | Callable[[Config], bool] = False
    noise: bool = False
    merge: bool = False
    any_order: bool = False
    nests: bool = False
    weighs: bool = False
    does: str = ""
    ends_with_activation: bool = False
    recurrent: bool = False
    pools: bool = False
    same_shape: bool = False
    same_rank: bool = False
    one_by_one: bool = False
    last_axis_only: bool = False
    weighs_features: bool = False
    keeps_features: bool = False
    even: bool = False
    kernel_ends_with: str = ""
    mask: str = ""
    reads_mask: bool = False
    minds_training: bool = False
    training: bool | None = False
    later: Config = field(default_factory=dict)
    follows: Mapping[str, str] = field(default_factory=dict)


def _scales_or_shifts(config: Config) -> bool:
    scales = config.get("scale", True) or config.get("rms_scaling", False)
    return bool(scales or config.get("center", True))


def _has_to_measure(config: Config) -> bool:
    return config.get("mean") is None


def _scales_scores(config: Config) -> bool:
    return bool(config.get("use_scale")) or config.get("score_mode") == "concat"


def _scales_scores_by_default(config: Config) -> bool:
    return bool(config.get("use_scale", True))


def _has_weights_inside(config: Config) -> bool:
    return any(owns_weights(class_of(inner), inner["config"]) for inner in layers_inside(config))


def _ranked(name: str, ranks: str, layer: Layer) -> dict[str, Layer]:
    """A row for each number of axes of space: "Conv{}D" with ranks "123"."""
    return {name.format(rank): layer for rank in ranks}


def _rows(names: str, layer: Layer) -> dict[str, Layer]:
    """The same row for several classes."""
    return dict.fromkeys(names.split(), layer)


_NOT_RENORMALIZED = {"renorm": False, "renorm_momentum": 0.99}
_CONVOLUTION = Layer(
    weights=True, weighs_features=True, ends_with_activation=True, kernel_ends_with="filters"
)
_TRANSPOSED = replace(_CONVOLUTION, kernel_ends_with="channels", later={"output_padding": None})
_DEPTHWISE = replace(
    _CONVOLUTION, kernel_ends_with="depth_multiplier", weighs_features=False, keeps_features=True
)
_DROPS = Layer(noise=True, same_shape=True, same_rank=True)
_DISTURBS = replace(_DROPS, training=True)
_DROPS_ALIKE = replace(_DROPS, one_by_one=True, keeps_features=True, mask="first")
_RECOLOURS = Layer(same_shape=True, same_rank=True)
_NORMALIZES = Layer(weights=_scales_or_shifts, same_shape=True, same_rank=True, mask="first")
_BY_FEATURE = replace(_NORMALIZES, keeps_features=True)
_BY_BATCH = replace(
    _BY_FEATURE,
    weights=True,
    reads_mask=True,
    minds_training=True,
    training=None,
    later=_NOT_RENORMALIZED,
)
_ACTIVATES = Layer(same_shape=True, same_rank=True, mask="first")
_RECURRENT = Layer(
    weights=True, weighs_features=True, recurrent=True, mask="steps", reads_mask=True
)
_ATTENDS = Layer(
    weights=True, mask="first", reads_mask=True, training=None, later={"use_gate": False}
)
_MOVES = Layer(keeps_features=True)
_POOLS = Layer(pools=True, keeps_features=True)
_MERGES = Layer(merge=True, any_order=True, nests=True, mask="all")

FACTS: dict[str, Layer] = {
    "Input": Layer(),
    "InputLayer": Layer(),
    "Lambda": Layer(),
    "Weight": Layer(weights=True),
    "Dense": Layer(
        weights=True,
        ends_with_activation=True,
        last_axis_only=True,
        weighs_features=True,
        same_rank=True,
        kernel_ends_with="units",
        mask="first",
    ),
    "EinsumDense": Layer(weights=True, ends_with_activation=True),
    "Embedding": Layer(weights=True, last_axis_only=True, kernel_ends_with="width"),
    "ReversibleEmbedding": Layer(weights=True, kernel_ends_with="width"),
    "LayerScale": Layer(weights=True, same_shape=True, same_rank=True),
    "CustomScaleLayer": Layer(),
    # Convolutions
    **_ranked("Conv{}D", "123", _CONVOLUTION),
    **_ranked("Conv{}DTranspose", "123", _TRANSPOSED),
    **_ranked("DepthwiseConv{}D", "12", _DEPTHWISE),
    **_ranked("SeparableConv{}D", "12", replace(_CONVOLUTION, kernel_ends_with="")),
    # Recurrent layers
    **_rows("LSTM GRU SimpleRNN", _RECURRENT),
    "RNN": replace(_RECURRENT, recurrent=False),
    **_rows("LSTMCell GRUCell SimpleRNNCell StackedRNNCells", Layer(weights=True)),
    **_ranked("ConvLSTM{}D", "123", replace(_RECURRENT, recurrent=False)),
    # Merging
    "Add": replace(_MERGES, does="adds its tensors up, number by number"),
    "Multiply": replace(_MERGES, weighs=True, does="multiplies its tensors, number by number"),
    "Average": replace(
        _MERGES, nests=False, does="takes the mean of its tensors, number by number"
    ),
    "Maximum": replace(_MERGES, does="keeps the larger number at each place"),
    "Minimum": replace(_MERGES, does="keeps the smaller number at each place"),
    "Concatenate": Layer(
        merge=True,
        nests=True,
        same_rank=True,
        mask="any",
        does="puts its tensors side by side, and one axis grows",
    ),
    "Subtract": Layer(
        merge=True, mask="all", does="takes the second tensor from the first, number by number"
    ),
    "Dot": Layer(merge=True, weighs=True, does="multiplies its tensors and adds the products up"),
    # Normalisation
    "BatchNormalization": _BY_BATCH,
    "SyncBatchNormalization": _BY_BATCH,
    "LayerNormalization": _BY_FEATURE,
    "GroupNormalization": _NORMALIZES,
    "RMSNormalization": replace(_NORMALIZES, weights=True, mask=""),
    "Normalization": replace(_NORMALIZES, weights=_has_to_measure),
    "UnitNormalization": replace(_BY_FEATURE, weights=False),
    "SpectralNormalization": Layer(weights=True, minds_training=True),
    # Attention
    "Attention": replace(_ATTENDS, weights=_scales_scores, training=False, later={}),
    "AdditiveAttention": replace(
        _ATTENDS, weights=_scales_scores_by_default, training=False, later={}
    ),
    "MultiHeadAttention": replace(_ATTENDS, weighs_features=True, follows={"value_dim": "key_dim"}),
    **_rows("GroupQueryAttention GroupedQueryAttention", _ATTENDS),
    # Activations
    "Activation": replace(_ACTIVATES, one_by_one=True, keeps_features=True),
    "ELU": replace(_ACTIVATES, later={"alpha": 1.0}),
    **_rows("LeakyReLU ReLU Softmax", _ACTIVATES),
    "PReLU": replace(_ACTIVATES, weights=True),
    # Noise
    **_rows("Dropout AlphaDropout GaussianDropout GaussianNoise", _DROPS_ALIKE),
    **_ranked("SpatialDropout{}D", "123", replace(_DROPS, keeps_features=True, mask="first")),
    "StochasticDepth": _DROPS,
    **_rows(
        """
        AugMix CutMix MixUp RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter
        RandomContrast RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomHue
        RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation
        RandomSharpness RandomShear RandomTranslation RandomZoom
        """,
        _DISTURBS,
    ),
    **_rows("RandomCrop RandomGrayscale", Layer(noise=True, training=True)),
    # Shapes
    **_rows("Permute Reshape", Layer()),
    **_rows("Flatten RepeatVector", _MOVES),
    **_ranked("Cropping{}D", "123", _MOVES),
    **_ranked("UpSampling{}D", "123", _MOVES),
    **_ranked("ZeroPadding{}D", "123", _MOVES),
    # Pooling
    **_ranked("AveragePooling{}D", "123", _POOLS),
    **_ranked("MaxPooling{}D", "123", _POOLS),
    **_ranked("AdaptiveAveragePooling{}D", "123", _POOLS),
    **_ranked("AdaptiveMaxPooling{}D", "123", _POOLS),
    "GlobalAveragePooling1D": replace(_POOLS, reads_mask=True),
    **_ranked("GlobalAveragePooling{}D", "23", _POOLS),
    **_ranked("GlobalMaxPooling{}D", "123", _POOLS),
    # What changes nothing, or little
    **_rows(
        "Identity Masking Rescaling ActivityRegularization",
        replace(_RECOLOURS, keeps_features=True, mask="first"),
    ),
    # Preprocessing
    **_rows(
        "AutoContrast ContrastLimitedAdaptiveHistogramEqualization Equalization Solarization",
        _RECOLOURS,
    ),
    **_rows("CategoryEncoding CenterCrop Discretization HashedCrossing Hashing", Layer()),
    **_rows("IntegerLookup StringLookup", Layer(later={"oov_method": "floormod"})),
    **_rows("MaxNumBoundingBoxes MelSpectrogram TextVectorization", Layer()),
    "Resizing": Layer(later={"antialias": False}),
    "STFTSpectrogram": Layer(weights=True),
    # Layers around layers
    **_rows("TimeDistributed Bidirectional", Layer(weights=_has_weights_inside, training=None)),
    "Pipeline": Layer(weights=_has_weights_inside, training=True),
}

OPERATIONS: dict[str, Layer] = {
    **_rows("Absolute Cos Square", Layer(even=True, keeps_features=True)),
    **_rows("Log Negative Reciprocal Sin Sqrt", Layer(keeps_features=True)),
}
"""What is known of operations of `keras.ops`, beside those that are called as a layer is."""

OWN = "custom "
"""Begins the class of a layer that somebody wrote, which may be called as one of Keras' own is."""

_UNKNOWN = Layer(weights=True, training=None)
_OWN = replace(_UNKNOWN, noise=True, reads_mask=True, minds_training=True)
_LAYERS = ("keras.layers", "keras.src.layers", "keras.src.applications")


@lru_cache(maxsize=1024)  # it is asked of each call of each graph that a search makes
def facts(op: str) -> Layer:
    """What is known of a class; of one that is not known, that it may have weights.

    What somebody wrote may do anything: draw numbers, go by a mask, mind training.
    """
    if is_own(op):
        return _OWN
    return FACTS.get(op) or OPERATIONS.get(op) or _UNKNOWN


def class_of(saved: Config) -> str:
    """The class of a saved layer; one that somebody wrote cannot be taken for Keras' own.

    A Lambda runs somebody's function, whoever wrote its class.
    """
    kind, module = str(saved["class_name"]), str(saved.get("module", "keras"))
    is_of_keras = module.split(".")[0] == "keras" and kind != "Lambda"
    return kind if is_of_keras else f"{OWN}{kind.split('>')[-1]}"


def holds_own(op: str, config: Config) -> bool:
    """Whether a layer, or one among its settings, is of a class that somebody wrote."""
    inner = ((class_of(saved), saved["config"]) for saved in layers_inside(config))
    return is_own(op) or any(holds_own(*each) for each in inner)


def has_no_formula(op: str, config: Config) -> bool:
    """Whether nobody can know how many weights a layer has but by asking it."""
    return op not in FACTS or holds_own(op, config)


def is_own(op: str) -> bool:
    """Whether a class is one that somebody wrote."""
    return op.startswith(OWN)


def owns_weights(op: str, config: Config) -> bool:
    """Whether a layer of this class with these settings has weights of its own."""
    weights = facts(op).weights
    return weights(config) if callable(weights) else weights


def has_weights(op: str, config: Config, module: str) -> bool:
    """Whether a call has weights: operations of `keras.ops`, of whatever name, have none."""
    return (module.startswith(_LAYERS) or is_own(op)) and owns_weights(op, config)


def is_noisy(op: str, config: Config) -> bool:
    """Whether a layer, or one inside it, makes other values each time it is called in training."""
    if facts(op).noise or config.get("dropout") or config.get("recurrent_dropout"):
        return True
    return any(is_noisy(class_of(inner), inner["config"]) for inner in layers_inside(config))


def minds_training(op: str, config: Config) -> bool:
    """Whether a layer does something else in training than in use."""
    return facts(op).minds_training or is_noisy(op, config)


def layers_inside(config: Config) -> list[Mapping[str, Any]]:
    """The layers in a layer's settings, as Keras saves them."""
    found = []
    for value in config.values():
        for item in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(item, Mapping) and isinstance(item.get("config"), Mapping):
                found.append(item)
    return [item for item in found if "class_name" in item]
