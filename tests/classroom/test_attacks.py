"""Classes of attackers, and two honest students in each, through the real `nbgrader`."""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from classroom.attacks import ATTACKS, FULL, HIDDEN_SIZES, NAME, RIGHT, Attack, answered
from classroom.fort import fort
from classroom.told import TOLD
from nbgrader.api import Gradebook
from sweeps import asked_about, some_of_each

from autograder.grading.playing.classroom import Classroom
from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user

REPOSITORY = Path(__file__).parents[2]
CLASSES = 3
"""Graded at the same time: most attacks wait for a limit to end them."""
HONEST = ("0_first", "zz_last")
"""Graded before and after all attackers: nbgrader goes through the names in order."""

SETTINGS = """
c.Execute.timeout = 5
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


def made_of(attack: Attack) -> tuple:
    """What kind of attack one is: what is handed in, what it sees, and what is told of it."""
    handed_in = (attack.make is None, attack.place is None, bool(attack.extra))
    sees = (bool(attack.saw), bool(attack.never), bool(attack.remark))
    return *handed_in, *sees, attack.answers, attack.deserved


EVERY_RUN = some_of_each([attack for attack in ATTACKS if not attack.long], 2, made_of)


def marked(attacks: Iterable[Attack]) -> list:
    """Attacks as parameters of a test."""
    return [
        pytest.param(attack, id=attack.name, marks=[] if attack in EVERY_RUN else pytest.mark.long)
        for attack in attacks
    ]


each_attack = pytest.mark.parametrize("attack", marked(ATTACKS))


class Graded:
    """A class after `nbgrader autograde`, and what there is to compare it with."""

    def __init__(self, room: Classroom, attacks: Sequence[Attack]) -> None:
        self.room, self.attacks = room, attacks
        (self.released,) = self.room.released("fort").values()
        for student in HONEST:
            self.room.submit(student, "fort", {NAME: answered(self.released, *RIGHT)})
        for attack in self.attacks:
            self._hand_in(attack)
        self._grade_an_earlier_assignment()
        self.before = fingerprints(self.room.root)
        self.book_before = rows(self.room.root)
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
        with Gradebook(self.room.course.db_url) as book:
            book.add_assignment("earlier")
            book.add_notebook("task", "earlier")
            book.add_grade_cell("q", "task", "earlier", max_score=9, cell_type="code")
            book.add_solution_cell("q", "task", "earlier")
            for number, student in enumerate((*HONEST, *(attack.name for attack in self.attacks))):
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
def classes(request, released_fort, tmp_path_factory) -> list[Graded]:
    """Everybody whose test is to run, in classes that are graded at the same time."""
    wanted = asked_about(request, "attack")
    attacks = [attack for attack in ATTACKS if attack in wanted]
    parts = [attacks[number::CLASSES] for number in range(CLASSES)]
    rooms = [fort(released_fort, tmp_path_factory.mktemp("fort"), SETTINGS) for _ in parts]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as pool:
        patch.setenv("NBGRADER_TEST_SECRET", "TOPSECRET")
        made = list(pool.map(Graded, rooms, parts))
    TOLD.append(table(made))
    return made


@pytest.fixture(
    params=[
        *range(CLASSES),
        *(pytest.param(n, id=f"{n}-long", marks=pytest.mark.long) for n in range(CLASSES)),
    ]
)
def graded(request, classes) -> Graded:
    """Each class in turn."""
    return classes[request.param]


@pytest.fixture
def attacked(classes, attack) -> Graded:
    """The class that an attack was in."""
    return next(graded for graded in classes if attack in graded.attacks)


def table(classes: Sequence[Graded]) -> str:
    rows = [("attack", "stock nbgrader", "ours", "deserved")]
    rows += [
        (attack.name, attack.stock, f"{graded.scores.get(attack.name):g}", f"{attack.deserved:g}")
        for graded in classes
        for attack in graded.attacks
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    seconds = max(graded.seconds for graded in classes)
    lines.append(f"{len(rows) - 1} attacks, graded in {seconds:.0f} s; of {FULL:g} points")
    return "\n".join(["", *lines])


def test_honest_students_have_full_marks(graded):
    assert {name: graded.scores.get(name) for name in HONEST} == dict.fromkeys(HONEST, FULL)


def test_everybody_is_graded(graded):
    assert set(graded.scores) == {attack.name for attack in graded.attacks} | set(HONEST)


@each_attack
def test_an_attack_brings_what_the_answers_deserve(attacked, attack):
    assert attacked.scores[attack.name] == pytest.approx(attack.deserved)


@pytest.mark.parametrize("attack", marked(a for a in ATTACKS if a.saw or a.never))
def test_an_attack_saw_nothing(attacked, attack):
    printed = attacked.printed(attack.name)
    assert attack.saw in printed
    assert not attack.never or attack.never not in printed


@pytest.mark.parametrize("attack", marked(a for a in ATTACKS if a.remark))
def test_the_instructor_is_told(attacked, attack):
    lines = attacked.notebook(attack.name).metadata.autograder.remarks
    assert any(attack.remark in line for line in lines), lines


@each_attack
def test_nothing_that_a_student_sees_holds_a_hidden_size(attacked, attack):
    if attack.name in attacked.unreadable:
        return
    cells = attacked.notebook(attack.name).cells
    shown = json.dumps([cell.get("outputs", []) for cell in cells])
    # On the page stands also what the student wrote.
    handed_in = attack.files(attacked.released)[NAME]
    known = str(handed_in if isinstance(handed_in, bytes) else json.dumps(handed_in))
    page = "" if any(size in known for size in HIDDEN_SIZES) else attacked.page(attack.name)
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
    students = {attack.name for attack in graded.attacks}
    unreadable = {line.split(":")[0] for line in graded.errors} & students
    assert unreadable >= {"bad_json", "notebook_is_a_link"} & students
    assert "Traceback" not in graded.room.log.read_text()
