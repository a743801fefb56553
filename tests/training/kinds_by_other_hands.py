"""Healthy trainings with weights, losses and inputs that the other lists have not.

Samples and classes that weigh more, several losses with weights, networks that need no labels.
Each is seen to learn: by its loss, or by what the network then does.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import callbacks, layers, losses, metrics, ops, optimizers
from training.healthy_kinds import entered_in
from training.instances import Instance
from training.kinds_after_guides import accuracy, trained

KINDS = []
kind = entered_in(KINDS)


def blobs(r, count=400, classes=3, features=5):
    centres = r.normal(size=(classes, features)) * 2.5
    y = r.integers(0, classes, count)
    return (centres[y] + r.normal(size=(count, features))).astype("float32"), y


def waves(r, count=300, steps=30):
    begin, speed = r.uniform(0, 6, (count, 1)), r.uniform(0.1, 0.4, (count, 1))
    return np.sin(begin + speed * np.arange(steps)).astype("float32")[..., None]


@kind
def frauds_that_weigh_thirty_times(r):
    x = r.normal(size=(3000, 6)).astype("float32")
    y = (x[:, 0] + x[:, 1] > 2.6).astype("int32")
    model = keras.Sequential([layers.Dense(16, "relu"), layers.Dense(1, "sigmoid")])
    model.compile(optimizers.Adam(0.01), "binary_crossentropy",
                  metrics=[metrics.Precision(), metrics.Recall()])  # fmt: skip
    return trained(model, x, y, epochs=6, class_weight={0: 1.0, 1: 30.0}, falls_to=0.6)


@kind
def rare_kinds_of_three_with_weights(r):
    x, y = blobs(r, 1500)
    kept = (y == 0) | (r.random(1500) < 0.08)
    x, y = x[kept], y[kept]
    model = keras.Sequential([layers.Dense(3, "softmax")])
    model.compile(optimizers.SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    counts = np.bincount(y, minlength=3)
    weights = {k: len(y) / max(c, 1) for k, c in enumerate(counts)}
    return trained(model, x, y, epochs=8, class_weight=weights)


@kind
def old_measurements_count_less(r):
    x = r.uniform(0, 1, (500, 3))
    y = x @ [1.0, -2.0, 0.5] + r.normal(size=500) * 0.1
    weights = np.linspace(0.05, 6.0, 500)
    given = keras.Input((3,))
    model = keras.Model(given, layers.Dense(1)(given))
    model.compile(optimizers.Adam(0.05), "mae", weighted_metrics=["mse"])
    done = trained(model, x, y, epochs=15, sample_weight=weights)
    return Instance(model, (x, y, weights), done.history)


@kind
def weights_from_a_pipeline(r):
    x, y = blobs(r, 600, classes=2)
    weights = np.where(y, 12.0, 0.5).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, y, weights)).shuffle(600).batch(30)
    model = keras.Sequential([layers.Dense(8, "tanh"), layers.Dense(1)])
    model.compile("adam", losses.BinaryCrossentropy(from_logits=True))
    return trained(model, data, epochs=6)


@kind
def classes_of_losses_with_weights_of_outputs(r):
    x, y = blobs(r)
    given = keras.Input((5,))
    inner = layers.Dense(24, "relu")(given)
    outs = [layers.Dense(3, "softmax", name="kind")(inner), layers.Dense(1, name="sum")(inner)]
    model = keras.Model(given, outs)
    model.compile("adam", [losses.SparseCategoricalCrossentropy(), losses.Huber()],
                  loss_weights=[1.0, 1e-4], metrics=[["accuracy"], ["mae"]])  # fmt: skip
    return trained(model, x, [y, 300 * x.sum(axis=1)], epochs=12, falls_to=0.95)


class Auto(keras.Model):
    """An autoencoder that computes its loss itself."""

    def __init__(self, width):
        super().__init__()
        self.encode, self.decode = layers.Dense(width, "tanh"), layers.Dense(20)

    def call(self, x):
        return self.decode(self.encode(x))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.mean((x - y_pred) ** 2)


@kind
def an_encoder_of_inputs_alone(r):
    x = (r.normal(size=(500, 3)) @ r.normal(size=(3, 20)) / 3).astype("float32")
    model = Auto(6)
    model.compile(optimizers.Adam(0.01))
    return trained(model, x, data=tf.data.Dataset.from_tensor_slices(x).batch(32), epochs=15)


class Sampled(layers.Layer):
    def call(self, mean, spread):
        self.add_loss(-0.02 * ops.mean(1 + spread - mean**2 - ops.exp(spread)))
        return mean + ops.exp(spread / 2) * keras.random.normal(ops.shape(mean))


@kind
def a_variational_encoder_by_added_losses(r):
    x = (r.normal(size=(400, 2)) @ r.normal(size=(2, 12))).astype("float32")
    given = keras.Input((12,))
    inner = layers.Dense(16, "relu")(given)
    drawn = Sampled()(layers.Dense(2)(inner), layers.Dense(2)(inner))
    back = layers.Dense(12)(layers.Dense(16, "relu")(drawn))

    class Away(layers.Layer):
        def call(self, x, back):
            self.add_loss(ops.mean((x - back) ** 2))
            return back

    model = keras.Model(given, Away()(given, back))
    model.compile(optimizers.Adam(0.01))
    return trained(model, x, data=(x, None), epochs=20)


class Rivals(keras.Model):
    """Two networks, one of which makes what the other tells from real things."""

    def __init__(self):
        super().__init__()
        self.maker = keras.Sequential([layers.Dense(16, "relu"), layers.Dense(2)])
        self.judge = keras.Sequential([layers.Dense(16, "relu"), layers.Dense(1)])

    def build(self, shape):
        self.maker.build((None, 3))
        self.judge.build((None, 2))

    def compile(self, of_maker, of_judge):
        super().compile()
        self.of_maker, self.of_judge = of_maker, of_judge
        self.tells = losses.BinaryCrossentropy(from_logits=True)

    def call(self, noise):
        return self.maker(noise)

    def train_step(self, real):
        count = tf.shape(real)[0]
        noise = tf.random.normal((count, 3))
        both = tf.concat([real, self.maker(noise)], 0)
        truth = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0)
        with tf.GradientTape() as tape:
            of_judge = self.tells(truth, self.judge(both))
        weights = self.judge.trainable_variables
        self.of_judge.apply(tape.gradient(of_judge, weights), weights)
        with tf.GradientTape() as tape:
            of_maker = self.tells(tf.ones((count, 1)), self.judge(self.maker(noise)))
        weights = self.maker.trainable_variables
        self.of_maker.apply(tape.gradient(of_maker, weights), weights)
        return {"judge": of_judge, "maker": of_maker}


@kind
def rivals_who_see_real_points(r):
    real = (r.normal(size=(600, 2)) * 0.3 + [2.0, -1.0]).astype("float32")
    model = Rivals()
    model.build((None, 3))
    model.compile(optimizers.Adam(0.002, beta_1=0.5), optimizers.Adam(0.005, beta_1=0.5))
    data = tf.data.Dataset.from_tensor_slices(real).batch(50)
    history = model.fit(data, epochs=60, verbose=0)
    made = np.asarray(model.maker(np.random.default_rng(1).normal(size=(200, 3))))
    assert np.abs(made.mean(axis=0) - [2.0, -1.0]).max() < 1.0, made.mean(axis=0)
    return Instance(model, data, history)


@kind
def waves_foretold_twenty_steps(r):
    x = waves(r)
    given = keras.Input((None, 1))
    model = keras.Model(given, layers.Dense(1)(layers.GRU(12, return_sequences=True)(given)))
    model.compile(optimizers.Adam(0.02, clipnorm=1.0), "mse")
    return trained(model, x[:, :-1], x[:, 1:], epochs=6)


@kind
def ratings_in_their_own_units(r):
    users, items = r.integers(0, 30, 1500), r.integers(0, 40, 1500)
    tastes, kinds = r.normal(size=(30, 3)), r.normal(size=(40, 3))
    y = np.clip(3 + (tastes[users] * kinds[items]).sum(axis=1), 1, 5)
    one, other = keras.Input((1,), dtype="int32"), keras.Input((1,), dtype="int32")
    both = [layers.Flatten()(layers.Embedding(n, 6)(g)) for n, g in ((30, one), (40, other))]
    model = keras.Model([one, other], layers.Lambda(lambda d: d + 3.0)(layers.Dot(1)(both)))
    model.compile(optimizers.Adam(0.02), losses.MeanSquaredError(), metrics=["mae"])
    return trained(model, [users[:, None], items[:, None]], y, epochs=12)


@kind
def edges_marked_point_by_point(r):
    x = r.random((80, 16, 16, 1)).astype("float32") * 0.3
    y = np.zeros((80, 16, 16, 1), "float32")
    for picture, mask in zip(x, y, strict=True):
        a, b = r.integers(1, 10, 2)
        picture[a : a + 5, b : b + 5] += 0.6
        mask[a : a + 5, b : b + 5] = 1
    model = keras.Sequential([
        keras.Input((16, 16, 1)), layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.Conv2D(1, 1, activation="sigmoid"),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.02), losses.Dice(), metrics=[metrics.BinaryIoU()])
    return trained(model, x, y, epochs=15, falls_to=0.8)


@kind
def hinge_of_minus_one_and_one(r):
    x, y = blobs(r, 300, classes=2)
    model = keras.Sequential([layers.Dense(1)])
    model.compile(optimizers.SGD(0.02), "hinge")
    return trained(model, x, np.where(y, 1.0, -1.0)[:, None], epochs=15)


@kind
def directions_by_their_cosine(r):
    x = r.normal(size=(400, 4)).astype("float32")
    model = keras.Sequential([layers.Dense(24, "relu"), layers.Dense(3)])
    model.compile(optimizers.Adam(0.01), losses.CosineSimilarity())
    y = x @ r.normal(size=(4, 3))
    history = model.fit(x, y, epochs=10, verbose=0)
    assert history.history["loss"][-1] < -0.85
    return Instance(model, (x, y), history)


@kind
def a_teacher_softened(r):
    x, y = blobs(r, 500)
    scores = np.exp(-((x[:, None] - np.stack([x[y == k].mean(axis=0) for k in range(3)])) ** 2)
                    .sum(axis=-1) / 8)  # fmt: skip
    soft = (scores / scores.sum(axis=1, keepdims=True)).astype("float32")
    model = keras.Sequential([layers.Dense(12, "relu"), layers.Dense(3, "softmax")])
    model.compile(optimizers.Adam(0.01), losses.KLDivergence())
    return trained(model, x, soft, epochs=12)


@kind
def a_rate_that_warms_up(r):
    x, y = blobs(r)
    rate = optimizers.schedules.CosineDecay(1e-6, 90, warmup_target=0.03, warmup_steps=20)
    model = keras.Sequential([layers.Dense(16, "gelu"), layers.Dense(3, "softmax")])
    model.compile(optimizers.AdamW(rate, weight_decay=0.01), "sparse_categorical_crossentropy")
    return trained(model, x, y, epochs=9)


@kind
def stopped_early_and_put_back(r):
    x, y = blobs(r, 240)
    model = keras.Sequential([layers.Dense(64, "relu"), layers.Dropout(0.4), layers.Dense(3)])
    model.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])  # fmt: skip
    stop = callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    done = trained(model, x, y, epochs=30, validation_split=0.25, callbacks=[stop])
    assert accuracy(model, x, y) > 0.8
    return done


@kind
def tones_told_by_their_spectrum(r):
    y, times = r.integers(0, 3, 240), np.arange(256)
    angles = 2 * np.pi * np.array([8, 20, 45])[y][:, None] * times / 256
    x = np.sin(angles + r.uniform(0, 6, (240, 1))).astype("float32")[..., None]
    model = keras.Sequential([
        keras.Input((256, 1)), layers.Conv1D(12, 32, 8, activation="relu"),
        layers.GlobalMaxPooling1D(), layers.BatchNormalization(), layers.Dense(3, "softmax"),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    return trained(model, x, y, epochs=15)


@kind
def a_network_grown_onto_a_frozen_one(r):
    x, y = blobs(r, 500)
    base = keras.Sequential([keras.Input((5,)), layers.Dense(20, "relu"), layers.Dense(3)])
    base.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
    base.fit(x, y, epochs=8, verbose=0)
    base.trainable = False
    given = keras.Input((5,))
    model = keras.Model(given, layers.Dense(1)(layers.Dense(8, "relu")(base(given))))
    model.compile(optimizers.Adam(0.02), losses.LogCosh())
    return trained(model, x, (y == 1).astype("float32")[:, None], epochs=12)


@kind
def answers_of_a_few_levels_counted_up(r):
    x = r.normal(size=(500, 4)).astype("float32")
    level = np.digitize(x[:, 0] + 0.5 * x[:, 1], [-0.8, 0.0, 0.8])
    y = (level[:, None] > np.arange(3)).astype("float32")
    model = keras.Sequential([layers.Dense(16, "relu"), layers.Dense(3, "sigmoid")])
    model.compile(optimizers.Adam(0.02), "binary_crossentropy",
                  metrics=[metrics.BinaryAccuracy(), metrics.AUC(multi_label=True)])  # fmt: skip
    return trained(model, x, y, epochs=10)


@kind
def one_long_step_an_epoch(r):
    x = r.normal(size=(600, 8)).astype("float32")
    y = (x @ r.normal(size=8))[:, None]
    model = keras.Sequential([layers.Dense(1)])
    model.compile(optimizers.SGD(0.1, momentum=0.9), "mse", steps_per_execution=2)
    return trained(model, x, y, epochs=25, batch_size=600)
