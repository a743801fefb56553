"""Short words for what a call does, as a person would say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.graphs.blocks import own_activation
from autograder.graphs.graph import HOLE, WEIGHT, Call, Graph, Shape, Tensor
from autograder.graphs.layers.activations import ACTIVATION_DEFAULTS
from autograder.graphs.layers.facts import FACTS, class_of, facts, is_own, layers_inside
from autograder.graphs.returned import output_name, tensor_shape

_MAIN = ("units", "filters", "rate", "pool_size", "size", "target_shape", "n", "subscripts")
_MORE = ("key_dim", "value_dim", "head_dim", "dims", "axes", "cropping")
"""Settings that are said by their names."""

_MOST_SETTINGS = 4
"""Settings that are told of an operation, or of a layer that somebody wrote."""

_LONGEST_ROW = 5
"""How many activations in a row are told one by one."""

_MOST_NAMES = 12
"""How many things in a row are told one by one."""

_LONGEST_SETTING = 40
"""Characters of one setting."""

_FLAGS = {
    "mask_zero": "mask_zero",
    "return_sequences": "return_sequences",
    "return_state": "return_state",
    "go_backwards": "backwards",
}


def number(value: int | float) -> str:
    """A number with thousands marked: 1,000,052."""
    return f"{value:,}"


def counted(count: int, what: str) -> str:
    """A number of things: "1 unit", "2 units"."""
    return f"{number(count)} {what}{'' if count == 1 else 's'}"


def be(count: int) -> str:
    """ "is" of one thing, "are" of any other number of them."""
    return "is" if count == 1 else "are"


def with_article(words: str) -> str:
    """What a layer does with "a" or "an" before it: "a Dense 32", "an Add", "an LSTM 16"."""
    is_spoken_as_vowel = words[0] in "AEIOU" or words.startswith("LSTM")
    return f"{'an' if is_spoken_as_vowel else 'a'} {words}"


def listed(names: Sequence[str], last: str = " and ") -> str:
    """Names in a row: "a", "a and b", "a, b and c"; of very many, how many more there are."""
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], f"{number(len(names) - _MOST_NAMES + 1)} more"]
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def shape_text(shape: Shape | None) -> str:
    """A shape without its batch axis: (64,), (None, 128); "?" where it is not known."""
    if shape is None:
        return "?"
    sizes = ", ".join("None" if size is None else str(size) for size in shape[1:])
    return f"({sizes},)" if len(shape) == 2 else f"({sizes})"


def shapes_text(graph: Graph, place: int) -> str:
    """The shape of what a call makes, and of what else it makes that is used: (7, 5), h (5,)."""
    call = graph.calls[place]
    if call.op == WEIGHT:
        return sizes_text(list(call.shape or ()))  # no batch in it
    texts = [
        f"{output_name(call, n)} {shape_text(tensor_shape(graph.calls, Tensor(place, n)))}".strip()
        for n in sorted({0, *graph.used.get(place, ())})
    ]
    return listed(texts, last=", ")


def sizes_text(value: Any) -> str:
    """A size in each direction: 3×3 for [3, 3], 5 for [5]."""
    if isinstance(value, (list, tuple)):
        return "×".join(number(v) if isinstance(v, int) else str(v) for v in value)
    return number(value) if isinstance(value, (int, float)) else str(value)


def thing_text(value: Any) -> str:
    """A setting in short: an array by its shape, a function or a layer by its name."""
    if isinstance(value, Mapping):
        return _text_of_mapping(value)
    if isinstance(value, (list, tuple)):
        return f"({', '.join(map(thing_text, value))})" if value else "()"
    if value == HOLE:
        return "·"
    text = _scalar_text(value)
    return text if len(text) <= _LONGEST_SETTING else f"{text[:_LONGEST_SETTING]}…"


def _scalar_text(value: Any) -> str:
    return f"{value:,}" if _is_number(value) and abs(value) < _LARGEST_TOLD else str(value)


_LARGEST_TOLD = 10**15
"""Larger numbers are told without marks, and cut off."""


def _text_of_mapping(value: Mapping[str, Any]) -> str:
    kind, config = value.get("class_name"), value.get("config")
    if kind in {"__tensor__", "__numpy__"} and isinstance(config, Mapping):
        return _array_text(config.get("value"), config.get("dtype"))
    if kind == "__ellipsis__":
        return "…"
    if kind == "__slice__" and isinstance(config, Mapping):
        return _slice_text(config)
    if kind is not None and isinstance(config, Mapping):
        return _layer_text(class_of(value), config)
    if kind in {"function", "__own__"}:
        return str(config)
    return str(kind) if kind is not None else f"{len(value)} by name"


def _layer_text(op: str, config: Mapping[str, Any]) -> str:
    """A layer among the settings of another, with its activation."""
    activation = config.get("activation")
    end = "" if activation in (None, "linear") else f", {thing_text(activation)}"
    return f"{describe(Call(op, config))}{end}"


def setting_text(value: Any) -> str:
    """The value of a setting, as it is written; what is no plain data in short."""
    return thing_text(value) if "{" in str(value) else str(value)


def _array_text(value: Any, dtype: Any) -> str:
    """A number that stands for itself, or the shape of an array, its type and first number."""
    if not isinstance(value, list):
        return thing_text(value)
    sizes = []
    while isinstance(value, list):
        sizes.append(len(value))
        value = value[0] if value else None
    first = "" if value is None else f" ({value:.3g}, …)" if _is_number(value) else f" ({value}, …)"
    kind = f" of {dtype}" if isinstance(dtype, str) else ""
    return f"array {sizes_text(sizes)}{kind}{first}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _slice_text(ends: Mapping[str, Any]) -> str:
    start, stop, step = (ends.get(key) for key in ("start", "stop", "step"))
    text = ":".join("" if end is None else thing_text(end) for end in (start, stop))
    return text if step is None else f"{text}:{thing_text(step)}"


def describe(call: Call) -> str:
    """What a call does: "Dense 32", "Conv2D 64, 3×3, same", "Embedding 10,000 × 64"."""
    config = call.config
    if call.op == "Input":
        return f"Input {shape_text((None, *config.get('shape', ())))}"
    if call.op == WEIGHT:
        return f"weight {config.get('weight', '')} {sizes_text(list(call.shape or ()))}".strip()
    if call.op == "Activation":
        return _activation(config)
    words = [*_main(call), *_details(call), *_given_by_name(call)]
    inside = [_layer_text(class_of(each), each["config"]) for each in layers_inside(config)]
    name = _WORDS.get(call.op, call.op)
    text = f"{name} of {listed(inside)}" if inside else name
    text += f"{',' if inside else ''} {', '.join(words)}" if words else ""
    if call.wrappers.bidirectional:
        text = f"Bidirectional {text}"
    if call.wrappers.time_distributed:
        text = f"TimeDistributed {text}"
    return text


_WORDS = {"Masked": "mask by hand", "WeightedMean": "Average with weights"}
"""Calls that are named here for what Keras has no class of."""


def _activation(config: Mapping[str, Any]) -> str:
    usual = {"axis": config.get("axis"), **ACTIVATION_DEFAULTS.get(str(config["activation"]), {})}
    extra = ", ".join(
        f"{key}={thing_text(value)}"
        for key, value in config.items()
        if key != "activation" and usual.get(key) != value
    )
    plain = f"{config['activation']} activation"
    if "axis" in config:
        plain += f" along axis {config['axis']}"
    return f"{plain} ({extra})" if extra else plain


def ending(call: Call) -> str:
    """An activation as the end of what its layer does: ", relu"."""
    return describe(call).replace(" activation", "", 1)


def _main(call: Call) -> list[str]:
    config = call.config
    if call.op == "Embedding":
        return [f"{number(config['input_dim'])} × {number(config['output_dim'])}"]
    if call.op == "Rescaling":
        return _factor_and_offset(config)
    given = call.arguments.get("args")
    words = [] if given is None else [_given_by_place(call.op, given)]
    words += [sizes_text(config[key]) for key in _MAIN if key in config]
    if isinstance(config.get("num_heads"), int):
        words.append(counted(config["num_heads"], "head"))
    if "kernel_size" in config:
        words.append(sizes_text(config["kernel_size"]))
    return words


def _factor_and_offset(config: Mapping[str, Any]) -> list[str]:
    """What a Rescaling multiplies by, and adds: "× 0.00392157", "+ 1"."""
    scale, offset = config.get("scale", 1), config.get("offset", 0)
    texts = [f"{each:g}" if _is_number(each) else thing_text(each) for each in (scale, offset)]
    return [f"× {texts[0]}", *([f"+ {texts[1]}"] if offset else [])]


def _details(call: Call) -> list[str]:
    config, words = call.config, []
    strides = config.get("strides")
    strides = [strides] if isinstance(strides, int) else strides
    if strides and strides != config.get("pool_size") and set(strides) != {1}:
        words.append(f"stride {sizes_text(strides if len(set(strides)) > 1 else strides[0])}")
    elif strides and set(strides) == {1} and config.get("pool_size"):
        words.append("stride 1")
    if config.get("padding", "valid") != "valid":
        words.append(sizes_text(config["padding"]))
    if call.op == "Concatenate" and call.shape and config.get("axis") != len(call.shape) - 1:
        words.append(f"axis {config.get('axis')}")
    if config.get("use_bias") is False:
        words.append("no bias")
    if facts(call.op).recurrent and config.get("activation") not in (None, "tanh"):
        words.append(thing_text(config["activation"]))
    words += [word for key, word in _FLAGS.items() if config.get(key)]
    return words + [f"{key} {thing_text(config[key])}" for key in _told_by_name(call)]


def _told_by_name(call: Call) -> list[str]:
    """The settings that are said by their names: of an operation all that are short."""
    if is_own(call.op) or call.op not in FACTS:
        told = {key: value for key, value in call.config.items() if isinstance(value, _SHORT)}
        return [key for key in told if key not in _MAIN and told[key] is not False][:_MOST_SETTINGS]
    said = {key: value for key, value in call.config.items() if key in _MORE}
    if said.get("value_dim") == said.get("key_dim"):
        said.pop("value_dim", None)
    return [key for key in _MORE if key in said and not isinstance(said[key], bool)]


_SHORT = (bool, int, float, str, list)


def _given_by_place(op: str, given: Any) -> str:
    """What a call is given by position, "·" for each tensor: (·, 2), or [:, -1] of a tensor."""
    if op == "GetItem" and isinstance(given, (list, tuple)) and len(given) == 2:
        index = given[1] if isinstance(given[1], (list, tuple)) else [given[1]]
        return f"[{', '.join(map(thing_text, index))}]"
    return thing_text(given)


def _given_by_name(call: Call) -> list[str]:
    words = []
    for key, value in call.arguments.items():
        if key == "use_causal_mask" and value is True:
            words.append("causal mask")
        elif key == "mask" and value in ("lost", "read"):
            words += ["its mask lost"] if value == "lost" else []
        elif key != "args":
            words.append(f"{key}={thing_text(value)}")
    return words[:_MOST_SETTINGS]


def words(graph: Graph, place: int) -> str:
    """What a call does, said as its layer is written: "Dense 64, relu"."""
    call = graph.calls[place]
    start = _start(graph, place)
    if start != place:
        return words(graph, start)
    if call.op == "Activation" and call.inputs:
        return _row_of_activations(graph, place)
    end = _ends_with(graph, place)
    text = describe(call)
    if end is not None:
        text += f", {ending(graph.calls[end])}"
    return f"{text}, at each step" if call.op == "Dense" and len(call.shape or ()) == 3 else text


def _row_of_activations(graph: Graph, place: int) -> str:
    """Activations by themselves, the last first, and what they are made of."""
    row = []
    while len(row) < _LONGEST_ROW:
        call = graph.calls[place]
        row.append(describe(call))
        place = call.inputs[0].call
        before = graph.calls[place]
        if before.op != "Activation" or not before.inputs or _start(graph, place) != place:
            return " of ".join([*row, words(graph, place)])
    return " of ".join([*row, "…"])


def _ends_with(graph: Graph, place: int) -> int | None:
    """The activation of a layer that has such an argument."""
    return (
        own_activation(graph, place) if facts(graph.calls[place].op).ends_with_activation else None
    )


def told_apart(graph: Graph, places: Sequence[int]) -> list[str]:
    """What some calls do, said so that different calls do not read the same, if that can be."""
    plain = [words(graph, place) for place in places]
    often = Counter(plain)
    ways: list[Callable[[Graph, int], str]] = [_origin, _reading, _depth, _read_by]
    for way in (lambda graph, place: "", *ways):
        texts = [
            text + (way(graph, place) if often[text] > 1 else "")
            for text, place in zip(plain, places, strict=True)
        ]
        if len(set(texts)) == len(set(places)):
            return texts
    return plain


def tensors_told_apart(graph: Graph, tensors: Sequence[Tensor]) -> list[str]:
    """The same of tensors: what makes each, and which of its outputs it is, beside the first."""
    texts = told_apart(graph, [tensor.call for tensor in tensors])
    return [text + _which(graph, tensor) for text, tensor in zip(texts, tensors, strict=True)]


def tensor_words(graph: Graph, tensor: Tensor) -> str:
    """What makes a tensor, and which output of that it is, beside the first."""
    return words(graph, tensor.call) + _which(graph, tensor)


def _which(graph: Graph, tensor: Tensor) -> str:
    name = output_name(graph.calls[tensor.call], tensor.output)
    return f" ({name})" if name else ""


def _origin(graph: Graph, place: int) -> str:
    inputs = [n for n in range(len(graph.inputs)) if n == place or graph.depends(place, on=n)]
    return f", from {listed([input_name(graph, n) for n in inputs])}"


def _reading(graph: Graph, place: int) -> str:
    inputs = graph.calls[_start(graph, place)].inputs
    read = [tensor_words(graph, tensor) for tensor in inputs]
    return f", reading {listed(read)}" if read else ""


def _depth(graph: Graph, place: int) -> str:
    """How many layers with weights it is computed from."""
    start = _start(graph, place)
    before = {
        call.weights
        for n, call in enumerate(graph.calls[:start])
        if call.weights is not None and graph.depends(start, on=n)
    }
    return f", behind {counted(len(before), 'layer')}"


def _read_by(graph: Graph, place: int) -> str:
    """Who reads it."""
    end = _ends_with(graph, place)
    readers = sorted({reader for reader, _ in graph.readers[place if end is None else end]})
    return f", read by {listed([words(graph, reader) for reader in readers])}" if readers else ""


def _start(graph: Graph, place: int) -> int:
    """The layer that a call belongs to: its own, unless it is the activation of another."""
    call = graph.calls[place]
    if call.op == "Activation" and call.inputs and _ends_with(graph, call.inputs[0].call) == place:
        return call.inputs[0].call
    return place


def input_name(graph: Graph, number: int) -> str:
    """How to speak of an input: by its name, if it has one."""
    return repr(graph.inputs[number]) if graph.inputs[number] else f"input {number + 1}"


def layer_name(graph: Graph, place: int) -> str:
    """The name of a call's layer, with the number of the call where the layer is called often."""
    call = graph.calls[place]
    number = graph.call_numbers.get(place)
    if number is None or call.weights is None or len(graph.calling(call.weights)) == 1:
        return call.name
    return f"{call.name} (call {number})"


def tensor_name(graph: Graph, tensor: Tensor) -> str:
    """How to speak of a tensor: by the layer it comes out of, and which of its outputs it is."""
    return layer_name(graph, tensor.call) + _which(graph, tensor)
