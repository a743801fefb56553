"""Wrong models as students write them, in plain Keras; none of it made from the catalogue.

The ids were chosen from what the words mean, before the judge saw the models. Where two names fit
a model equally well, "a|b" accepts both, and a comment says why.
"""

import keras
from corpus.case import Case, mistakes
from keras import layers, ops

SINGLE: list[Case] = []
PAIRS: list[Case] = []


def wrong(system, names, build, meant=None, says=()):
    note = f"by hand {len(SINGLE) + len(PAIRS)}"
    case = Case(system, mistakes(names), build, note, meant, tuple(says))
    (PAIRS if len(case.mistakes) > 1 else SINGLE).append(case)


# --- A1: a dense classifier ---------------------------------------------------------------------


def dense(widths=(32, 32), ends=("relu", "relu", "softmax"), size=(64,), last=10, bias=True, at=-1):
    start = keras.Input(size)
    values = [start]
    for width, end in zip((*widths, last), ends, strict=True):
        source = values[-1] if len(values) <= len(widths) else values[at]
        values.append(layers.Dense(width, activation=end, use_bias=bias)(source))
    return keras.Model(start, values[-1])


def dense_sequential(*middle):
    return keras.Sequential([keras.Input((64,)), *middle, layers.Dense(10, activation="softmax")])


def relu(width):
    return layers.Dense(width, activation="relu")


def forgot_the_head():
    start = keras.Input((64,))
    hidden = relu(32)(relu(32)(start))
    layers.Dense(10, activation="softmax")(hidden)
    return keras.Model(start, hidden)


def frozen(*places):
    model = dense()
    for place in places:
        model.layers[place].trainable = False
    return model


wrong("A1", "frozen-by-mistake", lambda: frozen(1))
wrong("A1", "frozen-by-mistake", lambda: frozen(1, 2))
wrong("A1", "frozen-by-mistake", lambda: frozen(1, 2, 3))
wrong("A1", "not-frozen", dense, meant=lambda: frozen(1, 2))
wrong("A1", "wrong-units", lambda: dense((64, 32)))
wrong("A1", "wrong-units", lambda: dense(last=1))
wrong("A1", "missing-layer", lambda: dense((32,), ("relu", "softmax")))
wrong("A1", "missing-layer", lambda: dense(at=1))
wrong("A1", "extra-layer", lambda: dense((32, 32, 32), ("relu", "relu", "relu", "softmax")))
wrong("A1", "extra-layer", lambda: dense_sequential(relu(32), layers.Dropout(0.5), relu(32)))
wrong(
    "A1", "extra-layer", lambda: dense_sequential(relu(32), layers.BatchNormalization(), relu(32))
)
wrong("A1", "missing-activation", lambda: dense(ends=("relu", None, "softmax")))
wrong("A1", "missing-activation", lambda: dense(ends=("relu", "relu", None)))
wrong("A1", "missing-activation", lambda: dense(ends=(None, None, "softmax")))
wrong("A1", "wrong-activation", lambda: dense(ends=("relu", "relu", "sigmoid")))
wrong("A1", "wrong-activation", lambda: dense(ends=("tanh", "tanh", "softmax")))
wrong("A1", "wrong-input-shape", lambda: dense(size=(32,)))
wrong("A1", "missing-bias", lambda: dense_sequential(relu(32), layers.Dense(32, "relu", False)))
wrong("A1", "missing-bias", lambda: dense(bias=False))
# Returning the hidden tensor and leaving the last layer out are one graph.
wrong("A1", "wrong-output|missing-layer", forgot_the_head)
wrong("A1", "wrong-units", lambda: dense((64, 64)))
wrong(
    "A1", "wrong-units + wrong-activation", lambda: dense(last=1, ends=("relu", "relu", "sigmoid"))
)
wrong("A1", "wrong-input-shape + wrong-units", lambda: dense((64, 32), size=(784,)))
wrong("A1", "missing-activation + wrong-units", lambda: dense((16, 32), (None, "relu", "softmax")))
wrong("A1", "missing-layer + wrong-activation", lambda: dense((32,), ("relu", "sigmoid")))


# --- A2: question answering ---------------------------------------------------------------------


def qa(
    first=(10_000, 64),
    second=(10_000, 32),
    reader=layers.LSTM,
    feed=(0, 1),
    merge=layers.concatenate,
    given=None,
    last=500,
    end="softmax",
    **reading,
):
    text = keras.Input((None,), dtype="int32", name="text")
    question = keras.Input((None,), dtype="int32", name="question")
    both = [text, question]
    told = reader(32, **reading)(layers.Embedding(*first)(both[feed[0]]))
    asked = layers.LSTM(16, **reading)(layers.Embedding(*second)(both[feed[1]]))
    answer = layers.Dense(last, activation=end)(merge([told, asked]))
    return keras.Model(both if given is None else [both[n] for n in given], answer)


def first_of(tensors):
    return tensors[0]


wrong("A2", "embedding-swapped", lambda: qa((64, 10_000)))
wrong("A2", "embedding-swapped", lambda: qa(second=(32, 10_000)))
wrong("A2", "wrong-vocabulary", lambda: qa(second=(1_000, 32)))
wrong("A2", "wrong-vocabulary", lambda: qa((5_000, 64), (5_000, 32)))
wrong("A2", "wrong-units", lambda: qa((10_000, 32)))
wrong("A2", "same-input-twice", lambda: qa(feed=(1, 1)))
wrong("A2", "same-input-twice", lambda: qa(feed=(0, 0)))
wrong("A2", "inputs-crossed", lambda: qa(feed=(1, 0)))
wrong("A2", "unused-input", lambda: qa(merge=first_of))
wrong("A2", "missing-input|unused-input", lambda: qa(merge=first_of, given=(0,)))
wrong("A2", "wrong-layer", lambda: qa(reader=layers.GRU))
wrong("A2", "wrong-units", lambda: qa(last=50))
wrong("A2", "wrong-activation", lambda: qa(end="sigmoid"))
wrong("A2", "return-sequences", lambda: qa(return_sequences=True))
wrong("A2", "wrong-setting", lambda: qa(go_backwards=True))
wrong("A2", "embedding-swapped + wrong-layer", lambda: qa((64, 10_000), reader=layers.GRU))
wrong("A2", "inputs-crossed + missing-activation", lambda: qa(feed=(1, 0), end=None))
wrong("A2", "wrong-vocabulary + wrong-units", lambda: qa((1_000, 64), last=10))
wrong("A2", "same-input-twice + wrong-activation", lambda: qa(feed=(1, 1), end="relu"))


# --- A3: a profile from posts -------------------------------------------------------------------


def profile(
    words=(50_000, 256),
    convs=((128,), (256, 256), (256, 256)),
    size=5,
    pools=None,
    end=layers.GlobalMaxPooling1D,
    hidden=128,
    order="age income gender",
    named=True,
    ends=(None, "softmax", "sigmoid"),
    heads_on=(-1, -1, -1),
    **how,
):
    posts = keras.Input((None,), dtype="int32", name="posts")
    pools = pools or both_pools(layers.MaxPooling1D, 5)
    x = layers.Embedding(*words)(posts)
    for number, widths in enumerate(convs):
        if number:
            x = pools[number - 1](x)
        for width in widths:
            x = layers.Conv1D(width, size, **{"activation": "relu", **how})(x)
    tensors = [end()(x)]
    if hidden:
        tensors.append(layers.Dense(hidden, activation="relu")(tensors[0]))
    heads = {}
    for name, width, after, place in zip(
        ("age", "income", "gender"), (1, 10, 1), ends, heads_on, strict=True
    ):
        source = heads[place] if isinstance(place, str) else tensors[place]
        layer = layers.Dense(width, activation=after, name=name if named else None)
        heads[name] = layer(source)
    return keras.Model(posts, [heads[name] for name in order.split()])


