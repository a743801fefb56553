"""A forged time of submission: on the desk, and through nbgrader's real exchange."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.utils import parse_utc

from autograder.grading.playing.classroom import Classroom
from autograder.grading.submissions.arrival import (
    STAMP,
    claimed,
    last_change,
    later_than_claimed,
    write_stamp,
)

FORM = "%Y-%m-%d %H:%M:%S.%f %Z"


def now():
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "answer.csv").write_text("1")
    write_stamp(tmp_path, now(), FORM)
    return tmp_path


def test_a_stamp_is_read_as_it_was_written(folder):
    assert abs(claimed(folder) - now()) < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "yesterday", "99999999999999999"])
def test_a_stamp_that_is_no_time_claims_nothing(folder, text):
    (folder / STAMP).write_text(text)
    assert claimed(folder) is None
    assert later_than_claimed(folder) == last_change(folder)


def test_a_time_that_a_program_sets_does_not_count(folder):
    for path in (folder / STAMP, folder / "data" / "answer.csv"):
        os.utime(path, (0, 0))
    assert abs(last_change(folder) - now()) < timedelta(minutes=2)


def test_the_time_of_handing_in_is_believed(folder):
    assert later_than_claimed(folder) is None


def test_a_time_well_before_the_files_is_not(folder):
    write_stamp(folder, now() - timedelta(hours=2), FORM)
    assert abs(later_than_claimed(folder) - now()) < timedelta(minutes=2)


@pytest.mark.slow
@pytest.mark.long
def test_a_forged_time_in_the_exchange_is_put_right_when_it_is_collected(course, tmp_path):
    room = Classroom.copy_of(course, tmp_path / "room", has_exchange=True)
    room.generate("standin")
    room.release("standin")
    students = ("honest", "forger", "deleter")
    for student in students:
        room.submit(student, "standin", room.released("standin"))
    for student in students[1:]:
        (inbound,) = (room.root / "exchange").glob(f"*/inbound/{student}+standin+*")
        (inbound / STAMP).unlink()
        if student == "forger":
            (inbound / STAMP).write_text("2020-01-01 00:00:00.000000 UTC")
    room.collect("standin")

    submitted = room.root / "classroom" / "submitted"
    for student in students:
        stamp = parse_utc((submitted / student / "standin" / STAMP).read_text().strip())
        assert abs(stamp - now()) < timedelta(minutes=10)
    told = [line for line in room.log.read_text().splitlines() if "that counts" in line]
    assert {line.split("WARNING] ")[1].split("+")[0] for line in told} == {"forger", "deleter"}
