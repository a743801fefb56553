"""Models with layers, functions and models that somebody wrote, of many kinds."""

import functools

import keras
from keras import layers, ops


class Scaled(layers.Layer):
    """By settings alone."""

    def __init__(self, factor=2, **more):
        super().__init__(**more)
        self.factor = factor

    def call(self, x):
        return x * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable(package="tests")
class Weighed(layers.Layer):
    """With weights, one of which is not trained."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],))
        self.count = self.add_weight(shape=(3,), trainable=False)

    def call(self, x):
        return x * self.scale

    def compute_output_shape(self, shape):
        return shape


class Unsavable(layers.Layer):
    """Made with what cannot be saved."""

    def __init__(self, function, size=3):
        super().__init__()
        self.function = function
        self.dense = layers.Dense(size)

    def call(self, x):
        return self.dense(self.function(x))


class Two(layers.Layer):
    """Two results, and layers inside."""

    def __init__(self, size=3, **more):
        super().__init__(**more)
        self.dense = layers.Dense(size)
        self.norm = layers.BatchNormalization()

    def call(self, x, training=None):
        return self.norm(self.dense(x), training=training), ops.sum(x, -1, keepdims=True)


class Named(layers.Layer):
    """Its results by name."""

    def call(self, x):
        return {"as it is": x, "twice": 2 * x}


class Subclassed(keras.Model):
    def __init__(self, size=5, **more):
        super().__init__(**more)
        self.first = layers.Dense(size, activation="relu")
        self.second = layers.Dense(2)

    def call(self, x):
        return self.second(self.first(x))


class Dense(layers.Dense):
    """Called as one of Keras'."""

    def call(self, x):
        return 2 * super().call(x)


@keras.saving.register_keras_serializable(package="tests")
class LSTMCell(layers.Layer):
    """A cell, called as one of Keras', that is none."""

    def __init__(self, units=4, **more):
        super().__init__(**more)
        self.units = self.state_size = units

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))
        self.again = self.add_weight(shape=(self.units, self.units))

    def call(self, x, states):
        h = ops.tanh(x @ self.kernel + states[0] @ self.again)
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Tied(layers.Layer):
    """Reads another layer's weights."""

    def __init__(self, embedding, **more):
        super().__init__(**more)
        self.embedding = embedding

    def build(self, shape):
        self.bias = self.add_weight(shape=(self.embedding.input_dim,))
        self.built = True

    def call(self, x):
        return ops.matmul(x, ops.transpose(self.embedding.embeddings)) + self.bias


class Around(layers.Wrapper):
    def call(self, x):
        return 2 * self.layer(x)


class Query(layers.Layer):
    """Its tensors in an order of its own."""

    def call(self, key, value, query=None, scale=1.0):
        return key + value * scale if query is None else key * query + value


class PlusOne(keras.Operation):
    def call(self, x):
        return x + 1

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


class Stack(layers.Layer):
    """With a setting that is called as what a model is made of."""

    def __init__(self, layers=3, **more):
        super().__init__(**more)
        self.dense = [keras.layers.Dense(4) for _ in range(layers)]
        self.count = layers

    def call(self, x):
        for dense in self.dense:
            x = dense(x)
        return x

    def get_config(self):
        return {**super().get_config(), "layers": self.count}


class Inherited(keras.Model):
    """A functional model with arguments of its own."""

    def __init__(self, width=3):
        start = keras.Input((4,))
        super().__init__(start, layers.Dense(width)(start))


class Tripled(keras.Model):
    """A functional model that does something else when it is called."""

    def call(self, x):
        return 3 * super().call(x)


class InheritedTripled(keras.Model):
    """Both: arguments of its own, and another call."""

    def __init__(self, width=3):
        start = keras.Input((4,))
        super().__init__(start, layers.Dense(width)(start))

    def call(self, x):
        return 3 * super().call(x)


class Row(keras.Sequential):
    pass


class Passing(layers.Layer):
    """Hands a mask on, and reads it."""

    def __init__(self, **more):
        super().__init__(**more)
        self.supports_masking = True

    def call(self, x, mask=None):
        return x if mask is None else x * ops.cast(mask[..., None], x.dtype)


class Sampling(layers.Layer):
    def __init__(self, **more):
        super().__init__(**more)
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, read):
        mean, spread = read
        return mean + spread * keras.random.normal(ops.shape(mean), seed=self.seeds)


def drawing(x):
    """What it does is seen by nobody who does not run it."""
    return x + keras.random.normal(x.shape[1:])


def gated(x):
    return x * ops.sigmoid(1.7 * x)