def heads_with_swapped_names():
    inner = profile(named=False)
    age, income, gender = inner.outputs
    outputs = {"age": income, "income": age, "gender": gender}
    return keras.Model(inner.inputs, outputs)


def both_pools(kind, size):
    return (kind(size), kind(size))


BLOCKS = ((128,), (256, 256), (256, 256))
wrong("A3", "embedding-swapped", lambda: profile((256, 50_000)))
wrong("A3", "missing-layer", lambda: profile(hidden=0))
wrong("A3", "embedding-swapped + missing-layer", lambda: profile((256, 50_000), hidden=0))
wrong("A3", "outputs-swapped", lambda: profile(order="age gender income", named=False))
wrong("A3", "outputs-swapped", lambda: profile(order="gender income age"))
wrong("A3", "outputs-swapped", heads_with_swapped_names)
wrong("A3", "wrong-activation", lambda: profile(ends=("sigmoid", "softmax", "sigmoid")))
wrong("A3", "missing-activation", lambda: profile(ends=(None, "softmax", None)))
wrong("A3", "head-on-wrong-tensor", lambda: profile(heads_on=(-1, -1, 0)))
wrong("A3", "head-on-wrong-tensor", lambda: profile(heads_on=(-1, "age", -1)))
wrong("A3", "wrong-pooling", lambda: profile(pools=both_pools(layers.AveragePooling1D, 5)))
wrong("A3", "wrong-pooling", lambda: profile(pools=both_pools(layers.MaxPooling1D, 2)))
wrong(
    "A3",
    "wrong-pooling",
    lambda: profile(pools=(layers.MaxPooling1D(5), layers.MaxPooling1D(3))),
)
wrong("A3", "wrong-pooling", lambda: profile(end=layers.GlobalAveragePooling1D))
wrong("A3", "wrong-kernel-size", lambda: profile(size=3))
wrong("A3", "wrong-padding", lambda: profile(padding="same"))
wrong("A3", "wrong-padding", lambda: profile(padding="causal"))
wrong("A3", "wrong-activation", lambda: profile(activation="tanh"))
wrong("A3", "missing-activation", lambda: profile(activation=None))
wrong("A3", "wrong-units", lambda: profile(convs=((256,), *BLOCKS[1:])))
wrong("A3", "wrong-units", lambda: profile(convs=((128,), (128, 128), (128, 128))))
wrong("A3", "missing-layer", lambda: profile(convs=((128,), (256, 256), (256,))))
wrong("A3", "extra-layer", lambda: profile(convs=((128, 128), *BLOCKS[1:])))
wrong("A3", "wrong-output", lambda: profile(order="age income"))
wrong("A3", "wrong-vocabulary", lambda: profile((10_000, 256)))
wrong(
    "A3",
    "wrong-units + missing-activation",
    lambda: profile(hidden=64, ends=(None, None, "sigmoid")),
)
wrong("A3", "wrong-kernel-size + missing-layer", lambda: profile(size=3, hidden=0))
wrong(
    "A3",
    "wrong-pooling + wrong-units",
    lambda: profile(hidden=64, end=layers.GlobalAveragePooling1D),
)
wrong("A3", "wrong-vocabulary + wrong-activation", lambda: profile((1_000, 256), activation="elu"))


# --- A4: an Inception module --------------------------------------------------------------------


def inception(
    last_of_d=1,
    pool=layers.AveragePooling2D,
    order="abcd",
    merge=layers.concatenate,
    b_first=128,
    b_strides=(1, 2),
    skip_d=False,
    bare_pool=False,
    shared=False,
    end="relu",
    **how,
):
    def conv(filters, size, strides=1):
        return layers.Conv2D(filters, size, strides=strides, padding="same", activation=end)

    start = keras.Input((28, 28, 192))
    one = conv(128, 1)
    branches = {"a": conv(128, 1, 2)(start)}
    b = (one if shared else conv(b_first, 1, b_strides[0]))(start)
    branches["b"] = conv(128, 3, b_strides[1])(b)
    c = pool(3, strides=2, padding="same")(start)
    branches["c"] = c if bare_pool else conv(128, 3)(c)
    d = start if skip_d else (one if shared else conv(128, 1))(start)
    branches["d"] = conv(128, last_of_d, 2)(conv(128, 3)(d))
    return keras.Model(start, merge([branches[name] for name in order], **how))


wrong("A4", "wrong-kernel-size", lambda: inception(last_of_d=3))
wrong("A4", "wrong-pooling", lambda: inception(pool=layers.MaxPooling2D))
wrong("A4", "missing-branch", lambda: inception(order="abd"))
wrong("A4", "missing-layer", lambda: inception(skip_d=True))
wrong("A4", "missing-layer", lambda: inception(bare_pool=True))
wrong("A4", "wrong-units", lambda: inception(b_first=64))
wrong("A4", "concat-order", lambda: inception(order="bacd"))
wrong("A4", "wrong-merge", lambda: inception(merge=layers.add))
wrong("A4", "wrong-axis", lambda: inception(axis=1))
wrong("A4", "wrong-axis", lambda: inception(axis=2))
wrong("A4", "shared-by-mistake", lambda: inception(shared=True))
wrong("A4", "wrong-strides", lambda: inception(b_strides=(2, 1)))
wrong("A4", "missing-activation", lambda: inception(end=None))
wrong("A4", "wrong-kernel-size + wrong-axis", lambda: inception(last_of_d=3, axis=1))
wrong(
    "A4",
    "missing-layer + wrong-pooling",
    lambda: inception(skip_d=True, pool=layers.MaxPooling2D),
)
wrong("A4", "missing-branch + wrong-kernel-size", lambda: inception(order="abd", last_of_d=3))


# --- A5, B5: one LSTM for two inputs ------------------------------------------------------------


def twins(
    size=(None, 128),
    first=lambda: layers.LSTM(32),
    second=None,
    feed=(0, 1),
    merge=layers.concatenate,
    last=1,
    end="sigmoid",
    hidden=None,
    **how,
):
    both = [keras.Input(size), keras.Input(size)]
    one = first()
    other = second() if second else one
    x = merge([one(both[feed[0]]), other(both[feed[1]])], **how)
    x = hidden(x) if hidden else x
    return keras.Model(both, layers.Dense(last, activation=end)(x))


def lstm(units, **how):
    return lambda: layers.LSTM(units, **how)


def tweets(**how):
    return twins(**{"size": (280, 256), "first": lstm(64), **how})


