"""Where submissions are graded: processes of this machine, or a Dask scheduler's workers."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import dask
from distributed import Client, Security
from tqdm import tqdm

from autograder.grading.engine.imports import METHOD
from autograder.grading.engine.local_cluster import local_cluster
from autograder.grading.engine.replacements import replaced
from autograder.grading.sandbox import interrupts
from autograder.problem import Problem

SETTINGS = {
    "distributed.worker.multiprocessing-method": METHOD,
    # Dask looks at itself 50 times a second in every process, which nobody reads here.
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "1m",
}
NO_WORKERS = (
    "The workers end as soon as they start. Is there memory enough for them? With --workers 1 it "
    "needs least. What is finished is kept."
)
ANSWERING = 10
"""Seconds in which a scheduler should answer."""
RETURNING = 120
"""Seconds in which a scheduler that was lost may come back."""
JOINING = 60
"""Seconds to wait for workers where there are none; a restarted scheduler's have to find it."""
CHANGED = (
    "This package, or one that grades rest on, was changed while it ran, and workers that started "
    "since would grade otherwise."
)
NONE_MAY = "There is no worker that may grade, and nothing was graded by those above."
UNTRUSTED = (
    "The Dask scheduler {address} is to be reached without TLS: whoever reaches its port may run "
    "anything on its workers, and grade. Give tls://HOST:PORT with --tls-ca, --tls-cert and "
    "--tls-key (docs/instructors.md, Growing past one machine), or --trusted-network if nobody "
    "else is on that network."
)


class Gone(Problem):
    """Whoever grades is gone for good; what was finished before is kept."""


class Cluster(Protocol):
    """Workers, by way of Dask's client.

    Attributes:
        client: Dask's client; a new one after `again`.
        unfenced: whether submissions may run where there is no sandbox.
        joining: seconds to wait for workers where there are none; None if that is no matter of
            time.
        refused: what is said where all workers that are there must not grade.
    """

    client: Client
    unfenced: bool
    joining: float | None
    refused: str

    def again(self) -> None:
        """Connect again after the connection was lost.

        Raises:
            Gone: if that cannot be done.
        """


class Local:
    """Processes of this machine."""

    joining = None
    refused = CHANGED
    unfenced = True  # one loud line in the log, and a remark in each notebook, say so

    def __init__(self, client: Client) -> None:
        """Take over the client."""
        self.client = client

    def again(self) -> None:
        """Their scheduler is in this process: if it does not answer, it is all over."""
        raise Gone(NO_WORKERS)


@contextmanager
def local(count: int) -> Iterator[Local]:
    """`count` processes here.

    Raises:
        Problem: if they end as soon as they start.
    """
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        with interrupts.held_back():
            try:
                cluster = stack.enter_context(local_cluster(count))
            except RuntimeError:
                raise Problem(NO_WORKERS) from None
            client = stack.enter_context(Client(cluster))
            stack.enter_context(replaced(cluster, client, count))
        yield Local(client)


@dataclass(frozen=True)
class Address:
    """Where a Dask scheduler is, and what it takes to talk to it.

    Attributes:
        address: such as "tls://10.0.0.1:8786".
        ca, cert, key: files of PEM texts; what is None is taken from Dask's configuration.
        trusted: whether the network is trusted, so that no TLS is needed.
        unfenced: whether submissions may run where there is no sandbox.
    """

    address: str
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    trusted: bool = False
    unfenced: bool = False

    def security(self) -> Security | None:
        """The credentials.

        Raises:
            Problem: if there are none, or they cannot be used, and the network is not trusted.
        """
        if not self.address.startswith("tls://"):
            if self.trusted:
                return None
            raise Problem(UNTRUSTED.format(address=self.address))
        given = {"tls_ca_file": self.ca, "tls_client_cert": self.cert, "tls_client_key": self.key}
        security = Security(
            require_encryption=True, **{name: path for name, path in given.items() if path}
        )
        if not (security.tls_ca_file and security.tls_client_cert):
            raise Problem(
                f"{self.address} needs credentials: give --tls-ca, --tls-cert and --tls-key, or "
                "set distributed.comm.tls in Dask's configuration."
            )
        for name in given:
            path = getattr(security, name)
            if path and "\n" not in path and not Path(path).is_file():
                raise Problem(f"There is no file {path}, which should hold TLS credentials.")
        try:
            security.get_connection_args("client")
        except OSError as error:
            raise Problem(f"The TLS credentials cannot be used: {_line(error)}") from None
        return security


class Remote:
    """The workers of a scheduler that is already there."""

    unfenced = False
    joining = JOINING
    refused = NONE_MAY

    def __init__(self, where: Address) -> None:
        """Connect.

        Raises:
            Problem: if it does not answer.
        """
        self._where, self._security = where, where.security()
        self.unfenced = where.unfenced
        try:
            self.client = self._connected()
        except (OSError, TimeoutError, ValueError) as error:
            raise Problem(
                f"The Dask scheduler {where.address} does not answer: {_line(error)}"
            ) from None

    def _connected(self) -> Client:
        return Client(self._where.address, security=self._security, timeout=ANSWERING)

    def again(self) -> None:
        """Wait for the scheduler to come back."""
        address = self._where.address
        _say(f"The Dask scheduler {address} is lost; it has {RETURNING} seconds to come back.")
        self.close()
        end = time.monotonic() + RETURNING
        while time.monotonic() < end:
            with suppress(OSError, TimeoutError, ValueError):
                self.client = self._connected()
                _say(f"The Dask scheduler {address} is back.")
                return
            time.sleep(1)
        raise Gone(f"The Dask scheduler {address} is lost, and did not come back. Start it.")

    def close(self) -> None:
        """Leave the scheduler alone, wherever it is."""
        with suppress(Exception):
            self.client.close(timeout=ANSWERING)


@contextmanager
def remote(where: Address) -> Iterator[Remote]:
    """The workers of a scheduler; it runs on after this.

    Raises:
        Problem: if it does not answer, or must not be used.
    """
    cluster = Remote(where)
    try:
        yield cluster
    finally:
        cluster.close()


def quiet() -> None:
    """Dask says nothing: what matters is told in our words."""
    for name in list(logging.root.manager.loggerDict):  # each has a level of its own
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _say(line: str) -> None:
    tqdm.write(line, file=sys.stderr)


def _line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
