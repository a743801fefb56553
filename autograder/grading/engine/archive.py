"""Folders as bytes: what travels to a worker and back, without a shared file system."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from autograder.grading.submissions.plain_files import is_plain, is_text

MOST_BYTES = 200 * 2**20
MOST_FILES = 2_000


class TooLarge(ValueError):
    """A folder holds more than a submission may; the message says what."""


def pack(folder: Path, wanted: Callable[[Path], bool] = lambda path: True) -> bytes:
    """The files of a folder as a zip archive. Links are left out: they could lead anywhere.

    Args:
        folder: which folder; one that is not there is empty.
        wanted: which of its files to take.

    Raises:
        TooLarge: if the files are more, or larger together, than a submission may be.
    """
    size = count = 0
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not (is_plain(path) and is_text(name) and wanted(path)):
                continue
            size, count = size + path.stat().st_size, count + 1
            if size > MOST_BYTES:
                raise TooLarge(f"its files are larger than {MOST_BYTES >> 20} MB together")
            if count > MOST_FILES:
                raise TooLarge(f"it holds more than {MOST_FILES} files")
            packed.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return archive.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of a packed folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(folder)
