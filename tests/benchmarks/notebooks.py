"""What each chapter costs to run and how long its code is: `make bench` prints it."""

import statistics
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from traitlets.config import Config

COURSE = Path(__file__).parents[2]


class Memory(threading.Thread):
    """Watches the most memory that the processes below this one use together."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.over = 0, False

    def run(self):
        own = psutil.Process()
        while not self.over:
            self.most = max(self.most, sum(map(_resident, own.children(recursive=True))))
            time.sleep(0.1)


def _resident(process):
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def measured(path):
    """Seconds and megabytes that a notebook takes to run."""
    client = NotebookClient(
        nbformat.read(path, as_version=4),
        timeout=1200,
        resources={"metadata": {"path": str(path.parent)}},
        shutdown_kernel="immediate",
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    memory = Memory()
    memory.start()
    began = time.perf_counter()
    client.execute()
    seconds = time.perf_counter() - began
    memory.over = True
    memory.join()
    return seconds, memory.most / 2**20


def main():
    print(f"{'chapter':<32} {'seconds':>8} {'peak MB':>8} {'code lines':>11} {'median cell':>12}")
    for path in sorted(COURSE.glob("solutions/*/*.ipynb")):
        cells = [
            cell.source.strip().count("\n") + 1
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code" and "HIDDEN TESTS" not in cell.source
        ]
        seconds, megabytes = measured(path)
        print(
            f"{path.stem:<32} {seconds:>8.0f} {megabytes:>8.0f} {sum(cells):>11} "
            f"{statistics.median(cells):>12}"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
