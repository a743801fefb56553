"""Networks that no chapter has, put together of parts: experts, blocks, pyramids, documents.

As in `other_systems`, a builder takes the name of a slip; `WAYS` are other ways to write the same.
"""

from collections.abc import Callable
from typing import Any

import keras
from corpus.other_systems import SLIPS, Build, system
from keras import layers, ops

WAYS: list[tuple[Build, str]] = []
__all__ = ["SLIPS", "WAYS"]  # those of the other systems are among the first


def ways(*names: str) -> Callable[[Build], Build]:
    """Enter other ways to write a network."""

    def enter(build: Build) -> Build:
        WAYS.extend((build, name) for name in names)
        return build

    return enter


@ways("stacked by hand", "products added", "dot")
@system(
    one_gate="shared-by-mistake",
    one_mixture="shared-by-mistake|wrong-tensor",
    one_tower="shared-by-mistake",
    gate_of_an_expert="wrong-tensor",
    sigmoid_gate="wrong-activation",
    wide_tower="wrong-units",
)
def experts(slip: str = "") -> Any:
    """Three experts, mixed for each of two tasks by a gate of its own."""
    x = keras.Input((30,))
    opinions = [layers.Dense(8, activation="relu")(x) for _ in range(3)]
    if slip == "stacked by hand":
        apart = [layers.Reshape((1, 8))(opinion) for opinion in opinions]
        side_by_side = layers.Concatenate(axis=1)(apart)
    else:
        side_by_side = ops.stack(opinions, axis=1)
    gate = tower = mixture = None
    ends = []
    for task in range(2):
        if gate is None or slip != "one_gate":
            gate = layers.Dense(3, activation=["softmax", "sigmoid"][task and slip[:3] == "sig"])
        share = gate(opinions[0] if task and slip == "gate_of_an_expert" else x)
        if mixture is None or slip != "one_mixture":
            if slip == "dot":
                mixture = layers.Dot(axes=1)([share, side_by_side])
            elif slip == "products added":
                parts = [opinion * share[:, n : n + 1] for n, opinion in enumerate(opinions)]
                mixture = layers.Add()(parts)
            else:
                mixture = ops.sum(side_by_side * ops.expand_dims(share, -1), axis=1)
        if tower is None or slip != "one_tower":
            tower = layers.Dense(5 if task and slip == "wide_tower" else 4, activation="relu")
        ends.append(layers.Dense(1, activation="sigmoid", name=f"task_{task}")(tower(mixture)))
    return keras.Model(x, ends)


@ways("a model", "a row of models")
@system(
    own_weights="not-shared|partly-shared",
    once_less="call-missing",
    twice_less="call-missing",
    once_more="call-extra",
    more_heads="wrong-setting|wrong-units",
)
def one_block_again(slip: str = "") -> Any:
    """One block of a transformer, called four times with the same weights."""

    def block() -> Callable[[Any], Any]:
        heads = layers.MultiHeadAttention(4 if slip == "more_heads" else 2, 8)
        first, second = layers.LayerNormalization(), layers.LayerNormalization()
        wide, narrow = layers.Dense(32, activation="gelu"), layers.Dense(16)

        def run(x: Any) -> Any:
            x = first(layers.Add()([x, heads(x, x)]))
            return second(layers.Add()([x, narrow(wide(x))]))

        return run

    words = keras.Input((12,), dtype="int32")
    x = layers.Dense(16)(layers.Embedding(40, 8)(words))
    run = block()
    if slip in ("a model", "a row of models"):
        one = keras.Input((12, 16))
        run = keras.Model(one, run(one))
    if slip == "a row of models":
        return keras.Model(words, keras.Sequential([run] * 4 + [_first(), layers.Dense(2)])(x))
    for _ in range({"once_less": 3, "twice_less": 2, "once_more": 5}.get(slip, 4)):
        run = block() if slip == "own_weights" else run
        x = run(x)
    return keras.Model(words, layers.Dense(2)(x[:, 0]))


def _first() -> Any:
    one = keras.Input((12, 16))
    return keras.Model(one, one[:, 0])


