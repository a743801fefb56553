"""Whose sizes are which, what the class keeps of it, and what a notebook says of them."""

import ast
import copy
import json
import stat
import unicodedata
from collections import Counter
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import keras
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from autograder.by_value import asking
from autograder.checking import WrongCheck, check, evidence_of, varies
from autograder.commands import variants as command
from autograder.grading.clean_run.plan import CleanRun, Failure
from autograder.grading.notebooks.cells import Whose
from autograder.grading.variants.class_variants import (
    RECORD,
    SECRET,
    carried,
    lay_down,
    turn_off,
    turn_on,
    variants_of,
)
from autograder.grading.variants.handing_out import Chapter, _is_anothers
from autograder.grading.variants.made_references import (
    MOST_TRIED,
    Asked,
    Pair,
    checks_of,
    default_of,
    demand_sound,
    made,
    made_beside_others,
    resting_on,
    sizes_of_others,
    sizes_to_try,
)
from autograder.grading.variants.other_values import solutions_own, with_values
from autograder.grading.variants.own_notebook import (
    OwnExercise,
    as_everybodys,
    own_notebook,
    with_own,
    without_own,
)
from autograder.grading.variants.own_numbers import SCHEME, own_choices
from autograder.judging.answer_kinds import NumberAnswer
from autograder.judging.evidence import Case, Evidence
from autograder.judging.own_sizes import OtherSizes, packed, unpacked, whose
from autograder.judging.references import reference_of
from autograder.judging.varied import Varied, varied
from autograder.problem import Problem

TOWER = varied(
    "ex1",
    "{units} units; it reads {seen}.",
    {"units": range(5, 25), "seen": {"first": "the first", "table": "the table"}},
)
KEY = bytes(range(32))


def value_of(value, **arguments):
    return reference_of(Evidence("ex1", (Case(NumberAnswer(value), arguments),)))


CHAPTERS = sorted(Path(__file__).parents[3].glob("solutions/*/*.ipynb"))
IDS = ("anna", "Ben Ångström", "12345", "日本語", "a" * 300, " x ", "jane@example.org", "\udce9")


def draw(student, *, secret=KEY, exercise=TOWER):
    own = own_choices(secret, SCHEME, student, exercise)
    return tuple(own[name].value for name in exercise.choices)


def test_the_first_scheme_draws_as_it_did():
    """Marks of a year ago rest on it: whoever changes how sizes are drawn adds a scheme."""
    found = [draw(each) for each in ("anna", "Ben Ångström", "12345")]
    assert found == [(7, "table"), (9, "first"), (15, "table")]


@pytest.mark.parametrize("student", IDS)
def test_an_id_of_any_kind_has_sizes_and_always_the_same(student):
    units, seen = draw(student)
    assert units in range(5, 25) and seen in ("first", "table")
    assert draw(student) == draw(unicodedata.normalize("NFD", student)) == draw(f"{student} ")


def test_all_sizes_are_drawn_about_equally_often():
    found = Counter(draw(f"student-{number}") for number in range(4000))
    assert len(found) == 40 and 50 < min(found.values()) <= max(found.values()) < 160


def test_sizes_rest_on_the_secret_the_exercise_and_the_id():
    other = Varied("ex2", TOWER.told, TOWER.choices)
    people = [f"student-{number}" for number in range(200)]
    for changed in ({"secret": bytes(32)}, {"exercise": other}):
        same = sum(draw(each) == draw(each, **changed) for each in people)
        assert same < 20
    assert sum(draw(each) == draw(each[::-1]) for each in people) < 20


def test_a_scheme_of_a_newer_version_is_not_guessed():
    with pytest.raises(Problem, match="scheme 99, which a newer version"):
        own_choices(KEY, 99, "anna", TOWER)


