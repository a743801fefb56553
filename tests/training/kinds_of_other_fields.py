"""Healthy trainings of kinds that other fields have, written after all thresholds.

What is tried here and nowhere else: rankings, order among classes, distillation, sets, graphs of
nodes, films, masked words, flows, equations, Q-values, tied weights, wrappers, other optimizers'
rates, labels of other types, compiled steps.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, losses, ops, optimizers
from training.healthy_kinds import BINARY, ONE_HOT, SPARSE, dense, entered_in, fitted, stack
from training.instances import Instance
from training.more_kinds import blobs, softmax

KINDS = []
kind = entered_in(KINDS)


@kind
def a_ranking_of_pairs(r):
    """One scorer for both, and the first of a pair is always the better one."""
    x = r.normal(size=(600, 2, 6))
    better = np.argsort(-x @ r.normal(size=6), axis=1)
    one, other = (np.take_along_axis(x, better[:, n, None, None], 1)[:, 0] for n in (0, 1))
    scorer = stack((6,), dense(16, "relu"), dense(1))
    given = keras.Input((6,)), keras.Input((6,))
    difference = layers.subtract([scorer(given[0]), scorer(given[1])])
    model = keras.Model(given, layers.Activation("sigmoid")(difference))
    return fitted(model, [one, other], np.ones((600, 1)), 8, loss=BINARY)


@kind
def classes_in_an_order(r):
    """Each unit says whether the class is above a limit."""
    x = r.normal(size=(500, 5))
    score = x @ r.normal(size=5)
    y = (score[:, None] > np.quantile(score, [0.25, 0.5, 0.75])).astype("float32")
    return fitted(stack((5,), dense(12, "relu"), dense(3, "sigmoid")), x, y, 12, loss=BINARY)


@kind
def taught_by_another_network(r):
    x, y = blobs(r, 500, 4)
    teacher = softmax(classes=4, width=64)
    fitted(teacher, x, y, 6, loss=SPARSE)
    soft = teacher.predict(x, verbose=0) ** 0.5
    soft /= soft.sum(axis=1, keepdims=True)
    return fitted(softmax(classes=4, width=6), x, soft, 15, loss="kl_divergence")


@kind
def each_next_letter(r):
    """Labels for each step, by convolutions that see only what was before."""
    start = r.integers(0, 5, (300, 1))
    letters = (start + np.cumsum(r.integers(1, 3, (300, 13)), axis=1)) % 7
    given = keras.Input((12,))
    x = layers.Embedding(7, 8)(given)
    for rate in (1, 2):
        x = layers.Conv1D(16, 3, padding="causal", dilation_rate=rate, activation="gelu")(x)
    model = keras.Model(given, dense(7, "softmax")(x))
    return fitted(model, letters[:, :-1], letters[:, 1:], 6, loss=SPARSE)


@kind
def sequences_ended_by_a_mask(r):
    lengths = r.integers(3, 13, 400)
    x = r.normal(size=(400, 12, 2)) + 0.5
    x[np.arange(12)[None] >= lengths[:, None]] = -9.0
    sums = np.where(x[..., 0] > -9, x[..., 0], 0).sum(axis=1)
    y = (sums > np.median(sums)).astype(int)
    model = stack((12, 2), layers.Masking(-9.0), layers.Bidirectional(layers.GRU(8)), dense(1))
    return fitted(model, x, y, 8, loss=losses.BinaryCrossentropy(from_logits=True))


@kind
def labels_left_out_where_padded(r):
    lengths = r.integers(4, 11, 300)
    words = r.integers(1, 9, (300, 10))
    words[np.arange(10)[None] >= lengths[:, None]] = 0
    y = np.where(words == 0, -1, words % 3)
    model = stack((10,), layers.Embedding(9, 6), dense(12, "relu"), dense(3, "softmax"))
    return fitted(model, words, y, 6, loss=losses.SparseCategoricalCrossentropy(ignore_class=-1))


@kind
def borders_of_no_class(r):
    """Segmentation in which 255 is no class."""
    x = np.kron(r.normal(size=(100, 4, 4)), np.ones((3, 3)))[..., None]
    y = (x[..., 0] > 0).astype("uint8")
    y[:, ::3] = 255
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=255)
    model = stack((12, 12, 1), layers.SeparableConv2D(8, 3, padding="same", activation="swish"),
                  layers.Conv2D(2, 1))  # fmt: skip
    return fitted(model, x, y, 6, loss=loss)


@kind
def letters_in_a_line(r):
    """CTC: labels are shorter than what the network says."""
    y = r.integers(1, 4, (200, 3))
    x = np.repeat(np.eye(4)[y], 4, axis=1) + 0.1 * r.normal(size=(200, 12, 4))
    model = stack((12, 4), layers.Bidirectional(layers.LSTM(12, return_sequences=True)), dense(4))
    return fitted(model, x, y, 8, loss=losses.CTC())


@kind
def a_picture_in_patches(r):
    y = r.integers(0, 3, 240)
    x = 0.3 * r.normal(size=(240, 12, 12, 3))
    for n, of in enumerate(y):
        x[n, 4 * of : 4 * of + 4, :, of] += 1
    given = keras.Input((12, 12, 3))
    tokens = layers.Reshape((9, 16))(layers.Conv2D(16, 4, strides=4)(given))
    places = layers.Embedding(9, 16)(ops.arange(9))
    tokens = layers.Lambda(lambda t: t + places)(tokens)
    normed = layers.LayerNormalization()(tokens)
    tokens = layers.add([tokens, layers.MultiHeadAttention(2, 8)(normed, normed)])
    out = dense(3, "softmax")(layers.GlobalAveragePooling1D()(tokens))
    return fitted(keras.Model(given, out), x, y, 6, loss=SPARSE)


@kind
def twice_as_sharp(r):
    """A small picture to a large one, by transposed convolutions."""
    y = np.kron(r.random((150, 4, 4, 1)), np.ones((1, 4, 4, 1)))
    x = y[:, ::2, ::2] + 0.05 * r.normal(size=(150, 8, 8, 1))
    model = stack((8, 8, 1), layers.Conv2D(12, 3, padding="same", activation="elu"),
                  layers.Conv2DTranspose(1, 3, strides=2, padding="same"))  # fmt: skip
    return fitted(model, x, y, 10, loss="mae")


@kind
def where_the_dot_is(r):
    places = r.integers(0, 10, (400, 2))
    x = 0.05 * r.normal(size=(400, 10, 10, 1))
    x[np.arange(400), places[:, 0], places[:, 1], 0] = 1
    model = stack((10, 10, 1), layers.Conv2D(8, 3, activation="relu"), layers.Flatten(),
                  dense(32, "relu"), dense(2, "sigmoid"))  # fmt: skip
    return fitted(model, x, places / 9, 10, loss="mse", compiled={"metrics": ["mae"]})


@kind
def an_angle_by_its_sine_and_cosine(r):
    angle = r.uniform(-np.pi, np.pi, 500)
    x = np.stack([np.cos(angle + 1), np.sin(angle + 1), r.normal(size=500)], axis=1)
    y = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return fitted(stack((3,), dense(16, "silu"), dense(2, "tanh")), x, y, 15, loss="mse")


@kind
def ratings_from_one_to_five(r):
    users, films = r.integers(0, 30, 900), r.integers(0, 20, 900)
    tastes = r.normal(size=(30, 3)), r.normal(size=(20, 3))
    y = np.clip(np.round(3 + (tastes[0][users] * tastes[1][films]).sum(axis=1)), 1, 5)
    given = keras.Input((1,), name="user"), keras.Input((1,), name="film")
    factors = [
        layers.Flatten()(layers.Embedding(n, 4)(i)) for n, i in zip((30, 20), given, strict=True)
    ]
    score = layers.Dot(1)(factors)
    out = layers.Rescaling(4.0, 1.0)(layers.Activation("sigmoid")(score))
    model = keras.Model(given, out)
    x = {"user": users[:, None], "film": films[:, None]}
    metrics = {"metrics": [keras.metrics.RootMeanSquaredError()]}
    return fitted(model, x, y[:, None], 15, loss="mse", compiled=metrics)


@kind
def words_known_before(r):
    """An embedding that came from elsewhere, and is kept."""
    table = r.normal(size=(40, 8))
    words = r.integers(0, 40, (400, 6))
    y = (table[words].mean(axis=1)[:, 0] > 0).astype(int)
    known = layers.Embedding(40, 8, trainable=False)
    model = stack(
        (6,), known, layers.GlobalAveragePooling1D(), dense(8, "relu"), dense(1, "sigmoid")
    )
    known.embeddings.assign(table)
    return fitted(model, words, y, 15, loss=BINARY)


@kind
def random_features_on_purpose(r):
    """A frozen layer of random cosines, and a line behind it."""
    x = r.uniform(-2, 2, (500, 1))
    given = keras.Input((1,))
    fixed = layers.Dense(
        60, trainable=False, kernel_initializer="random_normal",
        bias_initializer=keras.initializers.RandomUniform(0, 6.3),
    )  # fmt: skip
    hidden = layers.Lambda(lambda t: ops.cos(20 * t))(fixed(given))
    return fitted(keras.Model(given, dense(1)(hidden)), x, np.sin(2 * x), 20)


@kind
def an_old_optimizer_at_its_rate(r):
    x, y = blobs(r, 500, 4)
    return fitted(softmax(classes=4), x, y, 15, optimizers.Adadelta(1.0), SPARSE)


@kind
def signs_of_gradients(r):
    x, y = blobs(r, 400, 3)
    return fitted(softmax(), x, y, 10, optimizers.Lion(0.003), SPARSE)


@kind
def warmed_up_then_slower(r):
    x, y = blobs(r, 400, 3)
    rate = optimizers.schedules.CosineDecay(0.0, 100, warmup_target=0.2, warmup_steps=20)
    return fitted(softmax(), x, y, 10, optimizers.SGD(rate, momentum=0.9, nesterov=True), SPARSE)


@kind
def several_batches_a_step(r):
    x, y = blobs(r, 400, 3)
    optimizer = optimizers.Adam(0.02, gradient_accumulation_steps=4)
    return fitted(softmax(), x, y, 12, optimizer, SPARSE)


@kind
def compiled_to_one_program(r):
    x, y = blobs(r, 400, 3)
    return fitted(softmax(), x, y, 8, loss=SPARSE, compiled={"jit_compile": True})


@kind
def step_by_step(r):
    x, y = blobs(r, 120, 3)
    return fitted(softmax(), x, y, 4, 0.03, SPARSE, compiled={"run_eagerly": True})


@kind
def batches_by_hand(r):
    x, y = blobs(r, 300, 3)
    model = softmax()
    model.compile(optimizers.Adam(0.02), SPARSE)
    for _ in range(6):
        for n in range(0, 300, 30):
            model.train_on_batch(x[n : n + 30], y[n : n + 30])
    return Instance(model, (x, y))


@kind
def an_endless_pipeline(r):
    x, y = blobs(r, 300, 3)
    data = (
        tf.data.Dataset.from_tensor_slices((x.astype("float32"), y)).repeat().shuffle(300).batch(16)
    )
    return fitted(softmax(), data, None, 5, loss=SPARSE, steps_per_epoch=20)


@kind
def the_rare_ones_repeated(r):
    x, y = blobs(r, 600, 2)
    keep = (y == 0) | (r.random(600) < 0.1)
    x, y = x[keep], y[keep]
    split = len(y) * 3 // 4
    places = np.concatenate(
        [np.flatnonzero(y[:split] == 0), np.repeat(np.flatnonzero(y[:split]), 9)]
    )
    r.shuffle(places)
    return fitted(softmax(classes=2), x[places], y[places], 8, loss=SPARSE,
                  validation_data=(x[split:], y[split:]))  # fmt: skip


@kind
def windows_that_overlap(r):
    wave = np.sin(np.arange(500) / 5) + 0.1 * r.normal(size=500)
    windows = np.lib.stride_tricks.sliding_window_view(wave, 21)
    x, y = windows[:, :20, None], windows[:, 20:]
    model = stack((20, 1), layers.Conv1D(8, 5, activation="relu"), layers.LSTM(8), dense(1))
    return fitted(model, x[:380], y[:380], 8, validation_data=(x[400:], y[400:]))


@kind
def numbers_of_two_bytes(r):
    x = r.normal(size=(400, 4)).astype("float16")
    y = (x[:, 0] > x[:, 1]).astype("int8")
    return fitted(stack((4,), dense(8, "relu"), dense(1, "sigmoid")), x, y, 12, loss=BINARY)


@kind
def texts_as_they_are(r):
    words = np.array(["good", "fine", "bad", "poor", "film", "the", "a", "plot"])
    picked = r.integers(0, 8, (300, 5))
    y = ((picked < 2).sum(axis=1) > ((picked > 1) & (picked < 4)).sum(axis=1)).astype(int)
    texts = np.array([" ".join(words[row]) for row in picked])
    numbers = layers.TextVectorization(output_mode="multi_hot")
    numbers.adapt(texts)
    model = stack((1,), numbers, dense(1, "sigmoid"), dtype="string")
    return fitted(model, tf.constant(texts[:, None]), tf.constant(y[:, None]), 12, 0.05, BINARY)


@kind
def products_of_columns(r):
    """Factorization: pairs of categories beside a line."""
    x = r.integers(0, 12, (700, 3))
    weights = r.normal(size=(12, 12))
    y = weights[x[:, 0], x[:, 1]] + 0.1 * r.normal(size=700)
    given = keras.Input((3,), dtype="int32")
    factors = layers.Embedding(12, 6)(given)
    square = layers.Lambda(lambda t: ops.sum(t, axis=1) ** 2 - ops.sum(t**2, axis=1))(factors)
    line = layers.Flatten()(layers.Embedding(12, 1)(given))
    out = dense(1)(layers.concatenate([square, line]))
    return fitted(keras.Model(given, out), x, y, 20)


@kind
def nodes_of_a_graph(r):
    """Each node reads its neighbours; some nodes have no label, by weights of 0."""
    y = r.integers(0, 2, (80, 10))
    same = y[:, :, None] == y[:, None]
    edges = np.where(same, r.random(same.shape) < 0.6, r.random(same.shape) < 0.1).astype("float32")
    edges = (edges + np.eye(10)) / (edges + np.eye(10)).sum(axis=2, keepdims=True)
    x = y[..., None] + r.normal(size=(80, 10, 4))
    given = keras.Input((10, 4), name="nodes"), keras.Input((10, 10), name="edges")
    seen = dense(8, "relu")(layers.Dot((2, 1))([given[1], given[0]]))
    model = keras.Model(given, dense(2, "softmax")(layers.Dot((2, 1))([given[1], seen])))
    return fitted(model, {"nodes": x, "edges": edges}, y, 15, loss=SPARSE,
                  sample_weight=(r.random((80, 10)) < 0.5).astype("float32"))  # fmt: skip


@kind
def sets_of_points(r):
    x = r.normal(size=(400, 8, 2)) * r.uniform(0.5, 2, (400, 1, 1))
    y = x.std(axis=(1, 2))
    model = stack((8, 2), dense(16, "leaky_relu"), dense(16, "leaky_relu"),
                  layers.GlobalAveragePooling1D(), dense(16, "leaky_relu"), dense(1))  # fmt: skip
    return fitted(model, x, y, 10, loss="huber")


@kind
def short_films(r):
    y = r.integers(0, 2, 160)
    x = 0.2 * r.normal(size=(160, 5, 8, 8, 1))
    for n, right in enumerate(y):
        for t in range(5):
            x[n, t, :, 1 + t if right else 6 - t] += 1
    model = stack((5, 8, 8, 1), layers.ConvLSTM2D(4, 3), layers.Flatten(), dense(1, "sigmoid"))
    return fitted(model, x, y, 6, loss=BINARY)


@kind
def solid_bodies(r):
    y = r.integers(0, 2, 150)
    x = np.zeros((150, 6, 6, 6, 1))
    for n, long in enumerate(y):
        x[n, 2:4, 2:4, (0 if long else 2) : (6 if long else 4)] = 1
    x += 0.2 * r.normal(size=x.shape)
    hidden = layers.Conv3D(6, 3, activation="relu"), layers.GroupNormalization(2)
    model = stack((6, 6, 6, 1), *hidden, layers.GlobalMaxPooling3D(), dense(2, "softmax"))
    metrics = {"metrics": [keras.metrics.F1Score(), keras.metrics.AUC()]}
    return fitted(model, x, np.eye(2)[y], 8, loss=ONE_HOT, compiled=metrics)


@kind
def words_that_are_hidden(r):
    """Masked words: a loss at hidden places alone, by weights of places."""
    words = (r.integers(1, 6, (300, 1)) + np.arange(8)) % 6 + 1
    hidden = r.random(words.shape) < 0.25
    given = keras.Input((8,))
    x = layers.Embedding(7, 12)(given)
    x = layers.Bidirectional(layers.GRU(12, return_sequences=True))(x)
    model = keras.Model(given, dense(7, "softmax")(x))
    return fitted(model, np.where(hidden, 0, words), words, 8, loss=SPARSE,
                  sample_weight=hidden.astype("float32"))  # fmt: skip


@kind
def in_and_out_by_one_table(r):
    """Tied weights: what reads words says them, too."""
    words = r.integers(0, 12, 900)
    pairs = np.stack([words, (words + r.choice([-1, 1], 900)) % 12])
    table = layers.ReversibleEmbedding(12, 8) if hasattr(layers, "ReversibleEmbedding") else None
    if table is None:
        given = keras.Input((1,))
        out = dense(12)(layers.Flatten()(layers.Embedding(12, 8)(given)))
    else:
        given = keras.Input((1,))
        out = layers.Reshape((12,))(table(dense(8)(table(given)), reverse=True))
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    return fitted(keras.Model(given, out), pairs[0][:, None], pairs[1], 15, 0.03, loss)


@kind
def words_beside_words(r):
    """Negative sampling: does this word stand beside that one?"""
    words = r.integers(0, 20, 1200)
    near = r.random(1200) < 0.5
    others = np.where(near, (words + 1) % 20, r.integers(0, 20, 1200))
    given = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    sides = [layers.Embedding(20, 8)(one) for one in given]
    model = keras.Model(given, layers.Dot(1)(sides))
    loss = losses.BinaryCrossentropy(from_logits=True)
    return fitted(model, [words, others], near.astype("float32"), 15, 0.03, loss)


@kind
def a_curve_that_obeys_an_equation(r):
    """y' = -y: what is learned is that the equation holds, and labels are all 0."""

    class Obeys(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            step = 0.01
            ahead = self(x + step, training=training)
            slope = (ahead - y_pred) / step
            start = self(ops.zeros_like(x[:1]), training=training)
            return ops.mean((slope + y_pred) ** 2) + ops.mean((start - 1) ** 2)

    given = keras.Input((1,))
    model = Obeys(given, dense(1)(dense(16, "tanh")(given)))
    return fitted(model, r.uniform(0, 2, (300, 1)), np.zeros((300, 1)), 20)


@kind
def values_of_moves(r):
    """Q-values: only the move that was made has a label, the others what the network says."""
    x, moves = r.normal(size=(500, 4)), r.integers(0, 3, 500)
    model = stack((4,), dense(24, "relu"), dense(3))
    model.compile(optimizers.Adam(0.01), "huber")
    gains = (x @ r.normal(size=(4, 3)))[np.arange(500), moves]
    history = None
    for _ in range(6):
        y = model.predict(x, verbose=0)
        y[np.arange(500), moves] = gains
        history = model.fit(x, y, epochs=1, verbose=0)
    return Instance(model, (x, y), history)


@kind
def better_than_expected(r):
    """Policy gradient: the move made is the label, and its advantage a weight below 0 or above."""
    x, moves = r.normal(size=(600, 4)), r.integers(0, 2, 600)
    gain = np.where((x[:, 0] > 0) == (moves == 1), 1.0, -1.0)
    model = stack((4,), dense(16, "tanh"), dense(2, "softmax"))
    return fitted(model, x, moves, 4, 0.003, SPARSE, sample_weight=gain)


@kind
def alike_in_direction(r):
    """Cosine similarity: a loss from 0 down to -1."""
    x = r.normal(size=(400, 6))
    y = x @ r.normal(size=(6, 5))
    return fitted(stack((6,), dense(5)), x, y, 15, loss="cosine_similarity")


@kind
def labels_true_and_false(r):
    x, y = blobs(r, 300, 2)
    model = stack((5,), dense(8, "mish"), dense(1, "sigmoid"))
    metrics = {"metrics": [keras.metrics.Precision(), "accuracy"]}
    return fitted(model, x, (y == 1)[:, None], 10, loss=BINARY, compiled=metrics)


@kind
def classes_in_a_column_of_floats(r):
    x, y = blobs(r, 400, 3)
    metrics = {"metrics": ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)]}
    return fitted(softmax(), x, y[:, None].astype("float32"), 10, loss=SPARSE, compiled=metrics)


