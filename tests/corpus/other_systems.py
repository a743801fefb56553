"""Networks that no chapter has, each with mistakes that people make in such a network.

A builder takes the name of a slip; without one it builds the network that is meant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
from corpus.case import Case, mistakes
from keras import layers, ops

Build = Callable[[str], Any]


@dataclass(frozen=True)
class Slip:
    """One mistake in one of these networks.

    Attributes:
        system: the network's name.
        slip: what is done, as its builder knows it.
        names: the ids that name it rightly, "a|b" where either does.
        build: the network's builder.
    """

    system: str
    slip: str
    names: str
    build: Build

    @property
    def case(self) -> Case:
        """The slip as a case of the corpus."""
        return Case(
            "",
            mistakes(self.names),
            lambda: self.build(self.slip),
            f"{self.system}: {self.slip}",
            lambda: self.build(""),
        )


SLIPS: list[Slip] = []


def system(**slips: str) -> Callable[[Build], Build]:
    """Enter a network with its slips: what is done, and what names it."""

    def enter(build: Build) -> Build:
        SLIPS.extend(Slip(build.__name__, slip, names, build) for slip, names in slips.items())
        return build

    return enter


def _attended(x: Any, slip: str) -> Any:
    norm = layers.LayerNormalization()
    if slip == "norm_behind":
        y = layers.MultiHeadAttention(2, 4)(x, x)
        return norm(layers.Add()([x, y]))
    y = norm(x)
    keys = 8 if slip == "wider_keys" else 4
    y = layers.MultiHeadAttention(2, keys)(y, x if slip == "unnormalised_memory" else y)
    y = layers.Dropout(0.2 if slip == "other_rate" else 0.1)(y)
    return y if slip == "no_first_skip" else layers.Add()([x, y])


@system(
    norm_behind="layers-reordered",
    unnormalised_memory="wrong-tensor|skip-from-wrong-tensor",
    wider_keys="wrong-units",
    other_rate="wrong-setting",
    no_first_skip="missing-skip",
    relu_for_gelu="wrong-activation",
    narrow_inside="wrong-units",
    no_second_norm="missing-layer",
    max_pooling="wrong-pooling|wrong-layer",
    skip_from_the_input="skip-from-wrong-tensor",
)
def encoder_block(slip: str = "") -> Any:
    """A block of a transformer's encoder, normalised before, and a head on its mean."""
    start = keras.Input((6, 8))
    x = layers.Dense(8)(start)
    if slip == "norm_behind":
        first = layers.MultiHeadAttention(2, 4)(x, x)
        first = layers.Dropout(0.1)(first)
        x = layers.LayerNormalization()(layers.Add()([x, first]))
    else:
        x = _attended(x, slip)
    y = x if slip == "no_second_norm" else layers.LayerNormalization()(x)
    inside = 12 if slip == "narrow_inside" else 16
    y = layers.Dense(inside, activation="relu" if slip == "relu_for_gelu" else "gelu")(y)
    x = layers.Add()([start if slip == "skip_from_the_input" else x, layers.Dense(8)(y)])
    pool = layers.GlobalMaxPooling1D if slip == "max_pooling" else layers.GlobalAveragePooling1D
    return keras.Model(start, layers.Dense(3)(pool()(x)))


