"""What the workers of a run have in common: whose turn it is, and what one makes for all."""

import shutil
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:  # on Windows each worker makes its own, and nothing there fills the machine
    fcntl = None

FIRST = (
    *("classroom/test_class.py", "grading/hosted/test_on_their_machine.py"),
    *(
        "classroom/test_bad_submissions.py",
        "classroom/test_demo.py",
        "classroom/test_other_worlds.py",
    ),
    *("classroom/test_ending_kernels.py", "classroom/test_cards.py", "browser/test_harmless.py"),
    *("site/test_site.py", "browser/test_chapter.py", "classroom/test_exam.py"),
    *("classroom/test_grade.py", "browser/test_looks.py", "classroom/test_failed_release.py"),
    *("browser/test_practice_cards.py", "judging/test_growth.py"),
)
"""Slow files of more than half a minute, in the order in which they are begun."""
BETWEEN = (
    *("corpus/test_corpus.py", "training/test_training.py", "by_value/test_networks.py"),
    *("by_value/test_process.py", "by_value/test_what_no_probe_meets.py"),
    *("corpus/test_shadows.py", "checking/test_check.py", "graphs/test_facts.py"),
)
"""Files that compute for long and grade nothing: while they run, the last slow ones end, and what
wants the machine for itself has not to wait."""
ALONE = (
    *("classroom/test_other_machines.py", "classroom/test_attacks.py"),
    "classroom/test_busy_machine.py",
)
"""Of the files that fill the machine, those that take longest."""


def in_turn(items: Sequence[pytest.Item], tests: Path) -> list[pytest.Item]:
    """Tests in the order in which they are begun, a file's together.

    What takes long comes first, so that no worker is left alone with it at the end; what fills the
    machine comes when nothing else is graded any more, and before the many quick ones, which go on
    while it waits for its limits.
    """
    slow, alone = _marked(items, "slow"), _marked(items, "alone")
    first, between, last = ([tests / name for name in part] for part in (FIRST, BETWEEN, ALONE))

    def turn(item: pytest.Item) -> tuple[int, int]:
        if item.path.suffix == ".ipynb":
            return 0, 0
        if item.path in alone:
            return 3, _place(item.path, last)
        if item.path in slow:
            return 1, _place(item.path, first)
        return (2 if item.path in between else 4), _place(item.path, between)

    return sorted(items, key=turn)


def _marked(items: Sequence[pytest.Item], mark: str) -> set[Path]:
    """The files in which a test has a mark."""
    return {item.path for item in items if item.get_closest_marker(mark)}


def _place(path: Path, listed: Sequence[Path]) -> int:
    """Where a file stands in a list; behind it if it is not there."""
    return listed.index(path) if path in listed else len(listed)


class Turns:
    """The slow files of all workers come first; what fills the machine waits for the last one.

    Each worker holds a lock until its slow files are over; a worker that dies holds none.
    """

    def __init__(self, lock: Path) -> None:
        """All workers of a run have the same lock file."""
        self._file = lock.open("w")
        self._holds = False
        self._slow: set[Path] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """See which files are slow."""
        self._slow = _marked(session.items, "slow") - _marked(session.items, "alone")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, bool | None, bool | None]:
        """Hold the lock from the first slow file to the last, or wait for those who do."""
        if item.path in self._slow and not self._holds:
            fcntl.flock(self._file, fcntl.LOCK_SH)
            self._holds = True
        elif item.get_closest_marker("alone"):
            fcntl.flock(self._file, fcntl.LOCK_EX)  # until nobody has any slow one
            fcntl.flock(self._file, fcntl.LOCK_UN)
        try:
            return (yield)
        finally:
            if self._holds and (nextitem is None or nextitem.path not in self._slow):
                fcntl.flock(self._file, fcntl.LOCK_UN)
                self._holds = False

    def pytest_sessionfinish(self) -> None:
        """A worker that stops before its end (`-x`) lives on, and has no slow files any more."""
        fcntl.flock(self._file, fcntl.LOCK_UN)


def together(config: pytest.Config) -> Path | None:
    """A folder that all workers of a run have; None if this process is no worker."""
    if fcntl is None or not hasattr(config, "workerinput"):
        return None
    return Path(config.option.basetemp).parent


def made_once(request: pytest.FixtureRequest, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker which wants it makes, for all of the run.

    Args:
        request: of a fixture of the session.
        name: of the folder.
        make: is called with the folder, which is there and empty.
    """
    place = together(request.config)
    if place is None:
        make(folder := request.getfixturevalue("tmp_path_factory").mktemp(name))
        return folder
    folder, done = place / name, place / f"{name}.made"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # where another has failed
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
