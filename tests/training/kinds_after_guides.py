"""Healthy trainings as guides and examples of many subjects have them, written by other habits.

Sequential networks, classes of one's own, dictionaries, pipelines, callbacks, losses as classes.
Each is seen to learn: by its loss, or by what the network then does.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import callbacks, layers, losses, metrics, ops, optimizers
from training.healthy_kinds import entered_in
from training.instances import Instance

KINDS = []
kind = entered_in(KINDS)


def trained(model, x, y=None, *, falls_to=0.75, data=None, **more):
    """Train a compiled network, and see that its loss falls to such a share of what it was."""
    history = model.fit(x, y, verbose=0, **more)
    loss = history.history["loss"]
    assert falls_to is None or loss[-1] < falls_to * loss[0], loss
    validation = {"validation_data": more["validation_data"]} if "validation_data" in more else {}
    if "batch_size" in more:
        validation["batch_size"] = more["batch_size"]
    return Instance(model, data or (x if y is None else (x, y)), history, validation)


def accuracy(model, x, classes):
    """The share of samples that get the right class."""
    made = np.asarray(model.predict(x, verbose=0))
    answers = made[:, 0] > 0.5 if made.shape[-1] == 1 else made.argmax(axis=-1)
    return np.mean(answers == np.ravel(classes))


def digits(r, count=400, size=12, channels=True):
    """Pictures of three shapes, at places that vary."""
    y = r.integers(0, 3, count)
    x = r.random((count, size, size)) * 0.3
    for picture, shape in zip(x, y, strict=True):
        a, b = r.integers(1, size - 6, 2)
        if shape == 0:
            picture[a : a + 5, b + 2] += 0.7
        elif shape == 1:
            picture[a + 2, b : b + 5] += 0.7
        else:
            picture[range(a, a + 5), range(b, b + 5)] += 0.7
    x = x.astype("float32")
    return (x[..., None] if channels else x), y


def phrases(r, count=500, length=20, words=80):
    """Sequences of words, a few of which say whether it is praise."""
    x = r.integers(10, words, (count, length))
    y = r.integers(0, 2, count)
    places = r.integers(0, length, (count, 4))
    for n in range(4):
        x[np.arange(count), places[:, n]] = np.where(y, 2, 6) + r.integers(0, 3, count)
    return x, y


@kind
def reviews_in_a_pipeline_by_their_average(r):
    x, y = phrases(r)
    both = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(500).batch(32)
    both = both.cache().prefetch(tf.data.AUTOTUNE)
    model = keras.Sequential([
        layers.Embedding(81, 16), layers.Dropout(0.2), layers.GlobalAveragePooling1D(),
        layers.Dropout(0.2), layers.Dense(1),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.02), losses.BinaryCrossentropy(from_logits=True),
                  metrics=[metrics.BinaryAccuracy(threshold=0.0)])  # fmt: skip
    return trained(model, both, epochs=8)


@kind
def news_by_convolutions_over_words(r):
    x = r.integers(20, 200, (600, 30))
    y = r.integers(0, 4, 600)
    x[np.arange(600), r.integers(0, 15, 600)] = y + 1
    x[np.arange(600), r.integers(15, 30, 600)] = y + 11
    model = keras.Sequential([
        keras.Input((None,), dtype="int64"), layers.Embedding(200, 24),
        layers.Conv1D(32, 3, padding="valid", activation="relu"), layers.GlobalMaxPooling1D(),
        layers.Dense(32, activation="relu"), layers.Dropout(0.5), layers.Dense(4, name="topic"),
    ])  # fmt: skip
    model.compile(
        "rmsprop", losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    return trained(model, x, y, epochs=15, validation_split=0.2)


@kind
def weather_from_windows_of_a_series(r):
    t = np.arange(900)
    series = np.stack([np.sin(t / 9), np.cos(t / 14)], 1) + r.normal(size=(900, 2)) * 0.1
    series = (series - series[:600].mean(0)) / series[:600].std(0)
    windows = keras.utils.timeseries_dataset_from_array(
        series[:-12], series[12:, :1], sequence_length=12, batch_size=64
    )
    given = keras.Input((12, 2))
    model = keras.Model(given, layers.Dense(1)(layers.LSTM(16)(given)))
    model.compile(optimizers.Adam(0.005), "mse")
    return trained(model, windows, epochs=8)


@kind
def what_is_unusual_by_what_comes_back(r):
    """A series that goes through a narrow place, by strides."""
    t = np.arange(64)
    x = np.sin(t / r.uniform(3, 5, (300, 1)) + r.uniform(0, 6, (300, 1)))[..., None]
    model = keras.Sequential([
        layers.Input((64, 1)), layers.Conv1D(16, 7, padding="same", strides=2, activation="relu"),
        layers.Dropout(0.2), layers.Conv1D(8, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1DTranspose(8, 7, padding="same", strides=2, activation="relu"),
        layers.Dropout(0.2),
        layers.Conv1DTranspose(16, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1DTranspose(1, 7, padding="same"),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.003), loss="mse")
    return trained(model, x, x, epochs=10, batch_size=64, validation_split=0.1)


@kind
def pictures_out_of_two_numbers(r):
    """A variational autoencoder with a step and figures of its own; only pictures are given."""

    class Drawn(layers.Layer):
        def __init__(self, **more):
            super().__init__(**more)
            self.seed = keras.random.SeedGenerator(3)

        def call(self, given):
            mean, log = given
            return mean + ops.exp(0.5 * log) * keras.random.normal(ops.shape(mean), seed=self.seed)

    class Vae(keras.Model):
        def __init__(self, encoder, decoder, **more):
            super().__init__(**more)
            self.encoder, self.decoder = encoder, decoder
            self.whole = metrics.Mean(name="loss")

        @property
        def metrics(self):
            return [self.whole]

        def call(self, x):
            return self.decoder(self.encoder(x)[2])

        def train_step(self, x):
            with tf.GradientTape() as tape:
                mean, log, code = self.encoder(x)
                back = losses.binary_crossentropy(x, self.decoder(code))
                apart = -0.5 * (1 + log - ops.square(mean) - ops.exp(log))
                loss = ops.mean(ops.sum(back, axis=(1, 2))) + ops.mean(ops.sum(apart, axis=1))
            weights = self.trainable_weights
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            self.whole.update_state(loss)
            return {"loss": self.whole.result()}

    x, _ = digits(r, 300)
    given = keras.Input((12, 12, 1))
    inner = layers.Dense(16, activation="relu")(layers.Flatten()(given))
    both = layers.Dense(2, name="mean")(inner), layers.Dense(2, name="log")(inner)
    encoder = keras.Model(given, [*both, Drawn()(both)])
    code = keras.Input((2,))
    inner = layers.Dense(144, activation="sigmoid")(layers.Dense(32, activation="relu")(code))
    model = Vae(encoder, keras.Model(code, layers.Reshape((12, 12, 1))(inner)))
    model.compile(optimizers.Adam(0.01))
    return trained(model, np.clip(x, 0, 1), epochs=8, batch_size=64, falls_to=0.9,
                   data=(np.clip(x, 0, 1), None))  # fmt: skip


@kind
def a_maker_and_its_critic_in_one_class(r):
    class Gan(keras.Model):
        def __init__(self, critic, maker):
            super().__init__()
            self.critic, self.maker = critic, maker

        def compile(self, of_critic, of_maker, loss):
            super().compile()
            self.of_critic, self.of_maker, self.told = of_critic, of_maker, loss

        def call(self, x):
            return self.critic(x)

        def train_step(self, real):
            count = tf.shape(real)[0]
            made = self.maker(tf.random.normal((count, 2)))
            both = tf.concat([made, real], axis=0)
            truth = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], axis=0)
            with tf.GradientTape() as tape:
                of_critic = self.told(truth, self.critic(both))
            weights = self.critic.trainable_weights
            self.of_critic.apply(tape.gradient(of_critic, weights), weights)
            with tf.GradientTape() as tape:
                answers = self.critic(self.maker(tf.random.normal((count, 2))))
                of_maker = self.told(tf.zeros((count, 1)), answers)
            weights = self.maker.trainable_weights
            self.of_maker.apply(tape.gradient(of_maker, weights), weights)
            return {"d_loss": of_critic, "g_loss": of_maker}

    real = (r.normal(size=(512, 2)) * [1, 0.3] + [4, -3]).astype("float32")
    critic = keras.Sequential([keras.Input((2,)), layers.Dense(16), layers.LeakyReLU(0.2),
                               layers.Dense(1)])  # fmt: skip
    maker = keras.Sequential([keras.Input((2,)), layers.Dense(16), layers.LeakyReLU(0.2),
                              layers.Dense(2)])  # fmt: skip
    model = Gan(critic, maker)
    rates = optimizers.Adam(0.003), optimizers.Adam(0.003)
    model.compile(*rates, losses.BinaryCrossentropy(from_logits=True))
    history = model.fit(tf.data.Dataset.from_tensor_slices(real).batch(64), epochs=30, verbose=0)
    made = np.asarray(maker(r.normal(size=(300, 2)).astype("float32"))).mean(axis=0)
    assert np.hypot(*(made - [4, -3])) < 4, made  # about 5 at first
    return Instance(model, None, history)


@kind
def alike_by_their_place_on_a_sphere(r):
    """Metric learning: each anchor among all positives of the batch."""

    class Alike(keras.Model):
        def train_step(self, data):
            pairs = data[0] if isinstance(data, tuple) else data
            with tf.GradientTape() as tape:
                one, other = self(pairs[0], training=True), self(pairs[1], training=True)
                near = tf.matmul(one, other, transpose_b=True) / 0.2
                loss = self.compute_loss(y=tf.range(tf.shape(near)[0]), y_pred=near)
            weights = self.trainable_variables
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            return {"loss": loss}

    centres = r.normal(size=(8, 6)) * 2

    def pairs():
        for _ in range(20):
            both = centres + r.normal(size=(2, 8, 6)) * 0.5
            yield tf.constant(both, tf.float32)

    given = keras.Input((6,))
    out = layers.UnitNormalization()(layers.Dense(4)(layers.Dense(24, activation="relu")(given)))
    model = Alike(given, out)
    model.compile(optimizers.Adam(0.01), losses.SparseCategoricalCrossentropy(from_logits=True))
    given = list(pairs()) * 6
    history = [model.train_on_batch(each) for each in given]
    figures = [float(np.ravel(each if not isinstance(each, dict) else each["loss"])[0])
               for each in history]  # fmt: skip
    assert figures[-1] < 0.75 * figures[0], (figures[0], figures[-1])
    return Instance(model, None, {"loss": figures[::20]})


@kind
def two_pictures_and_how_far_apart(r):
    """A margin, as a function that a function makes, with an accuracy beside it."""

    def contrastive(margin=1):
        def contrastive_loss(y_true, y_pred):
            near = ops.square(y_pred)
            far = ops.square(ops.maximum(margin - y_pred, 0))
            return ops.mean((1 - y_true) * near + y_true * far)

        return contrastive_loss

    x, y = digits(r, 500)
    one, other = r.integers(0, 500, (2, 800))
    apart = (y[one] != y[other]).astype("float32")
    given = keras.Input((12, 12, 1))
    inner = layers.Conv2D(8, 3, activation="tanh")(layers.BatchNormalization()(given))
    inner = layers.Flatten()(layers.AveragePooling2D(2)(inner))
    tower = keras.Model(given, layers.Dense(10, activation="tanh")(inner))
    both = keras.Input((12, 12, 1)), keras.Input((12, 12, 1))

    def distance(pair):
        squares = ops.sum(ops.square(pair[0] - pair[1]), axis=1, keepdims=True)
        return ops.sqrt(ops.maximum(squares, 1e-7))

    far = layers.Lambda(distance, output_shape=(1,))([tower(each) for each in both])
    out = layers.Dense(1, activation="sigmoid")(layers.BatchNormalization()(far))
    model = keras.Model(both, out)
    model.compile(loss=contrastive(), optimizer="RMSprop", metrics=["accuracy"])
    return trained(model, [x[one], x[other]], apart, epochs=8, batch_size=16, falls_to=0.9)


@kind
def what_each_pixel_shows(r):
    """Three classes of pixels, labels as a picture of one channel."""
    x, y = digits(r, 200)
    bright = x[..., 0] > 0.65
    truth = np.where(bright, 1 + (y[:, None, None] == 2), 0).astype("uint8")[..., None]
    given = keras.Input((12, 12, 1))
    down = layers.Conv2D(16, 3, strides=2, padding="same")(given)
    down = layers.Activation("relu")(layers.BatchNormalization()(down))
    inner = layers.Activation("relu")(layers.SeparableConv2D(32, 3, padding="same")(down))
    up = layers.UpSampling2D(2)(layers.Conv2DTranspose(16, 3, padding="same")(inner))
    up = layers.concatenate([up, layers.Conv2D(8, 3, padding="same", activation="relu")(given)])
    model = keras.Model(given, layers.Conv2D(3, 3, activation="softmax", padding="same")(up))
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    found = trained(model, x, truth, epochs=15, batch_size=16)
    shape = truth[..., 0] > 0
    answers = model.predict(x, verbose=0).argmax(axis=-1)
    assert np.mean(answers[shape] == truth[..., 0][shape]) > 0.6
    return found


@kind
def pictures_cleaned_pixel_by_pixel(r):
    clean, _ = digits(r, 300)
    clean = np.clip(clean, 0, 1)
    noisy = np.clip(clean + 0.4 * r.normal(size=clean.shape), 0, 1)
    given = keras.Input(shape=(12, 12, 1))
    x = layers.Conv2D(16, (3, 3), activation="relu", padding="same")(given)
    x = layers.MaxPooling2D((2, 2), padding="same")(x)
    x = layers.Conv2DTranspose(16, (3, 3), strides=2, activation="relu", padding="same")(x)
    model = keras.Model(given, layers.Conv2D(1, (3, 3), activation="sigmoid", padding="same")(x))
    model.compile(optimizer="adam", loss="binary_crossentropy")
    held = noisy[:50], clean[:50]
    return trained(model, noisy[50:], clean[50:], epochs=15, batch_size=32, falls_to=0.9,
                   shuffle=True, validation_data=held)  # fmt: skip


@kind
def houses_in_dollars(r):
    """Targets as they are, some hundred thousands; the rate is large for it."""
    x = r.normal(size=(500, 8))
    y = 206_000 + x @ r.normal(size=8) * 40_000 + r.normal(size=500) * 5_000
    model = keras.Sequential([
        layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"), layers.Dense(1),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.05), loss="mean_absolute_error", metrics=["mae"])
    return trained(model, x, y, epochs=25, validation_split=0.2, falls_to=0.4)


@kind
def fuel_by_horsepower(r):
    """Numbers as they come, normalized by a layer that was adapted to them; labels a column."""
    x = np.stack([r.uniform(46, 230, 400), r.uniform(1600, 5100, 400), r.integers(70, 83, 400)], 1)
    y = 46 - 0.05 * x[:, 0] - 0.004 * x[:, 1] + 0.3 * (x[:, 2] - 76) + r.normal(size=400)
    normalizer = layers.Normalization(axis=-1)
    normalizer.adapt(x)
    model = keras.Sequential([normalizer, layers.Dense(64, activation="relu"),
                              layers.Dense(64, activation="relu"), layers.Dense(1)])  # fmt: skip
    model.compile(loss="mean_absolute_error", optimizer=keras.optimizers.Adam(0.001))
    return trained(model, x, y, validation_split=0.2, epochs=20, falls_to=0.9)


@kind
def fraud_that_is_rare(r):
    y = (r.random(3000) < 0.02).astype("uint8")[:, None]
    x = (r.normal(size=(3000, 12)) + 1.5 * y).astype("float32")
    model = keras.Sequential([
        keras.Input(shape=(12,)), layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"), layers.Dropout(0.3),
        layers.Dense(64, activation="relu"), layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    counted = [metrics.FalseNegatives(name="fn"), metrics.FalsePositives(name="fp"),
               metrics.Precision(name="precision"), metrics.Recall(name="recall")]  # fmt: skip
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy",
                  metrics=counted)  # fmt: skip
    weight = {0: 1.0 / (y == 0).sum(), 1: 1.0 / (y == 1).sum()}
    held = x[2500:], y[2500:]
    return trained(model, x[:2500], y[:2500], batch_size=512, epochs=12, validation_data=held,
                   class_weight=weight)  # fmt: skip


@kind
def people_by_columns_of_all_kinds(r):
    """Words, whole numbers and measures in a dictionary; what prepares them is in the network."""
    n = 500
    x = {"job": r.choice(["clerk", "cook", "nurse"], n).astype(object),
         "visits": r.integers(1, 5, n), "age": r.integers(18, 90, n).astype("float32")}  # fmt: skip
    y = ((x["job"] == "cook") * 1.0 + (x["age"] > 50) + (x["visits"] > 2) >= 2).astype("float32")
    x["job"] = tf.constant(list(x["job"]))
    lookup = layers.StringLookup(vocabulary=["clerk", "cook", "nurse"], output_mode="one_hot")
    crossed = layers.IntegerLookup(vocabulary=[1, 2, 3, 4], output_mode="one_hot")
    scaled = layers.Normalization(axis=None)
    scaled.adapt(x["age"])
    given = {"job": keras.Input((1,), name="job", dtype="string"),
             "visits": keras.Input((1,), name="visits", dtype="int64"),
             "age": keras.Input((1,), name="age")}  # fmt: skip
    parts = [lookup(given["job"]), crossed(given["visits"]), scaled(given["age"])]
    joined = layers.Dense(32, activation="relu")(layers.concatenate(parts))
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(layers.Dropout(0.1)(joined)))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    both = tf.data.Dataset.from_tensor_slices(({key: each[:, None] for key, each in x.items()}, y))
    return trained(model, both.shuffle(500).batch(32), epochs=15)


@kind
def tickets_by_title_and_tags(r):
    """How urgent, and for which department: two outputs, losses and labels by name."""
    title, tags = r.integers(1, 40, (400, 10)), r.integers(0, 2, (400, 6)).astype("float32")
    urgent = ((title < 4).any(axis=1) | (tags[:, 0] > 0)).astype("float32")[:, None]
    department = keras.utils.to_categorical(tags[:, 1:4].argmax(axis=1), 3)
    words, marks = keras.Input((None,), name="title"), keras.Input((6,), name="tags")
    inner = layers.concatenate([layers.LSTM(16)(layers.Embedding(40, 12)(words)), marks])
    outs = [layers.Dense(1, name="priority")(inner), layers.Dense(3, name="department")(inner)]
    model = keras.Model(inputs=[words, marks], outputs={"priority": outs[0], "department": outs[1]})
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss={"priority": losses.BinaryCrossentropy(from_logits=True),
              "department": losses.CategoricalCrossentropy(from_logits=True)},
        loss_weights={"priority": 1.0, "department": 0.2},
    )  # fmt: skip
    labels = {"priority": urgent, "department": department}
    return trained(model, {"title": title, "tags": tags}, labels, epochs=12, batch_size=32)


@kind
def a_loss_as_a_class_of_ones_own(r):
    class Regularized(keras.losses.Loss):
        def __init__(self, factor=0.1, name="custom_mse"):
            super().__init__(name=name)
            self.factor = factor

        def call(self, y_true, y_pred):
            mse = ops.mean(ops.square(y_true - y_pred), axis=-1)
            return mse + ops.mean(ops.square(0.5 - y_pred), axis=-1) * self.factor

    x, y = digits(r, 300)
    model = keras.Sequential([layers.Flatten(), layers.Dense(64, activation="relu"),
                              layers.Dense(3)])  # fmt: skip
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss=Regularized())
    return trained(model, x, keras.utils.to_categorical(y, 3), batch_size=64, epochs=15)


@kind
def a_figure_of_ones_own(r):
    class TruePositives(keras.metrics.Metric):
        def __init__(self, name="true_positives", **more):
            super().__init__(name=name, **more)
            self.found = self.add_variable(shape=(), name="ctp", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            right = ops.cast(y_true, "int32") == ops.cast(ops.argmax(y_pred, axis=1), "int32")
            self.found.assign_add(ops.sum(ops.cast(right, self.dtype)))

        def result(self):
            return self.found.value

        def reset_state(self):
            self.found.assign(0)

    x, y = digits(r, 300)
    model = keras.Sequential([layers.Flatten(), layers.Dense(64, activation="relu"),
                              layers.Dense(3, activation="softmax")])  # fmt: skip
    model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=3e-3),
                  loss=keras.losses.SparseCategoricalCrossentropy(),
                  metrics=[TruePositives()])  # fmt: skip
    return trained(model, x, y, batch_size=64, epochs=12)


@kind
def a_layer_that_adds_to_the_loss(r):
    class Kept(layers.Layer):
        def call(self, given):
            self.add_loss(ops.mean(given) * 0.1)
            return given

    x, y = digits(r, 300)
    given = keras.Input((12, 12, 1))
    inner = Kept()(layers.Dense(64, activation="relu")(layers.Flatten()(given)))
    model = keras.Model(given, layers.Dense(3, name="predictions")(inner))
    model.compile(optimizers.Adam(0.003), losses.SparseCategoricalCrossentropy(from_logits=True))
    return trained(model, x, y, epochs=10)


@kind
def samples_that_count_more(r):
    """A step written out, with weights of samples that a pipeline gives."""

    class Weighted(keras.Model):
        def train_step(self, data):
            x, y, weight = data
            with tf.GradientTape() as tape:
                made = self(x, training=True)
                loss = self.compute_loss(y=y, y_pred=made, sample_weight=weight)
            weights = self.trainable_variables
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, made, sample_weight=weight)
            return {metric.name: metric.result() for metric in self.metrics}

    x = r.random((600, 32)).astype("float32")
    y = (x[:, :4].sum(axis=1, keepdims=True) / 4).astype("float32")
    given = keras.Input((32,))
    model = Weighted(given, layers.Dense(1)(given))
    model.compile(optimizers.Adam(0.02), "mse", metrics=["mae"])
    weight = r.random((600, 1)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, y, weight)).batch(32)
    found = trained(model, data, epochs=15)
    assert np.corrcoef(model.predict(x, verbose=0)[:, 0], y[:, 0])[0, 1] > 0.9
    return found


@kind
def convolutions_in_half_precision(r):
    keras.mixed_precision.set_global_policy("mixed_float16")
    x, y = digits(r, 300)
    model = keras.Sequential([
        keras.Input((12, 12, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(3), layers.Activation("softmax", dtype="float32"),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return trained(model, x, y, epochs=8)


@kind
def a_rate_that_follows_a_cosine(r):
    x, y = digits(r, 400)
    rate = optimizers.schedules.CosineDecay(0.1, decay_steps=130, warmup_target=0.3, warmup_steps=9)
    model = keras.Sequential([
        keras.Input((12, 12, 1)), layers.Conv2D(12, 3, use_bias=False), layers.BatchNormalization(),
        layers.ReLU(), layers.GlobalMaxPooling2D(), layers.Dense(3),
    ])  # fmt: skip
    model.compile(optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=1e-4),
                  losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])  # fmt: skip
    return trained(model, x, y, epochs=10)


@kind
def a_rate_set_by_a_callback(r):
    x, y = phrases(r)
    model = keras.Sequential([layers.Embedding(80, 8), layers.Flatten(), layers.Dense(16, "relu"),
                              layers.Dense(1, "sigmoid")])  # fmt: skip
    model.compile("adam", "binary_crossentropy", metrics=["acc"])
    slower = callbacks.LearningRateScheduler(lambda epoch, rate: 0.02 * 0.3**epoch)
    return trained(model, x, y, epochs=12, callbacks=[slower])


@kind
def batches_by_a_class_of_data(r):
    x, y = digits(r, 320)

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 10

        def __getitem__(self, place):
            some = slice(32 * place, 32 * place + 32)
            return x[some], y[some]

    model = keras.Sequential([layers.Rescaling(2.0, -1), layers.Flatten(),
                              layers.Dense(32, "relu"), layers.Dense(3, "softmax")])  # fmt: skip
    model.compile(optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    return trained(model, Batches(), epochs=10, data=(x, y))


@kind
def batches_by_a_generator_with_weights(r):
    x, y = digits(r, 320, channels=False)
    weight = np.where(y == 1, 2.0, 1.0)

    def batches():
        while True:
            some = r.integers(0, 320, 32)
            yield x[some], y[some], weight[some]

    model = keras.Sequential([keras.Input((12, 12)), layers.Flatten(), layers.Dense(48, "silu"),
                              layers.Dense(3)])  # fmt: skip
    model.compile(optimizers.Adam(0.003), losses.SparseCategoricalCrossentropy(from_logits=True))
    return trained(model, batches(), steps_per_epoch=10, epochs=10, data=(x, y, weight))


@kind
def sentences_of_their_own_lengths(r):
    """Padded at their ends, and a mask that the Embedding makes; both directions."""
    x, y = phrases(r, 400)
    rows = [list(row[:n]) for row, n in zip(x, r.integers(12, 21, 400), strict=True)]
    padded = keras.utils.pad_sequences(rows, padding="post", maxlen=24)
    model = keras.Sequential([
        layers.Embedding(81, 16, mask_zero=True), layers.Bidirectional(layers.LSTM(16)),
        layers.Dense(32, activation="relu"), layers.Dense(1),
    ])  # fmt: skip
    model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True),
                  optimizer=keras.optimizers.Adam(5e-3), metrics=["accuracy"])  # fmt: skip
    return trained(model, padded, y, epochs=8)


@kind
def sentences_padded_in_front(r):
    x, y = phrases(r, 400, 12)
    padded = keras.utils.pad_sequences(list(x), maxlen=40)
    given = keras.Input(shape=(None,), dtype="int32")
    inner = layers.Embedding(80, 16)(given)
    inner = layers.Bidirectional(layers.LSTM(12, return_sequences=True))(inner)
    inner = layers.Bidirectional(layers.LSTM(12))(inner)
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(inner))
    model.compile(optimizers.Adam(0.005), "binary_crossentropy", metrics=["accuracy"])
    return trained(model, padded, y, batch_size=32, epochs=8, validation_split=0.1)


@kind
def a_new_head_for_what_was_learned(r):
    """A base that was trained, frozen and called as it is when it answers."""
    x, y = digits(r, 400)
    base = keras.Sequential([
        keras.Input((12, 12, 1)), layers.Conv2D(12, 3), layers.BatchNormalization(), layers.ReLU(),
        layers.Conv2D(16, 3, activation="relu"), layers.GlobalMaxPooling2D(),
    ])  # fmt: skip
    first = keras.Sequential([base, layers.Dense(3, "softmax")])
    first.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    trained(first, x, y, epochs=8)
    base.trainable = False
    given = keras.Input((12, 12, 1))
    tensor = base(layers.RandomFlip("horizontal")(given), training=False)
    model = keras.Model(given, layers.Dense(1)(layers.Dropout(0.2)(tensor)))
    model.compile(optimizers.Adam(0.02), losses.BinaryCrossentropy(from_logits=True),
                  metrics=[keras.metrics.BinaryAccuracy()])  # fmt: skip
    return trained(model, x, (y == 1).astype("float32"), epochs=12)


@kind
def four_corners_at_a_rate_of_one(r):
    """The smallest data set of all, by plain descent with large steps."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
    y = np.array([[0], [1], [1], [0]], "float32")
    model = keras.Sequential([layers.Dense(8, activation="tanh"),
                              layers.Dense(1, activation="sigmoid")])  # fmt: skip
    model.compile(loss="mean_squared_error", optimizer=optimizers.SGD(learning_rate=1.0))
    return trained(model, x, y, batch_size=4, epochs=400, falls_to=0.2)


