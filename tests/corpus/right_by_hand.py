"""Right models, each written in another way than the reference; every one is to be accepted."""

import keras
from corpus import systems
from corpus.case import Case
from keras import layers, ops

RIGHT: list[Case] = []


def right(system, meant=None):
    def enter(build):
        RIGHT.append(Case(system, (), build, build.__name__, meant))
        return build

    return enter


def put(system, name, build, meant=None):
    RIGHT.append(Case(system, (), build, name, meant))


# --- A1, B1, B2, B3 -----------------------------------------------------------------------------


@right("A1")
def sequential():
    hidden = [layers.Dense(32, activation="relu") for _ in range(2)]
    return keras.Sequential([keras.Input((64,)), *hidden, layers.Dense(10, activation="softmax")])


@right("A1")
def sequential_by_add():
    model = keras.Sequential(name="mine")
    model.add(keras.Input(shape=(64,), name="numbers"))
    for _ in range(2):
        model.add(layers.Dense(32))
        model.add(layers.ReLU())
    model.add(layers.Dense(10))
    model.add(layers.Softmax())
    return model


@right("A1")
def built_late():
    hidden = [layers.Dense(32, activation="relu") for _ in range(2)]
    model = keras.Sequential([*hidden, layers.Dense(10, activation="softmax")])
    model.build((None, 64))
    return model


@right("A1")
def activations_as_functions():
    start = keras.Input((64,))
    x = layers.Dense(32, activation=keras.activations.relu)(start)
    x = layers.Dense(32, activation=layers.ReLU())(x)
    return keras.Model(start, layers.Dense(10, activation=keras.ops.softmax)(x))


@right("A1")
def activations_as_ops():
    start = keras.Input((64,))
    x = ops.relu(layers.Dense(32)(start))
    x = keras.activations.relu(layers.Dense(32)(x))
    return keras.Model(start, ops.softmax(layers.Dense(10)(x), axis=-1))


@right("A1")
def softmax_axis_counted_from_the_front():
    start = keras.Input((64,))
    x = layers.Activation("relu")(layers.Dense(32)(start))
    x = layers.Activation("relu")(layers.Dense(32)(x))
    return keras.Model(start, layers.Softmax(axis=1)(layers.Dense(10, activation="linear")(x)))


@right("A1")
def dropout_of_nothing_and_identity():
    start = keras.Input((64,))
    x = layers.Dropout(0)(layers.Dense(32, activation="relu")(start))
    x = layers.Identity()(layers.Dense(32, activation="relu")(x))
    return keras.Model(start, layers.Activation("linear")(layers.Dense(10, "softmax")(x)))


@right("A1")
def other_initializers_and_regularizers():
    start = keras.Input((64,), batch_size=None, name="pixels")
    x = layers.Dense(32, "relu", kernel_initializer="he_normal", name="one")(start)
    x = layers.Dense(32, "relu", kernel_regularizer="l2", bias_initializer="ones")(x)
    return keras.Model(inputs=[start], outputs=[layers.Dense(10, "softmax", name="out")(x)])


@right("A1")
def stray_calls():
    start = keras.Input((64,))
    first = layers.Dense(32, activation="relu")
    x = first(start)
    second = layers.Dense(32, activation="relu")
    second(x)
    x = second(x)
    layers.Dense(5)(x)
    first(keras.Input((64,)))
    return keras.Model(start, layers.Dense(10, activation="softmax")(x))


@right("A1")
def class_of_its_own_with_inputs_and_outputs():
    class Classifier(keras.Model):
        def __init__(self):
            start = keras.Input((64,))
            x = layers.Dense(32, activation="relu")(start)
            x = layers.Dense(32, activation="relu")(x)
            super().__init__(start, layers.Dense(10, activation="softmax")(x))

    return Classifier()


@right("A1")
def in_two_models():
    inner = keras.Sequential([keras.Input((64,)), *[layers.Dense(32, "relu") for _ in range(2)]])
    start = keras.Input((64,))
    return keras.Model(start, layers.Dense(10, "softmax")(inner(start)))


