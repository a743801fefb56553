"""A class in the fort, the small course of the attacks, graded by the real `nbgrader`."""

import shutil
from pathlib import Path

import nbformat
from classroom.attacks import NAME, course_notebook

from autograder.grading.building.chapters import build_chapter
from autograder.grading.playing.classroom import Classroom

REPOSITORY = Path(__file__).parents[2]


def fort(folder: Path, settings: str = "") -> Classroom:
    """The course, released, in a folder; nobody has handed in anything."""
    course = folder / "course"
    chapter = course / "solutions" / "fort"
    chapter.mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(settings)
    nbformat.write(course_notebook(), chapter / NAME)
    build_chapter(chapter / NAME)
    room = Classroom.copy_of(course, folder / "room", has_exchange=False)
    room.generate("fort")
    return room


def flags(room: Classroom, student: str) -> list[str]:
    """What the instructor reads of a graded submission."""
    path = room.root / "classroom" / "autograded" / student / "fort" / NAME
    return nbformat.read(path, as_version=4).metadata.get("autograder", {}).get("flags", [])