@pytest.mark.parametrize(
    ("told", "choices", "says"),
    [
        ("{units}", {"units": [4]}, "two choices or more"),
        ("{units}", {"units": [4, 4]}, "each once"),
        ("{units}", {"units": "45"}, "Cannot specify|numbers, or expressions"),
        ("{units}", {"units": [True, False]}, "numbers, or expressions"),
        ("{units}", {"units": {"a b": "x", "c": "y"}}, "no expression of Python"),
        ("nothing", {"units": [4, 5]}, "does not say {units}"),
        ("{width}", {"units": [4, 5]}, "braces are for"),
        ("{units} {", {"units": [4, 5]}, "braces are for"),
        ("{}", {"units": [4, 5]}, "braces are for"),
        ("hello", {}, "what varies"),
    ],
)
def test_what_is_nothing_to_choose_from_is_told(told, choices, says):
    with pytest.raises(WrongCheck, match=says):
        varies("ex1", told, **choices)


def test_what_varies_survives_json():
    assert Varied.from_json(json.loads(json.dumps(TOWER.to_json()))) == TOWER


# --- the solution ---------------------------------------------------------------------------------


def own(**values):
    return {
        name: next(one for one in TOWER.choices[name] if one.value == value)
        for name, value in values.items()
    }


def test_only_the_lines_that_bind_are_changed():
    source = (
        'def f(x):\n    é = "ö"; units = (\n        4 +\n        0)  # units = 4\n'
        "    seen = first\n    return units, seen, 'units = 4'"
    )
    assert with_values(source, own(units=7, seen="table")) == (
        'def f(x):\n    é = "ö"; units = (\n        7)  # units = 4\n'
        "    seen = table\n    return units, seen, 'units = 4'"
    )
    assert with_values(source, {}) == source


def test_what_is_bound_twice_or_never_is_refused():
    for sources in (["units = 4\nunits = 5\nseen = first"], ["units = 4", "units = 4\nseen = a"]):
        with pytest.raises(ValueError, match="units is bound twice"):
            solutions_own(sources, TOWER)
    with pytest.raises(ValueError, match="no line `seen = …`"):
        solutions_own(["units = 4\nseen += 1"], TOWER)


def test_the_solutions_own_sizes_are_known():
    found = solutions_own(["units = 4", "seen = (first)"], TOWER)
    assert found["units"].words == "4" and found["seen"] == TOWER.choices["seen"][0]


def test_an_exercise_that_others_go_on_with_is_found():
    book = new_notebook(
        cells=[
            marked("build = 1", "ex1_answer", solution=True),
            marked('check("ex1", build)', "ex1_check", solution=False),
            new_code_cell("network = build\nplot(build)"),
            marked("def other():\n    return network", "ex2_answer", solution=True),
            marked('check("ex2", other)', "ex2_check", solution=False),
            marked("def third(build):\n    return build", "ex3_answer", solution=True),
            marked('check("ex3", third)', "ex3_check", solution=False),
        ]
    )
    assert resting_on(book, "ex1") == {"ex2"} and resting_on(book, "ex3") == set()


def said_in(chapter):
    """What a chapter's solution says may vary, whether it was built since or not."""
    book = nbformat.read(chapter, as_version=4)
    for cell in checks_of(book).values():
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "varies":
                call = ast.unparse(node)
                names = {"varies": lambda exercise, told, **choices: (exercise, told, choices)}
                yield book, varied(*eval(call, names))


def test_what_chapters_say_may_vary_is_in_their_solutions():
    found = [each for path in CHAPTERS for each in said_in(path)]
    assert found
    for book, one in found:
        own = default_of(book, one)
        assert resting_on(book, one.exercise) == set(), one.exercise
        # Else somebody would have what everybody has.
        assert any(own[name] not in choices for name, choices in one.choices.items())


def test_an_exercise_of_chapter_1_has_two_wirings():
    choices = [c for path in CHAPTERS for _, one in said_in(path) for c in one.choices.values()]
    assert any(isinstance(row[0].value, str) and len(row) == 2 for row in choices)