@right("A1")
def cut_from_a_larger_model():
    start = keras.Input((64,))
    x = layers.Dense(32, "relu")(start)
    x = layers.Dense(32, "relu")(x)
    out = layers.Dense(10, "softmax", name="cut_here")(x)
    larger = keras.Model(start, layers.Dense(3)(out))
    return keras.Model(larger.inputs, larger.get_layer("cut_here").output)


@right("A1")
def float64():
    start = keras.Input((64,), dtype="float64")
    x = layers.Dense(32, "relu", dtype="float64")(start)
    x = layers.Dense(32, "relu")(x)
    return keras.Model(start, layers.Dense(10, "softmax")(x))


@right("A1")
def compiled():
    model = systems.a1()
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    return model


put("B2", "the model itself", systems.b1)
put("B1", "a model around it", systems.b2)


@right("B2")
def sequential_of_a_model():
    return keras.Sequential([keras.Input((784,)), systems.b1()])


@right("B2")
def called_in_a_model_in_a_model():
    inner, start, outer = systems.b2(), keras.Input((784,)), keras.Input((784,))
    middle = keras.Model(start, inner(start))
    return keras.Model(outer, middle(outer))


@right("B3")
def each_layer_in_its_own_wrapper():
    start = keras.Input((20, 784))
    x = layers.TimeDistributed(layers.Dense(64, "relu"))(start)
    x = layers.TimeDistributed(layers.Dense(64, activation="relu"))(x)
    return keras.Model(start, layers.TimeDistributed(layers.Dense(10, activation="softmax"))(x))


@right("B3")
def dense_on_sequences():
    start = keras.Input((20, 784))
    x = layers.Dense(64, activation="relu")(start)
    x = layers.Dense(64, activation="relu")(x)
    return keras.Model(start, layers.Dense(10, activation="softmax")(x))


@right("B3")
def sequential_model_in_the_wrapper():
    inner = keras.Sequential([layers.Dense(64, "relu"), layers.Dense(64, "relu")])
    inner.add(layers.Dense(10, "softmax"))
    return keras.Sequential([keras.Input((20, 784)), layers.TimeDistributed(inner)])


# --- A2 -----------------------------------------------------------------------------------------


def qa(merge, given=lambda text, question: [text, question], reader=layers.LSTM):
    text = keras.Input(shape=(None,), dtype="int32", name="text")
    question = keras.Input(shape=(None,), dtype="int32", name="question")
    told = reader(32)(layers.Embedding(input_dim=10_000, output_dim=64)(text))
    asked = layers.LSTM(16)(layers.Embedding(output_dim=32, input_dim=10_000)(question))
    answer = layers.Dense(500, activation="softmax")(merge(told, asked))
    return keras.Model(given(text, question), answer)


put("A2", "merge layer", lambda: qa(lambda a, b: layers.Concatenate()([a, b])))
put("A2", "ops", lambda: qa(lambda a, b: ops.concatenate([a, b], axis=-1)))
put("A2", "ops axis 1", lambda: qa(lambda a, b: ops.concatenate((a, b), axis=1)))
put("A2", "hstack order", lambda: qa(lambda a, b: layers.concatenate([b, a], axis=1)))
put("A2", "dropout of 0", lambda: qa(lambda a, b: layers.Dropout(0.0)(layers.concatenate([b, a]))))
put(
    "A2",
    "inputs the other way round, by name",
    lambda: qa(lambda a, b: layers.concatenate([a, b]), lambda t, q: [q, t]),
)
put(
    "A2",
    "inputs by dict",
    lambda: qa(lambda a, b: layers.concatenate([a, b]), lambda t, q: {"text": t, "question": q}),
)
put(
    "A2",
    "a cell in an RNN",
    lambda: qa(
        lambda a, b: layers.concatenate([a, b]), reader=lambda n: layers.RNN(layers.LSTMCell(n))
    ),
)
put("A2", "inputs in a tuple", lambda: qa(lambda a, b: layers.concatenate([a, b]), lambda *t: t))


