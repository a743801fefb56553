"""Equations: each a list of models that compute the same, with weights in the same order.

The second and every later model is the first one, written in another way.
"""

from collections.abc import Callable

import keras
from keras import Input, Model, layers, ops

EQUATIONS: list[Callable[[], list[keras.Model]]] = []


def equation(build):
    EQUATIONS.append(build)
    return build


def ways(shape, *makes, dtype="float32"):
    """A model of one input for each way to go on from it."""
    models = []
    for make in makes:
        start = Input(shape, dtype=dtype)
        models.append(Model(start, make(start)))
    return models


def pairs(first, second, *makes):
    """The same of two inputs."""
    models = []
    for make in makes:
        a, b = Input(first), Input(second)
        models.append(Model([a, b], make(a, b)))
    return models


# --- Shapes -------------------------------------------------------------------------------------


@equation
def one_new_shape():
    return ways(
        (3, 4),
        layers.Flatten(),
        layers.Reshape((-1,)),
        layers.Reshape((12,)),
        lambda x: ops.reshape(x, (-1, 12)),
    )


@equation
def one_more_axis():
    return ways(
        (4,),
        layers.Reshape((1, 4)),
        layers.RepeatVector(1),
        lambda x: ops.expand_dims(x, 1),
        lambda x: ops.expand_dims(x, -2),
        lambda x: x[:, None],
        lambda x: x[:, None, :],
    )


@equation
def one_axis_less():
    return ways(
        (1, 4),
        layers.Flatten(),
        lambda x: ops.squeeze(x, 1),
        lambda x: x[:, 0],
        lambda x: x[:, -1],
        lambda x: ops.take(x, 0, axis=1),
    )


@equation
def pooled_with_its_axes():
    return ways(
        (4, 4, 3),
        lambda x: layers.GlobalAveragePooling2D(keepdims=True)(x),
        lambda x: layers.Reshape((1, 1, 3))(layers.GlobalAveragePooling2D()(x)),
        lambda x: ops.mean(x, axis=(1, 2), keepdims=True),
        lambda x: ops.expand_dims(ops.expand_dims(ops.mean(x, axis=(1, 2)), 1), 1),
    )


@equation
def squeezed_and_excited():
    def kept(x):
        y = layers.GlobalAveragePooling2D(keepdims=True)(x)
        y = layers.Conv2D(3, 1, activation="sigmoid")(layers.Conv2D(2, 1, activation="relu")(y))
        return layers.Multiply()([x, y])

    def dense(x):
        y = layers.GlobalAveragePooling2D(keepdims=True)(x)
        y = layers.Dense(3, "sigmoid")(layers.Dense(2, "relu")(y))
        return x * y

    def late(x):
        y = layers.GlobalAveragePooling2D()(x)
        y = layers.Dense(3, "sigmoid")(layers.Dense(2, "relu")(y))
        return x * layers.Reshape((1, 1, 3))(y)

    def early(x):
        y = layers.Reshape((1, 1, 3))(layers.GlobalAveragePooling2D()(x))
        y = layers.Dense(3, "sigmoid")(layers.Dense(2, "relu")(y))
        return x * y

    return ways((4, 4, 3), kept, dense, late, early)


@equation
def new_axis_before_or_behind_dense():
    return ways(
        (4,),
        lambda x: layers.Reshape((1, 3))(layers.LayerNormalization()(layers.Dense(3, "tanh")(x))),
        lambda x: layers.LayerNormalization()(layers.Dense(3, "tanh")(x[:, None])),
    )


# --- Slices -------------------------------------------------------------------------------------


@equation
def first_features():
    return ways(
        (5, 6),
        lambda x: x[:, :, :2],
        lambda x: x[..., :2],
        lambda x: x[..., 0:2],
        lambda x: x[..., :-4],
        lambda x: ops.split(x, 3, axis=-1)[0],
        lambda x: ops.split(x, [2], axis=2)[0],
        lambda x: ops.take(x, [0, 1], axis=-1),
    )


@equation
def a_step_and_its_axis():
    return ways(
        (5, 4),
        lambda x: layers.Flatten()(x[:, 2:3]),
        lambda x: x[:, 2],
        lambda x: layers.Flatten()(layers.Cropping1D(2)(x)),
        lambda x: ops.squeeze(x[:, -3:-2], 1),
    )


