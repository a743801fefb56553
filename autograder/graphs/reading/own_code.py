"""What somebody wrote: classes and functions that are not Keras' own, by name and by what they do.

None of it is run. A class is known by its name, its settings and its variables; a function by its
name and a fingerprint of its code, which neither lines nor names of variables change.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from types import CodeType
from typing import Any

from autograder.graphs.black_boxes import OWN_FUNCTION
from autograder.graphs.graph import Held

_DEEPEST = 4
"""Functions that a function calls, and so on: how far they are looked at."""

_LIBRARIES = ("keras", "tensorflow")

_PLAIN = (bool, int, float, complex, str, bytes, type(None))


def with_own_functions(config: Mapping[str, Any], live: Any) -> dict[str, Any]:
    """Settings in which each function of somebody's is told by its name and its fingerprint."""
    return {key: _told(value, attribute(live, key)) for key, value in _with_wiring(config).items()}


def attribute(thing: Any, name: str) -> Any:
    """What something has under a name; None where it has nothing there, or will not say."""
    try:
        return getattr(thing, name, None)
    except Exception:  # a property that somebody wrote
        return None


def _with_wiring(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings of a model in a black box, with who reads whom in place of Keras' names."""
    if "input_layers" not in config or not isinstance(config.get("layers"), list):
        return config
    numbers = {layer.get("name"): place for place, layer in enumerate(config["layers"])}
    ends = [config["input_layers"], config.get("output_layers")]
    wiring = [_wired([layer.get("inbound_nodes") for layer in config["layers"]], numbers), ends]
    text = json.dumps(_wired(wiring, numbers), sort_keys=True, default=str)
    kept = {key: config[key] for key in config if key not in {"input_layers", "output_layers"}}
    return {**kept, "wiring": hashlib.sha256(text.encode()).hexdigest()[:16]}


def _wired(value: Any, numbers: Mapping[Any, int]) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _wired(item, numbers) for key, item in value.items() if key != "name"}
    if isinstance(value, (list, tuple)):
        return [_wired(item, numbers) for item in value]
    return numbers.get(value, value) if isinstance(value, str) else value


def own_thing(thing: Any) -> dict[str, Any]:
    """How something that is no data stands in settings."""
    name = getattr(thing, "__name__", None) or type(thing).__name__
    return {"class_name": OWN_FUNCTION, "config": str(name), "code": fingerprint(thing)}


def is_made_over(live: Any) -> bool:
    """Whether a live layer of Keras' holds other variables than its class makes: quantized, or with
    a LoRA beside its own.
    """
    return bool(getattr(live, "lora_enabled", False) or getattr(live, "quantization_mode", None))


def held_by(live: Any) -> tuple[Held, ...]:
    """The variables of a live layer."""
    learning = {id(variable) for variable in getattr(live, "trainable_weights", ())}
    return tuple(
        Held(tuple(variable.shape), id(variable) in learning)
        for variable in getattr(live, "weights", ())
    )


def fingerprint(function: Any) -> str:
    """Equal for functions that do the same in the same words; "" where there is no code to read."""
    content = _content(function, 0)
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16] if content else ""


def _told(value: Any, live: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if isinstance(value.get("config"), Mapping) and value.get("class_name") != "__lambda__":
        return {**value, "config": with_own_functions(value["config"], live)}
    name = _name_of_own(value)
    if not name:
        return value
    saved = "" if name != "lambda" else hashlib.sha256(repr(value).encode()).hexdigest()[:16]
    code = fingerprint(live) if callable(live) else saved
    return {"class_name": OWN_FUNCTION, "config": name, "code": code}


def _name_of_own(value: Mapping[str, Any]) -> str:
    """The name of a saved function of somebody's; "" for what is none."""
    kind, module = value.get("class_name"), str(value.get("module") or "")
    if kind == "__lambda__" or set(value) == {"value"}:  # an activation's
        return "lambda"
    is_named = kind is not None and isinstance(value.get("config"), str)
    return value["config"] if is_named and not module.startswith(_LIBRARIES) else ""


def _content(thing: Any, depth: int) -> Any:
    if isinstance(thing, functools.partial):
        return _content(thing.func, depth), repr(thing.args), repr(sorted(thing.keywords.items()))
    function = getattr(thing, "__func__", thing)
    code = getattr(function, "__code__", None)
    room = str(getattr(function, "__module__", None) or "").split(".")[0]
    if not isinstance(code, CodeType) or room in {"keras", "tensorflow"}:
        return room, getattr(function, "__qualname__", type(function).__name__)
    if depth == _DEEPEST:
        return code.co_name
    cells = [_cell(cell, depth) for cell in function.__closure__ or ()]
    names = sorted(set(_names(code)) & set(function.__globals__))
    around = [(name, _value(function.__globals__[name], depth)) for name in names]
    defaults = [_value(value, depth) for value in function.__defaults__ or ()]
    return _words(code, function.__doc__), cells, around, defaults


def _cell(cell: Any, depth: int) -> Any:
    try:
        return _value(cell.cell_contents, depth)
    except ValueError:  # empty as yet
        return ""


def _value(value: Any, depth: int) -> Any:
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, (list, tuple)) and all(isinstance(item, _PLAIN) for item in value):
        return repr(list(value))
    is_code = isinstance(getattr(value, "__code__", None), CodeType)
    return _content(value, depth + 1) if is_code else type(value).__name__


def _names(code: CodeType) -> list[str]:
    inside = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [*code.co_names, *(name for inner in inside for name in _names(inner))]


def _words(code: CodeType, doc: str | None) -> Any:
    constants = [
        _words(constant, None) if isinstance(constant, CodeType) else repr(constant)
        for constant in code.co_consts
        if doc is None or constant != doc
    ]
    return code.co_code.hex(), code.co_names, constants
