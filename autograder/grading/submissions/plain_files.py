"""Copy what students hand in: files, and nothing that only looks like one."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has none
LARGEST = 200_000_000
"""Bytes of a file that is handed in."""


def is_plain(path: Path) -> bool:
    """Whether a path is a file itself, no link to one, no pipe, no device, and its name is text."""
    return _is(path, stat.S_ISREG) and is_text(path.name)


def odd_files(folder: Path) -> list[Path]:
    """What in a folder is neither a file nor a folder, or a file that is far too large."""
    return [
        path
        for path in _walk(folder)
        if not _is(path, stat.S_ISDIR) and not (is_plain(path) and path.lstat().st_size <= LARGEST)
    ]


def copy_plain(
    source: Path, target: Path, *, skip: Sequence[str] = (), most: int | None = None
) -> list[Path]:
    """Copy a folder without its links, pipes and devices.

    Args:
        source: the folder.
        target: the copy; what is there is overwritten, never followed.
        skip: endings of the names of files to leave out.
        most: bytes to copy at most; files that do not fit any more are left out.

    Returns:
        The files that were left out because they were too large.
    """
    target.mkdir(parents=True, exist_ok=True)
    left_out = []
    for path in sorted(_walk(source)):
        copied = target / path.relative_to(source)
        if not is_text(str(path.relative_to(source))):
            continue
        if _is(path, stat.S_ISDIR):
            copied.mkdir(parents=True, exist_ok=True)
            continue
        if not is_plain(path) or path.suffix in skip:
            continue
        size = path.lstat().st_size
        if size > (LARGEST if most is None else most):
            left_out.append(path)
            continue
        most = None if most is None else most - size
        copied.unlink(missing_ok=True)
        # Not even if it has become a link since.
        handle = os.open(path, os.O_RDONLY | NOFOLLOW)
        with os.fdopen(handle, "rb") as file, copied.open("wb") as copy:
            shutil.copyfileobj(file, copy)
    return left_out


def is_text(name: str) -> bool:
    """Whether a name can be written down; one from another system's archive may be mere bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is(path: Path, kind) -> bool:
    try:
        return kind(path.lstat().st_mode)
    except OSError:
        return False


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        yield from (Path(root, name) for name in folders + files)
