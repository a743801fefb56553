"""A notebook that cannot be released as it is meant is found before anything is touched.

nbgrader first removes the release that is there, and then stumbles over a region without an end. Of
one without a beginning it says nothing, and releases the solution.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions, SaveCells

from autograder.grading.course.exam import WithholdReferences
from autograder.grading.telling.foreign import shown

WRITING = frozenset({SaveCells.__name__, WithholdReferences.__name__})
"""Preprocessors that write, into the gradebook or the release."""

ALIKE = 0.8
"""From which share of equal letters a line is likely a misspelt mark."""


@dataclass(frozen=True)
class Marks:
    """What a line contains that begins a region, and one that ends it."""

    begin: str
    end: str


def faults_in(notebook: NotebookNode, kinds: Sequence[Marks]) -> Iterator[str]:
    """What keeps a notebook from being released as it is meant, a line each, with cell and line.

    Args:
        notebook: as the instructor wrote it.
        kinds: the regions that are cut out of it.
    """
    places: dict[str, list[str]] = {}
    for number, cell in enumerate(notebook.cells, 1):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id is not None:
            places.setdefault(grade_id, []).append(str(number))
        name = f"cell {number}" + (f" ({grade_id})" if grade_id else "")
        for marks in kinds:
            yield from (f"{name}: {fault}" for fault in _faults(cell.source, marks))
    for grade_id, cells in places.items():
        if len(cells) > 1:
            yield f"the id {grade_id!r} is that of cells {' and '.join(cells)}; give each its own."


def _faults(source: str, marks: Marks) -> Iterator[str]:
    """What is wrong with the regions of one kind in a cell."""
    lines, begun = source.split("\n"), 0
    for number, line in enumerate(lines, 1):
        if marks.begin in line:
            if begun:
                yield _lacks(marks.end, marks.begin, begun, lines)
            begun = number
        elif marks.end in line:
            if not begun:
                yield _lacks(marks.begin, marks.end, number, lines)
            begun = 0
    if begun:
        yield _lacks(marks.end, marks.begin, begun, lines)


def _lacks(mark: str, other: str, place: int, lines: Sequence[str]) -> str:
    lacks = f"{other!r} on line {place} has no {mark!r}"
    for number, line in enumerate(lines, 1):
        if mark not in line and other not in line and _is_like(line.strip(" #"), mark):
            return f"{lacks}; line {number} has {line.strip()!r} instead."
    return f"{lacks}."


def _is_like(line: str, mark: str) -> bool:
    return SequenceMatcher(None, line.upper(), mark).ratio() >= ALIKE


class SourceExporter(NotebookExporter):
    """Reads the notebooks that nbgrader is about to release, and stops it before it removes any.

    nbgrader makes its exporter after it has listed the notebooks, and before all else.
    """

    def __init__(self, **options: Any) -> None:
        """Look through all notebooks that are to be released, and try to convert them.

        Raises:
            NbGraderException: if one of them cannot be released; the log says why.
        """
        super().__init__(**options)
        if isinstance(self.parent, GenerateAssignment):
            self._look_through(self.parent)

    def _look_through(self, converter: GenerateAssignment) -> None:
        paths = [path for found in converter.assignments.values() for path in found]
        faults = {path: list(self._faults(path)) for path in sorted(paths)}
        for path, lines in faults.items():
            for line in lines:
                converter.log.error("%s, %s", os.path.relpath(path, converter.coursedir.root), line)
        if any(faults.values()):
            converter.log.error("Nothing was released; what was released before is as it was.")
            raise NbGraderException("a notebook cannot be released")

    def _faults(self, path: str) -> Iterator[str]:
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:  # nbformat raises whatever a broken file makes it stumble over
            yield f"is no notebook that can be read: {_first_line(error)}"
            return
        found = list(faults_in(notebook, self._kinds()))
        yield from found
        if not found:
            try:
                self._try_out(path)
            except Exception as error:  # whatever a preprocessor finds wrong
                yield _first_line(_cause(error))

    def _kinds(self) -> list[Marks]:
        """The marks as they are configured."""
        solution, tests, scheme = (
            kind(parent=self) for kind in (ClearSolutions, ClearHiddenTests, ClearMarkScheme)
        )
        return [
            Marks(solution.begin_solution_delimeter, solution.end_solution_delimeter),
            Marks(tests.begin_test_delimeter, tests.end_test_delimeter),
            Marks(scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
        ]

    def _try_out(self, path: str) -> None:
        """Convert a notebook, and write nothing."""
        converter = self.parent
        exporter = NotebookExporter(parent=converter, config=self.config)
        exporter.log = logging.Logger("trial", logging.CRITICAL)  # what it finds is told once
        for preprocessor in converter.preprocessors:
            if not _writes(preprocessor):
                exporter.register_preprocessor(preprocessor)
        with contextlib.chdir(converter.coursedir.root):
            resources = converter.init_single_notebook_resources(path)
            exporter.from_filename(path, resources=resources)


def _writes(preprocessor: type | str) -> bool:
    """Whether a preprocessor, by its class or by the class' name, does more than convert."""
    name = preprocessor if isinstance(preprocessor, str) else preprocessor.__name__
    return name.rpartition(".")[2] in WRITING


def _cause(error: BaseException) -> BaseException:
    """What an error began with: nbgrader's own say little more than that there is one."""
    while (earlier := error.__cause__ or error.__context__) is not None:
        error = earlier
    return error


def _first_line(error: BaseException) -> str:
    return shown(f"{type(error).__name__}: {error}".strip().splitlines()[0])