@kind
def units_wrapped_and_bounded(r):
    x, y = blobs(r, 400, 3)
    bounded = dense(16, "relu", kernel_constraint=keras.constraints.UnitNorm())
    model = stack((5,), layers.SpectralNormalization(dense(16)), layers.PReLU(), bounded,
                  dense(3, "softmax"))  # fmt: skip
    return fitted(model, x, y, 10, loss=SPARSE)


@kind
def best_of_several_units(r):
    """Maxout."""
    x = r.uniform(-2, 2, (500, 2))
    model = stack((2,), dense(16), layers.Reshape((8, 2)),
                  layers.Lambda(lambda t: ops.max(t, axis=-1)), dense(1))  # fmt: skip
    return fitted(model, x, np.abs(x[:, 0]) + np.abs(x[:, 1]), 15)


@kind
def a_sum_in_place_of_a_mean(r):
    x = r.normal(size=(300, 4))
    loss = losses.MeanSquaredError(reduction="sum")
    return fitted(stack((4,), dense(8, "relu"), dense(1)), x, x[:, :1] ** 2, 15, 0.005, loss)


@kind
def a_helper_beside_the_answer(r):
    """A second head half way, whose loss counts a little."""
    x, y = blobs(r, 400, 3)
    given = keras.Input((5,))
    low = dense(16, "relu")(given)
    helper = dense(3, "softmax", name="helper")(low)
    answer = dense(3, "softmax", name="answer")(dense(16, "relu")(low))
    model = keras.Model(given, {"answer": answer, "helper": helper})
    weights = {"loss_weights": {"answer": 1.0, "helper": 0.1}}
    loss = {"answer": SPARSE, "helper": SPARSE}
    return fitted(model, x, {"answer": y, "helper": y}, 8, loss=loss, compiled=weights)


