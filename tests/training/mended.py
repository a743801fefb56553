"""Of each mistake the same thing done right: of that nothing must be said.

The mended twin of what `instances` makes; where a recipe there is healthy already, it is that one.
"""

import keras
import numpy as np
from keras import layers, losses
from training.instances import (
    BINARY,
    HEALTHY,
    ONE_HOT,
    SPARSE,
    TRAINED,
    Instance,
    Task,
    asked_of_logits,
    normalized_in_batches,
    of_one,
    of_two,
    reader,
    together,
    two_heads,
    without_arguments,
    words,
)

MENDED = {}
"""What makes the twin of an instance, from a seed, by the mistake's name."""


def mended(*names):
    def enter(make):
        MENDED.update(dict.fromkeys(names, make))
        return make

    return enter


def fits(*names, **given):
    """An output, a loss and labels that go together."""
    MENDED.update(dict.fromkeys(names, together(**given)))


IN_CLASSES = {"units": "classes", "activation": "softmax"}
LOGITS = losses.SparseCategoricalCrossentropy(from_logits=True)
fits("softmax-under-from-logits", **IN_CLASSES, loss=SPARSE, labels=lambda t: t.labels)
fits(
    "logits-without-from-logits",
    units="classes",
    activation=None,
    loss=LOGITS,
    labels=lambda t: t.labels,
)
fits(
    "softmax-of-one",
    "classes-of-one",
    units=1,
    activation="sigmoid",
    loss=BINARY,
    labels=lambda t: t.yes,
)
fits("activation-does-not-fit", **IN_CLASSES, loss=ONE_HOT, labels=lambda t: t.one_hot)
fits(
    "softmax-under-binary",
    "several-labels-for-one",
    units="classes",
    activation="sigmoid",
    loss=BINARY,
    labels=lambda t: t.several,
)
fits(
    "integer-labels",
    "regression-of-classes",
    "label-outside-range",
    "metric-does-not-fit",
    "nan-in-data",
    "one-label-only",
    "softmax-over-other-axis",
    "activation-twice",
    "constant-input",
    **IN_CLASSES,
    loss=SPARSE,
    labels=lambda t: t.labels,
    metrics=["sparse_categorical_accuracy"],
)
fits(
    "one-hot-labels",
    **IN_CLASSES,
    loss=ONE_HOT,
    labels=lambda t: t.one_hot,
    metrics=["categorical_accuracy"],
)
fits(
    "labels-broadcast",
    "labels-out-of-reach",
    "accuracy-on-regression",
    units=1,
    activation=None,
    loss="mse",
    labels=lambda t: 10 * t.numbers,
    metrics=["mae"],
)


@mended("outputs-mixed-up", "name-of-no-output", "loss-never-applied", "loss-drowned")
def each_its_own(seed):
    task = Task(seed)
    given = {"kind": SPARSE, "size": "mse"}
    model = task.compiled(two_heads(task), given, loss_weights={"kind": 1.0, "size": 0.5})
    return Instance(model, (task.x, {"kind": task.labels, "size": task.numbers}))


@mended("metric-of-logits")
def area_that_knows_of_logits(seed):
    return asked_of_logits(Task(seed), keras.metrics.AUC(from_logits=True))


@mended("unscaled-input", "input-scaled-away")
def scaled(seed):
    task = Task(seed)
    x = np.clip(127 + 60 * task.x, 0, 255) / 255
    return Instance(task.classifier(), (x, task.labels))


@mended("padding-unmasked")
def masked(seed):
    task = Task(seed)
    kind = layers.GRU if seed % 2 else layers.LSTM
    return Instance(reader(task, mask=True, kind=kind), (words(task), task.yes))


@mended("index-out-of-range")
def enough_words(seed):
    task = Task(seed)
    return Instance(reader(task), (words(task, pad=False), task.yes))


