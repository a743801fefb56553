"""Whether a model uses a part's own weights, or new ones that only look the same."""

from __future__ import annotations

import math
from typing import Any


def reused_parameters(model: Any, part: Any) -> int:
    """How many parameters of a model are the very ones that a part of it brought along.

    Args:
        model: a built Keras model.
        part: a model or layer that may have been called in it.

    Returns:
        0 if the model has none of the part's weights, however similar its own may be.
    """
    brought = {id(weight) for weight in part.weights}
    return sum(math.prod(weight.shape) for weight in model.weights if id(weight) in brought)