@system(
    skips_crossed="skip-from-wrong-tensor|wrong-tensor|concat-order",
    one_skip_missing="missing-skip|missing-branch",
    added_skips="wrong-merge",
    valid_padding="wrong-padding",
    one_conv_fewer="missing-layer",
    one_conv_more="extra-layer",
    softmax_for_sigmoid="wrong-activation",
    smooth_up="wrong-setting",
    average_down="wrong-pooling",
)
def small_u(slip: str = "") -> Any:
    """Down and up again, with a shortcut at each size."""
    start = keras.Input((16, 16, 3))

    def conv(x: Any, filters: int, padding: str = "same") -> Any:
        return layers.Conv2D(filters, 3, padding=padding, activation="relu")(x)

    pool = layers.AveragePooling2D if slip == "average_down" else layers.MaxPooling2D
    a = conv(start, 8)
    b = conv(pool(2)(a), 8)
    if slip != "one_conv_fewer":
        b = conv(b, 8)
    c = conv(layers.MaxPooling2D()(b), 8)
    if slip == "one_conv_more":
        c = conv(c, 8)
    how = "bilinear" if slip == "smooth_up" else "nearest"
    x = layers.UpSampling2D(2, interpolation=how)(c)
    merge = layers.Add if slip == "added_skips" else layers.Concatenate
    if slip != "one_skip_missing":
        x = merge()([x, pool(2)(a) if slip == "skips_crossed" else b])
    x = layers.UpSampling2D(2)(conv(x, 8))
    x = conv(merge()([x, a]), 8, "valid" if slip == "valid_padding" else "same")
    last = "softmax" if slip == "softmax_for_sigmoid" else "sigmoid"
    return keras.Model(start, layers.Conv2D(1, 1, activation=last)(x))


@system(
    state_twice="wrong-tensor|wrong-argument",
    states_exchanged="concat-order|wrong-tensor|inputs-crossed",
    no_states="wrong-argument|missing-input|unused-input",
    shared_cell="shared-by-mistake",
    gru_decoder="wrong-layer",
    last_step_only="return-sequences",
    wide_decoder_words="wrong-units",
    shared_words="shared-by-mistake",
)
def translator(slip: str = "") -> Any:
    """An LSTM reads one language and hands its state to another, which writes the other."""
    source, target = keras.Input((7,), name="source"), keras.Input((5,), name="target")
    words = layers.Embedding(50, 8)
    other = words if slip == "shared_words" else layers.Embedding(50, 8)
    if slip == "wide_decoder_words":
        other = layers.Embedding(50, 12)
    reader = layers.LSTM(6, return_state=True, return_sequences=slip == "shared_cell")
    _, h, c = reader(words(source))
    written = other(target)
    sequences = slip != "last_step_only"
    if slip == "gru_decoder":
        y = layers.GRU(6, return_sequences=True)(written, initial_state=h)
    elif slip == "shared_cell":
        reader = layers.LSTM(6, return_state=True, return_sequences=True)
        _, h, c = reader(words(source))
        y, _, _ = reader(written, initial_state=[h, c])
    else:
        writer = layers.LSTM(6, return_sequences=sequences)
        states = {"state_twice": [h, h], "states_exchanged": [c, h], "no_states": None}
        y = writer(written, initial_state=states.get(slip, [h, c]))
    return keras.Model([source, target], layers.Dense(50, activation="softmax")(y))


@system(
    no_gate="missing-branch|missing-skip|wrong-merge",
    gate_added="wrong-merge",
    relu_gate="wrong-activation",
    squeezed_less="wrong-units",
    relu_before_the_sum="layers-reordered",
    max_squeeze="wrong-pooling|wrong-layer",
    skip_from_the_first="skip-from-wrong-tensor",
    linear_squeeze="missing-activation",
)
def squeezed(slip: str = "") -> Any:
    """A residual block whose channels are weighed by what the whole picture says."""
    start = keras.Input((8, 8, 8))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(start)
    y = layers.Conv2D(8, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    pool = layers.GlobalMaxPooling2D if slip == "max_squeeze" else layers.GlobalAveragePooling2D
    g = pool(keepdims=True)(y)
    units = 4 if slip == "squeezed_less" else 2
    g = layers.Dense(units, activation=None if slip == "linear_squeeze" else "relu")(g)
    g = layers.Dense(8, activation="relu" if slip == "relu_gate" else "sigmoid")(g)
    if slip != "no_gate":
        y = (layers.Add if slip == "gate_added" else layers.Multiply)()([y, g])
    back = start if slip == "skip_from_the_first" else x
    if slip == "relu_before_the_sum":
        x = layers.Add()([back, layers.ReLU()(y)])
    else:
        x = layers.ReLU()(layers.Add()([back, y]))
    return keras.Model(start, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)))