def in_process(steps):
    """Run steps here, and record what checks look at, as the recorder does in its process."""
    names, done = {}, CleanRun()
    for step in steps:
        recorded = done.evidence.setdefault(step.name, [])

        def record(exercise, answer, *cases, hidden, recorded=recorded):
            recorded.append(evidence_of(exercise, answer, cases, hidden).to_json())

        names |= {"check": partial(record, hidden=False), "collect": partial(record, hidden=True)}
        try:
            exec(step.whole or step.source, names)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            done.failures.append(Failure(step.name, step.whose, type(error).__name__, text))
    return done


def counting(body):
    """A chapter with one exercise: a function of a number, called with 2, and with 3 in secret."""
    return new_notebook(
        cells=[
            new_code_cell("base = 100", metadata={"tags": []}),
            new_code_cell("1 / 0", metadata={"tags": ["skip-when-grading"]}),
            marked(f"def count(x):\n    {body}", "ex1_answer", solution=True),
            marked(
                "### BEGIN HIDDEN TESTS\ncollect('ex1', count, {'x': 3})\n### END HIDDEN TESTS\n"
                "check('ex1', count, {'x': 2})",
                "ex1_check",
                solution=False,
            ),
        ]
    )


COUNT = varied("ex1", "{units}", {"units": [5, 6, 7]})
STANDARD = {"ex1": Pair(*(value_of(x) for x in (208, 312)))}


def asked_of(book):
    return lambda asked: made(in_process, book, STANDARD, asked, skipped_tag="skip-when-grading")


def test_the_solution_answers_with_other_sizes():
    book = counting("units = 4; return (base + units) * x")
    demand_sound(asked_of(book), book, COUNT)
    sizes = [{"units": one} for one in COUNT.choices["units"]]
    found = asked_of(book)([Asked("ex1", sizes[1], hidden=True), Asked("ex1", sizes[0])])
    assert found == [
        Pair(value_of(2 * 106, x=2), value_of(3 * 106, x=3)),
        Pair(value_of(2 * 105, x=2)),
    ]


def test_what_several_students_have_is_asked_once():
    chapter = Chapter.__new__(Chapter)
    book = counting("units = 4; return (base + units) * x")
    chapter.notebooks, chapter.expected = {"ch.ipynb": book}, STANDARD
    chapter._course = SimpleNamespace(config=Config())
    chapter._course.config.Execute.skip_cells_with_tag = "skip-when-grading"
    run = []
    chapter._run = lambda steps: in_process(run.extend(steps) or steps)
    five, six = (Asked("ex1", {"units": each}) for each in COUNT.choices["units"][:2])
    found = chapter.ask([six, five, six, Asked("ex1", dict(five.own))])
    assert found == [Pair(value_of(2 * n, x=2)) for n in (106, 105, 106, 105)]
    assert sum(step.whose is Whose.CHECK for step in run) == 2


def test_sizes_of_others_that_have_no_answer_stand_in_nobodys_way():
    book = counting("units = 4; return base * x * units / (units != 6)")
    five, six, seven = (Asked("ex1", {"units": each}) for each in COUNT.choices["units"])
    with pytest.raises(Problem, match="units = 6"):
        asked_of(book)([six])
    found, known = made_beside_others(
        in_process, book, STANDARD, [seven], others=[six, five], skipped_tag="skip-when-grading"
    )
    assert found == [Pair(value_of(1400.0, x=2))]
    assert known == [(five, value_of(1000.0, x=2))]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("units = 4; return 7", "units = 5 and units = 6 make the same answer"),
        ("units = 4; return 1 / (6 - units)", "ex1 with units = 6: .*division by zero. Nobody"),
        ("units = 4; return [][units]", "ex1 with units = 5: .*list index"),
        ("return base * x", "no line `units = …`"),
        ("units = 4; units = 3; return units", "units is bound twice"),
        ("units = (; return", "in a line of its own"),
    ],
)
def test_what_cannot_vary_is_refused_in_a_line(body, says):
    book = counting(body)
    with pytest.raises(Problem, match=says) as told:
        demand_sound(asked_of(book), book, COUNT)
    assert "\n" not in str(told.value)


