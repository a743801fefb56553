"""Steps of random networks: each kind in every way that computes the same, and with its slips.

A way is a function of the step's settings, the tensors it reads and `make`, which makes a layer, or
hands out the one that an earlier call of the same step has made. The first way of a kind is how the
reference is written. A way that hands no mask on says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import layers, ops

Settings = dict[str, Any]
Write = Callable[..., Any]
SEQUENCE, PICTURE = 2, 3
ACTIVATIONS = ("relu", "tanh", "sigmoid", "softplus", "gelu")
AS_LAYER = {"relu": layers.ReLU, "elu": layers.ELU, "softmax": layers.Softmax}


@dataclass(frozen=True)
class Way:
    """One way to write a step.

    Attributes:
        write: makes the tensor; called with `make`, the settings and the tensors.
        loses_mask: whether a mask that comes in does not come out.
        by_value: whether no rule of structure knows it yet: then values have to find that it is the
            same.
        rows: where the way permutes the rows of its layers' weights: from their arrays, as the
            first way has them, its own.
    """

    write: Write
    loses_mask: bool = False
    by_value: bool = False
    rows: Callable[..., list[np.ndarray]] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of step.

    Attributes:
        reads: the ranks of the examples that it reads, one for each tensor.
        settings: draws its settings, from a source of chance and the shapes it reads; None where it
            does not fit these.
        ways: by name, the reference's first.
        slips: from its settings and a source of chance, others that compute something else.
        alike: whether all that it reads has to have one shape.
    """

    reads: tuple[int, ...]
    settings: Callable[..., Settings | None]
    ways: dict[str, Way] = field(default_factory=dict)
    slips: Callable[..., list[Settings]] = lambda settings: []
    alike: bool = True


KINDS: dict[str, Kind] = {}


def kind(
    *reads: int,
    settings: Callable[..., Settings | None] = lambda chance, *shapes: {},
    slips: Callable[[Settings], list[Settings]] = lambda settings: [],
    alike: bool = True,
) -> Callable[[Write], Write]:
    """Enter a kind by how its reference is written."""

    def enter(write: Write) -> Write:
        name = write.__name__
        KINDS[name] = Kind(reads, settings, {"plain": Way(write)}, slips, alike)
        return write

    return enter


def way(
    of: str,
    *,
    loses_mask: bool = False,
    by_value: bool = False,
    rows: Callable[..., list[np.ndarray]] | None = None,
) -> Callable[[Write], Write]:
    """Enter another way to write a kind."""

    def enter(write: Write) -> Write:
        KINDS[of].ways[write.__name__.removeprefix(f"{of}_")] = Way(
            write, loses_mask, by_value, rows
        )
        return write

    return enter


def others(settings: Settings, **values: tuple[Any, ...]) -> list[Settings]:
    """The settings with one of them another."""
    return [
        {**settings, key: value}
        for key, choices in values.items()
        for value in choices
        if settings.get(key) != value
    ]


# --- layers with units ---------------------------------------------------------------------------


def _units(chance: Any, *shapes: Any) -> Settings:
    return {"units": chance.choice((3, 4)), "activation": chance.choice((None, *ACTIVATIONS))}


def _other_units(settings: Settings) -> list[Settings]:
    wrong = others(settings, units=(5,), activation=("relu", "tanh", None), use_bias=(False,))
    return [s for s in wrong if s.get("use_bias", True) is False or s != settings]


def _dense(settings: Settings) -> Settings:
    return {**settings, "activation": None}


def _activate(x: Any, name: str | None) -> Any:
    return x if name is None else layers.Activation(name)(x)


@kind(1, settings=_units, slips=_other_units)
def dense(make, s, x):
    return make(layers.Dense, **s)(x)


@way("dense")
def dense_activated_after(make, s, x):
    return _activate(make(layers.Dense, **_dense(s))(x), s["activation"] or "linear")


@way("dense", loses_mask=True)
def dense_activated_by_ops(make, s, x):
    y = make(layers.Dense, **_dense(s))(x)
    more = {"approximate": False} if s["activation"] == "gelu" else {}  # ops' own default is True
    return y if s["activation"] is None else getattr(ops, s["activation"])(y, **more)


@way("dense")
def dense_activated_by_a_function(make, s, x):
    return make(layers.Dense, **{**s, "activation": keras.activations.get(s["activation"])})(x)