@system(
    pointwise_first="layers-reordered",
    stride_at_the_other="wrong-strides|layers-reordered",
    plain_convolution="wrong-layer",
    no_normalisation="missing-layer",
    biased="missing-bias",
    larger_window="wrong-kernel-size",
    two_for_each="wrong-units|wrong-setting",
    unbounded_relu="wrong-activation|wrong-setting|wrong-layer",
)
def mobile(slip: str = "") -> Any:
    """A convolution of each channel by itself, then of all at each place."""
    start = keras.Input((16, 16, 8))
    first, second = (1, 2) if slip == "stride_at_the_other" else (2, 1)

    def finished(x: Any) -> Any:
        if slip != "no_normalisation" or x.shape[-1] != 12:
            x = layers.BatchNormalization()(x)
        return (layers.ReLU() if slip == "unbounded_relu" else layers.ReLU(6))(x)

    def each(x: Any) -> Any:
        size = 5 if slip == "larger_window" else 3
        more = {"depth_multiplier": 2} if slip == "two_for_each" else {}
        if slip == "plain_convolution":
            return layers.Conv2D(8, 3, strides=first, padding="same", use_bias=False)(x)
        return layers.DepthwiseConv2D(
            size, strides=first, padding="same", use_bias=slip == "biased", **more
        )(x)

    def all_at_once(x: Any) -> Any:
        return layers.Conv2D(12, 1, strides=second, use_bias=False)(x)

    x = start
    for step in (all_at_once, each) if slip == "pointwise_first" else (each, all_at_once):
        x = finished(step(x))
    return keras.Model(start, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)))


@system(
    wide_through_the_deep="merged-too-early",
    wide_forgotten="unused-input|missing-input|missing-branch",
    deep_input_twice="same-input-twice|wrong-tensor",
    one_layer_fewer="missing-layer",
    linear_head="missing-activation",
    tanh_inside="wrong-activation",
    crossed="inputs-crossed|same-input-twice",
    two_heads="wrong-units",
)
def wide_and_deep(slip: str = "") -> Any:
    """Some features straight to the head, others through layers."""
    wide, deep = keras.Input((6,), name="wide"), keras.Input((6,), name="deep")
    a, b = (deep, wide) if slip == "crossed" else (wide, deep)
    if slip == "deep_input_twice":
        a = b
    inside = "tanh" if slip == "tanh_inside" else "relu"
    x = layers.Concatenate()([a, b]) if slip == "wide_through_the_deep" else b
    x = layers.Dense(8, activation=inside)(x)
    if slip != "one_layer_fewer":
        x = layers.Dense(5, activation=inside)(x)
    if slip not in ("wide_through_the_deep", "wide_forgotten"):
        x = layers.Concatenate()([a, x])
    last = None if slip == "linear_head" else "sigmoid"
    return keras.Model(
        [wide, deep], layers.Dense(2 if slip == "two_heads" else 1, activation=last)(x)
    )


@system(
    one_tower_for_both="shared-by-mistake",
    shared_words_only="partly-shared|shared-by-mistake",
    summed="wrong-merge",
    unnormalised="wrong-setting",
    last_state="wrong-layer|wrong-pooling",
    other_vocabulary="wrong-vocabulary",
    item_read_twice="same-input-twice",
    unmasked="wrong-setting|mask-lost|missing-mask",
)
def retrieval(slip: str = "") -> Any:
    """A question and an answer in two towers of their own, compared by their angle."""
    question, answer = keras.Input((5,), name="question"), keras.Input((9,), name="answer")

    def tower(words: Any = None) -> Any:
        vocabulary = 300 if slip == "other_vocabulary" else 200
        words = words or layers.Embedding(vocabulary, 8, mask_zero=slip != "unmasked")
        mean = layers.LSTM(8) if slip == "last_state" else layers.GlobalAveragePooling1D()
        dense = layers.Dense(6, activation="tanh")
        return lambda ids: dense(mean(words(ids)))

    shared = layers.Embedding(200, 8, mask_zero=True) if slip == "shared_words_only" else None
    asks = tower(shared)
    tells = asks if slip == "one_tower_for_both" else tower(shared)
    a, b = asks(question), tells(question if slip == "item_read_twice" else answer)
    if slip == "summed":
        return keras.Model([question, answer], layers.Add()([a, b]))
    near = layers.Dot(axes=1, normalize=slip != "unnormalised")([a, b])
    return keras.Model([question, answer], near)


