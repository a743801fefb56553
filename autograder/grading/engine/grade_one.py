"""Grade one submission: a pure function of bytes, run by nbgrader's own Autograde."""

from __future__ import annotations

import io
import logging
import os
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.grading.course.config import CONFIG, read_config
from autograder.grading.engine.archive import pack, unpack
from autograder.grading.engine.gradebook import NotebookScores, read_scores
from autograder.grading.engine.known_schema import known_schema
from autograder.grading.engine.private_gradebook import private_gradebook
from autograder.grading.notebooks.remarks import flags, is_disturbed
from autograder.grading.telling.foreign import pattern
from autograder.grading.telling.log_lines import HarmlessFormatter

UNEXPLAINED = "There was an error processing"
"""How nbgrader begins to tell of whatever was raised, which it keeps for its traceback."""


@dataclass(frozen=True)
class Bundle:
    """All that grading a submission of one assignment needs, apart from the submission.

    Attributes:
        assignment: the assignment's name.
        config: the course's configuration file.
        gradebook: a SQLite gradebook with the assignment and no students.
        cells: a digest of what scores rest on in there.
        source: what lies beside the instructor's notebook (references), packed.
        release: the students' version, packed.
    """

    assignment: str
    config: bytes
    gradebook: bytes
    cells: str
    source: bytes
    release: bytes


@dataclass(frozen=True)
class Result:
    """What grading one submission gave.

    Attributes:
        student: whose submission.
        trouble: why it could not be graded; "" if it was.
        notebooks: its scores.
        autograded: nbgrader's autograded folder, packed.
        flags: what the instructor should know of it, a line each.
        is_disturbed: whether something stopped it that other work on the machine may have caused.
        log: what nbgrader said.
        seconds: how long it took.
    """

    student: str
    trouble: str = ""
    notebooks: list[NotebookScores] = field(default_factory=list)
    autograded: bytes = b""
    flags: list[str] = field(default_factory=list)
    is_disturbed: bool = False
    log: str = ""
    seconds: float = 0.0


def grade_one(bundle: Bundle, student: str, submission: bytes) -> Result:
    """Grade one submission in a temporary course of its own.

    Args:
        bundle: the assignment.
        student: the student's id.
        submission: the submission's folder, packed.

    Returns:
        The scores, or why there are none: this does not raise because of a submission.
    """
    began, here = time.perf_counter(), Path.cwd()
    log = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        try:
            outcome = _graded(bundle, student, submission, Path(folder).resolve(), log)
        except Exception as error:
            outcome = {"trouble": _reason(error, log.getvalue())}
        finally:
            os.chdir(here)
    seconds = time.perf_counter() - began
    return Result(student, log=log.getvalue(), seconds=seconds, **outcome)


def _graded(
    bundle: Bundle, student: str, submission: bytes, root: Path, log: io.StringIO
) -> dict[str, Any]:
    from nbgrader.coursedir import CourseDirectory

    from autograder.grading.submissions.misnamed import AutogradeEverybody

    (root / CONFIG).write_bytes(bundle.config)
    config = read_config(root)
    config.CourseDirectory.db_url = f"sqlite:///{(root / 'gradebook.db').as_posix()}"
    (root / "gradebook.db").write_bytes(bundle.gradebook)
    names = config.CourseDirectory
    unpack(bundle.source, root / names.source_directory / bundle.assignment)
    unpack(bundle.release, root / names.release_directory / bundle.assignment)
    unpack(submission, root / names.submitted_directory / student / bundle.assignment)

    course = CourseDirectory(
        root=str(root),
        student_id=pattern(student),
        assignment_id=bundle.assignment,
        config=config,
    )
    converter = AutogradeEverybody(coursedir=course, config=config)
    converter.log = _logger(student, log)
    with private_gradebook(root / "gradebook.db"), known_schema():
        converter.start()
        scores = read_scores(config.CourseDirectory.db_url, bundle.assignment, student)
    graded = root / names.autograded_directory / student / bundle.assignment
    books = [nbformat.read(path, as_version=4) for path in sorted(graded.glob("*.ipynb"))]
    return {
        "notebooks": scores,
        "autograded": pack(graded),
        "flags": [*_errors(log.getvalue()), *(line for book in books for line in flags(book))],
        "is_disturbed": any(map(is_disturbed, books)),
    }


def _logger(student: str, log: io.StringIO) -> logging.Logger:
    logger = logging.Logger(f"grading {student}", logging.INFO)
    handler = logging.StreamHandler(log)
    handler.setFormatter(HarmlessFormatter("[%(levelname)s] %(message)s", color=False))
    logger.addHandler(handler)
    return logger


def _reason(error: Exception, log: str) -> str:
    """One line that says why a submission was not graded."""
    spoken = _errors(log)
    if type(error).__name__ == "NbGraderException" and spoken:
        return (spoken[0].startswith(UNEXPLAINED) and _raised(log)) or spoken[0]
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _raised(log: str) -> str:
    """The last line of the first traceback in nbgrader's log: what was raised."""
    _, _, after = log.partition("Traceback (most recent call last):\n")
    traceback = re.split(r"^\[[A-Z]+\] ", after, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in traceback.splitlines() if line and not line.startswith(" ")]
    return lines[-1] if lines else ""


def _errors(log: str) -> list[str]:
    """What nbgrader reported as errors, a line each."""
    start = "[ERROR] "
    return [line.removeprefix(start) for line in log.splitlines() if line.startswith(start)]
