"""Small trainings, healthy ones and ones with a mistake by construction, made from a seed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, losses

WIDTHS = (8, 12, 16, 24, 32)
RATES = (0.01, 0.015, 0.02, 0.025, 0.03)


@dataclass
class Instance:
    """What `check_training` is given."""

    model: Any
    data: Any = None
    history: Any = None
    more: dict = field(default_factory=dict)


class Task:
    """A small task that can be learned, varied by a seed."""

    def __init__(self, seed: int):
        self.seed, self.random = seed, np.random.default_rng(seed)
        self.width, self.features = WIDTHS[seed % 5], 4 + seed % 5
        self.classes, self.count = 3 + seed % 4, 300 + 40 * (seed % 5)
        keras.utils.set_random_seed(seed)
        self.x = self.random.normal(size=(self.count, self.features)).astype("float32")
        self.weights = self.random.normal(size=(self.features, self.classes))
        scores = self.x @ self.weights
        self.labels = scores.argmax(axis=1)
        self.one_hot = np.eye(self.classes, dtype="float32")[self.labels]
        self.numbers = (scores[:, :1] / 2).astype("float32")
        self.yes = (scores[:, 0] > 0).astype("float32").reshape(-1, 1)
        self.several = (scores > 0).astype("float32")

    def body(self, x=None, **options):
        """An input and a hidden layer or two."""
        given = keras.Input((self.features,), name="x")
        hidden = given
        for number in range(1 + self.seed % 2):
            hidden = layers.Dense(
                self.width, **{"activation": "relu", "name": f"hidden_{number}", **options}
            )(hidden)
        return given, hidden

    def model(self, units, activation=None, before=None, **options):
        """A network with one output."""
        given, hidden = self.body(**options)
        hidden = before(hidden) if before else hidden
        out = layers.Dense(units, activation=activation, name="out")(hidden)
        return keras.Model(given, out)

    def compiled(self, model, loss, optimizer=None, **more):
        """The same model, compiled."""
        model.compile(optimizer or keras.optimizers.Adam(RATES[self.seed % 5]), loss=loss, **more)
        return model

    def classifier(self, before=None, inside="relu", **options):
        """A healthy classifier."""
        given, hidden = self.body(**{"activation": inside, **options})
        hidden = before(hidden) if before else hidden
        out = layers.Dense(self.classes, activation="softmax", name="out")(hidden)
        model = keras.Model(given, out)
        return self.compiled(model, "sparse_categorical_crossentropy", metrics=["accuracy"])

    def fitted(self, model, x, y, epochs=8, **more):
        """An instance that was trained."""
        run = model.fit(x, y, epochs=epochs, verbose=0, batch_size=32, **more)
        return Instance(model, (x, y), run)


FAULTS: dict[str, list[Callable[[int], Instance]]] = {}
"""What makes an instance of each mistake, from a seed; some have several forms."""

HEALTHY: list[Callable[[int], Instance]] = []
TRAINED: list[Callable[[int], Instance]] = []
"""Healthy ones, without and with training."""


def fault(name):
    def enter(make):
        FAULTS.setdefault(name, []).append(make)
        return make

    return enter


def healthy(make):
    HEALTHY.append(make)
    return make


def trained(make):
    TRAINED.append(make)
    return make


def together(units, activation, loss, labels, **more):
    """What makes a network with this output, loss and labels, from a seed."""

    def make(seed):
        task = Task(seed)
        width = getattr(task, units) if isinstance(units, str) else units
        given = loss() if isinstance(loss, type) else loss
        model = task.compiled(task.model(width, activation), given, **more)
        return Instance(model, (task.x, labels(task)))

    return make


def simple(name, *given, **more):
    """A mistake that is one in how output, loss and labels go together."""
    FAULTS.setdefault(name, []).append(together(*given, **more))


SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
BINARY = "binary_crossentropy"

for loss, truth in (
    (lambda: losses.SparseCategoricalCrossentropy(from_logits=True), lambda t: t.labels),
    (lambda: losses.CategoricalCrossentropy(from_logits=True), lambda t: t.one_hot),
):
    simple("softmax-under-from-logits", "classes", "softmax", loss(), truth)
simple(
    "softmax-under-from-logits",
    1,
    "sigmoid",
    losses.BinaryCrossentropy(from_logits=True),
    lambda t: t.yes,
)
simple("logits-without-from-logits", "classes", None, SPARSE, lambda t: t.labels)
simple("logits-without-from-logits", "classes", None, ONE_HOT, lambda t: t.one_hot)
simple("logits-without-from-logits", 1, None, BINARY, lambda t: t.yes)
simple("softmax-of-one", 1, "softmax", BINARY, lambda t: t.yes)
simple("softmax-of-one", 1, "softmax", "mse", lambda t: t.yes)
simple("classes-of-one", 1, "sigmoid", ONE_HOT, lambda t: t.yes)
simple("classes-of-one", 1, "sigmoid", SPARSE, lambda t: t.yes)
simple("activation-does-not-fit", "classes", "sigmoid", SPARSE, lambda t: t.labels)
simple("activation-does-not-fit", "classes", "relu", ONE_HOT, lambda t: t.one_hot)
simple("activation-does-not-fit", 1, "tanh", BINARY, lambda t: t.yes)
simple("softmax-under-binary", "classes", "softmax", BINARY, lambda t: t.one_hot)
simple("softmax-under-binary", "classes", "softmax", BINARY, lambda t: t.several)
simple("integer-labels", "classes", "softmax", ONE_HOT, lambda t: t.labels)
simple("integer-labels", "classes", "softmax", ONE_HOT, lambda t: t.labels[:, None])
simple("one-hot-labels", "classes", "softmax", SPARSE, lambda t: t.one_hot)
simple("regression-of-classes", "classes", "softmax", "mse", lambda t: t.labels[:, None])
simple("labels-broadcast", "classes", None, "mse", lambda t: t.numbers)
simple("labels-broadcast", "classes", None, "mae", lambda t: t.numbers)
simple("labels-broadcast", "classes", "sigmoid", BINARY, lambda t: t.yes)
simple("label-outside-range", "classes", "softmax", SPARSE, lambda t: t.labels + 1)
simple("label-outside-range", "classes", "softmax", SPARSE, lambda t: t.labels - 1)
simple("label-outside-range", 1, "sigmoid", BINARY, lambda t: 2 * t.yes - 1)
simple("several-labels-for-one", "classes", "softmax", ONE_HOT, lambda t: t.several)
simple("labels-out-of-reach", 1, "sigmoid", "mse", lambda t: 10 * t.numbers)
simple("labels-out-of-reach", 1, "relu", "mae", lambda t: t.numbers)
simple("labels-out-of-reach", 1, "tanh", "mse", lambda t: 5 * t.numbers)
simple("accuracy-on-regression", 1, None, "mse", lambda t: t.numbers, metrics=["accuracy"])
simple(
    "metric-does-not-fit",
    "classes",
    "softmax",
    SPARSE,
    lambda t: t.labels,
    metrics=["categorical_accuracy"],
)
simple(
    "metric-does-not-fit",
    "classes",
    "softmax",
    ONE_HOT,
    lambda t: t.one_hot,
    metrics=["sparse_categorical_accuracy"],
)


def asked_of_logits(task, asked):
    """A network that gives logits, and a metric."""
    loss = losses.BinaryCrossentropy(from_logits=True)
    return Instance(task.compiled(task.model(1), loss, metrics=[asked]), (task.x, task.yes))


@fault("metric-of-logits")
def area_under_a_curve_of_logits(seed):
    return asked_of_logits(Task(seed), "AUC" if seed % 2 else keras.metrics.AUC(name="area"))


@fault("metric-of-logits")
def precision_where_recall_is_enough_of_logits(seed):
    return asked_of_logits(Task(seed), keras.metrics.PrecisionAtRecall(0.8))


@fault("labels-broadcast")
def a_sequence_for_a_number(seed):
    task = Task(seed)
    given = keras.Input((6, 3))
    steps = layers.LSTM(task.width, return_sequences=True)(given)
    model = task.compiled(keras.Model(given, layers.Dense(1)(steps)), "mse")
    x = task.random.normal(size=(task.count, 6, 3)).astype("float32")
    return Instance(model, (x, task.numbers))


def two_heads(task, by_name=True):
    given, hidden = task.body()
    kind = layers.Dense(task.classes, activation="softmax", name="kind")(hidden)
    size = layers.Dense(1, name="size")(hidden)
    outputs = {"kind": kind, "size": size} if by_name else [kind, size]
    return keras.Model(given, outputs)


@fault("name-unknown-to-keras")
def a_misspelt_loss(seed):
    task = Task(seed)
    wrong = ("mean_squared_eror", "MeanSquareError", "sparse_crossentropy")[seed % 3]
    return Instance(task.compiled(task.model(1), wrong), (task.x, task.numbers))


@fault("name-unknown-to-keras")
def a_misspelt_metric(seed):
    task = Task(seed)
    wrong = ("mean_absolut_error", "accurracy", "f1")[seed % 3]
    model = task.compiled(task.model(1), "mse", metrics=["mae", wrong])
    return Instance(model, (task.x, task.numbers))


@fault("weights-no-numbers")
def metrics_in_the_third_place(seed):
    task, model = Task(seed), Task(seed).model(1)
    model.compile("adam", "mse", [("mae", "accuracy")[seed % 2]])
    return Instance(model, (task.x, task.numbers))


@fault("entries-do-not-match")
def a_list_too_long_or_too_short(seed):
    task = Task(seed)
    given = [
        {"loss": ["mse"]},
        {"loss": ["mse", "mse", "mse"]},
        {"loss": ["mse", "mse"], "metrics": ["mae"]},
        {"loss": ["mse", "mse"], "loss_weights": [1.0, 2.0, 3.0]},
    ][seed % 4]
    model = two_heads(task, by_name=False)
    model.compile("adam", **given)
    return Instance(model, (task.x, [task.one_hot, task.numbers]))


@fault("entries-do-not-match")
def two_weights_for_one_output(seed):
    task = Task(seed)
    given = [1.0, 2.0, 0.5][: 2 + seed % 2]
    model = task.compiled(task.model(1), "mse", loss_weights=given)
    return Instance(model, (task.x, task.numbers))


@fault("no-loss-or-metric")
def neither_loss_nor_metric(seed):
    task = Task(seed)
    loss, *more = [
        (1,), (losses,), (layers.Dense(1),), (keras.metrics.MeanSquaredError(),),
        (keras.optimizers.Adam(),), ("mse", 3), ("mse", keras.metrics), ("mse", layers.Dense(1)),
        (layers.Softmax,), (losses.mean_squared_error(task.numbers, task.numbers),),
        ("mse", ["mean_io_u"]),
    ][seed % 11]  # fmt: skip
    model = task.compiled(task.model(1), loss, metrics=more or None)
    return Instance(model, (task.x, task.numbers))


def without_arguments():
    return losses.MeanSquaredError()


def of_one(delta=1.0):
    return losses.Huber(delta)


def of_two(power, scale):
    def loss(truth, made):
        return keras.ops.mean(scale * keras.ops.abs(truth - made) ** power)

    return loss


@fault("loss-not-called-so")
def a_loss_that_is_still_to_be_made(seed):
    task = Task(seed)
    makes = [without_arguments, of_one, of_two, lambda: "mse", lambda made: made, [of_two]]
    model = task.compiled(task.model(1), makes[seed % 6])
    return Instance(model, (task.x, task.numbers))


@fault("no-loss")
def compiled_without_a_loss(seed):
    task = Task(seed)
    model = task.model(1)
    if seed % 2:
        model = keras.Sequential([keras.Input((task.features,)), layers.Dense(1)])
    model.compile(**[{}, {"optimizer": "sgd"}, {"metrics": ["mae"]}, {"loss": [None]}][seed % 4])
    return Instance(model, (task.x, task.numbers) if seed % 3 else None)


class MineByName(keras.metrics.MeanAbsoluteError):
    def get_config(self):
        return super().get_config()


@fault("class-without-brackets")
def a_class_of_metrics(seed):
    task = Task(seed)
    given = [
        [keras.metrics.MeanAbsoluteError], ["mae", keras.metrics.MeanSquaredError],
        [MineByName], {"out": [keras.metrics.MeanAbsoluteError]},
    ][seed % 4]  # fmt: skip
    name = ("metrics", "weighted_metrics")[seed % 3 == 1]
    return Instance(task.compiled(task.model(1), "mse", **{name: given}), (task.x, task.numbers))


@fault("class-without-brackets")
def a_class_of_losses(seed):
    task = Task(seed)
    kinds = losses.MeanSquaredError, losses.Huber, losses.MeanAbsoluteError
    model = task.compiled(task.model(1), [kinds[seed % 3], [kinds[seed % 3]]][seed % 2])
    return Instance(model, (task.x, task.numbers))


@fault("outputs-mixed-up")
def losses_mixed_up(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task), {"kind": "mse", "size": SPARSE})
    return Instance(model, (task.x, {"kind": task.labels, "size": task.numbers}))


@fault("outputs-mixed-up")
def labels_mixed_up(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task, by_name=False), [SPARSE, "mse"])
    return Instance(model, (task.x, [task.numbers, task.labels]))


@fault("name-of-no-output")
def a_wrong_key(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task), {"kind": SPARSE, "sise": "mse"})
    return Instance(model, (task.x, {"kind": task.labels, "size": task.numbers}))


@fault("name-of-no-output")
def a_wrong_key_of_labels(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task), {"kind": SPARSE, "size": "mse"})
    return Instance(model, (task.x, {"kinds": task.labels, "size": task.numbers}))


@fault("loss-never-applied")
def one_loss_missing(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task), {"kind": SPARSE})
    return Instance(model, (task.x, {"kind": task.labels, "size": task.numbers}))


@fault("loss-never-applied")
def one_weight_is_zero(seed):
    task = Task(seed)
    weights = {"kind": 1.0, "size": 0.0}
    model = task.compiled(two_heads(task), {"kind": SPARSE, "size": "mse"}, loss_weights=weights)
    return Instance(model, (task.x, {"kind": task.labels, "size": task.numbers}))


@fault("loss-drowned")
def one_loss_is_large(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task), {"kind": SPARSE, "size": "mse"})
    return Instance(model, (task.x, {"kind": task.labels, "size": 40 * task.numbers}))


@fault("nan-in-data")
def nan_in_inputs(seed):
    task = Task(seed)
    task.x[::7, 1] = np.nan if seed % 2 else np.inf
    return Instance(task.classifier(), (task.x, task.labels))


@fault("nan-in-data")
def nan_in_labels(seed):
    task = Task(seed)
    task.numbers[::9] = np.nan
    return Instance(task.compiled(task.model(1), "mse"), (task.x, task.numbers))


@fault("constant-input")
def all_inputs_are_the_same(seed):
    task = Task(seed)
    return Instance(task.classifier(), (np.zeros_like(task.x) + seed, task.labels))


@fault("one-label-only")
def all_labels_are_the_same(seed):
    task = Task(seed)
    return Instance(task.classifier(), (task.x, np.zeros_like(task.labels) + 1))


@fault("unscaled-input")
def pixels_as_they_are(seed):
    task = Task(seed)
    x = np.clip(127 + 60 * task.x, 0, 255) if seed % 2 else 1000 * task.x
    return Instance(task.classifier(), (x, task.labels))


def words(task, length=10, pad=True, front=False, most=50):
    rows = task.random.integers(1, most, size=(task.count, length))
    for row in rows if pad else ():
        short = task.random.integers(length // 2, length)
        if short:
            row[slice(0, short) if front else slice(length - short, length)] = 0
    return rows


def reader(task, mask=False, size=50, kind=layers.LSTM):
    given = keras.Input((10,), dtype="int32", name="words")
    seen = layers.Embedding(size, 8, mask_zero=mask, name="embedding")(given)
    out = layers.Dense(1, activation="sigmoid", name="out")(kind(task.width)(seen))
    return task.compiled(keras.Model(given, out), BINARY, metrics=["accuracy"])


@fault("input-scaled-away")
def scaled_twice(seed):
    task = Task(seed)
    pixels = np.clip(127 + 60 * task.x, 0, 255)
    return Instance(task.classifier(), (pixels / 255 / (200 + 55 * (seed % 2)), task.labels))


@fault("softmax-over-other-axis")
def softmax_over_the_batch(seed):
    task = Task(seed)
    given, hidden = task.body()
    scores = layers.Dense(task.classes, name="scores")(hidden)
    model = keras.Model(given, layers.Softmax(axis=0, name="out")(scores))
    loss, labels = (SPARSE, task.labels) if seed % 2 else (ONE_HOT, task.one_hot)
    return Instance(task.compiled(model, loss), (task.x, labels))


@fault("activation-twice")
def one_over_another(seed):
    task = Task(seed)
    units, last, loss, labels = (
        (task.classes, "softmax", SPARSE, task.labels),
        (1, "sigmoid", BINARY, task.yes),
        (task.classes, "softmax", ONE_HOT, task.one_hot),
    )[seed % 3]
    given, hidden = task.body()
    below = layers.Dense(units, activation=("relu", last)[seed // 3 % 2])(hidden)
    model = keras.Model(given, layers.Activation(last, name="out")(below))
    return Instance(task.compiled(model, loss), (task.x, labels))


@fault("loss-without-end")
def upside_down(seed):
    task = Task(seed)

    def loss(truth, made):
        return -keras.ops.mean((truth - made) ** 2)

    given = keras.Input((task.features,))
    optimizer = keras.optimizers.SGD(0.05 + 0.01 * (seed % 3))
    model = task.compiled(keras.Model(given, layers.Dense(1)(given)), loss, optimizer)
    return task.fitted(model, task.x, task.numbers, epochs=6)


@fault("padding-unmasked")
def padding_behind(seed):
    task = Task(seed)
    kind = layers.GRU if seed % 2 else layers.LSTM
    return Instance(reader(task, kind=kind), (words(task), task.yes))


@fault("index-out-of-range")
def too_few_words(seed):
    task = Task(seed)
    return Instance(reader(task, size=49 - seed % 5), (words(task, pad=False), task.yes))


@fault("validation-in-training")
def validated_on_itself(seed):
    task = Task(seed)
    few = slice(0, task.count // 3)
    more = {"validation_data": (task.x[few], task.labels[few])}
    return Instance(task.classifier(), (task.x, task.labels), more=more)


@fault("nothing-to-learn")
def all_is_frozen(seed):
    task = Task(seed)
    model = task.model(task.classes, "softmax")
    model.trainable = False
    return Instance(task.compiled(model, SPARSE), (task.x, task.labels))


@fault("frozen-untrained")
def one_is_frozen(seed):
    task = Task(seed)
    model = task.model(task.classes, "softmax")
    model.layers[1].trainable = False
    return Instance(task.compiled(model, SPARSE), (task.x, task.labels))


@fault("weights-all-equal")
def equal_weights(seed):
    task = Task(seed)
    model = task.classifier(kernel_initializer="ones" if seed % 2 else "zeros")
    return Instance(model, (task.x, task.labels))


@fault("dropout-at-output")
def dropout_last(seed):
    task = Task(seed)
    given, hidden = task.body()
    out = layers.Dense(task.classes, activation="softmax")(hidden)
    model = keras.Model(given, layers.Dropout(0.2 + 0.1 * (seed % 3))(out))
    return Instance(task.compiled(model, SPARSE), (task.x, task.labels))


@fault("training-fixed")
def training_is_fixed(seed):
    task = Task(seed)
    layer = (layers.Dropout(0.3), layers.BatchNormalization(), layers.SpatialDropout1D(0.2))[
        seed % 3
    ]
    if seed % 3 < 2:
        model = task.classifier(before=lambda h: layer(h, training=True))
        return Instance(model, (task.x, task.labels))
    given = keras.Input((6, 3))
    seen = layers.GlobalMaxPooling1D()(layer(layers.Conv1D(8, 3)(given), training=True))
    model = keras.Model(given, layers.Dense(task.classes, activation="softmax")(seen))
    task.compiled(model, SPARSE)
    task.x = task.random.normal(size=(task.count, 6, 3)).astype("float32")
    return Instance(model, (task.x, task.labels))


@fault("batch-norm-of-one")
def one_at_a_time(seed):
    task = Task(seed)
    model = task.classifier(before=layers.BatchNormalization())
    return Instance(model, (task.x, task.labels), more={"batch_size": 1})


@fault("towers-only-weighed")
def two_towers(seed):
    task = Task(seed)
    one, other = keras.Input((task.features,), name="a"), keras.Input((task.features,), name="b")
    tower = layers.Dense(task.width, activation="relu", name="tower")
    joined = layers.Concatenate()([tower(one), tower(other)])
    model = keras.Model([one, other], layers.Dense(1, activation="sigmoid")(joined))
    return Instance(task.compiled(model, BINARY), ([task.x, task.x[::-1]], task.yes))


@fault("no-gradient")
def a_stopped_gradient(seed):
    task = Task(seed)
    model = task.classifier(before=keras.ops.stop_gradient if seed % 2 else keras.ops.round)
    return Instance(model, (task.x, task.labels))


@fault("rate-too-high")
def far_too_fast(seed):
    task = Task(seed)
    kind = (keras.optimizers.Adam, keras.optimizers.RMSprop, keras.optimizers.SGD)[seed % 3]
    rate = 100.0 if seed % 3 == 2 else 1.0 + seed
    model = task.compiled(task.model(task.classes, "softmax"), SPARSE, kind(rate))
    return Instance(model, (task.x, task.labels))


@fault("rate-too-low")
def far_too_slow(seed):
    task = Task(seed)
    rate = 10.0 ** -(8 + seed % 5)
    model = task.compiled(task.model(task.classes, "softmax"), SPARSE, keras.optimizers.Adam(rate))
    return Instance(model, (task.x, task.labels))


@fault("rate-not-above-zero")
def uphill(seed):
    task = Task(seed)
    rate = float("nan") if seed % 3 == 2 else -RATES[seed % 5]
    model = task.compiled(task.model(task.classes, "softmax"), SPARSE, keras.optimizers.SGD(rate))
    return Instance(model, (task.x, task.labels))


@fault("weights-not-finite")
def exploded(seed):
    task = Task(seed)
    model = task.classifier()
    for layer in model.layers[1:]:
        layer.kernel.assign(np.full(layer.kernel.shape, np.nan))
    return Instance(model, (task.x, task.labels))


@fault("dead-relu")
def dead(seed):
    task = Task(seed)
    bias = keras.initializers.Constant(-20.0 - seed)
    return Instance(task.classifier(bias_initializer=bias), (task.x, task.labels))


@fault("saturated")
def at_the_ends(seed):
    task = Task(seed)
    wide = keras.initializers.RandomNormal(stddev=100.0)
    activation = "tanh" if seed % 2 else "sigmoid"
    model = task.classifier(inside=activation, kernel_initializer=wide)
    return Instance(model, (task.x, task.labels))


@fault("vanishing-gradient")
def deep_sigmoids(seed):
    task = Task(seed)
    given = hidden = keras.Input((task.features,))
    for _ in range(14 + seed % 5):
        hidden = layers.Dense(task.width, activation="sigmoid")(hidden)
    out = layers.Dense(task.classes, activation="softmax")(hidden)
    model = task.compiled(keras.Model(given, out), SPARSE)
    return Instance(model, (task.x, task.labels))


@fault("exploding-gradient")
def deep_and_wide(seed):
    task = Task(seed)
    given = hidden = keras.Input((task.features,))
    for _ in range(8):
        hidden = layers.Dense(task.width, kernel_initializer=keras.initializers.RandomNormal(0, 3))(
            hidden
        )
    model = task.compiled(keras.Model(given, layers.Dense(1)(hidden)), "mse")
    return Instance(model, (task.x, task.numbers))


def told(name, **figures):
    """A mistake that stands in a history."""

    def make(seed):
        task = Task(seed)
        model = task.compiled(
            task.model(task.classes, "softmax"), SPARSE, keras.optimizers.Adam(1e-5)
        )
        history = {key: [each * (1 + seed / 10) for each in of] for key, of in figures.items()}
        return Instance(model, (task.x, task.labels), history)

    FAULTS.setdefault(name, []).append(make)


told("loss-not-finite", loss=[1.2, 3.0, float("nan")])
told("loss-rises", loss=[1.2, 1.9, 4.0, 9.0])
told("overfit", loss=[1.0, 0.6, 0.3, 0.1, 0.05, 0.02], val_loss=[1.0, 0.8, 0.7, 0.9, 1.2, 1.6])


@fault("loss-stands-still")
def slow(seed):
    task = Task(seed)
    model = task.compiled(task.model(task.classes, "softmax"), SPARSE, keras.optimizers.Adam(1e-6))
    return task.fitted(model, task.x, task.labels, epochs=3)


@fault("labels-shuffled")
def shuffled(seed):
    task = Task(seed)
    y = task.random.permutation(task.labels)
    model = task.classifier()
    return task.fitted(model, task.x, y, epochs=12, validation_split=0.3)


@fault("labels-shuffled")
def shuffled_apart_in_a_pipeline(seed):
    """Inputs and labels, each in another order in each epoch."""
    task = Task(seed)
    x, y = (
        tf.data.Dataset.from_tensor_slices(rows).shuffle(task.count, seed=seed + n)
        for n, rows in enumerate((task.x, task.labels))
    )
    data, model = tf.data.Dataset.zip((x, y)).batch(32), task.classifier()
    return Instance(model, data, model.fit(data, epochs=10, verbose=0))


@fault("majority-only")
def one_class_always(seed):
    task = Task(seed)
    noise = task.random.normal(size=(task.count, 1))
    yes = (0.2 * task.x[:, :1] + noise > 1.3).astype("float32")
    adam = keras.optimizers.Adam(0.003)
    model = task.compiled(task.model(1, "sigmoid"), BINARY, adam)
    model.get_layer("out").bias.assign([-2.0])
    return task.fitted(model, task.x, yes, epochs=4)


def normalized_in_batches(seed, momentum):
    """A network that learns at once, whose averages follow as soon as their momentum lets them."""
    task = Task(seed)
    given = hidden = keras.Input((task.features,))
    for _ in range(3):
        hidden = layers.Dense(24, "relu")(hidden)
        hidden = layers.BatchNormalization(momentum=momentum)(hidden)
    out = layers.Dense(task.classes, activation="softmax", name="out")(hidden)
    model = task.compiled(keras.Model(given, out), SPARSE, keras.optimizers.Adam(0.01))
    x = 3 * task.x + 12
    return Instance(model, (x, task.labels), model.fit(x, task.labels, epochs=12, verbose=0))


@fault("batch-norm-behind")
def averages_far_behind(seed):
    return normalized_in_batches(seed, 0.9995)


@fault("underfit")
def a_line_for_a_ring(seed):
    task = Task(seed)
    given = keras.Input((2,))
    model = keras.Model(given, layers.Dense(1)(given))
    task.compiled(model, "mse", keras.optimizers.Adam(0.03))
    x = np.concatenate([task.x[:, :2] * signs for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1))])
    x = task.random.permutation(x.astype("float32"))
    y = x[:, :1] * x[:, 1:2]
    return task.fitted(model, x, y, epochs=12)


def well(units, activation, loss, labels, **more):
    """A healthy way in which output, loss and labels go together."""

    def make(seed):
        task = Task(seed)
        width = getattr(task, units) if isinstance(units, str) else units
        model = task.compiled(task.model(width, activation), loss, **more)
        return task.fitted(model, task.x, labels(task), epochs=10, validation_split=0.2)

    TRAINED.append(make)


well("classes", "softmax", SPARSE, lambda t: t.labels, metrics=["accuracy"])
well("classes", "softmax", ONE_HOT, lambda t: t.one_hot, metrics=["accuracy"])
well("classes", "softmax", SPARSE, lambda t: t.labels[:, None])
well("classes", None, losses.SparseCategoricalCrossentropy(from_logits=True), lambda t: t.labels)
well("classes", None, losses.CategoricalCrossentropy(from_logits=True), lambda t: t.one_hot)
well(1, "sigmoid", BINARY, lambda t: t.yes, metrics=["accuracy"])
well(1, "sigmoid", BINARY, lambda t: t.yes[:, 0])
well(1, None, losses.BinaryCrossentropy(from_logits=True), lambda t: t.yes)
well("classes", "sigmoid", BINARY, lambda t: t.several, metrics=["binary_accuracy"])
well(1, None, "mse", lambda t: t.numbers, metrics=["mae"])
well(1, None, "mae", lambda t: t.numbers[:, 0])
well(1, None, losses.Huber(), lambda t: t.numbers)
well(1, "sigmoid", "mse", lambda t: t.yes)
well("features", None, "mse", lambda t: t.x)
well("classes", "tanh", "mse", lambda t: np.tanh(t.several))


@trained
def two_outputs(seed):
    task = Task(seed)
    model = task.compiled(two_heads(task), {"kind": SPARSE, "size": "mse"})
    return task.fitted(model, task.x, {"kind": task.labels, "size": task.numbers})


@trained
def normalized_in_the_model(seed):
    task = Task(seed)
    x = 1000 * task.x
    norm = layers.Normalization()
    norm.adapt(x)
    given = keras.Input((task.features,))
    hidden = layers.Dense(task.width, activation="relu")(norm(given))
    model = keras.Model(given, layers.Dense(task.classes, activation="softmax")(hidden))
    return task.fitted(task.compiled(model, SPARSE), x, task.labels)


@trained
def with_dropout_and_norm(seed):
    task = Task(seed)

    def both(hidden):
        return layers.Dropout(0.3)(layers.BatchNormalization()(hidden))

    return task.fitted(task.classifier(before=both), task.x, task.labels, validation_split=0.2)


@trained
def masked_words(seed):
    task = Task(seed)
    x = words(task)
    y = (x[:, :1] > 25).astype("float32")
    return task.fitted(reader(task, mask=True), x, y, epochs=8)


@trained
def padding_in_front(seed):
    task = Task(seed)
    x = words(task, front=True)
    y = (x[:, -1:] > 25).astype("float32")
    return task.fitted(reader(task), x, y, epochs=8)


@trained
def pictures(seed):
    task = Task(seed)
    x = task.random.uniform(size=(task.count, 8, 8, 1)).astype("float32")
    y = (x[:, :4].mean(axis=(1, 2, 3)) > 0.5).astype("int32")
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(task.width, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    return task.fitted(task.compiled(model, SPARSE), x, y, epochs=3)


@healthy
def a_frozen_part_that_learned(seed):
    task = Task(seed)
    first = task.classifier()
    first.fit(task.x, task.labels, verbose=0)
    first.trainable = False
    given = keras.Input((task.features,))
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(first(given)))
    return Instance(task.compiled(model, BINARY), (task.x, task.yes))


@healthy
def towers_that_compare(seed):
    task = Task(seed)
    one, other = keras.Input((task.features,), name="a"), keras.Input((task.features,), name="b")
    tower = layers.Dense(task.width, activation="relu")
    joined = layers.Concatenate()([tower(one), tower(other)])
    hidden = layers.Dense(8, activation="relu")(joined)
    model = keras.Model([one, other], layers.Dense(1, activation="sigmoid")(hidden))
    return Instance(task.compiled(model, BINARY), ([task.x, task.x[::-1]], task.yes))