@kind
def pictures_mixed_with_one_another(r):
    """Labels are mixed as their pictures are."""
    x, y = digits(r, 400)
    rows, share = keras.utils.to_categorical(y, 3), r.beta(0.2, 0.2, 400)
    other = r.permutation(400)
    mixed = x * share[:, None, None, None] + x[other] * (1 - share[:, None, None, None])
    truth = rows * share[:, None] + rows[other] * (1 - share[:, None])
    model = keras.Sequential([
        keras.Input((12, 12, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPool2D(),
        layers.Conv2D(24, 3, activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dense(32, activation="relu"), layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.005),
                  loss=losses.CategoricalCrossentropy(label_smoothing=0.1),
                  metrics=["accuracy"])  # fmt: skip
    return trained(model, mixed, truth, epochs=15, falls_to=0.85)


@kind
def stars_as_numbers(r):
    """Five classes in an order, learned as numbers, from 1 to 5."""
    x = r.normal(size=(500, 6))
    y = np.digitize(x @ r.normal(size=6), [-3, -1, 1, 3]) + 1
    model = keras.Sequential([keras.Input((6,)), layers.Dense(32, "relu"), layers.Dense(1)])
    model.compile(optimizers.Adam(0.01), "mse", metrics=["mae"])
    return trained(model, x, y, epochs=15)


@kind
def papers_with_several_subjects(r):
    """Thirty labels, most of them rare."""
    y = (r.random((600, 30)) < 0.06).astype("int64")
    x = (y @ r.normal(size=(30, 60)) + r.normal(size=(600, 60)) * 0.3).astype("float32")
    model = keras.Sequential([layers.Dense(128, activation="relu"),
                              layers.Dense(64, activation="relu"),
                              layers.Dense(30, activation="sigmoid")])  # fmt: skip
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["binary_accuracy"])
    return trained(model, x, y, validation_split=0.1, epochs=15)


@kind
def what_stands_in_a_picture_by_its_own_layer(r):
    """A layer has the loss (of characters in a line), labels are an input, compile has none."""

    class Ctc(layers.Layer):
        def call(self, truth, made):
            count = ops.shape(made)[0]
            lengths = ops.full((count,), 3, dtype="int32"), ops.full((count,), 8, dtype="int32")
            told = ops.ctc_loss(ops.cast(truth, "int32"), made, *lengths, mask_index=0)
            self.add_loss(ops.mean(told))
            return made

    truth = r.integers(1, 5, (300, 3))
    x = r.normal(size=(300, 8, 6)) * 0.2
    for n, place in enumerate((1, 3, 6)):
        x[np.arange(300), place, truth[:, n]] += 2
    image, label = keras.Input((8, 6), name="image"), keras.Input((3,), name="label")
    inner = layers.Bidirectional(layers.LSTM(16, return_sequences=True))(image)
    model = keras.Model([image, label], Ctc(name="ctc")(label, layers.Dense(5)(inner)))
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    given = {"image": x, "label": truth}
    return trained(model, given, epochs=10, data=(given, None))


@kind
def two_views_of_the_same(r):
    """Learned without labels: two noisy views of a sample are near, others far."""

    class Views(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(8)])

        def call(self, x):
            return self.inner(x)

        def train_step(self, data):
            x = data[0] if isinstance(data, tuple) else data
            views = [x + tf.random.normal(tf.shape(x), stddev=0.2) for _ in range(2)]
            with tf.GradientTape() as tape:
                one, other = (tf.math.l2_normalize(self(v, training=True), 1) for v in views)
                near = tf.matmul(one, other, transpose_b=True) / 0.1
                right = tf.range(tf.shape(x)[0])
                loss = tf.reduce_mean(losses.sparse_categorical_crossentropy(
                    right, near, from_logits=True))  # fmt: skip
            weights = self.trainable_variables
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            return {"contrast": loss}

    x = r.normal(size=(512, 10)).astype("float32")
    model = Views()
    model.compile(optimizer=optimizers.Adam(0.003))
    history = model.fit(x, epochs=10, batch_size=64, verbose=0)
    figures = history.history["contrast"]
    assert figures[-1] < 0.75 * figures[0], figures
    return Instance(model, (x, None), history)


@kind
def columns_that_are_hidden(r):
    """A part of each row is set to zero, and only that part counts."""
    z = r.normal(size=(600, 3))
    x = (z @ r.normal(size=(3, 12)) + r.normal(size=(600, 12)) * 0.1).astype("float32")
    hidden = r.random(x.shape) < 0.3

    def of_hidden(truth, made):
        whole, mask = truth[:, :12], truth[:, 12:]
        return ops.sum(ops.square(whole - made) * mask) / ops.sum(mask)

    model = keras.Sequential([keras.Input((12,)), layers.Dense(32, "gelu"), layers.Dense(12)])
    model.compile(optimizers.AdamW(0.01), loss=of_hidden)
    return trained(model, np.where(hidden, 0, x), np.concatenate([x, hidden], 1), epochs=12)


@kind
def moves_that_paid(r):
    """A policy: what was tried counts by how much better it was than usual, below zero, too."""
    x = r.normal(size=(1500, 4)).astype("float32")
    best = (x @ r.normal(size=(4, 3))).argmax(axis=1)
    tried = r.integers(0, 3, 1500)
    pays = (tried == best).astype("float32") + r.normal(size=1500) * 0.1
    better = (pays - pays.mean()) / pays.std()
    model = keras.Sequential([keras.Input((4,)), layers.Dense(32, "tanh"),
                              layers.Dense(3, "softmax")])  # fmt: skip
    model.compile(optimizers.Adam(0.002), "sparse_categorical_crossentropy")
    found = trained(model, x, tried, sample_weight=better, epochs=6, falls_to=None)
    assert accuracy(model, x, best) > 0.7
    return found


@kind
def an_actor_and_what_it_expects(r):
    """Two heads on one body, of a policy that was seen and what it was worth."""
    x = r.normal(size=(500, 6)).astype("float32")
    moves = (x @ r.normal(size=(6, 3))).argmax(axis=1)
    worth = 20 * np.tanh(x[:, :1]) + 50
    given = keras.Input((6,))
    body = layers.Dense(32, activation="relu")(given)
    outs = [layers.Dense(3, activation="softmax", name="actor")(body),
            layers.Dense(1, name="critic")(body)]  # fmt: skip
    model = keras.Model(given, outs)
    model.compile(optimizers.Adam(0.01), [losses.SparseCategoricalCrossentropy(), losses.Huber()])
    return trained(model, x, [moves, worth], epochs=25, falls_to=0.5)


@kind
def visits_by_how_long_one_looked(r):
    """Counts, with the time of watching as a second input whose logarithm is added."""
    x, time = r.normal(size=(500, 4)), r.uniform(0.5, 20, (500, 1))
    y = r.poisson(time[:, 0] * np.exp(0.4 * x @ r.normal(size=4) - 0.5))
    given, seen = keras.Input((4,)), keras.Input((1,))
    told = layers.Dense(1)(layers.Dense(16, activation="relu")(given)) + ops.log(seen)
    model = keras.Model([given, seen], layers.Activation("exponential")(told))
    model.compile(optimizers.Adam(0.01), loss="poisson")
    return trained(model, [x, time], y, epochs=15, falls_to=1.0)


@kind
def three_quantiles_at_once(r):
    x = r.uniform(-2, 2, (600, 1))
    y = np.sin(2 * x) + r.normal(size=(600, 1)) * 0.2 * (1 + np.abs(x))
    shares = np.array([0.1, 0.5, 0.9], "float32")

    class Pinball(keras.losses.Loss):
        def call(self, truth, made):
            off = truth - made
            return ops.mean(ops.maximum(shares * off, (shares - 1) * off), axis=-1)

    model = keras.Sequential([layers.Dense(32, "relu"), layers.Dense(32, "relu"), layers.Dense(3)])
    model.compile(optimizers.Adam(0.01), Pinball())
    return trained(model, x, y, epochs=20)


@kind
def who_lives_longer(r):
    """Survival by proportional hazards; labels are a time, and whether it ended there."""
    x = r.normal(size=(512, 5)).astype("float32")
    time = r.exponential(np.exp(-1.5 * x[:, 0] + x[:, 1]))
    ended = r.random(512) < 0.7

    def partial(truth, made):
        order = ops.argsort(-truth[:, 0])
        risk, event = ops.take(made[:, 0], order), ops.take(truth[:, 1], order)
        at_risk = ops.log(ops.cumsum(ops.exp(risk)))
        return -ops.sum((risk - at_risk) * event) / (ops.sum(event) + 1e-8)

    model = keras.Sequential([keras.Input((5,)), layers.Dense(16, "relu"),
                              layers.Dense(1, use_bias=False)])  # fmt: skip
    model.compile(optimizers.Adam(0.01), partial)
    found = trained(model, x, np.stack([time, ended], 1), epochs=12, batch_size=128, falls_to=0.95)
    risk = model.predict(x, verbose=0)[:, 0]
    one, other = r.integers(0, 512, (2, 4000))
    differ = one != other
    assert np.mean((risk[one] > risk[other]) == (time[one] < time[other]), where=differ) > 0.7
    return found


@kind
def sums_written_as_letters(r):
    """A sequence to a sequence, each letter a row of zeros and a one."""
    a, b = r.integers(0, 10, (2, 1500))
    letters = "0123456789+ "
    asked = [f"{i}+{j}" for i, j in zip(a, b, strict=True)]
    answers = [f"{i + j:<2}" for i, j in zip(a, b, strict=True)]
    x, y = (np.array([[[c == each for each in letters] for c in text] for text in texts])
            for texts in (asked, answers))  # fmt: skip
    model = keras.Sequential([
        layers.Input((3, len(letters))), layers.LSTM(48), layers.RepeatVector(2),
        layers.LSTM(48, return_sequences=True), layers.Dense(len(letters), activation="softmax"),
    ])  # fmt: skip
    model.compile(loss="categorical_crossentropy", optimizer=optimizers.Adam(0.01),
                  metrics=["accuracy"])  # fmt: skip
    return trained(model, x, y, batch_size=32, epochs=12)


@kind
def reviews_by_a_transformer(r):
    class Tokens(layers.Layer):
        def __init__(self, length, words, width):
            super().__init__()
            self.words, self.places = (
                layers.Embedding(words, width),
                layers.Embedding(length, width),
            )

        def call(self, x):
            return self.words(x) + self.places(ops.arange(0, ops.shape(x)[-1], 1))

    class Block(layers.Layer):
        def __init__(self, width):
            super().__init__()
            self.att = layers.MultiHeadAttention(num_heads=2, key_dim=width)
            self.ffn = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(width)])
            self.norms = [layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
            self.dropout = layers.Dropout(0.1)

        def call(self, x, training=None):
            one = self.norms[0](x + self.dropout(self.att(x, x), training=training))
            return self.norms[1](one + self.ffn(one))

    x, y = phrases(r)
    given = layers.Input(shape=(20,))
    inner = layers.GlobalAveragePooling1D()(Block(16)(Tokens(20, 80, 16)(given)))
    out = layers.Dense(2, activation="softmax")(layers.Dense(20, activation="relu")(inner))
    model = keras.Model(inputs=given, outputs=out)
    model.compile(optimizer=optimizers.Adam(0.003), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])  # fmt: skip
    return trained(model, x, y, batch_size=32, epochs=6, validation_split=0.1)


