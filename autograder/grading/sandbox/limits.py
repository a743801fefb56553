"""What one submission may use of the machine."""

import os
from dataclasses import dataclass, field

MB = 1_000_000
GB = 1000 * MB


def _processes() -> int:
    return 64 + 2 * (os.cpu_count() or 1)


def _tasks() -> int:
    return 512 + 32 * (os.cpu_count() or 1)  # TensorFlow starts threads by the number of cores


@dataclass(frozen=True)
class Limits:
    """The most that one submission may use, all its processes together unless it says otherwise.

    Attributes:
        memory: bytes of memory; also the most that a single process may ask for.
        processor: seconds of processor time.
        wall: seconds from the kernel's start to its end, of all cells together.
        processes: processes at the same time.
        tasks: processes and threads at the same time.
        file: bytes of a single file.
        temporary: bytes in /tmp.
        folder: bytes in each of the other places to write: the submission's folder, the home
            folder, and shared memory.
        text: characters that one cell may print.
    """

    memory: int = 6 * GB
    processor: float = 3600
    wall: float = 3600
    processes: int = field(default_factory=_processes)
    tasks: int = field(default_factory=_tasks)
    file: int = 100 * MB
    temporary: int = 1 * GB
    folder: int = 256 * MB
    text: int = 500_000


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
