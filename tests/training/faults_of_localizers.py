"""Further published faults, in programs of our own; which they are is a fact about collections.

"DeepLocalize": github.com/Wardat-ISU/DeepLocalize, `Benchmark/StackOverflow`, a question a folder,
here by its number. "NeuraLint": github.com/neuralint/neuralint, a rule a file of its
`DNN-metamodel.gps`. "DeepDiagnosis": github.com/DeepDiagnosis/ICSE2022, `callback/callbacks.py`,
a symptom a function. Rules about taste (where a dropout stands, how widths grow, biases that are
not needed) are not rebuilt: a network with them learns as well.
"""

import keras
import numpy as np
from keras import layers, optimizers
from training.published_faults import (
    BINARY,
    CLASSIFIES,
    KINDS,
    ONE_HOT,
    PIXELS,
    ROWS,
    SPARSE,
    classifier,
    convolutions,
    fault,
    regression,
    trained,
)

LOCALIZE, LINT, DIAGNOSIS = "DeepLocalize", "NeuraLint", "DeepDiagnosis"
EXPLODED = ("loss-not-finite", "loss-rises", "weights-not-finite", "exploding-gradient")

_R = np.random.default_rng(11)
_CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 40, "float32")
_DIFFER = (_CORNERS[:, :1] != _CORNERS[:, 1:]).astype("float32")
_LINE = np.arange(0, 5, 0.02, dtype="float32")[:, None]
_MEASURES = (_R.random((400, 3)) * [90, 4000, 20]).astype("float32")
_LARGE = (_MEASURES[:, 1] > 2000).astype("float32")
_EVEN = (KINDS % 2).astype("float32")[:, None]


def row(*hidden, x, y, loss, rate, epochs=6, **more):
    """Layers one after the other, trained."""
    keras.utils.set_random_seed(12)
    model = keras.Sequential([keras.Input(x.shape[1:]), *hidden])
    return trained(model, x, y, loss=loss, rate=rate, epochs=epochs, **more)


def dense(units, activation=None, **more):
    return layers.Dense(units, activation=activation, **more)


@fault(LOCALIZE, "31556268", "underfit", "loss-stands-still", "majority-only")
def four_corners_by_sigmoids_and_mae():
    return row(dense(4, "sigmoid"), dense(1, "sigmoid"), x=_CORNERS, y=_DIFFER, loss="mae",
               rate=optimizers.SGD(0.05, momentum=0.11, nesterov=True), epochs=30)  # fmt: skip


@fault(LOCALIZE, "31880720", "softmax-of-one")
def softmax_of_one_for_yes_or_no():
    return row(dense(16, "relu"), layers.Dropout(0.2), dense(1, "softmax"), x=PIXELS, y=_EVEN,
               loss=BINARY, rate=optimizers.RMSprop())  # fmt: skip


@fault(LOCALIZE, "33969059", "softmax-of-one", "unscaled-input")
def softmax_for_a_sum():
    y = _MEASURES @ np.array([2.0, 1.0, 0.5], "float32") + 2.2
    return row(dense(3, "tanh"), layers.Dropout(0.5), dense(1, "softmax"), x=_MEASURES, y=y,
               loss="mse", rate=optimizers.SGD(0.1, momentum=0.9))  # fmt: skip


@fault(LOCALIZE, "34311586", "softmax-of-one")
def corners_by_a_softmax_of_one():
    return row(dense(2, "sigmoid"), dense(3, "sigmoid"), dense(1, "softmax"), x=_CORNERS,
               y=_DIFFER, loss="mse", rate=optimizers.SGD(0.001, momentum=0.9))  # fmt: skip


@fault(LOCALIZE, "39525358", "unscaled-input")
def measures_as_they_are():
    return row(dense(12, "relu"), dense(3, "relu"), dense(1, "sigmoid"), x=_MEASURES, y=_LARGE,
               loss=BINARY, rate=0.001)  # fmt: skip


@fault(LOCALIZE, "47352366", "activation-does-not-fit")
def relu_over_rows_of_classes():
    return convolutions("relu", ONE_HOT, y=ROWS)


@fault(LOCALIZE, "48221692", "labels-out-of-reach", "unscaled-input")
def a_line_by_sigmoids():
    x = np.arange(100, dtype="float32")[:, None]
    return row(dense(5, "sigmoid"), dense(1, "sigmoid"), x=x, y=3 * x[:, 0] + 7, loss="mse",
               rate=optimizers.SGD())  # fmt: skip


@fault(LOCALIZE, "48251943", "unscaled-input", "dead-relu", *EXPLODED)
def relu_for_a_number():
    return row(dense(4, "relu"), dense(1, "relu"), x=_MEASURES[:, :2], y=_MEASURES[:, 2],
               loss="mse", rate=optimizers.SGD())  # fmt: skip