@right("A2")
def two_encoders():
    def encoder(width, units):
        return keras.Sequential([layers.Embedding(10_000, width), layers.LSTM(units)])

    text = keras.Input((None,), dtype="int64", name="text")
    question = keras.Input((None,), dtype="int64", name="question")
    merged = layers.concatenate([encoder(32, 16)(question), encoder(64, 32)(text)])
    return keras.Model([text, question], layers.Softmax()(layers.Dense(500)(merged)))


# --- A3 -----------------------------------------------------------------------------------------


def profile(outputs, conv=lambda n: layers.Conv1D(n, 5, activation="relu")):
    posts = keras.Input((None,), name="posts")
    x = layers.Embedding(50_000, 256)(posts)
    x = layers.MaxPooling1D(5)(conv(128)(x))
    x = layers.MaxPool1D(pool_size=5, strides=5)(conv(256)(conv(256)(x)))
    x = layers.GlobalMaxPool1D()(conv(256)(conv(256)(x)))
    x = layers.Dense(128, activation="relu")(x)
    gender = layers.Dense(1, activation="sigmoid", name="gender")(x)
    age = layers.Dense(1, name="age")(x)
    income = layers.Dense(10, activation="softmax", name="income")(x)
    return keras.Model(posts, outputs(age, income, gender))


put("A3", "dict", lambda: profile(lambda a, i, g: {"income": i, "gender": g, "age": a}))
put(
    "A3",
    "another order, by name",
    lambda: profile(lambda a, i, g: [g, a, i]),
    lambda: profile(lambda a, i, g: {"income": i, "gender": g, "age": a}),
)
put(
    "A3",
    "kernel (5,)",
    lambda: profile(
        lambda a, i, g: [a, i, g],
        lambda n: layers.Convolution1D(n, (5,), 1, "valid", activation="relu"),
    ),
)
put(
    "A3",
    "separate activations",
    lambda: profile(
        lambda a, i, g: (a, i, g),
        lambda n: lambda x: layers.Activation("relu")(layers.Conv1D(n, 5)(x)),
    ),
)


@right("A3")
def maximum_over_time_by_ops():
    posts = keras.Input((None,), dtype="int32")
    x = layers.Embedding(50_000, 256)(posts)
    x = layers.Conv1D(128, 5, activation="relu")(x)
    for _ in range(2):
        x = layers.MaxPooling1D(5)(x)
        x = layers.Conv1D(256, 5, activation="relu")(x)
        x = layers.Conv1D(256, 5, activation="relu")(x)
    x = layers.Dense(128, activation="relu")(ops.max(x, axis=1))
    heads = [layers.Dense(1), layers.Dense(10, "softmax"), layers.Dense(1, "sigmoid")]
    return keras.Model(posts, [head(x) for head in heads])


# --- A4, B7, B8 ---------------------------------------------------------------------------------


@right("A4")
def padding_only_where_it_counts():
    def conv(size, **how):
        return layers.Conv2D(128, (size, size), activation="relu", **how)

    start = keras.Input((28, 28, 192))
    d = conv(1)(start)
    d = conv(1, strides=(2, 2))(conv(3, padding="same")(d))
    c = layers.AvgPool2D((3, 3), (2, 2), "same")(start)
    b = conv(3, strides=2, padding="SAME".lower())(conv(1, padding="valid")(start))
    a = conv(1, strides=2)(start)
    return keras.Model(start, layers.Concatenate(axis=3)([a, b, conv(3, padding="same")(c), d]))


@right("A4")
def nested_concatenation():
    def conv(size, tensor, strides=1):
        return layers.Conv2D(128, size, strides, "same", activation="relu")(tensor)

    start = keras.Input((28, 28, 192))
    pooled = layers.AveragePooling2D(3, 2, padding="same")(start)
    left = ops.concatenate([conv(1, start, 2), conv(3, conv(1, start), 2)], axis=-1)
    right_ = ops.concatenate([conv(3, pooled), conv(1, conv(3, conv(1, start)), 2)], axis=3)
    return keras.Model(start, ops.concatenate([left, right_], axis=-1))