@equation
def the_last_step_as_a_sequence():
    return ways(
        (5, 4),
        lambda x: x[:, -1:],
        lambda x: x[:, 4:5],
        lambda x: x[:, -1][:, None],
        lambda x: layers.Reshape((1, 4))(x[:, 4]),
    )


@equation
def both_halves():
    def halves(x):
        return layers.Concatenate()([x[:, 3:], x[:, :3]])

    def split(x):
        left, right = ops.split(x, 2, axis=1)
        return layers.Concatenate()([right, left])

    return ways((6,), halves, split)


@equation
def every_step_by_itself():
    def unstacked(x):
        a, b = ops.unstack(x, axis=1)
        return layers.Subtract()([a, b])

    return ways((2, 4), lambda x: layers.Subtract()([x[:, 0], x[:, 1]]), unstacked)


@equation
def one_place():
    return ways(
        (5, 6),
        lambda x: x[:, 2],
        lambda x: x[:, -3],
        lambda x: x[:, 2, :],
        lambda x: ops.take(x, 2, axis=1),
        lambda x: ops.take(x, -3, axis=-2),
    )


@equation
def cropped():
    return ways(
        (7, 4),
        layers.Cropping1D((1, 2)),
        lambda x: x[:, 1:-2],
        lambda x: x[:, 1:5],
    )


@equation
def cropped_image():
    return ways(
        (6, 7, 2),
        layers.Cropping2D(((1, 2), (0, 3))),
        lambda x: x[:, 1:4, :4],
        lambda x: x[:, 1:-2, 0:-3, :],
    )


# --- Orders -------------------------------------------------------------------------------------


@equation
def products_both_ways_round():
    return ways(
        (4,),
        lambda x: _twice(x, lambda a, b: (a * b, a * b)),
        lambda x: _twice(x, lambda a, b: (a * b, b * a)),
    )


def _twice(x, merge):
    return layers.Concatenate()(list(merge(layers.Dense(3)(x), layers.Dense(3)(x))))


# --- Recurrent layers ---------------------------------------------------------------------------


@equation
def last_state():
    return ways(
        (5, 4),
        layers.LSTM(3),
        lambda x: layers.LSTM(3, return_state=True)(x)[0],
        lambda x: layers.LSTM(3, return_state=True)(x)[1],
        lambda x: layers.LSTM(3, return_sequences=True)(x)[:, -1],
        lambda x: layers.LSTM(3, return_sequences=True)(x)[:, -1, :],
        lambda x: layers.LSTM(3, return_sequences=True)(x)[:, 4],
        lambda x: layers.LSTM(3, return_sequences=True, return_state=True)(x)[1],
        lambda x: ops.take(layers.LSTM(3, return_sequences=True)(x), -1, axis=1),
    )


@equation
def last_state_of_gru():
    return ways(
        (5, 4),
        layers.GRU(3),
        lambda x: layers.GRU(3, return_state=True)(x)[1],
        lambda x: layers.GRU(3, return_sequences=True)(x)[:, -1],
    )


@equation
def states_unread():
    return ways(
        (5, 4),
        layers.GRU(3, return_sequences=True),
        lambda x: layers.GRU(3, return_sequences=True, return_state=True)(x)[0],
    )


@equation
def states_of_both_ways_unread():
    return ways(
        (5, 4),
        layers.Bidirectional(layers.GRU(3)),
        lambda x: layers.Bidirectional(layers.GRU(3, return_state=True))(x)[0],
    )


@equation
def both_ways_merged():
    def by_hand(merge):
        ways = layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode=None)
        return lambda x: merge(ways(x))

    return ways(
        (5, 4),
        layers.Bidirectional(layers.GRU(3, return_sequences=True)),
        by_hand(layers.Concatenate()),
        by_hand(lambda both: ops.concatenate(both, axis=2)),
    )


@equation
def both_ways_by_hand():
    def by_hand(x):
        there = layers.GRU(3, return_sequences=True)(x)
        back = layers.GRU(3, return_sequences=True, go_backwards=True)(x)
        # As deep as the other way, so that the weights come in the same order.
        there = layers.Identity()(there)
        return layers.Concatenate()([there, ops.flip(back, axis=1)])

    return ways((5, 4), layers.Bidirectional(layers.GRU(3, return_sequences=True)), by_hand)


