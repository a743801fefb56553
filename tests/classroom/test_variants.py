"""Every student's own sizes and wiring, through nbgrader's cycle and by `autograder grade`."""

import contextlib
import io
import shutil
import stat
from pathlib import Path

import nbformat
import pytest
from classroom.attacks import _cell as cell
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.checking import CheckFailed
from autograder.grading.building.chapters import build_chapter
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.reference_solution import STUDENT
from autograder.grading.hosted.bundle_making import Wanted, for_gradescope
from autograder.grading.notebooks.answer_cells import as_student_writes, is_answer
from autograder.grading.playing.classroom import Classroom
from autograder.grading.variants.class_variants import RECORD, SECRET, turn_off, variants_of
from autograder.grading.variants.other_values import with_values
from autograder.problem import Problem

pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.usefixtures("zygote")]

REPOSITORY = Path(__file__).parents[2]
OWN, NAME = "own", "own.ipynb"
ANNA, BEN, COPIER, LATE = "Anna Ångström", "b-17", "copier", "late comer"
PUBLIC = STUDENT
"""Whoever is called as the solution is has sizes as everybody has."""
TOWER, NUMBER = "own_ex1", "own_ex2"


def notebook():
    """A network with a size and a wiring of its own, a number with one, and one for everybody."""
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
        cells=[
            new_markdown_cell("# Own sizes", id="own-title"),
            cell(
                "own_setup",
                "import keras\nfrom keras import layers\n\nfrom autograder import check",
                locked=True,
            ),
            new_markdown_cell("### Exercise 1: 4 units", id="own-ex1-text"),
            cell(
                "own_ex1_answer",
                "def build_tower(features=8):\n"
                "    ### BEGIN SOLUTION\n"
                "    units = 4\n"
                "    table = keras.Input((features,))\n"
                '    first = layers.Dense(units, activation="relu")(table)\n'
                "    second = layers.Dense(units)(first)\n"
                "    seen = first\n"
                "    both = layers.Concatenate()([seen, second])\n"
                "    return keras.Model(table, layers.Dense(1)(both))\n"
                "    ### END SOLUTION",
                solution=True,
            ),
            cell(
                "own_ex1_check",
                "### BEGIN HIDDEN TESTS\n"
                "from autograder import collect, varies, why\n"
                "varies(\n"
                '    "own_ex1",\n'
                '    "Two layers of **{units}** units; the last one reads {seen}.",\n'
                "    units=range(5, 30),\n"
                '    seen={"first": "both layers", "table": "the table and the second layer"},\n'
                ")\n"
                'collect("own_ex1", build_tower, {"features": 53})\n'
                'why("own_ex1", "4 units, because there are 4.")\n'
                "### END HIDDEN TESTS\n"
                'check("own_ex1", build_tower, {}, {"features": 3})',
                grade=True,
                points=6,
            ),
            cell(
                "own_ex2_answer",
                "weights = ...\n### BEGIN SOLUTION\nunits = 4\nweights = 8 * units + units\n"
                "### END SOLUTION",
                solution=True,
            ),
            cell(
                "own_ex2_check",
                "### BEGIN HIDDEN TESTS\n"
                "from autograder import varies\n"
                'varies("own_ex2", "Count for {units} units.", units=[6, 7, 9, 11])\n'
                "### END HIDDEN TESTS\n"
                'check("own_ex2", weights)',
                grade=True,
                points=2,
            ),
            cell("own_ex3_answer", "### BEGIN SOLUTION\nb = 3\n### END SOLUTION", solution=True),
            cell("own_ex3_check", 'check("own_ex3", b)', grade=True, points=1),
        ],
    )