@right("B7")
def towers_as_models():
    def conv(size):
        return layers.Conv2D(64, size, padding="same", activation="relu")

    start = keras.Input((256, 256, 3))
    pool = layers.MaxPooling2D((3, 3), strides=(1, 1), padding="same")
    towers = [[conv(1), conv(3)], [conv((1, 1)), conv((5, 5))], [pool, conv(1)]]
    ends = [keras.Sequential(tower)(start) for tower in towers]
    return keras.Model(start, layers.concatenate(ends))


@right("B8")
def plus():
    start = keras.Input((256, 256, 3))
    return keras.Model(start, layers.Conv2D(3, (3, 3), padding="same")(start) + start)


@right("B8")
def the_other_way_round():
    start = keras.Input((256, 256, 3))
    return keras.Model(start, ops.add(start, layers.Conv2D(3, 3, padding="same")(start)))


@right("B8")
def merge_layer():
    start = keras.Input((256, 256, 3))
    long = layers.Activation(None)(layers.Conv2D(3, 3, 1, "same")(start))
    return keras.Model(start, layers.Add()([start, long]))


# --- A5, B5, B6, B9 -----------------------------------------------------------------------------


@right("A5")
def encoder_model():
    vectors = keras.Input((None, 128))
    encoder = keras.Model(vectors, layers.LSTM(32)(vectors))
    left, right_ = keras.Input((None, 128)), keras.Input((None, 128))
    merged = ops.concatenate([encoder(right_), encoder(left)], axis=1)
    return keras.Model([left, right_], ops.sigmoid(layers.Dense(1)(merged)))


@right("A5")
def sequential_encoder():
    encoder = keras.Sequential([layers.LSTM(32)])
    left, right_ = keras.Input((None, 128)), keras.Input((None, 128))
    merged = layers.concatenate([encoder(left), encoder(right_)])
    return keras.Model((left, right_), layers.Dense(1, activation="sigmoid")(merged))


@right("A5")
def shared_cell():
    shared = layers.RNN(layers.LSTMCell(32))
    left, right_ = keras.Input((None, 128)), keras.Input((None, 128))
    merged = layers.concatenate([shared(left), shared(right_)])
    return keras.Model([left, right_], layers.Dense(1, activation="sigmoid")(merged))


@right("A5")
def called_once_more_than_needed():
    shared = layers.LSTM(32)
    left, right_ = keras.Input((None, 128)), keras.Input((None, 128))
    shared(left)
    merged = layers.concatenate([shared(left), shared(right_)])
    return keras.Model([left, right_], layers.Dense(1, activation="sigmoid")(merged))


@right("B5")
def in_a_loop():
    shared, tweets = layers.LSTM(64, name="reader"), [keras.Input((280, 256)) for _ in range(2)]
    merged = layers.Concatenate()([shared(tweet) for tweet in tweets])
    return keras.Model(tweets, layers.Dense(1, activation=keras.activations.sigmoid)(merged))


@right("B6")
def one_layer_model():
    conv = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(16, (3, 3), 1, "same")])
    small, large = keras.Input((32, 32, 3)), keras.Input((64, 64, 3))
    return keras.Model([small, large], [conv(small), conv(large)])


@right("B9")
def shared_layers_without_a_model():
    shared = [layers.Conv2D(64, 3), layers.Conv2D(64, (3, 3))]
    digits = [keras.Input((27, 27, 1)) for _ in range(2)]
    ends = []
    for x in digits:
        for layer in shared:
            x = layer(x)
        ends.append(layers.Flatten()(layers.MaxPool2D()(x)))
    return keras.Model(digits, layers.Dense(1, activation="sigmoid")(layers.concatenate(ends)))


@right("B9")
def reshape_for_flatten():
    vision = keras.Sequential(
        [keras.Input((27, 27, 1)), layers.Conv2D(64, 3), layers.Conv2D(64, 3)]
    )
    vision.add(layers.MaxPooling2D((2, 2)))
    vision.add(layers.Reshape((-1,)))
    digits = [keras.Input((27, 27, 1)) for _ in range(2)]
    merged = layers.concatenate([vision(x) for x in reversed(digits)])
    return keras.Model(digits, layers.Dense(1, activation="sigmoid")(merged))


