"""Many submissions at once: which goes to which worker, and what comes back.

Each worker is asked first whether it may grade (`terms`), and then given submissions by name. So it
is known who refused, who died, and with what; Dask carries, and starts its processes anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue

from distributed import Future
from distributed.scheduler import KilledWorker
from tqdm import tqdm

from autograder.grading.engine.cluster import Address, Cluster, Gone, local, quiet, remote
from autograder.grading.engine.grade_one import grade_one
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.engine.result import NotGraded, Result
from autograder.grading.engine.terms import Terms, refusal
from autograder.grading.processes.fingerprint import fingerprint

AHEAD = 2
"""Submissions that a worker has at a time, one of them to begin with as soon as the other is done.
"""
LOOK = 1.0
"""Seconds between two looks for workers that came or went."""
MOST_LOSSES = 4
"""How many workers a submission may take with it."""
REFUSED_ONLY = 10
"""Seconds to wait for other workers where all that are there are refused."""
FETCHING = 5.0
"""Seconds in which a result should come from its worker; after them others have their turn."""
KILLER = "it stopped every worker that tried to grade it"


@contextmanager
def workers(count: int | None, scheduler: Address | None) -> Iterator[Callable[[], Cluster]]:
    """Workers: a function that starts them when it is first called; they end with the context.

    Args:
        count: how many processes of this machine; as many as it has cores by default.
        scheduler: a Dask scheduler whose workers are used instead.

    Raises:
        Problem: if there are no credentials; by that function, if there are no workers.
    """
    quiet()
    if scheduler:
        scheduler.security()  # what is wrong with it is better known before a class is read
    made = remote(scheduler) if scheduler else local(count or os.cpu_count() or 1)
    with ExitStack() as stack:
        yield cache(lambda: stack.enter_context(made))


def grade_all(
    start: Callable[[], Cluster], bundle: Bundle, submissions: Iterable[tuple[str, bytes]]
) -> Iterator[Result]:
    """Grade submissions on a cluster's workers; results come as they are finished.

    A worker that dies takes no result with it: its submissions are tried again elsewhere, and one
    that kills its workers again and again comes back with that as its trouble.

    Args:
        start: starts the workers; where there are no submissions, it is not called.
        bundle: the assignment.
        submissions: student and packed submission, read only as workers are free.

    Raises:
        Gone: if there are no workers any more, or none that may grade.
    """
    waiting = iter(submissions)
    if (first := next(waiting, None)) is not None:
        yield from _Dispatch(start(), bundle, first, waiting).results()


@dataclass(frozen=True)
class Refused:
    """What a worker returns that must not grade."""

    reason: str


def _asked(terms: Terms) -> Refused | None:
    reason = refusal(terms)
    return Refused(reason) if reason else None


def _itself(bundle: Bundle) -> Bundle:
    return bundle


def _graded(terms: Terms, bundle: Bundle, student: str, submission: bytes) -> Result | Refused:
    # Asked again: at a worker's address there may be a new process since.
    return _asked(terms) or grade_one(bundle, student, submission)


@dataclass
class _Worker:
    """A worker as it is seen here.

    Attributes:
        name: for people.
        room: how many submissions it may have at a time.
        answer: to the question whether it may grade.
        bundle: the assignment, on that worker; None before it may grade.
        reason: why it must not grade.
        patience: seconds to wait for a result of its; more each time that they are too few.
        has: the submissions that it has, by the future's key.
    """

    name: str
    room: int
    answer: Future
    bundle: Future | None = None
    reason: str = ""
    patience: float = FETCHING
    has: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class _Dispatch:
    """One assignment's submissions on their way to workers and back."""

    def __init__(
        self,
        cluster: Cluster,
        bundle: Bundle,
        first: tuple[str, bytes],
        others: Iterator[tuple[str, bytes]],
    ) -> None:
        self._cluster, self._bundle = cluster, bundle
        self._terms = Terms(fingerprint(), cluster.unfenced)
        self._again = deque([first])
        self._others = others
        self._workers: dict[str, _Worker] = {}
        self._futures: dict[str, tuple[Future, str]] = {}
        """By key, what is on its way, and the address of the worker that has it."""
        self._done: SimpleQueue[str] = SimpleQueue()
        self._losses: dict[str, int] = {}
        self._told: set[str] = set()
        self._served = time.monotonic()
        """When there was last a worker that may grade."""
        self._looked = float("-inf")

    def results(self) -> Iterator[Result]:
        """What comes back, until all is back."""
        while True:
            try:
                yield from self._look()
                self._send()
            except Gone:
                raise
            except Exception:  # whatever Dask raises where its connection is lost
                self._connect_again()
                continue
            if not self._again and not any(worker.has for worker in self._workers.values()):
                return
            try:
                key = self._done.get(timeout=LOOK)
            except Empty:
                continue
            yield from self._received(key)

    # --- workers come and go ------------------------------------------------------------------

    def _look(self) -> Iterator[Result]:
        """Ask new workers, and take back what those had that are gone."""
        if time.monotonic() < self._looked + LOOK:
            return
        client = self._cluster.client
        if client.status != "running":
            raise ConnectionError(client.status)
        known = client.scheduler_info()["workers"]
        self._looked = time.monotonic()
        for address in self._workers.keys() - known.keys():
            yield from self._lost(address)
        for address in known.keys() - self._workers.keys():
            about = known[address]
            answer = client.submit(_asked, self._terms, workers=[address], pure=False)
            # nbgrader changes its process' working folder: more than one at a time would not do.
            room = AHEAD if about["nthreads"] == 1 else 1
            self._workers[address] = _Worker(_name(address, about), room, answer)
            self._follow(answer, address)
        self._demand_workers()

    def _demand_workers(self) -> None:
        """Raise `Gone` if nobody has been there for long who may grade."""
        now = time.monotonic()
        if any(worker.bundle is not None for worker in self._workers.values()):
            self._served = now
        refused = [worker for worker in self._workers.values() if worker.reason]
        only = refused and len(refused) == len(self._workers)
        longest = REFUSED_ONLY if only else self._cluster.joining
        if longest is None or now < self._served + longest:
            return
        if refused:
            raise Gone(self._cluster.refused)
        raise Gone("The Dask scheduler has no workers. Start some: dask worker ADDRESS …")

    def _lost(self, address: str) -> Iterator[Result]:
        """Take back what a worker had that is gone."""
        for student, submission in self._forgotten(address):
            yield from self._once_more(student, submission, KILLER)

    def _forgotten(self, address: str) -> list[tuple[str, bytes]]:
        """What a worker had; from now on it is not known."""
        worker = self._workers.pop(address)
        for key in (worker.answer.key, *worker.has):
            self._futures.pop(key, None)
        return list(worker.has.values())

    def _once_more(self, student: str, submission: bytes, trouble: str) -> Iterator[Result]:
        self._losses[student] = self._losses.get(student, 0) + 1
        if self._losses[student] < MOST_LOSSES:
            self._again.append((student, submission))
        else:
            yield NotGraded(student, trouble)

    def _connect_again(self) -> None:
        """Begin anew with all that is not finished; it is nobody's fault."""
        for worker in self._workers.values():
            self._again.extend(worker.has.values())
        self._workers.clear()
        self._futures.clear()
        self._cluster.again()
        self._served, self._looked = time.monotonic(), float("-inf")

    # --- submissions go out and come back -----------------------------------------------------

    def _follow(self, future: Future, address: str) -> None:
        self._futures[future.key] = (future, address)
        future.add_done_callback(lambda done: self._done.put(done.key))

    def _send(self) -> None:
        """Give each worker what it has room for, those with least first."""
        free = [(a, w) for a, w in self._workers.items() if w.bundle is not None]
        for level in range(AHEAD):
            for address, worker in free:
                if len(worker.has) > level or worker.room <= level:
                    continue
                if (submission := self._next()) is None:
                    return
                self._give(address, worker, *submission)

    def _next(self) -> tuple[str, bytes] | None:
        return self._again.popleft() if self._again else next(self._others, None)

    def _give(self, address: str, worker: _Worker, student: str, submission: bytes) -> None:
        try:
            future = self._cluster.client.submit(
                _graded, self._terms, worker.bundle, student, submission,
                workers=[address], pure=False,
            )  # fmt: skip
        except Exception:
            self._again.append((student, submission))
            raise
        worker.has[future.key] = (student, submission)
        self._follow(future, address)

    def _received(self, key: str) -> Iterator[Result]:
        """What a future has brought, if it is not that of a worker that is gone."""
        if key not in self._futures:
            return
        future, address = self._futures[key]
        worker = self._workers[address]
        if future.status not in ("finished", "error"):  # the connection was lost, or the worker
            self._again.extend(self._forgotten(address))
            return
        try:
            result, trouble = _fetched(future, worker.patience)
        except TimeoutError:  # perhaps its worker cannot be reached, which Dask will find out
            worker.patience *= 2
            self._done.put(key)
            return
        del self._futures[key]
        submission = worker.has.pop(key, None)
        if submission is None:
            self._judged(address, worker, Refused(trouble) if trouble else result)
        elif trouble:
            yield from self._once_more(*submission, trouble)
        elif isinstance(result, Refused):
            self._again.append(submission)
            self._judged(address, worker, result)
        else:
            self._served = time.monotonic()
            yield result

    def _judged(self, address: str, worker: _Worker, refused: Refused | None) -> None:
        """Use a worker from now on, or never."""
        if refused is None:
            worker.bundle = self._cluster.client.submit(
                _itself, self._bundle, workers=[address], pure=False
            )
            return
        worker.bundle, worker.reason = None, refused.reason
        told = f"Worker {worker.name} is not used: {refused.reason}."
        if told not in self._told:
            self._told.add(told)
            tqdm.write(told, file=sys.stderr)


def _fetched(future: Future, patience: float) -> tuple[Result | Refused | None, str | None]:
    """What a worker has returned, or what is wrong with it.

    Raises:
        TimeoutError: if it did not come in this many seconds.
    """
    try:
        return future.result(timeout=patience), None
    except KilledWorker:
        return None, KILLER
    except Exception as error:
        if isinstance(error, TimeoutError) and future.status != "error":
            raise
        return None, f"its worker failed: {_line(error)}"


def _name(address: str, about: dict) -> str:
    """A worker's address, and its name if it was given one."""
    name = str(about.get("name") or address)
    return address if name == address or name.isdigit() else f"{name} ({address})"


def _line(error: BaseException) -> str:
    """What an error says, in one line."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__
