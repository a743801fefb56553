"""Where an exercise stands in its chapter: its title, and the section that teaches what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from nbformat import NotebookNode

from autograder.grading.class_report.class_data import Section

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")


@dataclass(frozen=True)
class Heading:
    """A heading: how deep it is, from 1 on, and its text without marks."""

    level: int
    text: str


def place_of(notebook: NotebookNode, cell: NotebookNode, link: str) -> tuple[str, Section]:
    """The title of what a cell belongs to, and the section around that.

    Args:
        notebook: the released notebook.
        cell: one of its cells.
        link: where the notebook is.

    Returns:
        The last heading before the cell, and the last one before that which is less deep.
    """
    before = list(_headings(notebook, cell))
    if not before:
        return "", Section("", link)
    title, around = before[-1], before[-1]
    for heading in reversed(before):
        if heading.level < title.level:
            around = heading
            break
    return title.text, Section(around.text, f"{link}#{anchor(around.text)}")


def anchor(heading: str) -> str:
    """What Jupyter calls a heading's place: its text with hyphens for spaces."""
    return quote(heading.replace(" ", "-"))


def _headings(notebook: NotebookNode, end: NotebookNode) -> Iterator[Heading]:
    for cell in notebook.cells:
        if cell is end:
            return
        if cell.cell_type == "markdown":
            yield from _of_text(cell.source)


def _of_text(text: str) -> Iterator[Heading]:
    is_code = False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and (found := HEADING.match(line)):
            yield Heading(len(found[1]), re.sub(r"[`*]", "", found[2]))