def test_choices_are_tried_together():
    """By itself each makes another answer; 2 × 3 and 3 × 2 make the same."""
    both = varied("ex1", "{a} {b}", {"a": [2, 3], "b": [2, 3]})
    book = counting("a = 7; b = 7; return (base + a * b) * x")
    with pytest.raises(Problem, match="a = 2, b = 3 and a = 3, b = 2 make the same answer"):
        demand_sound(asked_of(book), book, both)
    book = counting("a = 7; b = 7; return (base + 9 * a + b) * x")
    demand_sound(asked_of(book), book, both)


def test_what_is_tried_is_all_or_drawn_the_same_each_time():
    assert len(sizes_to_try(TOWER)) == 20 * 2
    big = varied("ex1", "{a} {b} {c}", {name: range(30) for name in "abc"})
    tried = sizes_to_try(big)
    assert tried == sizes_to_try(big) and 90 + MOST_TRIED - 5 <= len(tried) <= 90 + MOST_TRIED
    assert all({own[name].value for own in tried} == {*range(30)} for name in big.choices)


WIRED = (
    "import keras; table = keras.Input((3,)); first = keras.layers.Dense(4)(table); seen = first; "
    "return keras.Model(table, keras.layers.Dense(x)(seen))"
)


@pytest.mark.parametrize(
    ("other", "is_sound"),
    [("table", True), ("keras.ops.flip(keras.ops.flip(first, -1), -1)", False)],
)
def test_two_wirings_that_compute_the_same_are_one(monkeypatch, other, is_sound):
    monkeypatch.delenv(asking.SWITCH)
    choices = varied("ex1", "It reads {seen}.", {"seen": {"first": "one", other: "two"}})
    book = counting(WIRED)
    with nullcontext() if is_sound else pytest.raises(Problem, match="make the same answer"):
        demand_sound(asked_of(book), book, choices)


def test_a_solution_that_was_stopped_says_so():
    stopped = CleanRun(remarks=["ex1_answer was stopped: it took more than 3 s."])
    asked = [Asked("ex1", {"units": COUNT.choices["units"][0]})]
    with pytest.raises(Problem, match=r"units = 5: .*it took more than 3 s"):
        made(lambda steps: stopped, counting("units = 4; return units"), STANDARD, asked)


def test_a_chapter_that_was_edited_since_judges_nobody():
    """Its names are gone: with nothing to put in, everybody's answer would be each student's."""
    with pytest.raises(Problem, match="no line `units = …`"):
        asked_of(counting("return base * x"))([Asked("ex1", {"units": COUNT.choices["units"][0]})])


# --- the class ------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_for_the_instructor_alone(tmp_path):
    assert variants_of(tmp_path, "ch01") is None and not list(tmp_path.iterdir())
    first = turn_on(tmp_path, "ch01", {"ex1": TOWER})
    assert stat.S_IMODE((tmp_path / SECRET).stat().st_mode) == 0o600
    text = (tmp_path / SECRET).read_text()
    assert turn_on(tmp_path, "ch02", {"ex9": TOWER}).secret == first.secret
    assert (tmp_path / SECRET).read_text() == text and text not in (tmp_path / RECORD).read_text()
    assert turn_off(tmp_path, "ch02") and not turn_off(tmp_path, "ch03")
    assert variants_of(tmp_path, "ch02") is None and variants_of(tmp_path, "ch01") == first


@pytest.mark.parametrize("half", ["", "52", "xyz"])
def test_half_a_secret_draws_nothing(tmp_path, half):
    (tmp_path / SECRET).write_text(half)
    with pytest.raises(Problem, match="is no secret to draw by") as told:
        turn_on(tmp_path, "ch01", {"ex1": TOWER})
    assert "\n" not in str(told.value) and not (tmp_path / RECORD).exists()
    (tmp_path / SECRET).unlink()
    assert len(turn_on(tmp_path, "ch01", {"ex1": TOWER}).secret) == 32


