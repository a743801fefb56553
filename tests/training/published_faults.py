"""Faults that published collections of buggy programs hold, in programs of our own.

Which faults they are is a fact about the collections; nothing of their code is here.
"TheDeepChecker": github.com/thedeepchecker/thedeepchecker, whose `buggy_synthetic_programs` is
one fault a folder, made by what people asked on Stack Overflow and GitHub. "UMLAUT":
github.com/BerkeleyHCI/umlaut, `umserver/errors.py`, the mistakes that it was tried with on people.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, losses, optimizers
from sklearn.datasets import load_digits

from autograder.training import check_training

SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
BINARY = "binary_crossentropy"
CLASSIFIES = {"activation": "softmax", "loss": SPARSE}

_DIGITS = load_digits()
_ORDER = np.random.default_rng(0).permutation(len(_DIGITS.target))[:800]
PIXELS = (_DIGITS.data[_ORDER] / 16).astype("float32")
KINDS = _DIGITS.target[_ORDER]
ROWS = np.eye(10, dtype="float32")[KINDS]


@dataclass(frozen=True)
class Published:
    """A fault: which collection has it under which name, what is said of it, and what may be."""

    source: str
    fault: str
    told: Callable[[], set[str]]
    names: frozenset[str]


FAULTS: list[Published] = []


def fault(source, name, *names):
    def enter(make):
        FAULTS.append(Published(source, name, make, frozenset(names)))
        return make

    return enter


def classifier(
    activation, loss, *, x=PIXELS, y=KINDS, units=10, rate=0.005, epochs=6, inside="relu", **more
):
    """Digits by a small network, trained."""
    keras.utils.set_random_seed(4)
    given = keras.Input((64,), name="pixels")
    hidden = given
    for _ in range(2):
        hidden = layers.Dense(32, activation=inside, **more)(hidden)
    last = layers.Softmax(axis=0) if activation == "over the batch" else None
    out = layers.Dense(units, activation=None if last else activation, name="digit")(hidden)
    model = keras.Model(given, last(out) if last else out)
    return trained(model, x, y, loss=loss, rate=rate, epochs=epochs)


def convolutions(activation, loss, *, x=PIXELS, y=KINDS, rate=0.005, epochs=3, **more):
    """The same by convolutions."""
    keras.utils.set_random_seed(5)
    given = keras.Input((8, 8, 1), name="picture")
    seen = layers.Conv2D(16, 3, activation="relu", **more)(given)
    seen = layers.Conv2D(16, 3, activation="relu", **more)(seen)
    out = layers.Dense(10, activation=activation, name="digit")(layers.Flatten()(seen))
    return trained(
        keras.Model(given, out), x.reshape(-1, 8, 8, 1), y, loss=loss, rate=rate, epochs=epochs
    )


_POINTS = np.random.default_rng(1).normal(size=(600, 6)).astype("float32")
_PRICES = (_POINTS[:, :1] + np.abs(_POINTS[:, 1:2]) - 0.5).astype("float32")


def regression(*, activation=None, loss="mse", x=_POINTS, y=_PRICES, rate=0.005, epochs=8, **more):
    """A plain number, trained."""
    keras.utils.set_random_seed(6)
    given = keras.Input((6,), name="points")
    hidden = layers.Dense(16, activation="relu", **more)(given)
    hidden = layers.Dense(16, activation="relu", **more)(hidden)
    model = keras.Model(given, layers.Dense(1, activation=activation, name="price")(hidden))
    return trained(model, x, y, loss=loss, rate=rate, epochs=epochs)


def trained(model, x, y, *, loss, rate, epochs, **more):
    """What is said of a training before its first step and after its last, as `watch` looks."""
    optimizer = optimizers.Adam(rate) if isinstance(rate, float) else rate
    model.compile(optimizer, loss)
    before = check_training(model, (x, y))
    history = model.fit(x, y, epochs=epochs, verbose=0, **more)
    after = check_training(model, (x, y), history)
    return {finding.id for found in (before, after) for finding in found.findings}


CHECKER = "TheDeepChecker"


@fault(CHECKER, "missing_softmax", "logits-without-from-logits")
def no_softmax():
    return convolutions(None, SPARSE)


@fault(CHECKER, "redundant_softmax", "softmax-under-from-logits")
def softmax_twice():
    return convolutions("softmax", losses.SparseCategoricalCrossentropy(from_logits=True))


@fault(CHECKER, "wrong_softmax_impl", "softmax-over-other-axis")
def softmax_over_the_batch():
    return classifier("over the batch", SPARSE)


@fault(CHECKER, "wrong_init (constant)", "weights-all-equal")
def constant_weights():
    return classifier(**CLASSIFIES, kernel_initializer="ones")


@fault(CHECKER, "wrong_init (constant), regression", "weights-all-equal")
def constant_weights_in_regression():
    return regression(kernel_initializer=keras.initializers.Constant(0.1))


@fault(CHECKER, "wrong_init (random)", "saturated", "exploding-gradient", "loss-rises", "dead-relu")
def weights_far_too_large():
    wide = keras.initializers.RandomNormal(stddev=30.0)
    return classifier(**CLASSIFIES, inside="tanh", kernel_initializer=wide)


@fault(CHECKER, "high_lr", "rate-too-high")
def high_rate():
    return convolutions(**CLASSIFIES, rate=1.0)


@fault(CHECKER, "high_lr, regression", "loss-not-finite", "loss-rises", "weights-not-finite")
def high_rate_in_regression():
    return regression(rate=optimizers.SGD(5.0))


@fault(CHECKER, "low_lr", "rate-too-low", "loss-stands-still")
def low_rate():
    return convolutions(**CLASSIFIES, rate=1e-8)


@fault(CHECKER, "low_lr, regression", "rate-too-low", "loss-stands-still")
def low_rate_in_regression():
    return regression(rate=optimizers.SGD(1e-6))


@fault(CHECKER, "missing_normalization", "unscaled-input")
def pixels_up_to_255():
    return convolutions(**CLASSIFIES, x=PIXELS * 255)


@fault(CHECKER, "missing_normalization, regression", "unscaled-input")
def metres_as_they_are():
    return regression(x=_POINTS * 300 + 1000)


@fault(CHECKER, "double_normalization", "input-scaled-away")
def divided_twice():
    return convolutions(**CLASSIFIES, x=PIXELS / 255)


@fault(CHECKER, "flipped_sign", "rate-not-above-zero")
def uphill():
    return regression(rate=optimizers.SGD(-0.01))


@fault(CHECKER, "flipped_sign, in a loss of one's own", "loss-without-end")
def minus_the_loss():
    def loss(truth, made):
        return -keras.ops.mean((truth - made) ** 2)

    return regression(loss=loss, rate=optimizers.SGD(0.01))


@fault(CHECKER, "wrong_activation", "activation-does-not-fit")
def relu_at_the_end():
    return classifier("relu", SPARSE)


@fault(CHECKER, "wrong_activation, regression", "labels-out-of-reach")
def sigmoid_for_a_number():
    return regression(activation="sigmoid")


@fault(CHECKER, "over_scaled_outputs", "loss-rises", "loss-not-finite", "weights-not-finite")
def prices_in_millions():
    return regression(y=_PRICES * 1e6, rate=optimizers.SGD(0.01))


@fault(CHECKER, "wrong_labels", "labels-shuffled")
def labels_of_others():
    mixed = np.random.default_rng(3).permutation(KINDS)
    return classifier(**CLASSIFIES, y=mixed, rate=0.001)


@fault(CHECKER, "wrong_loss_function", "regression-of-classes")
def mse_of_classes():
    return classifier("softmax", "mse", y=KINDS[:, None].astype("float32"))


@fault(CHECKER, "wrong_loss_function2, regression", "label-outside-range")
def classes_of_prices():
    return regression(activation="sigmoid", loss=BINARY)


@fault(CHECKER, "wrong_loss_selection", "softmax-under-binary")
def yes_or_no_of_ten():
    return classifier("softmax", BINARY, y=ROWS)


@fault(CHECKER, "unbalanced_data", "majority-only", "underfit")
def hardly_any_of_the_other():
    r = np.random.default_rng(7)
    x = r.normal(size=(800, 64)).astype("float32")
    y = (r.random(800) < 0.06).astype(int)
    x[y == 1, :3] += 0.3
    return classifier("softmax", SPARSE, x=x, y=y, units=2, rate=0.0003)


@fault(CHECKER, "over_regularization", "underfit", "majority-only", "dead-relu")
def kept_far_too_small():
    return classifier(**CLASSIFIES, kernel_regularizer=keras.regularizers.L2(10.0))


@fault(CHECKER, "missing_regularization", "overfit")
def by_heart():
    r = np.random.default_rng(8)
    x = r.normal(size=(80, 64)).astype("float32")
    y = (x[:, 0] + r.normal(size=80) > 0).astype(int)
    model = keras.Sequential(
        [keras.Input((64,)), layers.Dense(128, activation="relu"), layers.Dense(2, "softmax")]
    )
    keras.utils.set_random_seed(9)
    return trained(model, x, y, loss=SPARSE, rate=0.01, epochs=40, validation_split=0.5)


@fault("UMLAUT", "InputNotNormalized", "unscaled-input")
def bytes_as_they_are():
    return classifier(**CLASSIFIES, x=(PIXELS * 255).astype("uint8"))


@fault("UMLAUT", "NaNInLoss", "loss-not-finite", "rate-too-high", "weights-not-finite")
def nan():
    return classifier(**CLASSIFIES, rate=optimizers.SGD(1e6))


@fault("UMLAUT", "NoSoftmaxActivation", "logits-without-from-logits")
def no_softmax_of_rows():
    return classifier(None, ONE_HOT, y=ROWS)


@fault("UMLAUT", "Overfitting", "overfit")
def by_heart_again():
    few = slice(0, 60)
    noisy = KINDS[few].copy()
    noisy[::3] = (noisy[::3] + 1) % 10
    model = keras.Sequential(
        [keras.Input((64,)), layers.Dense(256, activation="relu"), layers.Dense(10, "softmax")]
    )
    keras.utils.set_random_seed(10)
    return trained(
        model, PIXELS[few], noisy, loss=SPARSE, rate=0.01, epochs=60, validation_split=0.4
    )
