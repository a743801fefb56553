"""A class in the fort, the small course of the attacks, graded by the real `nbgrader`."""

import shutil
from pathlib import Path

import nbformat
from classroom.attacks import NAME, course_notebook
from classroom.programs import nbgrader
from classroom.standin import room_in

from autograder.grading.building.chapters import build_chapter
from autograder.grading.playing.classroom import Classroom

REPOSITORY = Path(__file__).parents[2]


def release_fort(course: Path) -> Path:
    """Make the course in a folder, and release it."""
    chapter = course / "solutions" / "fort"
    chapter.mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    nbformat.write(course_notebook(), chapter / NAME)
    build_chapter(chapter / NAME)
    nbgrader(course, "generate_assignment", "fort")
    return course


def fort(released: Path, folder: Path, settings: str = "") -> Classroom:
    """A classroom in the released course; nobody has handed in anything."""
    room = room_in(released, folder / "room")
    with (room.root / "nbgrader_config.py").open("a") as config:
        config.write(settings)
    return room


def remarks(room: Classroom, student: str) -> list[str]:
    """What the instructor reads of a graded submission."""
    path = room.root / "classroom" / "autograded" / student / "fort" / NAME
    return nbformat.read(path, as_version=4).metadata.get("autograder", {}).get("remarks", [])