@way("dense", loses_mask=True)
def dense_activated_by_calling(make, s, x):
    return keras.activations.get(s["activation"])(make(layers.Dense, **_dense(s))(x))


@way("dense")
def dense_with_what_does_nothing(make, s, x):
    return layers.Dropout(0)(layers.Identity()(make(layers.Dense, **s)(layers.Identity()(x))))


@way("dense", by_value=True)
def dense_at_one_step(make, s, x):
    return layers.Flatten()(make(layers.Dense, **s)(layers.Reshape((1, x.shape[-1]))(x)))


@way("dense", by_value=True)
def dense_at_one_step_by_index(make, s, x):
    return make(layers.Dense, **s)(x[:, None])[:, 0]


@way("dense", by_value=True)
def dense_as_a_convolution(make, s, x):
    settings = {"filters": s["units"], **{k: v for k, v in s.items() if k != "units"}}
    y = make(layers.Conv1D, kernel_size=1, **settings)(ops.expand_dims(x, 1))
    return ops.squeeze(y, 1)


@kind(SEQUENCE, settings=_units, slips=_other_units)
def steps(make, s, x):
    return make(layers.Dense, **s)(x)


@way("steps")
def steps_distributed(make, s, x):
    return layers.TimeDistributed(make(layers.Dense, **s))(x)


@way("steps", by_value=True)
def steps_as_a_convolution(make, s, x):
    settings = {"filters": s["units"], **{k: v for k, v in s.items() if k != "units"}}
    return make(layers.Conv1D, kernel_size=1, **settings)(x)


@way("steps")
def steps_activated_after(make, s, x):
    return _activate(make(layers.Dense, **_dense(s))(x), s["activation"] or "linear")


@kind(1, settings=_units, slips=_other_units)
def tower(make, s, x):
    hidden = make(layers.Dense, **s)(x)
    return make(layers.Dense, 3, activation="tanh")(hidden)


@way("tower")
def tower_in_a_row(make, s, x):
    inner = [make(layers.Dense, **s), make(layers.Dense, 3, activation="tanh")]
    return keras.Sequential([keras.Input(x.shape[1:]), *inner])(x)


@way("tower")
def tower_as_a_model(make, s, x):
    start = keras.Input(x.shape[1:])
    return keras.Model(start, tower(make, s, start))(x)


@way("tower")
def tower_added_one_by_one(make, s, x):
    model = keras.Sequential()
    model.add(make(layers.Dense, **_dense(s)))
    if s["activation"]:
        model.add(layers.Activation(s["activation"]))
    model.add(make(layers.Dense, 3, activation="tanh"))
    return model(x)


@kind(1, 1, settings=_units, slips=_other_units, alike=False)
def joined(make, s, a, b):
    return make(layers.Dense, **s)(layers.Concatenate()([a, b]))


@way("joined")
def joined_by_ops(make, s, a, b):
    return make(layers.Dense, **s)(ops.concatenate([a, b], axis=1))


def _halves_exchanged(arrays, a, b):
    kernel, *rest = arrays
    return [np.concatenate([kernel[a.shape[-1] :], kernel[: a.shape[-1]]]), *rest]


@way("joined", rows=_halves_exchanged)
def joined_the_other_way_round(make, s, a, b):
    return make(layers.Dense, **s)(layers.Concatenate(axis=1)([b, a]))


@kind(1, 1, 1, settings=_units, slips=_other_units, alike=False)
def joined_three(make, s, a, b, c):
    return make(layers.Dense, **s)(layers.Concatenate()([a, b, c]))


@way("joined_three")
def joined_three_grown(make, s, a, b, c):
    both = layers.Concatenate()([a, b])
    return make(layers.Dense, **s)(layers.Concatenate()([both, c]))


@way("joined_three")
def joined_three_grown_by_ops(make, s, a, b, c):
    return make(layers.Dense, **s)(ops.concatenate([ops.concatenate([a, b], -1), c], -1))


# --- merges and arithmetic -----------------------------------------------------------------------

MERGES = ("Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum")
ANY_NUMBER = ("Add", "Multiply", "Average", "Maximum", "Minimum")
BY_OPS = {"Add": ops.add, "Multiply": ops.multiply, "Subtract": ops.subtract}
BY_OPS |= {"Maximum": ops.maximum, "Minimum": ops.minimum, "Average": lambda a, b: (a + b) / 2}


