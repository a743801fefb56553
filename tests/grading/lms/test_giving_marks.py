"""Marks go into each system's own table: the marks' cells change, and no other byte."""

import pytest
from classroom.standin import STANDIN

from autograder.grading.lms.came_as import CameAs, remember
from autograder.grading.lms.class_lists import read_table
from autograder.grading.lms.giving_marks import filled_table, told, write
from autograder.grading.lms.people import Person, enter
from autograder.problem import Problem


@pytest.fixture
def fill(grades, tmp_path):
    """Fill a table; its bytes and what came of the assignment."""

    def filled(data, chapters=(STANDIN,), columns=None, scale=False, **options):
        path = tmp_path / "theirs.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        table = read_table(path, **options)
        result = filled_table(grades, table, chapters, columns=columns or {}, scale=scale)
        return result.data, result.filled[0]

    return filled


CANVAS = (
    "\ufeffStudent;ID;SIS Login ID;Section;standin (4711);Other (3);Current Score\r\n"
    ";;;;Manual Posting;;\r\n"
    "    Points Possible;;;;5;10;(read only)\r\n"
    '"Doe, Jane";1234;jdoe;A;;4,5;90\r\n'
    '"王, ""W""";5;w;A;"1,5";;\r\n'
    "Ex;77;e;A;ex;;\r\nNot;78;n;A;N/A;;\r\nNone;99;x;A;3;;\r\nSame;100;s;A;2;;\r\n"
    '"Student, Test";1;;A;;;\r\n'
)


def test_canvas(fill, give_marks):
    marks = {"1234": (2, 2.5), "5": (0, 0), "77": (2, 3), "78": (2, 3), "100": (2, 0)}
    give_marks({**marks, "gone": (1, 0)})
    data, filled = fill(CANVAS)
    expected = CANVAS.replace("jdoe;A;;", "jdoe;A;4,5;").replace('"1,5"', '"0"')
    assert data.decode() == expected
    assert (filled.set, filled.same) == (2, 1)
    assert filled.no_mark == ["99", "1"] and filled.not_there == ["gone"]
    assert not filled.is_complete
    assert filled.lines == [
        "5: 1,5 became 0.",
        "77: ex may not be changed; left as it is.",
        "78: N/A may not be changed; left as it is.",
    ]


MOODLE = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
    '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\r\n'
    'Teilnehmer/in4021,"Jane Doe",jane@x.edu,"Abgegeben",,"5,00",Ja,-,"Dienstag, 3. März",\r\n'
    'Teilnehmer/in4022,"Bob ""B""",bob@x.edu,,"1,00","5,00",Nein,-,-,"<p>gut, sehr</p>"\r\n'
    'Teilnehmer/in4023,"Zoë",zoe@x.edu,,,"5,00",Ja,-,-,\r\n'
    'Teilnehmer/in4024,"Nobody",no@x.edu,,"2,00","5,00",Ja,-,-,\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_moodle(fill, give_marks, grades, encoding, delimiter):
    give_marks({"jane@x.edu": (2, 1.5), "bob@x.edu": (2, 3), "4023": (0, 2)})
    remember(grades.course, STANDIN, {"4023": CameAs("moodle", "4023", "Zoë")})
    text = MOODLE if delimiter == "," else MOODLE.replace(",", "\t").replace("\t00", ",00")
    data, filled = fill(text.encode(encoding))
    three = '"3,5"' if delimiter == "," else "3,5"
    first = f'Abgegeben"{delimiter}{delimiter}"5'
    expected = text.replace(first, first.replace(delimiter * 2, delimiter + three + delimiter))
    third = f'zoe@x.edu{delimiter}{delimiter}{delimiter}"5'
    expected = expected.replace(third, third.replace(f'{delimiter}"', f'2{delimiter}"'))
    assert data == expected.encode(encoding)
    assert filled.lines == ["bob@x.edu: 1,00 may not be changed; left as it is."]
    assert filled.is_complete and filled.no_mark == ["Teilnehmer/in4024"]


BLACKBOARD = (
    '\ufeff"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t'
    '"standin [Total Pts: 5 Score] |1281892"\t"Total [Total Pts: up to 55 Score] |9"\n'
    '"Doe"\t"Jane"\t"jdoe"\t"1"\t"2026-03-03 10:15:00"\t""\t"3.00"\n'
    '"Lee"\t"Kim"\t"kim.lee2"\t"2"\t""\t"4.00"\t""\n'
)


@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_blackboard(fill, give_marks, delimiter):
    give_marks({"jdoe": (2, 3), "kim.lee2": (2, 2)})
    text = BLACKBOARD.replace("\t", delimiter)
    data, filled = fill(text.encode("utf-16-le"))
    expected = text.replace(f'00"{delimiter}""', f'00"{delimiter}"5"', 1)
    assert data == expected.encode("utf-16-le")
    assert (filled.set, filled.same, filled.lines) == (1, 1, [])


BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,standin Points Grade <Numeric MaxPoints:10 Weight:1>,"
    "Other Points Grade <Numeric MaxPoints:3>,End-of-Line Indicator\n"
    "#2001,#jdoe,=Doe,,1,#\n#2002,#kim,Lee,3,,#\n"
)


def test_brightspace(fill, give_marks):
    give_marks({"jdoe": (2, 2), "kim": (0, 1.5)})
    data, filled = fill(BRIGHTSPACE, scale=True)
    assert data.decode() == BRIGHTSPACE.replace("=Doe,,", "=Doe,8,")
    assert (filled.set, filled.same, filled.is_complete) == (1, 1, True)


