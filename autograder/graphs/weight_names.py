"""What the weights of one layer are called, so that each has a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any


def named_weights(layer: Any) -> Iterator[tuple[str, Any]]:
    """Each weight of a live layer with its name; the second kernel in it is "kernel 2"."""
    often: Counter[str] = Counter()
    for variable in getattr(layer, "weights", ()):
        often[variable.name] += 1
        number = often[variable.name]
        yield variable.name if number == 1 else f"{variable.name} {number}", variable
