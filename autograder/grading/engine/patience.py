"""A gradebook that another program holds locked, or whose server is gone: wait for it, say so.

And end with one line where it takes too long.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from tqdm import tqdm

from autograder.problem import Problem

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
GONE = ("57P01", "57P02", "57P03", "08")
"""And what those begin with of a server that ends, crashes, starts, or is cut off."""
DAMAGES = ("file is not a database", "database disk image is malformed")
"""What SQLite says of a file that was cut off, or overwritten."""
STARTING = "the database system is "
"""Begins what a server says while it starts or ends, without a code."""
CONNECTING = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""Else a machine that has vanished from the network is waited for without an end."""
LOCKS = Path("/proc/locks")


@dataclass
class Patience:
    """How to wait for a gradebook.

    Attributes:
        url: the gradebook's database.
        longest: seconds after which it is given up.
        has_answered: whether it was ever there; one that never was is not waited for.
    """

    url: str
    longest: float = TEN_MINUTES
    has_answered: bool = field(default=False, init=False)

    @property
    def short_url(self) -> str:
        """The database, asked to give up soon where it is held: so that we can say so."""
        url = make_url(self.url)
        if url.get_backend_name() == "sqlite":
            url = url.update_query_dict({"timeout": str(ONE_TRY)})
        elif url.get_backend_name() == "postgresql":
            options = f"{_text(url.query.get('options'))} -c lock_timeout={ONE_TRY}s".strip()
            url = url.update_query_dict({**CONNECTING, **url.query, "options": options})
        return url.render_as_string(hide_password=False)

    def __call__(self, work: Callable[[], Value]) -> Value:
        """What `work` gives; it is tried again while the gradebook is held, or gone again.

        Args:
            work: something that changes nothing where it fails.

        Raises:
            Problem: if it is held or gone for too long, and who holds it, where that can be
                known; or if it was never there, or is damaged.
        """
        began = time.monotonic()
        is_told = False
        while True:
            try:
                value = work()
                self.has_answered = True
                return value
            except Exception as error:
                is_lost = self._is_lost(error)
                if is_lost and not self.has_answered and STARTING not in str(error):
                    raise Problem(self._never_there(error)) from None
                if damage := _damage(error):
                    raise Problem(self._damaged(damage)) from None
                if not is_lost and not is_held(error):
                    raise
            waited = time.monotonic() - began
            if waited >= self.longest:
                raise Problem(self._lost(waited) if is_lost else self._given_up(waited))
            if waited >= NOTICE and not is_told:
                is_told = True
                what = (
                    "The gradebook's server does not answer; waiting for it."
                    if is_lost
                    else f"Another program holds the gradebook; waiting for it{self._who()}."
                )
                tqdm.write(what, file=sys.stderr)
            time.sleep(PAUSE)

    def _is_lost(self, error: BaseException) -> bool:
        """Whether something failed because the database's server is not there."""
        if make_url(self.url).get_backend_name() == "sqlite":
            return False
        return any(map(_is_loss, _causes(error)))

    @property
    def _name(self) -> str:
        return make_url(self.url).render_as_string(hide_password=True)

    def _never_there(self, error: BaseException) -> str:
        why = next(str(one.orig) for one in _causes(error) if _is_loss(one)).splitlines()[0]
        return f"The gradebook {self._name} cannot be reached: {why}"

    def _damaged(self, why: str) -> str:
        return f"The gradebook {self._name} is damaged: {why}. Put a copy of it in its place."

    def _lost(self, waited: float) -> str:
        return (
            f"The gradebook {self._name} has not answered for {_duration(waited)}. "
            "See to its server, and run this again: what is finished is kept."
        )

    def _given_up(self, waited: float) -> str:
        return (
            f"Another program has held the gradebook {self._name} for {_duration(waited)}"
            f"{self._who()}. "
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
    return any(map(_is_holding, _causes(error)))


def _is_holding(error: BaseException) -> bool:
    if isinstance(error, SQLAlchemyError):
        cause = getattr(error, "orig", None)
        return _code(cause) in HELD or " is locked" in str(cause)
    # As an nbgrader says it that we started.
    return isinstance(error, Problem) and "database is locked" in str(error)


def _damage(error: BaseException) -> str:
    """What SQLite says of a file that is no gradebook, or no longer; "" where that is not it."""
    said = (str(getattr(each, "orig", "")) for each in _causes(error))
    return next((line for line in said if line in DAMAGES), "")


def _is_loss(error: BaseException) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    # Who could not connect, or is cut off in the middle of an answer, has no code at all.
    code = _code(error.orig)
    is_silent = isinstance(error, OperationalError) and not code
    return error.connection_invalidated or is_silent or code.startswith(GONE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it was raised from; each once, for they may go round in a circle."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _code(cause: BaseException | None) -> str:
    return getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or ""


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
    engine = create_engine(url, connect_args={"connect_timeout": 5})
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