@equation
def both_ways_with_states():
    settings = {"return_sequences": True, "return_state": True}

    def by_hand(x):
        there, state = layers.GRU(3, **settings)(x)
        back, other = layers.GRU(3, go_backwards=True, **settings)(x)
        # As deep as the other way, so that the weights come in the same order.
        there = layers.Identity()(there)
        steps = layers.Add()([there, ops.flip(back, axis=1)])
        return layers.Concatenate()([layers.Dense(2)(steps)[:, 0], state, other])

    def merged_behind(x):
        both = layers.Bidirectional(layers.GRU(3, **settings), merge_mode=None)
        there, back, state, other = both(x)
        steps = there + back
        return layers.Concatenate()([layers.Dense(2)(steps)[:, 0], state, other])

    def as_one(x):
        both = layers.Bidirectional(layers.GRU(3, **settings), merge_mode="sum")
        steps, state, other = both(x)
        return layers.Concatenate()([layers.Dense(2)(steps)[:, 0], state, other])

    return ways((5, 4), as_one, by_hand, merged_behind)


@equation
def decoder_that_begins_with_both_ways():
    """Encoders of which the states alone are read: they may make a sequence, and merge as they
    like."""

    def decoded(x, ends):
        h, c, other_h, other_c = ends
        states = [layers.Concatenate()([h, other_h]), layers.Concatenate()([c, other_c])]
        return layers.LSTM(6)(layers.Dense(2)(x), initial_state=states)

    def of_one(merge_mode="concat", long=False):
        def make(x):
            lstm = layers.LSTM(3, return_state=True, return_sequences=long)
            made = layers.Bidirectional(lstm, merge_mode=merge_mode)(x)
            return decoded(x, made[-4:])

        return make

    def of_two(x):
        _, *there = layers.LSTM(3, return_state=True)(x)
        _, *back = layers.LSTM(3, return_state=True, go_backwards=True)(x)
        return decoded(x, [*there, *back])

    return ways(
        (5, 4),
        of_one(),
        of_one(long=True),
        of_one(merge_mode="mul"),
        of_one(merge_mode=None),
        of_two,
    )


@equation
def states_merged_in_two_ways():
    def merged(state, other):
        mean = layers.Average()([other, state])
        return layers.Concatenate()([layers.Concatenate()([state, other]), mean])

    def of_one(mode):
        def make(x):
            made, *states = layers.Bidirectional(
                layers.LSTM(3, return_state=True), merge_mode=mode
            )(x)
            h, other_h = states[::2]
            if mode == "ave":
                return layers.Concatenate()([layers.Concatenate()([h, other_h]), made])
            return layers.Concatenate()([made, layers.Average()([h, other_h])])

        return make

    def of_two(x):
        there, back = layers.LSTM(3), layers.LSTM(3, go_backwards=True)
        return merged(there(x), back(x))

    return ways((5, 4), of_one("concat"), of_one("ave"), of_two)


@equation
def ends_of_both_ways_by_hand():
    def by_hand(x):
        there = layers.LSTM(3)(x)
        return layers.Average()([there, layers.LSTM(3, go_backwards=True)(x)])

    return ways((5, 4), layers.Bidirectional(layers.LSTM(3), merge_mode="ave"), by_hand)


@equation
def both_ways_added():
    ways_apart = layers.Bidirectional(layers.LSTM(3), merge_mode=None)
    return ways(
        (5, 4),
        layers.Bidirectional(layers.LSTM(3), merge_mode="sum"),
        lambda x: sum(ways_apart(x)),
    )


@equation
def default_sizes_of_attention():
    return ways(
        (5, 4),
        lambda x: layers.MultiHeadAttention(2, 3)(x, x),
        lambda x: layers.MultiHeadAttention(2, 3, value_dim=3)(x, x),
        lambda x: layers.MultiHeadAttention(2, 3, output_shape=4)(x, x),
        lambda x: layers.MultiHeadAttention(2, 3, output_shape=(4,))(query=x, value=x, key=x),
    )


@equation
def handed_on():
    def given(x, which):
        out, h, c = layers.LSTM(3, return_state=True)(x)
        return layers.LSTM(3)(x, initial_state=[out if which else h, c])

    return ways((5, 4), lambda x: given(x, 0), lambda x: given(x, 1))


