"""Every formula against Keras' own counts, for every layer that Keras makes public."""

import inspect
import json
import math
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers as kl
from ready_made import ALL, MODELS, OF_EACH_FAMILY
from sweeps import one_in
from versions import IS_OLDER, built_if_known

from autograder.graphs import Wrappers
from autograder.graphs.layers.expressions import differing
from autograder.graphs.layers.formulas import Formula, UnknownLayer, formula, known_layers

NO_CASE = {
    "Layer": "the base class of all layers",
    "Wrapper": "the base class of layers around a layer",
    "InputSpec": "no layer, but what a layer says of its inputs",
    "FlaxLayer": "its weights are those of a Flax module, which no config tells",
    "JaxLayer": "its weights are those of a JAX function, which no config tells",
    "TFSMLayer": "its weights are in a file, which no config tells",
    "TorchModuleWrapper": "its weights are those of a PyTorch module, which no config tells",
}

# Shapes without the batch axis.
ROW, STEPS, FRAMES, IMAGE, CLIP = (6,), (5, 6), (3, 8, 8, 4), (8, 8, 6), (6, 6, 6, 4)


def one_by_one(layer, inputs):
    layer(*inputs)


def as_a_list(layer, inputs):
    layer(inputs)


def built_by_hand(layer, inputs):
    layer.build(inputs[0].shape)


def already_built(layer, inputs):
    pass


class Case(NamedTuple):
    """How to make a layer, what to call it on, and how."""

    make: Callable[[], kl.Layer]
    shapes: tuple[tuple[int | None, ...], ...]
    dtype: str = "float32"
    batch: int | None = None
    call: Callable[[kl.Layer, list], object] = one_by_one

    def built(self):
        """The layer, built as a model would build it: by a call on symbolic inputs."""
        layer = self.make()
        inputs = [keras.Input(s, batch_size=self.batch, dtype=self.dtype) for s in self.shapes]
        self.call(layer, inputs)
        return layer


def case(make, *shapes, **options):
    return Case(make, shapes, **options)


def simple(name, *shapes, **options):
    return [case(lambda: getattr(kl, name)(**options), *shapes)]


def ranked(name, **options):
    """The same layer for one, two and three axes of space."""
    shapes = {"1D": STEPS, "2D": IMAGE, "3D": CLIP}
    return {name + rank: simple(name + rank, shape, **options) for rank, shape in shapes.items()}


def merging(name, **options):
    return [case(lambda: getattr(kl, name)(**options), ROW, ROW, call=as_a_list)]


def augmenting(name, **options):
    return [case(lambda: getattr(kl, name)(**options), (8, 8, 3))]


def each(name, shape, *choices, **options):
    """The same layer with several choices of options."""
    make = getattr(kl, name)
    return [case(lambda c=c: make(**c), shape, **options) for c in choices]


def convolutions(name, shape, *choices):
    kernel = [2, 3, 4][: len(shape) - 1]
    given = {"filters": 10, "kernel_size": kernel}
    return each(
        name,
        shape,
        given,
        {**given, "kernel_size": 2, "use_bias": False},
        {**given, "trainable": False},
        {**given, "data_format": "channels_first", "padding": "same"},
        *({**given, **choice} for choice in choices),
    )


GROUPS_AND_LORA = (
    {"groups": 2},
    {"lora_rank": 3},
    {"groups": 2, "lora_rank": 3, "use_bias": False},
)


def depthwise(name, shape, **given):
    given["kernel_size"] = 3
    return each(
        name,
        shape,
        given,
        {**given, "depth_multiplier": 4},
        {**given, "depth_multiplier": 4, "use_bias": False},
        {**given, "data_format": "channels_first", "padding": "same"},
    )


def recurrent(name, *choices):
    stateful = each(name, STEPS, {"units": 7, "stateful": True}, batch=2)
    return stateful + each(
        name,
        STEPS,
        {"units": 7},
        {"units": 7, "use_bias": False},
        {"units": 7, "trainable": False},
        {"units": 7, "dropout": 0.5, "recurrent_dropout": 0.5, "return_sequences": True},
        *choices,
    )


def cells(name, *choices):
    always = ({"units": 7}, {"units": 7, "use_bias": False}, {"units": 7, "dropout": 0.5})
    return each(name, ROW, *always, *choices, call=built_by_hand)


def stacked(*cells):
    return case(lambda: kl.StackedRNNCells([cell() for cell in cells]), ROW, call=built_by_hand)


def conv_lstm(name, shape):
    given = {"filters": 5, "kernel_size": [2, 3, 2][: len(shape) - 2]}
    return each(
        name,
        shape,
        given,
        {**given, "kernel_size": 2, "use_bias": False},
        {**given, "data_format": "channels_first", "padding": "same"},
    )


def normalizing(name, *choices, **given):
    return each(
        name,
        IMAGE,
        given,
        {**given, "axis": 1},
        {**given, "center": False},
        {**given, "scale": False},
        {**given, "center": False, "scale": False},
        {**given, "trainable": False},
        *choices,
    )


