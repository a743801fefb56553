"""A download as its files: a zip, or what was unpacked of it. Whoever named them is not trusted.

Nothing is written here under a name from the download: whoever asks says where a file goes. Zips
within it, as students make them of their work, are looked into once.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from autograder.grading.course.junk import is_junk
from autograder.grading.submissions.plain_files import LARGEST, is_plain
from autograder.grading.telling.foreign import MARKUP, is_name
from autograder.problem import Problem

MOST_MEMBERS = 200_000
"""Files in a download."""
MOST_WITHIN = 20_000
"""Files in a zip within: one student's work."""
PACKED_WITHIN = 2_000_000_000
"""Bytes of all zips within a download that are looked into."""
BOMB = 20_000_000
"""Bytes from which a file is left out that is hardly anything while it is packed."""
PACKED = 200
"""How many times larger than packed such a file is; notebooks come to some 20."""
LONGEST_PART = 200
"""Bytes of a file's name; file systems have 255, and temporary names need some."""
LONGEST_NAME = 1_000
"""Bytes of a file's path; systems have some 4,000 for the whole of it."""
UNPACKING = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError
)  # fmt: skip
"""What a damaged archive makes Python's reader raise."""


PIECE = 1 << 20
"""Bytes that are copied at once."""


class Damaged(Exception):
    """A file of a download that cannot be read; the text says why."""


@dataclass(frozen=True)
class Member:
    """A file in a download.

    Attributes:
        name: its path, with `/`; one in a zip within stands below that zip's name.
        size: bytes, unpacked.
        place: by this its archive finds it.
    """

    name: str
    size: int
    place: Path | tuple[zipfile.ZipInfo, ...]


@dataclass
class Archive:
    """What is in a download.

    Attributes:
        members: its files in its order, without what programs left there.
        odd: by name, what was left out and why.
    """

    members: list[Member] = field(default_factory=list)
    odd: dict[str, str] = field(default_factory=dict)
    _zip: zipfile.ZipFile | None = None
    _within: tuple[zipfile.ZipInfo, zipfile.ZipFile] | None = None
    _looked_into: int = 0

    def copy(self, member: Member, target: Path) -> None:
        """Write a file of the download to a place.

        Raises:
            Damaged: if it cannot be read; then there is none.
            OSError: if it cannot be written.
        """
        with target.open("wb") as file:
            for piece in self._pieces(member, target):
                file.write(piece)

    def _pieces(self, member: Member, target: Path) -> Iterator[bytes]:
        try:
            with self._open(member) as source:
                while piece := source.read(PIECE):
                    yield piece
        except UNPACKING as error:
            target.unlink(missing_ok=True)
            raise Damaged(f"is damaged ({error})") from None

    def text(self, member: Member, most: int = 20_000) -> str:
        """How a file of the download begins, as text; "" if it cannot be read."""
        try:
            with self._open(member) as source:
                return source.read(most).decode("utf-8", "replace")
        except UNPACKING:
            return ""

    def _open(self, member: Member) -> IO[bytes]:
        if isinstance(member.place, Path):
            return member.place.open("rb")
        *outer, info = member.place
        return (self._inner(outer[0]) if outer else self._zip).open(info)

    def _inner(self, info: zipfile.ZipInfo) -> zipfile.ZipFile:
        """A zip within; only the one that was asked for last stays open."""
        if self._within is None or self._within[0] is not info:
            self._close_within()
            unpacked = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the zip in it)
            with self._zip.open(info) as source:
                shutil.copyfileobj(source, unpacked)
            self._within = info, zipfile.ZipFile(unpacked)
        return self._within[1]

    def _close_within(self) -> None:
        if self._within is not None:
            with suppress(OSError):
                self._within[1].fp.close()
            self._within = None

    def _list_folder(self, folder: Path) -> None:
        found = list(islice(folder.rglob("*"), MOST_MEMBERS + 1))
        if len(found) > MOST_MEMBERS:
            raise Problem(f"{folder} holds more than {MOST_MEMBERS} files.")
        for path in sorted(found):
            name = path.relative_to(folder).as_posix()
            if _is_left_behind(name) or (path.is_dir() and not path.is_symlink()):
                continue
            if not is_plain(path):
                self.odd[name] = "is a link, or no file"
            elif problem := _problem(name, path.lstat().st_size):
                self.odd[name] = problem
            else:
                self.members.append(Member(name, path.lstat().st_size, path))

    def _list_zip(self, packed: zipfile.ZipFile, outer: tuple[zipfile.ZipInfo, ...] = ()) -> None:
        for info in packed.infolist():
            name = "/".join([*(_name(each) for each in outer), _name(info)])
            if name.endswith("/") or (_is_left_behind(name) and not _leads_elsewhere(name)):
                continue
            if problem := _problem(name, info.file_size) or _problem_packed(info):
                self.odd[name] = problem
            elif len(self.members) >= MOST_MEMBERS:
                raise Problem(f"It holds more than {MOST_MEMBERS} files.")
            elif not name.lower().endswith(".zip"):
                self.members.append(Member(name, info.file_size, (*outer, info)))
            elif outer:
                self.odd[name] = "is a zip in a zip in a zip"
            else:
                self._look_into(info, name)

    def _look_into(self, info: zipfile.ZipInfo, name: str) -> None:
        self._looked_into += info.file_size
        if self._looked_into > PACKED_WITHIN:
            self.odd[name] = "is one zip too many of those within"
            return
        try:
            inner = self._inner(info)
            if len(inner.infolist()) > MOST_WITHIN:
                self.odd[name] = f"holds more than {MOST_WITHIN} files"
                return
            self._list_zip(inner, (info,))
        except UNPACKING:
            self.odd[name] = "is no zip that can be read"


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """What is in a zip, or in a folder.

    Raises:
        Problem: if there is none, or it cannot be read, or holds far too much.
    """
    archive = Archive()
    if path.is_dir():
        archive._list_folder(path)
        yield archive
        return
    if not path.exists():
        raise Problem(f"There is no {path}.")
    try:
        packed = zipfile.ZipFile(path)
    except UNPACKING as error:
        raise Problem(
            f"{path} is no zip that can be read ({error}). Download it anew, or unpack it and give "
            "the folder."
        ) from None
    try:
        archive._zip = packed
        archive._list_zip(packed)
        yield archive
    finally:
        archive._close_within()
        packed.close()


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a file in a zip. Where nothing says that it is UTF-8, it often is."""
    name = info.orig_filename.replace("\\", "/")
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


def _is_left_behind(name: str) -> bool:
    return any(is_junk(part) for part in name.split("/") if part not in ("", ".", ".."))


def _problem(name: str, size: int) -> str:
    """Why a file of this name and size is left out; "" if it is not."""
    if _leads_elsewhere(name):
        return "has a path that leads elsewhere"
    # Of signs that mean something in a page, none gets there: this is no id.
    is_text = is_name("".join(letter for letter in name if letter not in MARKUP))
    if not is_text or len(name.encode()) > LONGEST_NAME:
        return "has no proper name"
    if any(len(part.encode()) > LONGEST_PART for part in name.split("/")):
        return "has no proper name"
    return f"has more than {LARGEST // 1_000_000} MB" if size > LARGEST else ""


def _leads_elsewhere(name: str) -> bool:
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive:
        return True
    return any(part in ("", ".", "..") for part in name.split("/"))


def _problem_packed(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x1:
        return "is encrypted"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is a link, or no file"
    if info.file_size > max(BOMB, PACKED * info.compress_size):
        return f"unpacks to {info.file_size // 1_000_000} MB from next to nothing"
    return ""
