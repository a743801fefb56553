"""What sizes of students' own cost in grading: `make bench` prints it.

Argument: how many students (8). Two classes of the same small chapter, in the one everybody has the
same sizes, in the other each student others; both are answered right and graded in turn, anew each
time, so that what else the machine does falls on both.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

import nbformat
from benchmarks.grading import COURSE, grade, scores
from classroom.test_variants import NAME, NUMBER, OWN, TOWER, answered, notebook, personal

from autograder.grading.building.chapters import build_chapter
from autograder.grading.playing.classroom import Classroom
from autograder.grading.variants.class_variants import variants_of

ROUNDS = 3
POINTS = 9


def main(students="8"):
    people = [f"s{number:02}" for number in range(int(students))]
    with tempfile.TemporaryDirectory() as folder:
        same = class_of(Path(folder))
        own = Classroom(shutil.copytree(same.root, Path(folder) / "own"), has_exchange=False)
        vary(own, people)
        for student in people:
            same.submit(student, OWN, {NAME: answered(same.released(OWN)[NAME], {})})
        print(f"{students} students, seconds with the same sizes and with their own")
        ratios = []
        for number in range(ROUNDS):
            one, other = (
                seconds(room, Path(folder) / f"{number}-{room.root.name}") for room in (same, own)
            )
            ratios.append(other / one)
            each = (other - one) / len(people)
            print(
                f"  {one:5.1f} {other:5.1f}  {other / one:.2f}x, {each:.2f} a student", flush=True
            )
        print(f"  median: {median(ratios):.2f}x")


def class_of(folder):
    """A class that nobody has handed in to yet."""
    course = folder / "course"
    (course / "solutions" / OWN).mkdir(parents=True)
    shutil.copy(COURSE / "nbgrader_config.py", course)
    nbformat.write(notebook(), course / "solutions" / OWN / NAME)
    build_chapter(course / "solutions" / OWN / NAME)
    room = Classroom.copy_of(course, folder / "same", has_exchange=False)
    room.generate(OWN)
    return room


def vary(room, people):
    """Give each student sizes of their own, and let all answer right."""
    exercises = [f"--exercise={each}" for each in (TOWER, NUMBER)]
    room.autograder("variants", OWN, *exercises, *(f"--student={each}" for each in people))
    found = variants_of(room.course.own_folder, OWN)
    for student in people:
        book = answered(personal(room, student), found.own(student))
        room.submit(student, OWN, {NAME: book})


def seconds(room, folder):
    """Seconds of grading a copy of a class, in which all is right."""
    twin = Classroom(shutil.copytree(room.root, folder), has_exchange=False)
    wall, _, _ = grade(twin.root, 1, OWN)
    marks = scores(twin, OWN)
    if set(marks.values()) != {POINTS}:
        raise SystemExit(f"Not all is right: {marks}")
    return wall


if __name__ == "__main__":
    main(*sys.argv[1:])