def test_one_exercise_alone_is_everybodys_again(tmp_path):
    turn_on(tmp_path, "ch01", {"ex1": TOWER, "ex2": Varied("ex2", TOWER.told, TOWER.choices)})
    assert turn_off(tmp_path, "ch01", []) == [] == turn_off(tmp_path, "ch01", ["ex9"])
    assert turn_off(tmp_path, "ch01", ["ex1"]) == ["ex1"]
    assert [*variants_of(tmp_path, "ch01").exercises] == ["ex2"]
    assert turn_off(tmp_path, "ch01") == ["ex2"] and variants_of(tmp_path, "ch01") is None


class Failing:
    """A chapter of which nobody gets a notebook."""

    def __init__(self, course, name):
        self.name = name

    def may_vary(self):
        return {"ex1": TOWER}

    def demand_sound(self, varied):
        """Each choice by itself is sound."""

    def hand_out(self, variants, students):
        raise Problem("ex1 with units = 5, seen = table: The solution recorded no answer")


def test_what_nobody_got_is_not_on(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "Chapter", Failing)
    monkeypatch.setattr(command, "imported_early", lambda config: nullcontext())
    course = SimpleNamespace(own_folder=tmp_path, config=None)

    def asked(*more):
        return command._change(command.parser().parse_args(["ch01", *more]), course)

    with pytest.raises(Problem, match="seen = table"):
        asked("--exercise=ex1", "--student=anna")
    assert variants_of(tmp_path, "ch01") is None
    before = turn_on(tmp_path, "ch01", {"ex1": TOWER})
    with pytest.raises(Problem, match="seen = table"):
        asked("--student=anna")
    assert variants_of(tmp_path, "ch01") == before
    with pytest.raises(Problem, match="Nothing differs in ch01, ex2"):
        asked("--off", "--exercise=ex2")
    assert asked("--off", "--exercise=ex1") == 0 and variants_of(tmp_path, "ch01") is None


def test_a_disk_to_which_capitals_are_small_letters_gives_nobody_anothers_notebook(
    tmp_path, monkeypatch
):
    chapter = Chapter.__new__(Chapter)
    chapter.name, chapter.notebooks, chapter.expected = "ch", {}, {}
    chapter._course, chapter._release = SimpleNamespace(class_folder=tmp_path), tmp_path / "release"
    chapter._release.mkdir()
    variants = turn_on(tmp_path, "ch", {"ex1": TOWER})
    done = chapter.hand_out(variants, ["Ada", "ada"])
    assert done.students == ["Ada", "ada"] and not done.left_out  # here these are two folders
    (done.folder / "ada" / "ch").rmdir()
    (done.folder / "ada").rmdir()

    def exists(path):
        return path.name.casefold() in {each.name.casefold() for each in path.parent.iterdir()}

    monkeypatch.setattr(Path, "exists", exists)
    done = chapter.hand_out(variants, ["ada", "Ada", "a/b"])
    assert done.students == ["Ada"] and list(done.left_out) == ["a/b", "ada"]
    assert "another student's folder" in done.left_out["ada"]
    assert done.different == 1  # who got none has no sizes that somebody else could have
    (done.folder / "A\u030anna").mkdir()  # as some disks write it
    assert not _is_anothers(done.folder / "\u00c5nna")


def test_choices_stay_as_they_were_handed_out(tmp_path):
    first = turn_on(tmp_path, "ch01", {"ex1": TOWER}).own("anna")
    edited = varied("ex1", "{units}", {"units": [1, 2]})
    assert turn_on(tmp_path, "ch01", {"ex1": edited}).own("anna") == first


