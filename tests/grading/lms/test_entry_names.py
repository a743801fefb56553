"""The names of files in downloads: each system's forms, and what people put into them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.grading.lms.entry_names import (
    Reading,
    copies,
    guessed,
    outer_folders,
    own_pattern,
    repository_prefix,
    user_of,
)
from autograder.grading.lms.name_patterns import (
    BLACKBOARD,
    BRIGHTSPACE,
    BY_SYSTEM,
    CANVAS,
    FOLDER,
    GITHUB,
    MOODLE,
)
from autograder.problem import Problem

READ = [
    # Canvas: key, file, late, number
    (CANVAS, "doejane_1234_56789_hw1.ipynb", ("1234", "hw1.ipynb", False, 56789)),
    (CANVAS, "doejane_LATE_1234_56789_hw1.ipynb", ("1234", "hw1.ipynb", True, 56789)),
    (CANVAS, "王小明_5_6_hw1.ipynb", ("5", "hw1.ipynb", False, 6)),
    (CANVAS, "team_a_11_22_x.ipynb", ("11", "x.ipynb", False, 22)),
    (CANVAS, "müllerzoë_77_88_2_3_part.ipynb", ("77", "2_3_part.ipynb", False, 88)),
    (CANVAS, "_9_8_hw1.ipynb", ("9", "hw1.ipynb", False, 8)),
    (CANVAS, "late_LATE_1_2_LATE_3.ipynb", ("1", "LATE_3.ipynb", True, 2)),
    (CANVAS, "doejane_1234_text.html", ("1234", "text.html", False, 0)),
    (CANVAS, "doejane_LATE_1234_link.html", ("1234", "link.html", True, 0)),
    (CANVAS, "anon_aB3xK_56789_hw1.ipynb", ("anon_aB3xK", "hw1.ipynb", False, 56789)),
    (CANVAS, "LATE_anon_aB3xK_56789_hw1.ipynb", ("anon_aB3xK", "hw1.ipynb", True, 56789)),
    (CANVAS, "anon_aB3xK_text.html", ("anon_aB3xK", "text.html", False, 0)),
    (CANVAS, "unpacked/doejane_1_2_=SUM(A1).ipynb", ("1", "=SUM(A1).ipynb", False, 2)),
    (CANVAS, "doejane_1_2_work.zip/a/hw1.ipynb", ("1", "work.zip/a/hw1.ipynb", False, 2)),
    (CANVAS, f"x_1_{'9' * 40}_hw1.ipynb", ("1", "hw1.ipynb", False, 0)),
    (CANVAS, "hw1.ipynb", None),
    (CANVAS, "doejane_hw1_final.ipynb", None),
    # Moodle
    (MOODLE, "Jane Doe_4021_assignsubmission_file/hw1.ipynb", ("4021", "hw1.ipynb", False, 0)),
    (MOODLE, "Jane Doe_4021_assignsubmission_file_/hw1.ipynb", ("4021", "hw1.ipynb", False, 0)),
    (MOODLE, "Jane Doe_4021_assignsubmission_file_hw_1.ipynb", ("4021", "hw_1.ipynb", False, 0)),
    (MOODLE, "ONeil_1_assignsubmission_file/a/b/c.csv", ("1", "a/b/c.csv", False, 0)),
    (MOODLE, "Пётр Ильич_3_assignsubmission_file/x.ipynb", ("3", "x.ipynb", False, 0)),
    (MOODLE, "Participant_7_assignsubmission_file/x.ipynb", ("7", "x.ipynb", False, 0)),
    (MOODLE, "A_8_assignsubmission_onlinetext/onlinetext.html", ("8", "onlinetext.html", False, 0)),
    (MOODLE, "a/b/A B_9_assignsubmission_file/x.ipynb", ("9", "x.ipynb", False, 0)),
    (MOODLE, "A B_9_assignsubmission_file/C_8_assignsubmission_file/x",
     ("9", "C_8_assignsubmission_file/x", False, 0)),
    (MOODLE, "J_4_assignsubmission_file/_x_1_2_.ipynb", ("4", "_x_1_2_.ipynb", False, 0)),
    (MOODLE, "Default group_assignsubmission_file/hw1.ipynb", None),
    (MOODLE, "jdoe_Jane Doe_4021_assignsubmission_file/hw1.ipynb", None),
    # Blackboard
    (BLACKBOARD, "HW_1_kim.lee2_attempt_2026-03-03-10-15-00_my_file.ipynb",
     ("kim.lee2", "my_file.ipynb", False, 0)),
    (BLACKBOARD, "Homework 1_jdoe_attempt_2026-03-03-10-15-00.txt", ("jdoe", "", False, 0)),
    (BLACKBOARD, "a_b_attempt_2026-03-03-10-15-00_attempt_2026-01-01-01-01-01_x",
     ("b", "attempt_2026-01-01-01-01-01_x", False, 0)),
    (BLACKBOARD, "Übung_1_王_attempt_2026-03-03-10-15-00_x.ipynb", ("王", "x.ipynb", False, 0)),
    (BLACKBOARD, "a_b@c.d_attempt_2026-03-03-10-15-00_x.ipynb", ("b@c.d", "x.ipynb", False, 0)),
    (BLACKBOARD, "a_b_attempt_2026-03-03-10-15-00_-rf.ipynb", ("b", "-rf.ipynb", False, 0)),
    (BLACKBOARD, "a_b_attempt_2026-99-99-99-99-99_x.ipynb", ("b", "x.ipynb", False, 0)),
    (BLACKBOARD, "x/a_b_attempt_2026-03-03-10-15-00_x.zip/y.ipynb",
     ("b", "x.zip/y.ipynb", False, 0)),
    (BLACKBOARD, "a_b_attempt_2026-03-03_x.ipynb", None),
    (BLACKBOARD, "a_attempt_2026-03-03-10-15-00_x.ipynb", None),
    # Brightspace
    (BRIGHTSPACE, "39001-640001 - Jane Doe - Oct 10, 2026 1022 AM/hw1.ipynb",
     ("39001-640001", "hw1.ipynb", False, 0)),
    (BRIGHTSPACE, "HW 1/39001-640001 - A - B - Oct 10, 2026 1022 AM/hw1.ipynb",
     ("39001-640001", "hw1.ipynb", False, 0)),
    (BRIGHTSPACE, "1-2 - Anne-Marie O'Neil - 10 oct. 2026 10 22/hw - 1.ipynb",
     ("1-2", "hw - 1.ipynb", False, 0)),
    (BRIGHTSPACE, "1-2 - 王小明 - Oct 1, 2026 100 AM/x", ("1-2", "x", False, 0)),
    (BRIGHTSPACE, "1-2 - (Jane) Doe - Oct 1, 2026 1222 PM/a/b.ipynb",
     ("1-2", "a/b.ipynb", False, 0)),
    (BRIGHTSPACE, "1-2 - =cmd() - Oct 1, 2026 1222 PM/b.ipynb", ("1-2", "b.ipynb", False, 0)),
    (BRIGHTSPACE, "1-2 - J_1_2_x - Oct 1, 2026 1222 PM/b.ipynb", ("1-2", "b.ipynb", False, 0)),
    (BRIGHTSPACE, "index.html", None),
    (BRIGHTSPACE, "1-2 - Jane Doe/hw1.ipynb", None),
    (BRIGHTSPACE, "12 - Jane Doe - Oct 1, 2026 1222 PM/hw1.ipynb", None),
    # folders
    (FOLDER, "jdoe/hw1.ipynb", ("jdoe", "hw1.ipynb", False, 0)),
    (FOLDER, "Jane Doe/hw1/hw1.ipynb", ("Jane Doe", "hw1/hw1.ipynb", False, 0)),
    (FOLDER, "hw1.ipynb", None),
]  # fmt: skip


@pytest.mark.parametrize(("system", "name", "read"), READ, ids=[row[1][:60] for row in READ])
def test_a_name_is_read_as_the_system_wrote_it(system, name, read):
    entry = Reading(system).entry(name)
    got = entry and (entry.key, entry.file, entry.is_late, entry.number)
    assert got == read


@pytest.mark.parametrize("system", [CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE])
def test_every_system_has_ten_names_here(system):
    assert sum(row[0] is system for row in READ) >= 10


@pytest.mark.parametrize("names", BY_SYSTEM.values(), ids=BY_SYSTEM)
def test_every_pattern_fits_its_example_and_has_a_source(names):
    assert names.source
    for pattern in names.patterns:
        assert Reading(names, own=pattern.pattern).entry(pattern.example), pattern


NOT_GUESSED = (GITHUB, FOLDER)


@pytest.mark.parametrize("row", [row for row in READ if row[2] and row[0] not in NOT_GUESSED],
                         ids=lambda row: row[1][:60])  # fmt: skip
def test_whose_a_name_is_can_be_told(row):
    assert guessed([row[1]], "hw1", ["hw1.ipynb"]) is row[0]


def test_composed_and_decomposed_letters_are_one_key():
    composed, decomposed = "Zo\u00eb/x.ipynb", "Zoe\u0308/x.ipynb"
    assert Reading(FOLDER).entry(composed) == Reading(FOLDER).entry(decomposed)


def test_times_in_names_are_of_a_zone():
    zone = ZoneInfo("America/New_York")
    blackboard = Reading(BLACKBOARD, zone).entry("a_b_attempt_2026-03-03-10-15-00_x.ipynb")
    brightspace = Reading(BRIGHTSPACE, zone).entry("1-2 - A - Oct 10, 2026 1022 PM/x.ipynb")
    assert blackboard.when == datetime(2026, 3, 3, 15, 15)
    assert brightspace.when == datetime(2026, 10, 11, 2, 22)


def test_who_stands_before_the_time_whatever_hyphens_a_name_has():
    entry = Reading(BRIGHTSPACE).entry("1-2 - A-B - C - Oct 10, 2026 1022 PM/x.ipynb")
    assert entry.who == "A-B - C"


@pytest.mark.parametrize(
    ("name", "was"),
    [
        ("hw1-1.ipynb", ("hw1.ipynb", 1)),
        ("hw1 (2).ipynb", ("hw1.ipynb", 2)),
        ("hw1(12).ipynb", ("hw1.ipynb", 12)),
        ("hw1 - Copy.ipynb", ("hw1.ipynb", 1)),
        ("hw1 - Copy (3).ipynb", ("hw1.ipynb", 3)),
        ("hw1-Copy1.ipynb", ("hw1.ipynb", 1)),
        ("hw1 copy 2.ipynb", ("hw1.ipynb", 2)),
        ("Copy of hw1.ipynb", ("hw1.ipynb", 1)),
        ("hw1-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.ipynb", ("hw1.ipynb", 1)),
    ],
)
def test_what_programs_add_to_a_name_is_known(name, was):
    assert was in list(copies(name))


@pytest.mark.parametrize("name", ["hw1.ipynb", "hw1-final.ipynb", "hw2.ipynb", "hw1-2026.ipynb"])
def test_what_people_call_a_file_is_no_copy(name):
    assert list(copies(name)) == []


@pytest.mark.parametrize(
    ("names", "prefix"),
    [
        (["hw1-jdoe/x", "hw1-a-b/x"], "hw1-"),
        (["task-one-jdoe/x", "task-one-kim/x"], "task-one-"),
        (["task-one-a-x/x", "task-one-a-y/x"], "task-one-a-"),
        (["hw1-jdoe/x"], "hw1-"),
        (["jdoe/x", "kim/x"], ""),
        (["only-one/x"], ""),
    ],
)
def test_the_prefix_of_repositories_ends_with_a_hyphen(names, prefix):
    assert repository_prefix(names, "hw1") == prefix


@pytest.mark.parametrize(
    ("names", "system", "outer"),
    [
        (["jdoe/hw1/hw1.ipynb"], FOLDER, ""),
        (["all/jdoe/hw1/hw1.ipynb", "all/kim/hw1/x"], FOLDER, "all/"),
        (["jdoe/a/b.ipynb"], FOLDER, ""),
        (["hw1-submissions/hw1-jdoe/hw1.ipynb"], GITHUB, "hw1-submissions/"),
        (["hw1-jdoe/hw1.ipynb"], GITHUB, ""),
        (["Jane_1_assignsubmission_file/a/b"], MOODLE, ""),
    ],
)
def test_only_what_is_known_to_stand_around_is_taken_off(names, system, outer):
    assert outer_folders(names, system, "hw1") == outer


@pytest.mark.parametrize(
    ("name", "text", "user"),
    [
        ("HW_1_kim_lee_attempt_x.txt", "Name: Kim Lee (kim_lee)\nAssignment: HW", "kim_lee"),
        ("HW_1_kim_lee_attempt_x.txt", "Nombre: Kim (B) Lee (kim_lee)\r\n", "kim_lee"),
        ("HW_1_kim_lee_attempt_x.txt", "Name: Kim Lee (somebody_else)\n", ""),
        ("HW_1_kim_lee_attempt_x.txt", "Comments: I am (jdoe)", ""),
        ("HW_1_kim_lee_attempt_x.txt", "", ""),
    ],
)
def test_a_username_is_what_blackboard_says_where_the_name_agrees(name, text, user):
    assert user_of(name, text)[0] == user


@pytest.mark.parametrize("pattern", ["(", "(?P<key>.+)", "(?P<file>.+)", ".*"])
def test_a_pattern_that_cannot_be_used_is_refused(pattern):
    with pytest.raises(Problem, match="--pattern"):
        own_pattern(pattern)


def test_folders_are_students_where_most_of_them_have_the_notebook():
    names = ["jdoe/hw1/hw1.ipynb", "kim/hw1.ipynb", "lee/hw1.py"]
    assert guessed(names, "hw1", ["hw1.ipynb"]) is FOLDER
    with pytest.raises(Problem, match="--from"):
        guessed([*names, "venv/lib/x.py"], "hw1", ["hw1.ipynb"])


def test_names_of_nobody_are_refused_with_what_to_say():
    with pytest.raises(Problem, match="--pattern"):
        guessed(["hw1.ipynb", "hw1 (1).ipynb"], "hw1", ["hw1.ipynb"])