def answered(book, choices):
    """A notebook as somebody hands it in who answers with these sizes."""
    solution = {c.metadata.nbgrader.grade_id: c.source for c in notebook().cells if is_answer(c)}
    book = nbformat.from_dict(book)
    for one in book.cells:
        if is_answer(one):
            source = as_student_writes(solution[one.metadata.nbgrader.grade_id])
            exercise = one.metadata.nbgrader.grade_id.removesuffix("_answer")
            one.source = with_values(source, choices.get(exercise, {}))
    return book


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class of which two students have notebooks of their own."""
    course = tmp_path_factory.mktemp("variants") / "course"
    (course / "solutions" / OWN).mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    nbformat.write(notebook(), course / "solutions" / OWN / NAME)
    build_chapter(course / "solutions" / OWN / NAME)
    room = Classroom.copy_of(course, course.parent / "room", has_exchange=False)
    room.generate(OWN)
    return room


@pytest.fixture(scope="module")
def handed_out(room):
    """What the verb said, and the release as it was before."""
    secret_in(room, "52" * 32)
    before = {path: path.read_bytes() for path in released(room)}
    refused = room.autograder("variants", OWN)
    exercises = [f"--exercise={each}" for each in (TOWER, NUMBER)]
    students = [f"--student={each}" for each in (ANNA, BEN, COPIER, "a/b")]
    return before, refused, room.autograder("variants", OWN, *exercises, *students)


@pytest.fixture(scope="module")
def drawn(room, handed_out):
    """By student what is the student's own."""
    found = variants_of(room.course.own_folder, OWN)
    return {each: found.own(each) for each in (ANNA, BEN, COPIER, LATE, PUBLIC)}


@pytest.fixture(scope="module")
def graded(room, drawn):
    """Everybody's submission, graded by nbgrader's own command."""
    own = {each: personal(room, each) for each in (ANNA, BEN, COPIER)}
    everybodys = room.released(OWN)[NAME]
    for student, book, choices in (
        (ANNA, own[ANNA], drawn[ANNA]),
        (BEN, own[BEN], drawn[BEN]),
        (COPIER, own[COPIER], drawn[BEN]),
        (LATE, everybodys, drawn[LATE]),
        (PUBLIC, everybodys, {}),
    ):
        room.submit(student, OWN, {NAME: answered(book, choices)})
    errors = room.autograde(OWN)
    return errors, {each.student: each.score for each in room.scores(OWN)}


def secret_in(room, text):
    """A secret that is there already: by it all here have other sizes, in each run."""
    room.course.own_folder.mkdir(parents=True)
    secret = room.course.own_folder / SECRET
    secret.write_text(text)
    secret.chmod(0o600)


def released(room):
    return sorted(path for path in (room.root / "course").rglob("*") if path.is_file())


def personal(room, student):
    folder = room.root / "classroom" / "variants" / student / OWN
    return nbformat.read(folder / NAME, as_version=4)


def kept(room, student):
    path = room.root / "classroom" / "autograded" / student / OWN / NAME
    return nbformat.read(path, as_version=4)


def card(room, student, check):
    (found,) = [c for c in kept(room, student).cells if c.get("id") == check]
    return "".join(output.data["text/plain"] for output in found.outputs)


def test_it_is_off_until_an_exercise_is_named(room, handed_out):
    _, refused, done = handed_out
    assert refused.has_failed and f"Exercises that can: {TOWER}, {NUMBER}." in refused.said
    assert "'a/b'" in done.said and "3 students, 3 of them" in done.said


def test_the_release_is_as_it_was(room, handed_out):
    assert handed_out[0] == {path: path.read_bytes() for path in released(room)}


def test_the_secret_is_the_instructors_alone(room, handed_out, drawn):
    secret = room.course.own_folder / SECRET
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    text = secret.read_text()
    theirs = room.root / "classroom" / "variants"
    for folder in (theirs, room.root / "course", room.root / "solutions"):
        for path in folder.rglob("*"):
            if path.is_file():
                assert text not in path.read_text()
    for path in (theirs / BEN).rglob("*.*"):
        assert ANNA not in path.read_text() and BEN not in path.read_text()
    assert {path.name for path in (theirs / BEN / OWN).iterdir()} == {NAME, "references.json"}


def test_a_notebook_says_its_own_sizes_above_the_answer(room, drawn):
    for student in (ANNA, BEN):
        cells = personal(room, student).cells
        place = next(n for n, c in enumerate(cells) if c.get("id") == "own-ex1-answer")
        own = drawn[student][TOWER]
        assert f"layers of **{own['units'].words}** units" in cells[place - 1].source
        assert own["seen"].words in cells[place - 1].source