def lookup(name, words, dtype):
    weighted = {"vocabulary": words, "idf_weights": [1.0, 2.0], "output_mode": "tf_idf"}
    return each(name, (1,), {"vocabulary": words}, weighted, dtype=dtype)


CASES = {
    # Dense layers and embeddings
    "Dense": [
        case(lambda: kl.Dense(7), ROW),
        case(lambda: kl.Dense(7, use_bias=False), ROW),
        case(lambda: kl.Dense(7), IMAGE),
        case(lambda: kl.Dense(7, trainable=False), ROW),
        case(lambda: kl.Dense(7, lora_rank=2), ROW),
        case(lambda: kl.Dense(7, lora_rank=2, use_bias=False), ROW),
    ],
    "EinsumDense": [
        case(lambda: kl.EinsumDense("ab,bc->ac", 7), ROW),
        case(lambda: kl.EinsumDense("ab,bc->ac", 7, bias_axes="c"), ROW),
        case(lambda: kl.EinsumDense("abc,cd->abd", (None, 7), bias_axes="d"), STEPS),
        case(lambda: kl.EinsumDense("abc,cd->abd", (5, 7), bias_axes="bd"), STEPS),
        case(lambda: kl.EinsumDense("abc,bd->adc", (7, 6), bias_axes="d"), STEPS),
        case(lambda: kl.EinsumDense("...x,xy->...y", 7, bias_axes="y"), IMAGE),
        case(lambda: kl.EinsumDense("...x,xy->...y", 7, bias_axes="y"), ROW),
        case(lambda: kl.EinsumDense("...ax,xy->...ay", 7, bias_axes="y"), ROW),
        case(lambda: kl.EinsumDense("...bc,cde->...bde", (5, 2, 7), bias_axes="de"), STEPS),
        case(lambda: kl.EinsumDense("ab...,bc->ac...", 7, bias_axes="c"), STEPS),
        case(lambda: kl.EinsumDense("abc,cde->abde", (None, 2, 7), bias_axes="de"), STEPS),
        case(lambda: kl.EinsumDense("abcd,cde->abe", (None, 7), bias_axes="e"), (5, 3, 4)),
        case(lambda: kl.EinsumDense("abc,cde->abde", (5, 2, 7), lora_rank=3), STEPS),
    ],
    "Embedding": [
        case(lambda: kl.Embedding(11, 7), (5,), dtype="int32"),
        case(lambda: kl.Embedding(11, 7, mask_zero=True, trainable=False), (5,), dtype="int32"),
        case(lambda: kl.Embedding(11, 7, lora_rank=2), (5,), dtype="int32"),
    ],
    "ReversibleEmbedding": [
        case(lambda: kl.ReversibleEmbedding(11, 7), (5,), dtype="int32"),
        case(lambda: kl.ReversibleEmbedding(11, 7, tie_weights=False), (5,), dtype="int32"),
        case(lambda: kl.ReversibleEmbedding(11, 7, lora_rank=2), (5,), dtype="int32"),
    ],
    # Convolutions
    "Conv1D": convolutions("Conv1D", STEPS, *GROUPS_AND_LORA),
    "Conv2D": convolutions("Conv2D", IMAGE, *GROUPS_AND_LORA),
    "Conv3D": convolutions("Conv3D", CLIP, *GROUPS_AND_LORA),
    "Conv1DTranspose": convolutions("Conv1DTranspose", STEPS),
    "Conv2DTranspose": convolutions("Conv2DTranspose", IMAGE),
    "Conv3DTranspose": convolutions("Conv3DTranspose", CLIP),
    "DepthwiseConv1D": depthwise("DepthwiseConv1D", STEPS),
    "DepthwiseConv2D": depthwise("DepthwiseConv2D", IMAGE),
    "SeparableConv1D": depthwise("SeparableConv1D", STEPS, filters=7),
    "SeparableConv2D": depthwise("SeparableConv2D", IMAGE, filters=7),
    # Recurrent layers
    "SimpleRNN": recurrent("SimpleRNN"),
    "LSTM": recurrent("LSTM"),
    "GRU": recurrent(
        "GRU",
        {"units": 7, "reset_after": False},
        {"units": 7, "reset_after": False, "use_bias": False},
    ),
    "SimpleRNNCell": cells("SimpleRNNCell"),
    "LSTMCell": cells("LSTMCell"),
    "GRUCell": cells("GRUCell", {"units": 7, "reset_after": False}),
    "StackedRNNCells": [
        stacked(lambda: kl.LSTMCell(7)),
        stacked(lambda: kl.LSTMCell(7), lambda: kl.GRUCell(9)),
        stacked(lambda: kl.LSTMCell(7), lambda: kl.LSTMCell(7)),
        stacked(lambda: kl.GRUCell(7, trainable=False), lambda: kl.SimpleRNNCell(9)),
        stacked(lambda: kl.StackedRNNCells([kl.GRUCell(2), kl.GRUCell(3)]), lambda: kl.GRUCell(4)),
    ],
    "RNN": [
        case(lambda: kl.RNN(kl.LSTMCell(7)), STEPS),
        case(lambda: kl.RNN(kl.GRUCell(7, trainable=False)), STEPS),
        case(lambda: kl.RNN([kl.LSTMCell(7), kl.GRUCell(9), kl.SimpleRNNCell(3)]), STEPS),
    ],
    "ConvLSTM1D": conv_lstm("ConvLSTM1D", (3, 8, 4)),
    "ConvLSTM2D": conv_lstm("ConvLSTM2D", FRAMES),
    "ConvLSTM3D": conv_lstm("ConvLSTM3D", (3, 6, 6, 6, 4)),
    # Normalization
    "BatchNormalization": normalizing("BatchNormalization", {"renorm": True}),
    "GroupNormalization": normalizing("GroupNormalization", {"groups": -1}, groups=2),
    "LayerNormalization": normalizing(
        "LayerNormalization", {"axis": [1, -1]}, {"axis": [-1]}, {"rms_scaling": True}
    ),
    "RMSNormalization": [
        case(lambda: kl.RMSNormalization(), STEPS),
        case(lambda: kl.RMSNormalization(axis=[1, 2]), IMAGE),
    ],
    "Normalization": [
        case(lambda: kl.Normalization(), ROW),
        case(lambda: kl.Normalization(axis=None), ROW),
        case(lambda: kl.Normalization(axis=(1, -1)), IMAGE),
        case(lambda: kl.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0]), (8, 8, 3)),
        case(lambda: kl.Normalization(axis=None, mean=0.0, variance=1.0), ROW),
    ],
    "SpectralNormalization": [
        case(lambda: kl.SpectralNormalization(kl.Dense(7)), ROW),
        case(lambda: kl.SpectralNormalization(kl.Dense(7, trainable=False)), ROW),
        case(lambda: kl.SpectralNormalization(kl.Dense(7), trainable=False), ROW),
        case(lambda: kl.SpectralNormalization(kl.Conv2D(7, 3, use_bias=False)), IMAGE),
        case(lambda: kl.SpectralNormalization(kl.Conv2DTranspose(7, 3)), IMAGE),
        case(lambda: kl.SpectralNormalization(kl.DepthwiseConv2D(3, depth_multiplier=2)), IMAGE),
        case(lambda: kl.SpectralNormalization(kl.EinsumDense("abc,cd->abd", (5, 7))), STEPS),
        case(lambda: kl.SpectralNormalization(kl.Embedding(11, 7)), (5,), dtype="int32"),
    ],
    "UnitNormalization": simple("UnitNormalization", ROW),
    # Attention
    "Attention": [
        case(lambda: kl.Attention(), STEPS, STEPS, call=as_a_list),
        case(lambda: kl.Attention(use_scale=True), STEPS, STEPS, call=as_a_list),
        case(lambda: kl.Attention(score_mode="concat"), STEPS, STEPS, STEPS, call=as_a_list),
        case(
            lambda: kl.Attention(use_scale=True, score_mode="concat", dropout=0.5),
            STEPS,
            STEPS,
            call=as_a_list,
        ),
    ],
    "AdditiveAttention": [
        case(lambda: kl.AdditiveAttention(), STEPS, STEPS, call=as_a_list),
        case(lambda: kl.AdditiveAttention(use_scale=False), STEPS, STEPS, call=as_a_list),
    ],
    "MultiHeadAttention": [
        case(lambda: kl.MultiHeadAttention(2, 7), STEPS, STEPS),
        case(lambda: kl.MultiHeadAttention(2, 7), STEPS, (4, 9)),
        case(lambda: kl.MultiHeadAttention(2, 7, value_dim=3), STEPS, (4, 9), (4, 8)),
        case(lambda: kl.MultiHeadAttention(2, 7, use_bias=False, dropout=0.5), STEPS, STEPS),
        case(lambda: kl.MultiHeadAttention(2, 7, output_shape=11), STEPS, STEPS),
        case(lambda: kl.MultiHeadAttention(2, 7, output_shape=(11, 3)), STEPS, STEPS),
        case(lambda: kl.MultiHeadAttention(2, 7, value_dim=3, use_gate=True), STEPS, (4, 9)),
        case(lambda: kl.MultiHeadAttention(2, 7, attention_axes=(1, 2)), IMAGE, IMAGE),
        case(lambda: kl.MultiHeadAttention(2, 7, trainable=False), STEPS, STEPS),
    ],
    "GroupedQueryAttention": [
        case(lambda: kl.GroupQueryAttention(7, 4, 2), STEPS, STEPS),
        case(lambda: kl.GroupQueryAttention(7, 4, 2), STEPS, (4, 6), (4, 8)),
        case(lambda: kl.GroupQueryAttention(7, 4, 1, use_bias=False), STEPS, STEPS),
        case(lambda: kl.GroupQueryAttention(7, 4, 4, use_gate=True), STEPS, (4, 6)),
    ],
    # Layers around other layers
    "TimeDistributed": [
        case(lambda: kl.TimeDistributed(kl.Dense(7)), STEPS),
        case(lambda: kl.TimeDistributed(kl.Dense(7), trainable=False), STEPS),
        case(lambda: kl.TimeDistributed(kl.BatchNormalization(trainable=False)), STEPS),
        case(lambda: kl.TimeDistributed(kl.Conv2D(7, 3)), FRAMES),
        case(lambda: kl.TimeDistributed(kl.PReLU()), FRAMES),
        case(lambda: kl.TimeDistributed(kl.TimeDistributed(kl.LSTM(7))), (2, 3, 5, 6)),
        case(lambda: kl.TimeDistributed(kl.Flatten()), FRAMES),
    ],
    "Bidirectional": [
        case(lambda: kl.Bidirectional(kl.LSTM(7)), STEPS),
        case(lambda: kl.Bidirectional(kl.LSTM(7, trainable=False)), STEPS),
        case(lambda: kl.Bidirectional(kl.GRU(7, reset_after=False), merge_mode=None), STEPS),
        case(lambda: kl.Bidirectional(kl.RNN([kl.LSTMCell(7), kl.LSTMCell(4)])), STEPS),
        case(
            lambda: kl.Bidirectional(
                kl.LSTM(7),
                backward_layer=kl.GRU(4, go_backwards=True, trainable=False),
                merge_mode=None,
            ),
            STEPS,
        ),
    ],
    "Pipeline": [
        case(lambda: kl.Pipeline([kl.RandomFlip(), kl.Rescaling(2.0)]), (8, 8, 3)),
        case(
            lambda: kl.Pipeline([kl.Rescaling(2.0), kl.Normalization(), kl.BatchNormalization()]),
            (8, 8, 3),
        ),
    ],
    # Other layers with weights
    "PReLU": [
        case(lambda: kl.PReLU(), ROW),
        case(lambda: kl.PReLU(), IMAGE),
        case(lambda: kl.PReLU(shared_axes=[1, 2]), IMAGE),
        case(lambda: kl.PReLU(shared_axes=1), ROW),
        case(lambda: kl.PReLU(shared_axes=[-1]), IMAGE),
    ],
    "STFTSpectrogram": [
        case(lambda: kl.STFTSpectrogram(), (400, 1)),
        case(lambda: kl.STFTSpectrogram(frame_length=100), (400, 1)),
        case(lambda: kl.STFTSpectrogram(mode="real", fft_length=512), (400, 1)),
        case(lambda: kl.STFTSpectrogram(mode="imag", trainable=False), (400, 1)),
        case(lambda: kl.STFTSpectrogram(mode="stft", frame_length=1, frame_step=1), (40, 1)),
    ],
    # Layers without weights
    "Activation": simple("Activation", ROW, activation="relu"),
    "ELU": simple("ELU", ROW),
    "LeakyReLU": simple("LeakyReLU", ROW),
    "ReLU": simple("ReLU", ROW),
    "Softmax": simple("Softmax", ROW),
    "Identity": simple("Identity", ROW),
    "InputLayer": [case(lambda: kl.InputLayer(shape=(3,)), call=already_built)],
    "Lambda": [case(lambda: kl.Lambda(keras.ops.relu), ROW)],
    "Masking": simple("Masking", STEPS),
    "ActivityRegularization": simple("ActivityRegularization", ROW, l2=0.1),
    "AlphaDropout": simple("AlphaDropout", ROW, rate=0.5),
    "Dropout": simple("Dropout", ROW, rate=0.5),
    "GaussianDropout": simple("GaussianDropout", ROW, rate=0.5),
    "GaussianNoise": simple("GaussianNoise", ROW, stddev=0.5),
    **ranked("SpatialDropout", rate=0.5),
    "Add": merging("Add"),
    "Average": merging("Average"),
    "Concatenate": merging("Concatenate"),
    "Dot": merging("Dot", axes=1),
    "Maximum": merging("Maximum"),
    "Minimum": merging("Minimum"),
    "Multiply": merging("Multiply"),
    "Subtract": merging("Subtract"),
    "Flatten": simple("Flatten", IMAGE),
    "Permute": simple("Permute", STEPS, dims=(2, 1)),
    "RepeatVector": simple("RepeatVector", ROW, n=3),
    "Reshape": simple("Reshape", ROW, target_shape=(2, 3)),
    **ranked("Cropping"),
    **ranked("UpSampling"),
    **ranked("ZeroPadding"),
    **ranked("AveragePooling", pool_size=2),
    **ranked("MaxPooling"),
    **ranked("AdaptiveAveragePooling", output_size=2),
    **ranked("AdaptiveMaxPooling", output_size=2),
    **ranked("GlobalAveragePooling"),
    **ranked("GlobalMaxPooling"),
    "CategoryEncoding": [case(lambda: kl.CategoryEncoding(num_tokens=4), (3,), dtype="int32")],
    "Discretization": simple("Discretization", ROW, bin_boundaries=[0.0, 1.0]),
    "HashedCrossing": [
        case(lambda: kl.HashedCrossing(5), (1,), (1,), dtype="int32", call=as_a_list)
    ],
    "Hashing": [case(lambda: kl.Hashing(5), (3,), dtype="int32")],
    "IntegerLookup": lookup("IntegerLookup", [3, 4], "int64"),
    "StringLookup": lookup("StringLookup", ["a", "b"], "string"),
    "TextVectorization": lookup("TextVectorization", ["a", "b"], "string"),
    "MelSpectrogram": simple("MelSpectrogram", (4000,)),
    "CenterCrop": augmenting("CenterCrop", height=4, width=4),
    "MaxNumBoundingBoxes": [case(lambda: kl.MaxNumBoundingBoxes(4), IMAGE, call=built_by_hand)],
    "Rescaling": augmenting("Rescaling", scale=2.0),
    "Resizing": augmenting("Resizing", height=4, width=4),
    "AugMix": augmenting("AugMix"),
    "AutoContrast": augmenting("AutoContrast"),
    "ContrastLimitedAdaptiveHistogramEqualization": augmenting(
        "ContrastLimitedAdaptiveHistogramEqualization"
    ),
    "CutMix": augmenting("CutMix"),
    "Equalization": augmenting("Equalization"),
    "MixUp": augmenting("MixUp"),
    "RandAugment": augmenting("RandAugment"),
    "RandomBrightness": augmenting("RandomBrightness", factor=0.1),
    "RandomColorDegeneration": augmenting("RandomColorDegeneration", factor=0.1),
    "RandomColorJitter": augmenting("RandomColorJitter"),
    "RandomContrast": augmenting("RandomContrast", factor=0.1),
    "RandomCrop": augmenting("RandomCrop", height=4, width=4),
    "RandomElasticTransform": augmenting("RandomElasticTransform"),
    "RandomErasing": augmenting("RandomErasing"),
    "RandomFlip": augmenting("RandomFlip"),
    "RandomGaussianBlur": augmenting("RandomGaussianBlur"),
    "RandomGrayscale": augmenting("RandomGrayscale"),
    "RandomHue": augmenting("RandomHue", factor=0.1),
    "RandomInvert": augmenting("RandomInvert"),
    "RandomPerspective": augmenting("RandomPerspective"),
    "RandomPosterization": augmenting("RandomPosterization", factor=4),
    "RandomRotation": augmenting("RandomRotation", factor=0.1),
    "RandomSaturation": augmenting("RandomSaturation", factor=0.1),
    "RandomSharpness": augmenting("RandomSharpness", factor=0.1),
    "RandomShear": augmenting("RandomShear"),
    "RandomTranslation": augmenting("RandomTranslation", height_factor=0.1, width_factor=0.1),
    "RandomZoom": augmenting("RandomZoom", height_factor=0.1),
    "Solarization": augmenting("Solarization"),
}


