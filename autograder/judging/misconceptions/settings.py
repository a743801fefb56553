"""Mistakes in a layer's settings: right layer, right place, wrong number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograder.graphs import Call, Graph, Tensor
from autograder.graphs.describe import describe, sizes_text
from autograder.judging.edits import (
    Edit,
    calls_of,
    first_calls,
    with_config,
    with_insert,
    without_call,
)
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch

POOLING = "Pooling"


def _one_layer(op: str, *shape: int | None, **config: Any) -> Graph:
    sketch = Sketch()
    return sketch.graph(sketch.layer(op, sketch.input(*shape), **config))


def _conv(**changes: Any) -> Graph:
    config = {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same"}
    return _one_layer("Conv2D", 8, 8, 3, **{**config, **changes})


def _sites(graph: Graph, hints: Hints) -> Iterator[tuple[int, Call]]:
    """Each layer once, at its first call, where a mistake is worth trying."""
    for place in first_calls(graph):
        call = graph.calls[place]
        if call.op != "Input" and any(hints.is_site(graph, p) for p in calls_of(graph, place)):
            yield place, call


def _with_other_values(
    graph: Graph, hints: Hints, keys: tuple[str, ...], suits: Callable[[Call], bool]
) -> Iterator[tuple[Graph, int, Call, str, Any]]:
    for place, call in _sites(graph, hints):
        for key in keys:
            if key not in call.config or not suits(call):
                continue
            for value in hints.values(call, key):
                if value is not None:
                    changed = with_config(graph, calls_of(graph, place), **{key: value})
                    yield changed, place, call, key, value


def _edit(
    changed: Graph, call: Call, expected: str, found: str, message: str, next_step: str
) -> Edit:
    return Edit(
        changed,
        f"{{layer}} has {found}; {expected} is meant. {message}",
        {"layer": call.name},
        ("layer",),
        expected=expected,
        found=found,
        next_step=next_step,
        origin=(call.name,),
    )


def _embedding(vocabulary: int, width: int) -> Graph:
    return _one_layer("Embedding", None, input_dim=vocabulary, output_dim=width)


@misconception("embedding-swapped", example=lambda: (_embedding(500, 16), _embedding(16, 500)))
def embedding_swapped(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Embedding's two arguments in each other's place."""
    for place, call in _sites(graph, hints):
        if call.op != "Embedding":
            continue
        words, width = call.config["input_dim"], call.config["output_dim"]
        changed = with_config(graph, calls_of(graph, place), input_dim=width, output_dim=words)
        yield _edit(
            changed,
            call,
            f"a vocabulary of {words:,} words with vectors of {width:,} numbers",
            f"a vocabulary of {width:,} words with vectors of {words:,} numbers",
            "The two arguments are in each other's place. The table has the same size either "
            "way, but "
            "a word with a number too large for the vocabulary has no row in it, and every layer "
            "behind reads much wider vectors.",
            "Which argument of Embedding comes first? Write both with their names.",
        )


