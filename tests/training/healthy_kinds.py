"""Healthy trainings of other kinds than those on which thresholds were tuned: none shares a task.

Each is a recipe that makes one from a seed: what it learns, how, and what it is measured by differ.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, losses, optimizers
from training.instances import Instance

KINDS = []
SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
BINARY = "binary_crossentropy"


def entered_in(kinds):
    """A decorator of what makes a training from drawn numbers: it enters that in a list."""

    def kind(make):
        def made(seed):
            keras.utils.set_random_seed(seed)
            try:
                return make(np.random.default_rng(seed))
            finally:
                keras.mixed_precision.set_global_policy("float32")

        made.__name__, made.__module__ = make.__name__, make.__module__
        kinds.append(made)
        return made

    return kind


kind = entered_in(KINDS)


def fitted(model, x, y, epochs=10, optimizer=0.01, loss="mse", *, compiled=None, **more):
    """An instance that was trained."""
    if isinstance(optimizer, float):
        optimizer = optimizers.Adam(optimizer)
    model.compile(optimizer, loss, **(compiled or {}))
    data = x if y is None else (x, y)
    history = model.fit(x, y, epochs=epochs, verbose=0, **more)
    validation = {"validation_data": more["validation_data"]} if "validation_data" in more else {}
    return Instance(model, data, history, validation)


def stack(shape, *hidden, dtype=None):
    """A row of layers."""
    given = x = keras.Input(shape, dtype=dtype)
    for layer in hidden:
        x = layer(x)
    return keras.Model(given, x)


def dense(units, activation=None, **more):
    return layers.Dense(units, activation=activation, **more)


@kind
def a_ring_around_a_centre(r):
    x = r.uniform(-2, 2, (600, 2))
    y = (np.hypot(*x.T) < 1.2).astype(int)
    model = stack((2,), dense(16, "tanh"), dense(16, "tanh"), dense(1, "sigmoid"))
    return fitted(model, x, y, 20, loss=BINARY, compiled={"metrics": ["accuracy"]})


@kind
def two_spirals(r):
    t, y = r.uniform(0.5, 3, 800), r.integers(0, 2, 800)
    x = np.stack([t * np.cos(2 * t + np.pi * y), t * np.sin(2 * t + np.pi * y)], 1)
    model = stack((2,), dense(32, "relu"), dense(32, "relu"), dense(2, "softmax"))
    return fitted(model, x, y, 25, loss=SPARSE, validation_split=0.2)


@kind
def exclusive_or(r):
    x = r.uniform(-1, 1, (400, 2))
    y = ((x[:, 0] > 0) ^ (x[:, 1] > 0)).astype("float32")
    model = stack((2,), dense(12, "relu"), dense(1))
    return fitted(model, x, y, 25, 0.02, losses.BinaryCrossentropy(from_logits=True))


@kind
def a_sine_curve(r):
    x = r.uniform(-3, 3, (500, 1))
    model = stack((1,), dense(32, "tanh"), dense(1))
    return fitted(model, x, np.sin(x), 20, compiled={"metrics": ["mae"]})


@kind
def prices_of_houses(r):
    x = r.normal(size=(500, 8))
    y = 250 + x @ r.uniform(5, 40, 8) + r.normal(size=500) * 10
    model = stack((8,), dense(32, "relu"), dense(1))
    return fitted(model, x, y, 40, 0.03, compiled={"metrics": ["mae"]}, validation_split=0.2)


@kind
def a_category_beside_numbers(r):
    shop, x = r.integers(0, 12, (500, 1)), r.normal(size=(500, 3))
    y = r.normal(size=12)[shop[:, 0]] + x[:, 0]
    a, b = keras.Input((1,), dtype="int32", name="shop"), keras.Input((3,), name="x")
    seen = layers.Flatten()(layers.Embedding(12, 4)(a))
    out = dense(1)(dense(16, "relu")(layers.concatenate([seen, b])))
    return fitted(keras.Model({"shop": a, "x": b}, out), {"shop": shop, "x": x}, y, 15)


@kind
def films_and_people(r):
    who, what = r.integers(0, 30, 1500), r.integers(0, 20, 1500)
    tastes, films = r.normal(size=(30, 3)), r.normal(size=(20, 3))
    y = (tastes[who] * films[what]).sum(1)
    a, b = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    out = layers.Dot(1)([layers.Embedding(30, 6)(a), layers.Embedding(20, 6)(b)])
    return fitted(keras.Model([a, b], out), [who, what], y, 15, 0.02)


@kind
def the_next_step_of_a_wave(r):
    t = r.uniform(0, 6, (300, 1)) + np.arange(13) * 0.3
    x, y = np.sin(t)[:, :12, None], np.sin(t)[:, 12]
    return fitted(stack((12, 1), layers.LSTM(12), dense(1)), x, y, 10)


@kind
def rising_or_falling(r):
    slope = r.uniform(-1, 1, 400)
    x = slope[:, None] * np.arange(8) / 4 + r.normal(size=(400, 8)) * 0.3
    model = stack((8, 1), layers.GRU(8), dense(1, "sigmoid"))
    return fitted(model, x[..., None], slope > 0, 8, loss=BINARY)


@kind
def how_fast_a_wave_is(r):
    y = r.integers(0, 3, 400)
    t = np.arange(32) * np.array([0.3, 0.8, 1.6])[y][:, None] + r.uniform(0, 6, (400, 1))
    model = stack(
        (32, 1),
        layers.Conv1D(8, 5, activation="relu"),
        layers.GlobalMaxPooling1D(),
        dense(3, "softmax"),
    )
    return fitted(model, np.sin(t)[..., None], y, 10, loss=SPARSE)


@kind
def a_sum_of_digits(r):
    x = r.integers(0, 10, (600, 5, 1)) / 10.0
    return fitted(stack((5, 1), layers.SimpleRNN(16), dense(1)), x, x.sum(1), 12)


@kind
def each_word_its_kind(r):
    x = r.integers(1, 30, (300, 9))
    model = stack(
        (9,), layers.Embedding(30, 8), layers.Bidirectional(layers.LSTM(8, return_sequences=True)),
        dense(3, "softmax"), dtype="int32",
    )  # fmt: skip
    return fitted(model, x, x % 3, 12, 0.02, SPARSE, compiled={"metrics": ["accuracy"]})


@kind
def an_autoencoder(r):
    x = r.normal(size=(500, 3)) @ r.normal(size=(3, 12))
    return fitted(stack((12,), dense(6, "relu"), dense(12)), x, x, 20)


@kind
def pictures_without_noise(r):
    clean = np.kron(r.integers(0, 2, (250, 4, 4, 1)), np.ones((1, 2, 2, 1)))
    x = np.clip(clean + r.normal(size=clean.shape) * 0.2, 0, 1)
    model = stack(
        (8, 8, 1),
        layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
    )
    return fitted(model, x, clean, 8, loss=BINARY)


@kind
def stripes_that_lie_or_stand(r):
    y = r.integers(0, 2, 300)
    rows = np.repeat(r.integers(0, 2, (300, 10, 1)), 10, axis=2)
    x = np.where(y[:, None, None], rows, rows.transpose(0, 2, 1))[..., None]
    model = stack(
        (10, 10, 1), layers.Conv2D(8, 3, use_bias=False), layers.BatchNormalization(),
        layers.ReLU(), layers.GlobalAveragePooling2D(), dense(2, "softmax"),
    )  # fmt: skip
    return fitted(model, x.astype("float32"), np.eye(2)[y], 8, loss=ONE_HOT)


@kind
def bytes_that_the_model_scales(r):
    y = r.integers(0, 4, 300)
    x = r.integers(0, 80, (300, 6, 6, 3)).astype("uint8")
    for row, label in zip(x, y, strict=True):
        row[label // 2 * 3 : label // 2 * 3 + 3, label % 2 * 3 : label % 2 * 3 + 3] += 150
    model = stack((6, 6, 3), layers.Rescaling(1 / 255), layers.Flatten(), dense(4, "softmax"))
    return fitted(model, x, y, 10, loss=SPARSE, compiled={"metrics": ["accuracy"]})


@kind
def a_head_on_a_frozen_encoder(r):
    x = r.normal(size=(400, 3)) @ r.normal(size=(3, 10))
    encoder = stack((10,), dense(4, "relu"))
    fitted(stack((10,), encoder, dense(10)), x, x, 10)
    encoder.trainable = False
    y = (x[:, 0] > 0).astype(int)
    return fitted(
        stack((10,), encoder, dense(8, "relu"), dense(1, "sigmoid")), x, y, 10, loss=BINARY
    )


@kind
def near_or_far(r):
    one = r.normal(size=(500, 4))
    same = r.integers(0, 2, 500)
    other = np.where(same[:, None], one + r.normal(size=(500, 4)) * 0.1, r.normal(size=(500, 4)))
    a, b = keras.Input((4,)), keras.Input((4,))
    tower = dense(8, "tanh")
    apart = keras.ops.abs(tower(a) - tower(b))
    model = keras.Model([a, b], dense(1, "sigmoid")(apart))
    return fitted(model, [one, other], same, 20, 0.02, BINARY)


@kind
def tags(r):
    x = r.normal(size=(500, 6))
    y = (x @ r.normal(size=(6, 5)) > 1).astype("float32")
    model = stack((6,), dense(24, "relu"), dense(5, "sigmoid"))
    return fitted(model, x, y, 12, loss=BINARY, compiled={"metrics": ["binary_accuracy"]})


@kind
def three_questions(r):
    x = r.normal(size=(500, 5))
    y = {"sort": x[:, :3].argmax(1), "size": x[:, 3] * 2, "sold": (x[:, 4] > 0).astype(int)}
    given = keras.Input((5,))
    hidden = dense(24, "relu")(given)
    ends = {"sort": dense(3, "softmax"), "size": dense(1), "sold": dense(1, "sigmoid")}
    model = keras.Model(given, {name: layer(hidden) for name, layer in ends.items()})
    return fitted(
        model, x, y, 12, loss={"sort": SPARSE, "size": "mse", "sold": BINARY},
        compiled={"loss_weights": {"sort": 1.0, "size": 0.3, "sold": 1.0}},
    )  # fmt: skip


@kind
def a_rare_class(r):
    y = (r.random(800) < 0.1).astype(int)
    x = r.normal(size=(800, 4)) + 3 * y[:, None]
    model = stack((4,), dense(16, "relu"), dense(1, "sigmoid"))
    return fitted(model, x, y, 10, loss=BINARY, compiled={"metrics": ["accuracy"]})


@kind
def a_rare_class_with_weights(r):
    y = (r.random(800) < 0.15).astype(int)
    x = r.normal(size=(800, 4)) + 2 * y[:, None]
    model = stack((4,), dense(16, "relu"), dense(2, "softmax"))
    return fitted(model, x, y, 10, loss=SPARSE, class_weight={0: 1.0, 1: 5.0})


@kind
def counts(r):
    x = r.normal(size=(500, 3))
    y = r.poisson(np.exp(0.6 * x[:, 0] + 0.5))
    return fitted(stack((3,), dense(16, "relu"), dense(1, "exponential")), x, y, 15, loss="poisson")


@kind
def durations(r):
    x = r.normal(size=(500, 3))
    y = np.log1p(np.exp(2 * x[:, 0] + x[:, 1]))
    return fitted(stack((3,), dense(16, "relu"), dense(1, "softplus")), x, y, 20)


@kind
def numbers_with_outliers(r):
    x = r.normal(size=(500, 3))
    y = x[:, 0] - x[:, 1] + (r.random(500) < 0.05) * r.normal(size=500) * 30
    return fitted(stack((3,), dense(16, "relu"), dense(1)), x, y, 20, loss=losses.Huber())


@kind
def skewed_incomes(r):
    x = r.normal(size=(500, 3))
    y = np.exp(x[:, 0] + 0.2 * r.normal(size=500))
    return fitted(stack((3,), dense(32, "relu"), dense(1)), x, y, 25, loss="mae")


@kind
def attention_to_one_word(r):
    x = r.integers(1, 20, (500, 8))
    y = (x == 7).any(axis=1).astype(int)
    given = keras.Input((8,), dtype="int32")
    words = layers.Embedding(20, 8)(given)
    seen = layers.MultiHeadAttention(2, 4)(words, words)
    best = layers.GlobalMaxPooling1D()(layers.LayerNormalization()(seen + words))
    return fitted(keras.Model(given, dense(1, "sigmoid")(best)), x, y, 12, loss=BINARY)


@kind
def a_bag_of_words(r):
    x = (r.random((600, 60)) < 0.1).astype("float32")
    y = (x[:, :5].sum(1) > x[:, 5:10].sum(1)).astype(int)
    return fitted(stack((60,), dense(1, "sigmoid")), x, y, 30, loss=BINARY)


@kind
def residual_blocks(r):
    x = r.normal(size=(500, 6))
    given = hidden = keras.Input((6,))
    hidden = dense(16)(hidden)
    for _ in range(3):
        hidden = hidden + dense(16, "silu")(layers.LayerNormalization()(hidden))
    model = keras.Model(given, dense(1)(hidden))
    return fitted(model, x, np.sin(x[:, 0]) * x[:, 1], 25, 0.005)


@kind
def units_that_normalize_themselves(r):
    x = r.normal(size=(500, 6))
    y = (x[:, :3]).argmax(1)
    hidden = [dense(24, "selu", kernel_initializer="lecun_normal"), layers.AlphaDropout(0.1)]
    return fitted(stack((6,), *hidden, dense(3, "softmax")), x, y, 12, loss=SPARSE)


@kind
def batches_from_a_pipeline(r):
    x = r.normal(size=(512, 4)).astype("float32")
    y = (x[:, 0] * x[:, 1] > 0).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(512).batch(32).prefetch(2)
    return fitted(stack((4,), dense(24, "relu"), dense(1, "sigmoid")), data, None, 15, loss=BINARY)


@kind
def raw_columns_normalized(r):
    x = r.normal(size=(500, 3)) * [1000, 0.01, 50] + [5000, 1, -20]
    norm = layers.Normalization()
    norm.adapt(x)
    y = (x[:, 0] > 5000).astype(int)
    return fitted(stack((3,), norm, dense(8, "relu"), dense(1, "sigmoid")), x, y, 12, loss=BINARY)


@kind
def plain_gradient_descent(r):
    x = r.normal(size=(600, 5))
    y = (x @ r.normal(size=5) > 0).astype(int)
    sgd = optimizers.SGD(0.1, momentum=0.9)
    return fitted(stack((5,), dense(1, "sigmoid")), x, y, 10, sgd, BINARY)


@kind
def wide_and_deep(r):
    x = r.normal(size=(500, 6))
    given = keras.Input((6,))
    deep = dense(16, "relu")(dense(16, "relu")(given))
    model = keras.Model(given, dense(1)(layers.concatenate([given, deep])))
    return fitted(model, x, x[:, 0] + np.abs(x[:, 1]), 20, optimizers.RMSprop(0.005))


@kind
def directions(r):
    x = r.normal(size=(500, 5))
    y = x @ r.normal(size=(5, 3))
    model = stack((5,), dense(16, "tanh"), dense(3))
    return fitted(model, x, y, 15, loss="cosine_similarity")


@kind
def smoothed_labels(r):
    x = r.normal(size=(500, 5))
    y = np.eye(4)[(x[:, :4]).argmax(1)]
    loss = losses.CategoricalCrossentropy(label_smoothing=0.1)
    return fitted(stack((5,), dense(24, "relu"), dense(4, "softmax")), x, y, 12, loss=loss)


@kind
def shares(r):
    x = r.normal(size=(500, 4))
    y = keras.ops.convert_to_numpy(keras.ops.softmax(x @ r.normal(size=(4, 3))))
    model = stack((4,), dense(16, "relu"), dense(3, "softmax"))
    return fitted(model, x, y, 15, loss="kl_divergence")


@kind
def soft_labels(r):
    x = r.normal(size=(500, 4))
    y = keras.ops.convert_to_numpy(keras.ops.softmax(2 * x @ r.normal(size=(4, 3))))
    return fitted(stack((4,), dense(16, "relu"), dense(3, "softmax")), x, y, 15, loss=ONE_HOT)


@kind
def a_margin(r):
    x = r.normal(size=(500, 4))
    y = np.sign(x[:, 0] + x[:, 1])
    return fitted(stack((4,), dense(16, "relu"), dense(1, "tanh")), x, y, 15, loss="hinge")


@kind
def hard_samples_first(r):
    y = (r.random(800) < 0.2).astype("float32")
    x = r.normal(size=(800, 4)) + 2 * y[:, None]
    model = stack((4,), dense(16, "relu"), dense(1, "sigmoid"))
    return fitted(model, x, y, 12, loss=losses.BinaryFocalCrossentropy())


@kind
def a_loss_of_ones_own(r):
    def skewed(truth, made):
        off = truth - made
        return keras.ops.mean(keras.ops.maximum(0.8 * off, -0.2 * off))

    x = r.normal(size=(500, 3))
    model = stack((3,), dense(16, "relu"), dense(1))
    return fitted(model, x, x[:, :1] + r.normal(size=(500, 1)) * 0.3, 15, loss=skewed)


@kind
def stars(r):
    x = r.normal(size=(600, 4))
    level = np.digitize(x[:, 0] + x[:, 1], [-1, 0, 1])
    y = (level[:, None] > np.arange(3)).astype("float32")
    return fitted(stack((4,), dense(16, "relu"), dense(3, "sigmoid")), x, y, 12, loss=BINARY)


@kind
def a_rate_that_falls(r):
    x = r.normal(size=(500, 4))
    rate = optimizers.schedules.CosineDecay(0.02, 200)
    model = stack((4,), dense(24, "relu"), dense(1))
    return fitted(model, x, np.abs(x[:, :1]), 15, optimizers.AdamW(rate, clipnorm=1.0))


@kind
def stopped_early(r):
    x = r.normal(size=(300, 6))
    y = (x[:, 0] + 0.5 * r.normal(size=300) > 0).astype(int)
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model = stack((6,), dense(32, "relu"), layers.Dropout(0.2), dense(1, "sigmoid"))
    data = x[200:], y[200:]
    return fitted(
        model, x[:200], y[:200], 40, 0.005, BINARY, callbacks=[stop], validation_data=data
    )  # fmt: skip


@kind
def labels_with_mistakes(r):
    x = r.normal(size=(800, 4))
    y = (x[:, 0] > 0) ^ (r.random(800) < 0.2)
    model = stack((4,), dense(16, "relu"), dense(1, "sigmoid"))
    return fitted(model, x, y, 8, loss=BINARY, validation_split=0.25)


@kind
def mostly_noise(r):
    x = r.normal(size=(1000, 3))
    y = 0.5 * x[:, 0] + r.normal(size=1000)
    return fitted(stack((3,), dense(8, "relu"), dense(1)), x, y, 8, validation_split=0.2)


@kind
def one_epoch(r):
    x = r.normal(size=(2000, 5))
    y = (x @ r.normal(size=(5, 3))).argmax(1)
    return fitted(stack((5,), dense(16, "relu"), dense(3, "softmax")), x, y, 1, loss=SPARSE)


@kind
def weights_kept_small(r):
    x = r.normal(size=(300, 10))
    small = dense(24, "elu", kernel_regularizer="l2")
    return fitted(stack((10,), small, dense(1)), x, x[:, 0] * 2, 20, validation_split=0.2)


@kind
def chosen_by_columns_of_zero_and_one(r):
    place = r.integers(0, 25, 600)
    y = r.normal(size=25)[place] + 0.1 * r.normal(size=600)
    return fitted(stack((25,), dense(8, "relu"), dense(1)), np.eye(25)[place], y, 20, 0.02)


@kind
def a_line_through_years(r):
    x = r.uniform(0, 1, (300, 1))
    return fitted(stack((1,), dense(1)), x, 3 * x + 2, 60, 0.05)