def _merge(chance: Any, *shapes: Any) -> Settings:
    return {"op": chance.choice(MERGES)}


def _other_merge(settings: Settings) -> list[Settings]:
    return others(settings, op=MERGES)


@kind(1, 1, settings=_merge, slips=_other_merge)
def merge(make, s, a, b):
    return getattr(layers, s["op"])()([a, b])


@way("merge")
def merge_by_ops(make, s, a, b):
    if s["op"] == "Average":
        return merge(make, s, a, b)
    return BY_OPS[s["op"]](a, b)


@way("merge", by_value=True)
def merge_by_arithmetic(make, s, a, b):
    return ops.negative(b) + a if s["op"] == "Subtract" else BY_OPS[s["op"]](a, b)


@way("merge")
def merge_the_other_way_round(make, s, a, b):
    return merge(make, s, *((a, b) if s["op"] == "Subtract" else (b, a)))


@way("merge")
def merge_by_operator(make, s, a, b):
    if s["op"] == "Add":
        return b + a
    if s["op"] == "Multiply":
        return b * a
    return a - b if s["op"] == "Subtract" else merge(make, s, a, b)


@way("merge", by_value=True)
def merge_by_sum(make, s, a, b):
    return sum([a, b]) if s["op"] == "Add" else merge(make, s, a, b)


@way("merge", by_value=True)
def merge_stacked(make, s, a, b):
    both = ops.stack([a, b], axis=1)
    reduce = {"Add": ops.sum, "Average": ops.mean, "Maximum": ops.max, "Minimum": ops.amin}
    return reduce.get(s["op"], lambda x, axis: merge(make, s, a, b))(both, axis=1)


@kind(
    1,
    1,
    1,
    settings=lambda chance, *shapes: {"op": chance.choice(ANY_NUMBER)},
    slips=lambda s: others(s, op=ANY_NUMBER),
)
def merge_three(make, s, a, b, c):
    return getattr(layers, s["op"])()([a, b, c])


@way("merge_three")
def merge_three_in_another_order(make, s, a, b, c):
    return merge_three(make, s, c, a, b)


@way("merge_three")
def merge_three_one_by_one(make, s, a, b, c):
    if s["op"] == "Average":
        return merge_three(make, s, a, b, c)
    return merge(make, s, c, merge_by_ops(make, s, a, b))


@kind(SEQUENCE, SEQUENCE, settings=_merge, slips=_other_merge)
def merge_steps(make, s, a, b):
    return getattr(layers, s["op"])()([a, b])


@way("merge_steps", loses_mask=True)
def merge_steps_by_ops(make, s, a, b):
    return merge_by_ops(make, s, a, b)


def _factor(chance: Any, *shapes: Any) -> Settings:
    return {"scale": chance.choice((2.0, 0.5)), "offset": chance.choice((0.0, 1.0))}


def _other_factor(settings: Settings) -> list[Settings]:
    return others(settings, scale=(3.0,), offset=(-1.0,))


@kind(1, settings=_factor, slips=_other_factor)
def scaled(make, s, x):
    return x * s["scale"] + s["offset"]


@way("scaled", by_value=True)
def scaled_from_the_left(make, s, x):
    return s["offset"] + s["scale"] * x


@way("scaled", by_value=True)
def scaled_by_a_layer(make, s, x):
    return layers.Rescaling(s["scale"], s["offset"])(x)


@way("scaled")
def scaled_by_ops(make, s, x):
    return ops.add(ops.multiply(x, s["scale"]), s["offset"])


@kind(1)
def squared(make, s, x):
    return layers.Multiply()([x, x])


@way("squared")
def squared_by_ops(make, s, x):
    return ops.square(x)


@way("squared")
def squared_by_operator(make, s, x):
    return x * x


@way("squared")
def squared_by_a_power(make, s, x):
    return x**2


@kind(1, 1)
def angle(make, s, a, b):
    return layers.Dot(axes=1)([a, b])


@way("angle")
def angle_from_behind(make, s, a, b):
    return layers.Dot(axes=-1)([a, b])


@way("angle", by_value=True)
def angle_of_products(make, s, a, b):
    return ops.sum(a * b, axis=-1, keepdims=True)