def test_points_that_differ_are_told(fill, give_marks):
    give_marks({"2001": (2, 2)})
    _, filled = fill(BRIGHTSPACE)
    assert filled.lines[0].startswith("there are 5 points in the gradebook, 10 in the table.")


def test_filling_twice_changes_nothing(fill, give_marks):
    give_marks({"1234": (2, 2.5)})
    once, _ = fill(CANVAS)
    twice, filled = fill(once)
    assert once == twice and (filled.set, filled.same) == (0, 1)


def test_late_penalties_and_what_a_person_has_to_look_at(fill, give_marks, grades):
    give_marks({"1234": (2, 3)})
    with grades.gradebook() as book:
        notebook = book.find_submission(STANDIN, "1234").notebooks[0]
        notebook.late_submission_penalty = 1.25
        notebook.grades[0].needs_manual_grade = True
        book.db.commit()
    data, filled = fill(CANVAS)
    assert "jdoe;A;3,75;" in data.decode()
    assert filled.lines == ["1234: a person has to look at this still; filled in so far."]


def test_a_student_whom_the_system_knows_by_another_id(fill, give_marks, grades):
    with grades.gradebook() as book:
        enter(book, [Person("jane", lms_user_id="1234")])
    give_marks({"jane": (2, 2.5)})
    data, filled = fill(CANVAS)
    assert "jdoe;A;4,5;" in data.decode() and filled.is_complete


def test_a_row_that_could_be_two_students_stays(fill, give_marks, grades):
    give_marks({"jane@x.edu": (2, 0), "participant-4021": (1, 0)})
    remember(grades.course, STANDIN, {"participant-4021": CameAs("moodle", "4021", "Jane")})
    data, filled = fill(MOODLE)
    assert data.decode() == MOODLE and not filled.is_complete
    assert filled.lines == ["row 2 could be jane@x.edu or participant-4021; left as it is."]


def test_an_id_of_another_kind_gives_nobody_a_mark(fill, give_marks):
    """Of Moodle's participant 4022, somebody else's id number; of Canvas, another's SIS id."""
    give_marks({"4022": (2, 0), "5": (1, 0)})
    worksheet = MOODLE.replace("E-Mail-Adresse", "ID number").replace("zoe@x.edu", "4022")
    data, _ = fill(worksheet)
    assert data.decode() == worksheet.replace('4022,,,"5', '4022,,2,"5')
    table = "Student,ID,SIS User ID,SIS Login ID,Section,standin (1)\na,9,5,x,A,\nb,5,9,y,A,\n"
    data, _ = fill(table)
    assert data.decode() == table.replace("y,A,", "y,A,1")


def test_a_row_that_comes_twice_stays(fill, give_marks):
    give_marks({"1234": (2, 0)})
    twice = CANVAS + '"Doe, Jane";1234;jdoe;B;;;\r\n'
    data, filled = fill(twice)
    assert data.decode() == twice.replace("jdoe;A;;", "jdoe;A;2;")
    assert filled.lines == ["row 11 is 1234 again, as row 4; left as it is."]


def test_more_points_than_there_are_is_told(fill, give_marks):
    give_marks({"1234": (2, 3)})
    _, filled = fill(CANVAS.replace("Possible;;;;5", "Possible;;;;4"))
    assert "1234: 5 is more than 4, which the system may refuse." in filled.lines


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Standin (1)", {}),
        ("Stand-In: (1)", {}),
        ("Homework 1 (1)", {"": "Homework 1 (1)"}),
        ("Homework 1 (1)", {"": "Homework 1"}),
        ("Homework 1 (1)", {STANDIN: "Homework 1"}),
    ],
)
def test_the_column_is_found_or_said(fill, give_marks, header, columns):
    give_marks({"1234": (2, 2.5)})
    data, _ = fill(CANVAS.replace("standin (4711)", header), columns=columns)
    assert "jdoe;A;4,5;" in data.decode()


@pytest.mark.parametrize(
    ("chapters", "columns", "says"),
    [
        ((STANDIN,), {}, "no column for standin. It has: 'Homework (1)', 'Other (3)'"),
        ((STANDIN,), {"": "Nothing"}, "no column for Nothing"),
        (("nothing",), {}, "The gradebook has no 'nothing'. It has: standin"),
        ((), {}, "no column with the name of an assignment"),
        ((), {"": "Homework"}, "Which assignment is that column's"),
    ],
)
def test_a_column_that_is_not_there_is_one_line(fill, give_marks, chapters, columns, says):
    give_marks({"1234": (2, 2.5)})
    with pytest.raises(Problem) as problem:
        fill(CANVAS.replace("standin (4711)", "Homework (1)"), chapters, columns)
    assert says in str(problem.value)


def test_where_nobody_has_a_mark_nothing_is_filled_in(fill):
    with pytest.raises(Problem, match="Nobody has a mark in standin"):
        fill(CANVAS)


def test_two_columns_of_one_title_are_one_line(fill, give_marks):
    give_marks({"1234": (2, 2.5)})
    with pytest.raises(Problem, match="2 columns for standin"):
        fill(CANVAS.replace("Other (3)", "Standin (3)"))


def test_only_numbers_are_written(fill, give_marks):
    give_marks({"=1+1": (2, 1 / 3), "1234": (2, 2.5)})
    data, filled = fill(CANVAS.replace(";99;", ";=1+1;"))
    assert ";=1+1;x;A;2,33;" in data.decode()
    assert all(letter.isprintable() for line in told(filled) for letter in line)


def test_a_table_is_written_in_one_step(tmp_path):
    write(b"one", tmp_path / "x.csv")
    write(b"two", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == b"two" and len(list(tmp_path.iterdir())) == 1
    with pytest.raises(Problem, match="cannot be written"):
        write(b"x", tmp_path / "no" / "x.csv")
