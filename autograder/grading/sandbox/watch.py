"""Ends a sandbox that takes more than its share.

The limits that a process carries (`inside`) hold for that process. What all processes of a sandbox
take together, control groups could limit, which few graders may make. So a thread of the grader
adds it up a few times a second, in the sandbox's own /proc, where all of them are, and no other.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.sandbox.clock import Clock
from autograder.grading.sandbox.limits import GB, Account, Limits

INTERVAL = 0.2
"""Seconds between two looks."""

_TICKS = os.sysconf("SC_CLK_TCK")
_KILOBYTE = 1024


@dataclass(frozen=True)
class Usage:
    """What the processes of a sandbox take together."""

    processes: int
    memory: int
    processor: float


class Watch(threading.Thread):
    """Looks at a sandbox until it is told to stop, or the sandbox has taken too much."""

    def __init__(
        self,
        proc: Path,
        limits: Limits,
        end: Callable[[str], None],
        account: Account | None = None,
    ) -> None:
        """Begin to watch.

        Args:
            proc: the sandbox's /proc, as seen from outside.
            limits: what it may take.
            end: called with the reason, once, when it has taken more.
            account: what was used before, to which is added what this sandbox uses.
        """
        super().__init__(name="sandbox watch", daemon=True)
        self._proc = proc
        self._limits = limits
        self._end = end
        self._account = account or Account()
        self._before = replace(self._account)
        self._over = threading.Event()
        self._clock = Clock(proc)
        self.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()

    def run(self) -> None:
        """Look, again and again."""
        while not self._over.wait(INTERVAL):
            try:
                found = usage(self._proc, self._limits.processes)
            except OSError:  # the sandbox has ended
                return
            # What a process has used goes with it when it ends; what was used stays used.
            spent = max(self._account.processor, self._before.processor + found.processor)
            found = replace(found, processor=spent)
            left = self._limits.wall - self._before.wall
            used = self._clock.spent() if self._clock.wall() > left else self._clock.wall()
            self._account.processor, self._account.wall = found.processor, self._before.wall + used
            if reason := excess(found, self._account.wall, self._limits):
                self._end(reason)
                return


def excess(found: Usage, wall: float, limits: Limits) -> str | None:
    """What a sandbox has taken too much of, as the end of a sentence; None if of nothing."""
    if found.processes > limits.processes:
        return f"it had more than {limits.processes} processes at a time"
    if found.memory > limits.memory:
        return f"it took more than {limits.memory / GB:.3g} GB of memory"
    if found.processor > limits.processor:
        return f"it took more than {limits.processor:.0f} seconds of processor time"
    if wall > limits.wall:
        return f"it ran for more than {limits.wall:.0f} seconds"
    return None


def usage(proc: Path, enough: int) -> Usage:
    """Add up what is in a /proc; more than `enough` processes are counted, and no more than that.

    Raises:
        OSError: if that /proc is gone.
    """
    numbers = [entry for entry in os.listdir(proc) if entry.isdigit()]
    if not numbers:
        raise FileNotFoundError(proc)
    if len(numbers) > enough:
        return Usage(len(numbers), 0, 0)
    memory = 0
    ticks = 0
    for number in numbers:
        try:
            status = (proc / number / "status").read_text(errors="replace")
            stat = (proc / number / "stat").read_text(errors="replace")
        except OSError:  # this one has just ended
            continue
        for line in status.splitlines():
            # Memory that is shared by mapping counts nowhere else.
            if line.startswith(("RssAnon:", "RssShmem:")):
                memory += int(line.split()[1]) * _KILOBYTE
        # After the name, which may contain anything: its own time, and that of ended children.
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return Usage(len(numbers), memory, ticks / _TICKS)