wrong("A5", "not-shared", lambda: twins(second=lstm(32)))
wrong("A5", "same-input-twice", lambda: twins(feed=(0, 0)))
wrong("A5", "wrong-merge", lambda: twins(merge=layers.add))
wrong("A5", "wrong-merge", lambda: twins(merge=layers.subtract))
wrong("A5", "wrong-merge", lambda: twins(merge=lambda pair: pair[0] * pair[1]))
wrong("A5", "wrong-axis", lambda: twins(axis=0))
wrong("A5", "wrong-units", lambda: twins(first=lstm(64)))
wrong("A5", "return-sequences", lambda: twins(first=lstm(32, return_sequences=True)))
wrong("A5", "missing-activation", lambda: twins(end=None))
wrong("A5", "wrong-activation", lambda: twins(end="softmax"))
wrong("A5", "unused-input", lambda: twins(merge=first_of))
wrong("A5", "wrong-layer", lambda: twins(first=lambda: layers.GRU(32)))
wrong("A5", "wrong-wrapper", lambda: twins(first=lambda: layers.Bidirectional(layers.LSTM(32))))
wrong("A5", "wrong-input-shape", lambda: twins((100, 128)))
wrong("A5", "extra-layer", lambda: twins(hidden=layers.Dense(32, activation="relu")))
wrong("A5", "extra-layer", lambda: twins(hidden=layers.Dropout(0.2)))
wrong("A5", "not-shared + same-input-twice", lambda: twins(second=lstm(32), feed=(0, 0)))
wrong("A5", "not-shared + wrong-merge", lambda: twins(second=lstm(32), merge=layers.add))
wrong("A5", "not-shared + missing-activation", lambda: twins(second=lstm(32), end=None))
wrong("A5", "wrong-units + wrong-activation", lambda: twins(last=2, end="softmax"))
wrong("A5", "same-input-twice + wrong-units", lambda: twins(first=lstm(16), feed=(1, 1)))
wrong("A5", "not-shared + wrong-units", lambda: twins(first=lstm(16), second=lstm(16)))
wrong("B5", "not-shared", lambda: tweets(second=lstm(64)))
wrong("B5", "same-input-twice", lambda: tweets(feed=(1, 1)))
wrong("B5", "wrong-merge", lambda: tweets(merge=layers.multiply))
wrong("B5", "wrong-input-shape", lambda: tweets(size=(140, 256)))
wrong("B5", "wrong-setting", lambda: tweets(first=lstm(64, dropout=0.5)))
wrong("B5", "return-sequences", lambda: tweets(first=lstm(64, return_sequences=True)))
wrong("B5", "wrong-activation", lambda: tweets(first=lstm(64, activation="relu")))
wrong(
    "B5",
    "wrong-merge + extra-layer",
    lambda: tweets(merge=lambda pair: ops.abs(pair[0] - pair[1])),
)
wrong(
    "B5",
    "not-shared + wrong-layer",
    lambda: tweets(first=lambda: layers.GRU(64), second=lambda: layers.GRU(64)),
)
wrong("B5", "wrong-input-shape + missing-activation", lambda: tweets(size=(140, 256), end=None))


# --- A6: Xception for two images ----------------------------------------------------------------


def images(shared=True, feed=(0, 1), size=(250, 250, 3), merge=layers.concatenate, **how):
    pooling = how.pop("pooling", None)
    bases = [
        keras.applications.Xception(weights=None, include_top=False, pooling=pooling, name=name)
        for name in ("one", "two")[: 1 if shared else 2]
    ]
    both = [keras.Input(size), keras.Input(size)]
    ends = [bases[0](both[feed[0]]), bases[-1](both[feed[1]])]
    return keras.Model(both, merge(ends, **how))


wrong("A6", "not-shared", lambda: images(shared=False))
wrong("A6", "same-input-twice", lambda: images(feed=(0, 0)))
wrong("A6", "wrong-input-shape", lambda: images(size=(299, 299, 3)))
wrong("A6", "wrong-merge", lambda: images(merge=layers.add))
wrong("A6", "wrong-axis", lambda: images(axis=1))
wrong("A6", "extra-layer", lambda: images(pooling="avg"))


# --- B1, B2, B3: a classifier, as a layer, for each frame ---------------------------------------


def classifier(widths=(64, 64), ends=("relu", "relu", "softmax"), size=(784,), last=10):
    return dense(widths, ends, size, last)


def flat_images():
    start = keras.Input((28, 28))
    x = layers.Flatten()(start)
    x = relu(64)(relu(64)(x))
    return keras.Model(start, layers.Dense(10, activation="softmax")(x))


def around(model, size=(784,), wrap=lambda layer: layer, after=()):
    start = keras.Input(size)
    x = wrap(model)(start)
    for layer in after:
        x = layer(x)
    return keras.Model(start, x)


def frames(model=None, size=(20, 784), after=()):
    return around(model or classifier(), size, layers.TimeDistributed, after)


def one_hidden_layer_twice():
    start = keras.Input((784,))
    first, second = relu(64), relu(64)
    x = second(second(first(start)))
    return keras.Model(start, layers.Dense(10, activation="softmax")(x))


wrong("B1", "wrong-units", lambda: classifier((32, 64)))
wrong("B1", "wrong-input-shape", lambda: classifier(size=(28,)))
wrong("B1", "missing-activation", lambda: classifier(ends=("relu", "relu", None)))
wrong("B1", "wrong-activation", lambda: classifier(ends=("relu", "softmax", "softmax")))
wrong("B1", "call-extra", one_hidden_layer_twice)
wrong("B1", "wrong-input-shape + extra-layer", flat_images)
wrong("B1", "wrong-units + wrong-units", lambda: classifier((32, 16)))
wrong("B2", "extra-layer", lambda: around(classifier(), after=[layers.Dense(10)]))
# A second softmax is an activation where none is meant, and a layer that nobody asked for.
wrong(
    "B2",
    "wrong-activation|extra-layer",
    lambda: around(classifier(), after=[layers.Activation("softmax")]),
)
wrong("B2", "wrong-units", lambda: around(classifier(last=1)))
wrong("B2", "missing-layer", lambda: around(classifier((64,), ("relu", "softmax"))))
wrong("B3", "wrong-input-shape", lambda: frames(size=(10, 784)))
wrong("B3", "wrong-input-shape", lambda: frames(size=(None, 784)))
wrong("B3", "extra-layer", lambda: frames(after=[layers.GlobalAveragePooling1D()]))
wrong("B3", "extra-layer", lambda: frames(after=[layers.LSTM(10)]))
wrong("B3", "extra-layer", lambda: frames(after=[layers.Flatten()]))
wrong("B3", "missing-activation", lambda: frames(classifier(ends=("relu", "relu", None))))
wrong(
    "B3",
    "wrong-units + missing-activation",
    lambda: frames(classifier((64, 32), ("relu", "relu", None))),
)


# --- B4, C2: headlines, two inputs and two outputs ----------------------------------------------


