"""Mistakes of the catalogue made in a drawn network, each under its name there."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.practising import wrong_interface, wrong_settings, wrong_sharing, wrong_wiring
from autograder.practising.drawn_network import Network
from autograder.practising.drawn_shapes import fits_together
from autograder.practising.mistake_kinds import MISTAKES, NOT_DRAWN

__all__ = ["MISTAKES", "NOT_DRAWN", "Mistake", "mistakes_in"]
__all__ += ["wrong_interface", "wrong_settings", "wrong_sharing", "wrong_wiring"]


@dataclass(frozen=True)
class Mistake:
    """A network with one mistake in it; `id` is the name that the catalogue has for it."""

    id: str
    network: Network


def mistakes_in(network: Network, ids: tuple[str, ...] = ()) -> list[Mistake]:
    """Every mistake that can be made in a network, in an order that is always the same.

    Args:
        network: a right one.
        ids: only these mistakes; all by default.
    """
    return [
        Mistake(id, made)
        for id, kind in MISTAKES.items()
        if not ids or id in ids
        for wrong in kind.make(network)
        if fits_together(made := wrong.in_order())
    ]