@equation
def sequence_and_last():
    def by_place(x):
        y = layers.GRU(3, return_sequences=True)(x)
        return layers.Attention()([y, layers.Dense(3)(y[:, -1:])])

    def by_slice(x):
        y = layers.GRU(3, return_sequences=True)(x)
        return layers.Attention()([y, layers.Dense(3)(y[:, 4:])])

    return ways((5, 4), by_place, by_slice)


@equation
def sequence_and_state():
    def by_place(x):
        y = layers.GRU(3, return_sequences=True)(x)
        return layers.Concatenate()([layers.GlobalMaxPooling1D()(y), y[:, -1]])

    def by_state(x):
        y, h = layers.GRU(3, return_sequences=True, return_state=True)(x)
        return layers.Concatenate()([layers.GlobalMaxPooling1D()(y), h])

    return ways((5, 4), by_place, by_state)


# --- Kernels and padding ------------------------------------------------------------------------


@equation
def dense_on_an_image():
    return ways(
        (4, 5, 3),
        layers.Dense(6),
        lambda x: layers.TimeDistributed(layers.Dense(6))(x),
        lambda x: layers.TimeDistributed(layers.TimeDistributed(layers.Dense(6)))(x),
        lambda x: layers.TimeDistributed(layers.Conv1D(6, 1))(x),
        layers.EinsumDense("abcd,de->abce", (None, None, 6), bias_axes="e"),
    )


@equation
def dense_on_a_sequence():
    return ways(
        (5, 3),
        layers.Dense(6, "relu"),
        layers.Conv1D(6, 1, activation="relu"),
        layers.TimeDistributed(layers.Dense(6, "relu")),
        layers.EinsumDense("abc,cd->abd", (None, 6), bias_axes="d", activation="relu"),
    )


@equation
def transposed_without_overlap():
    return ways(
        (4, 4, 3),
        layers.Conv2DTranspose(6, 2, strides=2),
        layers.Conv2DTranspose(6, 2, strides=2, padding="same"),
    )


@equation
def pooled_without_rest():
    return ways(
        (4, 6, 3), layers.MaxPooling2D(2), layers.MaxPooling2D(2, strides=2, padding="same")
    )


@equation
def averaged_without_rest():
    return ways((6, 3), layers.AveragePooling1D(3), layers.AveragePooling1D(3, padding="same"))


@equation
def convolved_without_rest():
    return ways(
        (8, 8, 3),
        layers.Conv2D(4, 4, strides=4),
        layers.Conv2D(4, 4, strides=4, padding="same"),
    )


@equation
def padded_by_a_layer():
    return ways(
        (6, 6, 3),
        layers.Conv2D(4, 3, padding="same"),
        lambda x: layers.Conv2D(4, 3)(layers.ZeroPadding2D(1)(x)),
        lambda x: layers.Conv2D(4, 3)(ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])),
    )


@equation
def padded_on_one_side():
    return ways(
        (6, 6, 3),
        layers.Conv2D(4, 3, strides=2, padding="same"),
        lambda x: layers.Conv2D(4, 3, strides=2)(layers.ZeroPadding2D(((0, 1), (0, 1)))(x)),
    )


@equation
def causal():
    return ways(
        (7, 3),
        layers.Conv1D(4, 3, padding="causal", dilation_rate=2),
        lambda x: layers.Conv1D(4, 3, dilation_rate=2)(layers.ZeroPadding1D((4, 0))(x)),
    )


@equation
def pooled_over_all():
    return ways(
        (4, 6, 3),
        layers.GlobalMaxPooling2D(),
        lambda x: layers.Flatten()(layers.MaxPooling2D((4, 6))(x)),
        lambda x: ops.max(x, axis=(1, 2)),
        lambda x: ops.amax(x, axis=[1, 2]),
    )


# --- Layers and operations ----------------------------------------------------------------------


@equation
def likeliest():
    return ways(
        (5,),
        lambda x: ops.argmax(x, axis=-1),
        lambda x: ops.argmax(ops.softmax(x), axis=-1),
        lambda x: ops.argmax(ops.log_softmax(x), axis=1),
        lambda x: ops.argmax(ops.softmax(x / 0.7), -1),
        lambda x: ops.argmax(3 * layers.Softmax()(x), -1),
    )