def serialized(layer):
    return json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))


def config_of(layer):
    return serialized(layer)["config"]


def shapes_of(layer):
    """The shapes in the layer's build config, as JSON data, always as a list of shapes."""
    build_config = json.loads(json.dumps(layer.get_build_config() or {}))
    shape = build_config.get("input_shape")
    if shape is None:
        return list(build_config.get("shapes_dict", {}).values())
    return shape if shape and isinstance(shape[0], list) else [shape]


def size_of(weights):
    return sum(math.prod(weight.shape) for weight in weights)


def assert_counts_as_keras(layer, found: Formula | None):
    found = found or Formula()
    assert found.count == layer.count_params()
    assert found.trainable_count == size_of(layer.trainable_weights)
    assert found.non_trainable_count == size_of(layer.non_trainable_weights)
    names = [name for name, _ in found.expression.factors()]
    assert len(names) == len(set(names)), "one name for two sizes"


def without_defaults(layer_class, config):
    """The config without the keys that hold what the class would take without them."""
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(layer_class.__init__).parameters.items()
    }
    defaults.update(trainable=True, data_format="channels_last", lora_rank=None)
    return {
        key: value for key, value in config.items() if key not in defaults or value != defaults[key]
    }


EACH_CASE = [
    pytest.param(name, one, id=f"{name}-{place}")
    for name, several in CASES.items()
    for place, one in enumerate(several)
]


