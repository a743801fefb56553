"""One class of attackers, and two honest students among them, through the real `nbgrader`."""

import hashlib
import json
import os
import sqlite3
import time
from pathlib import Path

import nbformat
import pytest
from classroom.attacks import ATTACKS, FULL, HIDDEN_SIZES, NAME, RIGHT, answered
from classroom.fort import fort
from classroom.told import TOLD
from nbgrader.api import Gradebook

from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user

REPOSITORY = Path(__file__).parents[2]
HONEST = ("0_first", "zz_last")
"""Graded before and after all attackers: nbgrader goes through the names in order."""

SETTINGS = """
c.Execute.timeout = 8
c.SandboxProvisioner.memory = 3_000_000_000
c.SandboxProvisioner.wall = 60
"""

try:
    find_user()
except NoSandbox as reason:
    pytestmark = [
        pytest.mark.slow,
        pytest.mark.alone,
        pytest.mark.skip(reason=f"no sandbox here: {reason}"),
    ]
else:
    pytestmark = [pytest.mark.slow, pytest.mark.alone]


class Graded:
    """The class after `nbgrader autograde`, and what there is to compare it with."""

    def __init__(self, folder: Path) -> None:
        self.room = fort(folder, SETTINGS)
        (self.released,) = self.room.released("fort").values()
        for student in HONEST:
            self.room.submit(student, "fort", {NAME: answered(self.released, *RIGHT)})
        for attack in ATTACKS:
            self._hand_in(attack)
        self._grade_an_earlier_assignment()
        self.before = fingerprints(self.room.root)
        self.book_before = rows(self.room.root)
        os.environ["NBGRADER_TEST_SECRET"] = "TOPSECRET"
        start = time.monotonic()
        self.errors = self.room.autograde("fort")
        self.seconds = time.monotonic() - start
        self.after = fingerprints(self.room.root)
        self.book_after = rows(self.room.root)
        self.unreadable = {line.split(":")[0] for line in self.errors} - {"0_first"}
        self.room.give_feedback("fort")
        self.scores = {score.student: score.score for score in self.room.scores("fort")}

    def _grade_an_earlier_assignment(self) -> None:
        """Everybody has a grade and a comment in the gradebook, which nobody should change."""
        with Gradebook(self.room.config.CourseDirectory.db_url) as book:
            book.add_assignment("earlier")
            book.add_notebook("task", "earlier")
            book.add_grade_cell("q", "task", "earlier", max_score=9, cell_type="code")
            book.add_solution_cell("q", "task", "earlier")
            for number, student in enumerate((*HONEST, *(attack.name for attack in ATTACKS))):
                book.add_student(student)
                book.add_submission("earlier", student)
                book.find_grade("q", "task", "earlier", student).manual_score = number % 9
                book.find_comment("q", "task", "earlier", student).manual_comment = "Well done."
            book.db.commit()

    def _hand_in(self, attack) -> None:
        self.room.submit(attack.name, "fort", {})
        folder = self.room.root / "classroom" / "submitted" / attack.name / "fort"
        for name, content in attack.files(self.released).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                nbformat.write(content, path)
        if attack.place is not None:
            attack.place(folder, self.room.root)

    def page(self, student: str) -> str:
        paths = (self.room.root / "classroom" / "feedback" / student).rglob("*.html")
        return "".join(path.read_text() for path in paths)

    def notebook(self, student: str) -> nbformat.NotebookNode:
        path = self.room.root / "classroom" / "autograded" / student / "fort" / NAME
        return nbformat.read(path, as_version=4)

    def printed(self, student: str) -> str:
        return "".join(
            output.text
            for cell in self.notebook(student).cells
            for output in cell.get("outputs", [])
            if output.output_type == "stream"
        )


