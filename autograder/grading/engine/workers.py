"""Many submissions at once, by Dask: on this machine, or on a cluster that is already there."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import chain

import dask
from distributed import Client, as_completed
from distributed.client import ClosedClientError
from distributed.scheduler import KilledWorker

from autograder.grading import interrupts
from autograder.grading.engine.grade_one import Bundle, Result, grade_one
from autograder.grading.engine.imports import METHOD
from autograder.grading.engine.local_cluster import local_cluster
from autograder.grading.engine.replacements import replaced
from autograder.grading.problem import Problem

SETTINGS = {
    "distributed.worker.multiprocessing-method": METHOD,
    # Dask looks at itself 50 times a second in every process, which nobody reads here.
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "1m",
}
AHEAD = 4
"""Submissions per worker that are on their way at a time: the rest wait on disk, not in memory."""
NO_WORKERS = (
    "The workers end as soon as they start. Is there memory enough for them? With --workers 1 it "
    "needs least. What is finished is kept."
)


@contextmanager
def workers(count: int | None, scheduler: str | None) -> Iterator[Callable[[], Client]]:
    """Dask workers: a function that starts them when it is first called; they end with the context.

    Args:
        count: how many processes; as many as there are cores by default.
        scheduler: the address of a running Dask scheduler, such as "tcp://10.0.0.1:8786".

    Raises:
        Problem: by that function, if the scheduler does not answer, or there are no workers.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    connected = _connected(scheduler) if scheduler else _started(count or os.cpu_count() or 1)
    with ExitStack() as stack:
        yield cache(lambda: stack.enter_context(connected))


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """A client of the cluster at `scheduler`."""
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise Problem(f"The Dask scheduler {scheduler} does not answer: {error}") from None
    with client:
        _demand_workers(client, scheduler)
        yield client


@contextmanager
def _started(count: int) -> Iterator[Client]:
    """A client of `count` processes here."""
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        with interrupts.held_back():
            try:
                cluster = stack.enter_context(local_cluster(count))
            except RuntimeError:
                raise Problem(NO_WORKERS) from None
            client = stack.enter_context(Client(cluster))
            stack.enter_context(replaced(cluster, client, count))
        yield client


def _demand_workers(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=30)
    except TimeoutError:
        raise Problem(
            f"The Dask scheduler {scheduler} has no workers. Start some: dask worker {scheduler}"
        ) from None


def _itself(bundle: Bundle) -> Bundle:
    return bundle


def grade_all(
    start: Callable[[], Client], bundle: Bundle, submissions: Iterable[tuple[str, bytes]]
) -> Iterator[Result]:
    """Grade submissions on a cluster's workers; results come as they are finished.

    A worker that dies takes no result with it: its submission is tried again elsewhere, and one
    that kills its workers again and again comes back with that as its trouble.

    Args:
        start: starts the workers; where there are no submissions, it is not called.
        bundle: the assignment.
        submissions: student and packed submission, read only as workers are free.

    Raises:
        Problem: if workers end as soon as they start, again and again.
    """
    waiting = iter(submissions)
    if (first := next(waiting, None)) is None:
        return
    waiting, client = chain([first], waiting), start()
    # As a task's result, not by scatter: that waits for ever if a worker dies meanwhile, and what
    # it has placed is gone with its worker.
    everybody = client.submit(_itself, bundle, pure=False)
    running = as_completed([])
    students: dict[str, str] = {}

    def send(number: int) -> None:
        for _, (student, submission) in zip(range(number), waiting, strict=False):
            future = client.submit(grade_one, everybody, student, submission, pure=False, retries=2)
            students[future.key] = student
            running.add(future)

    send(AHEAD * max(1, len(client.scheduler_info()["workers"])))
    for future in running:
        if client.status in ("closing", "closed"):
            raise Problem(NO_WORKERS)
        student = students.pop(future.key)
        try:
            yield future.result()
        except KilledWorker:
            yield Result(student, trouble="it stopped every worker that tried to grade it")
        except Exception as error:
            yield Result(student, trouble=f"{type(error).__name__}: {error}".splitlines()[0])
        try:
            send(1)
        except ClosedClientError:
            raise Problem(NO_WORKERS) from None