@way("angle", by_value=True)
def angle_of_products_by_layers(make, s, a, b):
    return ops.sum(layers.Multiply()([b, a]), axis=1, keepdims=True)


def _even(chance: Any, shape: Any) -> Settings | None:
    return {"half": shape[-1] // 2, "swapped": False} if shape[-1] % 2 == 0 else None


@kind(1, settings=_even, slips=lambda s: others(s, swapped=(True,)))
def halves(make, s, x):
    a, b = x[:, : s["half"]], x[:, s["half"] :]
    return _gated(s, a, b)


def _gated(s: Settings, a: Any, b: Any) -> Any:
    a, b = (b, a) if s["swapped"] else (a, b)
    return layers.Multiply()([a, layers.Activation("sigmoid")(b)])


@way("halves")
def halves_by_ellipsis(make, s, x):
    return _gated(s, x[..., 0 : s["half"]], x[..., -s["half"] :])


@way("halves", by_value=True)
def halves_by_split(make, s, x):
    return _gated(s, *ops.split(x, 2, axis=-1))


@way("halves", by_value=True)
def halves_by_take(make, s, x):
    low, high = range(s["half"]), range(s["half"], 2 * s["half"])
    return _gated(s, ops.take(x, list(low), axis=-1), ops.take(x, list(high), axis=1))


@kind(1)
def chances(make, s, x):
    return layers.Softmax()(x)


@way("chances")
def chances_by_name(make, s, x):
    return layers.Activation("softmax")(x)


@way("chances")
def chances_by_ops(make, s, x):
    return ops.softmax(x, axis=1)


def _normalisation(chance: Any, *shapes: Any) -> Settings:
    return {"op": chance.choice(("LayerNormalization", "BatchNormalization"))}


@kind(1, settings=_normalisation, slips=lambda s: others(s, scale=(False,), epsilon=(0.3,)))
def normalised(make, s, x):
    return make(getattr(layers, s["op"]), **{k: v for k, v in s.items() if k != "op"})(x)


@way("normalised")
def normalised_along_its_axis(make, s, x):
    return normalised(make, {**s, "axis": 1, "epsilon": s.get("epsilon", 0.001)}, x)


# --- sequences -----------------------------------------------------------------------------------


def _cell(chance: Any, *shapes: Any) -> Settings:
    return {"op": chance.choice(("LSTM", "GRU", "SimpleRNN")), "units": chance.choice((3, 4))}


def _other_cell(settings: Settings) -> list[Settings]:
    wrong = others(settings, units=(5,), go_backwards=(True,))
    return wrong + others(settings, op=("LSTM", "GRU", "SimpleRNN"))


def _recurrent(make: Any, s: Settings, **more: Any) -> Any:
    return make(getattr(layers, s["op"]), **{k: v for k, v in s.items() if k != "op"}, **more)


@kind(SEQUENCE, settings=_cell, slips=_other_cell)
def read(make, s, x):
    return _recurrent(make, s)(x)


@way("read", by_value=True)
def read_with_its_state(make, s, x):
    return _recurrent(make, s, return_state=True)(x)[0]


@way("read", by_value=True)
def read_by_its_state(make, s, x):
    return _recurrent(make, s, return_state=True)(x)[1]


@way("read", by_value=True)
def read_to_the_last_step(make, s, x):
    return _recurrent(make, s, return_sequences=True)(x)[:, -1]


@way("read")
def read_by_its_cell(make, s, x):
    cell = getattr(layers, f"{s['op']}Cell")(s["units"])
    return make(layers.RNN, cell=cell, go_backwards=s.get("go_backwards", False))(x)


@kind(SEQUENCE, settings=_cell, slips=_other_cell)
def read_each(make, s, x):
    return _recurrent(make, s, return_sequences=True)(x)


@way("read_each", by_value=True)
def read_each_with_its_state(make, s, x):
    return _recurrent(make, s, return_sequences=True, return_state=True)(x)[0]


@kind(SEQUENCE, settings=_cell, slips=_other_cell)
def both_ways(make, s, x):
    return make(layers.Bidirectional, _recurrent(lambda op, **k: op(**k), s))(x)


@way("both_ways", by_value=True)
def both_ways_joined_after(make, s, x):
    inner = _recurrent(lambda op, **k: op(**k), s)
    return layers.Concatenate()(make(layers.Bidirectional, inner, merge_mode=None)(x))


@kind(SEQUENCE, SEQUENCE, settings=_cell, slips=_other_cell, alike=False)
def translated(make, s, x, y):
    s = {**s, "op": "LSTM"}
    _, h, c = _recurrent(make, s, return_state=True)(x)
    return _recurrent(make, s)(y, initial_state=[h, c])


@way("translated")
def translated_with_a_state_by_position(make, s, x, y):
    s = {**s, "op": "LSTM"}
    _, h, c = _recurrent(make, s, return_state=True)(x)
    return _recurrent(make, s)(y, (h, c))


@way("translated", by_value=True)
def translated_from_its_output(make, s, x, y):
    s = {**s, "op": "LSTM"}
    out, _, c = _recurrent(make, s, return_state=True)(x)
    return _recurrent(make, s, return_state=True)(y, initial_state=[out, c])[1]


def _heads(chance: Any, *shapes: Any) -> Settings:
    return {"num_heads": chance.choice((1, 2)), "key_dim": 3}


@kind(
    SEQUENCE,
    SEQUENCE,
    settings=_heads,
    slips=lambda s: others(s, key_dim=(2,), use_bias=(False,)),
    alike=False,
)
def attended(make, s, q, v):
    return make(layers.MultiHeadAttention, **s)(q, v)


@way("attended")
def attended_by_names(make, s, q, v):
    return make(layers.MultiHeadAttention, **s)(value=v, query=q, key=v)


@way("attended", by_value=True)
def attended_with_defaults(make, s, q, v):
    shape = {"value_dim": s["key_dim"], "output_shape": q.shape[-1]}
    return make(layers.MultiHeadAttention, **s, **shape)(q, v, v)


@kind(SEQUENCE, SEQUENCE)
def looked_up(make, s, q, v):
    return layers.Attention()([q, v])


@way("looked_up")
def looked_up_with_keys(make, s, q, v):
    return layers.Attention()([q, v, v])


@way("looked_up", by_value=True)
def looked_up_by_hand(make, s, q, v):
    scores = ops.matmul(q, ops.transpose(v, (0, 2, 1)))
    return ops.matmul(ops.softmax(scores, -1), v)


def _window(chance: Any, *shapes: Any) -> Settings:
    return {"filters": chance.choice((3, 4)), "activation": chance.choice((None, "relu"))}


def _other_window(settings: Settings) -> list[Settings]:
    wrong = others(settings, filters=(5,), activation=("tanh",), use_bias=(False,))
    return wrong + others(settings, kernel_size=(5,))


def _padded(settings: Settings) -> tuple[Settings, int]:
    size = settings.get("kernel_size", 3)
    return {**settings, "kernel_size": size}, size // 2


@kind(SEQUENCE, settings=_window, slips=_other_window)
def windows(make, s, x):
    return make(layers.Conv1D, **_padded(s)[0], padding="same")(x)


@way("windows", by_value=True)
def windows_padded_before(make, s, x):
    settings, edge = _padded(s)
    return make(layers.Conv1D, **settings)(layers.ZeroPadding1D(edge)(x))


@way("windows")
def windows_activated_after(make, s, x):
    plain = {**_padded(s)[0], "activation": None}
    return _activate(make(layers.Conv1D, **plain, padding="same")(x), s["activation"])


def _pool(chance: Any, *shapes: Any) -> Settings:
    return {"op": chance.choice(("Average", "Max"))}


def _other_pool(settings: Settings) -> list[Settings]:
    return others(settings, op=("Average", "Max"))


@kind(SEQUENCE, settings=_pool, slips=_other_pool)
def pooled(make, s, x):
    return getattr(layers, f"Global{s['op']}Pooling1D")()(x)


@way("pooled", loses_mask=True)
def pooled_by_ops(make, s, x):
    return {"Average": ops.mean, "Max": ops.max}[s["op"]](x, axis=1)


@way("pooled", loses_mask=True)
def pooled_from_behind(make, s, x):
    return {"Average": ops.mean, "Max": ops.max}[s["op"]](x, axis=[-2])


@way("pooled", by_value=True)
def pooled_flattened(make, s, x):
    return layers.Flatten()(getattr(layers, f"Global{s['op']}Pooling1D")(keepdims=True)(x))


@way("pooled", by_value=True, loses_mask=True)
def pooled_over_one_window(make, s, x):
    return layers.Flatten()(getattr(layers, f"{s['op']}Pooling1D")(x.shape[1])(x))


@kind(SEQUENCE, settings=lambda chance, shape: {"place": -1}, slips=lambda s: others(s, place=(0,)))
def one_step(make, s, x):
    return x[:, s["place"]]


@way("one_step")
def one_step_and_all(make, s, x):
    return x[:, s["place"] % x.shape[1], :]


@way("one_step", by_value=True)
def one_step_taken(make, s, x):
    return ops.take(x, s["place"] % x.shape[1], axis=1)


@way("one_step", by_value=True)
def one_step_left_of_a_crop(make, s, x):
    before = s["place"] % x.shape[1]
    return layers.Flatten()(layers.Cropping1D((before, x.shape[1] - 1 - before))(x))


@kind(SEQUENCE)
def turned(make, s, x):
    return layers.Permute((2, 1))(x)


@way("turned", by_value=True)
def turned_by_ops(make, s, x):
    return ops.transpose(x, (0, 2, 1))


@way("turned", by_value=True)
def turned_by_swapping(make, s, x):
    return ops.swapaxes(x, 1, 2)


@kind(SEQUENCE)
def flat(make, s, x):
    return layers.Flatten()(x)


@way("flat")
def flat_by_reshape(make, s, x):
    return layers.Reshape((-1,))(x)


@way("flat")
def flat_by_ops(make, s, x):
    return ops.reshape(x, (-1, math.prod(x.shape[1:])))


@way("flat")
def flat_in_two_steps(make, s, x):
    return layers.Flatten()(layers.Reshape((x.shape[2], x.shape[1]))(x))


@way("flat")
def flat_at_each_step(make, s, x):
    return layers.Flatten()(layers.TimeDistributed(layers.Flatten())(x))


@kind(SEQUENCE)
def backwards(make, s, x):
    return x[:, ::-1]


@way("backwards", by_value=True)
def backwards_by_ops(make, s, x):
    return ops.flip(x, axis=1)


@kind(1, settings=lambda chance, shape: {"n": 3}, slips=lambda s: others(s, n=(2,)))
def repeated(make, s, x):
    return layers.RepeatVector(s["n"])(x)


@way("repeated", by_value=True)
def repeated_by_ops(make, s, x):
    return ops.repeat(ops.expand_dims(x, 1), s["n"], axis=1)


@way("repeated", by_value=True)
def repeated_by_joining(make, s, x):
    return layers.Concatenate(axis=1)([x[:, None]] * s["n"])


# --- pictures ------------------------------------------------------------------------------------


@kind(PICTURE, settings=_window, slips=_other_window)
def seen(make, s, x):
    return make(layers.Conv2D, **_padded(s)[0], padding="same")(x)


@way("seen", by_value=True)
def seen_padded_before(make, s, x):
    settings, edge = _padded(s)
    return make(layers.Conv2D, **settings)(layers.ZeroPadding2D(edge)(x))


@way("seen")
def seen_activated_by_a_layer(make, s, x):
    plain = {**_padded(s)[0], "activation": None}
    y = make(layers.Conv2D, **plain, padding="same")(x)
    return layers.ReLU()(y) if s["activation"] == "relu" else _activate(y, s["activation"])


@kind(PICTURE, settings=_window, slips=lambda s: others(s, filters=(5,), activation=("tanh",)))
def each_place(make, s, x):
    return make(layers.Conv2D, kernel_size=1, **s)(x)


@way("each_place")
def each_place_padded(make, s, x):
    return make(layers.Conv2D, kernel_size=(1, 1), padding="same", **s)(x)


@way("each_place", by_value=True)
def each_place_by_dense(make, s, x):
    return make(layers.Dense, units=s["filters"], activation=s["activation"])(x)


@kind(PICTURE, settings=lambda chance, shape: {"filters": 3}, slips=_other_window)
def separately(make, s, x):
    return make(layers.SeparableConv2D, **_padded(s)[0])(x)


@way("separately", by_value=True)
def separately_in_two_layers(make, s, x):
    s, _ = _padded(s)
    y = make(layers.DepthwiseConv2D, kernel_size=s["kernel_size"], use_bias=False)(x)
    return make(layers.Conv2D, **{**s, "kernel_size": 1})(y)


@kind(PICTURE, settings=_window, slips=lambda s: others(s, filters=(5,), activation=("tanh",)))
def grown(make, s, x):
    return make(layers.Conv2DTranspose, kernel_size=2, strides=2, **s)(x)


@way("grown", by_value=True)
def grown_without_a_rest(make, s, x):
    return make(layers.Conv2DTranspose, kernel_size=2, strides=2, padding="same", **s)(x)


def _even_size(chance: Any, shape: Any) -> Settings | None:
    return _pool(chance) if shape[0] % 2 == 0 and shape[1] % 2 == 0 else None


@kind(PICTURE, settings=_even_size, slips=_other_pool)
def shrunk(make, s, x):
    return getattr(layers, f"{s['op']}Pooling2D")(2)(x)


@way("shrunk")
def shrunk_with_all_said(make, s, x):
    return getattr(layers, f"{s['op']}Pooling2D")((2, 2), strides=2, padding="valid")(x)


@way("shrunk", by_value=True)
def shrunk_without_a_rest(make, s, x):
    return getattr(layers, f"{s['op']}Pooling2D")(2, padding="same")(x)


@kind(PICTURE)
def doubled(make, s, x):
    return layers.UpSampling2D(2)(x)


@way("doubled", by_value=True)
def doubled_by_ops(make, s, x):
    return ops.repeat(ops.repeat(x, 2, axis=1), 2, axis=2)


@kind(PICTURE)
def framed(make, s, x):
    return layers.ZeroPadding2D(1)(x)


@way("framed", by_value=True)
def framed_by_ops(make, s, x):
    return ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])


