"""Networks of no chapter: each with other ways to write it, and with single mistakes.

A function builds its network in the way that it is told by a word; "" is the reference.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import Input, Model, layers, ops


@dataclass(frozen=True)
class Network:
    """A network, in all its ways: `right` ones compute the same, `wrong` ones do not."""

    name: str
    build: Callable[[str], keras.Model]
    right: tuple[str, ...]
    wrong: tuple[str, ...]


NETWORKS: list[Network] = []


def network(right, wrong):
    """Note a network; the words of its ways are divided by commas."""

    def noted(build):
        ways = (tuple(word.strip() for word in text.split(",")) for text in (right, wrong))
        NETWORKS.append(Network(build.__name__, build, *ways))
        return build

    return noted


@network("operators, value named, model in model", "no residual, norm first, one norm, causal")
def encoder_block(how):
    x = Input((5, 4))
    attend = layers.MultiHeadAttention(2, 3)
    if how == "value named":
        a = attend(query=x, value=x)
    else:
        a = attend(x, x, use_causal_mask=how == "causal")
    first, second = layers.LayerNormalization(), layers.LayerNormalization()
    if how == "one norm":
        second = first
    if how == "no residual":
        y = first(a)
    elif how == "norm first":
        y = x + first(a)
    else:
        y = first(x + a if how == "operators" else layers.Add()([x, a]))
    z = layers.Dense(4)(layers.Dense(6, "relu")(y))
    z = second(y + z if how == "operators" else layers.Add()([y, z]))
    model = Model(x, z)
    if how == "model in model":
        outer = Input((5, 4))
        return Model(outer, model(outer))
    return model


@network(
    "skip second, joined by ops, upsampled by repeat",
    "no skip, wrong skip, max for average, not same padding",
)
def u_net(how):
    x = Input((8, 8, 2))
    a = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    pool = layers.AveragePooling2D if how == "max for average" else layers.MaxPooling2D
    b = layers.Conv2D(4, 3, padding="same", activation="relu")(pool(2)(a))
    if how == "upsampled by repeat":
        up = ops.repeat(ops.repeat(b, 2, axis=1), 2, axis=2)
    else:
        up = layers.UpSampling2D(2)(b)
    if how == "no skip":
        joined = layers.Concatenate()([up, up])
    elif how == "wrong skip":
        joined = layers.Concatenate()([up, x])
    elif how == "skip second":
        joined = layers.Concatenate()([a, up])
    else:
        joined = ops.concatenate([up, a], -1) if how == "joined by ops" else (
            layers.Concatenate()([up, a])
        )  # fmt: skip
    if how == "not same padding":
        c = layers.ZeroPadding2D(1)(layers.Conv2D(2, 3)(joined))
    else:
        c = layers.Conv2D(2, 3, padding="same")(joined)
    return Model(x, c)


@network("branches swapped, stacked, summed", "one shared, softmax over inputs, no gate")
def mixture(how):
    x = Input((5,))
    experts = [layers.Dense(3, "tanh") for _ in range(2)]
    if how == "one shared":
        experts[1] = experts[0]
    parts = [expert(x) for expert in experts]
    axis = {"axis": 0} if how == "softmax over inputs" else {}
    gate = layers.Softmax(**axis)(layers.Dense(2)(x))
    if how == "no gate":
        return Model([x], layers.Average()(parts))
    if how == "stacked":
        y = ops.sum(ops.stack(parts, 1) * ops.expand_dims(gate, -1), 1)
    elif how == "branches swapped":
        y = gate[:, 1:] * parts[1] + gate[:, :1] * parts[0]
    elif how == "summed":
        y = sum(part * gate[:, n : n + 1] for n, part in enumerate(parts))
    else:
        y = layers.Add()([parts[0] * gate[:, :1], parts[1] * gate[:, 1:]])
    return Model(x, y)


@network("absolute the other way, parts, larger one first", "not shared, sum, no distance")
def siamese(how):
    a, b = Input((6,)), Input((6,))
    tower = keras.Sequential([Input((6,)), layers.Dense(4, "relu"), layers.Dense(3)])
    other = tower
    if how == "not shared":
        other = keras.Sequential([Input((6,)), layers.Dense(4, "relu"), layers.Dense(3)])
    if how == "parts":
        relu, last = layers.Dense(4), layers.Dense(3)
        p, q = (last(layers.ReLU()(relu(x))) for x in (a, b))
    else:
        p, q = tower(a), other(b)
    if how == "absolute the other way":
        d = ops.absolute(q - p)
    elif how == "sum":
        d = ops.absolute(p + q)
    elif how == "no distance":
        d = p - q
    elif how == "larger one first":
        d = ops.maximum(p - q, q - p)
    else:
        d = ops.abs(p - q)
    return Model([a, b], layers.Dense(1, "sigmoid")(d))


@network("outputs of last step, state read, sequence unread", "no state, memory for query, GRU")
def translator(how):
    source, target = Input((4, 3)), Input((5, 2))
    if how == "GRU":
        h = layers.GRU(3)(source)
        return Model([source, target], layers.Dense(2)(layers.GRU(3)(target, initial_state=h)))
    _, h, c = layers.LSTM(3, return_state=True, return_sequences=how == "sequence unread")(source)
    start = None if how == "no state" else [h, h] if how == "memory for query" else [h, c]
    if how == "outputs of last step":
        y = layers.LSTM(3, return_sequences=True)(target, initial_state=start)[:, -1]
    elif how == "state read":
        y = layers.LSTM(3, return_state=True)(target, initial_state=start)[1]
    else:
        y = layers.LSTM(3)(target, initial_state=start)
    return Model([source, target], layers.Dense(2)(y))


@network("reshape, flatten first, squeeze", "gate without sigmoid, gate of sums, added")
def squeeze_and_excite(how):
    x = Input((4, 4, 3))
    if how == "gate of sums":
        g = ops.sum(x, axis=(1, 2))
    elif how == "squeeze":
        g = ops.squeeze(layers.GlobalAveragePooling2D(keepdims=True)(x), (1, 2))
    else:
        g = layers.GlobalAveragePooling2D()(x)
    g = layers.Dense(2, "relu")(layers.Flatten()(g) if how == "flatten first" else g)
    g = layers.Dense(3, None if how == "gate without sigmoid" else "sigmoid")(g)
    g = layers.Reshape((1, 1, 3))(g) if how == "reshape" else g[:, None, None]
    return Model(x, x + g if how == "added" else x * g)


@network(
    "depthwise and pointwise, pointwise as dense, padding by hand", "plain, order, two strides"
)
def separable(how):
    x = Input((6, 6, 3))
    if how == "plain":
        return Model(x, layers.Conv2D(4, 3, padding="same")(x))
    if how == "order":
        y = layers.DepthwiseConv2D(3, padding="same")(layers.Conv2D(3, 1, use_bias=False)(x))
        return Model(x, layers.Conv2D(4, 1)(y))
    if how in ("depthwise and pointwise", "pointwise as dense"):
        y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
        last = layers.Conv2D(4, 1) if how == "depthwise and pointwise" else layers.Dense(4)
        return Model(x, last(y))
    if how == "padding by hand":
        return Model(x, layers.SeparableConv2D(4, 3)(layers.ZeroPadding2D(1)(x)))
    strides = 2 if how == "two strides" else 1
    return Model(x, layers.SeparableConv2D(4, 3, strides=strides, padding="same")(x))


@network("mean of ops, sums, order", "maximum, one left out, weights shared")
def ensemble(how):
    x = Input((4,))
    made = [layers.Dense(3) for _ in range(3)]
    if how == "weights shared":
        made[2] = made[1]
    parts = [layer(x) for layer in made]
    if how == "mean of ops":
        y = ops.mean(ops.stack(parts), 0)
    elif how == "sums":
        y = (parts[0] + parts[1] + parts[2]) / 3
    elif how == "order":
        y = layers.Average()(parts[::-1])
    elif how == "maximum":
        y = layers.Maximum()(parts)
    else:
        y = layers.Average()(parts[:2] if how == "one left out" else parts)
    return Model(x, layers.Softmax()(y))


@network("split, slices from the end, take", "halves swapped, relu gate, same half")
def gated_unit(how):
    x = Input((5, 3))
    y = layers.Dense(4)(x)
    if how == "split":
        a, b = ops.split(y, 2, axis=-1)
    elif how == "slices from the end":
        a, b = y[..., :-2], y[..., -2:]
    elif how == "take":
        a, b = ops.take(y, [0, 1], axis=-1), ops.take(y, [2, 3], axis=-1)
    else:
        a, b = y[:, :, :2], y[:, :, 2:]
    if how == "halves swapped":
        return Model(x, layers.Conv1D(2, 2)(ops.concatenate([ops.sigmoid(a) * b, a])))
    gate = ops.relu(b) if how == "relu gate" else ops.sigmoid(a if how == "same half" else b)
    return Model(x, layers.Conv1D(2, 2)(ops.concatenate([a * gate, a])))


@network("both by hand, merged later, other order", "one direction, not reversed, same layer")
def both_ways(how):
    x = Input((5, 3))
    if how in ("", "merged later"):
        both = layers.Bidirectional(layers.GRU(2), merge_mode="concat" if not how else None)
        y = both(x)
        y = layers.Concatenate()(y) if how else y
    else:
        forth = layers.GRU(2)
        back = forth if how == "same layer" else layers.GRU(2, go_backwards=how != "not reversed")
        y = [forth(x), forth(x) if how == "one direction" else back(x)]
        y = layers.Concatenate()(y[::-1] if how == "other order" else y)
    return Model(x, layers.Dense(2)(y))


@network("concatenated at once, grown, order", "not dense, first left out, relu missing")
def dense_block(how):
    x = Input((5, 5, 2))
    act = None if how == "relu missing" else "relu"
    a = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    if how == "order":
        ab = layers.Concatenate()([a, x])
    else:
        ab = layers.Concatenate()([x, x] if how == "not dense" else [x, a])
    b = layers.Conv2D(3, 3, padding="same", activation=act)(ab)
    if how == "grown":
        last = layers.Concatenate()([ab, b])
    elif how == "first left out":
        last = layers.Concatenate()([a, a, b])
    elif how == "order":
        last = layers.Concatenate()([b, a, x])
    elif how == "concatenated at once":
        last = ops.concatenate([x, a, b], axis=-1)
    else:
        last = layers.Concatenate()([x, a, b])
    return Model(x, layers.Conv2D(2, 1)(last))


@network("ones minus, difference added, by lerp", "gate turned, no carry, tanh gate")
def highway(how):
    x = Input((4,))
    h, t = (
        layers.Dense(4, "relu")(x),
        layers.Dense(4, "tanh" if how == "tanh gate" else "sigmoid")(x),
    )
    if how == "ones minus":
        y = t * h + (ops.ones_like(t) - t) * x
    elif how == "difference added":
        y = x + t * (h - x)
    elif how == "by lerp":
        y = x - t * x + h * t
    elif how == "gate turned":
        y = t * x + (1 - t) * h
    else:
        y = t * h if how == "no carry" else t * h + (1 - t) * x
    return Model(x, y)


@network("einsum, dot layer, transposed", "not scaled, over queries, values for keys")
def attention_by_hand(how):
    x, m = Input((4, 3)), Input((5, 2))
    q, k, v = layers.Dense(3)(x), layers.Dense(3)(m), layers.Dense(3)(m)
    if how == "values for keys":
        k = v
    if how == "einsum":
        s = ops.einsum("bqd,bkd->bqk", q, k)
    elif how == "dot layer":
        s = layers.Dot(axes=(2, 2))([q, k])
    else:
        s = ops.matmul(q, ops.transpose(k, (0, 2, 1)))
    s = s if how == "not scaled" else s * 0.5
    w = ops.softmax(s, axis=1 if how == "over queries" else -1)
    y = ops.einsum("bqk,bkd->bqd", w, v) if how == "transposed" else ops.matmul(w, v)
    return Model([x, m], y)


@network("dropout in between flattened, as layers, same rate", "other rate, other place, none")
def with_dropout(how):
    x = Input((4, 3))
    rate = 0.5 if how == "other rate" else 0.25
    y = layers.Dense(4, "relu")(x)
    if how == "dropout in between flattened":
        y = layers.Dropout(rate)(layers.Flatten()(y))
    elif how == "other place":
        y = layers.Flatten()(layers.Dense(4, "relu")(layers.Dropout(rate)(x)))
    elif how == "none":
        y = layers.Flatten()(y)
    elif how == "as layers":
        y = layers.Reshape((16,))(layers.Dropout(rate)(y))
    elif how == "same rate":
        y = layers.Flatten()(layers.Dropout(0.25, seed=3)(y))
    else:
        y = layers.Flatten()(layers.Dropout(rate)(y))
    return Model(x, layers.Dense(2)(y))


@network("activation layer, part, axis by number", "other epsilon, norm after relu, no scale")
def normalised(how):
    x = Input((5, 5, 2))
    y = layers.Conv2D(3, 3, use_bias=False)(x)
    norm = layers.BatchNormalization(
        axis=3 if how == "axis by number" else -1,
        epsilon=1e-2 if how == "other epsilon" else 1e-3,
        scale=how != "no scale",
    )
    if how == "part":
        part = keras.Sequential([Input((3, 3, 3)), norm, layers.ReLU()])
        y = part(y)
    elif how == "norm after relu":
        y = norm(ops.relu(y))
    else:
        y = layers.Activation("relu")(norm(y)) if how == "activation layer" else ops.relu(norm(y))
    return Model(x, layers.GlobalMaxPooling2D()(y))


@network("relu layer, clip, minimum", "no limit, other limit, leaky")
def limited(how):
    x = Input((4,))
    y = layers.Dense(3)(x)
    y = {
        "": lambda: layers.ReLU(max_value=6.0)(y),
        "relu layer": lambda: layers.Activation("relu6")(y),
        "clip": lambda: ops.clip(y, 0, 6),
        "minimum": lambda: ops.minimum(ops.relu(y), 6.0),
        "no limit": lambda: layers.ReLU()(y),
        "other limit": lambda: layers.ReLU(max_value=60.0)(y),
        "leaky": lambda: layers.ReLU(max_value=6.0, negative_slope=0.1)(y),
    }[how]()
    return Model(x, layers.Dense(2)(y))


@network("flat heads, dictionary, lists", "heads share, one head of hidden, no softmax")
def two_heads(how):
    x = Input((6,))
    h = layers.Dense(5, "relu")(x)
    g = layers.Dense(4, "relu")(h)
    a = layers.Dense(3, None if how == "no softmax" else "softmax", name="kind")
    b = layers.Dense(3, name="size")
    first = a(h if how == "one head of hidden" else g)
    second = layers.Identity(name="again")(a(g)) if how == "heads share" else b(g)
    if how == "flat heads":
        first = layers.Softmax(name="kind")(layers.Dense(3)(g))
    if how == "dictionary":
        return Model(x, {"kind": first, "size": second})
    return Model(x, [first, second] if how != "lists" else (first, second))


@network(
    "frozen by the part, frozen after use, layer by layer", "not frozen, all frozen, other frozen"
)
def frozen_body(how):
    x = Input((4,))
    one, two, head = layers.Dense(3, "relu"), layers.Dense(3, "tanh"), layers.Dense(1)
    if how == "layer by layer":
        one.trainable = two.trainable = False
        return Model(x, head(two(one(x))))
    body = keras.Sequential([Input((4,)), one, two])
    if how == "frozen by the part":
        inner = Input((4,))
        body = Model(inner, two(one(inner)))
    if how == "other frozen":
        one.trainable = head.trainable = False
    y = body(x) if how == "frozen after use" else None
    if how not in ("not frozen", "other frozen"):
        body.trainable = False
    head.trainable = how not in ("all frozen", "other frozen")
    return Model(x, head(body(x) if y is None else y))


@network("permuted, slices, transposed", "wrong axis, not turned, flattened otherwise")
def over_features(how):
    x = Input((4, 3))
    if how == "permuted":
        y = ops.transpose(layers.Dense(4)(layers.Permute((2, 1))(x)), (0, 2, 1))
    elif how == "transposed":
        y = layers.Permute((2, 1))(layers.Dense(4)(ops.swapaxes(x, 1, 2)))
    elif how == "wrong axis":
        y = layers.Reshape((4, 3))(layers.Dense(4)(layers.Reshape((3, 4))(x)))
    elif how == "not turned":
        y = layers.Reshape((4, 3))(layers.Dense(4)(layers.Permute((2, 1))(x)))
    elif how == "flattened otherwise":
        y = layers.Permute((2, 1))(layers.Dense(4)(layers.Reshape((3, 4))(x)))
    elif how == "slices":
        dense = layers.Dense(4)
        y = ops.stack([dense(x[:, :, n]) for n in range(3)], axis=2)
    else:
        y = layers.Permute((2, 1))(layers.Dense(4)(layers.Permute((2, 1))(x)))
    return Model(x, x + y)


@network("time distributed, dense alone, loop", "flattened first, mean first, other per step")
def over_time(how):
    x = Input((4, 3))
    if how == "time distributed":
        part = keras.Sequential([Input((3,)), layers.Dense(5, "relu"), layers.Dense(2)])
        y = layers.TimeDistributed(part)(x)
    elif how == "loop":
        one, two = layers.Dense(5, "relu"), layers.Dense(2)
        y = ops.stack([two(one(x[:, n])) for n in range(4)], axis=1)
    elif how == "other per step":
        y = ops.stack([layers.Dense(2)(layers.Dense(5, "relu")(x[:, n])) for n in range(4)], 1)
    else:
        x_in = layers.Flatten()(x) if how == "flattened first" else x
        x_in = layers.GlobalAveragePooling1D()(x_in) if how == "mean first" else x_in
        y = layers.Dense(2)(layers.Dense(5, "relu")(x_in))
        if how == "dense alone":
            y = layers.Conv1D(2, 1)(layers.Conv1D(5, 1, activation="relu")(x))
    y = y if y.shape[1:] == (2,) else layers.GlobalMaxPooling1D()(y)
    return Model(x, y)


@network("pooled by ops, padded, cropped slice", "valid, other window, average of padding")
def pyramid(how):
    x = Input((6, 6, 2))
    window = 2 if how == "other window" else 3
    a = layers.MaxPooling2D(window, 1, padding="valid" if how == "valid" else "same")(x)
    if how == "valid":
        a = layers.ZeroPadding2D(1)(a)
    if how == "padded":
        a = layers.MaxPooling2D(3, 1)(
            ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], "constant", -1e9)
        )
    y = layers.Conv2D(3, 3)(layers.Concatenate()([x, a]))
    if how == "cropped slice":
        y = layers.Conv2D(3, 3, padding="same")(layers.Concatenate()([x, a]))[:, 1:-1, 1:-1]
    if how == "pooled by ops":
        return Model(x, ops.mean(y, axis=[1, 2]))
    if how == "average of padding":
        y = layers.ZeroPadding2D(1)(y)
    return Model(x, layers.GlobalAveragePooling2D()(y))


@network("subtract layer, negative, factored", "other sign, squared once, no root")
def distances(how):
    a, b = Input((4,)), Input((4,))
    p = layers.Dense(3)
    u, v = p(a), p(b)
    d = {
        "subtract layer": lambda: layers.Subtract()([u, v]),
        "negative": lambda: u + ops.negative(v),
        "other sign": lambda: u + v,
    }.get(how, lambda: u - v)()
    s = ops.sum(d if how == "squared once" else ops.square(d), axis=-1, keepdims=True)
    if how == "factored":
        s = ops.sum(d * d, axis=1)[:, None]
    return Model([a, b], s if how == "no root" else ops.sqrt(s + 1e-3))


@network("joined by ops, in one batch, stacked inputs", "other layer, summed, one input")
def two_sentences(how):
    a, b = Input((4,), dtype="int32"), Input((4,), dtype="int32")
    words, reader = layers.Embedding(9, 3), layers.GRU(2)
    if how == "in one batch":
        both = layers.Concatenate(axis=1)([a, b])
        e = words(both)
        p, q = reader(e[:, :4]), reader(e[:, 4:])
    elif how == "stacked inputs":
        e = layers.TimeDistributed(reader)(words(ops.stack([a, b], axis=1)))
        p, q = e[:, 0], e[:, 1]
    else:
        second = layers.GRU(2) if how == "other layer" else reader
        p, q = reader(words(a)), second(words(a if how == "one input" else b))
    if how == "summed":
        return Model([a, b], layers.Dense(1)(p + q))
    joined = ops.concatenate([p, q], -1) if how == "joined by ops" else layers.Concatenate()([p, q])
    return Model([a, b], layers.Dense(1)(joined))


@network("sum by ops, as one model each, other order of sum", "a block less, shared block, no relu")
def residual_tower(how):
    x = Input((4, 4, 3))
    made = [layers.Conv2D(3, 3, padding="same") for _ in range(3)]
    if how == "shared block":
        made[2] = made[1]
    y = x
    for conv in made[:2] if how == "a block less" else made:
        if how == "as one model each":
            start = Input((4, 4, 3))
            part = Model(start, layers.Add()([start, layers.ReLU()(conv(start))]))
            y = part(y)
        else:
            z = conv(y) if how == "no relu" else ops.relu(conv(y))
            if how == "sum by ops":
                y = ops.add(y, z)
            else:
                y = z + y if how == "other order of sum" else layers.Add()([y, z])
    return Model(x, layers.GlobalAveragePooling2D()(y))


@network("by where, by ops, by maximum", "slope at both sides, no slope, layer of its own")
def leaky(how):
    x = Input((4,))
    y = layers.Dense(3)(x)
    y = {
        "by where": lambda: ops.where(y > 0, y, 0.3 * y),
        "by ops": lambda: ops.leaky_relu(y, 0.3),
        "by maximum": lambda: ops.maximum(y, y * 0.3),
        "slope at both sides": lambda: 0.3 * y,
        "no slope": lambda: ops.relu(y),
        "layer of its own": lambda: layers.PReLU()(y),
    }.get(how, lambda: layers.LeakyReLU(negative_slope=0.3))()
    y = y(layers.Dense(3)(x)) if isinstance(y, keras.Layer) else y
    return Model(x, layers.Dense(2)(y))