@equation
def activated_inside_a_wrapper():
    around = layers.SpectralNormalization
    return ways(
        (5,),
        around(layers.Dense(4, activation="relu")),
        lambda x: layers.ReLU()(around(layers.Dense(4))(x)),
        lambda x: ops.relu(around(layers.Dense(4))(x)),
    )


@equation
def permuted():
    return ways(
        (5, 3),
        layers.Permute((2, 1)),
        lambda x: ops.transpose(x, (0, 2, 1)),
        lambda x: ops.swapaxes(x, 1, 2),
        lambda x: ops.swapaxes(x, -1, -2),
        lambda x: ops.moveaxis(x, 1, 2),
    )


@equation
def rescaled():
    return ways(
        (5,),
        layers.Rescaling(2.0, offset=-1.0),
        lambda x: x * 2 - 1,
        lambda x: 2 * x - 1,
        lambda x: 2.0 * x + (-1.0),
        lambda x: -1 + ops.multiply(x, 2),
        lambda x: ops.subtract(ops.multiply(2.0, x), 1),
    )


@equation
def divided():
    return ways((5,), lambda x: x / 2, lambda x: x * 0.5, layers.Rescaling(0.5))


@equation
def negative():
    return ways((5,), lambda x: -x, lambda x: x * -1, lambda x: 0 - x, ops.negative)


@equation
def one_minus():
    return ways((5,), lambda x: 1 - x, lambda x: -x + 1, lambda x: 1.0 + (-1) * x)


@equation
def nothing_done():
    return ways(
        (5,),
        layers.Dense(3),
        lambda x: layers.Dense(3)(x * 1),
        lambda x: layers.Dense(3)(x + 0),
        lambda x: layers.Dense(3)(x / 1.0),
        lambda x: layers.Dense(3)(x - 0),
        lambda x: layers.Dense(3)(layers.Rescaling(1.0)(x)),
        lambda x: layers.Activation("linear")(layers.Dense(3)(x)),
    )


@equation
def averages():
    return pairs(
        (4,),
        (4,),
        lambda a, b: layers.Average()([a, b]),
        lambda a, b: (a + b) / 2,
        lambda a, b: 0.5 * (a + b),
        lambda a, b: layers.Add()([a, b]) * 0.5,
        lambda a, b: layers.Add()([a * 0.5, 0.5 * b]),
    )


@equation
def sums():
    return pairs(
        (4,),
        (4,),
        lambda a, b: layers.Add()([a, b]),
        lambda a, b: a + b,
        lambda a, b: sum([a, b]),
        lambda a, b: ops.add(b, a),
    )


@equation
def differences():
    return pairs(
        (4,),
        (4,),
        lambda a, b: layers.Subtract()([a, b]),
        lambda a, b: a - b,
        lambda a, b: a + (-b),
        lambda a, b: layers.Add()([a, -1 * b]),
    )


@equation
def squares():
    return ways(
        (4,),
        lambda x: x * x,
        ops.square,
        lambda x: x**2,
        lambda x: ops.power(x, 2.0),
        lambda x: layers.Multiply()([x, x]),
    )


@equation
def turned_round():
    return ways(
        (5, 3), lambda x: x[:, ::-1], lambda x: ops.flip(x, axis=1), lambda x: ops.flip(x, -2)
    )


@equation
def zeros_put_around():
    around = [[0, 0], [1, 2], [0, 0]]
    return ways(
        (5, 3),
        layers.ZeroPadding1D((1, 2)),
        lambda x: ops.pad(x, around),
        lambda x: ops.pad(x, around, constant_values=0),
    )


@equation
def of_length_one():
    return ways(
        (4,),
        layers.UnitNormalization(),
        lambda x: ops.normalize(x, axis=-1),
        lambda x: ops.normalize(x),
    )


@equation
def dot_products():
    return pairs(
        (4,),
        (4,),
        lambda a, b: layers.Dot(axes=1)([a, b]),
        lambda a, b: layers.Dot(axes=-1)([b, a]),
        lambda a, b: ops.sum(a * b, axis=-1, keepdims=True),
        lambda a, b: ops.sum(a * b, axis=1)[:, None],
    )


@equation
def scores():
    return pairs(
        (5, 4),
        (6, 4),
        lambda a, b: layers.Dot(axes=2)([a, b]),
        lambda a, b: layers.Dot(axes=(-1, -1))([a, b]),
        lambda a, b: ops.matmul(a, ops.transpose(b, (0, 2, 1))),
        lambda a, b: a @ ops.transpose(b, (0, 2, 1)),
        lambda a, b: ops.einsum("bqd,bkd->bqk", a, b),
    )