def headline(
    words=(10_000, 512),
    units=32,
    hidden=(64, 64, 64),
    side_on="read",
    main_from=("read", "extra"),
    extra=(5,),
    ends=("sigmoid", "sigmoid"),
    returned=("main", "side"),
    named=("main_output", "aux_output"),
    inputs=("main_input", "aux_input"),
    one_layer=False,
    merge=layers.concatenate,
    reader=layers.LSTM,
    middle="relu",
    length=100,
):
    ids = keras.Input((length,), dtype="int32", name=inputs[0])
    at = {"extra": keras.Input(extra, name=inputs[1])}
    at["read"] = reader(units)(layers.Embedding(*words)(ids))
    side = layers.Dense(1, activation=ends[1], name=named[1])
    at["side"] = side(at["read"]) if side_on == "read" else None
    sources = [at[name] for name in main_from]
    at["merged"] = x = merge(sources) if len(sources) > 1 else sources[0]
    again = layers.Dense(64, activation="relu")
    for number, width in enumerate(hidden):
        x = again(x) if one_layer and number else layers.Dense(width, activation=middle)(x)
    at["hidden"] = x
    at["main"] = layers.Dense(1, activation=ends[0], name=named[0])(x)
    if side_on != "read":
        at["side"] = side(at[side_on])
    outputs = [at[name] for name in returned]
    return keras.Model([ids, at["extra"]], outputs if len(outputs) > 1 else outputs[0])


def news(**how):
    names = {"inputs": ("news_in", "aux_in"), "named": ("news_out", "aux_out")}
    return headline(**{"hidden": (64,) * 4, **names, **how})


def late_merge_order():
    ids = keras.Input((100,), dtype="int32", name="main_input")
    extra = keras.Input((5,), name="aux_input")
    side = layers.Dense(1, activation="sigmoid", name="aux_output")
    merged = layers.Concatenate()([layers.LSTM(32)(layers.Embedding(10_000, 512)(ids)), extra])
    x = merged
    for _ in range(3):
        x = layers.Dense(64, activation="relu")(x)
    main = layers.Dense(1, activation="sigmoid", name="main_output")(x)
    return keras.Model([ids, extra], [main, side(merged)])


NONE = (None, None)
wrong("B4", "head-on-wrong-tensor", lambda: headline(side_on="hidden"))
wrong("B4", "head-on-wrong-tensor", late_merge_order)
wrong("B4", "unused-input", lambda: headline(main_from=("read",)))
wrong("B4", "missing-layer", lambda: headline(hidden=(64, 64)))
wrong("B4", "extra-layer", lambda: headline(hidden=(64,) * 4))
wrong("B4", "outputs-swapped", lambda: headline(returned=("side", "main"), named=NONE))
wrong("B4", "outputs-swapped", lambda: headline(returned=("side", "main")))
wrong("B4", "outputs-swapped", lambda: headline(named=("aux_output", "main_output")))
wrong("B4", "embedding-swapped", lambda: headline((512, 10_000)))
wrong("B4", "wrong-units", lambda: headline(units=64))
wrong("B4", "wrong-units", lambda: headline(hidden=(64, 32, 64)))
wrong("B4", "wrong-units", lambda: headline(hidden=(32, 32, 32)))
wrong("B4", "wrong-tensor", lambda: headline(main_from=("side", "extra")))
wrong("B4", "wrong-input-shape", lambda: headline(extra=(1,)))
wrong("B4", "wrong-input-shape", lambda: headline(length=50))
wrong("B4", "wrong-output", lambda: headline(returned=("main",), named=NONE))
wrong("B4", "wrong-output", lambda: headline(returned=("main",)))
wrong("B4", "shared-by-mistake", lambda: headline(one_layer=True))
wrong("B4", "missing-activation", lambda: headline(ends=(None, "sigmoid")))
wrong("B4", "missing-activation", lambda: headline(ends=(None, None)))
wrong("B4", "missing-activation", lambda: headline(middle=None))
wrong("B4", "wrong-activation", lambda: headline(ends=("sigmoid", "tanh")))
wrong("B4", "wrong-layer", lambda: headline(reader=layers.SimpleRNN))
wrong("B4", "wrong-vocabulary", lambda: headline((1_000, 512)))
wrong(
    "B4",
    "head-on-wrong-tensor + missing-layer",
    lambda: headline(side_on="hidden", hidden=(64, 64)),
)
wrong("B4", "unused-input + wrong-units", lambda: headline(main_from=("read",), units=64))
wrong(
    "B4",
    "embedding-swapped + outputs-swapped",
    lambda: headline((512, 10_000), returned=("side", "main"), named=NONE),
)
wrong("B4", "wrong-units + wrong-input-shape", lambda: headline(units=16, extra=(1,)))
wrong(
    "B4",
    "missing-activation + extra-layer",
    lambda: headline(ends=(None, "sigmoid"), hidden=(64,) * 4),
)
wrong("B4", "wrong-vocabulary + wrong-layer", lambda: headline((1_000, 512), reader=layers.GRU))
wrong("C2", "missing-layer", lambda: news(hidden=(64,) * 3))
wrong("C2", "outputs-swapped", lambda: news(returned=("side", "main")))
wrong("C2", "outputs-swapped", lambda: news(named=("aux_out", "news_out")))
wrong("C2", "unused-input", lambda: news(main_from=("read",)))
wrong("C2", "wrong-units", lambda: news(hidden=(64, 64, 64, 32)))
wrong("C2", "head-on-wrong-tensor", lambda: news(side_on="merged"))
wrong(
    "C2",
    "missing-layer + missing-activation",
    lambda: news(hidden=(64,) * 3, ends=(None, "sigmoid")),
)


# --- B6: one convolution on two sizes -----------------------------------------------------------


def two_sizes(first=None, second=None, feed=(0, 1), sizes=(32, 64), returned=(0, 1)):
    both = [keras.Input((size, size, 3)) for size in sizes]
    one = first or layers.Conv2D(16, 3, padding="same")
    other = second or one
    outputs = [one(both[feed[0]]), other(both[feed[1]])]
    return keras.Model(both, [outputs[n] for n in returned])


def conv16(size=3, **how):
    return layers.Conv2D(16, size, **{"padding": "same", **how})


wrong("B6", "not-shared", lambda: two_sizes(second=conv16()))
wrong("B6", "same-input-twice", lambda: two_sizes(feed=(0, 0)))
wrong("B6", "wrong-strides", lambda: two_sizes(conv16(strides=2)))
wrong("B6", "wrong-padding", lambda: two_sizes(conv16(padding="valid")))
wrong("B6", "wrong-kernel-size", lambda: two_sizes(conv16(5)))
# With nothing but one shared layer between them, crossing inputs and swapping outputs are one.
wrong("B6", "outputs-swapped|inputs-crossed", lambda: two_sizes(returned=(1, 0)))
wrong("B6", "wrong-input-shape", lambda: two_sizes(sizes=(32, 32)))
wrong("B6", "missing-bias", lambda: two_sizes(conv16(use_bias=False)))
wrong("B6", "wrong-activation|extra-layer", lambda: two_sizes(conv16(activation="relu")))
wrong(
    "B6",
    "not-shared + wrong-padding",
    lambda: two_sizes(conv16(padding="valid"), conv16(padding="valid")),
)
wrong("B6", "not-shared + wrong-strides", lambda: two_sizes(second=conv16(strides=2)))


# --- B7: Inception towers -----------------------------------------------------------------------


