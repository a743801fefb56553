"""How long a cell has taken, with what the machine's other work cost it left out."""

from __future__ import annotations

import os
import time
from pathlib import Path

MOST_STRETCH = 10.0
"""However busy the machine, nothing gets more than this many times its seconds."""

_NANOSECONDS = 1e9


class Clock:
    """Counts the seconds that something in a sandbox would have taken on an idle machine.

    Time in which it could have run and no processor was free is not counted. Time in which it
    slept or waited is, so that everything ends; and at least what all processors together would
    have needed for the processor time that it used.
    """

    def __init__(self, proc: Path | None) -> None:
        """Begin to count.

        Args:
            proc: the sandbox's /proc, as seen from outside; None where there is none.
        """
        self._proc = proc
        self._before = _threads(proc)
        self._start = time.monotonic()

    def wall(self) -> float:
        """The seconds that a clock on the wall counts: never fewer."""
        return time.monotonic() - self._start

    def spent(self) -> float:
        """The seconds so far."""
        wall = self.wall()
        least = wall / MOST_STRETCH
        if self._proc is None:
            return max(least, wall / _crowd())
        ran = waited = 0.0
        for thread, now in _threads(self._proc).items():
            before = self._before.get(thread, (0.0, 0.0))
            ran += max(0.0, now[0] - before[0])
            waited += max(0.0, now[1] - before[1])
        return max(least, wall - waited, ran / (os.cpu_count() or 1))

    def has_spent(self, seconds: float) -> bool:
        """Whether that many seconds are over; looks into /proc only if they can be."""
        return self.wall() > seconds and self.spent() > seconds


def _crowd() -> float:
    """How many want each processor of the machine, at least one."""
    try:
        return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    except (OSError, AttributeError):  # this system does not count
        return 1.0


def _threads(proc: Path | None) -> dict[str, tuple[float, float]]:
    """By thread, the seconds that it ran and those that it waited for a processor, so far.

    Threads that have ended are not in it: a clock runs the faster for it, never slower.
    """
    found: dict[str, tuple[float, float]] = {}
    if proc is None:
        return found
    # By strings: this is asked for several times a cell, and takes half as long again with paths.
    for tasks in [f"{proc}/{process}/task" for process in _numbers(str(proc))]:
        for thread in _numbers(tasks):
            try:
                with open(f"{tasks}/{thread}/schedstat") as file:
                    ran, waited, _ = file.read().split()
            except (OSError, ValueError):  # this one has just ended, or the system does not count
                continue
            found[thread] = int(ran) / _NANOSECONDS, int(waited) / _NANOSECONDS
    return found


def _numbers(folder: str) -> list[str]:
    """What in a folder of /proc is a process, or a thread."""
    try:
        return [name for name in os.listdir(folder) if name.isdigit()]
    except OSError:  # it has just ended
        return []
