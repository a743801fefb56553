"""nbgrader's `zip_collect`, told what each file of a download is.

nbgrader unpacks an archive, asks a plugin whose each file is, and puts it into that student's
folder. Both plugins here go by what was chosen before: a file is unpacked under a number, so that
no name from the download is ever a path, and nothing is unpacked that nobody wants.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Any as AnyValue
from traitlets import Dict

from autograder.grading.course.folder import Course
from autograder.grading.lms.attempts import Submission
from autograder.grading.lms.foreign_archive import Archive, Damaged
from autograder.problem import Problem


@dataclass(frozen=True)
class Wanted:
    """One file of a download: whose, and what it is called in the submission."""

    of: Submission
    path: str


class Unpack(ExtractorPlugin):
    """Unpacks what was chosen, each file under its number."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Write the files. One that cannot be read is left out, and its student's lines say so."""
        for number, wanted in self.parent.wanted.items():
            member = wanted.of.files[wanted.path]
            try:
                self.parent.archive.copy(member, Path(extracted_path, number))
            except Damaged as error:
                wanted.of.lines.append(f"{wanted.path!r} {error}; it was left out.")


class TellWhose(FileNameCollectorPlugin):
    """Says of an unpacked file whose it is."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Whose a file is, its name in the submission, and when that came."""
        wanted = self.parent.wanted[Path(submitted_file).name]
        when = wanted.of.when
        said = {"student_id": wanted.of.student, "file_id": wanted.path}
        return said if when is None else {**said, "timestamp": f"{when:%Y-%m-%d %H:%M:%S}"}


class CollectChosen(ZipCollectApp):
    """nbgrader's command with those plugins.

    Attributes:
        archive: the download.
        wanted: the files to collect, by number.
    """

    archive = AnyValue()
    wanted = Dict()


def collect_into(
    folder: Path,
    course: Course,
    assignment: str,
    *,
    archive: Archive,
    submissions: Sequence[Submission],
) -> None:
    """Have nbgrader put submissions into `folder/submitted/STUDENT/ASSIGNMENT/`.

    Raises:
        Problem: if nbgrader gives up; the text says why.
    """
    every = [Wanted(one, path) for one in submissions for path in one.files]
    # nbgrader gives a file the ending of what was unpacked.
    wanted = {f"{number:07}{_ending(each.path)}": each for number, each in enumerate(every)}
    (folder / "archive").mkdir()
    (folder / "submitted").mkdir()
    root = CourseDirectory(config=course.config, root=str(course.root), assignment_id=assignment)
    root.submitted_directory = str(folder / "submitted")
    app = CollectChosen(
        coursedir=root,
        archive=archive,
        wanted=wanted,
        extractor_plugin=Unpack,
        collector_plugin=TellWhose,
        collect_directory_structure=str(folder / "{collect_step}"),
    )
    said = _Said()
    app.log = logging.Logger("collect")
    app.log.addHandler(said)
    try:
        app.init_plugins()
        app.extract_archive_files()
        app.process_extracted_files()
    except SystemExit:  # so nbgrader's commands give up
        raise Problem(f"nbgrader cannot collect this: {said.last}") from None
    except OSError as error:
        raise Problem(f"Nothing was collected: {error.strerror} ({folder}).") from None


def _ending(path: str) -> str:
    return PurePosixPath(path).suffix


class _Said(logging.Handler):
    """Keeps what nbgrader said last as an error."""

    last = ""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()