@system(
    one_head_for_both="made-twice|shared-by-mistake|wrong-output",
    heads_exchanged="outputs-swapped|shared-by-mistake|wrong-tensor",
    head_too_early="head-on-wrong-tensor",
    activated_mean="wrong-activation",
    wider_code="wrong-units",
    strided_once="wrong-strides",
    flattened_not="wrong-layer|wrong-pooling",
    swapped_order="outputs-swapped",
)
def coder(slip: str = "") -> Any:
    """A picture's code: a mean and a spread, from two heads on the same features."""
    start = keras.Input((16, 16, 1))
    x = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(start)
    x = layers.Conv2D(
        8, 3, strides=1 if slip == "strided_once" else 2, padding="same", activation="relu"
    )(x)
    x = (layers.GlobalAveragePooling2D if slip == "flattened_not" else layers.Flatten)()(x)
    y = layers.Dense(10, activation="relu")(x)
    width = 3 if slip == "wider_code" else 2
    mean = layers.Dense(width, activation="relu" if slip == "activated_mean" else None)
    spread = layers.Dense(width, activation="softplus")
    if slip == "one_head_for_both":
        made = mean(y)
        return keras.Model(start, [made, made])
    ends = [mean(y), spread(x if slip == "head_too_early" else y)]
    if slip in ("swapped_order", "heads_exchanged"):
        ends.reverse()
    return keras.Model(start, ends)


@system(
    gate_on_itself="wrong-tensor|shared-by-mistake",
    ungated="missing-branch|missing-skip|wrong-merge",
    tanh_gate="wrong-activation",
    gate_behind="layers-reordered|wrong-tensor|wrong-activation",
    halves_shared="shared-by-mistake",
    added="wrong-merge",
    narrower="wrong-units",
    causal_not="wrong-padding",
)
def gated(slip: str = "") -> Any:
    """A convolution over time, weighed by another one."""
    start = keras.Input((12, 4))
    units = 6 if slip == "narrower" else 8
    padding = "same" if slip == "causal_not" else "causal"
    value = layers.Conv1D(units, 3, padding=padding)
    weight = value if slip == "halves_shared" else layers.Conv1D(units, 3, padding=padding)
    a, b = value(start), weight(start)
    squash = layers.Activation("tanh" if slip == "tanh_gate" else "sigmoid")
    if slip == "gate_on_itself":
        x = layers.Multiply()([a, squash(a)])
    elif slip == "ungated":
        x = a
    elif slip == "gate_behind":
        x = squash(layers.Multiply()([a, b]))
    else:
        x = (layers.Add if slip == "added" else layers.Multiply)()([a, squash(b)])
    return keras.Model(start, layers.Dense(2)(layers.GlobalMaxPooling1D()(x)))