@misconception("wrong-vocabulary", example=lambda: (_embedding(500, 16), _embedding(400, 16)))
def wrong_vocabulary(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An Embedding for another number of words."""
    for changed, _, call, _, value in _with_other_values(
        graph, hints, ("input_dim",), lambda call: call.op == "Embedding"
    ):
        yield _edit(
            changed,
            call,
            f"{call.config['input_dim']:,} words",
            f"{value:,} words",
            "The vocabulary says how many rows the table has; a word with a higher number has "
            "none.",
            "Look up the size of this input's vocabulary in the question.",
        )


_WIDTHS = ("units", "filters", "output_dim", "num_heads", "key_dim", "depth_multiplier", "n")


@misconception(
    "wrong-units",
    example=lambda: (_one_layer("Dense", 8, units=4), _one_layer("Dense", 8, units=5)),
)
def wrong_units(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another number of units, filters or vector entries."""
    words = {"filters": "filters", "output_dim": "numbers a word", "num_heads": "heads"}
    for changed, _, call, key, value in _with_other_values(
        graph, hints, _WIDTHS, lambda call: True
    ):
        unit = words.get(key, "units")
        yield _edit(
            changed,
            call,
            f"{call.config[key]:,} {unit}",
            f"{value:,} {unit}",
            "That number is the width of what the layer passes on; it is a factor in its own "
            "parameter "
            "count and in that of the layer behind it.",
            "Compare this number with the question. Is it one of your function's arguments?",
        )


@misconception("wrong-kernel-size", example=lambda: (_conv(), _conv(kernel_size=[5, 5])))
def wrong_kernel_size(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A convolution that looks at a window of another size."""
    for changed, _, call, _, value in _with_other_values(
        graph, hints, ("kernel_size",), lambda call: True
    ):
        yield _edit(
            changed,
            call,
            f"a kernel of {sizes_text(call.config['kernel_size'])}",
            f"a kernel of {sizes_text(value)}",
            "The kernel's size says how much of its surroundings each place sees, and is a "
            "factor in "
            "the number of weights.",
            "Check the kernel size of this layer.",
        )


def _pool(op: str = "MaxPooling2D", **changes: Any) -> Graph:
    config = {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid"}
    sketch = Sketch()
    return sketch.graph(sketch.step(op, sketch.input(8, 8, 3), **{**config, **changes}))


@misconception("wrong-strides", example=lambda: (_conv(), _conv(strides=[2, 2])))
def wrong_strides(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A convolution that moves its window by other steps."""
    for changed, _, call, _, value in _with_other_values(
        graph, hints, ("strides",), lambda call: POOLING not in call.op
    ):
        yield _edit(
            changed,
            call,
            f"strides of {sizes_text(call.config['strides'])}",
            f"strides of {sizes_text(value)}",
            "With a stride of 2 each side of the picture is halved; with 1 it stays. All shapes "
            "behind "
            "this layer follow from that.",
            "Check the strides of this layer against the shapes in the question.",
        )


@misconception("wrong-padding", example=lambda: (_conv(), _conv(padding="valid")))
def wrong_padding(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """ "valid" for "same" padding, or the other way round."""
    for changed, _, call, _, value in _with_other_values(
        graph, hints, ("padding",), lambda call: True
    ):
        yield _edit(
            changed,
            call,
            f'padding "{sizes_text(call.config["padding"])}"',
            f'padding "{sizes_text(value)}"',
            'With "same" padding a stride of 1 keeps height and width; with "valid" the window '
            "stays inside, and the edges are lost.",
            "Check the padding of this layer. Which one is Keras' default?",
        )


@misconception("wrong-pooling", example=lambda: (_pool(), _pool(pool_size=[3, 3], strides=[3, 3])))
def wrong_pooling(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Pooling of another kind, size or step."""
    for place, call in _sites(graph, hints):
        if POOLING not in call.op:
            continue
        for other in hints.replacements(call):
            if POOLING in other.op:
                yield _pooling(graph, place, call, other)
        for size in [None, *hints.values(call, "pool_size")]:
            for strides in [None, *hints.values(call, "strides")]:
                config = dict(call.config)
                config |= {} if size is None else {"pool_size": size}
                config |= {} if strides is None else {"strides": strides}
                if config != call.config:
                    yield _pooling(graph, place, call, Call(call.op, config))


def _pooling(graph: Graph, place: int, call: Call, other: Call) -> Edit:
    changed = graph.with_call(place, op=other.op, config=dict(other.config))
    return _edit(
        changed,
        call,
        describe(call),
        describe(other),
        "Pooling says which values of a window survive: the largest or the mean, of a small "
        "window or "
        "of the whole picture, and how far the window moves.",
        "Compare kind, pool size and strides of this layer with the question.",
    )


def _joined(axis: int) -> Graph:
    sketch = Sketch()
    start = sketch.input(8, 8, 3)
    ends = [sketch.activation(name, start) for name in ("relu", "tanh")]
    return sketch.graph(sketch.step("Concatenate", *ends, axis=axis))


@misconception("wrong-axis", example=lambda: (_joined(3), _joined(1)))
def wrong_axis(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Tensors joined, or normalised, along another axis."""
    for changed, _, call, _, value in _with_other_values(
        graph, hints, ("axis", "axes"), lambda call: True
    ):
        key = "axis" if "axis" in call.config else "axes"
        yield _edit(
            changed,
            call,
            f"axis {call.config[key]}",
            f"axis {value}",
            "Axis 0 is the batch; with Keras' channels-last pictures the last axis holds the "
            "channels. "
            "Older code counts channels as axis 1: today that stacks heights.",
            "Which axis should grow? Look at the shape that the question gives.",
        )


@misconception(
    "missing-bias",
    example=lambda: (
        _one_layer("Dense", 8, units=4, use_bias=True),
        _one_layer("Dense", 8, units=4, use_bias=False),
    ),
)
def missing_bias(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer without its biases, or with biases where none are meant."""
    for place, call in _sites(graph, hints):
        if "use_bias" not in call.config:
            continue
        has = call.config["use_bias"]
        changed = with_config(graph, calls_of(graph, place), use_bias=not has)
        yield _edit(
            changed,
            call,
            "biases" if has else "no biases",
            "no biases" if has else "biases",
            "Each unit has one bias, which moves its result up or down whatever comes in; that "
            "is the "
            "+ 1 in the formula.",
            "Look at use_bias.",
        )


def _recurrent(sequences: bool) -> Graph:
    return _one_layer("LSTM", None, 4, units=3, return_sequences=sequences)


@misconception("return-sequences", example=lambda: (_recurrent(False), _recurrent(True)))
def return_sequences(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A recurrent layer that returns every step instead of the last, or the other way round."""
    for place, call in _sites(graph, hints):
        if "return_sequences" not in call.config:
            continue
        every = call.config["return_sequences"]
        changed = with_config(graph, calls_of(graph, place), return_sequences=not every)
        words = ("the output of every step", "the output of the last step alone")
        yield _edit(
            changed,
            call,
            words[0] if every else words[1],
            words[1] if every else words[0],
            "With return_sequences the result keeps its time axis: one vector a step instead of "
            "one for "
            "the whole sequence.",
            "Ask what the next layer needs: a sequence, or one vector? Then look at "
            "return_sequences.",
        )


def _active(name: str | None) -> Graph:
    sketch = Sketch()
    hidden = sketch.layer("Dense", sketch.input(8), units=4)
    if name is not None:
        hidden = sketch.activation(name, hidden)
    return sketch.graph(sketch.layer("Dense", hidden, units=2))


@misconception("missing-activation", example=lambda: (_active("relu"), _active(None)))
def missing_activation(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """An activation left out."""
    for place, call in enumerate(graph.calls):
        if call.op != "Activation" or not hints.is_site(graph, place):
            continue
        name = call.config["activation"]
        source = call.inputs[0].call
        yield Edit(
            without_call(graph, place),
            f"{{layer}} has no activation; {name} is meant. Without one the layer is linear, "
            f"and two "
            "linear layers in a row can do no more than one.",
            {"layer": graph.calls[source].name},
            ("layer",),
            expected=f"{name} behind it",
            found="no activation",
            next_step="Add the activation that the question names: as an argument, or as a layer.",
            origin=(call.name,),
        )


@misconception("wrong-activation", example=lambda: (_active("relu"), _active("tanh")))
def wrong_activation(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another activation than asked for, or one where none is meant."""
    why = (
        "The activation decides which values can come out: relu none below 0, sigmoid a "
        "probability, "
        "softmax probabilities that sum to 1."
    )
    step = "Compare the activation of this layer with the question."
    for place, call in _sites(graph, hints):
        keys = ("activation", "recurrent_activation")
        for key in keys if call.op != "Activation" else ():
            for value in hints.values(call, key):
                if key in call.config and isinstance(value, str):
                    changed = with_config(graph, calls_of(graph, place), **{key: value})
                    yield _edit(changed, call, f"{call.config[key]}", value, why, step)
    yield from _other_activations(graph, hints, why, step)
    yield from _needless_activations(graph, hints, why, step)


def _other_activations(graph: Graph, hints: Hints, why: str, step: str) -> Iterator[Edit]:
    for place, call in enumerate(graph.calls):
        if call.op != "Activation" or not hints.is_site(graph, place):
            continue
        for addition in hints.additions():
            other = addition[0]
            if other.op == "Activation" and other.config != call.config:
                changed = graph.with_call(place, config=dict(other.config))
                yield _edit(
                    changed,
                    call,
                    f"the activation {call.config['activation']}",
                    f"the activation {other.config['activation']}",
                    why,
                    step,
                )


def _needless_activations(graph: Graph, hints: Hints, why: str, step: str) -> Iterator[Edit]:
    for place, call in enumerate(graph.calls):
        if call.weights is None or not hints.is_site(graph, place):
            continue
        for addition in hints.additions():
            new = addition[0]
            if new.op == "Activation" and len(addition) == 1:
                name = new.config["activation"]
                yield _edit(
                    with_insert(graph, Tensor(place), [new]),
                    call,
                    "no activation",
                    f"the activation {name}",
                    why,
                    step,
                )


def _twoway(mode: str | None) -> Graph:
    config = {"units": 3} if mode is None else {"units": 3, "bidirectional": mode}
    return _one_layer("LSTM", None, 4, **config)


@misconception("wrong-wrapper", example=lambda: (_twoway("concat"), _twoway(None)))
def wrong_wrapper(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A Bidirectional or TimeDistributed around a layer too few, or too many."""
    words = {"bidirectional": "Bidirectional", "time_distributed": "TimeDistributed"}
    for place, call in _sites(graph, hints):
        for key, wrapper in words.items():
            for value in hints.values(call, key):
                changed = with_config(graph, calls_of(graph, place), **{key: value})
                with_it, without = f"{wrapper} around it", f"no {wrapper} around it"
                yield _edit(
                    changed,
                    call,
                    with_it if call.config.get(key) else without,
                    with_it if value else without,
                    "A Bidirectional layer reads its sequence from both ends, with two sets of "
                    "weights; "
                    "TimeDistributed does the same at each step.",
                    "Compare the wrapper of this layer with the question.",
                )


def _dropping(rate: float) -> Graph:
    sketch = Sketch()
    return sketch.graph(sketch.step("Dropout", sketch.input(8), rate=rate))


@misconception("wrong-setting", example=lambda: (_dropping(0.5), _dropping(0.2)))
def wrong_setting(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another value for a setting that has no misconception of its own."""
    named = {
        *_WIDTHS,
        "activation",
        "axes",
        "axis",
        "bidirectional",
        "input_dim",
        "kernel_size",
        "padding",
        "recurrent_activation",
        "return_sequences",
        "time_distributed",
        "use_bias",
    }
    for place, call in _sites(graph, hints):
        for key in sorted(set(call.config) - named):
            if key in {"pool_size", "strides"} and POOLING in call.op:
                continue
            for value in hints.values(call, key):
                changed = with_config(graph, calls_of(graph, place), **{key: value})
                yield _edit(
                    changed,
                    call,
                    f"{key}={call.config[key]}",
                    f"{key}={value}",
                    "That setting changes what the layer computes.",
                    f"Look at the argument {key} of this layer.",
                )
