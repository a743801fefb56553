"""A download becomes submissions: whose, which attempt, and a line for all that did not fit."""

import shutil
import zipfile

import pytest
from classroom.standin import STANDIN
from grading.lms.conftest import NOTEBOOK

from autograder.grading.lms.attempts import MOST_FILES
from autograder.grading.lms.came_as import CameAs, came_as
from autograder.grading.lms.class_lists import read_table
from autograder.grading.lms.people import Person, enter
from autograder.grading.lms.receipt import told
from autograder.problem import Problem

AT = f"{STANDIN}/{NOTEBOOK}"


def became(receipt):
    return {row.student: row.became for row in receipt.rows}


def enrol(grades, *people):
    with grades.gradebook() as book:
        enter(book, people)


def test_canvas(collect, handed_in, grades):
    receipt = collect(
        {
            "doejane_1234_56789_standin.ipynb": "jane",
            "team_a_LATE_11_22_standin.ipynb": "team",
            "王小明_5_6_data.csv": "1,2",
            "王小明_5_7_standin.ipynb": "wang",
        }
    )
    assert handed_in() == {
        f"1234/{AT}": "jane",
        f"11/{AT}": "team",
        f"5/{AT}": "wang",
        f"5/{STANDIN}/data.csv": "1,2",
    }
    assert [row.came for row in receipt.rows] == ["late", "", ""]
    assert receipt.title == "Canvas" and receipt.was_guessed and receipt.is_complete
    assert came_as(grades.course, STANDIN)["5"] == CameAs("canvas", "5", "王小明", 7)


def test_moodle_by_a_worksheet(collect, handed_in, tmp_path):
    sheet = tmp_path / "grades.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Grade,Last modified (grade)\n"
        'Participant 4021,"Jane O\'Neil",jane@x.edu,,-\n'
        "Participant 4022,Bob,bob@x.edu,,-\n"
    )
    receipt = collect(
        {
            "Jane ONeil_4021_assignsubmission_file/standin.ipynb": "jane",
            "Team A_4022_assignsubmission_file/standin.ipynb": "a group with Bob's number",
            "Default group_assignsubmission_file/standin.ipynb": "nobody",
        },
        table=read_table(sheet),
    )
    assert handed_in() == {f"jane@x.edu/{AT}": "jane"}
    assert receipt.lines == [
        "'Default group_assignsubmission_file/standin.ipynb' says of nobody whose it is.",
        "4022: 'Bob' in the table, 'Team A' in the download; not collected.",
    ]
    assert not receipt.is_complete


def test_moodle_without_names(collect, handed_in, tmp_path):
    sheet = tmp_path / "grades.csv"
    sheet.write_text(
        "ID;E-Mail-Adresse;Bewertung;Zuletzt geändert (Bewertung)\n"
        "Teilnehmer/in 4021;jane@x.edu;;-\n"
    )
    files = {"Teilnehmerin_4021_assignsubmission_file/standin.ipynb": "jane"}
    collect(files, table=read_table(sheet))
    assert handed_in() == {f"jane@x.edu/{AT}": "jane"}


def test_moodle_by_names_of_the_roster(collect, handed_in, grades):
    enrol(
        grades,
        Person("jane", "Jane", "O'Neil"),
        Person("ann1", "Ann", "Lee"),
        Person("ann2", "Ann", "Lee"),
        Person("bob", "Bob", "May"),
    )
    receipt = collect(
        {
            "ONeil Jane_1_assignsubmission_file/standin.ipynb": "jane",
            "Ann Lee_2_assignsubmission_file/standin.ipynb": "which Ann?",
            "Bob May_3_assignsubmission_file/standin.ipynb": "which Bob?",
            "Bob May_4_assignsubmission_file/standin.ipynb": "which Bob?",
        }
    )
    assert became(receipt) == dict.fromkeys(
        ["jane", "participant-2", "participant-3", "participant-4"], "collected"
    )
    assert [line for line in receipt.lines if "roster" in line] == [
        f"{key}: not on the roster." for key in "234"
    ]
    assert receipt.missing == ["ann1", "ann2", "bob"]


