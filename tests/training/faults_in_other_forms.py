"""Mistakes of students in forms that no rule was written for.

Losses as classes, functions and texts; dictionaries, lists and pipelines; Sequential networks and
classes of one's own. Each says which names would be true of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from keras import layers, losses, metrics, ops, optimizers
from training.kinds_after_guides import digits, phrases

from autograder.training import check_training

EXPLODED = ("loss-not-finite", "loss-rises", "weights-not-finite", "exploding-gradient")
STUCK = ("underfit", "loss-stands-still", "majority-only")


@dataclass(frozen=True)
class Fault:
    """A mistake: what makes it and says what is told of it, and what may be."""

    make: Callable[[int], set[str]]
    names: frozenset[str]


FAULTS: list[Fault] = []


def fault(*names):
    def enter(make):
        def told(seed):
            keras.utils.set_random_seed(seed)
            found = make(np.random.default_rng(seed))
            return {finding.id for finding in found.findings}

        told.__name__ = make.__name__
        FAULTS.append(Fault(told, frozenset(names)))
        return make

    return enter


def looked_at(model, x, y=None, epochs=0, data=None, **more):
    """What is said of a compiled network, before or after it was trained."""
    history = model.fit(x, y, epochs=epochs, verbose=0, **more) if epochs else None
    validation = {"validation_data": more["validation_data"]} if "validation_data" in more else {}
    return check_training(model, data or (x if y is None else (x, y)), history, **validation)


def row(*hidden, shape=None):
    return keras.Sequential([*([keras.Input(shape)] if shape else []), *hidden])


class Own(keras.Model):
    """A network of a class of one's own, with one layer behind the other."""

    def __init__(self, *row):
        super().__init__()
        self.row = list(row)

    def call(self, x):
        for layer in self.row:
            x = layer(x)
        return x


@fault("softmax-under-from-logits")
def probabilities_under_logits_in_a_sequential(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(32, "relu"), layers.Dense(3), layers.Softmax())
    model.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
    return looked_at(model, x, y, 2)


@fault("softmax-under-from-logits")
def sigmoid_called_as_an_operation(r):
    x, y = phrases(r)
    given = keras.Input((20,))
    inner = layers.GlobalAveragePooling1D()(layers.Embedding(80, 8)(given))
    model = keras.Model(given, ops.sigmoid(layers.Dense(1)(inner)))
    model.compile("adam", losses.BinaryCrossentropy(from_logits=True))
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, y)).batch(32))


@fault("softmax-under-from-logits")
def softmax_written_in_a_class_of_ones_own(r):
    x, y = digits(r)
    model = Own(layers.Flatten(), layers.Dense(24, "relu"), layers.Dense(3, "softmax"))
    model.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
    return looked_at(model, x, y, 2)


@fault("logits-without-from-logits")
def no_activation_under_a_class_without_brackets(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(24, "relu"), layers.Dense(3))
    model.compile("adam", losses.SparseCategoricalCrossentropy)
    return looked_at(model, x, y, 2)


@fault("logits-without-from-logits")
def no_activation_under_a_function(r):
    x, y = phrases(r)
    model = row(layers.Embedding(80, 8), layers.LSTM(8), layers.Dense(1))
    model.compile("rmsprop", losses.binary_crossentropy, metrics=["accuracy"])
    return looked_at(model, x, y, 1)


@fault("logits-without-from-logits")
def no_activation_at_one_of_two_named(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Flatten()(given)
    outs = {"kind": layers.Dense(3)(inner), "size": layers.Dense(1)(inner)}
    model = keras.Model(given, outs)
    model.compile("adam", {"kind": losses.SparseCategoricalCrossentropy(), "size": "mse"})
    return looked_at(model, x, {"kind": y, "size": x.mean(axis=(1, 2, 3))})


@fault("logits-without-from-logits")
def no_activation_in_a_class_of_ones_own(r):
    x, y = digits(r)
    model = Own(layers.Flatten(), layers.Dense(24, "relu"), layers.Dense(3))
    model.compile("adam", "sparse_categorical_crossentropy")
    return looked_at(model, x, y, 2)


@fault("integer-labels")
def numbers_of_classes_under_a_class_in_a_pipeline(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"), shape=(12, 12, 1))
    model.compile("adam", losses.CategoricalCrossentropy())
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, y[:, None])).batch(20))


