"""Numbers that depend on nothing but what they are for: two networks are given the same ones."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np


def generator(*what: Any) -> np.random.Generator:
    """A generator for a purpose, such as ("bias", 3): the same one each time it is asked for."""
    return np.random.default_rng(zlib.crc32(repr(what).encode()))


def numbers(shape: int | tuple[int, ...], *what: Any, positive: bool = False) -> np.ndarray:
    """Random numbers for a purpose: around 0, or from 0.4 to 1.6 where they must be positive."""
    random = generator(*what)
    return random.uniform(0.4, 1.6, shape) if positive else random.normal(size=shape)