@system(
    one_way="wrong-wrapper",
    summed_ways="wrong-wrapper|wrong-setting",
    last_step="return-sequences",
    gru="wrong-layer",
    no_dropout="missing-layer",
    unmasked="wrong-setting|mask-lost|missing-mask",
    one_layer="missing-layer",
    tanh_tags="wrong-activation",
)
def tagger(slip: str = "") -> Any:
    """A tag for each word, read from both sides."""
    ids = keras.Input((9,))
    x = layers.Embedding(99, 8, mask_zero=slip != "unmasked")(ids)
    if slip != "no_dropout":
        x = layers.Dropout(0.3)(x)
    cell = layers.GRU if slip == "gru" else layers.LSTM
    mode = "sum" if slip == "summed_ways" else "concat"

    def both(units: int, sequences: bool = True) -> Any:
        inner = cell(units, return_sequences=sequences)
        return inner if slip == "one_way" else layers.Bidirectional(inner, merge_mode=mode)

    x = both(6)(x)
    if slip != "one_layer":
        x = both(5, slip != "last_step")(x)
    return keras.Model(
        ids, layers.Dense(4, activation="tanh" if slip == "tanh_tags" else "softmax")(x)
    )


@system(
    last_only="missing-branch|missing-skip",
    added="wrong-merge",
    other_growth="wrong-units",
    behind_the_pool="wrong-tensor|skip-from-wrong-tensor|head-on-wrong-tensor|wrong-output",
    convolved_before="layers-reordered",
    one_step_fewer="missing-layer|missing-branch",
    larger_window="wrong-kernel-size",
    first_axis="wrong-axis",
)
def dense_block(slip: str = "") -> Any:
    """Each layer reads what all before it made."""
    start = keras.Input((8, 8, 4))
    made = [start]
    for n in range(2 if slip == "one_step_fewer" else 3):
        x = made[0] if len(made) == 1 else layers.Concatenate()(made)
        if slip == "last_only" and n == 2:
            x = layers.Concatenate()(made[1:])
        growth = 6 if slip == "other_growth" and n == 1 else 4
        size = 5 if slip == "larger_window" and n == 1 else 3
        conv = layers.Conv2D(growth, size, padding="same")
        norm = layers.BatchNormalization()
        x = norm(conv(x)) if slip == "convolved_before" and n == 2 else conv(norm(x))
        made.append(layers.ReLU()(x))
    if slip == "added":
        x = layers.Add()(made)
    else:
        x = layers.Concatenate(axis=1 if slip == "first_axis" else -1)(
            made if slip != "behind_the_pool" else [*made[:-1], made[-2]]
        )
    return keras.Model(start, layers.GlobalAveragePooling2D()(x))


@system(
    user_twice="same-input-twice",
    one_table="shared-by-mistake",
    product_added="wrong-merge",
    no_product="missing-branch",
    unrelated_width="wrong-units",
    arguments_swapped="embedding-swapped",
    linear="missing-activation",
    order_of_the_two="concat-order",
)
def recommender(slip: str = "") -> Any:
    """What a user thinks of a film: a product of two vectors, and layers on both."""
    user, film = keras.Input((1,), name="user"), keras.Input((1,), name="film")
    width = 7 if slip == "unrelated_width" else 6
    size = (width, 80) if slip == "arguments_swapped" else (80, width)
    users = layers.Embedding(*size)
    films = users if slip == "one_table" else layers.Embedding(*size)
    u = layers.Flatten()(users(user))
    f = layers.Flatten()(films(user if slip == "user_twice" else film))
    both = layers.Concatenate()([u, f])
    x = layers.Dense(8, activation=None if slip == "linear" else "relu")(both)
    if slip != "no_product":
        product = (layers.Add if slip == "product_added" else layers.Multiply)()([u, f])
        x = layers.Concatenate()([product, x])
    if slip == "order_of_the_two":
        return keras.Model([user, film], layers.Concatenate()([x, both]))
    return keras.Model([user, film], layers.Concatenate()([both, x]))