def test_blackboard_takes_the_newest_attempt(collect, handed_in):
    name = "HW_1_kim_lee_attempt_2026-03-0{}-10-15-00_standin.ipynb"
    about = "HW_1_kim_lee_attempt_2026-03-04-10-15-00.txt"
    receipt = collect(
        {
            name.format(4): "newest",
            about: "Name: Kim Lee (kim_lee)\nAssignment: HW 1\n",
            name.format(3): "older",
            "HW_1_jdoe_attempt_2026-03-03-10-15-00_standin.ipynb": "jdoe",
        }
    )
    assert handed_in() == {
        f"kim_lee/{AT}": "newest",
        f"kim_lee/{STANDIN}/earlier/2026-03-03-10-15-00/{NOTEBOOK}": "older",
        f"kim_lee/{STANDIN}/timestamp.txt": "2026-03-04 10:15:00",
        f"jdoe/{AT}": "jdoe",
        f"jdoe/{STANDIN}/timestamp.txt": "2026-03-03 10:15:00",
    }
    assert receipt.lines == ["kim_lee: 2 attempts: the newest counts, the others stay."]
    assert receipt.is_complete


def test_brightspace_goes_by_names(collect, handed_in, grades):
    enrol(grades, Person("jdoe", "Jane", "Doe"), Person("kim", "Kim", "Lee-May"))
    receipt = collect(
        {
            "index.html": "<html>",
            "1-2 - Jane Doe - Oct 10, 2026 1022 AM/standin.ipynb": "newest",
            "1-3 - Jane Doe - Oct 9, 2026 1022 PM/standin.ipynb": "older",
            "1-4 - Kim Lee-May - 10 oct. 2026 10 22/standin.ipynb": "kim",
            "1-5 - Who - Oct 9, 2026 1022 PM/standin.ipynb": "?",
        }
    )
    assert handed_in()[f"jdoe/{AT}"] == "newest"
    assert handed_in()[f"jdoe/{STANDIN}/timestamp.txt"] == "2026-10-10 10:22:00"
    assert handed_in()[f"kim/{AT}"] == "kim"
    assert set(became(receipt)) == {"jdoe", "kim"}
    assert any(line.startswith("1-5: no student has the name 'Who'") for line in receipt.lines)


def test_attempts_whose_order_nobody_knows_are_not_collected(collect, handed_in, grades):
    enrol(grades, Person("kim", "Kim", "Lee"))
    name = "1-{0} - Kim Lee - {0} oct. 2026 10 22/standin.ipynb"
    receipt = collect({name.format(1): "?", name.format(2): "?"}, system="brightspace")
    assert handed_in() == {} and not receipt.is_complete
    assert receipt.lines[0].startswith("kim: 2 attempts, and which is the newest?")


def test_github(collect, handed_in):
    collect(
        {
            "standin-submissions/standin-jane-doe/standin.ipynb": "jane",
            "standin-submissions/standin-kim/standin.ipynb": "kim",
            "standin-submissions/standin-kim/.git/config": "no work",
        }
    )
    assert handed_in() == {f"jane-doe/{AT}": "jane", f"kim/{AT}": "kim"}


def test_folders(collect, handed_in):
    collect(
        {"all/jdoe/standin/standin.ipynb": "jane", "all/kim.zip/standin/a.csv": "no zip"},
        system="folder",
    )
    assert handed_in() == {f"jdoe/{AT}": "jane", f"kim/{STANDIN}/a.csv": "no zip"}


def test_a_pattern_of_the_class_itself(collect, handed_in):
    collect(
        {"standin_jdoe.ipynb": "jane", "standin_kim.ipynb": "kim"},
        pattern=r"(?P<file>standin)_(?P<key>.+)\.ipynb",
    )
    assert handed_in() == {f"jdoe/{AT}": "jane", f"kim/{AT}": "kim"}