def in_front(layer, *shape):
    start = keras.Input(shape or (4,))
    return keras.Model(start, layer(start))


def tied():
    start = keras.Input((7,), dtype="int32")
    embedding = layers.Embedding(50, 8)
    read = layers.LSTM(8, return_sequences=True)(embedding(start))
    return keras.Model(start, Tied(embedding)(read))


def sampled():
    start = keras.Input((8,))
    mean, spread = layers.Dense(2)(start), layers.Dense(2)(start)
    return keras.Model(start, [layers.Dense(8)(Sampling()([mean, spread])), mean, spread])


def by_name():
    left, right = keras.Input((4,)), keras.Input((4,))
    return keras.Model([left, right], Query()(value=left, key=right, query=left, scale=2.0))


def by_place():
    left, right = keras.Input((4,)), keras.Input((4,))
    return keras.Model([left, right], Query()(right, left, left, scale=2.0))


def shared():
    left, right = keras.Input((4,)), keras.Input((4,))
    weighed = Weighed()
    return keras.Model([left, right], layers.Add()([weighed(left), weighed(right)]))


def not_shared():
    left, right = keras.Input((4,)), keras.Input((4,))
    return keras.Model([left, right], layers.Add()([Weighed()(left), Weighed()(right)]))


def masked():
    start = keras.Input((7,), dtype="int32")
    return keras.Model(
        start, layers.LSTM(3)(Passing()(layers.Embedding(9, 4, mask_zero=True)(start)))
    )


def frozen():
    two = Two()
    two.trainable = False
    start = keras.Input((4,))
    return keras.Model(start, list(two(start)))


def called_otherwise():
    inner = in_front(layers.Dense(3))
    return in_front(Tripled(inner.input, inner.output))


MODELS = {
    "settings": lambda: in_front(Scaled(3)),
    "weights": lambda: in_front(Weighed()),
    "cannot be saved": lambda: in_front(Unsavable(lambda x: x + 1)),
    "two results": lambda: in_front(Two()),
    "results by name": lambda: in_front(Named()),
    "a model inside": lambda: in_front(Subclassed()),
    "a class of Keras' name": lambda: in_front(Dense(3)),
    "a cell": lambda: in_front(layers.RNN(LSTMCell(4), return_sequences=True), 5, 3),
    "a cell, both ways": lambda: in_front(layers.Bidirectional(layers.RNN(LSTMCell(4))), 5, 3),
    "cells on each other": lambda: in_front(layers.RNN([LSTMCell(4), layers.GRUCell(3)]), 5, 3),
    "at each step": lambda: in_front(layers.TimeDistributed(Weighed()), 5, 3),
    "another layer's weights": tied,
    "a wrapper": lambda: in_front(Around(layers.Dense(2))),
    "normalised": lambda: in_front(layers.SpectralNormalization(Dense(3))),
    "tensors by name": by_name,
    "an operation": lambda: in_front(PlusOne()),
    "layers as a number": lambda: in_front(Stack(3)),
    "inherited": Inherited,
    "inherited, inside": lambda: in_front(Inherited()),
    "called otherwise": called_otherwise,
    "inherited and called otherwise": lambda: in_front(InheritedTripled()),
    "a row": lambda: Row([keras.Input((4,)), layers.Dense(2)]),
    "a row inside": lambda: in_front(Row([layers.Dense(2), Weighed()])),
    "deep inside": lambda: in_front(in_front(Unsavable(lambda x: x - 1))),
    "sampled": sampled,
    "shared": shared,
    "masked": masked,
    "frozen": frozen,
    "a Lambda that draws": lambda: in_front(layers.Lambda(drawing)),
    "an activation that draws": lambda: in_front(layers.Dense(3, activation=drawing)),
    "a Lambda": lambda: in_front(layers.Lambda(lambda x: 2 * x)),
    "a Lambda of a function": lambda: in_front(layers.Lambda(gated)),
    "an activation": lambda: in_front(layers.Dense(3, activation=gated)),
    "a lambda as activation": lambda: in_front(layers.Dense(3, activation=lambda x: 3 * x)),
    "a layer as activation": lambda: in_front(layers.Dense(3, activation=Scaled(4))),
    "an activation inside": lambda: in_front(layers.LSTM(3, activation=gated), 5, 3),
    "a part of a function": lambda: in_front(
        layers.Dense(3, activation=functools.partial(ops.leaky_relu, negative_slope=0.3))
    ),
    "an initializer": lambda: in_front(
        layers.Dense(3, kernel_initializer=lambda shape, dtype=None: ops.ones(shape))
    ),
}
"""Each a model with something in it that somebody wrote."""