def fingerprints(root: Path) -> dict[str, str]:
    """All files that grading is not there to change, by digest."""
    found = {}
    for folder in ("solutions", "course", "classroom/submitted", "nbgrader_config.py", "students"):
        top = root / folder
        for path in [top, *top.rglob("*")]:
            if path.is_symlink() or path.name.endswith("sparse.bin") or not path.is_file():
                continue
            name = str(path.relative_to(root))
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def rows(root: Path) -> dict[str, set[tuple]]:
    """All rows of the gradebook, by table."""
    with sqlite3.connect(root / "classroom" / "gradebook.db") as book:
        tables = [name for (name,) in book.execute("select name from sqlite_master")]
        tables = [name for name in tables if not name.startswith("sqlite_")]
        return {table: set(book.execute(f"select * from {table}")) for table in tables}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Graded:
    graded = Graded(tmp_path_factory.mktemp("fort"))
    yield graded
    TOLD.append(table(graded))


def table(graded: Graded) -> str:
    rows = [("attack", "stock nbgrader", "ours", "deserved")]
    rows += [
        (attack.name, attack.stock, f"{graded.scores.get(attack.name):g}", f"{attack.deserved:g}")
        for attack in ATTACKS
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.append(f"{len(ATTACKS)} attacks, graded in {graded.seconds:.0f} s; of {FULL:g} points")
    return "\n".join(["", *lines])


def test_honest_students_have_full_marks(graded):
    assert {name: graded.scores.get(name) for name in HONEST} == dict.fromkeys(HONEST, FULL)


def test_everybody_is_graded(graded):
    assert set(graded.scores) == {attack.name for attack in ATTACKS} | set(HONEST)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_brings_what_the_answers_deserve(graded, attack):
    assert graded.scores[attack.name] == pytest.approx(attack.deserved)


@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if a.saw or a.never], ids=lambda attack: attack.name
)
def test_an_attack_saw_nothing(graded, attack):
    printed = graded.printed(attack.name)
    assert attack.saw in printed
    assert not attack.never or attack.never not in printed


@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if a.flagged], ids=lambda attack: attack.name
)
def test_the_instructor_is_told(graded, attack):
    lines = graded.notebook(attack.name).metadata.autograder.flags
    assert any(attack.flagged in line for line in lines), lines


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_nothing_that_a_student_sees_holds_a_hidden_size(graded, attack):
    if attack.name in graded.unreadable:
        return
    shown = json.dumps([cell.get("outputs", []) for cell in graded.notebook(attack.name).cells])
    # On the page stands also what the student wrote.
    handed_in = attack.files(graded.released)[NAME]
    known = str(handed_in if isinstance(handed_in, bytes) else json.dumps(handed_in))
    page = "" if any(size in known for size in HIDDEN_SIZES) else graded.page(attack.name)
    assert not [size for size in HIDDEN_SIZES if size in shown or size in page]


def test_no_file_of_anybody_else_is_changed(graded):
    assert graded.after == graded.before


def test_the_gradebook_is_sound(graded):
    path = graded.room.root / "classroom" / "gradebook.db"
    with sqlite3.connect(path) as book:
        assert book.execute("pragma integrity_check").fetchone() == ("ok",)


def test_no_row_of_the_gradebook_is_changed_or_gone(graded):
    for table, before in graded.book_before.items():
        assert before <= graded.book_after[table], table


def test_only_this_assignments_rows_are_new(graded):
    new = {
        table: graded.book_after[table] - graded.book_before[table] for table in graded.book_after
    }
    per_student = {"submitted_assignment": 1, "submitted_notebook": 1, "grade": 2, "comment": 2}
    assert {table: len(found) for table, found in new.items() if found} == {
        table: count * len(graded.scores) for table, count in per_student.items()
    }


def test_nothing_keeps_running(graded):
    room = str(graded.room.root)
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            variables = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if int(process.name) != os.getpid() and (room in command or room in variables):
            left.append(command)
    assert left == []


def test_errors_are_one_line_each_and_name_the_student(graded):
    students = {attack.name for attack in ATTACKS}
    unreadable = [line for line in graded.errors if line.split(":")[0] in students]
    assert {line.split(":")[0] for line in unreadable} >= {"bad_json", "notebook_is_a_link"}
    assert "Traceback" not in graded.room.log.read_text()