@ways("by ops", "by dots")
@system(
    zero_state="missing-state",
    states_exchanged="concat-order|inputs-swapped",
    additive="wrong-layer",
    one_table="shared-by-mistake",
    query_left_out="missing-skip|missing-branch",
)
def read_then_written(slip: str = "") -> Any:
    """One text is read, and another written from its state, with attention to every word of it."""
    read = keras.Input((9,), dtype="int32", name="read")
    written = keras.Input((7,), dtype="int32", name="written")
    table = layers.Embedding(30, 8)
    other = table if slip == "one_table" else layers.Embedding(30, 8)
    steps, *states = layers.LSTM(16, return_sequences=True, return_state=True)(table(read))
    first = {"zero_state": None, "states_exchanged": states[::-1]}.get(slip, states)
    query = layers.LSTM(16, return_sequences=True)(other(written), initial_state=first)
    if slip == "by ops":
        weights = ops.softmax(ops.matmul(query, ops.transpose(steps, (0, 2, 1))))
        seen = ops.matmul(weights, steps)
    elif slip == "by dots":
        weights = layers.Softmax()(layers.Dot(axes=2)([query, steps]))
        seen = layers.Dot(axes=(2, 1))([weights, steps])
    elif slip == "additive":
        seen = layers.AdditiveAttention(use_scale=False)([query, steps])
    else:
        seen = layers.Attention()([query, steps])
    x = seen if slip == "query_left_out" else layers.Concatenate()([query, seen])
    return keras.Model([read, written], layers.Dense(30, activation="softmax")(x))


@ways("flat at each step", "by ops")
@system(
    not_turned="missing-layer",
    last_state="return-sequences",
    both_added="wrong-wrapper",
)
def line_of_text(slip: str = "") -> Any:
    """A picture of a line of text, read from left to right and back."""
    x = keras.Input((16, 40, 1))
    y = layers.Conv2D(8, 3, padding="same", activation="relu")(x)
    y = layers.MaxPooling2D()(y)
    turned = y if slip == "not_turned" else layers.Permute((2, 1, 3))(y)
    if slip == "flat at each step":
        y = layers.TimeDistributed(layers.Flatten())(turned)
    elif slip == "by ops":
        y = ops.reshape(ops.transpose(y, (0, 2, 1, 3)), (-1, 20, 64))
    else:
        y = layers.Reshape((20, 64))(turned)
    reader = layers.LSTM(16, return_sequences=slip != "last_state")
    merge = "sum" if slip == "both_added" else "concat"
    y = layers.Bidirectional(reader, merge_mode=merge)(y)
    return keras.Model(x, layers.Dense(11, activation="softmax")(y))


@ways("one after the other", "weighed by a product")
@system(
    over_one_value="wrong-activation",
    other_cells="wrong-layer",
    with_bias="missing-bias",
)
def document(slip: str = "") -> Any:
    """A document of four sentences: words are weighed in each of these, then sentences."""

    def weighed(steps: Any) -> Any:
        heard = layers.Dense(6, activation="tanh")(steps)
        heard = layers.Dense(1, use_bias=slip == "with_bias")(heard)
        weights = layers.Softmax(axis=-1 if slip == "over_one_value" else 1)(heard)
        if slip == "weighed by a product":
            return layers.Flatten()(layers.Dot(axes=1)([weights, steps]))
        return ops.sum(layers.Multiply()([weights, steps]), axis=1)

    words = keras.Input((7,), dtype="int32")
    cells = layers.LSTM if slip == "other_cells" else layers.GRU
    y = layers.Bidirectional(cells(5, return_sequences=True))(layers.Embedding(50, 8)(words))
    reader = keras.Model(words, weighed(y))
    text = keras.Input((4, 7), dtype="int32")
    if slip == "one after the other":
        read = ops.stack([reader(text[:, n]) for n in range(4)], axis=1)
    else:
        read = layers.TimeDistributed(reader)(text)
    y = layers.Bidirectional(layers.GRU(5, return_sequences=True))(read)
    return keras.Model(text, layers.Dense(3, activation="softmax")(weighed(y)))


