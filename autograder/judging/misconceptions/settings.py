"""Mistakes in a layer's settings: right layer, right place, wrong number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.graphs import Call, Graph, Tensor, Wrappers
from autograder.graphs.blocks import own_activation
from autograder.graphs.describe import counted, describe, setting_text, sizes_text
from autograder.graphs.layers.facts import facts
from autograder.graphs.surgery import (
    with_arguments,
    with_config,
    with_insert,
    with_layer,
    with_wrappers,
    without_call,
)
from autograder.judging.edits import Edit, changed_together, slip, subject
from autograder.judging.hints import Hints
from autograder.judging.misconceptions.catalogue import misconception
from autograder.judging.misconceptions.sketch import Sketch


def _one_layer(op: str, *shape: int | None, **config: Any) -> Graph:
    sketch = Sketch()
    return sketch.graph(sketch.layer(op, sketch.input(*shape), **config))


def _conv(**changes: Any) -> Graph:
    config = {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same"}
    return _one_layer("Conv2D", 8, 8, 3, **{**config, **changes})


def _groups(
    graph: Graph, hints: Hints, key: str, suits: Callable[[Call], bool] = lambda call: True
) -> Iterator[tuple[list[int], Call]]:
    """Calls that have a setting, in groups that one slip would change, with the first of each."""

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        return [f"{call.op} {call.config[key]}"] if key in call.config and suits(call) else []

    for places in changed_together(graph, hints.is_site, alike):
        yield places, graph.calls[places[0]]


def _with_other_values(
    graph: Graph, hints: Hints, keys: tuple[str, ...], suits: Callable[[Call], bool]
) -> Iterator[tuple[Graph, list[int], Call, str, Any]]:
    for key in keys:
        for places, call in _groups(graph, hints, key, suits):
            for value in hints.values(call, key):
                if value is not None:
                    yield with_config(graph, places, **{key: value}), places, call, key, value


def _edit(
    graph: Graph,
    changed: Graph,
    places: list[int],
    expected: str,
    found: str,
    message: str,
    next_step: str,
) -> Edit:
    return slip(
        graph,
        changed,
        places,
        f"has {found}, where the exercise has {expected}. {message}",
        expected=expected,
        found=found,
        next_step=next_step,
    )


def _embedding(vocabulary: int, width: int) -> Graph:
    return _one_layer("Embedding", None, input_dim=vocabulary, output_dim=width)


@misconception("embedding-swapped", example=lambda: (_embedding(500, 16), _embedding(16, 500)))
def embedding_swapped(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Embedding's two arguments in each other's place."""
    for places, call in _groups(graph, hints, "input_dim", lambda call: call.op == "Embedding"):
        words, width = call.config["input_dim"], call.config["output_dim"]
        yield _edit(
            graph,
            with_config(graph, places, input_dim=width, output_dim=words),
            places,
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
    for changed, places, call, _, value in _with_other_values(
        graph, hints, ("input_dim",), lambda call: call.op == "Embedding"
    ):
        yield _edit(
            graph,
            changed,
            places,
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
    words = {"filters": "filter", "num_heads": "head"}
    for changed, places, call, key, value in _with_other_values(
        graph, hints, _WIDTHS, lambda call: True
    ):
        meant, found = (
            f"{counted(width, 'number')} a word"
            if key == "output_dim"
            else counted(width, words.get(key, "unit"))
            for width in (call.config[key], value)
        )
        yield _edit(
            graph,
            changed,
            places,
            meant,
            found,
            "That number is the width of what the layer passes on; it is a factor in its own "
            "parameter count and in that of the layer behind it.",
            "Compare this number with the question. Is it one of your function's arguments?",
        )


@misconception("wrong-kernel-size", example=lambda: (_conv(), _conv(kernel_size=[5, 5])))
def wrong_kernel_size(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A convolution that looks at a window of another size."""
    for changed, places, call, _, value in _with_other_values(
        graph, hints, ("kernel_size",), lambda call: True
    ):
        for padded in _paddings(changed, hints, places, call):
            yield _edit(
                graph,
                padded,
                places,
                f"a kernel of {sizes_text(call.config['kernel_size'])}",
                f"a kernel of {sizes_text(value)}",
                "The kernel's size says how much of its surroundings each place sees, and is a "
                "factor in the number of weights.",
                "Check the kernel size of this layer.",
            )


def _paddings(graph: Graph, hints: Hints, places: list[int], meant: Call) -> Iterator[Graph]:
    """The graph with each padding that the calls may have by right.

    A window of one place needs none, so none is asked for; a larger one has to have some.
    """
    yield graph
    if all(size == 1 for size in meant.config["kernel_size"]):
        for padding in hints.values(meant, "padding"):
            yield with_config(graph, places, padding=padding)


def _pool(op: str = "MaxPooling2D", **changes: Any) -> Graph:
    config = {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid"}
    sketch = Sketch()
    return sketch.graph(sketch.step(op, sketch.input(8, 8, 3), **{**config, **changes}))


def _is_of_sequences(call: Call) -> bool:
    return call.op.endswith(("1D", "1DTranspose"))


def _sides(call: Call) -> str:
    return "the sequence" if _is_of_sequences(call) else "each side of the picture"


def _size(call: Call) -> str:
    return "the length of the sequence" if _is_of_sequences(call) else "height and width"


def _thing(call: Call) -> str:
    return "sequence" if _is_of_sequences(call) else "picture"


@misconception("wrong-strides", example=lambda: (_conv(), _conv(strides=[2, 2])))
def wrong_strides(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A convolution that moves its window by other steps."""
    for changed, places, call, _, value in _with_other_values(
        graph, hints, ("strides",), lambda call: not facts(call.op).pools
    ):
        yield _edit(
            graph,
            changed,
            places,
            f"strides of {sizes_text(call.config['strides'])}",
            f"strides of {sizes_text(value)}",
            f"With a stride of 2 {_sides(call)} is halved; with 1 it stays. All shapes behind this "
            "layer follow from that.",
            "Check the strides of this layer against the shapes in the question.",
        )


@misconception("wrong-padding", example=lambda: (_conv(), _conv(padding="valid")))
def wrong_padding(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """ "valid" for "same" padding, or the other way round."""
    for changed, places, call, _, value in _with_other_values(
        graph, hints, ("padding",), lambda call: True
    ):
        yield _edit(
            graph,
            changed,
            places,
            f'padding "{sizes_text(call.config["padding"])}"',
            f'padding "{sizes_text(value)}"',
            f'With "same" padding a stride of 1 keeps {_size(call)}; with "valid" the window stays '
            "inside, and the edges are lost.",
            "Check the padding of this layer. Which one is Keras' default?",
        )


@misconception("wrong-pooling", example=lambda: (_pool(), _pool(pool_size=[3, 3], strides=[3, 3])))
def wrong_pooling(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Pooling of another kind, size or step."""

    def alike(place: int) -> list[str]:
        return [graph.calls[place].label] if facts(graph.calls[place].op).pools else []

    for places in changed_together(graph, hints.is_site, alike):
        call = graph.calls[places[0]]
        others = [other for other in hints.replacements(call) if facts(other.op).pools]
        for size in [call.config.get("pool_size"), *hints.values(call, "pool_size")]:
            for strides in [call.config.get("strides"), *hints.values(call, "strides")]:
                new = {"pool_size": size, "strides": strides}
                new = {key: value for key, value in new.items() if value is not None}
                if {**call.config, **new} != call.config:
                    others.append(replace(call, config={**call.config, **new}))
        for other in others:
            yield _edit(
                graph,
                with_layer(graph, places, other),
                places,
                describe(call),
                describe(other),
                "Pooling says which values of a window survive: the largest or the mean, of a "
                f"small window or of the whole {_thing(call)}, and how far the window moves.",
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
    for changed, places, call, _, value in _with_other_values(
        graph, hints, ("axis", "axes"), lambda call: True
    ):
        key = "axis" if "axis" in call.config else "axes"
        yield _edit(
            graph,
            changed,
            places,
            _axis(call, call.config[key]),
            _axis(call, value),
            _about_axes(call),
            "Which axis should grow? Look at the shape that the question gives.",
        )


def _axis(call: Call, axis: Any) -> str:
    """An axis as it is written most: the last one as −1."""
    is_last = call.shape is not None and axis in (-1, len(call.shape) - 1)
    return f"axis −1 ({len(call.shape or ()) - 1})" if is_last else f"axis {axis}"


def _about_axes(call: Call) -> str:
    kinds = {
        2: "Axis 0 is the batch: it holds one example behind the other. The last axis holds what "
        "is known of each.",
        3: "Axis 0 is the batch, axis 1 counts the steps of a sequence, and the last axis holds "
        "what is known of each step.",
    }
    return kinds.get(
        len(call.shape or ()),
        "Axis 0 is the batch; with Keras' channels-last pictures the last axis holds the channels. "
        "Older code counts channels as axis 1: today that stacks heights.",
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
    for places, call in _groups(graph, hints, "use_bias"):
        has = call.config["use_bias"]
        changed = with_config(graph, places, use_bias=not has)
        yield _edit(
            graph,
            changed,
            places,
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
    for places, call in _groups(graph, hints, "return_sequences"):
        every = call.config["return_sequences"]
        changed = with_config(graph, places, return_sequences=not every)
        words = ("the output of every step", "the output of the last step alone")
        yield _edit(
            graph,
            changed,
            places,
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
    for places in _activations(graph, hints):
        name = graph.calls[places[0]].config["activation"]
        who = subject(graph, [graph.calls[place].inputs[0].call for place in places])
        changed = graph
        for place in places:
            changed = without_call(changed, place)
        yield Edit(
            changed,
            f"{who.text} has no activation; {name} is meant. {_without(graph, places, name)}",
            who.roles,
            tuple(who.roles),
            expected=f"{name} behind it",
            found="no activation",
            next_step="Add the activation that the question names: as an argument, or as a layer.",
            origin=tuple(graph.calls[place].trace for place in places),
        )


_PROBABILITIES = {
    "sigmoid": "Without it any number can come out, also one below 0 or above 1: that is no "
    "probability.",
    "softmax": "Without it any numbers can come out; they do not sum to 1, so they are no "
    "probabilities.",
}


def _without(graph: Graph, places: list[int], name: str) -> str:
    """What a missing activation does: to what comes out, or to the layers behind."""
    outputs = {tensor.call for tensor in graph.outputs}
    if outputs.issuperset(places) and name in _PROBABILITIES:
        return _PROBABILITIES[name]
    return (
        "Without one the layer is linear, and two linear layers in a row can do no more than one."
    )


def _activations(graph: Graph, hints: Hints) -> Iterator[list[int]]:
    """Activations in groups: those of one layer, of layers of one class, and all of one kind."""

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        if call.op != "Activation":
            return []
        return [f"{graph.calls[call.inputs[0].call].op} {call.label}", call.label]

    return changed_together(graph, hints.is_site, alike)


@misconception("wrong-activation", example=lambda: (_active("relu"), _active("tanh")))
def wrong_activation(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another activation than asked for, or one where none is meant."""
    why = (
        "The activation decides which values can come out: relu none below 0, sigmoid a "
        "probability, "
        "softmax probabilities that sum to 1."
    )
    step = "Compare the activation of this layer with the question."
    keys = ("activation", "recurrent_activation")
    for changed, places, call, key, value in _with_other_values(
        graph, hints, keys, lambda call: call.op != "Activation"
    ):
        if isinstance(value, str):
            tip = _own_default(call, key) or step
            yield _edit(graph, changed, places, setting_text(call.config[key]), value, why, tip)
    others = [new[0] for new in hints.additions() if len(new) == 1 and new[0].op == "Activation"]
    for other in others:
        yield from _other_activation(graph, hints, other, why, step)
        yield from _needless_activation(graph, hints, other, why, step)


_OWN = {"activation": "tanh", "recurrent_activation": "sigmoid"}


def _own_default(call: Call, key: str) -> str:
    """What to try where the activation that is meant is the one a layer has by itself."""
    if not facts(call.op).recurrent or call.config[key] != _OWN[key]:
        return ""
    return (
        f"{'An' if call.op == 'LSTM' else 'A'} {call.op}'s own {key} is {_OWN[key]}. Unless the "
        "question names another, leave the argument away."
    )


def _why_other(call: Call, other: Call, why: str) -> str:
    """What an activation does there; over one value a softmax says nothing."""
    if other.config["activation"] == "softmax" and (call.shape or (None,))[-1] == 1:
        return (
            "A softmax makes its values sum to 1: over one value alone it is always 1, whatever "
            "goes in."
        )
    return why


def _other_activation(
    graph: Graph, hints: Hints, other: Call, why: str, step: str
) -> Iterator[Edit]:
    for places in _activations(graph, hints):
        call = graph.calls[places[0]]
        if other.config != call.config:
            yield _edit(
                graph,
                with_layer(graph, places, other),
                places,
                f"the activation {call.config['activation']}",
                f"the activation {other.config['activation']}",
                _why_other(call, other, why),
                step,
            )


def _needless_activation(
    graph: Graph, hints: Hints, new: Call, why: str, step: str
) -> Iterator[Edit]:
    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        is_open = call.weights is not None and own_activation(graph, place) is None
        return [call.label, call.op] if is_open else []

    for places in changed_together(graph, hints.is_site, alike):
        changed = graph
        for place in places:
            changed = with_insert(changed, Tensor(place), [new])
        found = f"the activation {new.config['activation']}"
        reason = _why_other(graph.calls[places[0]], new, why)
        yield _edit(graph, changed, places, "no activation", found, reason, step)


def _layers(graph: Graph, hints: Hints) -> Iterator[tuple[list[int], Call]]:
    """All calls but activations, in groups that one slip would change."""

    def alike(place: int) -> list[str]:
        call = graph.calls[place]
        return [] if call.op == "Activation" else [call.label]

    for places in changed_together(graph, hints.is_site, alike):
        yield places, graph.calls[places[0]]


def _twoway(mode: str) -> Graph:
    return _one_layer("LSTM", None, 4, units=3, wrappers=Wrappers(bidirectional=mode))


@misconception("wrong-wrapper", example=lambda: (_twoway("concat"), _twoway("")))
def wrong_wrapper(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A Bidirectional or TimeDistributed around a layer too few, or too many."""
    words = {"bidirectional": "Bidirectional", "time_distributed": "TimeDistributed"}
    for key, wrapper in words.items():
        for places, call in _layers(graph, hints):
            own = getattr(call.wrappers, key)
            for value in _other_wrappers(hints, call, key):
                both = bool(value and own)
                yield _edit(
                    graph,
                    with_wrappers(graph, places, **{key: value}),
                    places,
                    _around(wrapper, own, both),
                    _around(wrapper, value, both),
                    "A Bidirectional layer reads its sequence from both ends, with two sets of "
                    "weights; "
                    "TimeDistributed does the same at each step.",
                    "Compare the wrapper of this layer with the question.",
                )


def _other_wrappers(hints: Hints, call: Call, key: str) -> list[Any]:
    """What else one of the things around a call's layer could be, each once."""
    found: list[Any] = []
    for wrappers in hints.wrappers(call):
        value = getattr(wrappers, key)
        if value != getattr(call.wrappers, key) and value not in found:
            found.append(value)
    return found


def _around(wrapper: str, value: Any, both: bool) -> str:
    """What is around a layer; with the wrapper's setting where only that tells two apart."""
    if not value:
        return f"no {wrapper} around it"
    return f"{wrapper} ({value}) around it" if both else f"{wrapper} around it"


def _dropping(rate: float, **more: Any) -> Graph:
    sketch = Sketch()
    return sketch.graph(sketch.step("Dropout", sketch.input(8), rate=rate, **more))


@misconception(
    "wrong-argument", example=lambda: (_dropping(0.5), _dropping(0.5, arguments={"training": True}))
)
def wrong_argument(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A layer or operation that is called with another argument beside its tensors."""
    for places, call in _layers(graph, hints):
        for found in hints.arguments(call):
            yield _edit(
                graph,
                with_arguments(graph, places, found),
                places,
                _arguments(call.arguments),
                _arguments(found),
                _ABOUT_TRAINING
                if "training" in {*call.arguments, *found}
                else "That changes what the call computes.",
                "Look at what that call is given beside its tensors.",
            )


_ABOUT_TRAINING = (
    "Left away, Keras itself says whether it trains: in fit it does, in predict and evaluate it "
    "does not. With training=True a Dropout goes on dropping when the model is used."
)


def _arguments(given: Mapping[str, Any]) -> str:
    """What a call is given, with dots for its tensors: "the arguments (…, training=True)"."""
    words = [_written(value) for value in given.get("args", ["#"])]
    words += [f"{key}={_written(value)}" for key, value in given.items() if key != "args"]
    return f"the arguments ({', '.join(words)})"


def _written(value: Any) -> str:
    """A value as one writes it: slices with colons, a tensor as dots."""
    if isinstance(value, Mapping) and value.get("class_name") == "__slice__":
        start, stop, step = (value["config"].get(key) for key in ("start", "stop", "step"))
        text = ":".join("" if end is None else str(end) for end in (start, stop))
        return text if step is None else f"{text}:{step}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "…" if value == "#" else setting_text(value)


def _backwards(**backward: Any) -> Graph:
    own = {"op": "LSTM", "config": backward} if backward else None
    return _one_layer("LSTM", None, 4, units=3, wrappers=Wrappers(0, "concat", own))


@misconception("wrong-backward-layer", example=lambda: (_backwards(), _backwards(units=5)))
def wrong_backward_layer(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """A Bidirectional whose way back is a layer of its own, or another one than asked for."""
    for places, call in _layers(graph, hints):
        for value in _other_wrappers(hints, call, "backward"):
            yield _edit(
                graph,
                with_wrappers(graph, places, backward=value),
                places,
                _way_back(call.wrappers.backward),
                _way_back(value),
                "A Bidirectional reads its sequence from the end with a mirrored copy of its "
                "layer, unless backward_layer gives it another.",
                "Look at the argument backward_layer.",
            )


def _way_back(backward: Mapping[str, Any] | None) -> str:
    if backward is None:
        return "its own mirrored copy as backward layer"
    return f"{describe(Call(backward['op'], backward['config']))} as backward layer"


@misconception("wrong-setting", example=lambda: (_dropping(0.5), _dropping(0.2)))
def wrong_setting(graph: Graph, hints: Hints) -> Iterator[Edit]:
    """Another value for a setting that has no misconception of its own."""
    named = {
        *_WIDTHS,
        "activation",
        "axes",
        "axis",
        "input_dim",
        "kernel_size",
        "padding",
        "recurrent_activation",
        "return_sequences",
        "use_bias",
    }
    keys = {key for call in graph.calls for key in call.config} - named
    for key in sorted(keys):
        for places, call in _groups(graph, hints, key, lambda call, key=key: _is_free(call, key)):
            for value in hints.values(call, key):
                yield _edit(
                    graph,
                    with_config(graph, places, **{key: value}),
                    places,
                    f"{key}={setting_text(call.config.get(key))}",
                    f"{key}={setting_text(value)}",
                    _SETTINGS.get(key, "That setting changes what the layer computes."),
                    f"Look at the argument {key} of this layer.",
                )


def _is_free(call: Call, key: str) -> bool:
    """Whether no other misconception is about a setting of a call."""
    return call.op != "Activation" and not (
        key in {"pool_size", "strides"} and facts(call.op).pools
    )


_SETTINGS = {
    "dropout": "That share of what the layer reads is set to 0 in training.",
    "go_backwards": "With go_backwards a sequence is read from its end.",
    "mask_zero": "With mask_zero the layers behind skip the padding, that is every id 0; without "
    "it they read it like a word.",
    "rate": "The rate is the share of values that are set to 0 in training.",
    "return_state": "With return_state the layer returns its state, too: more than one tensor.",
}