def test_every_public_layer_has_a_case():
    public = {c.__name__ for c in vars(kl).values() if inspect.isclass(c)}
    assert not set(CASES) & set(NO_CASE)
    have_one = set(CASES) | set(NO_CASE)
    assert public <= have_one
    assert IS_OLDER or public == have_one


def test_no_formula_is_for_a_layer_that_does_not_exist():
    names_in_configs = {"GroupQueryAttention", "Input"}
    of_published_models = {"CustomScaleLayer", "LayerScale", "StochasticDepth"}
    assert known_layers() - set(CASES) == names_in_configs | of_published_models


@pytest.mark.filterwarnings("ignore:You passed `rms_scaling=True`")
@pytest.mark.parametrize("name, one", EACH_CASE)
def test_formula_counts_as_keras(name, one):
    layer = built_if_known(one.built)
    config, built_on = config_of(layer), shapes_of(layer)
    assert type(layer).__name__ == name

    found = formula(name, config, built_on)

    assert_counts_as_keras(layer, found)
    assert (found is None) == (layer.weights == [])
    assert formula(name, without_defaults(type(layer), config), built_on) == found
    assert formula(serialized(layer)["class_name"], config, built_on) == found


@pytest.mark.parametrize("name", NO_CASE)
def test_a_layer_without_a_formula_is_refused_in_one_line(name):
    with pytest.raises(UnknownLayer, match=name) as refused:
        formula(name, {}, [(None, 4)])
    assert "\n" not in str(refused.value)


