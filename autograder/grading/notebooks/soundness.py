"""Whether an output that a student's code made is one that a notebook may hold."""

from typing import Any

import nbformat
from nbformat import NotebookNode

DEEPEST = 60
"""Levels of nested lists in an output; evidence of models in models has a dozen."""


def is_sound(output: NotebookNode) -> bool:
    """Whether a notebook may hold this output."""
    try:
        nbformat.validate(output, ref="output", version=4)
    except Exception:  # a validator stumbles over what is far from valid
        return False
    return is_shallow(output)


def is_shallow(content: Any) -> bool:
    """Whether lists and mappings are nested no deeper than `DEEPEST`."""
    depth, level = 0, [content]
    while level and depth <= DEEPEST:
        depth += 1
        below = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, (list, tuple)):
                below += item
        level = [item for item in below if isinstance(item, (dict, list, tuple))]
    return depth <= DEEPEST