@kind
def states_kept_between_batches(r):
    steps = r.integers(0, 2, (16, 60))
    sums = np.cumsum(steps, axis=1) % 2
    x = steps.reshape(16, 6, 10).transpose(1, 0, 2).reshape(96, 10, 1).astype("float32")
    y = sums.reshape(16, 6, 10).transpose(1, 0, 2).reshape(96, 10, 1)
    given = keras.Input(batch_shape=(16, 10, 1))
    kept = layers.GRU(16, stateful=True, return_sequences=True)(given)
    model = keras.Model(given, dense(1, "sigmoid")(kept))
    return fitted(model, x, y, 25, 0.03, BINARY, batch_size=16, shuffle=False)


@kind
def a_density_by_mixtures(r):
    x = r.uniform(-1, 1, (500, 1))
    y = np.where(r.random((500, 1)) < 0.5, x, -x) + 0.1 * r.normal(size=(500, 1))

    def likelihood(truth, made):
        weight, mean, log_width = ops.split(made, 3, axis=-1)
        density = -0.5 * ((truth - mean) / ops.exp(log_width)) ** 2 - log_width
        return -ops.logsumexp(ops.log_softmax(weight) + density, axis=-1)

    return fitted(stack((1,), dense(16, "tanh"), dense(6)), x, y, 15, loss=likelihood)


@kind
def tuned_once_more_and_slowly(r):
    """What has learned goes on at a small rate."""
    x, y = blobs(r, 400, 3)
    first = fitted(softmax(), x, y, 15, 0.02, SPARSE)
    return fitted(first.model, x, y, 4, 1e-5, SPARSE)


@kind
def what_is_usual_by_itself(r):
    """An autoencoder of what is usual; validated on what is not."""
    basis = r.normal(size=(2, 10))
    usual = r.normal(size=(500, 2)) @ basis
    odd = 2 * r.normal(size=(60, 10))
    model = stack((10,), dense(6, "relu"), dense(2), dense(6, "relu"), dense(10))
    return fitted(model, usual, usual, 20, validation_data=(odd, odd))