def towers(
    axis=-1,
    sizes=(3, 5),
    pool=layers.MaxPooling2D,
    order=(0, 1, 2),
    ends=("relu",) * 5,
    filters=64,
    use_pool=True,
    reduce_once=False,
    size=256,
    merge=None,
    padding="same",
):
    left = list(ends)

    def conv(kernel):
        end = left.pop(0)
        return layers.Conv2D(filters, kernel, padding=padding, activation=end)

    start = keras.Input((size, size, 3))
    one = conv(1)
    reduced = one(start)
    first = conv(sizes[0])(reduced)
    other = one if reduce_once else conv(1)
    second = conv(sizes[1])(other(start))
    third = pool(3, strides=1, padding="same")(start) if use_pool else start
    ends = [first, second, conv(1)(third)]
    picked = [ends[n] for n in order]
    return keras.Model(start, merge(picked) if merge else layers.concatenate(picked, axis=axis))


wrong("B7", "wrong-axis", lambda: towers(axis=1))
wrong("B7", "wrong-kernel-size", lambda: towers(sizes=(3, 3)))
wrong("B7", "wrong-pooling", lambda: towers(pool=layers.AveragePooling2D))
wrong("B7", "missing-layer", lambda: towers(use_pool=False))
wrong("B7", "missing-activation", lambda: towers(ends=("relu", None, "relu", "relu", "relu")))
wrong("B7", "wrong-activation", lambda: towers(ends=("relu", "relu", "relu", "tanh", "relu")))
wrong("B7", "missing-activation", lambda: towers(ends=(None,) * 5))
wrong("B7", "missing-branch", lambda: towers(order=(0, 1)))
wrong("B7", "concat-order", lambda: towers(order=(0, 2, 1)))
wrong("B7", "wrong-units", lambda: towers(filters=32))
wrong("B7", "shared-by-mistake", lambda: towers(reduce_once=True))
wrong("B7", "wrong-input-shape", lambda: towers(size=224))
wrong("B7", "wrong-merge", lambda: towers(merge=layers.add))
wrong("B7", "wrong-axis + wrong-units", lambda: towers(axis=1, filters=32))
wrong("B7", "wrong-axis + wrong-pooling", lambda: towers(axis=1, pool=layers.AveragePooling2D))
wrong("B7", "missing-layer + wrong-kernel-size", lambda: towers(use_pool=False, sizes=(3, 3)))


# --- B8 and a deeper block: residual connections ------------------------------------------------


def residual(size=3, merge=lambda x, start: layers.add([x, start]), **how):
    start = keras.Input((256, 256, 3))
    x = layers.Conv2D(3, size, **{"padding": "same", **how})(start)
    return keras.Model(start, merge(x, start))


def block(skip=0, merge=layers.add, relu_last=True, order="cbrcb"):
    start = keras.Input((16, 16, 8))
    x = layers.Conv2D(8, 1)(start)
    values = [x]
    for letter in order:
        layer = {
            "c": lambda: layers.Conv2D(8, 3, padding="same"),
            "b": layers.BatchNormalization,
            "r": layers.ReLU,
        }[letter]()
        values.append(layer(values[-1]))
    x = values[-1] if skip is None else merge([values[-1], values[skip]])
    x = layers.ReLU()(x) if relu_last else x
    return keras.Model(start, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))


def skip_from_input():
    start = keras.Input((16, 16, 8))
    x = layers.Conv2D(8, 1)(start)
    x = layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same")(x))
    x = layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same")(layers.ReLU()(x)))
    x = layers.ReLU()(x + start)
    return keras.Model(start, layers.Dense(2)(layers.GlobalAveragePooling2D()(x)))


wrong("B8", "missing-skip", lambda: residual(merge=lambda x, start: x))
wrong("B8", "wrong-merge", lambda: residual(merge=lambda x, start: ops.concatenate([x, start], -1)))
wrong("B8", "wrong-merge", lambda: residual(merge=lambda x, start: x * start))
wrong("B8", "wrong-merge", lambda: residual(merge=lambda x, start: x - start))
wrong("B8", "skip-from-wrong-tensor", lambda: residual(merge=lambda x, start: x + x))
wrong("B8", "wrong-kernel-size", lambda: residual(1))
wrong("B8", "wrong-activation|extra-layer", lambda: residual(activation="relu"))
wrong(
    "B8",
    "wrong-activation|extra-layer",
    lambda: residual(merge=lambda x, start: layers.ReLU()(x + start)),
)
wrong(
    "B8",
    "missing-skip + wrong-activation|extra-layer",
    lambda: residual(activation="relu", merge=lambda x, start: x),
)
wrong("B8", "wrong-kernel-size + wrong-merge", lambda: residual(5, lambda x, start: x * start))
wrong("", "skip-from-wrong-tensor", lambda: block(skip=1), block)
wrong("", "skip-from-wrong-tensor", lambda: block(skip=3), block)
wrong("", "skip-from-wrong-tensor", skip_from_input, block)
wrong("", "missing-skip", lambda: block(skip=None), block)
wrong("", "wrong-merge", lambda: block(merge=layers.concatenate), block)
wrong("", "missing-activation", lambda: block(relu_last=False), block)
wrong("", "layers-reordered", lambda: block(order="crbcb"), block)
wrong("", "layers-reordered", lambda: block(order="bcrcb"), block)
wrong("", "missing-layer", lambda: block(order="crcb"), block)
wrong("", "missing-skip + layers-reordered", lambda: block(None, order="crbcb"), block)
wrong("", "skip-from-wrong-tensor + missing-activation", lambda: block(3, relu_last=False), block)


# --- B9: two digits -----------------------------------------------------------------------------


def digits(
    filters=(64, 64),
    sizes=(3, 3),
    pool=layers.MaxPooling2D,
    pool_size=2,
    flat=True,
    models=1,
    feed=(0, 1),
    merge=layers.concatenate,
    end="sigmoid",
    size=(27, 27, 1),
    extra=None,
    **how,
):
    def vision():
        parts = [layers.Conv2D(n, s, **how) for n, s in zip(filters, sizes, strict=True)]
        parts += [pool(pool_size)] if pool else []
        parts += [layers.Flatten()] if flat else []
        return keras.Sequential([keras.Input(size), *parts, *([extra()] if extra else [])])

    made = [vision() for _ in range(models)]
    both = [keras.Input(size), keras.Input(size)]
    merged = merge([made[0](both[feed[0]]), made[-1](both[feed[1]])])
    return keras.Model(both, layers.Dense(1, activation=end)(merged))


def half_shared():
    shared = layers.Conv2D(64, 3)
    own = [layers.Conv2D(64, 3), layers.Conv2D(64, 3)]
    both = [keras.Input((27, 27, 1)), keras.Input((27, 27, 1))]
    ends = []
    for tensor, other in zip(both, own, strict=True):
        ends.append(layers.Flatten()(layers.MaxPooling2D()(other(shared(tensor)))))
    merged = layers.concatenate(ends)
    return keras.Model(both, layers.Dense(1, activation="sigmoid")(merged))


def one_conv_twice():
    start = keras.Input((27, 27, 64))
    conv = layers.Conv2D(64, 3)
    return keras.Model(start, layers.Flatten()(conv(conv(start))))


def two_convs():
    start = keras.Input((27, 27, 64))
    return keras.Model(start, layers.Flatten()(layers.Conv2D(64, 3)(layers.Conv2D(64, 3)(start))))