@fault("one-hot-labels")
def rows_under_sparse_by_a_short_function(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3), shape=(12, 12, 1))
    model.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
    return looked_at(model, x, keras.utils.to_categorical(y, 3).astype(bool))


@fault("one-hot-labels")
def rows_of_each_pixel_under_sparse(r):
    x, _ = digits(r, 120)
    rows = keras.utils.to_categorical((x[..., 0] > 0.6).astype(int), 2)
    model = row(layers.Conv2D(2, 3, padding="same", activation="softmax"), shape=(12, 12, 1))
    model.compile("adam", "sparse_categorical_crossentropy")
    return looked_at(model, x, rows)


@fault("softmax-of-one")
def softmax_over_one_in_a_dictionary(r):
    x, y = phrases(r)
    words = keras.Input((20,), name="words")
    inner = layers.GlobalMaxPooling1D()(layers.Embedding(80, 8)(words))
    model = keras.Model({"words": words}, {"good": layers.Dense(1, "softmax")(inner)})
    model.compile("adam", {"good": "binary_crossentropy"}, metrics={"good": ["accuracy"]})
    return looked_at(model, {"words": x}, {"good": y}, 2)


@fault("softmax-of-one", "regression-of-classes")
def softmax_for_a_plain_number(r):
    x = r.normal(size=(300, 4))
    model = row(layers.Dense(16, "relu"), layers.Dense(1, "softmax"))
    model.compile("adam", losses.MeanSquaredError)
    return looked_at(model, x, x[:, 0] * 2, 6)


@fault("softmax-under-binary")
def one_of_many_as_yes_or_no(r):
    x, y = digits(r)
    model = row(layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(3, activation="softmax"))
    model.compile("adam", losses.BinaryCrossentropy())
    return looked_at(model, x, keras.utils.to_categorical(y, 3), 2)


@fault("activation-does-not-fit")
def relu_at_the_end_of_a_classifier(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3), layers.Activation(keras.activations.relu))
    model.compile("sgd", losses.sparse_categorical_crossentropy)
    return looked_at(model, x, y, 2)


@fault("activation-does-not-fit")
def tanh_under_binary(r):
    x, y = phrases(r)
    model = row(layers.Embedding(80, 4), layers.Flatten(), layers.Dense(1, ops.tanh))
    model.compile("adam", losses.BinaryFocalCrossentropy())
    return looked_at(model, x, y, 1)


@fault("labels-out-of-reach")
def sigmoid_for_a_price(r):
    x = r.normal(size=(300, 4))
    model = row(layers.Dense(16, "relu"), layers.Dense(1), layers.Activation("sigmoid"))
    model.compile("adam", losses.MeanAbsoluteError)
    return looked_at(model, x, x[:, :1] * 30 + 50, 6)


@fault("labels-out-of-reach")
def relu_for_gains_and_losses(r):
    x = r.normal(size=(300, 4))
    model = row(layers.Dense(16, "relu"), layers.Dense(1), layers.ReLU())
    model.compile("adam", losses.LogCosh())
    return looked_at(model, x, x[:, :1], 6)


@fault("labels-broadcast")
def one_number_for_each_step_and_one_label(r):
    x = r.normal(size=(200, 10, 3))
    model = row(layers.GRU(8, return_sequences=True), layers.Dense(1), shape=(10, 3))
    model.compile("adam", losses.Huber())
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, x[:, :1, 0])).batch(32))


@fault("label-outside-range")
def classes_counted_from_one_in_a_pipeline(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"), shape=(12, 12, 1))
    model.compile("adam", losses.SparseCategoricalCrossentropy())
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, y + 1)).batch(32))


@fault("label-outside-range")
def sides_of_minus_one_under_binary(r):
    x, y = phrases(r)
    model = row(layers.Embedding(80, 4), layers.Flatten(), layers.Dense(1))
    model.compile("adam", losses.BinaryCrossentropy(from_logits=True))
    return looked_at(model, x, 2 * y - 1, 1)


