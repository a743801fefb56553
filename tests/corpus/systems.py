"""Every reference system of the course at its published size, as its solution builds it."""

from collections.abc import Callable

import keras
from keras import layers

from autograder.graphs import Graph, read_graph
from autograder.graphs.weightless import build_weightless


def a1():
    start = keras.Input((64,))
    hidden = layers.Dense(32, activation="relu")(start)
    hidden = layers.Dense(32, activation="relu")(hidden)
    return keras.Model(start, layers.Dense(10, activation="softmax")(hidden))


def a2():
    text = keras.Input((None,), dtype="int32", name="text")
    question = keras.Input((None,), dtype="int32", name="question")
    told = layers.LSTM(32)(layers.Embedding(10_000, 64)(text))
    asked = layers.LSTM(16)(layers.Embedding(10_000, 32)(question))
    both = layers.concatenate([told, asked])
    return keras.Model([text, question], layers.Dense(500, activation="softmax")(both))


def a3():
    posts = keras.Input((None,), dtype="int32", name="posts")
    x = layers.Embedding(50_000, 256)(posts)
    x = layers.Conv1D(128, 5, activation="relu")(x)
    for _ in range(2):
        x = layers.MaxPooling1D(5)(x)
        x = layers.Conv1D(256, 5, activation="relu")(x)
        x = layers.Conv1D(256, 5, activation="relu")(x)
    x = layers.GlobalMaxPooling1D()(x)
    x = layers.Dense(128, activation="relu")(x)
    heads = [
        layers.Dense(1, name="age")(x),
        layers.Dense(10, activation="softmax", name="income")(x),
        layers.Dense(1, activation="sigmoid", name="gender")(x),
    ]
    return keras.Model(posts, heads)


def a4():
    def conv(size, tensor, strides=1):
        return layers.Conv2D(128, size, strides=strides, padding="same", activation="relu")(tensor)

    start = keras.Input((28, 28, 192))
    a = conv(1, start, 2)
    b = conv(3, conv(1, start), 2)
    c = conv(3, layers.AveragePooling2D(3, strides=2, padding="same")(start))
    d = conv(1, conv(3, conv(1, start)), 2)
    return keras.Model(start, layers.concatenate([a, b, c, d], axis=-1))


def a5():
    shared = layers.LSTM(32)
    left, right = keras.Input((None, 128)), keras.Input((None, 128))
    merged = layers.concatenate([shared(left), shared(right)], axis=-1)
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(merged))


def a6():
    base = keras.applications.Xception(weights=None, include_top=False)
    left, right = keras.Input((250, 250, 3)), keras.Input((250, 250, 3))
    return keras.Model([left, right], layers.concatenate([base(left), base(right)], axis=-1))


def b1():
    start = keras.Input((784,))
    hidden = layers.Dense(64, activation="relu")(start)
    hidden = layers.Dense(64, activation="relu")(hidden)
    return keras.Model(start, layers.Dense(10, activation="softmax")(hidden))


def b2():
    start = keras.Input((784,))
    return keras.Model(start, b1()(start))


def b3():
    start = keras.Input((20, 784))
    return keras.Model(start, layers.TimeDistributed(b1())(start))


def b4(hidden=3, inputs=("main_input", "aux_input"), outputs=("main_output", "aux_output")):
    ids = keras.Input((100,), dtype="int32", name=inputs[0])
    extra = keras.Input((5,), name=inputs[1])
    read = layers.LSTM(32)(layers.Embedding(10_000, 512)(ids))
    side = layers.Dense(1, activation="sigmoid", name=outputs[1])(read)
    x = layers.concatenate([read, extra])
    for _ in range(hidden):
        x = layers.Dense(64, activation="relu")(x)
    main = layers.Dense(1, activation="sigmoid", name=outputs[0])(x)
    return keras.Model([ids, extra], [main, side])