@kind
def digits_as_the_first_guide_has_them(r):
    x, y = digits(r, 400)
    model = keras.Sequential([
        keras.Input(shape=(12, 12, 1)), layers.Conv2D(16, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.Flatten(), layers.Dropout(0.5), layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return trained(model, x, keras.utils.to_categorical(y, 3), batch_size=32, epochs=8,
                   validation_split=0.1)  # fmt: skip


@kind
def logits_then_probabilities_afterwards(r):
    x, y = digits(r, 400, channels=False)
    model = keras.models.Sequential([
        layers.Flatten(input_shape=(12, 12)), layers.Dense(128, activation="relu"),
        layers.Dropout(0.2), layers.Dense(3),
    ])  # fmt: skip
    told = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=told, metrics=["accuracy"])
    found = trained(model, x, y, epochs=8)
    assert accuracy(keras.Sequential([model, layers.Softmax()]), x, y) > 0.7
    return found


@kind
def the_next_picture_of_a_film(r):
    start = r.integers(0, 5, (120, 2))
    films = np.zeros((120, 6, 10, 10, 1), "float32")
    for n in range(6):
        films[np.arange(120), n, start[:, 0] + n % 4, start[:, 1] + n % 4] = 1
        films[np.arange(120), n, start[:, 0] + n % 4, start[:, 1] + n % 4 + 1] = 1
    model = keras.Sequential([
        keras.Input((None, 10, 10, 1)),
        layers.ConvLSTM2D(12, 3, padding="same", return_sequences=True, activation="relu"),
        layers.BatchNormalization(),
        layers.Conv3D(1, (3, 3, 3), activation="sigmoid", padding="same"),
    ])  # fmt: skip
    model.compile(loss=keras.losses.binary_crossentropy, optimizer=keras.optimizers.Adam(0.01))
    return trained(model, films[:, :-1], films[:, 1:], batch_size=10, epochs=6)


@kind
def twice_as_large_by_channels(r):
    large, _ = digits(r, 250)
    small = large[:, ::2, ::2]
    given = keras.Input((None, None, 1))
    inner = layers.Conv2D(16, 5, padding="same", activation="relu",
                          kernel_initializer="orthogonal")(given)  # fmt: skip
    inner = layers.Conv2D(4, 3, padding="same", kernel_initializer="orthogonal")(inner)
    out = layers.Lambda(lambda t: tf.nn.depth_to_space(t, 2), output_shape=(None, None, 1))(inner)
    model = keras.Model(given, out)
    model.compile(optimizer=optimizers.Adam(0.003), loss=losses.MeanSquaredError())
    return trained(model, small, large, epochs=10)


@kind
def films_recommended_by_a_class(r):
    """Ids of people and films in two columns; ratings from 0 to 1."""

    class Recommender(keras.Model):
        def __init__(self, people, films, width=8):
            super().__init__()
            small = keras.regularizers.l2(1e-6)
            made = {"embeddings_initializer": "he_normal", "embeddings_regularizer": small}
            self.people, self.bias = (
                layers.Embedding(people, width, **made),
                layers.Embedding(people, 1),
            )
            self.films, self.film_bias = (
                layers.Embedding(films, width, **made),
                layers.Embedding(films, 1),
            )

        def call(self, x):
            one, other = self.people(x[:, 0]), self.films(x[:, 1])
            dot = ops.sum(one * other, axis=1, keepdims=True)
            return ops.nn.sigmoid(dot + self.bias(x[:, 0]) + self.film_bias(x[:, 1]))

    x = np.stack([r.integers(0, 60, 2000), r.integers(0, 40, 2000)], 1)
    likes = (r.normal(size=(60, 2)) @ r.normal(size=(2, 40)))[x[:, 0], x[:, 1]]
    y = np.round(np.clip(likes + 2.5, 0.5, 5) * 2) / 2
    y = (y - y.min()) / (y.max() - y.min())
    model = Recommender(60, 40)
    model.compile(loss=losses.BinaryCrossentropy(), optimizer=optimizers.Adam(0.005))
    return trained(model, x, y, batch_size=64, epochs=12, falls_to=0.95)


@kind
def clouds_of_points_turned_by_what_is_learned(r):
    """A small network makes a matrix, begun as the identity, kept near a rotation."""

    class Orthogonal(keras.regularizers.Regularizer):
        def __call__(self, given):
            given = ops.reshape(given, (-1, 3, 3))
            square = ops.tensordot(given, given, axes=(2, 2))
            square = ops.reshape(square, (-1, 3, 3))
            return 1e-4 * ops.sum(ops.square(square - ops.eye(3)))

    y = r.integers(0, 3, 300)
    scales = np.array([[2, 0.3, 0.3], [1, 1, 0.1], [1, 1, 1]])[y]
    x = r.normal(size=(300, 32, 3)) * scales[:, None]
    given = keras.Input((32, 3))
    inner = layers.GlobalMaxPooling1D()(layers.Conv1D(16, 1, activation="relu")(given))
    turn = layers.Dense(9, kernel_initializer="zeros",
                        bias_initializer=keras.initializers.Constant(np.eye(3).flatten()),
                        activity_regularizer=Orthogonal())(inner)  # fmt: skip
    turned = layers.Dot(axes=(2, 1))([given, layers.Reshape((3, 3))(turn)])
    inner = layers.Conv1D(32, 1)(turned)
    inner = layers.Activation("relu")(layers.BatchNormalization(momentum=0.0)(inner))
    inner = layers.Dropout(0.3)(layers.Dense(16, "relu")(layers.GlobalMaxPooling1D()(inner)))
    model = keras.Model(given, layers.Dense(3, activation="softmax")(inner))
    model.compile(loss="sparse_categorical_crossentropy", optimizer=optimizers.Adam(0.003),
                  metrics=["sparse_categorical_accuracy"])  # fmt: skip
    return trained(model, x, y, epochs=10)


@kind
def pictures_in_patches_by_a_layer(r):
    class Patches(layers.Layer):
        def call(self, images):
            count, size = ops.shape(images)[0], 4
            return ops.reshape(ops.image.extract_patches(images, size), (count, 9, 16))

    class Placed(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense, self.places = layers.Dense(24), layers.Embedding(9, 24)

        def call(self, patches):
            return self.dense(patches) + self.places(ops.expand_dims(ops.arange(9), 0))

    x, y = digits(r, 500)
    given = keras.Input((12, 12, 1))
    tensor = Placed()(Patches()(given))
    for _ in range(2):
        one = layers.LayerNormalization(epsilon=1e-6)(tensor)
        tensor = layers.Add()([layers.MultiHeadAttention(2, 24, dropout=0.1)(one, one), tensor])
        one = layers.LayerNormalization(epsilon=1e-6)(tensor)
        tensor = layers.Add()([layers.Dense(24, activation=keras.activations.gelu)(one), tensor])
    tensor = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(tensor))
    model = keras.Model(given, layers.Dense(3)(layers.Dropout(0.3)(tensor)))
    model.compile(optimizers.AdamW(0.003, weight_decay=1e-4),
                  losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=[metrics.SparseCategoricalAccuracy(name="accuracy"),
                   metrics.SparseTopKCategoricalAccuracy(2, name="top-2-accuracy")])  # fmt: skip
    return trained(model, x, y, epochs=10, validation_split=0.1)


@kind
def a_student_in_a_class_that_teaches(r):
    class Distiller(keras.Model):
        def __init__(self, student, teacher):
            super().__init__()
            self.teacher, self.student = teacher, student

        def compile(self, optimizer, metrics, student_loss_fn, alpha=0.1, temperature=3):
            super().compile(optimizer=optimizer, metrics=metrics)
            self.told, self.alpha, self.heat = student_loss_fn, alpha, temperature

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=False):
            taught = ops.softmax(self.teacher(x, training=False) / self.heat, axis=1)
            learned = ops.softmax(y_pred / self.heat, axis=1)
            apart = ops.mean(losses.kl_divergence(taught, learned)) * self.heat**2
            return self.alpha * self.told(y, y_pred) + (1 - self.alpha) * apart

        def call(self, x):
            return self.student(x)

    x, y = digits(r, 400)
    told = losses.SparseCategoricalCrossentropy(from_logits=True)
    teacher, student = (
        keras.Sequential([keras.Input((12, 12, 1)), layers.Conv2D(width, 3), layers.LeakyReLU(),
                          layers.GlobalMaxPooling2D(), layers.Dense(3)])
        for width in (24, 8)
    )  # fmt: skip
    teacher.compile(optimizers.Adam(0.02), told)
    trained(teacher, x, y, epochs=15)
    model = Distiller(student, teacher)
    model.compile(optimizers.Adam(0.02), [metrics.SparseCategoricalAccuracy()], told)
    return trained(model, x, y, epochs=12)


@kind
def keypoints_as_shares_of_the_picture(r):
    at = r.integers(1, 11, (400, 2))
    x = r.random((400, 12, 12, 1)) * 0.3
    x[np.arange(400), at[:, 0], at[:, 1], 0] = 1
    given = keras.Input((12, 12, 1))
    inner = layers.Conv2D(16, 3, activation="relu", padding="same")(given)
    inner = layers.Conv2D(8, 3, strides=2, activation="relu", padding="same")(inner)
    out = layers.Dense(2, activation="sigmoid")(layers.Flatten()(inner))
    model = keras.Model(given, out, name="keypoint_detector")
    model.compile(loss="mse", optimizer=optimizers.Adam(0.003))
    return trained(model, x, at / 12, epochs=15)


@kind
def where_it_is_and_what_it_is(r):
    """A box in pixels beside a class; the box weighs less."""
    x, y = digits(r, 400)
    bright = x[..., 0] > 0.65
    rows, columns = bright.any(axis=2), bright.any(axis=1)
    box = np.stack([rows.argmax(1), columns.argmax(1), 12 - rows[:, ::-1].argmax(1),
                    12 - columns[:, ::-1].argmax(1)], 1).astype("float32")  # fmt: skip
    given = keras.Input((12, 12, 1))
    inner = layers.Conv2D(16, 3, activation="relu")(given)
    inner = layers.Flatten()(layers.Conv2D(16, 3, activation="relu")(inner))
    outs = {"box": layers.Dense(4, name="box")(layers.Dense(32, "relu")(inner)),
            "kind": layers.Dense(3, activation="softmax", name="kind")(inner)}  # fmt: skip
    model = keras.Model(given, outs)
    model.compile(optimizers.Adam(0.003), {"box": "mse", "kind": "sparse_categorical_crossentropy"},
                  loss_weights={"box": 0.05, "kind": 1.0},
                  metrics={"kind": "accuracy"})  # fmt: skip
    return trained(model, x, {"box": box, "kind": y}, epochs=15)


@kind
def papers_that_cite_each_other(r):
    """A layer that passes messages along the edges of one graph; all nodes are one batch."""
    kinds = r.integers(0, 3, 90)
    edges = ((kinds[:, None] == kinds) & (r.random((90, 90)) < 0.2)) | (r.random((90, 90)) < 0.01)
    edges = (edges | edges.T | np.eye(90, dtype=bool)).astype("float32")
    edges /= edges.sum(axis=1, keepdims=True)
    words = (r.random((90, 20)) < 0.1 + 0.2 * (np.arange(20) % 3 == kinds[:, None])).astype(
        "float32"
    )

    class Passed(layers.Layer):
        def __init__(self, units):
            super().__init__()
            self.dense = layers.Dense(units, activation="relu")

        def call(self, given):
            nodes, along = given
            return ops.matmul(along, self.dense(nodes))

    nodes, along = keras.Input((20,), batch_size=90), keras.Input((90,), batch_size=90)
    inner = Passed(16)([layers.Dropout(0.3)(nodes), along])
    model = keras.Model([nodes, along], layers.Dense(3)(Passed(16)([inner, along])))
    model.compile(optimizers.Adam(0.02), losses.SparseCategoricalCrossentropy(from_logits=True),
                  weighted_metrics=["acc"])  # fmt: skip
    return trained(model, [words, edges], kinds, batch_size=90, epochs=30, shuffle=False)


@kind
def a_rule_begun_at_zero(r):
    """Logistic regression as statistics has it: from zeros, with large steps."""
    x = r.normal(size=(400, 5))
    y = (x @ r.normal(size=5) > 0.3).astype(int)
    model = keras.Sequential([keras.Input((5,)), layers.Dense(
        1, activation="sigmoid", kernel_initializer="zeros")])  # fmt: skip
    model.compile(optimizers.SGD(2.0), "binary_crossentropy", metrics=["accuracy"])
    return trained(model, x, y, epochs=10, batch_size=400)


@kind
def an_old_optimizer_in_large_steps(r):
    x, y = digits(r, 400)
    model = keras.Sequential([keras.Input((12, 12, 1)), layers.Flatten(),
                              layers.Dense(64, "selu", kernel_initializer="lecun_normal"),
                              layers.AlphaDropout(0.1), layers.Dense(3, "softmax")])  # fmt: skip
    model.compile(keras.optimizers.Adadelta(learning_rate=1.0), "categorical_crossentropy",
                  metrics=["categorical_accuracy"])  # fmt: skip
    return trained(model, x, keras.utils.to_categorical(y), batch_size=32, epochs=10)


@kind
def sides_as_one_and_minus_one(r):
    x = r.normal(size=(400, 2))
    y = np.where(np.hypot(*x.T) < 1.1, 1, -1)
    model = keras.Sequential([layers.Dense(32, "relu"), layers.Dense(16, "relu"),
                              layers.Dense(1, "tanh")])  # fmt: skip
    model.compile(loss="squared_hinge", optimizer="adam", metrics=["hinge"])
    return trained(model, x, y, epochs=25)


@kind
def incomes_through_their_logarithm(r):
    x = np.exp(r.normal(size=(500, 3)) * 1.2 + 6)
    y = (np.log(x) - 6) @ np.array([[1.0], [-2], [0.5]])
    given = keras.Input((3,))
    inner = layers.Dense(16, activation="relu")(ops.log1p(given) - 6.0)
    model = keras.Model(given, layers.Dense(1)(inner))
    model.compile("adam", loss=keras.losses.Huber(delta=2.0))
    return trained(model, x, y, epochs=25)


@kind
def bags_of_ids_counted_in_the_network(r):
    x, y = phrases(r, 500, 12)
    given = keras.Input((12,), dtype="int32")
    counted = layers.CategoryEncoding(num_tokens=80, output_mode="count")(given)
    model = keras.Model(given, layers.Dense(1, activation="sigmoid")(counted))
    model.compile(optimizers.Adam(0.05), "binary_crossentropy", metrics=["AUC"])
    return trained(model, x, y, epochs=10)


@kind
def photographs_turned_and_scaled_inside(r):
    x, y = digits(r, 300)
    x = np.repeat(np.clip(x, 0, 1) * 255, 3, axis=-1).astype("uint8")
    varied = keras.Sequential([layers.RandomTranslation(0.1, 0.1), layers.RandomContrast(0.1)])
    model = keras.Sequential([
        keras.Input((12, 12, 3)), varied, layers.Rescaling(1.0 / 255),
        layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(16, 3, activation="relu"), layers.GlobalMaxPooling2D(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile(optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32).repeat()
    return trained(model, data, epochs=12, steps_per_epoch=9, falls_to=0.85)


@kind
def what_to_keep_and_what_to_gate(r):
    """Gates that choose among columns, in blocks with a shortcut."""
    x = r.normal(size=(500, 8))
    y = ((x[:, 0] * x[:, 1] > 0) & (x[:, 2] > -1)).astype("float32")

    def gated(tensor, units):
        inner = layers.Dense(units)(layers.Dense(units, activation="elu")(tensor))
        inner = layers.Dense(units)(inner) * layers.Dense(units, activation="sigmoid")(inner)
        return layers.LayerNormalization()(layers.Dense(units)(tensor) + inner)

    given = keras.Input((8,))
    weights = layers.Dense(8, activation="softmax")(gated(given, 16))
    model = keras.Model(given, layers.Dense(1, "sigmoid")(gated(weights * given, 16)))
    model.compile(optimizers.Adam(0.01), losses.BinaryCrossentropy(), metrics=["accuracy"])
    return trained(model, x, y, epochs=20)


@kind
def tuned_with_tiny_steps_after_it_was_learned(r):
    x, y = digits(r, 400)
    model = keras.Sequential([keras.Input((12, 12, 1)), layers.Conv2D(16, 3, activation="relu"),
                              layers.GlobalMaxPooling2D(), layers.Dense(3, "softmax")])  # fmt: skip
    model.compile(optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    trained(model, x, y, epochs=12)
    model.compile(optimizers.SGD(1e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    found = trained(model, x, y, epochs=5, falls_to=None)
    assert accuracy(model, x, y) > 0.8
    return found


@kind
def one_step_for_each_label_by_distributed_layers(r):
    x = r.normal(size=(200, 10, 4)).astype("float32")
    y = (np.cumsum(x[..., 0], axis=1) > 0).astype("float32")[..., None]
    model = keras.Sequential([
        keras.Input((10, 4)), layers.GRU(24, return_sequences=True),
        layers.TimeDistributed(layers.Dense(8, activation="relu")),
        layers.TimeDistributed(layers.Dense(1, activation="sigmoid")),
    ])  # fmt: skip
    model.compile(optimizers.RMSprop(0.01), "binary_crossentropy", metrics=["binary_accuracy"])
    return trained(model, x, y, epochs=12)