@fault("several-labels-for-one")
def many_tags_under_one_of_many(r):
    x = r.normal(size=(300, 8))
    model = row(layers.Dense(5, "softmax"), shape=(8,))
    model.compile("adam", losses.CategoricalCrossentropy)
    return looked_at(model, x, (x[:, :5] > 0).astype("int32"))


@fault("accuracy-on-regression")
def accuracy_of_a_price_as_a_class(r):
    x = r.normal(size=(300, 4))
    model = row(layers.Dense(16, "relu"), layers.Dense(1))
    model.compile("adam", losses.MeanSquaredError(), metrics=[metrics.Accuracy()])
    return looked_at(model, x, x[:, :1] * 3 + r.normal(size=(300, 1)), 6)


@fault("class-without-brackets")
def accuracy_of_a_price_without_brackets(r):
    x = r.normal(size=(300, 4))
    model = row(layers.Dense(16, "relu"), layers.Dense(1))
    model.compile("adam", losses.MeanSquaredError(), metrics=[metrics.Accuracy])
    return looked_at(model, x, x[:, :1] * 3 + r.normal(size=(300, 1)), 6)


@fault("class-without-brackets")
def metrics_of_two_outputs_without_brackets(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Flatten()(given)
    outs = {"kind": layers.Dense(3, "softmax")(inner), "size": layers.Dense(1)(inner)}
    model = keras.Model(given, outs)
    model.compile("adam", {"kind": "sparse_categorical_crossentropy", "size": "mse"},
                  metrics={"size": metrics.MeanAbsoluteError})  # fmt: skip
    return looked_at(model, x, {"kind": y, "size": x.mean(axis=(1, 2))})


@fault("loss-not-called-so")
def a_quantile_still_to_be_chosen(r):
    def pinball(q):
        return lambda t, p: ops.mean(ops.maximum(q * (t - p), (q - 1) * (t - p)))

    model = Own(layers.Dense(16, "relu"), layers.Dense(1))
    model.compile("adam", pinball)
    x = r.normal(size=(200, 3))
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, x[:, :1])).batch(20))


@fault("no-loss-or-metric")
def a_layer_named_among_the_losses(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Flatten()(given)
    outs = {"kind": layers.Dense(3, "softmax")(inner), "size": layers.Dense(1)(inner)}
    model = keras.Model(given, outs)
    model.compile("adam", {"kind": layers.Softmax(), "size": "mse"})
    return looked_at(model, x, {"kind": y, "size": x.mean(axis=(1, 2))})


@fault("no-loss")
def a_class_of_ones_own_without_a_loss(r):
    model = Own(layers.Dense(16, "relu"), layers.Dense(1))
    model.compile(optimizers.Adam(0.01), metrics=["mae"])
    x = r.normal(size=(200, 3))
    return looked_at(model, x, x[:, :1])


@fault("metric-does-not-fit")
def binary_accuracy_of_many(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=[metrics.BinaryAccuracy()])
    return looked_at(model, x, y)


@fault("metric-does-not-fit")
def sparse_accuracy_of_rows(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"))
    model.compile("adam", losses.CategoricalCrossentropy(),
                  metrics=[metrics.SparseCategoricalAccuracy()])  # fmt: skip
    return looked_at(model, x, keras.utils.to_categorical(y, 3))


@fault("outputs-mixed-up")
def losses_of_two_in_the_other_order(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Dense(16, "relu")(layers.Flatten()(given))
    model = keras.Model(given, [layers.Dense(1)(inner), layers.Dense(3, "softmax")(inner)])
    model.compile("adam", [losses.SparseCategoricalCrossentropy(), losses.MeanSquaredError()])
    return looked_at(model, x, [x.mean(axis=(1, 2, 3)), y])


@fault("loss-drowned")
def dollars_beside_a_class(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Dense(16, "relu")(layers.Flatten()(given))
    outs = [layers.Dense(3, "softmax", name="kind")(inner), layers.Dense(1, name="price")(inner)]
    model = keras.Model(given, outs)
    model.compile("adam", {"kind": "sparse_categorical_crossentropy", "price": "mse"})
    return looked_at(model, x, {"kind": y, "price": y * 9000.0 + 100})


@fault("loss-never-applied")
def a_dictionary_of_losses_with_one_left_out(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Flatten()(given)
    outs = {"kind": layers.Dense(3, "softmax")(inner), "size": layers.Dense(1)(inner)}
    model = keras.Model(given, outs)
    model.compile("adam", {"kind": "sparse_categorical_crossentropy"})
    return looked_at(model, x, {"kind": y, "size": y * 1.0})


@fault("unscaled-input")
def bytes_of_pictures_in_a_pipeline(r):
    x, y = digits(r)
    x = (np.clip(x, 0, 1) * 255).astype("uint8")
    model = row(layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(3))
    model.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True))
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, y)).batch(32), epochs=1)