def b5():
    left, right = keras.Input((280, 256)), keras.Input((280, 256))
    shared = layers.LSTM(64)
    merged = layers.concatenate([shared(left), shared(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(merged))


def b6():
    small, large = keras.Input((32, 32, 3)), keras.Input((64, 64, 3))
    conv = layers.Conv2D(16, 3, padding="same")
    return keras.Model([small, large], [conv(small), conv(large)])


def b7():
    def conv(size, tensor):
        return layers.Conv2D(64, size, padding="same", activation="relu")(tensor)

    start = keras.Input((256, 256, 3))
    first, second = conv(3, conv(1, start)), conv(5, conv(1, start))
    third = conv(1, layers.MaxPooling2D(3, strides=1, padding="same")(start))
    return keras.Model(start, layers.concatenate([first, second, third], axis=-1))


def b8():
    start = keras.Input((256, 256, 3))
    return keras.Model(start, layers.add([layers.Conv2D(3, 3, padding="same")(start), start]))


def digit_model():
    start = keras.Input((27, 27, 1))
    x = layers.Conv2D(64, 3)(start)
    x = layers.Conv2D(64, 3)(x)
    return keras.Model(start, layers.Flatten()(layers.MaxPooling2D(2)(x)))


def b9():
    vision = digit_model()
    left, right = keras.Input((27, 27, 1)), keras.Input((27, 27, 1))
    merged = layers.concatenate([vision(left), vision(right)])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(merged))


def vision_model():
    def conv(filters, padding="valid"):
        return layers.Conv2D(filters, 3, activation="relu", padding=padding)

    return keras.Sequential(
        [
            keras.Input((224, 224, 3)),
            conv(64, "same"),
            conv(64),
            layers.MaxPooling2D(2),
            conv(128, "same"),
            conv(128),
            layers.MaxPooling2D(2),
            conv(256, "same"),
            conv(256),
            conv(256),
            layers.MaxPooling2D(2),
            layers.Flatten(),
        ]
    )


def question_model():
    ids = keras.Input((100,), dtype="int32")
    return keras.Model(ids, layers.LSTM(256)(layers.Embedding(10_000, 256)(ids)))


def b10():
    image = keras.Input((224, 224, 3), name="image")
    question = keras.Input((100,), dtype="int32", name="question")
    asked = layers.LSTM(256)(layers.Embedding(10_000, 256)(question))
    merged = layers.concatenate([asked, vision_model()(image)])
    return keras.Model([image, question], layers.Dense(1000, activation="softmax")(merged))


def b11():
    video = keras.Input((100, 224, 224, 3), name="video")
    question = keras.Input((100,), dtype="int32", name="question")
    seen = layers.LSTM(256)(layers.TimeDistributed(vision_model())(video))
    merged = layers.concatenate([seen, question_model()(question)])
    return keras.Model([video, question], layers.Dense(1000, activation="softmax")(merged))


def c2():
    return b4(5 - 1, ("news_in", "aux_in"), ("news_out", "aux_out"))


def d1():
    start = keras.Input((5,))
    return keras.Model(start, layers.Activation("softmax")(layers.Dense(10)(start)))


def d2():
    dense, softmax = layers.Dense(10), layers.Activation("softmax")
    start = keras.Input((5,))
    return keras.Model(start, softmax(dense(start)))


def d3():
    dense = layers.Dense(5)
    start = keras.Input((5,))
    return keras.Model(start, layers.Activation("softmax")(dense(dense(start))))


def d4():
    left, right = keras.Input((5,)), keras.Input((5,))
    x = layers.multiply([layers.Dense(10)(left), layers.Dense(10)(right)])
    first = layers.Dense(5)(x)
    second = layers.Dense(5)(first)
    softmax = [layers.Activation("softmax")(tensor) for tensor in (first, second)]
    return keras.Model([left, right], softmax)


BUILDERS: dict[str, Callable[[], keras.Model]] = {
    "A1": a1,
    "A2": a2,
    "A3": a3,
    "A4": a4,
    "A5": a5,
    "A6": a6,
    "B1": b1,
    "B2": b2,
    "B3": b3,
    "B4": b4,
    "B5": b5,
    "B6": b6,
    "B7": b7,
    "B8": b8,
    "B9": b9,
    "B10": b10,
    "B11": b11,
    "C2": c2,
    "D1": d1,
    "D2": d2,
    "D3": d3,
    "D4": d4,
}

PARAMETERS = {
    "A1": 3_466,
    "A2": 1_000_052,
    "A3": 14_146_316,
    "A4": 607_104,
    "A5": 20_673,
    "A6": 20_861_480,
    "B1": 55_050,
    "B2": 55_050,
    "B3": 55_050,
    "B4": 5_200_610,
    "B5": 82_305,
    "B6": 448,
    "B7": 140_160,
    "B8": 84,
    "B9": 53_057,
    "B10": 165_077_800,
    "B11": 169_436_968,
    "C2": 5_204_770,
    "D1": 60,
    "D2": 60,
    "D3": 30,
    "D4": 205,
}
"""Published, or measured where nothing is published."""

_built: dict[str, Graph] = {}


def reference(system: str) -> Graph:
    """The graph of a system's reference solution, read once."""
    if system not in _built:
        _built[system] = read_graph(build_weightless(BUILDERS[system]))
    return _built[system]