@fault(LOCALIZE, "48385830", *EXPLODED)
def rate_of_three_without_activations():
    wide = {"kernel_initializer": keras.initializers.RandomNormal(stddev=1.0)}
    return row(dense(30, **wide), dense(10, **wide), x=PIXELS, y=ROWS, loss="mse",
               rate=optimizers.SGD(3.0))  # fmt: skip


@fault(LOCALIZE, "48934338", *EXPLODED, "dead-relu")
def a_parabola_in_large_steps():
    return row(dense(50, "relu"), dense(30, "relu"), dense(1), x=_LINE, y=5 * _LINE**2,
               loss="mse", rate=optimizers.SGD(0.1), epochs=20)  # fmt: skip


@fault(LINT, "BinMissingSigmoid", "logits-without-from-logits")
def no_sigmoid():
    return row(dense(16, "relu"), dense(1), x=PIXELS, y=_EVEN, loss=BINARY, rate=0.005)


@fault(LINT, "BinWrongLastLayerActivation", "activation-does-not-fit")
def relu_for_yes_or_no():
    return row(dense(16, "relu"), dense(1, "relu"), x=PIXELS, y=_EVEN, loss=BINARY, rate=0.005)


@fault(LINT, "WrongLossInputs", "classes-of-one", "softmax-of-one", "activation-does-not-fit")
def classes_for_yes_or_no():
    return row(dense(16, "relu"), dense(1, "sigmoid"), x=PIXELS, y=_EVEN, loss=ONE_HOT, rate=0.005)


@fault(LINT, "WrongLossInputs, sigmoids", "activation-does-not-fit")
def sigmoids_for_one_class_of_ten():
    return classifier("sigmoid", ONE_HOT, y=ROWS)


@fault(LINT, "ZerosInit", "weights-all-equal", "no-gradient")
def zeros_everywhere():
    return classifier(**CLASSIFIES, kernel_initializer="zeros")


@fault(LINT, "MissingFlatten", "labels-broadcast", "labels-of-other-shape")
def a_class_for_each_row_of_a_picture():
    x = PIXELS.reshape(-1, 8, 8)
    y = (x.mean(axis=(1, 2)) - x.mean()).astype("float32")[:, None]
    return row(dense(16, "relu"), dense(1), x=x, y=y, loss="mse", rate=0.005)


@fault(LINT, "RedundantActivation", "activation-twice")
def softmax_over_relu():
    return row(dense(32, "relu"), dense(10, "relu"), layers.Softmax(), x=PIXELS, y=KINDS,
               loss=SPARSE, rate=0.005)  # fmt: skip


@fault(LINT, "DoubleActivation", "activation-twice")
def softmax_over_softmax():
    return row(dense(32, "relu"), dense(10, "softmax"), layers.Softmax(), x=PIXELS, y=KINDS,
               loss=SPARSE, rate=0.005)  # fmt: skip


@fault(DIAGNOSIS, "Dead", "dead-relu")
def units_that_never_speak():
    low = keras.initializers.Constant(-20.0)
    return classifier(**CLASSIFIES, bias_initializer=low, rate=0.0005)


@fault(DIAGNOSIS, "Saturated", "saturated", "unscaled-input")
def tanh_of_large_numbers():
    return classifier(**CLASSIFIES, inside="tanh", x=PIXELS * 1000, rate=0.0005)


@fault(DIAGNOSIS, "VanishingGradient", "vanishing-gradient")
def fifteen_sigmoids():
    hidden = [dense(16, "sigmoid") for _ in range(15)]
    return row(*hidden, dense(10, "softmax"), x=PIXELS, y=KINDS, loss=SPARSE, rate=0.001)


@fault(DIAGNOSIS, "TensorVariance", *EXPLODED)
def weights_that_multiply():
    wide = {"kernel_initializer": keras.initializers.RandomNormal(stddev=8.0)}
    hidden = [dense(32, "relu", **wide) for _ in range(5)]
    return row(*hidden, dense(1), x=PIXELS, y=_EVEN, loss="mse", rate=optimizers.SGD(0.01))


@fault(DIAGNOSIS, "UnchangedWeight", "nothing-to-learn", "rate-too-low")
def steps_of_nothing():
    return classifier(**CLASSIFIES, rate=optimizers.SGD(1e-9))


@fault(DIAGNOSIS, "Range", "activation-does-not-fit")
def tanh_for_a_probability():
    return row(dense(16, "relu"), dense(1, "tanh"), x=PIXELS, y=_EVEN, loss=BINARY, rate=0.005)


@fault(DIAGNOSIS, "Numerical", "loss-not-finite", "weights-not-finite")
def the_logarithm_of_less_than_nothing():
    def loss(truth, made):
        return keras.ops.mean(keras.ops.log(made - 100.0) - truth)

    return regression(loss=loss)


@fault(DIAGNOSIS, "LossNotDecreasing", "loss-stands-still", "rate-too-low", "underfit")
def steps_too_small_for_a_loss():
    return classifier(**CLASSIFIES, rate=optimizers.SGD(1e-6))
