"""The course's configuration file."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.grading.course.private import open_to_others
from autograder.grading.settings import lacking
from autograder.import_path import only_installed, wrong_package
from autograder.problem import Problem

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


def class_folder(course: Path, config: Config) -> Path:
    """The folder with submissions and grades."""
    return (course / config.CourseDirectory.autograded_directory).parent


def own_folder(course: Path, config: Config) -> Path:
    """Where the engine keeps what is no grade: beside the class's other folders."""
    return class_folder(course, config) / OWN_FOLDER


def warnings(course: Path, config: Config) -> list[str]:
    """What an instructor should know of a class before it is graded, a line each."""
    is_shared = config.CourseDirectory.get("groupshared", False) is True
    is_open = open_to_others(class_folder(course, config), is_shared)
    return list(filter(None, [lacking(config, course), is_open]))