# ---- How formulas read -------------------------------------------------------------------------

READS = [
    ("Dense", {"units": 32}, [(None, 64)], "(inputs + 1) × units", "(64 + 1) × 32"),
    ("Dense", {"units": 3, "use_bias": False}, [(None, 6)], "inputs × units", "6 × 3"),
    (
        "LSTM",
        {"units": 3},
        [(None, 9, 6)],
        "4 × (inputs + units + 1) × units",
        "4 × (6 + 3 + 1) × 3",
    ),
    (
        "GRU",
        {"units": 3},
        [(None, 9, 6)],
        "3 × (inputs + units + 2) × units",
        "3 × (6 + 3 + 2) × 3",
    ),
    ("SimpleRNN", {"units": 3}, [(None, 9, 6)], "(inputs + units + 1) × units", "(6 + 3 + 1) × 3"),
    (
        "Embedding",
        {"input_dim": 100, "output_dim": 8},
        [(None, 9)],
        "vocabulary × width",
        "100 × 8",
    ),
    (
        "Conv1D",
        {"filters": 8, "kernel_size": [3]},
        [(None, 9, 6)],
        "(kernel_length × channels + 1) × filters",
        "(3 × 6 + 1) × 8",
    ),
    (
        "Conv2D",
        {"filters": 8, "kernel_size": [3, 5], "groups": 2},
        [(None, 9, 9, 6)],
        "(kernel_height × kernel_width × (channels ÷ groups) + 1) × filters",
        "(3 × 5 × (6 ÷ 2) + 1) × 8",
    ),
    (
        "Conv3DTranspose",
        {"filters": 8, "kernel_size": 2},
        [(None, 9, 9, 9, 6)],
        "(kernel_depth × kernel_height × kernel_width × channels + 1) × filters",
        "(2 × 2 × 2 × 6 + 1) × 8",
    ),
    (
        "SeparableConv2D",
        {"filters": 8, "kernel_size": [3, 3]},
        [(None, 9, 9, 6)],
        "kernel_height × kernel_width × channels × depth_multiplier"
        " + (channels × depth_multiplier + 1) × filters",
        "3 × 3 × 6 × 1 + (6 × 1 + 1) × 8",
    ),
    (
        "ConvLSTM2D",
        {"filters": 8, "kernel_size": [3, 3]},
        [(None, 4, 9, 9, 6)],
        "4 × (kernel_height × kernel_width × (channels + filters) + 1) × filters",
        "4 × (3 × 3 × (6 + 8) + 1) × 8",
    ),
    (
        "BatchNormalization",
        {},
        [(None, 9, 9, 6)],
        "2 × channels + 2 × channels",
        "2 × 6 + 2 × 6",
    ),
    ("LayerNormalization", {}, [(None, 9, 6)], "2 × features", "2 × 6"),
    ("Normalization", {}, [(None, 6)], "2 × features + 1", "2 × 6 + 1"),
    ("PReLU", {}, [(None, 9, 6)], "axis_1 × axis_2", "9 × 6"),
    (
        "EinsumDense",
        {"equation": "ab,bc->ac", "output_shape": [3], "bias_axes": "c"},
        [(None, 6)],
        "(b + 1) × c",
        "(6 + 1) × 3",
    ),
    (
        "MultiHeadAttention",
        {"num_heads": 2, "key_dim": 5},
        [(None, 9, 6), (None, 7, 8)],
        "(query_width + 1) × heads × key_dim + (key_width + 1) × heads × key_dim"
        " + (value_width + 1) × heads × value_dim + (heads × value_dim + 1) × output_width",
        "(6 + 1) × 2 × 5 + (8 + 1) × 2 × 5 + (8 + 1) × 2 × 5 + (2 × 5 + 1) × 6",
    ),
    (
        "StackedRNNCells",
        {
            "cells": [
                {"class_name": "SimpleRNNCell", "config": {"units": 3}},
                {"class_name": "LSTMCell", "config": {"units": 5}},
            ]
        },
        [(None, 6)],
        "(inputs + units_1 + 1) × units_1 + 4 × (units_1 + units_2 + 1) × units_2",
        "(6 + 3 + 1) × 3 + 4 × (3 + 5 + 1) × 5",
    ),
]


