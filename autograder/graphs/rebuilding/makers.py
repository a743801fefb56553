"""What makers of calls are, and what they say of a call that they cannot make."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

DTYPE = "float64"
"""Numbers are this exact, so that what is left of rounding is smaller than any other difference."""

Maker = Callable[[list[Any], bool | None], Any]
"""Given the tensors that a call reads, and whether it trains, what the call makes."""


class NotEvaluable(Exception):
    """The graph cannot be called on numbers; the message says which call stands in the way."""


def function_named(room: Any, name: Any) -> Any:
    """The public function of this name in a module; None where there is none."""
    known = isinstance(name, str) and name.isidentifier() and not name.startswith("_")
    function = getattr(room, name, None) if known else None
    return function if inspect.isfunction(function) else None