@right("B9")
def a_model_in_a_model():
    convs = keras.Sequential([layers.Conv2D(64, 3), layers.Conv2D(64, 3), layers.MaxPooling2D(2)])
    start = keras.Input((27, 27, 1))
    vision = keras.Model(start, layers.Flatten()(convs(start)))
    left, right_ = keras.Input((27, 27, 1)), keras.Input((27, 27, 1))
    merged = layers.concatenate([vision(left), vision(right_)])
    return keras.Model([left, right_], layers.Dense(1, activation="sigmoid")(merged))


# --- B4, C2, B10, B11 ---------------------------------------------------------------------------


def headline(ins, outs, given, returned, hidden=3, merge=layers.concatenate):
    at = {"ids": keras.Input((100,), name=ins[0]), "extra": keras.Input((5,), name=ins[1])}
    read = layers.LSTM(32)(layers.Embedding(10_000, 512)(at["ids"]))
    x = merge([at["extra"], read])
    for _ in range(hidden):
        x = layers.ReLU()(layers.Dense(64)(x))
    at["main"] = layers.Dense(1, activation="sigmoid", name=outs[0])(x)
    at["side"] = layers.Dense(1, activation="sigmoid", name=outs[1])(read)
    return keras.Model(given(at), returned(at))


B4 = (("main_input", "aux_input"), ("main_output", "aux_output"))
C2 = (("news_in", "aux_in"), ("news_out", "aux_out"))
put(
    "B4",
    "lists",
    lambda: headline(*B4, lambda at: [at["ids"], at["extra"]], lambda at: [at["main"], at["side"]]),
)
put(
    "B4",
    "lists in another order, by name",
    lambda: headline(*B4, lambda at: [at["extra"], at["ids"]], lambda at: [at["side"], at["main"]]),
    lambda: headline(
        *B4,
        lambda at: [at["ids"], at["extra"]],
        lambda at: {"main_output": at["main"], "aux_output": at["side"]},
    ),
)
put(
    "B4",
    "no names",
    lambda: headline(
        (None, None),
        (None, None),
        lambda at: [at["ids"], at["extra"]],
        lambda at: [at["main"], at["side"]],
    ),
)
put(
    "B4",
    "dicts",
    lambda: headline(
        *B4,
        lambda at: {"aux_input": at["extra"], "main_input": at["ids"]},
        lambda at: {"main_output": at["main"], "aux_output": at["side"]},
    ),
)
put(
    "B4",
    "dict around other layer names",
    lambda: headline(
        B4[0],
        (None, None),
        lambda at: [at["ids"], at["extra"]],
        lambda at: {"main_output": at["main"], "aux_output": at["side"]},
    ),
)
put(
    "C2",
    "by name",
    lambda: headline(
        *C2, lambda at: [at["extra"], at["ids"]], lambda at: [at["side"], at["main"]], hidden=4
    ),
    lambda: headline(
        *C2,
        lambda at: [at["ids"], at["extra"]],
        lambda at: {"news_out": at["main"], "aux_out": at["side"]},
        hidden=4,
    ),
)


@right("B4")
def reader_called_for_each_use():
    ids, extra = keras.Input((100,), name="main_input"), keras.Input((5,), name="aux_input")
    reader = keras.Sequential([layers.Embedding(10_000, 512), layers.LSTM(32)])
    side = layers.Dense(1, activation="sigmoid", name="aux_output")(reader(ids))
    x = layers.concatenate([reader(ids), extra])
    for _ in range(3):
        x = layers.Dense(64, activation="relu")(x)
    main = layers.Dense(1, activation="sigmoid", name="main_output")(x)
    return keras.Model([ids, extra], [main, side])


@right("B10")
def functional_vision():
    image, question = keras.Input((224, 224, 3)), keras.Input((100,))
    x = image
    for filters, paddings in ((64, ("same", "valid")), (128, ("same", "valid"))):
        for padding in paddings:
            x = layers.Conv2D(filters, (3, 3), activation="relu", padding=padding)(x)
        x = layers.MaxPooling2D((2, 2))(x)
    for padding in ("same", "valid", "valid"):
        x = layers.Conv2D(256, (3, 3), activation="relu", padding=padding)(x)
    x = layers.Flatten()(layers.MaxPooling2D((2, 2))(x))
    asked = layers.LSTM(256)(layers.Embedding(10_000, 256)(question))
    merged = layers.concatenate([x, asked])
    return keras.Model([image, question], layers.Dense(1000, activation="softmax")(merged))


