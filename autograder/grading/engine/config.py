"""The course's configuration file."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.grading.problem import Problem
from autograder.import_path import only_installed, wrong_package

CONFIG = "nbgrader_config.py"
OWN_FOLDER = ".autograder"


def read_config(course: Path) -> Config:
    """What the configuration file in a course's folder sets.

    From now on nothing is imported from that folder.

    Raises:
        Problem: if there is no such file, or processes that are started would import another
            package than this.
    """
    only_installed(course)
    if wrong := wrong_package():
        raise Problem(wrong)
    if not (course / CONFIG).is_file():
        raise Problem(f"There is no {CONFIG} in {course}. Start this in the course's folder.")
    return PyFileConfigLoader(CONFIG, path=str(course)).load_config()


def own_folder(course: Path, config: Config) -> Path:
    """Where the engine keeps what is no grade: beside the class's other folders."""
    return (course / config.CourseDirectory.autograded_directory).parent / OWN_FOLDER
