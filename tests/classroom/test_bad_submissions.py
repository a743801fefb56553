"""A class of odd submissions and some proper ones, graded by both commands, in one run of each.

Everybody gets what their answers deserve, or the instructor gets one clear line; nobody is lost,
nothing that was handed in changes, and nobody has to read Python's tracebacks.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from classroom.bad_submissions import ALIKE, BAD, FULL, NAME, NOTHING, Bad
from classroom.programs import autograder
from classroom.standin import STANDIN, room_in
from sweeps import some_of_each, to_run

from autograder.grading.course.folder import Course
from autograder.grading.notebooks.answer_cells import with_answers
from autograder.grading.playing.classroom import Classroom
from autograder.grading.submissions.handed_in import students
from autograder.grading.submissions.links import ASIDE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

GOOD = {"first": FULL, "last": FULL}
"""Proper submissions, in the order of names before and after the odd ones."""


def told_of(bad: Bad) -> tuple:
    """What kind of odd submission one is: what it deserves, and what is told of it."""
    return bad.score, bad.says, bad.left_out, bad.is_note


SHORT = some_of_each([bad for bad in BAD if bad.name not in ALIKE], 3, told_of)
TIMEOUT = "\nc.Execute.timeout = 4\n"
NBCLIENT = ("Timeout waiting for", "Interrupting kernel", "Kernel died while")
"""What Jupyter's client calls an error: a cell that takes too long, or ends its kernel."""


def listed(bads):
    """Those that cannot be graded."""
    return [bad for bad in bads if bad.is_unanswered]


def noted(bads):
    """Those that are graded, and have something odd."""
    return [bad for bad in bads if bad.says and not bad.is_unanswered]


def outcome(bad: Bad) -> tuple:
    """What becomes of an odd submission: whether it is graded, and what a line about it is."""
    return bad.is_unanswered, bad.is_note


BY_BOTH = some_of_each([bad for bad in SHORT if bad.says], 8, outcome)
"""Those that are always graded by both commands: what is told of them is told by each. How the
others are read is what both have in common.
"""


@pytest.fixture(scope="module")
def bads(request) -> dict[str, list[Bad]]:
    """The odd ones in each command's class: all of them if those of a long run are to run."""
    if any(item.get_closest_marker("long") for item in to_run(request)):
        return {"nbgrader": BAD, "autograder": BAD}
    return {"nbgrader": BY_BOTH, "autograder": SHORT}


@pytest.fixture(scope="module")
def submitted(bads, released, tmp_path_factory) -> Classroom:
    """The course with everybody's submission in it, and nothing graded."""
    room = room_in(released, tmp_path_factory.mktemp("class") / "room")
    config = room.root / "nbgrader_config.py"
    config.write_text(config.read_text() + TIMEOUT)
    right = with_answers(room.released(STANDIN)[NAME], room.solution(STANDIN)[NAME])
    for student in GOOD:
        room.submit(student, STANDIN, {NAME: right})
    for bad in bads["autograder"]:
        folder = room.root / "classroom" / "submitted" / bad.name / STANDIN
        folder.mkdir(parents=True)
        bad.make(folder, json.loads(json.dumps(right)))
    return room


@dataclass
class Graded:
    """The class after a command has graded it: what was said, and what became of the files."""

    room: Classroom
    bads: list[Bad]
    said: str
    before: dict[str, str]

    @cached_property
    def after(self) -> dict[str, str]:
        return contents(self.room.root / "classroom" / "submitted")

    @cached_property
    def scores(self) -> dict[str, float]:
        return {score.student: score.score for score in self.room.scores(STANDIN)}


@pytest.fixture(scope="module")
def graded_by(zygote, bads, submitted, tmp_path_factory) -> dict[str, Graded]:
    """The class, graded by each of the two commands; both run at the same time."""
    commands = {
        "nbgrader": lambda room: room.nbgrader("autograde", STANDIN).said,
        "autograder": grade,
    }
    rooms = {
        name: copied(submitted, tmp_path_factory.mktemp(name), bads[name]) for name in commands
    }
    before = {name: contents(room.root / "classroom" / "submitted") for name, room in rooms.items()}
    with ThreadPoolExecutor() as pool:
        said = {name: pool.submit(commands[name], room) for name, room in rooms.items()}
    return {
        name: Graded(rooms[name], bads[name], said[name].result(), before[name])
        for name in commands
    }


@pytest.fixture(scope="module")
def by_nbgrader(graded_by) -> Graded:
    return graded_by["nbgrader"]


@pytest.fixture(scope="module")
def by_autograder(graded_by) -> Graded:
    return graded_by["autograder"]


def copied(room: Classroom, folder: Path, bads: list[Bad]) -> Classroom:
    # By the system: it keeps links, and the holes in an enormous file.
    subprocess.run(["cp", "-a", "--sparse=always", room.root, folder], check=True)
    copy = Classroom(folder / room.root.name, has_exchange=False)
    for place in (copy.root / "classroom" / "submitted").iterdir():
        if place.name not in GOOD and place.name not in {bad.name for bad in bads}:
            shutil.rmtree(place)
    return copy


def grade(room: Classroom) -> str:
    run = autograder(room.root, "grade", "--workers", "1")
    assert run.returncode == 1, run.stderr  # one submission has no grade
    return run.stdout + run.stderr


