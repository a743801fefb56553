"""What checks said at a desk is kept, however many write and whatever lies there."""

import subprocess
import sys

import pytest

from autograder.checking import desk_record
from autograder.checking.desk_record import Result, read_record, record, result_of
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.verdict import Finding, Status, Verdict


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "home" / "results.jsonl"
    monkeypatch.setenv(desk_record.SWITCH, str(path))
    return path


def passed(name, when=1.0):
    return Result(name, Status.PASSED, when)


HUGE = b'{"exercise":"x","status":"passed","findings":[],"when":1' + b"0" * 400 + b"}"
WRITER = """
import sys
from autograder.checking.desk_record import Result, record
from autograder.judging.verdict import Status
for each in range(200):
    record(Result(f"{sys.argv[1]}_ex{each}", Status.PASSED, 1.0))
"""


def test_what_is_kept_is_read():
    wrong = Result("ch01_ex1", Status.WRONG, 1.5, ("not-shared",))
    assert record(wrong) and record(passed("ch01_ex1", 2.0))
    practised = Result("practice, …", Status.PASSED, 3.0, topic="shared layers", kind="count")
    assert record(practised)
    assert read_record().results == (wrong, passed("ch01_ex1", 2.0), practised)
    assert read_record().last["ch01_ex1"] == passed("ch01_ex1", 2.0)


def test_several_chapters_at_once_lose_nothing():
    commands = [[sys.executable, "-c", WRITER, f"ch{number:02}"] for number in range(3)]
    started = [subprocess.Popen(command) for command in commands]
    assert [each.wait(60) for each in started] == [0, 0, 0]
    assert len(read_record().last) == 600 and not read_record().unreadable


@pytest.mark.parametrize(
    "broken", [b"{", b"\xff\xfe", b"[]", b'{"exercise": 1}', b"[" * 100_000, b"\x00 null", HUGE]
)
def test_a_broken_file_costs_its_own_lines_alone(file, broken):
    record(passed("ch01_ex1"))
    with file.open("ab") as end:
        end.write(broken)  # without an end of its line
    record(passed("ch01_ex2"))
    assert set(read_record().last) == {"ch01_ex1", "ch01_ex2"}
    assert read_record().unreadable == 1


def test_of_a_long_file_the_end_is_read(monkeypatch):
    for each in range(9):
        record(passed(f"ch01_ex{each}"))
    monkeypatch.setattr(desk_record, "MOST_BYTES", 200)
    found = read_record()
    assert "ch01_ex8" in found.last and "ch01_ex0" not in found.last and not found.unreadable


def test_what_cannot_be_kept_disturbs_nobody(file, monkeypatch):
    file.parent.write_text("a file where the folder should be")
    assert not record(passed("ch01_ex1")) and read_record().results == ()
    monkeypatch.setenv(desk_record.SWITCH, desk_record.OFF)
    assert not record(passed("ch01_ex1")) and read_record().results == ()


def test_a_result_is_what_the_report_speaks_of():
    wrong = Verdict(Status.WRONG, (Finding("not-shared", "…"),))
    judged = Judgement("ch01_ex1", (JudgedCase(Verdict(Status.PASSED)), JudgedCase(wrong)))
    kept = result_of(judged)
    assert (kept.exercise, kept.status, kept.findings) == (
        "ch01_ex1",
        Status.WRONG,
        ("not-shared",),
    )