@ways("repeated by ops")
@system(
    smooth_between="wrong-setting",
    one_smoothing="shared-by-mistake",
    side_by_side="wrong-merge",
    level_left_out="missing-layer",
    output_left_out="wrong-output",
    outputs_exchanged="outputs-swapped",
)
def pyramid(slip: str = "") -> Any:
    """Maps of three sizes; each smaller one is enlarged and added to the next."""
    x = keras.Input((32, 32, 3))
    maps, y = [], x
    for filters in (8, 16, 32):
        y = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(y)
        maps.append(y)

    def enlarged(y: Any) -> Any:
        if slip == "repeated by ops":
            return ops.repeat(ops.repeat(y, 2, axis=1), 2, axis=2)
        way = "bilinear" if slip == "smooth_between" else "nearest"
        return layers.UpSampling2D(2, interpolation=way)(y)

    small = layers.Conv2D(8, 1)(maps[2])
    middle = layers.Add()([layers.Conv2D(8, 1)(maps[1]), enlarged(small)])
    level = maps[0] if slip == "level_left_out" else layers.Conv2D(8, 1)(maps[0])
    merge = layers.Concatenate() if slip == "side_by_side" else layers.Add()
    levels = [merge([level, enlarged(middle)]), middle, small]
    smooth = [layers.Conv2D(8, 3, padding="same") for _ in range(3)]
    smooth = smooth[:1] * 3 if slip == "one_smoothing" else smooth
    ends = [layer(level) for layer, level in zip(smooth, levels, strict=True)]
    if slip == "outputs_exchanged":
        ends = [ends[1], ends[0], ends[2]]
    return keras.Model(x, ends[:2] if slip == "output_left_out" else ends)


@ways("products of pairs", "added by layers")
@system(
    linear_left_out="missing-branch",
    added="wrong-merge",
    narrow_table="wrong-units",
)
def factors(slip: str = "") -> Any:
    """What pairs of three features say together, beside what each says alone and a deep part."""
    features = [keras.Input((1,), dtype="int32", name=f"feature_{n}") for n in range(3)]
    width = 4 if slip == "narrow_table" else 6
    tables = [layers.Flatten()(layers.Embedding(50, width)(x)) for x in features]
    alone = [layers.Flatten()(layers.Embedding(50, 1)(x)) for x in features]
    if slip == "products of pairs":
        a, b, c = tables
        pairs = ops.sum(a * b + a * c + b * c, axis=1, keepdims=True)
    elif slip == "added by layers":
        total, squares = layers.Add()(tables), layers.Add()([x * x for x in tables])
        pairs = 0.5 * ops.sum(total * total - squares, axis=1, keepdims=True)
    else:
        stack = ops.stack(tables, axis=1)
        total, squares = ops.square(ops.sum(stack, axis=1)), ops.sum(ops.square(stack), axis=1)
        apart = total + squares if slip == "added" else total - squares
        pairs = 0.5 * ops.sum(apart, axis=1, keepdims=True)
    deep = layers.Dense(1)(layers.Dense(8, activation="relu")(layers.Concatenate()(tables)))
    parts = [pairs, deep] if slip == "linear_left_out" else [pairs, deep, *alone]
    return keras.Model(features, layers.Activation("sigmoid")(layers.Add()(parts)))


@ways("swish by hand", "squeezed by convolutions")
@system(
    narrow="wrong-units",
    relu_inside="wrong-activation",
    squeezed_by_sigmoid="wrong-activation",
    small_window="wrong-kernel-size",
    no_shortcut="missing-skip",
)
def inverted(slip: str = "") -> Any:
    """A block that widens, looks around, weighs its channels and narrows again."""

    def swish(x: Any) -> Any:
        if slip == "swish by hand":
            return x * ops.relu6(x + 3) / 6
        return layers.Activation("hard_swish")(x)

    start = keras.Input((14, 14, 16))
    width = 48 if slip == "narrow" else 64
    x = swish(layers.BatchNormalization()(layers.Conv2D(width, 1, use_bias=False)(start)))
    size = 3 if slip == "small_window" else 5
    x = layers.DepthwiseConv2D(size, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x) if slip == "relu_inside" else swish(x)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = "sigmoid" if slip == "squeezed_by_sigmoid" else "hard_sigmoid"
    if slip == "squeezed by convolutions":
        mean = layers.Conv2D(width, 1, activation=gate)(
            layers.Conv2D(16, 1, activation="relu")(mean)
        )
    else:
        mean = layers.Dense(width, activation=gate)(layers.Dense(16, activation="relu")(mean))
    x = layers.BatchNormalization()(layers.Conv2D(16, 1, use_bias=False)(x * mean))
    return keras.Model(start, x if slip == "no_shortcut" else layers.Add()([start, x]))