@pytest.mark.parametrize("op, config, shapes, symbols, numbers", READS)
def test_formula_reads_as_in_a_textbook(op, config, shapes, symbols, numbers):
    found = formula(op, config, shapes)
    assert found.symbols() == symbols
    assert found.numbers() == numbers


def test_two_formulas_of_one_form_are_compared_factor_by_factor():
    right = formula("LSTM", {"units": 32}, [(None, 9, 64)])
    wrong = formula("LSTM", {"units": 32}, [(None, 9, 100)])
    names = differing(right.expression, wrong.expression)
    assert names == ["inputs"]
    assert wrong.numbers(mark=names) == "4 × ([100] + 32 + 1) × 32"


# ---- Wrappers that a graph has flattened -------------------------------------------------------

FLATTENED = [
    (
        "LSTM",
        {"units": 3},
        Wrappers(bidirectional="concat"),
        kl.Bidirectional,
        lambda: kl.LSTM(3),
        STEPS,
    ),
    (
        "GRU",
        {"units": 3},
        Wrappers(bidirectional="none"),
        lambda layer: kl.Bidirectional(layer, merge_mode=None),
        lambda: kl.GRU(3),
        STEPS,
    ),
    (
        "LSTM",
        {"units": 3},
        Wrappers(1, "none", {"op": "GRU", "config": {"units": 4, "use_bias": False}}),
        lambda layer: kl.TimeDistributed(
            kl.Bidirectional(
                layer,
                backward_layer=kl.GRU(4, use_bias=False, go_backwards=True, return_sequences=True),
            )
        ),
        lambda: kl.LSTM(3, return_sequences=True),
        (2, 5, 6),
    ),
    (
        "Conv2D",
        {"filters": 3, "kernel_size": [2, 3]},
        Wrappers(1),
        kl.TimeDistributed,
        lambda: kl.Conv2D(3, (2, 3)),
        FRAMES,
    ),
    (
        "PReLU",
        {},
        Wrappers(2),
        lambda layer: kl.TimeDistributed(kl.TimeDistributed(layer)),
        lambda: kl.PReLU(),
        FRAMES,
    ),
    (
        "LSTM",
        {"units": 3, "trainable": False},
        Wrappers(1, "sum"),
        lambda layer: kl.TimeDistributed(kl.Bidirectional(layer, merge_mode="sum")),
        lambda: kl.LSTM(3, trainable=False),
        (2, 5, 6),
    ),
]