@right("B11")
def each_layer_over_time():
    clip, question = keras.Input((100, 224, 224, 3)), keras.Input((100,))
    x = clip
    for layer in systems.vision_model().layers:
        x = layers.TimeDistributed(layer)(x)
    asked = layers.LSTM(256)(layers.Embedding(10_000, 256)(question))
    merged = layers.concatenate([asked, layers.LSTM(256)(x)])
    return keras.Model([clip, question], layers.Dense(1000, activation="softmax")(merged))


@right("B11")
def parts_of_the_image_model():
    image_model, words = systems.vision_model(), systems.question_model()
    clip = keras.Input((100, 224, 224, 3), name="video")
    question = keras.Input((100,), name="question")
    seen = keras.Sequential([layers.TimeDistributed(image_model), layers.LSTM(256)])(clip)
    merged = ops.concatenate([seen, words(question)], axis=-1)
    return keras.Model({"question": question, "video": clip}, layers.Dense(1000, "softmax")(merged))


# --- D --------------------------------------------------------------------------------------------


put("D1", "instances first", systems.d2)
put(
    "D2", "one argument", lambda: keras.Sequential([keras.Input((5,)), layers.Dense(10, "softmax")])
)


@right("D3")
def a_layer_twice_in_a_sequential_model():
    dense = keras.Sequential([layers.Dense(5)])
    start = keras.Input((5,))
    return keras.Model(start, ops.softmax(dense(dense(start))))


@right("D4")
def star():
    left, right_ = keras.Input((5,)), keras.Input((5,))
    x = layers.Dense(10)(right_) * layers.Dense(10)(left)
    first = layers.Dense(5)(x)
    return keras.Model(
        [left, right_], [ops.softmax(first), layers.Softmax()(layers.Dense(5)(first))]
    )


# --- Where the systems have no place for it ---------------------------------------------------


def difference(size, forward=True, merge=None):
    left, right_ = keras.Input((8,)), keras.Input((8,))
    shared = layers.Dense(4)
    pair = [shared(left), shared(right_)]
    pair = pair if forward else pair[::-1]
    return keras.Model([left, right_], layers.Dense(1)(size((merge or layers.subtract)(pair))))


def size_by_ops():
    return difference(ops.abs)


def square():
    return difference(ops.square)


@right("", size_by_ops)
def the_size_of_the_other_difference():
    return difference(ops.absolute, forward=False)


@right("", size_by_ops)
def the_size_by_a_minus_sign():
    return difference(abs, merge=lambda pair: pair[0] - pair[1])


@right("", square)
def a_difference_times_itself():
    return difference(lambda x: x * x, forward=False)


@right("", square)
def a_difference_to_the_power_of_two():
    return difference(lambda x: x**2)


def pooled(how):
    start = keras.Input((8, 8, 3))
    return keras.Model(start, layers.Dense(2)(how(layers.Conv2D(4, 3)(start))))


def pooled_by_layer():
    return pooled(layers.GlobalAveragePooling2D())


@right("", pooled_by_layer)
def pooled_by_ops():
    return pooled(lambda x: ops.mean(x, axis=(1, 2)))


@right("", pooled_by_layer)
def pooled_by_ops_from_the_back():
    return pooled(lambda x: ops.mean(x, axis=[-3, -2]))


def two_ways():
    start = keras.Input((None, 4))
    return keras.Model(start, layers.Dense(1)(layers.Bidirectional(layers.LSTM(3))(start)))


@right("", two_ways)
def two_ways_with_a_backward_layer():
    start = keras.Input((None, 4))
    backward = layers.LSTM(3, go_backwards=True)
    both = layers.Bidirectional(layers.LSTM(3), backward_layer=backward, merge_mode="concat")
    return keras.Model(start, layers.Dense(1)(both(start)))