def test_the_newest_of_several_files_counts_and_the_others_stay(collect, handed_in):
    receipt = collect(
        {
            "d_1_30_standin-1.ipynb": "newest",
            "d_1_29_standin.ipynb": "older",
            "d_1_31_notes.ipynb": "no copy of it",
            "e_2_5_standin (2).ipynb": "second copy",
            "e_2_5_standin (1).ipynb": "first copy",
        }
    )
    assert handed_in() == {
        f"1/{AT}": "newest",
        f"1/{STANDIN}/earlier/standin.ipynb": "older",
        f"1/{STANDIN}/notes.ipynb": "no copy of it",
        f"2/{AT}": "second copy",
        f"2/{STANDIN}/standin (1).ipynb": "first copy",
    }
    assert receipt.lines == [
        "1: 'standin-1.ipynb' was taken as standin.ipynb.",
        "2: 'standin (2).ipynb' was taken as standin.ipynb.",
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_one_on_some_system_do_not_meet(collect, handed_in):
    collect(
        [
            ("d_1_2_standin.ipynb", "first"),
            ("d_1_2_standin.ipynb", "second"),
            ("d_1_2_a", "a file"),
            ("d_1_2_a/b", "in a folder of its name"),
            ("d_1_2_Zo\u00eb.csv", "composed"),
            ("d_1_2_ZOE\u0308.csv", "decomposed, in capitals"),
        ]
    )
    texts = {"first", "second", "a file", "in a folder of its name", "composed"}
    assert set(handed_in().values()) == texts | {"decomposed, in capitals"}
    assert handed_in()[f"1/{AT}"] == "second"


def test_a_zip_of_a_student_is_looked_into(collect, handed_in, zipped):
    inner = zipped({"hw/standin.ipynb": "inner", "hw/a.csv": "1"}, "inner.zip").read_bytes()
    collect({"d_1_2_work.zip": inner})
    assert handed_in() == {f"1/{AT}": "inner", f"1/{STANDIN}/work.zip/hw/a.csv": "1"}


def test_what_stands_in_for_a_notebook_is_told(collect, handed_in):
    receipt = collect({"d_1_2_standin.py": "x", "e_2_text.html": "y", "f_3_4_other.ipynb": "z"})
    assert receipt.lines == [
        "1: there is no standin.ipynb, but 'standin.py'.",
        "2: there is no standin.ipynb, but 'text.html'.",
        "3: there is no standin.ipynb, but 'other.ipynb'.",
    ]
    assert len(handed_in()) == 3


def test_no_student_says_when_it_came(collect, handed_in):
    receipt = collect({"d_1_2_standin.ipynb": "x", "d_1_3_timestamp.txt": "2000-01-01"})
    assert set(handed_in()) == {f"1/{AT}"}
    assert receipt.lines == ["1: 'timestamp.txt' was left out: no student says when it came."]


def test_a_second_run_changes_nothing(collect, handed_in, grades):
    files = {"d_1_2_standin.ipynb": "x", "e_LATE_2_3_standin-1.ipynb": "y"}
    collect(files)
    before, remembered = handed_in(), came_as(grades.course, STANDIN)
    receipt = collect(files)
    assert set(became(receipt).values()) == {"as before"} and receipt.is_complete
    assert (handed_in(), came_as(grades.course, STANDIN)) == (before, remembered)
    assert not list(grades.course.own_folder.glob("collecting-*"))


def test_what_is_there_is_never_written_over(collect, handed_in, grades):
    collect({"d_1_2_standin.ipynb": "first"})
    receipt = collect({"d_1_3_standin-1.ipynb": "second"})
    assert became(receipt) == {"1": "differs from what is there"} and not receipt.is_complete
    assert handed_in() == {f"1/{AT}": "first"}
    assert came_as(grades.course, STANDIN)["1"].number == 2
    assert any("--replace" in line for line in told(receipt, "aside"))


def test_what_is_replaced_is_kept(collect, handed_in, grades):
    collect({"d_1_2_standin.ipynb": "first"})
    for number, text in ((3, "second"), (4, "third")):
        collect({f"d_1_{number}_standin.ipynb": text}, replace=True)
    assert handed_in() == {f"1/{AT}": "third"}
    aside = grades.course.own_folder / "replaced" / "1" / STANDIN
    assert [(aside / name / NOTEBOOK).read_text() for name in "12"] == ["first", "second"]
    assert came_as(grades.course, STANDIN)["1"].number == 4


def test_a_submission_that_is_a_link_is_not_followed(collect, grades, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = grades.course.submitted / "1" / STANDIN
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere)
    receipt = collect({"d_1_2_standin.ipynb": "x"})
    assert became(receipt) == {"1": "differs from what is there"}
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize(
    "name", [".ssh_x", "LATE_anon_" + "x" * 200 + "_5_standin.ipynb", "anon_ _5_standin.ipynb"]
)
def test_a_key_that_can_be_no_id_is_told(collect, name, handed_in):
    collect({name: "x", "d_1_2_standin.ipynb": "y"})
    assert set(handed_in()) <= {f"1/{AT}", f"anon_ /{AT}"}


def test_too_much_of_one_student_is_left_out(collect, handed_in):
    files = {f"d_1_2_{number}.csv": "" for number in range(MOST_FILES + 5)}
    receipt = collect({**files, "d_1_2_standin.ipynb": "x"})
    assert len(handed_in()) == MOST_FILES and f"1/{AT}" in handed_in()
    assert receipt.lines == ["1: 6 files were left out, '5.csv' first: too much."]


def test_many_lines_of_one_kind_are_few(collect):
    receipt = collect(
        {**{f"{n}.txt": "" for n in range(50)}, "d_1_2_standin.ipynb": "x"}, system="canvas"
    )
    assert receipt.lines[-1] == "And 30 more of that kind." and len(receipt.lines) == 21


def test_a_number_of_one_assignment_is_nobodys_id(collect, handed_in, grades, tmp_path):
    """Participants are numbered anew in each assignment; id numbers are numbers, too."""
    enrol(grades, Person("4021", "Kim", "Lee"), Person("4022", lms_user_id="4023"))
    files = {"Jane Doe_4021_assignsubmission_file/standin.ipynb": "jane"}
    collect({**files, "Bob_4023_assignsubmission_file/standin.ipynb": "bob"})
    assert handed_in() == {f"participant-4021/{AT}": "jane", f"participant-4023/{AT}": "bob"}
    sheet = tmp_path / "grades.csv"
    sheet.write_text(
        "Identifier,Full name,ID number,Grade,Last modified (grade)\n"
        "Participant 4021,Jane Doe,77,,-\nParticipant 77,Kim Lee,4021,,-\n"
    )
    collect(files, table=read_table(sheet))
    assert handed_in()[f"77/{AT}"] == "jane" and f"4021/{AT}" not in handed_in()


def test_the_gradebook_may_know_students_by_another_id_of_the_table(
    collect, handed_in, grades, tmp_path
):
    enrol(grades, Person("ann"), Person("bob"), Person("kim", lms_user_id="6"))
    sheet = tmp_path / "grades.csv"
    sheet.write_text("Student,ID,SIS Login ID,Section\na,5,ann,A\nb,7,bob,A\nk,6,other,A\n")
    files = {"a_5_1_standin.ipynb": "ann", "k_6_2_standin.ipynb": "kim"}
    collect(files, table=read_table(sheet))
    assert handed_in() == {f"ann/{AT}": "ann", f"kim/{AT}": "kim"}


def test_an_id_of_another_kind_is_nobodys(collect, handed_in, tmp_path):
    sheet = tmp_path / "grades.csv"
    sheet.write_text("Student,ID,SIS User ID,SIS Login ID,Section\na,5,6,x,A\nb,6,5,y,A\n")
    files = {"a_5_1_standin.ipynb": "a", "b_6_2_standin.ipynb": "b"}
    collect(files, table=read_table(sheet))
    assert handed_in() == {f"5/{AT}": "a", f"6/{AT}": "b"}


def test_a_name_that_holds_somebodys_id_gives_nobody_that_work(collect, handed_in):
    """A student may be called so that the name of a file reads as another's."""
    receipt = collect(
        {"evil_1234_1_77_88_standin.ipynb": "evil", "doejane_1234_5_standin.ipynb": "jane"}
    )
    assert handed_in() == {} and not receipt.is_complete
    assert receipt.lines[0].startswith("1234: files of 'doejane' and 'evil' under one id")


@pytest.mark.parametrize("ids", [("../../x",), (".ssh",), ("a/b",), ("a\\b",), ("x" * 200,)])
def test_an_id_that_can_be_no_folder_is_nobodys(collect, grades, tmp_path, ids):
    with grades.gradebook() as book:
        book.add_student(ids[0], lms_user_id="1")
    receipt = collect({"d_1_2_standin.ipynb": "x", "e_2_3_standin.ipynb": "y"})
    assert became(receipt) == {"2": "collected"}
    assert receipt.lines[0] == "1: this can be no student's id; not collected."


def test_what_a_killed_run_left_is_removed(collect, grades):
    left = grades.course.own_folder / "collecting-x" / "archive"
    left.mkdir(parents=True)
    collect({"d_1_2_standin.ipynb": "x"})
    assert not left.parent.exists()


def test_a_student_of_the_system_is_found_by_its_id(collect, handed_in, grades):
    enrol(grades, Person("jdoe", lms_user_id="1234"), Person("kim"))
    receipt = collect({"doejane_1234_5_standin.ipynb": "x"})
    assert handed_in() == {f"jdoe/{AT}": "x"}
    assert receipt.missing == ["kim"] and receipt.lines == []


def test_a_damaged_file_is_left_out_and_others_are_not(collect, handed_in, zipped):
    path = zipped({"d_1_2_standin.ipynb": "x" * 500, "e_2_3_standin.ipynb": "y"})
    data = bytearray(path.read_bytes())
    data[data.index(b"d_1_2_standin.ipynb") + 22] ^= 0xFF
    path.write_bytes(data)
    receipt = collect(path)
    assert handed_in() == {f"2/{AT}": "y"}
    assert became(receipt) == {"1": "nothing could be read", "2": "collected"}
    assert not receipt.is_complete and "'standin.ipynb' is damaged" in receipt.lines[0]


def test_an_unpacked_download_gives_the_same(collect, handed_in, zipped, tmp_path, grades):
    path = zipped({"d_1_2_standin.ipynb": "x", "e_LATE_2_3_a.csv": "y"})
    collect(path)
    packed = handed_in()
    shutil.rmtree(grades.course.submitted)
    zipfile.ZipFile(path).extractall(tmp_path / "unpacked")
    collect(tmp_path / "unpacked")
    assert handed_in() == packed


def test_what_is_told_obeys_no_terminal_and_no_name(collect):
    receipt = collect({"\u202ed_1_2_standin.ipynb": "x", "\u202ejunk": "y"}, system="canvas")
    lines = list(told(receipt, "aside"))
    assert all(letter.isprintable() for line in lines for letter in line)


@pytest.mark.parametrize(
    ("chapter", "says"),
    [("standin2", "There is no assignment 'standin2'. There are: standin."), ("standin", "")],
)
def test_an_assignment_that_is_not_there_is_one_line(grades, zipped, chapter, says):
    from autograder.grading.lms.receiving import Asked, receive

    shutil.rmtree(grades.course.root / "course")
    with pytest.raises(Problem, match=says or "is not released"):
        receive(grades, Asked(chapter, zipped({"d_1_2_standin.ipynb": "x"}), None))


def test_a_full_disk_is_one_line_and_leaves_nothing(collect, handed_in, monkeypatch, grades):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nbgrader.apps.zipcollectapp.shutil.copy", full)
    with pytest.raises(Problem, match="Nothing was collected: No space left"):
        collect({"d_1_2_standin.ipynb": "x"})
    assert handed_in() == {} and not list(grades.course.own_folder.glob("collecting-*"))


def test_an_empty_download_is_one_line(collect):
    with pytest.raises(Problem, match="There is no file"):
        collect({"__MACOSX/x": ""})