@pytest.mark.parametrize("op, config, wrappers, wrap, make, shape", FLATTENED)
def test_a_flattened_wrapper_counts_as_the_wrapper_does(op, config, wrappers, wrap, make, shape):
    layer = case(lambda: wrap(make()), shape).built()
    assert_counts_as_keras(layer, formula(op, config, [(None, *shape)], wrappers))


def test_two_directions_are_two_copies():
    both = formula("LSTM", {"units": 3}, [(None, 9, 6)], Wrappers(bidirectional="concat"))
    assert both.symbols() == "2 × 4 × (inputs + units + 1) × units"


def test_directions_of_their_own_have_names_of_their_own():
    layer = kl.Bidirectional(kl.LSTM(3), backward_layer=kl.LSTM(4, go_backwards=True))
    found = formula("Bidirectional", config_of(layer), [(None, 9, 6)])
    assert ("forward_units", 3) in found.expression.factors()
    assert ("backward_units", 4) in found.expression.factors()


# ---- What is refused ---------------------------------------------------------------------------


def test_a_quantized_layer_is_refused_rather_than_counted_wrong():
    for dtype in ("int8_from_float32", "float8_from_float32"):
        layer = kl.Dense(3, dtype=dtype)
        with pytest.raises(UnknownLayer, match="quantized Dense"):
            formula("Dense", config_of(layer), [(None, 4)])
    assert formula("Dropout", config_of(kl.Dropout(0.5, dtype=dtype)), [(None, 4)]) is None


def test_a_pipeline_that_reshapes_before_its_weights_is_refused():
    layer = kl.Pipeline([kl.Resizing(4, 4), kl.Normalization(axis=1)])
    with pytest.raises(UnknownLayer, match="reshapes first"):
        formula("Pipeline", config_of(layer), [(None, 8, 8, 3)])


def test_spectral_normalization_needs_a_kernel():
    inside = {"class_name": "LSTM", "config": {"units": 3}}
    with pytest.raises(UnknownLayer, match="no kernel in LSTM"):
        formula("SpectralNormalization", {"layer": inside}, [(None, 5, 4)])


