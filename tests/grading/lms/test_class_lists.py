"""Who is in a system's table, whatever its language, encoding and order of columns."""

import pytest

from autograder.grading.lms.class_lists import people_in, read_table
from autograder.grading.lms.people import Person, Roster, enter, known, letters
from autograder.grading.lms.sheet_columns import TABLES
from autograder.problem import Problem


def table(tmp_path, text, encoding="utf-8", **options):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return read_table(path, **options)


@pytest.mark.parametrize("columns", TABLES, ids=lambda columns: columns.title)
def test_every_example_is_known_for_what_it_is(tmp_path, columns):
    assert columns.source
    assert table(tmp_path, f"{columns.example}\n").of is columns


PEOPLE = [
    # Canvas
    (
        "Student,ID,SIS User ID,SIS Login ID,Section,hw1 (4)\r\n,,,,,Manual Posting\r\n"
        "    Points Possible,,,,,10\r\n"
        '"Doe, Jane",1234,s1,jdoe,A,7\r\n"=""=x, y""",5,s2,w,A,\r\n"Student, Test",1,,,A,\r\n',
        "utf-8-sig",
        [("1234", "Jane", "Doe", ""), ("5", "y", "=x", "")],
    ),
    (
        "LastName;FirstName;ID;SIS Login ID;Section\nDoe;Jane;1234;jdoe;A\n",
        "utf-8-sig",
        [("1234", "Jane", "Doe", "")],
    ),
    # Moodle
    (
        'Identifier,"Full name","ID number","Email address",Status,Grade,"Last modified (grade)"\n'
        'Participant 4021,"Jane Doe",m1,jane@x.edu,,,-\nParticipant 4022,Bob,,bob@x.edu,,,-\n',
        "utf-8",
        [("m1", "Jane", "Doe", "jane@x.edu"), ("bob@x.edu", "", "Bob", "bob@x.edu")],
    ),
    (
        "ID;Vollständiger Name;E-Mail-Adresse;Bewertung;Zuletzt geändert (Bewertung)\n"
        "Teilnehmer/in4021;Zoë van der Meer;zoe@x.de;;-\n",
        "cp1252",
        [("zoe@x.de", "Zoë van der", "Meer", "zoe@x.de")],
    ),
    (
        "First name,Surname,ID number,Email address\nJane,Doe,m1,jane@x.edu\n",
        "utf-16",
        [("m1", "Jane", "Doe", "jane@x.edu")],
    ),
    # Blackboard
    (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"hw1 [Total Pts: 10 Score] |12"\n'
        '"Doe"\t"Jane"\t"jdoe"\t"7"\t""\n',
        "utf-16",
        [("jdoe", "Jane", "Doe", "")],
    ),
    # Brightspace
    (
        "OrgDefinedId,Username,Last Name,First Name,Email,hw1 Points Grade,"
        "End-of-Line Indicator\n#2001,#jdoe,Doe,Jane,jane@x.edu,8.5,#\n",
        "utf-8",
        [("2001", "Jane", "Doe", "jane@x.edu")],
    ),
    # GitHub Classroom, nbgrader
    (
        "assignment_name,github_username,roster_identifier\nhw1,jane-doe,Jane Doe\n",
        "utf-8",
        [("jane-doe", "", "", "")],
    ),
    (
        "id,first_name,last_name,email\njdoe,Jane,Doe,j@x\n",
        "utf-8-sig",
        [("jdoe", "Jane", "Doe", "j@x")],
    ),
]


@pytest.mark.parametrize(("text", "encoding", "people"), PEOPLE)
def test_people_are_read(tmp_path, text, encoding, people):
    found, lines = people_in(table(tmp_path, text, encoding))
    got = [(each.id, each.first_name, each.last_name, each.email) for each in found]
    assert (got, lines) == (people, [])


def test_what_can_be_no_id_and_who_comes_twice_are_told(tmp_path):
    odd = ['"a\nb"', "<b>", "../x", "a/b", ".x", "x" * 200]
    rows = "".join(f"{each},x\n" for each in odd)
    made = table(tmp_path, f"id,first_name\n{rows}kim,z\nkim,w\n")
    people, lines = people_in(made)
    assert [person.first_name for person in people] == ["z"]
    assert len(lines) == len(odd) + 1


def test_a_name_does_nothing_to_a_page(tmp_path):
    text = 'id,first_name,last_name\nkim,<script>alert(1)</script>,"a\x1b[2J\nb"\n'
    (person,), _ = people_in(table(tmp_path, text))
    assert (person.first_name, person.last_name) == ("scriptalert(1)/script", "a[2Jb")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Nom,Prénom\nDoe,Jane\n", {}),
        ("Student,ID,Section\nx,1,A\n", {"system": "moodle"}),
        ("Student,ID,Section\nx,1,A\n", {"key": "Username"}),
    ],
)
def test_columns_that_are_not_there_are_named_with_those_that_are(tmp_path, text, options):
    with pytest.raises(Problem, match=text.split(",")[0]):
        table(tmp_path, text, **options)


def test_a_key_says_which_column_it_is_in_any_language(tmp_path):
    made = table(tmp_path, "Nom;Utilisateur\nDoe;jdoe\n", system="blackboard", key="Utilisateur")
    assert [made.candidates(row) for row in made.rows()] == [["jdoe"]]


def test_entering_twice_changes_nothing_and_forgets_nothing(grades):
    people = [Person("jdoe", "Jane", "Doe", "j@x"), Person("kim")]
    with grades.gradebook() as book:
        assert enter(book, people) == (["jdoe", "kim"], [])
        assert enter(book, people) == ([], [])
        assert enter(book, [Person("jdoe", email="new@x")]) == ([], ["jdoe"])
        assert Person("jdoe", "Jane", "Doe", "new@x") in known(book)


@pytest.mark.parametrize(
    ("one", "other"),
    [("O'Neil", "ONeil"), ("Zoe\u0308", "ZOË"), ("Doe, Jane", "doejane"), ("王 小明", "王小明")],
)
def test_names_are_one_however_a_system_writes_them(one, other):
    assert letters(one) == letters(other)


def test_a_name_that_two_have_is_nobodys():
    roster = Roster((Person("a", "Ann", "Lee"), Person("b", "Lee", "Ann"), Person("c", "王", "小")))
    assert roster.by_name("Ann Lee") is None and roster.by_name("") is None
    assert roster.by_name("小王").student == "c"
