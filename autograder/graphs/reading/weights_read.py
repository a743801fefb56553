"""Weights of layers that an operation reads by itself, as a tied output reads an embedding's table.

Keras saves such a weight as an array of its numbers, as it saves a constant. Which of both an array
is shows where Keras is told other numbers for its variables: a weight follows them, and what was
computed from one when the model was built does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_MARK = "__weight__"
_ARRAY = "__tensor__"


@dataclass(frozen=True, eq=False)
class _Variable:
    """A variable among the arguments of a call; as text, it says nothing of its numbers."""

    itself: Any

    def __str__(self) -> str:
        return f"weight {tuple(self.itself.shape)}"


def with_weights_told(config: Mapping[str, Any], saved: Callable[[], Any]) -> Mapping[str, Any]:
    """A model's configuration in which weights that calls read stand as such.

    Args:
        config: as Keras saves it.
        saved: saves it once more.
    """
    if not _has_arrays(config):
        return config
    variables: list[Any] = []
    try:
        numbered, empty = (_saved_with(fill, variables, saved) for fill in (_number, _zero))
    except Exception:  # a layer that somebody wrote may save what it reads of its weights
        return config
    return _told(config, numbered, empty, variables)


def weight_among(value: Any) -> Any:
    """The variable that an argument is, as `with_weights_told` marks it; None if it is none."""
    is_marked = isinstance(value, Mapping) and value.get("class_name") == _MARK
    return value["config"]["variable"].itself if is_marked else None


def _has_arrays(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.get("class_name") == _ARRAY or any(map(_has_arrays, value.values()))
    # The numbers of an array are no place to look for one.
    is_list = isinstance(value, (list, tuple)) and bool(value)
    return is_list and not isinstance(value[0], (int, float)) and any(map(_has_arrays, value))


def _number(place: int) -> int:
    return place + 1


def _zero(place: int) -> int:
    return 0


def _saved_with(fill: Callable[[int], int], variables: list[Any], saved: Callable[[], Any]) -> Any:
    """What is saved where the variables have other numbers; those that are asked for are noted."""
    import keras

    places = {id(variable): number for number, variable in enumerate(variables)}

    class Filled(keras.StatelessScope):
        """Has one number for each variable: a large table would take seconds to be saved."""

        def get_current_value(self, variable: Any) -> Any:
            if id(variable) not in places:
                places[id(variable)] = len(variables)
                variables.append(variable)
            return keras.ops.full((1,), fill(places[id(variable)]), dtype=variable.dtype)

    with Filled(initialize_variables=False):
        return saved()


def _told(value: Any, numbered: Any, empty: Any, variables: list[Any]) -> Any:
    """A saved value with a mark for each array that is another one with other weights."""
    if not (_is_alike(value, numbered) and _is_alike(value, empty)):
        return value  # a layer that somebody wrote may say something else each time
    if isinstance(value, Mapping):
        if value.get("class_name") == _ARRAY:
            return _told_array(value, numbered, empty, variables)
        return {
            key: _told(item, numbered[key], empty[key], variables) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)) and _has_arrays(value):
        rows = zip(value, numbered, empty, strict=True)
        return type(value)(_told(*row, variables) for row in rows)
    return value


def _is_alike(value: Any, other: Any) -> bool:
    if isinstance(value, Mapping):
        return isinstance(other, Mapping) and value.keys() == other.keys()
    return not isinstance(value, (list, tuple)) or (
        isinstance(other, (list, tuple)) and len(value) == len(other)
    )


def _told_array(value: Any, numbered: Any, empty: Any, variables: list[Any]) -> Any:
    number, zero = (each["config"]["value"] for each in (numbered, empty))
    if number == zero:
        return value
    while isinstance(number, list):
        number = number[0]
    return {
        "class_name": _MARK,
        "config": {"variable": _Variable(variables[round(number) - 1])},
    }
