"""A process's memory in large pages, so that forks of it cost less.

A fork copies an entry for each page, and its end looks at each of them again: 70,000 of 4 kB where
TensorFlow is loaded. In pages of 2 MB there is one entry instead of 512. What a fork writes to
is still copied in small pages.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

LARGE = 2 << 20
"""Bytes of a large page; where they are larger, each is asked for more than once."""
MADV_COLLAPSE = 25
"""Since Linux 6.1; older systems refuse it, and everything stays as it is."""
OWN = re.compile(r"(\w+)-(\w+) rw-p 00000000 00:00 0 *(?:\[heap\])?")
"""A line of /proc/self/maps about memory that no file and no other process has part in."""


def gather() -> None:
    """Have the system put what this process has in memory into large pages, where it can."""
    libc = ctypes.CDLL(None)
    for start in _places():
        libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(LARGE), MADV_COLLAPSE)


def _places() -> Iterator[int]:
    """The addresses where a large page may be."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        if found := OWN.fullmatch(line):
            start, end = (int(number, 16) for number in found.groups())
            yield from range(-(-start // LARGE) * LARGE, end - LARGE + 1, LARGE)
