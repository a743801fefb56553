"""Each system's own files, there and back: odd people, encodings, separators, quotes."""

from dataclasses import dataclass

import pytest
from classroom.standin import STANDIN
from grading.lms.conftest import NOTEBOOK

from autograder.grading.lms.class_lists import people_in, read_table
from autograder.grading.lms.giving_feedback import pages
from autograder.grading.lms.giving_marks import filled_table
from autograder.grading.lms.people import enter


@dataclass(frozen=True)
class System:
    """What one system hands over of a class, by hand after its sources.

    Attributes:
        header: of its table.
        row: one student's, with `{id}`, `{last}`, `{first}`, `{n}`, a number, and `{mark}`.
        entry: a file in its zip, with the same; and `{plain}`, the name as the system writes it.
        plain: how it writes a name there.
        student: the id that the gradebook has.
        back: what feedback goes back under; "" if this system takes none.
    """

    header: tuple[str, ...]
    row: tuple[str, ...]
    entry: str
    plain: object
    student: str
    back: str = ""


def letters(last, first):
    return "".join(letter for letter in (last + first).lower() if letter.isalnum() or letter == "_")


def without(signs):
    return lambda last, first: "".join(x for x in f"{first} {last}" if x not in signs)


SYSTEMS = {
    "canvas": System(
        ("Student", "ID", "SIS Login ID", "Section", "standin (7)", "Other (8)", "Final Score"),
        ("{last}, {first}", "{n}", "{id}", "A", "{mark}", "3", "77"),
        "{plain}_{n}_1{n}_standin.ipynb",
        letters,
        "{n}",
        "_{n}_1{n}_feedback-standin.html",
    ),
    "moodle": System(
        ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade",
         "Last modified (grade)", "Feedback comments"),
        ("Participant {n}", "{first} {last}", "{id}", "Submitted", "{mark}", "5", "-", "<p>x</p>"),
        "{plain}_{n}_assignsubmission_file/standin.ipynb",
        without("&<>\"`|':\\/_\n"),
        "{id}",
        "_{n}_assignfeedback_file/standin.html",
    ),
    "blackboard": System(
        ("Last Name", "First Name", "Username", "standin [Total Pts: 5 Score] |12"),
        ("{last}", "{first}", "{id}", "{mark}"),
        "HW_1_{id}_attempt_2026-03-03-10-15-00_standin.ipynb",
        letters,
        "{id}",
    ),
    "brightspace": System(
        ("OrgDefinedId", "Last Name", "First Name",
         "standin Points Grade <Numeric MaxPoints:5 Weight:1>", "End-of-Line Indicator"),
        ("#{id}", "{last}", "{first}", "{mark}", "#"),
        "39001-{n} - {plain} - Oct 10, 2026 1022 AM/standin.ipynb",
        without("/\\:\n"),
        "{id}",
    ),
}  # fmt: skip

PEOPLE = [
    ("=1+1", "Jane"),
    ("O'Neil", 'Robert "Bob"'),
    ("Doe, Jr.", "Jane"),
    ("Müller_Lüdenscheidt", "Zoë"),
    ("小明", "王"),
    ("Ильич", "Пётр"),
    ("\u202eReversed", "Right"),
    ("Line\nBreak", "Two"),
    ("Semi;colon", "Tab"),
    ("عبد", "الله"),
    ("@SUM(A1)", "-1"),
]
FORMS = [
    ("utf-8", ",", False),
    ("utf-8", ",", True),
    ("utf-8-sig", ",", False),
    ("utf-8-sig", ";", True),
    ("utf-8", ";", False),
    ("utf-16", "\t", True),
    ("utf-16", ",", False),
    ("utf-16-le", "\t", False),
    ("utf-32", ",", True),
    ("utf-8-sig", "\t", True),
]
"""Encoding, what stands between cells, and whether all of them are quoted."""


def ids(number):
    return {"n": 400 + number, "id": f"s{number}.x@uni.edu".replace("_", "")}


def table_of(system, delimiter, is_quoted, marks):
    """A table's text, quoted as systems do."""

    def cell(text):
        special = is_quoted or {delimiter, '"', "\n"} & set(text)
        return '"' + text.replace('"', '""') + '"' if special else text

    lines = [system.header]
    for number, (last, first) in enumerate(PEOPLE):
        about = {"last": last, "first": first, "mark": marks.get(number, ""), **ids(number)}
        lines.append(tuple(each.format(**about) for each in system.row))
    return "".join(delimiter.join(map(cell, line)) + "\r\n" for line in lines)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form[0]}{form[1]!r}{form[2]}")
@pytest.mark.parametrize("name", SYSTEMS)
def test_marks_go_into_any_form_of_a_table(grades, give_marks, tmp_path, name, form):
    (encoding, delimiter, is_quoted), system = form, SYSTEMS[name]
    wanted = {number: str(number % 6) for number in range(len(PEOPLE)) if number != 3}
    before = table_of(system, delimiter, is_quoted, {}).encode(encoding)
    (tmp_path / "theirs.csv").write_bytes(before)
    table = read_table(tmp_path / "theirs.csv")
    assert table.of.system == name
    give_marks(
        {system.student.format(**ids(number)): (int(mark), 0) for number, mark in wanted.items()}
    )
    result = filled_table(grades, table, [STANDIN], columns={})
    assert result.data == table_of(system, delimiter, is_quoted, wanted).encode(encoding)
    assert result.filled[0].is_complete and len(result.filled[0].no_mark) == 1


@pytest.mark.parametrize("name", SYSTEMS)
def test_there_and_back(grades, give_marks, collect, handed_in, tmp_path, name):
    system = SYSTEMS[name]
    text = table_of(system, ",", False, {})
    (tmp_path / "theirs.csv").write_bytes(text.encode())
    table = read_table(tmp_path / "theirs.csv")
    with grades.gradebook() as book:
        enter(book, people_in(table)[0])
    files = {
        system.entry.format(plain=system.plain(last, first), **ids(number)): f"work {number}"
        for number, (last, first) in enumerate(PEOPLE)
        if "\n" not in system.plain(last, first)
    }
    receipt = collect(files, table=None if name == "brightspace" else table)
    students = [system.student.format(**ids(number)) for number in range(len(PEOPLE))]
    got = {path: text for path, text in handed_in().items() if path.endswith(NOTEBOOK)}
    assert receipt.is_complete and receipt.lines == [] and receipt.title.lower() == name
    assert got == {
        f"{student}/{STANDIN}/{NOTEBOOK}": f"work {number}"
        for number, student in enumerate(students)
        if f"work {number}" in files.values()
    }
    give_marks(dict.fromkeys(students, (2, 3)))
    data = filled_table(grades, table, [STANDIN], columns={}).data
    everybody = dict.fromkeys(range(len(PEOPLE)), "5")
    assert data.decode() == table_of(system, ",", False, everybody)
    if not system.back:
        return
    for student in students:
        folder = grades.course.folder("feedback", student, STANDIN)
        folder.mkdir(parents=True)
        (folder / "standin.html").write_text("page")
    back = sorted(pages(grades.course, STANDIN, name).files)
    assert len(back) == len(files)
    tails = [system.back.format(**ids(number)) for number in range(len(PEOPLE))]
    assert all(any(each.endswith(tail) for tail in tails) for each in back)
