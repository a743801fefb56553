"""A worker's private gradebook, opened many times for each submission, at next to no cost.

nbgrader opens the gradebook anew in each of its steps. Each time it looks for all tables, and
SQLAlchemy prepares all of its statements once more: half of what a worker does for a submission.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest import mock

from nbgrader.api import Gradebook
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

_place: list[Path] = []
"""Where the gradebook of this moment is; a worker grades one submission at a time."""


@contextmanager
def private_gradebook(path: Path) -> Iterator[None]:
    """Within this, every gradebook that nbgrader opens in this process is the one at `path`.

    Args:
        path: a SQLite file that has all of nbgrader's tables.
    """
    _place.append(path)
    try:
        # By a stand-in, since nbgrader's steps make gradebooks themselves, from an address.
        with mock.patch.object(Gradebook, "__init__", _open):
            yield
    finally:
        _place.remove(path)


def _open(book: Gradebook, db_url: str, course_id: str = "", authenticator: object = None) -> None:
    book.engine = _engine()
    book.db = scoped_session(sessionmaker(autoflush=True, bind=book.engine))
    book.course_id, book.authenticator = course_id, authenticator


@cache
def _engine() -> Engine:
    """One for all submissions of this process: with it, the statements that it has prepared."""
    return create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(_place[-1]), poolclass=NullPool
    )
