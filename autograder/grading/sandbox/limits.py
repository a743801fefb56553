"""What one submission may use of the machine."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MB = 1_000_000
GB = 1000 * MB


def _processes() -> int:
    return 64 + 2 * (os.cpu_count() or 1)


def _tasks() -> int:
    return 512 + 32 * (os.cpu_count() or 1)  # TensorFlow starts threads by the number of cores


def _most(amount: float | Callable[[], int], of: str) -> Any:
    """A limit, and of what: an instructor who configures it reads that."""
    if callable(amount):
        return field(default_factory=amount, metadata={"of": of})
    return field(default=amount, metadata={"of": of})


@dataclass(frozen=True)
class Limits:
    """The most that one submission may use, all its processes together unless it says otherwise.

    Each can be configured by its name (`provisioner`).
    """

    memory: int = _most(6 * GB, "Bytes of memory; also the most that one process may ask for.")
    processor: float = _most(3600, "Seconds of processor time.")
    wall: float = _most(3600, "Seconds from the kernel's start to its end, of all cells together.")
    processes: int = _most(_processes, "Processes at the same time.")
    tasks: int = _most(_tasks, "Processes and threads at the same time.")
    file: int = _most(100 * MB, "Bytes of a single file.")
    temporary: int = _most(1 * GB, "Bytes in /tmp.")
    folder: int = _most(
        256 * MB,
        "Bytes in each other place to write: the submission's folder, the home folder, and shared "
        "memory.",
    )
    text: int = _most(500_000, "Characters that one cell may print.")


@dataclass
class Account:
    """What a submission has used of its limits so far, in all the kernels that it had.

    Attributes:
        processor: seconds of processor time.
        wall: seconds, as a clock counts them.
    """

    processor: float = 0.0
    wall: float = 0.0

    def is_used_up(self, limits: Limits) -> bool:
        """Whether there is no time left."""
        return self.processor >= limits.processor or self.wall >= limits.wall