@kind(PICTURE, settings=lambda chance, shape: {} if min(shape[:2]) > 3 else None)
def cropped(make, s, x):
    return layers.Cropping2D(1)(x)


@way("cropped", by_value=True)
def cropped_by_slices(make, s, x):
    return x[:, 1:-1, 1:-1]


@kind(PICTURE, settings=_pool, slips=_other_pool)
def summed_up(make, s, x):
    return getattr(layers, f"Global{s['op']}Pooling2D")()(x)


@way("summed_up")
def summed_up_by_ops(make, s, x):
    return {"Average": ops.mean, "Max": ops.max}[s["op"]](x, axis=(2, 1))


@way("summed_up", by_value=True)
def summed_up_flattened(make, s, x):
    return layers.Flatten()(getattr(layers, f"Global{s['op']}Pooling2D")(keepdims=True)(x))


@way("summed_up", by_value=True)
def summed_up_in_two_steps(make, s, x):
    reduce = {"Average": ops.mean, "Max": ops.amax}[s["op"]]
    return reduce(reduce(x, axis=1), axis=-2)


@kind(PICTURE, settings=_units, slips=lambda s: others(s, units=(5,), activation=("tanh",)))
def weighed(make, s, x):
    return _weighed(make, s, x, layers.GlobalAveragePooling2D(keepdims=True)(x))