@system(
    one_window="missing-branch",
    same_window_twice="wrong-kernel-size",
    mean_for_maximum="wrong-pooling|wrong-layer",
    one_table_each="made-twice|not-shared",
    in_a_row="wrong-tensor",
    more_filters="wrong-units",
    dropout_before="layers-reordered",
    double_softmax="extra-layer|wrong-activation",
)
def windows(slip: str = "") -> Any:
    """Windows of several widths over a text, and what each finds most of."""
    ids = keras.Input((20,))
    words = layers.Embedding(90, 8)
    x = words(ids)
    found = []
    sizes = {"one_window": (2, 3), "same_window_twice": (2, 3, 3)}.get(slip, (2, 3, 4))
    pool = (
        layers.GlobalAveragePooling1D if slip == "mean_for_maximum" else layers.GlobalMaxPooling1D
    )
    before = x
    for n, size in enumerate(sizes):
        here = layers.Embedding(90, 8)(ids) if slip == "one_table_each" and n else x
        if slip == "in_a_row" and n == 2:
            here = before
        filters = 9 if slip == "more_filters" and n == 1 else 6
        before = layers.Conv1D(filters, size, activation="relu", padding="same")(here)
        found.append(pool()(before))
    y = layers.Concatenate()(found)
    drop, dense = layers.Dropout(0.5), layers.Dense(3, activation="softmax")
    y = (
        layers.Dense(7, activation="relu")(drop(y))
        if slip != "dropout_before"
        else drop(layers.Dense(7, activation="relu")(y))
    )
    y = dense(y)
    return keras.Model(ids, layers.Softmax()(y) if slip == "double_softmax" else y)


@system(
    one_way_difference="wrong-merge",
    not_shared="not-shared",
    third_apart="partly-shared|not-shared",
    anchor_twice="same-input-twice",
    other_order="inputs-crossed|concat-order",
    summed="wrong-merge",
    wider="wrong-units",
)
def triplet(slip: str = "") -> Any:
    """Three pictures through one network: how far two are from the first."""
    inputs = [keras.Input((8,), name=name) for name in ("anchor", "near", "far")]

    def network() -> Any:
        return keras.Sequential(
            [
                keras.Input((8,)),
                layers.Dense(7 if slip == "wider" else 6, activation="relu"),
                layers.Dense(4),
            ]
        )

    shared = network()
    apart = {"not_shared": (0, 1, 2), "third_apart": (2,)}.get(slip, ())
    read = inputs
    if slip == "anchor_twice":
        read = [inputs[0], inputs[0], inputs[2]]
    if slip == "other_order":
        read = [inputs[0], inputs[2], inputs[1]]
    a, b, c = ((network() if n in apart else shared)(x) for n, x in enumerate(read))
    merge = layers.Add if slip == "summed" else layers.Subtract
    far = [layers.Subtract()([a, b]), merge()([a, c])]
    if slip == "one_way_difference":
        far = [layers.Multiply()([a, b]), layers.Subtract()([a, c])]
    return keras.Model(
        inputs, layers.Concatenate()([ops.sum(ops.square(x), -1, keepdims=True) for x in far])
    )


@system(
    biased="missing-bias",
    no_first_norm="missing-layer",
    other_slope="wrong-activation|wrong-setting",
    channels_first="wrong-setting|wrong-shape",
    small_window="wrong-kernel-size",
    late_growth="wrong-strides",
    probabilities="wrong-activation",
)
def generator(slip: str = "") -> Any:
    """A picture out of noise, grown from four by four."""
    noise = keras.Input((10,))

    def finished(x: Any) -> Any:
        slope = 0.1 if slip == "other_slope" else 0.2
        return layers.LeakyReLU(slope)(layers.BatchNormalization()(x))

    x = layers.Dense(128, use_bias=slip == "biased")(noise)
    x = layers.LeakyReLU(0.2)(x) if slip == "no_first_norm" else finished(x)
    x = layers.Reshape((8, 4, 4) if slip == "channels_first" else (4, 4, 8))(x)
    size = 4 if slip == "small_window" else 5
    for n, filters in enumerate((8, 4)):
        strides = 1 if slip == "late_growth" and not n else 2
        grow = layers.Conv2DTranspose(
            filters, size, strides=strides, padding="same", use_bias=False
        )
        x = finished(grow(x))
    last = "sigmoid" if slip == "probabilities" else "tanh"
    return keras.Model(noise, layers.Conv2DTranspose(1, 5, padding="same", activation=last)(x))


