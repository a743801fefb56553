"""Inputs that reach limits: the numbers that networks compare with, and those next to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.by_value.network import Network
from autograder.by_value.probes import Probe
from autograder.graphs.rebuilding.makers import NotEvaluable

_SIZES = (8.0, 60.0, 3.0, 8.0, 1.0, 20.0)
"""How large weights are made, one after the other, so that limits are reached."""


def data_at_limits(
    networks: Sequence[Network], probe: Probe, lengths: Sequence[int]
) -> Iterator[tuple[list[np.ndarray], float]]:
    """Inputs that reach limits, and how large weights are with them, while some are missed.

    Args:
        networks: both.
        probe: what their inputs look like.
        lengths: for axes without one, in turn.
    """
    if probe.limits:
        yield probe.data_at_limits(13, lengths, only_ids=True), 1
    if probe.minds_what_is_no_number:
        yield probe.data_without_numbers(15, lengths), 1
    for number, size in enumerate(_SIZES):
        if not any(network.reached.missed() for network in networks):
            break
        yield probe.data(64, 14 + 2 * number, (1.0, 100.0), lengths), size
    if probe.limits and any(probe.whole):
        data = probe.data_at_limits(17, lengths, only_ids=False)
        if takes(networks, data) and (looked_up := _looked_up(networks, data)):
            yield looked_up, 1


def takes(networks: Sequence[Network], data: list[np.ndarray]) -> bool:
    """Whether networks can be given these inputs."""
    try:
        for network in networks:
            network.run(None, data)
    except NotEvaluable:
        return False
    return True


def _looked_up(networks: Sequence[Network], data: list[np.ndarray]) -> list[np.ndarray]:
    """As many examples, of those alone in which networks find in their tables what they look up:
    nobody says what a network makes of others. Nothing where there are none.
    """
    found = np.logical_and.reduce([network.finds(data) for network in networks])
    if not found.any():
        return []
    kept = np.resize(np.flatnonzero(found), len(found))
    return [array[kept] for array in data]