@equation
def weighed():
    return pairs(
        (5, 6),
        (6, 4),
        lambda a, b: layers.Dot(axes=(2, 1))([a, b]),
        lambda a, b: ops.matmul(a, b),
        lambda a, b: a @ b,
        lambda a, b: ops.einsum("bqk,bkd->bqd", a, b),
    )


@equation
def joined_along_time():
    return pairs(
        (5, 4),
        (6, 4),
        lambda a, b: layers.Concatenate(axis=1)([a, b]),
        lambda a, b: ops.concatenate([a, b], axis=-2),
    )


@equation
def means_over_time():
    return ways(
        (5, 4),
        layers.GlobalAveragePooling1D(),
        lambda x: ops.mean(x, axis=1),
        lambda x: ops.mean(x, axis=-2),
        lambda x: ops.average(x, axis=1),
    )


@equation
def repeated():
    return ways(
        (4,),
        layers.RepeatVector(3),
        lambda x: ops.repeat(x[:, None], 3, axis=1),
        lambda x: ops.tile(x[:, None], (1, 3, 1)),
    )


@equation
def enlarged():
    return ways(
        (3, 2),
        layers.UpSampling1D(2),
        lambda x: ops.repeat(x, 2, axis=1),
    )


@equation
def stacked():
    return pairs(
        (4,),
        (4,),
        lambda a, b: ops.stack([a, b], axis=1),
        lambda a, b: ops.concatenate([a[:, None], b[:, None]], axis=1),
        lambda a, b: layers.Concatenate(axis=1)(
            [layers.Reshape((1, 4))(a), layers.Reshape((1, 4))(b)]
        ),
    )


@equation
def rooted():
    return ways(
        (4,),
        lambda x: ops.sqrt(ops.square(x)),
        lambda x: ops.sqrt(x * x),
        lambda x: ops.power(x * x, 0.5),
    )


@equation
def clipped():
    return ways(
        (4,), layers.ReLU(), lambda x: ops.maximum(x, 0), lambda x: ops.maximum(0.0, x), ops.relu
    )


@equation
def doubled():
    return ways((4,), lambda x: x * 2.0, layers.Rescaling(2))


@equation
def windows_of_the_largest():
    return ways(
        (6, 6, 4),
        layers.MaxPooling2D(3, 2),
        lambda x: ops.max_pool(x, 3, 2),
        lambda x: ops.max_pool(x, (3, 3), (2, 2)),
    )


@equation
def windows_of_the_mean():
    return ways(
        (6, 4),
        layers.AveragePooling1D(2, padding="same"),
        lambda x: ops.average_pool(x, 2, padding="same"),
    )


@equation
def a_term_taken_away():
    return pairs(
        (6,),
        (6,),
        lambda a, b: a + (b - ops.mean(b, axis=1, keepdims=True)),
        lambda a, b: a + b - ops.mean(b, axis=1, keepdims=True),
        lambda a, b: a - (ops.mean(b, axis=1, keepdims=True) - b),
        lambda a, b: layers.Add()([b, a, -ops.mean(b, axis=1, keepdims=True)]),
    )


@equation
def a_factor_divided_by():
    return pairs(
        (6,),
        (6,),
        lambda a, b: a * (b / (1 + ops.square(b))),
        lambda a, b: a * b / (1 + ops.square(b)),
        lambda a, b: a / ((1 + ops.square(b)) / b),
    )


@equation
def what_a_mask_hides():
    return pairs(
        (6,),
        (6,),
        lambda a, b: a + (1.0 - b) * -1e9,
        lambda a, b: a - 1e9 * (1 - b),
        lambda a, b: a + (b - 1) * 1e9,
        lambda a, b: a - (1 - b) * 1e9,
    )


@equation
def a_row_of_a_column():
    return ways(
        (6, 4),
        lambda x: layers.Permute((2, 1))(layers.Dense(1)(x)),
        lambda x: layers.Reshape((1, 6))(layers.Dense(1)(x)),
        lambda x: ops.transpose(layers.Dense(1)(x), (0, 2, 1)),
        lambda x: ops.expand_dims(layers.Flatten()(layers.Dense(1)(x)), 1),
    )
