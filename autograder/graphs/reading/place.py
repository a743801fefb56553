"""Where in the nesting of models and wrappers a call was made, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.graphs.bounds import DEEPEST
from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import Shape, Tensor
from autograder.graphs.reading.live import TOO_DEEP


@dataclass(frozen=True)
class Place:
    """Where in the nesting of models we are.

    `path` tells layers of different sub-models apart, `times` are the lengths of the time axes
    that TimeDistributed wrappers around us put between the batch axis and the others. `frozen`
    says that a model around us is, and `training` what it was called with: both hold for all that
    is inside.
    """

    path: str = ""
    times: tuple[int | None, ...] = ()
    depth: int = 0
    frozen: bool = False
    training: bool | None = None

    def inside(self, name: str) -> Place:
        """The place in a model, or in a wrapper, of this name.

        Raises:
            NotReadable: if that is deeper than models are read.
        """
        if self.depth == DEEPEST:
            raise NotReadable(TOO_DEEP)
        return replace(self, path=f"{self.path}{name}/", depth=self.depth + 1)

    def with_times(self, shape: Shape) -> Shape:
        """A shape as it is seen here, of what a layer inside the wrappers sees."""
        return shape[:1] + self.times + shape[1:]

    def without_times(self, shape: Shape) -> Shape:
        """A shape as a layer inside the wrappers sees it, of one that is seen here."""
        return shape[:1] + shape[1 + len(self.times) :]


@dataclass(frozen=True)
class Made:
    """One call of a layer, or of a model used as a layer, as it was made.

    Attributes:
        layer: the layer as Keras saves it.
        live: the layer itself; None where there is only what was saved.
        inputs: the tensors that it is called on.
        rest: what else it is called with.
        place: where in the nesting of models that is.
        in_list: whether the tensors are in a list; None if they are in something else.
        in_steps: whether a TimeDistributed calls the layer.
    """

    layer: Mapping[str, Any]
    live: Any
    inputs: list[Tensor]
    rest: Mapping[str, Any]
    place: Place
    in_list: bool | None = False
    in_steps: bool = False
