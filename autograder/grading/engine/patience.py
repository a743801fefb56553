"""A gradebook that another program holds locked: wait for it, say so, and end with one line."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from autograder.grading.problem import Problem

Value = TypeVar("Value")

ONE_TRY = 1
"""Seconds that the database itself waits; after that we look at the clock, and try again."""
PAUSE = 0.2
"""Seconds between two tries."""
NOTICE = 2.0
"""Seconds of waiting after which it is told."""
TEN_MINUTES = 600.0
HELD = ("55P03", "40P01", "40001")
"""PostgreSQL's codes: a lock that is not to be had, a deadlock, two that wrote the same."""
LOCKS = Path("/proc/locks")


@dataclass(frozen=True)
class Patience:
    """How to wait for a gradebook.

    Attributes:
        url: the gradebook's database.
        longest: seconds after which it is given up.
    """

    url: str
    longest: float = TEN_MINUTES

    @property
    def short_url(self) -> str:
        """The database, asked to give up soon where it is held: so that we can say so."""
        url = make_url(self.url)
        if url.get_backend_name() == "sqlite":
            url = url.update_query_dict({"timeout": str(ONE_TRY)})
        elif url.get_backend_name() == "postgresql":
            options = f"{_text(url.query.get('options'))} -c lock_timeout={ONE_TRY}s".strip()
            url = url.update_query_dict({"options": options})
        return url.render_as_string(hide_password=False)

    def __call__(self, work: Callable[[], Value]) -> Value:
        """What `work` gives; it is tried again while the gradebook is held.

        Args:
            work: something that changes nothing where it fails.

        Raises:
            Problem: if it is held for too long; who holds it, where that can be known.
        """
        began = time.monotonic()
        is_told = False
        while True:
            try:
                return work()
            except Exception as error:
                if not is_held(error):
                    raise
            waited = time.monotonic() - began
            if waited >= self.longest:
                raise Problem(self._given_up(waited))
            if waited >= NOTICE and not is_told:
                is_told = True
                tqdm.write(
                    f"Another program holds the gradebook; waiting for it{self._who()}.",
                    file=sys.stderr,
                )
            time.sleep(PAUSE)

    def _given_up(self, waited: float) -> str:
        name = make_url(self.url).render_as_string(hide_password=True)
        return (
            f"Another program has held the gradebook {name} for {_duration(waited)}{self._who()}. "
            "End it, or wait for it, and run this again: what is finished is kept."
        )

    def _who(self) -> str:
        url = make_url(self.url)
        found = []
        with suppress(Exception):  # it is only for the message
            if url.get_backend_name() == "sqlite":
                found = list(_with_file(Path(url.database)))
            elif url.get_backend_name() == "postgresql":
                found = list(_sessions(url))
        return f" ({'; '.join(found[:3])})" if found else ""


def is_held(error: BaseException | None) -> bool:
    """Whether something failed because another program holds the database."""
    while error is not None:
        if isinstance(error, SQLAlchemyError):
            cause = getattr(error, "orig", None)
            code = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
            if code in HELD or " is locked" in str(cause):
                return True
        elif isinstance(error, Problem) and "database is locked" in str(error):
            return True  # said by an nbgrader that we started
        error = error.__cause__ or error.__context__
    return False


def _with_file(path: Path) -> Iterator[str]:
    """The processes that hold a lock on a file; where that is not known, those that have it open.

    Those of other users may stay unseen.
    """
    numbers = _with_lock(path) or _with_open(path)
    for process in filter(psutil.pid_exists, sorted(numbers - {psutil.Process().pid})):
        with suppress(psutil.Error):
            it = psutil.Process(process)
            since = time.strftime("%Y-%m-%d %H:%M", time.localtime(it.create_time()))
            name = "".join(sign if sign.isprintable() else "?" for sign in it.name())
            yield f"{name}, process {it.pid} of {it.username()}, started {since}"


def _with_lock(path: Path) -> set[int]:
    """By Linux' own list: `1: POSIX ADVISORY WRITE 123 08:01:4567 …`."""
    if not LOCKS.is_file():
        return set()
    number = str(path.stat().st_ino)
    rows = [line.split() for line in LOCKS.read_text().splitlines()]
    return {int(row[4]) for row in rows if len(row) > 5 and row[5].split(":")[-1] == number}


def _with_open(path: Path) -> set[int]:
    found = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if any(Path(file.path) == path.resolve() for file in process.open_files()):
                found.add(process.pid)
    return found


def _sessions(url: URL) -> Iterator[str]:
    """PostgreSQL's sessions in this database that are within a transaction, oldest first."""
    engine = create_engine(url)
    asked = text(
        "select application_name, pid, usename, coalesce(client_addr::text, 'this machine'), "
        "to_char(xact_start, 'YYYY-MM-DD HH24:MI') from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid() "
        "and xact_start is not null order by xact_start"
    )
    try:
        with engine.connect() as database:
            for name, number, user, where, since in database.execute(asked):
                yield f"{name or 'a program'}, session {number} of {user} at {where}, since {since}"
    finally:
        engine.dispose()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _text(value: str | tuple[str, ...] | None) -> str:
    return " ".join(value) if isinstance(value, tuple) else value or ""
