"""Activations: their names, and the layers and operations that are the same."""

from __future__ import annotations

from autograder.graphs.layers.meaning import Config

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

SAME_ACTIVATION = {"swish": "silu", "hard_swish": "hard_silu"}
OF_TENSORFLOW = {
    "elu": "elu",
    "exp": "exponential",
    "leaky_relu": "leaky_relu",
    "log_softmax": "log_softmax",
    "log_softmax_v2": "log_softmax",
    "relu": "relu",
    "relu6": "relu6",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
    "softmax_v2": "softmax",
    "softplus": "softplus",
    "softsign": "softsign",
    "swish": "silu",
    "tanh": "tanh",
}
"""Functions of `tf.nn` and `tf.math`, by the names that they have inside, as activations."""

_LAYERS = {"LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}

NOT_FEATURE_BY_FEATURE = frozenset({"glu"})
"""Activations that make another thing of features in another order.

A softmax looks at all features, too, but makes the same of each wherever it stands.
"""


def as_activation(op: str, config: Config) -> Config | None:
    """The settings of an Activation that does what a layer or operation does; None if none does."""
    if op == "ReLU":
        return _relu(config)
    name = ELEMENTWISE_OPS.get(op) or _LAYERS.get(op)
    if name is None:
        return None
    return {"activation": name, **ACTIVATION_DEFAULTS.get(name, {}), **config}


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