def at_the_desk(room, student, choices):
    """What running a student's own notebook comes to."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        for one in answered(personal(room, student), choices).cells:
            if one.cell_type == "code" and "ex3" not in one.id:
                exec(one.source, names)
    return said.getvalue()


def test_the_desk_judges_by_the_students_own(room, drawn):
    assert at_the_desk(room, ANNA, drawn[ANNA]).count("passed") == 2
    assert "because there are 4" not in at_the_desk(room, ANNA, drawn[ANNA])
    with pytest.raises(CheckFailed):
        at_the_desk(room, ANNA, {**drawn[ANNA], TOWER: drawn[BEN][TOWER]})
    with pytest.raises(CheckFailed):
        at_the_desk(room, ANNA, {**drawn[ANNA], NUMBER: {}})


def test_own_sizes_are_right_and_others_get_nothing(room, graded, drawn):
    errors, scores = graded
    assert errors == []
    assert all(drawn[COPIER][each] != drawn[BEN][each] for each in (TOWER, NUMBER))
    assert drawn[ANNA][TOWER] != drawn[BEN][TOWER]
    assert scores == {ANNA: 9, BEN: 9, COPIER: 1, LATE: 9, PUBLIC: 1}


def test_whose_sizes_they_are_not_is_told(room, graded, drawn):
    (told,) = [
        line
        for line in card(room, COPIER, "own-ex1-check").splitlines()
        if "These are not your sizes:" in line
    ]
    for name in ("units", "seen"):
        mine, theirs = (drawn[each][TOWER][name] for each in (COPIER, BEN))
        assert (f"`{name}` is {theirs.words}" in told) == (mine != theirs)
        assert mine == theirs or mine.words in told
    assert "`units` is 4 here" in card(room, PUBLIC, "own-ex1-check")
    assert "not your sizes: `units` is 4" in card(room, PUBLIC, "own-ex2-check")
    theirs = drawn[BEN][NUMBER]["units"].words
    assert f"not your sizes: `units` is {theirs}" in card(room, COPIER, "own-ex2-check")
    assert "Judged by your own sizes: `units` is" in card(room, ANNA, "own-ex1-check")


def test_nobody_is_blamed_for_a_notebook_of_their_own(room, graded):
    for student in (ANNA, BEN, LATE):
        assert kept(room, student).metadata.autograder.get("remarks", []) == []


def test_the_sizes_are_kept_with_the_marks(room, graded, drawn):
    found = kept(room, ANNA).metadata.autograder.variant
    values = {name: choice.value for name, choice in drawn[ANNA][TOWER].items()}
    assert found.scheme == 1 and dict(found.exercises[TOWER]) == values


def test_grading_again_gives_the_same(room, graded):
    before = {each: card(room, each, "own-ex1-check") for each in graded[1]}
    assert not room.autograder("grade", OWN, "--again").has_failed
    assert {each.student: each.score for each in room.scores(OWN)} == graded[1]
    assert {each: card(room, each, "own-ex1-check") for each in graded[1]} == before


def test_no_other_system_gets_it(room, graded):
    with pytest.raises(Problem, match="students have sizes of their own"):
        for_gradescope(Grades(room.course), Wanted(OWN, 600))


def test_a_lost_secret_is_told_and_nobody_is_judged_by_another(room, graded, tmp_path):
    secret = room.course.own_folder / SECRET
    away = Path(shutil.move(secret, tmp_path / SECRET))
    try:
        done = room.autograder("grade", OWN, "--again")
        assert done.has_failed and "is gone, by which this class's own sizes" in done.said
        assert not secret.exists() and "Traceback" not in done.said
    finally:
        shutil.copy(away, secret)
    assert {each.student: each.score for each in room.scores(OWN)} == graded[1]


def test_off_is_as_before(room, graded):
    turn_off(room.course.own_folder, OWN)
    assert not room.autograder("grade", OWN).has_failed
    scores = {each.student: each.score for each in room.scores(OWN)}
    assert scores[PUBLIC] == 9 and scores[ANNA] == 1
    (line,) = kept(room, ANNA).metadata.autograder.remarks
    assert line.startswith("This notebook was made for one student") and RECORD in line


# --- an exam --------------------------------------------------------------------------------------


def test_an_exam_with_sizes_of_ones_own_through_the_whole_cycle(tmp_path, monkeypatch):
    course = tmp_path / "course"
    (course / "solutions" / OWN).mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    book = notebook()
    book.metadata["autograder"] = {"exam": True}
    nbformat.write(book, course / "solutions" / OWN / NAME)
    build_chapter(course / "solutions" / OWN / NAME)
    room = Classroom.copy_of(course, tmp_path / "room", has_exchange=False)
    room.generate(OWN)
    secret_in(room, "52" * 32)
    exercises = [f"--exercise={each}" for each in (TOWER, NUMBER)]
    done = room.autograder("variants", OWN, *exercises, f"--student={ANNA}", f"--student={COPIER}")
    assert not done.has_failed, done.said
    drawn = {
        each: variants_of(room.course.own_folder, OWN).own(each) for each in (ANNA, COPIER, LATE)
    }
    for student in (ANNA, COPIER):
        own = personal(room, student)
        checks = [one.source for one in own.cells if one.get("id", "").endswith("-check")]
        assert len(checks) == 3 and not any("own=" in source for source in checks)
        assert any(drawn[student][NUMBER]["units"].words in one.source for one in own.cells)
        # In the folder that says that it is an exam: right or wrong, nothing else is said.
        monkeypatch.chdir(room.root / "classroom" / "variants" / student / OWN)
        for choices in ({}, drawn[student]):
            said = at_the_desk(room, student, choices)
            assert said.count(": recorded") == 2 and "passed" not in said and "not yet" not in said
    for student, choices in ((ANNA, drawn[ANNA]), (COPIER, drawn[ANNA]), (LATE, drawn[LATE])):
        mine = personal(room, student) if student != LATE else room.released(OWN)[NAME]
        room.submit(student, OWN, {NAME: answered(mine, choices)})
    assert room.autograde(OWN) == []
    marks = {each.student: each.score for each in room.scores(OWN)}
    assert marks == {ANNA: 9, COPIER: 1, LATE: 9}
    assert "These are not your sizes:" in card(room, COPIER, "own-ex1-check")
    assert not room.autograder("grade", OWN, "--again").has_failed
    assert {each.student: each.score for each in room.scores(OWN)} == marks
    room.give_feedback(OWN)
    pages = room.feedback_pages(OWN)
    assert len(pages) == 3
    assert [ANNA in str(page) for page in pages].count(True) == 1
    text = room.export().read_text(encoding="utf-8")
    assert sum(ANNA in line and ",9.0" in line for line in text.splitlines()) == 1


# --- a chapter's own exercise ---------------------------------------------------------------------

CHAPTER, SHORTCUT = "ch01_sequential_to_functional", "ch01_ex7"


def test_chapter_1_has_an_exercise_with_sizes_and_two_wirings(tmp_path):
    """Its own cells of the chapter, and nothing else of it."""
    room = Classroom.copy_of(REPOSITORY, tmp_path / "room", has_exchange=False)
    path = room.root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb"
    solution = nbformat.read(path, as_version=4)
    wanted = {"ch01_setup", f"{SHORTCUT}_answer", f"{SHORTCUT}_check"}
    solution.cells = [
        one for one in solution.cells if one.metadata.get("nbgrader", {}).get("grade_id") in wanted
    ]
    nbformat.write(solution, path)
    build_chapter(path)
    room.generate(CHAPTER)
    secret_in(room, "01" * 32)
    people = ["student-1", "student-2"]
    students = [f"--student={each}" for each in people]
    done = room.autograder("variants", CHAPTER, f"--exercise={SHORTCUT}", *students)
    assert not done.has_failed, done.said
    variants = variants_of(room.course.own_folder, CHAPTER)
    drawn = {each: variants.own(each)[SHORTCUT] for each in people}
    assert {own["shortcut"].value for own in drawn.values()} == {"first", "pixels"}
    assert all(own["classes"].value != 10 for own in drawn.values())
    setup, answer, _ = (one.source for one in solution.cells)
    for student, own in drawn.items():
        folder = room.root / "classroom" / "variants" / student / CHAPTER
        check = nbformat.read(folder / path.name, as_version=4).cells[-1].source
        answers = [with_values(as_student_writes(answer), one) for one in ({}, *drawn.values())]
        names = {}
        exec(setup, names)
        passed = []
        for source in answers:
            exec(source, names)
            with contextlib.suppress(CheckFailed), contextlib.redirect_stdout(io.StringIO()):
                exec(check, names)
                passed.append(source)
        assert passed == [with_values(as_student_writes(answer), own)] * passed.count(passed[0])