@system(
    undilated="wrong-setting",
    looks_ahead="wrong-padding",
    two_values="wrong-activation",
    added="wrong-merge",
    no_way_around="missing-skip",
    first_left_out="missing-branch",
)
def waves(slip: str = "") -> Any:
    """Gated convolutions that look back farther and farther, and a sum of what each found."""
    start = keras.Input((32, 4))
    x, found = layers.Conv1D(8, 1)(start), []

    def conv(x: Any, far: int, activation: str) -> Any:
        padding = "same" if slip == "looks_ahead" else "causal"
        far = 1 if slip == "undilated" else far
        return layers.Conv1D(8, 2, padding=padding, dilation_rate=far, activation=activation)(x)

    for far in (1, 2, 4):
        gate = conv(x, far, "tanh" if slip == "two_values" else "sigmoid")
        both = [conv(x, far, "tanh"), gate]
        y = layers.Conv1D(8, 1)((layers.Add if slip == "added" else layers.Multiply)()(both))
        found.append(y)
        x = y if slip == "no_way_around" else layers.Add()([x, y])
    x = layers.ReLU()(layers.Add()(found[1:] if slip == "first_left_out" else found))
    return keras.Model(start, layers.Conv1D(4, 1, activation="softmax")(x))


@system(
    sees_the_future="wrong-argument",
    memory_forgotten="wrong-tensor|same-input-twice",
    wide_keys="wrong-units",
    far_shortcut="skip-from-wrong-tensor",
    no_second_norm="missing-layer",
    linear_inside="missing-activation",
)
def decoder_block(slip: str = "") -> Any:
    """A block of a transformer's decoder: what was written, then what was read."""
    start, memory = keras.Input((5, 8), name="written"), keras.Input((7, 8), name="memory")
    y = layers.MultiHeadAttention(2, 4)(start, start, use_causal_mask=slip != "sees_the_future")
    x = layers.LayerNormalization()(layers.Add()([start, y]))
    keys = 8 if slip == "wide_keys" else 4
    y = layers.MultiHeadAttention(2, keys)(x, x if slip == "memory_forgotten" else memory)
    x = layers.Add()([start if slip == "far_shortcut" else x, y])
    x = x if slip == "no_second_norm" else layers.LayerNormalization()(x)
    y = layers.Dense(16, activation=None if slip == "linear_inside" else "relu")(x)
    x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(8)(y)]))
    return keras.Model([start, memory], x)


@system(
    small_window="wrong-kernel-size",
    largest="wrong-pooling",
    other_state="wrong-tensor",
    one_left_out="missing-branch",
    other_order="concat-order",
    summed="wrong-merge",
)
def cell(slip: str = "") -> Any:
    """Two states and many ways from them, joined side by side."""
    before, here = keras.Input((8, 8, 8), name="before"), keras.Input((8, 8, 8), name="here")

    def separable(x: Any, size: int) -> Any:
        conv = layers.SeparableConv2D(8, size, padding="same", use_bias=False)
        return layers.BatchNormalization()(conv(layers.ReLU()(x)))

    one = layers.Add()([separable(here, 3), separable(before, 5)])
    size = 3 if slip == "small_window" else 5
    two = layers.Add()([separable(before, size), separable(before, 3)])
    pool = layers.MaxPooling2D if slip == "largest" else layers.AveragePooling2D
    pooled = pool(3, strides=1, padding="same")(here)
    three = layers.Add()([pooled, here if slip == "other_state" else before])
    made = {"one_left_out": [one, three], "other_order": [two, one, three]}
    merge = layers.Add if slip == "summed" else layers.Concatenate
    return keras.Model([before, here], merge()(made.get(slip, [one, two, three])))