@fault("nan-in-data")
def a_gap_in_a_table(r):
    x = r.normal(size=(300, 4))
    x[17, 2] = np.nan
    model = row(layers.Normalization(), layers.Dense(16, "relu"), layers.Dense(1))
    model.compile("adam", "mae")
    return looked_at(model, {"x": x}["x"], x[:, 0] * 0 + 1.0 * np.arange(300))


@fault("rate-too-high", *EXPLODED, *STUCK, "dead-relu")
def a_rate_of_one_for_adam(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(32, "relu"), layers.Dense(3, "softmax"))
    model.compile(optimizers.Adam(1.0), losses.SparseCategoricalCrossentropy())
    return looked_at(model, x, y, 6)


@fault("rate-too-high", *EXPLODED, "labels-far")
def descent_on_labels_of_thousands(r):
    x = r.normal(size=(300, 4))
    model = row(layers.Dense(32, "relu"), layers.Dense(32, "relu"), layers.Dense(1))
    model.compile("sgd", losses.MeanSquaredError())
    return looked_at(model, x, 5000 + 2000 * x[:, :1], 5)


@fault("rate-too-low", *STUCK)
def a_rate_that_moves_nothing(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(32, "relu"), layers.Dense(3, "softmax"))
    model.compile(optimizers.RMSprop(1e-8), "sparse_categorical_crossentropy")
    return looked_at(model, x, y, 5)


@fault("nothing-to-learn")
def all_frozen_with_the_head(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"), shape=(12, 12, 1))
    model.trainable = False
    model.compile("adam", "sparse_categorical_crossentropy")
    return looked_at(model, x, y)


@fault("frozen-untrained")
def a_random_base_that_is_frozen(r):
    x, y = digits(r)
    base = row(layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), shape=(12, 12, 1))
    base.trainable = False
    model = row(base, layers.Dense(3, "softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return looked_at(model, x, y, 2)


@fault("no-gradient")
def an_answer_that_is_rounded(r):
    x, y = phrases(r)
    given = keras.Input((20,))
    inner = layers.GlobalAveragePooling1D()(layers.Embedding(80, 8)(given))
    model = keras.Model(given, ops.round(layers.Dense(1, "sigmoid")(inner)))
    model.compile("adam", losses.BinaryCrossentropy())
    return looked_at(model, x, y.astype("float32")[:, None])


@fault("no-gradient")
def a_layer_that_leaves_tensorflow(r):
    class Rounded(layers.Layer):
        def call(self, x):
            return tf.cast(x > 0.5, tf.float32) + 0.0

    x = r.normal(size=(300, 4))
    model = row(layers.Dense(8, "sigmoid"), Rounded(), layers.Dense(1), shape=(4,))
    model.compile("adam", losses.MeanSquaredError())
    return looked_at(model, x, x[:, :1])


@fault("weights-all-equal")
def all_begun_at_zero(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(16, "tanh", kernel_initializer="zeros"),
                layers.Dense(3, "softmax", kernel_initializer="zeros"))  # fmt: skip
    model.compile("adam", "sparse_categorical_crossentropy")
    return looked_at(model, x, y, 4)


@fault("weights-all-equal")
def convolutions_begun_at_one(r):
    x, y = digits(r)
    model = row(layers.Conv2D(8, 3, kernel_initializer=keras.initializers.Ones()),
                layers.GlobalMaxPooling2D(), layers.Dense(3), shape=(12, 12, 1))  # fmt: skip
    model.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
    return looked_at(model, x, y)


@fault("dropout-at-output")
def dropout_behind_the_classes(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"), layers.Dropout(0.5))
    model.compile("adam", losses.sparse_categorical_crossentropy)
    return looked_at(model, x, y, 2)


@fault("padding-unmasked")
def padding_behind_read_by_both_directions(r):
    x, y = phrases(r)
    padded = keras.utils.pad_sequences(list(x), maxlen=60, padding="post")
    padded[::2, 12:] = 0
    model = row(layers.Embedding(80, 8), layers.GRU(8), layers.Dense(1, "sigmoid"))
    model.compile("adam", "binary_crossentropy")
    return looked_at(model, padded, y, 2)


@fault("index-out-of-range")
def a_vocabulary_of_one_too_few(r):
    x, y = phrases(r)
    model = row(layers.Embedding(int(x.max()), 8), layers.GlobalAveragePooling1D(),
                layers.Dense(1, "sigmoid"), shape=(20,))  # fmt: skip
    model.compile("adam", "binary_crossentropy")
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, y)).batch(32))


