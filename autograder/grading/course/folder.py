"""The instructor's course on disk: what its configuration sets, and where each thing of it lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.grading.course.junk import is_junk
from autograder.grading.course.private import open_to_others
from autograder.grading.settings import FILE, lacking
from autograder.import_path import only_installed, wrong_package
from autograder.problem import Problem

OWN_FOLDER = ".autograder"


@dataclass(frozen=True)
class Course:
    """A folder with `nbgrader_config.py`, as nbgrader lays it out."""

    root: Path

    @cached_property
    def config(self) -> Config:
        """What the configuration file sets.

        From then on nothing is imported from the course's folder.

        Raises:
            Problem: if there is no such file, or processes that are started would import another
                package than this.
        """
        only_installed(self.root)
        if wrong := wrong_package():
            raise Problem(wrong)
        if not (self.root / FILE).is_file():
            raise Problem(f"There is no {FILE} in {self.root}. Start this in the course's folder.")
        return PyFileConfigLoader(FILE, path=str(self.root)).load_config()

    @property
    def db_url(self) -> str:
        """The gradebook's database."""
        return self.config.CourseDirectory.db_url

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Where a step of nbgrader's cycle keeps a student's assignment."""
        return self.root / self.config.CourseDirectory[f"{step}_directory"] / student / assignment

    @property
    def submitted(self) -> Path:
        """Where submissions lie: a folder for each student, in it one for each assignment."""
        return self.root / self.config.CourseDirectory.submitted_directory

    def assignments(self) -> list[str]:
        """The assignments that there are."""
        source = self.folder("source", ".", ".")
        folders = source.iterdir() if source.is_dir() else ()
        return sorted(path.name for path in folders if path.is_dir() and not is_junk(path.name))

    @property
    def class_folder(self) -> Path:
        """The folder with submissions and grades."""
        return (self.root / self.config.CourseDirectory.autograded_directory).parent

    @property
    def own_folder(self) -> Path:
        """Where the engine keeps what is no grade: beside the class's other folders."""
        return self.class_folder / OWN_FOLDER

    def warnings(self) -> list[str]:
        """What an instructor should know of the class before it is graded, a line each."""
        is_shared = self.config.CourseDirectory.get("groupshared", False) is True
        is_open = open_to_others(self.class_folder, is_shared)
        return list(filter(None, [lacking(self.config, self.root), is_open]))
