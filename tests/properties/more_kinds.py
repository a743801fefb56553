"""More steps of random networks: masks, states, parts, shapes, attention, arrays, limits, noise."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from properties.kinds import PICTURE, SEQUENCE, Settings, kind, others, way

# --- masks ---------------------------------------------------------------------------------------


@kind(
    SEQUENCE,
    settings=lambda chance, *_: {"mask_value": 0.0},
    slips=lambda s: others(s, mask_value=(9.0,)),
)
def skipped(make, s, x):
    return layers.Masking(s["mask_value"])(x)


@way("skipped", by_value=True)
def skipped_twice(make, s, x):
    return layers.Masking(s["mask_value"])(layers.Masking(s["mask_value"])(x))


@kind(SEQUENCE, SEQUENCE, settings=lambda *_: {"axis": 1}, slips=lambda s: others(s, axis=(2,)))
def one_after_the_other(make, s, x, y):
    return layers.Concatenate(axis=s["axis"])([x, y])


@way("one_after_the_other", loses_mask=True)
def one_after_the_other_by_ops(make, s, x, y):
    return ops.concatenate([x, y], axis=s["axis"] - 3)


# --- states --------------------------------------------------------------------------------------


def _cell(chance: Any, *shapes: Any) -> Settings:
    return {"op": chance.choice(("LSTM", "GRU", "SimpleRNN")), "units": chance.choice((3, 4))}


def _other_cell(settings: Settings) -> list[Settings]:
    return others(settings, op=("LSTM", "GRU", "SimpleRNN"), units=(5,))


def _states(make: Any, s: Settings, x: Any, **more: Any) -> list[Any]:
    return make(getattr(layers, s["op"]), s["units"], return_state=True, **more)(x)


@kind(SEQUENCE, settings=_cell, slips=lambda s: [*_other_cell(s), {**s, "which": 0}])
def last_state(make, s, x):
    """Of an LSTM c; of others, which have one alone, h."""
    return _states(make, s, x)[s.get("which", -1)]


@way("last_state")
def last_state_of_a_sequence(make, s, x):
    return _states(make, s, x, return_sequences=True)[s.get("which", -1) or 1]


@kind(SEQUENCE, settings=_cell, slips=_other_cell)
def beside_its_end(make, s, x):
    each, end, *_ = _states(make, s, x, return_sequences=True)
    return layers.Concatenate()([each, layers.RepeatVector(x.shape[1])(end)])


@way("beside_its_end", by_value=True)
def beside_its_last_step(make, s, x):
    each = make(getattr(layers, s["op"]), s["units"], return_sequences=True)(x)
    return ops.concatenate([each, ops.repeat(each[:, -1:], x.shape[1], axis=1)], axis=-1)


@kind(
    SEQUENCE,
    settings=lambda chance, *_: {**_cell(chance), "mode": chance.choice(("sum", "concat"))},
    slips=lambda s: others(s, mode=("sum", "ave", "mul"), units=(5,)),
)
def each_both_ways(make, s, x):
    inner = getattr(layers, s["op"])(s["units"], return_sequences=True)
    return make(layers.Bidirectional, inner, merge_mode=s["mode"])(x)


@way("each_both_ways", by_value=True)
def each_both_ways_by_two_layers(make, s, x):
    if s["mode"] not in ("sum", "concat"):
        return each_both_ways(make, s, x)
    forth, back = (
        make(getattr(layers, s["op"]), s["units"], return_sequences=True, go_backwards=way)(x)
        for way in (False, True)
    )
    back = ops.flip(back, axis=1)
    return forth + back if s["mode"] == "sum" else ops.concatenate([forth, back], axis=-1)


@kind(
    SEQUENCE,
    1,
    settings=lambda chance, *_: {"op": chance.choice(("GRU", "SimpleRNN"))},
    slips=lambda s: others(s, op=("GRU", "SimpleRNN")),
    alike=False,
)
def begun_with(make, s, x, y):
    return make(getattr(layers, s["op"]), y.shape[-1])(x, initial_state=y)


@way("begun_with")
def begun_with_a_list(make, s, x, y):
    return make(getattr(layers, s["op"]), y.shape[-1])(x, initial_state=[y])


@way("begun_with", by_value=True)
def begun_with_and_read_by_its_state(make, s, x, y):
    return make(getattr(layers, s["op"]), y.shape[-1], return_state=True)(x, y)[1]


# --- sharing, and parts in parts -----------------------------------------------------------------


@kind(
    1,
    1,
    settings=lambda chance, *_: {"units": 3, "shared": True},
    slips=lambda s: others(s, shared=(False,), units=(4,)),
)
def told_apart(make, s, a, b):
    first = make(layers.Dense, s["units"], activation="tanh")
    other = first if s["shared"] else make(layers.Dense, s["units"], activation="tanh")
    return layers.Subtract()([first(a), other(b)])


@way("told_apart")
def told_apart_by_a_part(make, s, a, b):
    if not s["shared"]:
        return told_apart(make, s, a, b)
    start = keras.Input(a.shape[1:])
    part = keras.Model(start, make(layers.Dense, s["units"], activation="tanh")(start))
    outer = keras.Input(a.shape[1:])
    again = keras.Model(outer, part(outer))
    return again(a) - part(b)


@way("told_apart", by_value=True)
def told_apart_side_by_side(make, s, a, b):
    if not s["shared"]:
        return told_apart(make, s, a, b)
    both = make(layers.Dense, s["units"], activation="tanh")(ops.stack([a, b], axis=1))
    return both[:, 0] - both[:, 1]


@kind(
    1,
    1,
    settings=lambda chance, *_: {"units": 3},
    slips=lambda s: others(s, units=(4,)),
    alike=False,
)
def in_a_part(make, s, a, b):
    return layers.Add()([make(layers.Dense, s["units"])(a), make(layers.Dense, s["units"])(b)])


@way("in_a_part")
def in_a_part_of_a_part(make, s, a, b):
    starts = [keras.Input(each.shape[1:]) for each in (a, b)]
    inner = keras.Model(starts, in_a_part(make, s, *starts))
    again = [keras.Input(each.shape[1:]) for each in (a, b)]
    return keras.Model(again[::-1], inner(again))([b, a])


@way("in_a_part")
def in_a_part_by_names(make, s, a, b):
    starts = {"one": keras.Input(a.shape[1:]), "two": keras.Input(b.shape[1:])}
    end = in_a_part(make, s, starts["one"], starts["two"])
    return keras.Model(starts, {"end": end})({"two": b, "one": a})["end"]


# --- shapes --------------------------------------------------------------------------------------


@kind(PICTURE, settings=lambda *_: {"turned": False}, slips=lambda s: others(s, turned=(True,)))
def as_steps(make, s, x):
    x = layers.Permute((2, 1, 3))(x) if s["turned"] else x
    return layers.Reshape((x.shape[1] * x.shape[2], x.shape[3]))(x)


@way("as_steps")
def as_steps_with_one_size_left_open(make, s, x):
    x = layers.Permute((2, 1, 3))(x) if s["turned"] else x
    return layers.Reshape((-1, x.shape[3]))(x)


@way("as_steps", by_value=True)
def as_steps_row_by_row(make, s, x):
    if s["turned"]:
        return as_steps(make, s, x)
    return ops.concatenate([x[:, row] for row in range(x.shape[1])], axis=1)


@kind(
    1,
    settings=lambda chance, shape: {"first": 2} if shape[-1] == 6 else None,
    slips=lambda s: others(s, first=(3,)),
)
def in_rows(make, s, x):
    return layers.Reshape((s["first"], x.shape[-1] // s["first"]))(x)


@way("in_rows", by_value=True)
def in_rows_by_slices(make, s, x):
    size = x.shape[-1] // s["first"]
    return ops.stack([x[:, n * size : (n + 1) * size] for n in range(s["first"])], axis=1)


@kind(
    SEQUENCE,
    settings=lambda chance, shape: {"start": 1, "stop": shape[0]} if shape[0] > 2 else None,
    slips=lambda s: others(s, start=(0,), stop=(s["stop"] - 1,)),
)
def some_steps(make, s, x):
    return x[:, s["start"] : s["stop"]]


@way("some_steps")
def some_steps_cropped(make, s, x):
    return layers.Cropping1D((s["start"], x.shape[1] - s["stop"]))(x)


@way("some_steps", by_value=True)
def some_steps_from_behind(make, s, x):
    stop = s["stop"] - x.shape[1]
    return x[:, s["start"] - x.shape[1] : stop or None, :]


@way("some_steps", by_value=True)
def some_steps_taken(make, s, x):
    return ops.take(x, list(range(s["start"], s["stop"])), axis=1)


@kind(SEQUENCE, settings=lambda *_: {"start": 0}, slips=lambda s: others(s, start=(1,)))
def every_other_step(make, s, x):
    return x[:, s["start"] :: 2]


@way("every_other_step", by_value=True)
def every_other_step_taken(make, s, x):
    return ops.take(x, list(range(s["start"], x.shape[1], 2)), axis=1)


# --- attention -----------------------------------------------------------------------------------


@kind(SEQUENCE, settings=lambda *_: {"causal": True}, slips=lambda s: others(s, causal=(False,)))
def looked_back(make, s, x):
    return make(layers.MultiHeadAttention, 2, 3)(x, x, use_causal_mask=s["causal"])


@way("looked_back", by_value=True)
def looked_back_by_a_mask(make, s, x):
    size = x.shape[1]
    mask = np.tril(np.ones((size, size), bool)) if s["causal"] else np.ones((size, size), bool)
    return make(layers.MultiHeadAttention, 2, 3)(x, x, attention_mask=mask[None])


@kind(
    SEQUENCE,
    SEQUENCE,
    settings=lambda *_: {"mode": "dot"},
    slips=lambda s: others(s, mode=("concat",)),
)
def weighed_up(make, s, q, v):
    return make(layers.Attention, use_scale=True, score_mode=s["mode"])([q, v])


@way("weighed_up")
def weighed_up_with_keys(make, s, q, v):
    return make(layers.Attention, use_scale=True, score_mode=s["mode"])([q, v, v])


@kind(SEQUENCE, SEQUENCE)
def scores(make, s, q, v):
    return layers.Dot(axes=(2, 2))([q, v])


@way("scores", loses_mask=True)
def scores_by_a_product(make, s, q, v):
    return ops.matmul(q, ops.swapaxes(v, 1, 2))


@way("scores", by_value=True)
def scores_by_einsum(make, s, q, v):
    return ops.einsum("bqd,bvd->bqv", q, v)


# --- arrays, limits and noise --------------------------------------------------------------------


def _array(chance: Any, shape: Any) -> Settings:
    return {"values": [chance.choice((0.5, 1.5, -2.0)) + n for n in range(shape[-1])]}


def _other_array(settings: Settings) -> list[Settings]:
    values = settings["values"]
    return [{"values": values[::-1]}, {"values": [values[0] + 1, *values[1:]]}]


@kind(1, settings=_array, slips=_other_array)
def times_an_array(make, s, x):
    return x * np.array(s["values"], "float32")


@way("times_an_array", by_value=True)
def times_an_array_by_ops(make, s, x):
    return ops.multiply(np.array(s["values"], "float32")[None], x)


@way("times_an_array", by_value=True)
def times_an_array_by_division(make, s, x):
    return x / (1 / np.array(s["values"], "float64")).astype("float32")


@kind(SEQUENCE, settings=_array, slips=_other_array)
def plus_an_array(make, s, x):
    return x + np.array(s["values"], "float32")


@way("plus_an_array", by_value=True)
def plus_an_array_by_taking_away(make, s, x):
    return x - np.array([-value for value in s["values"]], "float32")


@kind(1, settings=lambda *_: {"most": 1.0}, slips=lambda s: others(s, most=(0.5,)))
def held_between(make, s, x):
    return ops.clip(x, -1.0, s["most"])


@way("held_between", by_value=True)
def held_between_one_by_one(make, s, x):
    return ops.maximum(ops.minimum(x, s["most"]), -1.0)


@kind(1, settings=lambda *_: {"slope": 0.25}, slips=lambda s: others(s, slope=(0.5,)))
def leaking(make, s, x):
    return layers.LeakyReLU(negative_slope=s["slope"])(x)


@way("leaking")
def leaking_by_ops(make, s, x):
    return ops.leaky_relu(x, negative_slope=s["slope"])


@way("leaking", by_value=True)
def leaking_by_a_maximum(make, s, x):
    return ops.maximum(s["slope"] * x, x)


@kind(1, settings=lambda *_: {"rate": 0.5})
def dropped(make, s, x):
    return layers.Dropout(s["rate"])(x)


@way("dropped")
def dropped_by_a_seed(make, s, x):
    return layers.Dropout(s["rate"], seed=3)(layers.Dropout(0)(x))