wrong("B9", "not-shared", lambda: digits(models=2))
wrong("B9", "partly-shared", half_shared)
wrong("B9", "same-input-twice", lambda: digits(feed=(0, 0)))
wrong("B9", "missing-layer", lambda: digits(flat=False))
wrong("B9", "missing-layer", lambda: digits(pool=None))
wrong("B9", "missing-layer", lambda: digits((64,), (3,)))
wrong("B9", "extra-layer", lambda: digits((64, 64, 64), (3, 3, 3)))
wrong("B9", "extra-layer", lambda: digits(extra=lambda: layers.Dense(32, activation="relu")))
wrong("B9", "extra-layer", lambda: digits(extra=lambda: layers.Dropout(0.5)))
wrong("B9", "wrong-pooling", lambda: digits(pool_size=3))
wrong("B9", "wrong-pooling", lambda: digits(pool=layers.AveragePooling2D))
wrong("B9", "wrong-padding", lambda: digits(padding="same"))
wrong("B9", "wrong-units", lambda: digits((32, 64)))
wrong("B9", "wrong-kernel-size", lambda: digits(sizes=(5, 3)))
wrong("B9", "wrong-merge", lambda: digits(merge=layers.subtract))
wrong("B9", "unused-input", lambda: digits(merge=first_of))
wrong("B9", "wrong-activation|extra-layer", lambda: digits(activation="relu"))
wrong("B9", "wrong-input-shape", lambda: digits(size=(28, 28, 1)))
wrong("B9", "not-shared + missing-layer", lambda: digits(models=2, pool=None))
wrong("B9", "not-shared + wrong-activation", lambda: digits(models=2, end="relu"))
wrong("B9", "wrong-units + missing-activation", lambda: digits((32, 64), end=None))
wrong("B9", "same-input-twice + wrong-pooling", lambda: digits(feed=(0, 0), pool_size=3))
wrong("B9", "not-shared + wrong-kernel-size", lambda: digits(models=2, sizes=(5, 3)))
wrong("", "shared-by-mistake", one_conv_twice, two_convs)
wrong("", "not-shared", two_convs, one_conv_twice)


# --- B10, B11: questions about images and videos ------------------------------------------------


def seeing(
    filters=(64, 64, 128, 128, 256, 256, 256),
    paddings="svsvsvv",
    pools_after=(1, 3, 6),
    pool=layers.MaxPooling2D,
    flatten=layers.Flatten,
    ends=("relu",) * 7,
    size=224,
):
    model = keras.Sequential([keras.Input((size, size, 3))])
    for number, (width, letter) in enumerate(zip(filters, paddings, strict=True)):
        padding = "same" if letter == "s" else "valid"
        model.add(layers.Conv2D(width, 3, padding=padding, activation=ends[number]))
        if number in pools_after:
            model.add(pool((2, 2)))
    model.add(flatten())
    return model


def visual(
    words=(10_000, 256), units=256, last=1000, end="softmax", reader=layers.LSTM, one=None, **how
):
    image = keras.Input((224, 224, 3), name="image")
    question = keras.Input((100,), dtype="int32", name="question")
    asked = reader(units)(layers.Embedding(*words)(question))
    both = [asked] if one else [asked, seeing(**how)(image)]
    merged = layers.concatenate(both) if len(both) > 1 else both[0]
    return keras.Model([image, question], layers.Dense(last, activation=end)(merged))


def video(over_time=None, frames=100, words=(10_000, 256), units=256, reader=layers.LSTM, **how):
    clip = keras.Input((frames, 224, 224, 3), name="video")
    question = keras.Input((100,), dtype="int32", name="question")
    seen = layers.TimeDistributed(seeing(**how))(clip)
    for layer in over_time or [layers.LSTM(256)]:
        seen = layer(seen)
    asked = reader(units)(layers.Embedding(*words)(question))
    answer = layers.Dense(1000, activation="softmax")(layers.concatenate([seen, asked]))
    return keras.Model([clip, question], answer)


NO_RELU = ("relu",) * 3 + (None,) + ("relu",) * 3
wrong("B10", "wrong-vocabulary", lambda: visual((1_000, 256)))
wrong("B10", "embedding-swapped", lambda: visual((256, 10_000)))
wrong("B10", "wrong-units", lambda: visual(units=128))
wrong("B10", "wrong-units", lambda: visual(last=100))
wrong("B10", "missing-layer", lambda: visual(pools_after=(1, 6)))
wrong(
    "B10",
    "missing-layer",
    lambda: visual(filters=(64, 64, 128, 128, 256, 256), paddings="svsvsv", pools_after=(1, 3, 5)),
)
wrong("B10", "missing-activation", lambda: visual(ends=NO_RELU))
wrong("B10", "wrong-padding", lambda: visual(paddings="sssvsvv"))
wrong("B10", "wrong-padding", lambda: visual(paddings="s" * 7))
# Exchanging two equal layers but for their padding is a change of two paddings.
wrong("B10", "layers-reordered|wrong-padding", lambda: visual(paddings="vssvsvv"))
wrong("B10", "wrong-layer", lambda: visual(flatten=layers.GlobalAveragePooling2D))
wrong("B10", "wrong-units", lambda: visual(filters=(64, 64, 64, 128, 256, 256, 256)))
wrong("B10", "wrong-activation", lambda: visual(ends=("tanh",) * 7))
wrong("B10", "wrong-pooling", lambda: visual(pool=layers.AveragePooling2D))
wrong("B10", "unused-input", lambda: visual(one=True))
wrong("B10", "wrong-layer", lambda: visual(reader=layers.GRU))
wrong("B10", "embedding-swapped + missing-layer", lambda: visual((256, 10_000), pools_after=(1, 6)))
wrong("B10", "wrong-units + wrong-layer", lambda: visual(last=100, reader=layers.GRU))
wrong("B10", "missing-activation + wrong-vocabulary", lambda: visual((1_000, 256), ends=NO_RELU))
wrong("B11", "wrong-input-shape", lambda: video(frames=50))
wrong("B11", "wrong-layer", lambda: video([layers.GRU(256)]))
wrong("B11", "wrong-layer", lambda: video([layers.GlobalAveragePooling1D()]))
wrong(
    "B11", "extra-layer", lambda: video([layers.LSTM(256, return_sequences=True), layers.LSTM(256)])
)
wrong("B11", "wrong-units", lambda: video([layers.LSTM(128)]))
wrong("B11", "wrong-vocabulary", lambda: video(words=(5_000, 256)))
wrong("B11", "missing-layer", lambda: video(pools_after=(1, 3)))
wrong("B11", "wrong-wrapper", lambda: video([layers.Bidirectional(layers.LSTM(256))]))
wrong("B11", "wrong-activation", lambda: video(ends=("relu",) * 6 + ("sigmoid",)))
wrong("B11", "wrong-units + missing-layer", lambda: video(units=128, pools_after=(1, 3)))


# --- D1 to D4: small ones -----------------------------------------------------------------------


def minimal(*parts, size=(5,)):
    return keras.Sequential([keras.Input(size), *parts])


def again(times=2, separate=False, between=None, end="softmax"):
    layer = layers.Dense(5, activation=between)
    start = x = keras.Input((5,))
    for _ in range(times):
        x = (layers.Dense(5) if separate else layer)(x)
    return keras.Model(start, layers.Activation(end)(x) if end else x)


