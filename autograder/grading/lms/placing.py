"""Put what was collected where submissions lie. What is there already is never written over."""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path

AS_BEFORE = "as before"
COLLECTED = "collected"
REPLACED = "replaced"
DIFFERS = "differs from what is there"


def place(fresh: Path, target: Path, aside: Path, replace: bool) -> str:
    """Move a submission's folder to its place; what became of it, in a word.

    Args:
        fresh: the folder.
        target: its place.
        aside: where a submission that is replaced is kept, in a folder with a number.
        replace: whether one that differs takes the place of what is there.
    """
    if not os.path.lexists(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh, target)
        return COLLECTED
    if target.is_dir() and not target.is_symlink() and _same(fresh, target):
        return AS_BEFORE
    if not replace:
        return DIFFERS
    aside.mkdir(parents=True, exist_ok=True)
    number = next(n for n in range(1, 10**6) if not os.path.lexists(aside / str(n)))
    shutil.move(target, aside / str(number))
    os.replace(fresh, target)
    return REPLACED


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    names = _files(one)
    return names == _files(other) and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names
    )


def _files(folder: Path) -> list[str]:
    """The files of a folder, links among them, without what programs leave there."""
    found = [path.relative_to(folder) for path in folder.rglob("*") if not _is_folder(path)]
    return sorted(
        path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)
    )


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