def test_a_worker_knows_the_same_of_its_assignment_alone(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    assert carried(here, "ch01") == b""
    whole = turn_on(here, "ch01", {"ex1": TOWER})
    turn_on(here, "ch02", {"ex9": TOWER})
    lay_down(there, carried(here, "ch01"))
    assert variants_of(there, "ch01") == whole and variants_of(there, "ch02") is None
    assert [*variants_of(there, "ch01").own("b")["ex1"]] == [*whole.own("b")["ex1"]]


def test_what_is_lost_or_damaged_is_told_in_a_line_and_not_made_anew(tmp_path):
    turn_on(tmp_path, "ch01", {"ex1": TOWER})
    secret, record = tmp_path / SECRET, tmp_path / RECORD
    kept, text = secret.read_text(), record.read_text()

    def told(says):
        for ask in (
            lambda: variants_of(tmp_path, "ch01"),
            lambda: turn_on(tmp_path, "ch01", {"ex2": TOWER}),
            lambda: carried(tmp_path, "ch01"),
        ):
            with pytest.raises(Problem, match=says) as found:
                ask()
            assert "\n" not in str(found.value) and "backup" in str(found.value)

    secret.unlink()
    told("is gone, by which")
    assert not secret.exists()
    for other, says in (
        ("00" * 32, "is not the one"),
        ("00", "cannot be read"),
        ("", "cannot be read"),
        ("xyz", "cannot be read"),
        ("é", "cannot be"),
    ):
        secret.write_text(other, encoding="utf-8")
        told(says)
    secret.write_text(kept)
    for other in ("", "{}", "[]", '{"scheme": 1, "secret": "", "assignments": {"ch01": {"a": 1}}}'):
        record.write_text(other)
        told("is damaged")
    record.write_text(text)
    assert variants_of(tmp_path, "ch01").own("anna")
    assert variants_of(tmp_path, "another chapter") is None


# --- the notebook ---------------------------------------------------------------------------------

CHECKS = (
    'from autograder import check\n\ncheck("ex1", build)',
    'check("ex1", build, {}, {"units": 3})\n',
    'more = 1\ncheck(\n    "ex1",\n    build,\n    {"units": more},\n)',
    'check("ex1", build, {"name": ")"})',
)


@pytest.mark.parametrize("source", CHECKS)
def test_a_check_becomes_a_students_own_and_everybodys_again(source):
    made = with_own(source, "ex1", "QUJD+/==")
    assert without_own(made) == source.rstrip() and with_own(made, "ex1", "QUJD+/==") == made
    found = []
    exec(made.replace("from autograder import check", ""), {"check": takes(found), "build": 1})
    assert found == ["QUJD+/=="]


def takes(found):
    return lambda exercise, answer, *cases, own="": found.append(own)


def test_a_cell_that_does_not_end_with_its_check_is_refused():
    for source in ('check("ex1", build)\nprint(1)', "assert build() == 1", 'check("ex11", build)'):
        with pytest.raises(ValueError, match="has to end with"):
            with_own(source, "ex1", "QUJD")


def marked(source, grade_id, *, solution):
    marks = {"grade_id": grade_id, "solution": solution, "grade": not solution}
    return new_code_cell(source, metadata={"nbgrader": {**marks, "locked": not solution}})


def released():
    return new_notebook(
        cells=[
            new_markdown_cell("badge", id="open-in-colab"),
            marked("build = ...", "ex1_answer", solution=True),
            marked(CHECKS[0], "ex1_check", solution=False),
            marked('check("ex2", 1)', "ex2_check", solution=False),
        ]
    )


def test_own_sizes_stand_above_the_answer_and_the_badge_is_gone():
    book = released()
    before = copy.deepcopy(book)
    made = own_notebook(book, {"ex1": OwnExercise("7 units.", "QUJD")})
    assert [cell.get("id") == "ex1-own" for cell in made.cells] == [True, False, False, False]
    assert "7 units." in made.cells[0].source and made.cells[3].source == 'check("ex2", 1)'
    assert book == before
    plain, is_own = as_everybodys(made, book)
    assert is_own and plain.cells[2].source == CHECKS[0] and "own=" in made.cells[2].source
    assert as_everybodys(book, book) == (book, False)
    exam = own_notebook(book, {"ex1": OwnExercise("7 units.")})
    assert [cell.source for cell in exam.cells[1:]] == [cell.source for cell in book.cells[1:]]


def test_an_answer_is_never_changed_whatever_its_marks_say():
    book = released()
    for marks in ({"nbgrader": 5}, {"nbgrader": {"grade_id": []}}, {}):
        own_cell = new_code_cell('f(1, own="QUJD")', metadata=marks)
        assert as_everybodys(new_notebook(cells=[own_cell]), book)[1] is False
    answer = marked('build = f(1, own="QUJD")', "ex1_answer", solution=True)
    assert as_everybodys(new_notebook(cells=[answer]), book)[1] is False


# --- judging --------------------------------------------------------------------------------------


reference = value_of


def test_a_reference_survives_its_way_in_a_check():
    assert unpacked(packed(reference(7))) == reference(7)


@pytest.mark.parametrize("word", ["", "QUJD", "é", "%%", packed(reference(1))[:-8]])
def test_a_damaged_check_says_what_to_do(word):
    with pytest.raises(ValueError, match="nobody's sizes"):
        unpacked(word)
    if word:
        with pytest.raises(WrongCheck, match="Copy the cell once more"):
            check("ex1", 7, own=word)


def test_a_check_of_another_exercise_is_no_check_of_this():
    check("ex1", 7, own=packed(reference(7)))
    with pytest.raises(WrongCheck, match="This check of ex2 is not as you got it"):
        check("ex2", 7, own=packed(reference(7)))


def test_sizes_of_others_are_told_as_such():
    others = [OtherSizes(f"units is {n}", "5", reference(n)) for n in (6, 7)]
    again = [OtherSizes.from_json(json.loads(json.dumps(each.to_json()))) for each in others]
    found = whose(Evidence("ex1", (Case(NumberAnswer(7)),)), again)
    assert found.message.startswith("These are not your sizes: units is 7 here, and yours is 5.")
    assert whose(Evidence("ex1", (Case(NumberAnswer(8)),)), again) is None
    assert whose(Evidence("ex1", ()), again) is None


def test_what_is_compiled_as_nobodys_is_nobodys():
    """Where a rate differs from student to student, the network is everybody's."""

    def compiled(rate):
        given = keras.Input((3,))
        model = keras.Model(given, keras.layers.Dense(1)(given))
        model.compile(keras.optimizers.Adam(rate), "mse")
        return evidence_of("ex1", model, (), hidden=False)

    other = OtherSizes("rate is 0.5", "0.1", reference_of(compiled(0.5)))
    assert whose(compiled(0.5), [other]) is not None
    assert whose(compiled(0.25), [other]) is None


def test_only_sizes_that_an_answer_can_have_are_tried():
    mine = own(units=7, seen="first")
    data = [{"answer": [{"units": 9, "flag": True, "deep": [[12.0, "15", None]]}]}]
    found = {
        (each["units"].value, each["seen"].value) for each in sizes_of_others(TOWER, mine, data)
    }
    assert found == {(u, s) for u in (7, 9, 12) for s in ("first", "table")} - {(7, "first")}
    assert len(sizes_of_others(TOWER, mine, list(range(100)))) == 39
    plain = Evidence("ex1", (Case(NumberAnswer(3)),)).to_json()
    assert len(sizes_of_others(TOWER, mine, [plain])) == 39
    for forged in ({"cases": 3}, {"cases": [3, {"kind": []}]}, 3):
        assert len(sizes_of_others(TOWER, mine, [forged])) == 1
    big = varied("ex1", "{a} {b}", {"a": range(50), "b": range(50)})
    mine = {name: choices[0] for name, choices in big.choices.items()}
    assert len(sizes_of_others(big, mine, list(range(100)))) == 40