def branches(
    merge=layers.multiply,
    feed=(0, 1),
    shared=False,
    last_on_merged=False,
    ends=(1, 1),
    order=(0, 1),
):
    both = [keras.Input((5,)), keras.Input((5,))]
    first, second = layers.Dense(10), layers.Dense(10)
    x = merge([first(both[feed[0]]), (first if shared else second)(both[feed[1]])])
    one = layers.Dense(5)(x)
    two = layers.Dense(5)(x if last_on_merged else one)
    outputs = [layers.Softmax()(t) if on else t for t, on in zip((one, two), ends, strict=True)]
    return keras.Model(both, [outputs[n] for n in order])


wrong("D1", "missing-activation", lambda: minimal(layers.Dense(10)))
wrong("D1", "wrong-activation", lambda: minimal(layers.Dense(10, activation="sigmoid")))
wrong("D1", "wrong-units", lambda: minimal(layers.Dense(5), layers.Softmax()))
wrong("D1", "layers-reordered", lambda: minimal(layers.Softmax(), layers.Dense(10)))
wrong("D1", "wrong-input-shape", lambda: minimal(layers.Dense(10), layers.Softmax(), size=(10,)))
wrong("D2", "extra-layer", lambda: minimal(relu(10), layers.Dense(10), layers.Softmax()))
wrong("D2", "missing-bias", lambda: minimal(layers.Dense(10, use_bias=False), layers.Softmax()))
wrong("D1", "wrong-units + wrong-activation", lambda: minimal(layers.Dense(1, "sigmoid")))
wrong("D3", "not-shared", lambda: again(separate=True))
wrong("D3", "call-extra", lambda: again(3))
wrong("D3", "call-missing", lambda: again(1))
wrong("D3", "wrong-activation|extra-layer", lambda: again(between="relu"))
wrong("D3", "missing-activation", lambda: again(end=None))
wrong("D3", "not-shared + missing-activation", lambda: again(separate=True, end=None))
wrong("D3", "call-extra + wrong-activation", lambda: again(3, end="sigmoid"))
wrong("D4", "wrong-merge", lambda: branches(layers.add))
wrong("D4", "wrong-merge", lambda: branches(layers.concatenate))
wrong("D4", "same-input-twice", lambda: branches(feed=(0, 0)))
wrong("D4", "shared-by-mistake", lambda: branches(shared=True))
# The second Dense 5 makes an output: it is a head, and it reads a wrong tensor.
wrong("D4", "head-on-wrong-tensor|wrong-tensor", lambda: branches(last_on_merged=True))
wrong("D4", "missing-activation", lambda: branches(ends=(0, 1)))
wrong("D4", "outputs-swapped", lambda: branches(order=(1, 0)))
wrong("D4", "shared-by-mistake + wrong-merge", lambda: branches(layers.average, shared=True))
wrong("D4", "wrong-merge + missing-activation", lambda: branches(layers.add, ends=(1, 0)))
wrong("D4", "same-input-twice + outputs-swapped", lambda: branches(feed=(1, 1), order=(1, 0)))


# --- What the findings say ----------------------------------------------------------------------


def said(names, build, *says, system="", meant=None):
    """A wrong model whose findings have to say these words."""
    wrong(system, names, build, meant, says)


said(
    "missing-layer",
    lambda: news(hidden=(64, 64)),
    "Two layers are missing after 'dense_2': Dense 64, relu, twice.",
    system="C2",
)
said(
    "missing-layer",
    lambda: news(hidden=(64,)),
    "Three layers are missing after 'dense_1': Dense 64, relu, 3 times.",
    system="C2",
)
said(
    "wrong-output",
    lambda: news(returned=("main", "main"), named=("news_out", None)),
    "Output 2 is the same, number by number, as that of 'news_out'; it is meant to be "
    "Dense 1, sigmoid, from 'news_in'.",
    "Dense 1, sigmoid, from 'news_in' and 'aux_in'",
    system="C2",
)
said(
    "missing-activation",
    lambda: news(ends=(None, "sigmoid")),
    "Without it any number can come out, also one below 0 or above 1: that is no probability.",
    system="C2",
)
said(
    "missing-activation",
    lambda: dense(ends=("relu", "relu", None)),
    "they do not sum to 1, so they are no probabilities",
    system="A1",
)
said(
    "missing-activation",
    lambda: dense(ends=("relu", None, "softmax")),
    "two linear layers in a row can do no more than one",
    system="A1",
)
said(
    "wrong-activation",
    lambda: twins(end="softmax"),
    "over one value alone it is always 1",
    system="A5",
)
said(
    "wrong-activation",
    lambda: tweets(first=lstm(64, activation="relu")),
    "An LSTM's own activation is tanh. Unless the question names another, leave the argument away.",
    system="B5",
)
said("wrong-units", lambda: twins(last=2), "2 units, where the exercise has 1 unit.", system="A5")
said(
    "concat-order",
    lambda: towers(order=(1, 0, 2)),
    "Conv2D 64, 5×5, same, relu then Conv2D 64, 3×3, same, relu then Conv2D 64, 1×1, same, relu",
    system="B7",
)
said(
    "missing-branch",
    lambda: towers(order=(0, 1)),
    "Conv2D 64, 1×1, same, relu is not among the tensors",
    system="B7",
)
said(
    "wrong-axis",
    lambda: towers(axis=1),
    "axis 1, where the exercise has axis −1 (3).",
    system="B7",
)
said(
    "wrong-axis",
    lambda: twins(axis=0),
    "Axis 0 is the batch: it holds one example behind the other.",
    system="A5",
)
said("wrong-padding", lambda: profile(padding="same"), "the length of the sequence", system="A3")
said(
    "wrong-pooling",
    lambda: profile(end=layers.GlobalAveragePooling1D),
    "of the whole sequence",
    system="A3",
)
said(
    "outputs-swapped",
    heads_with_swapped_names,
    "Under the name 'age' stands what is meant for 'income', and the other way round.",
    "'age': Dense 1; 'income': Dense 10, softmax",
    system="A3",
)
said("wrong-merge", lambda: digits(merge=layers.subtract), "one axis grows", system="B9")
said(
    "wrong-merge",
    lambda: residual(merge=lambda x, start: x * start),
    "Multiply multiplies its tensors, number by number; Add adds its tensors up, number by number.",
    system="B8",
)
said(
    "wrong-merge",
    lambda: residual(merge=lambda x, start: ops.concatenate([start, x], -1)),
    "'concatenate' is a Concatenate; an Add is meant.",
    system="B8",
)


def two_heads(lstms=1, embeddings=1):
    """Two outputs of one LSTM; or of two, which read one or two embeddings."""
    ids, made = keras.Input((9,), dtype="int32", name="ids"), []
    for number in range(2):
        if number < embeddings:
            read = layers.Embedding(50, 8)(ids)
        made.append(layers.LSTM(4)(read) if number < lstms else made[0])
    return keras.Model(ids, [layers.Dense(1)(made[0]), layers.Dense(2)(made[1])])