def _weighed(make: Any, s: Settings, x: Any, mean: Any, shaped: Any = lambda y: y) -> Any:
    y = make(layers.Dense, **s)(mean)
    y = make(layers.Dense, x.shape[-1], "sigmoid")(y)
    return layers.Multiply()([x, shaped(y)])


@way("weighed", by_value=True)
def weighed_reshaped(make, s, x):
    shape = layers.Reshape((1, 1, x.shape[-1]))
    return _weighed(make, s, x, layers.GlobalAveragePooling2D()(x), shape)


@way("weighed", by_value=True)
def weighed_by_new_axes(make, s, x):
    return _weighed(make, s, x, layers.GlobalAveragePooling2D()(x), lambda y: y[:, None, None])


@kind(PICTURE, PICTURE, settings=_merge, slips=_other_merge)
def merge_pictures(make, s, a, b):
    return getattr(layers, s["op"])()([a, b])


@way("merge_pictures")
def merge_pictures_by_ops(make, s, a, b):
    return merge_by_ops(make, s, a, b)


@kind(PICTURE)
def unrolled(make, s, x):
    return layers.Flatten()(x)


@way("unrolled")
def unrolled_by_ops(make, s, x):
    return ops.reshape(x, (-1, math.prod(x.shape[1:])))


@way("unrolled")
def unrolled_in_two_steps(make, s, x):
    return layers.Flatten()(layers.Reshape((-1, x.shape[-1]))(x))
