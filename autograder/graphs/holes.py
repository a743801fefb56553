"""Tensors among the arguments of a call: each leaves a hole where it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.graphs.graph import HOLE


def holes(pattern: Any) -> int:
    """How many tensors an argument has."""
    if isinstance(pattern, Mapping):
        return sum(map(holes, pattern.values()))
    if isinstance(pattern, (list, tuple)):
        return sum(map(holes, pattern))
    return int(isinstance(pattern, str) and pattern == HOLE)