said("made-twice", lambda: two_heads(2), "LSTM 4: once", "'lstm_1'", meant=two_heads)
said(
    "made-twice",
    lambda: two_heads(2, 2),
    "read the same tensor, with the same settings: one layer is meant, with all that stands "
    "behind it",
    "Embedding 50 × 8, then LSTM 4: once",
    meant=two_heads,
)


def one_for_two(middle=(), axis=None, apart=lambda pair: ops.abs(pair[0] - pair[1])):
    """One LSTM for two inputs; joined before it where an axis is given."""
    both, one = [keras.Input((7, 3), name="a"), keras.Input((7, 3), name="b")], layers.LSTM(4)
    if axis is None:
        first, second = one(both[0]), one(both[1])
        for layer in middle:
            first = layer(first)
        x = apart([first, second])
    else:
        x = one(layers.concatenate(both, axis=axis))
    return keras.Model(both, layers.Dense(1)(x))


def joined_after():
    return one_for_two(apart=layers.concatenate)


for axis in (1, 2):
    said(
        "merged-too-early",
        lambda axis=axis: one_for_two(axis=axis),
        "'concatenate' brings the tensors together before 'lstm'. Each is meant to go through "
        "'lstm' by itself",
        meant=joined_after,
    )
said(
    "extra-layer",
    lambda: one_for_two([layers.Dense(4)], apart=layers.concatenate),
    "'dense' (Dense 4) is a layer that the question does not ask for.",
    meant=joined_after,
)
said(
    "wrong-layer",
    lambda: one_for_two(apart=lambda pair: ops.relu(pair[0] - pair[1])),
    "is a relu activation; an Absolute is meant",
    meant=one_for_two,
)
said(
    "wrong-merge",
    lambda: one_for_two(apart=lambda pair: ops.abs(pair[0] * pair[1])),
    "Subtract takes the second tensor from the first, number by number",
    meant=one_for_two,
)


def two_embeddings(mask=False, extra=()):
    ids = [keras.Input((9,), dtype="int32", name=name) for name in ("text", "question")]
    ends = []
    for tensor, width in zip(ids, (8, 4), strict=True):
        ends.append(layers.LSTM(4)(layers.Embedding(50, width, mask_zero=mask)(tensor)))
    for layer in extra:
        ends[1] = layer(ends[1])
    return keras.Model(ids, layers.Dense(2)(layers.concatenate(ends)))


said(
    "wrong-setting",
    lambda: two_embeddings(True),
    "Each of 'embedding' and 'embedding_1' has mask_zero=True",
    "skip the padding",
    meant=two_embeddings,
)
said(
    "extra-layer + extra-layer",
    lambda: two_embeddings(extra=[layers.Dense(6), layers.Dropout(0.5)]),
    "'dense' (Dense 6)",
    "'dropout' (Dropout 0.5)",
    meant=two_embeddings,
)


def two_kernels(size=1, padding="valid"):
    image = keras.Input((16, 16, 3))
    projection = layers.Conv2D(8, size, padding=padding, name="projection")(image)
    return keras.Model(image, layers.Conv2D(8, 3, padding="same")(image) + projection)


said("wrong-kernel-size", lambda: two_kernels(3, "same"), "'projection'", meant=two_kernels)


def gate(reads="change"):
    image = keras.Input((8, 8, 4), name="image")
    change = layers.Conv2D(4, 3, padding="same", activation="relu", name="change")(image)
    factors = layers.Dense(4, activation="sigmoid")(layers.GlobalAveragePooling2D()(change))
    gated = {"image": image, "change": change}[reads] * layers.Reshape((1, 1, 4))(factors)
    return keras.Model(image, layers.Add()([image, gated]))


said(
    "wrong-tensor",
    lambda: gate("image"),
    "'multiply' reads 'image'; 'change' is meant there.",
    "reading Conv2D 4, 3×3, same, relu",
    meant=gate,
)


def clip_and_question(twice=False):
    clip, question = keras.Input((7, 3), name="clip"), keras.Input((7, 3), name="question")
    seen, asked = layers.LSTM(4, name="seen")(clip), layers.LSTM(4, name="asked")(question)
    both = layers.Concatenate(name="both")([seen, seen if twice else asked])
    return keras.Model([clip, question], layers.Dense(2)(both))


said(
    "wrong-tensor",
    lambda: clip_and_question(True),
    "'both' reads 'seen' twice; one of the two is meant to be LSTM 4, from 'question'. So "
    "'question' reaches no output.",
    "reading LSTM 4, from 'clip'",
    meant=clip_and_question,
)


def named_sizes(inputs=("small", "large")):
    small, large = keras.Input((8, 8, 3), name="small"), keras.Input((16, 16, 3), name="large")
    conv = layers.Conv2D(4, 3)
    outputs = {"a": conv(small), "b": layers.GlobalMaxPooling2D()(conv(large))}
    return keras.Model(dict(zip(inputs, (small, large), strict=True)), outputs)


said(
    "inputs-swapped",
    lambda: named_sizes(("large", "small")),
    "stands the input that is meant for",
    "'small': (8, 8, 3)",
    meant=named_sizes,
)


def every_frame(flat=False):
    film = keras.Input((5, 12))
    x = layers.Flatten()(film) if flat else film
    for width in (8, 8, 4):
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(film, x)


def convolved():
    film = keras.Input((5, 12))
    return keras.Model(film, layers.Conv1D(4, 2)(layers.Conv1D(3, 2)(film)))


said("different-graph", convolved, "Dense 8, relu, at each step", meant=every_frame)


def early_and_late(swapped=False):
    start = keras.Input((4,))
    first = layers.Dense(8, activation="relu")(start)
    second = layers.Dense(8, activation="relu")(first)
    heads = [layers.Dense(1, activation="sigmoid")(x) for x in (first, second)]
    return keras.Model(
        start, dict(zip(("early", "late"), heads[:: -1 if swapped else 1], strict=True))
    )


said(
    "outputs-swapped",
    lambda: early_and_late(True),
    "'early': Dense 1, sigmoid, behind 1 layer; 'late': Dense 1, sigmoid, behind 2 layers",
    meant=early_and_late,
)
said(
    "wrong-tensor",
    lambda: towers(order=(0, 0, 2)),
    "twice; one of the two is meant to be Conv2D 64, 5×5, same, relu.",
    system="B7",
)


def dropping(**arguments):
    start = keras.Input((8,))
    return keras.Model(start, layers.Dense(2)(layers.Dropout(0.5)(relu(4)(start), **arguments)))


def always_dropping():
    return dropping(training=True)


def first_words(count=3):
    start = keras.Input((8, 4))
    return keras.Model(start, layers.Dense(2)(layers.Flatten()(relu(4)(start)[:, :count])))


def both_ways(backward=None):
    start = keras.Input((5, 3))
    return keras.Model(start, layers.Bidirectional(layers.LSTM(4), backward_layer=backward)(start))


said("wrong-argument", always_dropping, "the arguments (…, training=True),", meant=dropping)
said("wrong-argument", dropping, "goes on dropping", meant=always_dropping)
said("wrong-argument", lambda: first_words(2), "the arguments (…, [:, :2]),", meant=first_words)
said(
    "wrong-backward-layer",
    lambda: both_ways(layers.LSTM(6, go_backwards=True)),
    "has LSTM 6 as backward layer, where the exercise has its own mirrored copy",
    meant=both_ways,
)