def contents(folder: Path) -> dict[str, str]:
    """What is in a folder; a link that was set aside counts as if it had its old name."""
    found = {}
    for root, folders, files in os.walk(folder):
        for path in (Path(root, name) for name in folders + files):
            name = path.relative_to(folder).as_posix().replace(ASIDE, "")
            if path.is_symlink():
                found[name] = f"link to {os.readlink(path)}"
            elif path.is_dir():
                found[name] = "folder"
            elif path.stat().st_size > 1 << 30:
                found[name] = f"{path.stat().st_size} bytes"
            else:
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def lines_about(said: str, student: str) -> list[str]:
    """What `autograder grade` said of a student."""
    starts = (f"  {student}: ", f"NOT GRADED {student}: ")
    return [
        line.removeprefix(start)
        for line in said.splitlines()
        for start in starts
        if line.startswith(start)
    ]


def each(bads: list[Bad], always: Sequence[Bad] = SHORT):
    marked = [
        pytest.param(bad, id=bad.name, marks=[] if bad in always else pytest.mark.long)
        for bad in bads
    ]
    return pytest.mark.parametrize("bad", marked)


class TestByBoth:
    @pytest.fixture(params=["nbgrader", "autograder"])
    def graded(self, request, graded_by) -> Graded:
        return graded_by[request.param]

    def test_proper_submissions_keep_their_marks(self, graded):
        assert {student: graded.scores[student] for student in GOOD} == GOOD

    def test_everybody_is_in_the_gradebook_or_listed(self, graded):
        everybody = set(GOOD) | {bad.name for bad in graded.bads}
        assert set(students(Course(graded.room.root), STANDIN)) == everybody
        missing = everybody - set(graded.scores)
        unanswered = listed(graded.bads)
        assert missing <= {bad.name for bad in unanswered if f"{bad.name}: " in graded.said}

    def test_nobody_reads_a_traceback(self, graded):
        assert "Traceback" not in graded.said

    def test_what_was_handed_in_is_as_it_was(self, graded):
        assert graded.after == graded.before
        assert len(graded.after) > len(graded.bads)


class TestByNbgrader:
    @each(BAD, always=BY_BOTH)
    def test_the_score_is_what_the_answers_deserve(self, by_nbgrader, bad):
        assert by_nbgrader.scores[bad.name] == (bad.score or NOTHING)

    @each(listed(BAD), always=BY_BOTH)
    def test_what_cannot_be_graded_is_one_line_that_says_what_to_do(self, by_nbgrader, bad):
        (line,) = [line for line in errors(by_nbgrader.said) if line.startswith(f"{bad.name}: ")]
        assert line.removeprefix(f"{bad.name}: ").startswith(bad.says)
        assert f"into classroom/submitted/{bad.name}/standin" in line
        assert line.endswith(f"nbgrader autograde standin --student={bad.name} --force")

    @each(noted(BAD), always=BY_BOTH)
    def test_what_was_odd_is_noted(self, by_nbgrader, bad):
        assert f"{bad.name}, standin: {bad.says}" in by_nbgrader.said

    def test_nothing_else_is_reported_as_an_error(self, by_nbgrader):
        others = [line for line in errors(by_nbgrader.said) if not line.startswith(NBCLIENT)]
        assert len(others) == len(listed(by_nbgrader.bads))

    def test_the_student_reads_what_was_wrong(self, by_nbgrader):
        folder = by_nbgrader.room.root / "classroom" / "autograded"
        told = {
            path.parts[-3]
            for path in folder.glob(f"*/{STANDIN}/{NAME}")
            if "Your submission could not be graded" in path.read_text()
        }
        assert told == {bad.name for bad in listed(by_nbgrader.bads)}

    def test_what_the_line_says_to_do_works(self, by_nbgrader):
        room, before = by_nbgrader.room, by_nbgrader.scores
        submitted = room.root / "classroom" / "submitted"
        told = listed(by_nbgrader.bads)[0].name
        shutil.rmtree(submitted / told)
        shutil.copytree(submitted / "first", submitted / told)
        room.nbgrader("autograde", STANDIN, f"--student={told}", "--force")
        scores = {score.student: score.score for score in room.scores(STANDIN)}
        assert scores == {**before, told: FULL}


class TestByAutograder:
    @each(BAD)
    def test_the_score_is_what_the_answers_deserve(self, by_autograder, bad):
        assert by_autograder.scores.get(bad.name) == bad.score

    @each(listed(BAD) + noted(BAD))
    def test_there_is_a_line_about_each_that_is_odd(self, by_autograder, bad):
        says = bad.left_out or bad.says
        about = lines_about(by_autograder.said, bad.name)
        assert [line for line in about if line.startswith(says)], about

    def test_a_second_time_everything_is_kept_and_told_again(self, by_autograder):
        again, bads = grade(by_autograder.room), by_autograder.bads
        graded = len(bads) + len(GOOD) - 1
        assert f"standin: 0 graded, {graded} kept, 1 not graded" in again
        for bad in listed(bads) + noted(bads):
            about = lines_about(by_autograder.said, bad.name)
            assert sorted(lines_about(again, bad.name)) == sorted(about)


def errors(said: str) -> list[str]:
    return [line.partition("| ERROR] ")[2] for line in said.splitlines() if "| ERROR] " in line]