@pytest.mark.parametrize(
    "op, config, shapes",
    [
        ("Dense", {}, [(None, 4)]),
        ("Dense", {"units": "3"}, [(None, 4)]),
        ("Dense", {"units": 3}, []),
        ("Dense", {"units": 3}, [(None, None)]),
        ("Conv2D", {"filters": 4, "kernel_size": [3, 3], "groups": 0}, [(None, 8, 8, 4)]),
        ("TimeDistributed", {"layer": "Dense"}, [(None, 4, 5)]),
        ("EinsumDense", {"equation": "abc", "output_shape": 3}, [(None, 4)]),
    ],
)
def test_a_config_that_makes_no_sense_is_refused_in_one_line(op, config, shapes):
    with pytest.raises(UnknownLayer) as refused:
        formula(op, config, shapes)
    assert "\n" not in str(refused.value)


def test_a_config_nested_without_end_is_refused():
    layer = {"class_name": "Dense", "config": {"units": 3}}
    for _ in range(sys.getrecursionlimit()):
        layer = {"class_name": "TimeDistributed", "config": {"layer": layer}}
    with pytest.raises(UnknownLayer, match="cannot be read"):
        formula("TimeDistributed", layer["config"], [(None, 4, 5)])


def test_formulas_need_no_keras():
    program = (
        "import sys, autograder.graphs.layers.formulas;"
        "sys.exit(len({'keras', 'tensorflow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# ---- Any sizes ---------------------------------------------------------------------------------

size = st.integers(1, 12)
some = settings(max_examples=25, deadline=None)


def assert_formula_of(layer, *shapes):
    layer.build(*shapes)
    found = formula(type(layer).__name__, config_of(layer), shapes_of(layer))
    assert_counts_as_keras(layer, found)


@some
@given(size, size, st.booleans())
def test_dense_of_any_size(inputs, units, use_bias):
    assert_formula_of(kl.Dense(units, use_bias=use_bias), (None, inputs))


@some
@given(st.sampled_from([kl.SimpleRNN, kl.LSTM]), size, size, st.booleans())
def test_recurrent_layers_of_any_size(layer, inputs, units, use_bias):
    assert_formula_of(layer(units, use_bias=use_bias), (None, 3, inputs))


@some
@given(size, size, st.booleans(), st.booleans())
def test_gru_of_any_size(inputs, units, use_bias, reset_after):
    layer = kl.GRU(units, use_bias=use_bias, reset_after=reset_after)
    assert_formula_of(kl.Bidirectional(layer), (None, 3, inputs))


@some
@given(size, size)
def test_embedding_of_any_size(vocabulary, width):
    assert_formula_of(kl.Embedding(vocabulary, width), (None, 3))


@some
@given(st.tuples(size, size), size, size, size, st.booleans())
def test_convolution_of_any_size(kernel, groups, channels, filters, use_bias):
    layer = kl.Conv2D(filters * groups, kernel, groups=groups, use_bias=use_bias)
    assert_formula_of(layer, (None, 20, 20, channels * groups))


@some
@given(size, size, size, st.booleans())
def test_separable_convolution_of_any_size(channels, filters, multiplier, use_bias):
    layer = kl.SeparableConv1D(filters, 3, depth_multiplier=multiplier, use_bias=use_bias)
    assert_formula_of(layer, (None, 20, channels))


@some
@given(size, size, st.none() | size, st.none() | size, st.booleans(), size, size)
def test_attention_of_any_size(heads, key_dim, value_dim, output, use_bias, query, value):
    layer = kl.MultiHeadAttention(
        heads, key_dim, value_dim=value_dim, output_shape=output, use_bias=use_bias
    )
    assert_formula_of(layer, (None, 4, query), (None, 5, value))


@some
@given(
    st.lists(st.tuples(st.sampled_from([kl.LSTMCell, kl.GRUCell]), size), min_size=1, max_size=4),
    size,
)
def test_stacked_cells_of_any_size(stack, inputs):
    assert_formula_of(kl.RNN([cell(units) for cell, units in stack]), (None, 4, inputs))


# ---- Whole models ------------------------------------------------------------------------------


def weightless(name):
    """The model without memory for its weights.

    Keras remembers uninitialized variables for each thread and fills them at the next ordinary
    build; a thread of its own takes them with it when it ends.
    """

    def build():
        with keras.StatelessScope(initialize_variables=False):
            return getattr(keras.applications, name)(weights=None)

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(build).result()


def leaves(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from leaves(layer)
        else:
            yield layer


def test_there_are_models_to_count():
    assert OF_EACH_FAMILY | {"NASNetLarge"} <= set(ALL)


@pytest.mark.slow
@one_in(4)
@pytest.mark.parametrize("name", MODELS)
def test_every_layer_of_a_published_model(name):
    model = weightless(name)
    total = 0
    for layer in leaves(model):
        found = formula(type(layer).__name__, config_of(layer), shapes_of(layer))
        assert_counts_as_keras(layer, found)
        total += found.count if found else 0
    assert total == model.count_params()
