"""What is practised: for each chapter's idea, how a network of a level is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from autograder.practising.drawn_network import Draft, Network

LEVELS = (1, 2, 3)
T = TypeVar("T")
Drawn = Callable[[Random, int], Network]
_WIDTHS = (4, 6, 8, 12, 16, 24, 32)
_ACTIVATIONS = ("relu", "tanh", "sigmoid")


def chosen(chance: Random, things: Sequence[T]) -> T:
    """One of several; by a whole number, so that every version of Python draws the same."""
    return things[chance.randrange(len(things))]


def _width(chance: Random) -> int:
    return chosen(chance, _WIDTHS)


def _dense(draft: Draft, chance: Random, tensor: str, units: int = 0) -> str:
    activation = chosen(chance, _ACTIVATIONS)
    return draft.made("Dense", tensor, units=units or _width(chance), activation=activation)


def _head(draft: Draft, chance: Random, tensor: str) -> str:
    if chance.randrange(2):
        return draft.made("Dense", tensor, units=1, activation="sigmoid")
    return draft.made("Dense", tensor, units=3 + chance.randrange(8), activation="softmax")


def _read_text(draft: Draft, chance: Random, name: str) -> str:
    words = 100 * (1 + chance.randrange(20))
    text = draft.start(name, 5 + chance.randrange(16), whole=True)
    vectors = draft.made("Embedding", text, input_dim=words, output_dim=_width(chance))
    return draft.made(chosen(chance, ("LSTM", "GRU")), vectors, units=_width(chance))


def _stack(chance: Random, level: int) -> Network:
    draft = Draft()
    tensor = draft.start("features", 3 + chance.randrange(30))
    for _ in range(level + 1):
        tensor = _dense(draft, chance, tensor)
    return draft.network(_head(draft, chance, tensor))


def _inputs(chance: Random, level: int) -> Network:
    draft = Draft()
    numbers = draft.start("numbers", 3 + chance.randrange(20))
    ends = [_read_text(draft, chance, name) for name in ("text", "question", "answer")[:level]]
    for _ in range(level):
        numbers = _dense(draft, chance, numbers)
    joined = draft.made("Concatenate", *ends, numbers)
    return draft.network(_head(draft, chance, joined))


def _outputs(chance: Random, level: int) -> Network:
    draft = Draft()
    alike = {"units": _width(chance), "activation": chosen(chance, _ACTIVATIONS)}
    tensor = draft.start("features", 3 + chance.randrange(30))
    for _ in range(level + 2):
        tensor = draft.made("Dense", tensor, **alike)
    units = chance.sample(range(1, 12), level + 1)
    branches = [tensor, *(_dense(draft, chance, tensor) for _ in units[1:])]
    heads = [
        draft.made("Dense", branch, units=n, activation="softmax" if n > 1 else "sigmoid")
        for branch, n in zip(branches, units, strict=True)
    ]
    return draft.network(*heads)


def _branches(chance: Random, level: int) -> Network:
    draft = Draft()
    width = _width(chance)
    tensor = _dense(draft, chance, draft.start("features", 3 + chance.randrange(30)), width)
    for _ in range(level):
        before = tensor
        tensor = _dense(draft, chance, _dense(draft, chance, tensor), width)
        tensor = draft.made("Add", tensor, before)
    side = _dense(draft, chance, "features")
    return draft.network(_head(draft, chance, draft.made("Concatenate", tensor, side)))


def _two_starts(draft: Draft, chance: Random) -> tuple[str, str]:
    size = 3 + chance.randrange(30)
    return draft.start("left", size), draft.start("right", size)


def _shared(chance: Random, level: int) -> Network:
    draft = Draft()
    ends = list(_two_starts(draft, chance))
    if level == LEVELS[-1]:
        ends.append(draft.start("third", *draft.starts[0].shape))
    width = _width(chance)
    # The third level is wider, not deeper: else it would take a page to read.
    for _ in range(min(level + 1, 3)):
        layer = draft.layer("Dense", units=width, activation=chosen(chance, _ACTIVATIONS))
        ends = [draft.call(layer, tensor) for tensor in ends]
    return draft.network(_head(draft, chance, draft.made("Concatenate", *ends)))


def _models(chance: Random, level: int) -> Network:
    draft, inside = Draft(), Draft("in_")
    ends = _two_starts(draft, chance)
    tensor = inside.start("in_features", *draft.starts[0].shape)
    for _ in range(level):
        tensor = _dense(inside, chance, tensor)
    frozen = bool(chance.randrange(2))
    tower = draft.model("tower", inside.network(tensor), frozen=frozen)
    made = [draft.call(tower, end) for end in ends]
    joined = draft.made("Concatenate", *made)
    for _ in range(level):
        joined = _dense(draft, chance, joined)
    return draft.network(_head(draft, chance, joined))


def _images(chance: Random, level: int) -> Network:
    draft = Draft()
    side = 16 + 4 * chance.randrange(5)
    tensor = draft.start("image", side, side, chosen(chance, (1, 3)))
    for _ in range(level):
        convolution = {"filters": _width(chance), "kernel_size": 3, "padding": "same"}
        tensor = draft.made("Conv2D", tensor, **convolution, activation="relu")
        tensor = draft.made("MaxPooling2D", tensor, pool_size=2)
    tensor = draft.made(chosen(chance, ("Flatten", "GlobalAveragePooling2D")), tensor)
    if level > 1:
        tensor = draft.made("Concatenate", tensor, _read_text(draft, chance, "question"))
    return draft.network(_head(draft, chance, tensor))


TOPICS: dict[str, Drawn] = {
    "stacks of layers": _stack,
    "several inputs": _inputs,
    "several outputs": _outputs,
    "branches and shortcuts": _branches,
    "shared layers": _shared,
    "models as layers": _models,
    "images and questions": _images,
}
"""The ideas of the chapters, in their order."""

SIZES = {1: range(1, 8), 2: range(8, 11), 3: range(11, 100)}
"""How many calls a network has in which a mistake of a level is made."""
