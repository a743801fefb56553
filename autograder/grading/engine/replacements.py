"""New workers for those that Dask gives up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, SpecCluster, Status

LOOK = 1.0
"""Seconds between two looks for workers that are gone for good; twice as long after a vain start.
"""
MOST_STARTS = 5
"""How often workers are started anew while none of them comes so far as to work."""
GONE = frozenset({Status.closed, Status.failed})


@contextmanager
def replaced(cluster: SpecCluster, client: Client, count: int) -> Iterator[None]:
    """Within this, workers are started for those that are gone.

    Dask itself does that unless one dies while it starts. If new ones do no better, the client is
    closed, and who waits for its results hears of it.

    Args:
        cluster: whose workers they are.
        client: the cluster's client.
        count: how many workers there should be.
    """
    over = threading.Event()

    def look() -> None:
        starts = 0
        while not over.wait(LOOK * 2**starts):
            if cluster.scheduler_info["workers"]:
                starts = 0
            gone = sum(nanny.status in GONE for nanny in list(cluster.workers.values()))
            if gone and starts == MOST_STARTS:
                client.close()
                return
            if gone:
                starts += 1
                cluster.scale(count - gone)  # Dask takes those that the scheduler does not know
                cluster.scale(count)

    thread = threading.Thread(target=look, name="replacements", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
