"""A table as a system exported it: single cells are changed, and no other byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.problem import Problem

LARGEST_SHEET = 50_000_000
"""Bytes."""
DELIMITERS = "\t;,"
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What a file begins with that says its encoding; the longer first."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        value: what is in it.
        start: where its text begins, with its quotes,
        end: and where it ends.
        quoted: whether it stands in quotes.
    """

    value: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class Sheet:
    """A table, with what it takes to write it down again as it came.

    Attributes:
        text: all of it.
        rows: its cells.
        encoding: that of its bytes.
        bom: what they begin with.
        delimiter: what stands between cells.
    """

    text: str
    rows: list[list[Cell]]
    encoding: str
    bom: bytes
    delimiter: str

    @property
    def header(self) -> list[str]:
        """The first row's values."""
        return [cell.value for cell in self.rows[0]]

    def with_values(self, values: Mapping[tuple[int, int], str]) -> bytes:
        """The table's bytes with other values in some cells, by row and column."""
        pieces, done = [], 0
        for (row, column), value in sorted(values.items()):
            cell = self.rows[row][column]
            pieces += [self.text[done : cell.start], self._written(value, cell.quoted)]
            done = cell.end
        whole = "".join([*pieces, self.text[done:]])
        return self.bom + whole.encode(self.encoding)

    def _written(self, value: str, quoted: bool) -> str:
        special = {self.delimiter, '"', "\r", "\n"} & set(value)
        return '"' + value.replace('"', '""') + '"' if quoted or special else value


def read_sheet(path: Path) -> list[Sheet]:
    """The readings of a table, one for each delimiter that its first row may have.

    Raises:
        Problem: if there is no such file, or it is no table.
    """
    try:
        if path.stat().st_size > LARGEST_SHEET:
            raise Problem(f"{path} has more than {LARGEST_SHEET // 1_000_000} MB: it is no table.")
        data = path.read_bytes()
    except OSError as error:
        raise Problem(f"{path} cannot be read ({error.strerror}).") from None
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Problem(f"{path} is a spreadsheet's workbook. Give the CSV that the system exported.")
    bom, encoding = _encoding(data)
    text = data[len(bom) :].decode(encoding)
    first = text.partition("\n")[0]
    sheets = [
        Sheet(text, rows, encoding, bom, delimiter)
        for delimiter in DELIMITERS
        if delimiter in first and len((rows := _rows(text, delimiter))[0]) > 1
    ]
    if not sheets:
        raise Problem(f"{path} is no table: there is nothing between tabs, semicolons or commas.")
    return sheets


def _encoding(data: bytes) -> tuple[bytes, str]:
    """What a table begins with, and an encoding that gives back each of its bytes."""
    for bom, encoding in BOMS:
        if data.startswith(bom) and _is_in(data[len(bom) :], encoding):
            return bom, encoding
    guesses = ["utf-8", "cp1252", "latin-1"]
    if data[1:4:2] == b"\0\0":  # as Blackboard's, were its first two bytes lost
        guesses.insert(0, "utf-16-le")
    return b"", next(encoding for encoding in guesses if _is_in(data, encoding))


def _is_in(data: bytes, encoding: str) -> bool:
    try:
        return data.decode(encoding).encode(encoding) == data
    except UnicodeError:
        return False


def _rows(text: str, delimiter: str) -> list[list[Cell]]:
    """The cells of a table, row by row; empty rows are none."""
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    place = 0
    while place < len(text):
        cell = _cell(text, place, delimiter)
        row.append(cell)
        place = cell.end
        if text[place : place + 1] == delimiter:
            place += 1
            if place < len(text):
                continue
            row.append(Cell("", place, place, False))
        else:
            place += 2 if text.startswith("\r\n", place) else 1
        if len(row) > 1 or row[0].value:
            rows.append(row)
        row = []
    return rows or [[]]


def _cell(text: str, start: int, delimiter: str) -> Cell:
    """The cell that begins at a place."""
    if text[start : start + 1] != '"':
        end = _end(text, start, delimiter)
        return Cell(text[start:end], start, end, False)
    place = start + 1
    pieces = []
    while (quote := text.find('"', place)) >= 0:
        pieces.append(text[place:quote])
        if text[quote + 1 : quote + 2] != '"':
            break
        pieces.append('"')
        place = quote + 2
    else:
        return Cell(text[start + 1 :], start, len(text), True)
    end = _end(text, quote + 1, delimiter)
    return Cell("".join(pieces) + text[quote + 1 : end], start, end, True)


def _end(text: str, start: int, delimiter: str) -> int:
    """Where a cell without quotes ends."""
    match = re.compile(f"[{delimiter}\r\n]").search(text, start)
    return match.start() if match else len(text)


def columns_listed(header: Sequence[str]) -> str:
    """A header for a line of ours."""
    return ", ".join(repr(name) for name in header if name)
