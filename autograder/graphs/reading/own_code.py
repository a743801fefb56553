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

_LIBRARIES = frozenset({"keras", "tensorflow"})

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
    wiring = [[layer.get("inbound_nodes") for layer in config["layers"]], ends]
    text = json.dumps(without_names(wiring, numbers), sort_keys=True, default=str)
    kept = {key: config[key] for key in config if key not in {"input_layers", "output_layers"}}
    return {**kept, "wiring": hashlib.sha256(text.encode()).hexdigest()[:16]}


def without_names(value: Any, numbers: Mapping[Any, int]) -> Any:
    """A configuration with numbers in place of layers' names."""
    if isinstance(value, Mapping):
        items = value.items()
        return {str(key): without_names(item, numbers) for key, item in items if key != "name"}
    if isinstance(value, (list, tuple)):
        return [without_names(item, numbers) for item in value]
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
    """Equal for functions that do the same in the same words.

    What they close over, and functions and numbers of their own module that they use, are part of
    it; functions of other modules are known by name.
    """
    return hashlib.sha256(repr(_content(function, set())).encode()).hexdigest()[:16]


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
    kind, room = value.get("class_name"), str(value.get("module") or "").split(".")[0]
    if kind == "__lambda__" or set(value) == {"value"}:  # an activation's
        return "lambda"
    is_named = kind is not None and isinstance(value.get("config"), str)
    return value["config"] if is_named and room not in _LIBRARIES else ""


def _content(thing: Any, seen: set[int]) -> Any:
    """What a function is made of, as plain data; `seen` are those that are being looked at."""
    if isinstance(thing, functools.partial):
        return "partial", _content(thing.func, seen), _value([thing.args, thing.keywords], seen)
    function = getattr(thing, "__func__", thing)
    code, room = getattr(function, "__code__", None), _room(function)
    if not isinstance(code, CodeType) or room in _LIBRARIES or id(code) in seen:
        return room, getattr(function, "__qualname__", type(function).__name__)
    seen = {*seen, id(code)}
    cells = [_cell(cell, seen) for cell in function.__closure__ or ()]
    names = sorted(set(_names(code)) & set(function.__globals__))
    around = [(name, _around(function.__globals__[name], function, seen)) for name in names]
    defaults = [_value(value, seen) for value in function.__defaults__ or ()]
    return _words(code, function.__doc__), cells, around, defaults


def _room(function: Any) -> str:
    return str(getattr(function, "__module__", None) or "").split(".")[0]


def _around(value: Any, function: Any, seen: set[int]) -> Any:
    """Something that a function finds in its module; what comes from another is known by name."""
    is_code = isinstance(getattr(value, "__code__", None), CodeType)
    if is_code and _room(value) != _room(function):
        return _room(value), value.__qualname__
    return _value(value, seen)


def _cell(cell: Any, seen: set[int]) -> Any:
    try:
        return _value(cell.cell_contents, seen)
    except ValueError:  # empty as yet
        return ""


def _value(value: Any, seen: set[int]) -> Any:
    """A value that a function uses: numbers and such as they are, other things by their class."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return [_value(item, seen) for item in value]
    if isinstance(value, dict):
        return [(repr(key), _value(item, seen)) for key, item in value.items()]
    array = value.numpy() if _room(type(value)) == "tensorflow" and _is_eager(value) else value
    if callable(getattr(array, "tobytes", None)):
        return str(array.dtype), array.shape, hashlib.sha256(array.tobytes()).hexdigest()
    is_code = isinstance(getattr(value, "__code__", None), CodeType)
    return _content(value, seen) if is_code else type(value).__name__


def _is_eager(value: Any) -> bool:
    return callable(attribute(value, "numpy"))


def _names(code: CodeType) -> list[str]:
    inside = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [*code.co_names, *(name for inner in inside for name in _names(inner))]


def _words(code: CodeType, doc: str | None) -> Any:
    constants = [_constant(each) for each in code.co_consts if doc is None or each != doc]
    return code.co_code.hex(), code.co_names, constants


def _constant(value: Any) -> Any:
    if isinstance(value, CodeType):
        return _words(value, None)
    # The order of a set of texts differs from one process to the next.
    return sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)