@mended("validation-in-training")
def validated_on_others(seed):
    task = Task(seed)
    few = slice(0, task.count // 3)
    rest = slice(task.count // 3, None)
    more = {"validation_data": (task.x[few], task.labels[few])}
    return Instance(task.classifier(), (task.x[rest], task.labels[rest]), more=more)


@mended("nothing-to-learn", "weights-all-equal", "weights-not-finite", "dead-relu", "no-gradient")
def as_keras_starts(seed):
    task = Task(seed)
    return Instance(task.classifier(), (task.x, task.labels))


@mended("rate-too-high", "rate-too-low", "rate-not-above-zero")
def the_optimizers_own_rate(seed):
    task = Task(seed)
    model = task.compiled(task.model(task.classes, "softmax"), SPARSE, "adam")
    return Instance(model, (task.x, task.labels))


@mended("dropout-at-output", "training-fixed")
def dropout_inside(seed):
    task = Task(seed)
    return Instance(task.classifier(before=layers.Dropout(0.3)), (task.x, task.labels))


@mended("batch-norm-of-one")
def many_at_a_time(seed):
    task = Task(seed)
    model = task.classifier(before=layers.BatchNormalization())
    return Instance(model, (task.x, task.labels), more={"batch_size": 32})


@mended("no-loss-or-metric", "loss-not-called-so")
def losses_that_were_made(seed):
    task = Task(seed)
    loss = [without_arguments(), of_one(2.0), of_two(2, 0.5), [of_one()], losses.huber][seed % 5]
    more = {"metrics": [losses.MeanAbsoluteError(), keras.metrics.mean_squared_error]}
    return Instance(task.compiled(task.model(1), loss, **more), (task.x, task.numbers))


class Shrunk(layers.Layer):
    def call(self, x, training=False):
        if training:
            self.add_loss(keras.ops.mean(x**2))
        return x


@mended("no-loss")
def a_loss_from_elsewhere(seed):
    task = Task(seed)
    more = [{}, {"kernel_regularizer": "l2"}, {"activity_regularizer": "l2"}][seed % 3]
    given = keras.Input((task.features,))
    inner = layers.Dense(task.width, **more)(given)
    model = keras.Model(given, inner if more else Shrunk()(inner))
    model.compile("adam")
    return Instance(model, (task.x, None) if seed % 2 else None)


@mended("name-unknown-to-keras", "weights-no-numbers", "class-without-brackets")
def names_that_keras_has(seed):
    task = Task(seed)
    names = ["mse", "MeanSquaredError", losses.MeanSquaredError(), losses.mean_squared_error]
    more = {"metrics": ["mae"], "loss_weights": [2.0]}
    return Instance(task.compiled(task.model(1), names[seed % 4], **more), (task.x, task.numbers))


@mended("entries-do-not-match")
def an_entry_for_each(seed):
    task = Task(seed)
    more = {"loss_weights": [1.0, 0.5], "metrics": [["accuracy"], ["mae", "mse"]]}
    model = task.compiled(two_heads(task, by_name=False), [SPARSE, "mse"], **more)
    return Instance(model, (task.x, [task.labels, task.numbers]))


@mended("saturated")
def inside_the_ends(seed):
    task = Task(seed)
    return Instance(task.classifier(inside="tanh"), (task.x, task.labels))


@mended("vanishing-gradient")
def deep_relus(seed):
    task = Task(seed)
    given = hidden = keras.Input((task.features,))
    for _ in range(14 + seed % 5):
        hidden = layers.Dense(task.width, "relu", kernel_initializer="he_normal")(hidden)
    out = layers.Dense(task.classes, activation="softmax")(hidden)
    return Instance(task.compiled(keras.Model(given, out), SPARSE), (task.x, task.labels))


@mended("exploding-gradient")
def deep_as_keras_starts(seed):
    task = Task(seed)
    given = hidden = keras.Input((task.features,))
    for _ in range(8):
        hidden = layers.Dense(task.width)(hidden)
    model = task.compiled(keras.Model(given, layers.Dense(1)(hidden)), "mse")
    return Instance(model, (task.x, task.numbers))


@mended("loss-without-end", "loss-not-finite", "loss-rises", "overfit", "loss-stands-still")
def learned(seed):
    figures = [1.2, 0.8, 0.5, 0.4, 0.35, 0.33]
    instance = as_keras_starts(seed)
    instance.history = {"loss": figures, "val_loss": [each + 0.1 for each in figures]}
    return instance


@mended("batch-norm-behind")
def averages_that_follow(seed):
    return normalized_in_batches(seed, 0.9)


@mended("labels-shuffled", "majority-only", "underfit")
def trained_to_the_end(seed):
    return TRAINED[0](seed)


@mended("frozen-untrained")
def frozen_after_it_learned(seed):
    return HEALTHY[0](seed)


@mended("towers-only-weighed")
def compared(seed):
    return HEALTHY[1](seed)
