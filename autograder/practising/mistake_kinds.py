"""The kinds of mistakes that can be drawn, each under the name that the catalogue has for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.practising.drawn_network import Layer, Network

Make = Callable[[Network], Iterator[Network]]


@dataclass(frozen=True)
class Kind:
    """What is said of a mistake as a choice, and what makes it in a network, in every way."""

    says: str
    make: Make


MISTAKES: dict[str, Kind] = {}
"""By its id; entered by the modules that make them."""

NOT_DRAWN = {
    "outputs-unnamed": "outputs go by their order here, and none has a name",
    "inputs-crossed": "inputs that are meant to be of one shape go through the same layers here",
    "inputs-swapped": "inputs go by their names here, so their order is free",
    "not-tied": "no operation here reads a weight of a layer",
    "tied-by-mistake": "no operation here reads a weight of a layer",
    "tied-to-a-copy": "no operation here reads a weight of a layer",
    "wrong-weight": "no operation here reads a weight of a layer",
    "missing-mask": "no layer here is called with a mask",
    "mask-lost": "no tensor here has a mask",
    "mask-not-lost": "no tensor here has a mask",
    "wrong-axis": "what is merged here are vectors, which have one axis",
    "return-sequences": "what reads a text's last state here cannot read every step",
    "wrong-wrapper": "no layer here has a wrapper",
    "missing-state": "no layer here begins with a state of its own",
    "wrong-argument": "layers here are called with tensors alone",
    "wrong-backward-layer": "no layer here is read both ways",
    "concat-order": "what reads a concatenation here weighs all of it, so its order is free",
    "wrong-shape": "code here reshapes nothing by hand",
}
"""The misconceptions of the catalogue that no drawn network can have, each with the reason."""

_WIRED = (
    "wrong-tensor",
    "head-on-wrong-tensor",
    "skip-from-wrong-tensor",
    "same-input-twice",
    "missing-layer",
    "extra-layer",
    "missing-skip",
    "missing-branch",
    "extra-branch",
    "merged-too-early",
    "merged-too-late",
    "layers-reordered",
    "call-missing",
    "call-extra",
    "made-twice",
    "wrong-output",
    "unused-input",
    "missing-input",
)
"""Of each of these one can say that a layer reads another tensor than it should."""

_TRUE_TOGETHER = (
    *(("wrong-tensor", other) for other in _WIRED[1:]),
    ("not-shared", "partly-shared", "made-twice", "extra-layer", "call-missing"),
    ("shared-by-mistake", "call-extra", "missing-layer"),
    ("shared-by-mistake", "wrong-tensor"),
    ("call-extra", "extra-layer", "made-twice"),
    ("call-missing", "missing-layer", "merged-too-early", "missing-input", "missing-branch"),
    ("unused-input", "missing-layer"),
    ("missing-input", "unused-input", "missing-branch", "same-input-twice", "extra-input"),
    ("missing-skip", "missing-layer", "missing-branch"),
    ("wrong-output", "missing-layer", "head-on-wrong-tensor"),
    ("wrong-output", "outputs-swapped"),
    ("merged-too-early", "merged-too-late", "layers-reordered"),
    ("layers-reordered", "wrong-units"),
    ("layers-reordered", "wrong-activation"),
    ("wrong-merge", "wrong-layer"),
    ("embedding-swapped", "wrong-vocabulary"),
    ("missing-activation", "wrong-activation"),
)
"""Mistakes whose sentences may be true of the same code."""


def may_both_be_said(first: str, second: str) -> bool:
    """Whether the sentences of two mistakes may be true of the same code."""
    return any(first in group and second in group for group in _TRUE_TOGETHER)


def mistake(id: str, says: str) -> Callable[[Make], Make]:
    """Enter what makes a mistake.

    Args:
        id: its name in the catalogue.
        says: what is said of it as a choice.
    """

    def enter(make: Make) -> Make:
        MISTAKES[id] = Kind(says, make)
        return make

    return enter


def each_changed(network: Network, change: Callable[[Layer], Layer | None]) -> Iterator[Network]:
    """The network with one layer another, for each layer that the change makes another."""
    for name, layer in network.layers:
        other = change(layer)
        if other is not None and other != layer:
            yield network.with_layer(name, other)
