"""Read graded notebooks: what students answered, what the judge found, how long it took.

As JSON, without nbformat's checks: a thousand of them are read for one page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.grading.class_report.class_data import Exercise
from autograder.grading.notebooks.remarks import JUDGED, KEY
from autograder.judging.reports.kept import Kept

LONGEST_SOURCE = 20_000
"""Characters of an answer that are looked at."""


@dataclass(frozen=True)
class GradedNotebook:
    """What is read of a graded notebook.

    Attributes:
        kept: by grade id of a check, what the judge found.
        sources: by grade id of an answer, what the student wrote.
        seconds: by grade id, how long a cell ran by the clock.
        remarks: lines for the instructor.
    """

    kept: Mapping[str, Kept] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    remarks: Sequence[str] = ()

    def source(self, exercise: Exercise) -> str:
        """What stands in the cells that an exercise looks at."""
        found = "\n".join(self.sources.get(cell, "") for cell in exercise.answer_cells)
        return found[:LONGEST_SOURCE]

    def time(self, exercise: Exercise) -> float | None:
        """The seconds that an exercise's cells ran; None if that is not known."""
        cells = (*exercise.answer_cells, exercise.check)
        known = [self.seconds[cell] for cell in cells if cell in self.seconds]
        return sum(known) if known else None


def read_graded(path: Path) -> GradedNotebook:
    """Read a graded notebook; of one that is not there, or damaged, nothing is known."""
    try:
        data = json.loads(path.read_bytes())
        about = _mapping(_mapping(data["metadata"]).get(KEY))
        cells = [(_id(cell), cell) for cell in data["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return GradedNotebook()
    named = [(name, cell) for name, cell in cells if name]
    times = {name: _seconds(_mapping(cell.get("metadata"))) for name, cell in named}
    return GradedNotebook(
        kept=_kept(_mapping(about.get(JUDGED))),
        sources={name: _text(cell.get("source")) for name, cell in named},
        seconds={name: time for name, time in times.items() if time is not None},
        remarks=[str(line) for line in about.get("remarks") or ()],
    )


def _kept(judged: Mapping[str, Any]) -> dict[str, Kept]:
    found = {}
    for check, text in judged.items():
        try:
            found[check] = Kept.from_text(text)
        except ValueError:
            continue
    return found


def _id(cell: Mapping[str, Any]) -> str:
    return str(_mapping(_mapping(cell.get("metadata")).get("nbgrader")).get("grade_id") or "")


def _seconds(metadata: Mapping[str, Any]) -> float | None:
    """From when the kernel was busy with a cell until it was idle; the kernel is the student's."""
    times = _mapping(metadata.get("execution"))
    try:
        busy, idle = (
            datetime.fromisoformat(times[f"iopub.status.{state}"]) for state in ("busy", "idle")
        )
        return max(0.0, (idle - busy).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(map(str, source or ()))


def _mapping(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}
