"""Dask on this machine alone, so that no other user of the machine can talk to any part of it.

Dask's ports are open to every user, and whoever may talk to them may have any function run. So all
parts demand a certificate that exists in this run's memory only, and the web servers, which demand
nothing, are not there.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
from distributed import Nanny, Scheduler, Security, SpecCluster, Worker
from distributed.system import MEMORY_LIMIT

HOST = "127.0.0.1"


class WithoutWeb:
    """A part of Dask that serves no web pages."""

    def start_http_server(self, *arguments: Any, **options: Any) -> None:
        """Dask starts one in each process, whatever it is asked for; here is none."""


class PrivateScheduler(WithoutWeb, Scheduler):
    """Dask's scheduler without its web server."""


class PrivateWorker(WithoutWeb, Worker):
    """Dask's worker without its web server."""


class PrivateNanny(Nanny):
    """Dask's process that starts a worker, and starts it anew when it dies."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """As Dask's."""
        super().__init__(*arguments, worker_class=PrivateWorker, **options)


@contextmanager
def local_cluster(count: int) -> Iterator[SpecCluster]:
    """A cluster of `count` processes here; they end with the context.

    Raises:
        RuntimeError: if they end as soon as they start.
    """
    security = Security.temporary()
    common = {"host": HOST, "protocol": "tls://", "security": security}
    with (
        tempfile.TemporaryDirectory(prefix="dask-", ignore_cleanup_errors=True) as folder,
        # Dask's own choice is a folder that all users share.
        dask.config.set({"temporary-directory": folder}),
    ):
        worker = {
            "cls": PrivateNanny,
            "options": {
                **common,
                "nthreads": 1,  # nbgrader changes the working folder of its process
                "memory_limit": MEMORY_LIMIT // count,
                "silence_logs": logging.CRITICAL,
            },
        }
        with SpecCluster(
            workers=dict.fromkeys(range(count), worker),
            worker=worker,
            scheduler={"cls": PrivateScheduler, "options": {**common, "dashboard": False}},
            security=security,
            silence_logs=logging.CRITICAL,
        ) as cluster:
            yield cluster