@fault("validation-in-training")
def validated_on_the_first_hundred(r):
    x, y = digits(r)
    model = row(layers.Flatten(), layers.Dense(3, "softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return looked_at(model, x, y, 2, validation_data=(x[:100], y[:100]))


@fault("labels-shuffled", *STUCK)
def a_table_sorted_apart_from_its_labels(r):
    x = np.sort(r.normal(size=(400, 4)), axis=0)
    y = (x[:, 0] + x[:, 1] > 0).astype(int)[r.permutation(400)]
    model = row(layers.Dense(16, "relu"), layers.Dense(1, "sigmoid"))
    model.compile(optimizers.Adam(0.005), "binary_crossentropy", metrics=["accuracy"])
    return looked_at(model, x, y, 8)


@fault("overfit")
def learned_by_heart(r):
    x = r.normal(size=(60, 40))
    y = (x[:, 0] + r.normal(size=60) > 0).astype(int)
    held = r.normal(size=(200, 40))
    of_held = (held[:, 0] + r.normal(size=200) > 0).astype(int)
    model = row(layers.Dense(256, "relu"), layers.Dense(256, "relu"), layers.Dense(2))
    model.compile(optimizers.Adam(0.003), losses.SparseCategoricalCrossentropy(from_logits=True))
    return looked_at(model, x, y, 40, validation_data=(held, of_held))


@fault("batch-norm-of-one")
def batches_of_one_sample(r):
    x = r.normal(size=(60, 4))
    model = row(layers.Dense(8), layers.BatchNormalization(), layers.ReLU(), layers.Dense(1),
                shape=(4,))  # fmt: skip
    model.compile("adam", losses.MeanSquaredError())
    return looked_at(model, tf.data.Dataset.from_tensor_slices((x, x[:, :1])).batch(1))


@fault("loss-without-end")
def a_sign_that_is_wrong(r):
    x, y = digits(r)

    class Alike(losses.Loss):
        def call(self, truth, made):
            return -ops.mean(ops.square(truth - made), axis=-1)

    model = row(layers.Flatten(), layers.Dense(16, "relu"), layers.Dense(1))
    model.compile(optimizers.Adam(0.01), Alike())
    return looked_at(model, x, y[:, None], 8)


@fault("name-of-no-output")
def a_metric_for_no_output(r):
    x, y = digits(r)
    given = keras.Input((12, 12, 1))
    inner = layers.Flatten()(given)
    outs = [layers.Dense(3, "softmax", name="kind")(inner), layers.Dense(1, name="size")(inner)]
    model = keras.Model(given, outs)
    model.compile("adam", {"kind": "sparse_categorical_crossentropy", "size": "mse"},
                  metrics={"kinds": "accuracy"})  # fmt: skip
    return looked_at(model, x, [y, y * 1.0])
