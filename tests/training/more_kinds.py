"""Fifty more kinds of healthy trainings, written after the thresholds, to attack them.

What is tried here and nowhere else: sorted, tiny and ragged data, generators, sample weights,
steps of one's own, losses added inside, mixed precision, several outputs, odd shapes of labels.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, losses, ops, optimizers
from training.healthy_kinds import BINARY, ONE_HOT, SPARSE, dense, entered_in, fitted, stack
from training.instances import Instance

KINDS = []
kind = entered_in(KINDS)


def blobs(r, count=400, classes=3, features=5):
    """Heaps of points, one a class."""
    y = r.integers(0, classes, count)
    return (3 * r.normal(size=(classes, features))[y] + r.normal(size=(count, features))), y


def softmax(features=5, classes=3, width=16, **more):
    return stack((features,), dense(width, "relu", **more), dense(classes, "softmax"))


@kind
def sorted_by_class(r):
    x, y = blobs(r, 600, 2)
    order = np.argsort(y, kind="stable")
    return fitted(softmax(classes=2), x[order], y[order], 10, loss=SPARSE)


@kind
def sorted_by_class_and_one_unit(r):
    x, y = blobs(r, 600, 2)
    order = np.argsort(y, kind="stable")
    return fitted(stack((5,), dense(1, "sigmoid")), x[order], y[order], 20, 0.03, BINARY)


@kind
def sorted_in_a_pipeline(r):
    x, y = blobs(r, 500, 3)
    order = np.argsort(y, kind="stable")
    data = tf.data.Dataset.from_tensor_slices((x[order].astype("float32"), y[order]))
    data = data.shuffle(500, reshuffle_each_iteration=True).batch(25)
    return fitted(softmax(), data, None, 8, loss=SPARSE)


@kind
def twenty_samples(r):
    x, y = blobs(r, 20, 2)
    return fitted(softmax(classes=2), x, y, 30, loss=SPARSE)


@kind
def six_samples_by_heart(r):
    x, y = r.normal(size=(6, 3)), np.array([0, 1, 0, 1, 1, 0])
    return fitted(softmax(3, 2), x, y, 60, 0.05, SPARSE)


@kind
def one_sample(r):
    return fitted(stack((3,), dense(1)), r.normal(size=(1, 3)), np.ones((1, 1)), 30, 0.1)


@kind
def batches_of_one(r):
    x, y = blobs(r, 100, 2)
    return fitted(softmax(classes=2), x, y, 4, 0.003, SPARSE, batch_size=1)


@kind
def a_generator(r):
    x, y = blobs(r, 320)
    batches = [(x[i : i + 32].astype("float32"), y[i : i + 32]) for i in range(0, 320, 32)]
    signature = tf.TensorSpec((None, 5)), tf.TensorSpec((None,), "int64")
    data = tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=signature)
    return fitted(softmax(), data, None, 8, loss=SPARSE)


@kind
def with_sample_weights(r):
    x, y = blobs(r, 400, 2)
    weights = np.where(y == 1, 2.0, 1.0)
    return fitted(softmax(classes=2), x, y, 10, loss=SPARSE, sample_weight=weights)


@kind
def weights_inside_a_pipeline(r):
    x, y = blobs(r, 300, 2)
    rows = x.astype("float32"), y, np.ones(300, "float32")
    return fitted(softmax(classes=2), tf.data.Dataset.from_tensor_slices(rows).batch(30), None, 8,
                  loss=SPARSE)  # fmt: skip


@kind
def what_is_drawn_by_mask(r):
    """Segmentation: a class for each pixel."""
    x = np.kron(r.integers(0, 2, (120, 4, 4)), np.ones((4, 4)))[..., None]
    x = x + 0.2 * r.normal(size=x.shape)
    y = (x[..., 0] > 0.5).astype(int)
    model = stack(
        (16, 16, 1), layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.Conv2D(2, 1, activation="softmax"),
    )  # fmt: skip
    return fitted(model, x, y, 6, loss=SPARSE)


@kind
def a_little_u(r):
    x = np.kron(r.random((100, 4, 4)) > 0.7, np.ones((4, 4)))[..., None]
    given = keras.Input((16, 16, 1))
    top = layers.Conv2D(8, 3, padding="same", activation="relu")(given)
    low = layers.Conv2D(16, 3, padding="same", activation="relu")(layers.MaxPooling2D()(top))
    up = layers.concatenate([layers.UpSampling2D()(low), top])
    model = keras.Model(given, layers.Conv2D(1, 1, activation="sigmoid")(up))
    noisy = x + 0.3 * r.normal(size=x.shape)
    return fitted(model, noisy, x.astype("float32"), 6, loss=BINARY)


@kind
def rare_pixels(r):
    x = r.normal(size=(80, 12, 12, 1))
    y = (x > 2.2).astype("float32")
    model = stack((12, 12, 1), layers.Conv2D(8, 1, activation="relu"),
                  layers.Conv2D(1, 1, activation="sigmoid"))  # fmt: skip
    return fitted(model, x, y, 8, 0.02, BINARY)


@kind
def a_gru_for_each_step(r):
    x = r.normal(size=(200, 10, 2))
    y = np.cumsum(x[..., :1], axis=1) / 3
    return fitted(stack((10, 2), layers.GRU(16, return_sequences=True), dense(1)), x, y, 12)


@kind
def sequences_of_any_length(r):
    x = r.integers(1, 12, (300, 14))
    lengths = r.integers(4, 15, 300)
    x[np.arange(14) >= lengths[:, None]] = 0
    y = (x == 3).any(1).astype(int)
    model = stack((None,), layers.Embedding(12, 8, mask_zero=True), layers.GRU(16),
                  dense(1, "sigmoid"), dtype="int32")  # fmt: skip
    return fitted(model, x, y, 15, 0.02, BINARY)


@kind
def two_layers_of_lstm(r):
    t = r.uniform(0, 6, (250, 1)) + np.arange(12) * 0.4
    model = stack((12, 1), layers.LSTM(12, return_sequences=True), layers.LSTM(8), dense(1))
    return fitted(model, np.sin(t)[..., None], np.cos(t[:, -1]), 10)


@kind
def an_encoder_and_a_decoder(r):
    x = r.integers(1, 8, (400, 5))
    before = np.concatenate([np.zeros((400, 1), int), x[:, ::-1][:, :-1]], axis=1)
    a, b = keras.Input((5,), dtype="int32"), keras.Input((5,), dtype="int32")
    _, state = layers.GRU(24, return_state=True)(layers.Embedding(8, 8)(a))
    out = layers.GRU(24, return_sequences=True)(layers.Embedding(8, 8)(b), initial_state=state)
    model = keras.Model([a, b], dense(8, "softmax")(out))
    return fitted(model, [x, before], x[:, ::-1], 12, 0.02, SPARSE)


@kind
def a_variational_autoencoder(r):
    class Sampling(layers.Layer):
        def call(self, both):
            mean, log = both
            self.add_loss(0.01 * ops.mean(ops.square(mean) + ops.exp(log) - log - 1))
            return mean + ops.exp(log / 2) * keras.random.normal(ops.shape(mean))

    x = r.normal(size=(400, 2)) @ r.normal(size=(2, 8))
    given = keras.Input((8,))
    hidden = dense(16, "relu")(given)
    code = Sampling()([dense(2)(hidden), dense(2)(hidden)])
    return fitted(keras.Model(given, dense(8)(dense(16, "relu")(code))), x, x, 20)


@kind
def an_autoencoder_of_pictures(r):
    x = np.kron(r.integers(0, 2, (200, 2, 2, 1)), np.ones((1, 4, 4, 1))).astype("float32")
    model = stack(
        (8, 8, 1), layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
    )  # fmt: skip
    return fitted(model, x, x, 10, loss="mse")


@kind
def a_sparse_autoencoder(r):
    x = r.random((300, 12))
    code = dense(6, "relu", activity_regularizer=keras.regularizers.L1(1e-4))
    return fitted(stack((12,), code, dense(12, "sigmoid")), x, x, 20)


@kind
def a_contrast(r):
    """Pairs near together or far apart, by a margin."""

    def margin(same, far):
        return ops.mean(same * far**2 + (1 - same) * ops.maximum(1 - far, 0) ** 2)

    one, y = blobs(r, 500, 4)
    other, z = one[::-1].copy(), y[::-1]
    a, b = keras.Input((5,)), keras.Input((5,))
    tower = keras.Sequential([dense(16, "relu"), dense(4)])
    apart = tower(a) - tower(b)
    far = ops.sqrt(ops.sum(apart**2, axis=1, keepdims=True) + 1e-6)
    same = (y == z).astype("float32")[:, None]
    return fitted(keras.Model([a, b], far), [one, other], same, 10, loss=margin)


@kind
def a_triplet(r):
    def triplet(_, made):
        return ops.mean(ops.maximum(made[:, 0] - made[:, 1] + 1, 0))

    x, y = blobs(r, 300, 2)
    near = np.stack([x[r.choice(np.flatnonzero(y == label))] for label in y])
    far = np.stack([x[r.choice(np.flatnonzero(y != label))] for label in y])
    inputs = [keras.Input((5,)) for _ in range(3)]
    tower = keras.Sequential([dense(16, "relu"), dense(4)])
    seen = [tower(each) for each in inputs]
    off = [ops.sum((seen[0] - each) ** 2, axis=1, keepdims=True) for each in seen[1:]]
    return fitted(keras.Model(inputs, layers.concatenate(off)), [x, near, far], np.zeros((300, 2)),
                  10, loss=triplet)  # fmt: skip


@kind
def one_against_the_other(r):
    """A discriminator, trained on what is real and what was made."""
    real = r.normal(size=(300, 4)) @ np.diag([1, 0.1, 2, 1])
    made = dense(4)(r.normal(size=(300, 4)).astype("float32"))
    x = np.concatenate([real, np.asarray(made)])
    y = np.repeat([1.0, 0.0], 300)
    loss = losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
    return fitted(stack((4,), layers.Dense(24), layers.LeakyReLU(), dense(1)), x, y, 20, loss=loss)


@kind
def a_maker_against_a_frozen_critic(r):
    x = r.normal(size=(400, 3))
    critic = stack((2,), dense(16, "relu"), dense(1, "sigmoid"))
    points = r.normal(size=(600, 2))
    fitted(critic, points, np.hypot(*points.T) < 1, 15, loss=BINARY)
    critic.trainable = False
    model = stack((3,), dense(16, "tanh"), dense(2), critic)
    return fitted(model, x, np.ones((400, 1)) * 0.9, 10, loss=BINARY)


@kind
def a_base_frozen_then_set_free(r):
    x, y = blobs(r, 400, 4, 8)
    base = stack((8,), dense(16, "relu"), layers.BatchNormalization(), dense(8, "relu"))
    fitted(stack((8,), base, dense(4, "softmax")), x, y, 5, loss=SPARSE)
    base.trainable = False
    model = stack((8,), base, dense(2, "softmax"))
    fitted(model, x, y % 2, 5, loss=SPARSE)
    base.trainable = True
    return fitted(model, x, y % 2, 5, 1e-4, SPARSE)


@kind
def only_the_last_layer_of_a_network(r):
    x, y = blobs(r, 400, 4, 8)
    first = softmax(8, 4)
    fitted(first, x, y, 8, loss=SPARSE)
    first.layers[1].trainable = False
    head = dense(3, "softmax", name="head")(first.layers[1].output)
    return fitted(keras.Model(first.input, head), x, y % 3, 15, loss=SPARSE)


@kind
def weights_of_classes(r):
    y = (r.random(900) < 0.05).astype(int)
    x = r.normal(size=(900, 4)) + 2.5 * y[:, None]
    return fitted(stack((4,), dense(16, "relu"), dense(1, "sigmoid")), x, y, 12, loss=BINARY,
                  class_weight={0: 1.0, 1: 10.0})  # fmt: skip


@kind
def a_step_of_ones_own(r):
    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
            weights = self.trainable_weights
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            return {"loss": loss}

    x, y = blobs(r)
    plain = softmax()
    return fitted(Own(plain.input, plain.output), x, y, 10, loss=SPARSE)


@kind
def a_class_of_models(r):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.out = dense(16, "relu"), dense(3, "softmax")

        def call(self, x):
            return self.out(self.hidden(x))

    x, y = blobs(r)
    return fitted(Own(), x, y, 10, loss=SPARSE)


@kind
def outputs_of_several_kinds(r):
    x = r.normal(size=(500, 6))
    given = keras.Input((6,), name="x")
    hidden = dense(24, "relu")(given)
    ends = {"tags": dense(4, "sigmoid", name="t")(hidden), "price": dense(1, name="p")(hidden)}
    y = {"tags": (x[:, :4] > 0.5).astype("float32"), "price": x[:, :1] * 3}
    loss = {"tags": BINARY, "price": "huber"}
    return fitted(keras.Model(given, ends), x, y, 15, loss=loss)


@kind
def an_output_in_training_alone(r):
    x, y = blobs(r)
    given = keras.Input((5,))
    first = dense(16, "relu")(given)
    early = dense(3, "softmax", name="early")(first)
    late = dense(3, "softmax", name="late")(dense(16, "relu")(first))
    return fitted(keras.Model(given, [late, early]), x, [y, y], 10, loss=[SPARSE, SPARSE],
                  compiled={"loss_weights": [1.0, 0.3]})  # fmt: skip


@kind
def one_output_without_a_loss(r):
    x, y = blobs(r)
    given = keras.Input((5,))
    code = dense(8, "relu", name="code")(given)
    model = keras.Model(given, {"kind": dense(3, "softmax")(code), "code": code})
    return fitted(model, x, {"kind": y}, 10, loss={"kind": SPARSE})


@kind
def in_half_precision(r):
    keras.mixed_precision.set_global_policy("mixed_float16")
    x, y = blobs(r)
    model = stack((5,), dense(16, "relu"), dense(3), layers.Activation("softmax", dtype="float32"))
    return fitted(model, x, y, 10, loss=SPARSE)


@kind
def in_brain_floats(r):
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    x = r.normal(size=(400, 4))
    model = stack((4,), dense(16, "relu"), dense(1, dtype="float32"))
    return fitted(model, x, x[:, :1] * 2, 15)


@kind
def several_steps_at_once(r):
    x, y = blobs(r)
    return fitted(softmax(), x, y, 10, loss=SPARSE, compiled={"steps_per_execution": 4})


@kind
def slowly_and_well(r):
    x, y = blobs(r, 600)
    return fitted(softmax(width=64), x, y, 20, 1e-4, SPARSE)


@kind
def fast_and_well(r):
    x, y = blobs(r)
    return fitted(softmax(), x, y, 10, optimizers.SGD(0.5), SPARSE)


@kind
def a_warm_start(r):
    x, y = blobs(r)
    model = softmax()
    fitted(model, x, y, 15, loss=SPARSE)
    return fitted(model, x, y, 5, 0.001, SPARSE)


@kind
def bags_of_very_many_words(r):
    x = np.zeros((400, 2000), "float32")
    y = r.integers(0, 2, 400)
    for row, label in zip(x, y, strict=True):
        row[r.integers(0, 2000, 15)] = 1
        row[label * 5 : label * 5 + 3] = 1
    return fitted(stack((2000,), dense(16, "relu"), dense(1, "sigmoid")), x, y, 6, loss=BINARY)


@kind
def small_signals(r):
    x = r.normal(size=(400, 6)) * 0.05
    return fitted(stack((6,), dense(32, "relu"), dense(1)), x, x[:, 0] * 20, 25, 0.02)


@kind
def shares_of_a_whole(r):
    x = r.dirichlet(np.ones(30), 500)
    return fitted(stack((30,), dense(16, "relu"), dense(1)), x, x[:, :3].sum(1), 20)


@kind
def years_normalized_in_the_network(r):
    x = r.integers(1950, 2020, (400, 1)).astype("float32")
    scale = layers.Normalization()
    scale.adapt(x)
    return fitted(stack((1,), scale, dense(1)), x, (x - 1985) / 10, 40, 0.05)


@kind
def labels_far_from_zero(r):
    x = r.normal(size=(400, 3))
    y = 40 + 5 * x[:, 0]
    return fitted(stack((3,), dense(16, "relu"), dense(1)), x, y, 60, 0.05, "mae")


@kind
def quantiles(r):
    def pinball(truth, made):
        off = truth - made
        at = ops.convert_to_tensor([0.1, 0.5, 0.9])
        return ops.mean(ops.maximum(at * off, (at - 1) * off))

    x = r.normal(size=(500, 2))
    y = x[:, :1] + r.normal(size=(500, 1))
    return fitted(stack((2,), dense(16, "relu"), dense(3)), x, y, 15, loss=pinball)


@kind
def a_likelihood_below_zero(r):
    def likelihood(truth, made):
        mean, log = made[:, :1], made[:, 1:]
        return ops.mean(0.5 * ((truth - mean) * ops.exp(-log)) ** 2 + log)

    x = r.normal(size=(600, 2))
    y = x[:, :1] * 0.2 + 0.02 * r.normal(size=(600, 1))
    return fitted(stack((2,), dense(24, "tanh"), dense(2)), x, y, 40, 0.01, likelihood)


@kind
def pixels_in_their_places(r):
    y = r.integers(0, 10, 500)
    x = np.eye(10)[y].repeat(6, 1).reshape(500, 60) + 0.3 * r.normal(size=(500, 60))
    model = stack((60,), layers.Reshape((10, 6)), layers.LSTM(16), dense(10, "softmax"))
    return fitted(model, x, y, 8, 0.02, SPARSE)


@kind
def a_transformer_block(r):
    x = r.integers(0, 15, (400, 8))
    given = keras.Input((8,), dtype="int32")
    seen = layers.Embedding(15, 16)(given) + layers.Embedding(8, 16)(ops.arange(8))
    seen = layers.LayerNormalization()(seen + layers.MultiHeadAttention(2, 8)(seen, seen))
    seen = layers.LayerNormalization()(seen + dense(16)(dense(32, "gelu")(seen)))
    model = keras.Model(given, dense(15, "softmax")(seen))
    return fitted(model, x, np.roll(x, 1, axis=1), 12, 0.01, SPARSE)


@kind
def channels_that_are_gated(r):
    y = r.integers(0, 3, 300)
    x = r.normal(size=(300, 8, 8, 3)) * 0.5
    x[np.arange(300), ..., y] += 1
    given = keras.Input((8, 8, 3))
    seen = layers.Conv2D(8, 3, padding="same", activation="relu")(given)
    gate = dense(8, "sigmoid")(dense(4, "relu")(layers.GlobalAveragePooling2D()(seen)))
    seen = layers.GlobalAveragePooling2D()(seen * layers.Reshape((1, 1, 8))(gate))
    return fitted(keras.Model(given, dense(3, "softmax")(seen)), x, y, 8, loss=SPARSE)


@kind
def depthwise_then_pointwise(r):
    y = r.integers(0, 2, 300)
    x = r.normal(size=(300, 10, 10, 2)) + y[:, None, None, None]
    model = stack((10, 10, 2), layers.SeparableConv2D(8, 3), layers.BatchNormalization(),
                  layers.ReLU(), layers.GlobalMaxPooling2D(), dense(1, "sigmoid"))  # fmt: skip
    return fitted(model, x, y, 8, loss=BINARY)


@kind
def rows_of_one_hot_labels_in_bytes(r):
    x, y = blobs(r)
    return fitted(softmax(), x, np.eye(3, dtype="uint8")[y], 10, loss=ONE_HOT)


@kind
def a_model_saved_and_loaded(r):
    x, y = blobs(r)
    model = softmax()
    fitted(model, x, y, 5, loss=SPARSE)
    again = keras.Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    return fitted(again, x, y, 5, 0.005, SPARSE)


@kind
def with_noise_and_crops(r):
    y = r.integers(0, 2, 300)
    x = (r.random((300, 8, 8, 1)) + y[:, None, None, None]).astype("float32") / 2
    model = stack((8, 8, 1), layers.RandomFlip(), layers.GaussianNoise(0.05), layers.Flatten(),
                  dense(16, "relu"), dense(1, "sigmoid"))  # fmt: skip
    return fitted(model, x, y, 10, loss=BINARY)


@kind
def judged_by_area(r):
    x, y = blobs(r, 400, 2)
    compiled = {"metrics": [keras.metrics.AUC(), keras.metrics.Precision()]}
    model = stack((5,), dense(8, "relu"), dense(1, "sigmoid"))
    return fitted(model, x, y.astype("float32"), 12, loss=BINARY, compiled=compiled)


@kind
def an_average_of_weights(r):
    x, y = blobs(r)
    return fitted(softmax(), x, y, 10, optimizers.Adam(0.01, use_ema=True), SPARSE)


@kind
def without_a_history(r):
    x, y = blobs(r)
    made = fitted(softmax(), x, y, 10, loss=SPARSE)
    return Instance(made.model, made.data)
