"""The course's configuration file."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.grading.problem import Problem

CONFIG = "nbgrader_config.py"
OWN_FOLDER = ".autograder"


def read_config(course: Path) -> Config:
    """What the configuration file in a course's folder sets.

    Raises:
        Problem: if there is no such file.
    """
    if not (course / CONFIG).is_file():
        raise Problem(f"There is no {CONFIG} in {course}. Start this in the course's folder.")
    return PyFileConfigLoader(CONFIG, path=str(course)).load_config()


def own_folder(course: Path, config: Config) -> Path:
    """Where the engine keeps what is no grade: beside the class's other folders."""
    return (course / config.CourseDirectory.autograded_directory).parent / OWN_FOLDER
