"""What goes into the clean run, what runs again, and what comes out; no process is started."""

import io
import json
import time
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.grading.clean_run.attempt import MOST_ENDS, Attempt, Ending
from autograder.grading.clean_run.plan import CleanRun, Failure, Stage, Step, steps
from autograder.grading.notebooks.cells import (
    AS_RELEASED,
    EXTRA,
    Whose,
    answers,
    is_attempted,
    mark,
    name,
)
from autograder.grading.sandbox import lines
from autograder.grading.sandbox.lines import Ended, Lines, Silent
from autograder.judging.evidence import MIME_TYPE
from autograder.teaching.bindings import bound, from_the_package, read


def cell(source="", grade_id=None, *, solution=False, grade=False, extra=False, tags=()):
    made = new_code_cell(source, metadata={"tags": list(tags)})
    if grade_id:
        marks = {"grade_id": grade_id, "solution": solution, "grade": grade, "locked": not solution}
        made.metadata["nbgrader"] = marks
    if extra:
        mark(made, EXTRA)
    return made


def answer(grade_id, source="x = 1", **options):
    return cell(source, grade_id, solution=True, **options)


def check(grade_id, source="check()"):
    return cell(source, grade_id, grade=True)


class TestNames:
    @pytest.mark.parametrize(
        ("source", "names"),
        [
            ("a = b = 1\nc, (d, *e) = x", {"a", "b", "c", "d", "e"}),
            ("def f(x):\n    y = 1\n    return y\nclass C:\n    z = 1", {"f", "C"}),
            ("import a.b, c as d\nfrom e import f as g, h", {"a", "d", "g", "h"}),
            ("from x import *", {"*"}),
            ("for i in r:\n    with o as w:\n        k = [m for m in i]", {"i", "w", "k"}),
            ("%matplotlib inline\nafter = 1", {"after"}),
            ("try:\n    pass\nexcept E as error:\n    pass", set()),
            ("this is no Python", set()),
            ("s = " + " + ".join(["1"] * 300), {"s"}),
            ("s = " + " + ".join(["1"] * 30_000), set()),
        ],
    )
    def test_bound(self, source, names):
        assert bound(source) == names

    def test_read(self):
        assert read("def f(x):\n    return g(x) + y\nz = 1") == {"g", "x", "y"}

    def test_of_the_package(self):
        source = "from autograder import check as c, draw\nimport autograder.teaching\nimport keras"
        assert from_the_package(source) == {"c", "draw", "autograder"}


class TestAnswers:
    def notebook(self):
        return new_notebook(
            cells=[
                answer("a_answer"),
                check("a_check"),
                check("a_reused_check"),
                answer("first"),
                answer("second"),
                check("both_check"),
            ]
        )

    @pytest.mark.parametrize(
        ("number", "names"),
        [(1, ["a_answer"]), (2, ["a_answer"]), (5, ["first", "second"])],
    )
    def test_those_a_check_looks_at(self, number, names):
        book = self.notebook()
        assert [name(found) for found in answers(book, book.cells[number])] == names

    def test_one_of_several_is_an_attempt(self):
        book = self.notebook()
        mark(book.cells[3], AS_RELEASED)
        assert is_attempted(book, book.cells[5])
        mark(book.cells[4], AS_RELEASED)
        assert not is_attempted(book, book.cells[5])
        assert is_attempted(book, book.cells[1])

    def test_a_check_without_answers_is_attempted(self):
        book = new_notebook(cells=[check("a_check")])
        assert is_attempted(book, book.cells[0])


def test_what_goes_in():
    book = new_notebook(
        cells=[
            cell("import keras"),
            cell("slow()", tags=["skip"]),
            answer("a_answer"),
            check("a_check", "hidden check()"),
            check("plain_check", "hidden assert x"),
            cell("own = 1", extra=True),
        ]
    )
    found = steps(book, lambda c: c.source.removeprefix("hidden "), [3], "skip")
    assert [(step.number, step.whose, step.source, step.whole) for step in found] == [
        (0, Whose.OURS, "import keras", None),
        (2, Whose.ANSWER, "x = 1", None),
        (3, Whose.CHECK, "check()", "hidden check()"),
        (4, Whose.OURS, "assert x", "hidden assert x"),
        (5, Whose.EXTRA, "own = 1", None),
    ]


SETUP = Step(0, "setup", Whose.OURS, "import keras")
HELPER = Step(1, "student-1", Whose.EXTRA, "def helper(): return factor")
FACTOR = Step(2, "student-2", Whose.EXTRA, "factor = 2")
OTHER = Step(3, "student-3", Whose.EXTRA, "check = collect = print")
ANSWER = Step(4, "a_answer", Whose.ANSWER, "x = helper()")
CHECK = Step(5, "a_check", Whose.CHECK, "check(x)", "check(x); collect(x)")
ALL = [SETUP, HELPER, FACTOR, OTHER, ANSWER, CHECK]


def failed(missing, step=ANSWER, hidden=False):
    text = f"NameError: name '{missing}' is not defined"
    return CleanRun(failures=[Failure(step.name, step.whose, "NameError", text, hidden)])


def recorded(text="fine", hidden=False):
    cases = [{"kind": "problem", "answer": text}]
    return CleanRun({CHECK.name: [{"hidden": hidden, "cases": cases}]})


class TestAttempt:
    def test_extra_cells_stay_out(self):
        attempt = Attempt(ALL)
        assert attempt.cells() == [SETUP, ANSWER, CHECK]
        assert attempt.take(recorded(), None)
        assert attempt.cases(attempt.cells()) == [(2, CHECK)]
        assert attempt.take_hidden(CleanRun(), None)
        assert attempt.result() == replace(recorded(), tested=frozenset({CHECK.name}))

    def test_those_that_an_answer_needs_join_with_what_they_need(self):
        attempt = Attempt(ALL)
        assert not attempt.take(failed("helper"), None)
        assert attempt.cells() == [SETUP, HELPER, FACTOR, ANSWER, CHECK]
        assert attempt.take(recorded(), None)
        assert attempt.result().remarks == [
            f"a_answer cannot run without an extra cell of the student's, which defines `{each}`; "
            "it was run with it."
            for each in ("helper", "factor")
        ]

    def test_a_case_can_need_one(self):
        attempt = Attempt(ALL)
        text = (
            "Your function raised an error in f(), at `x`:\nNameError: name 'factor' is not defined"
        )
        assert not attempt.take(recorded(text), None)
        assert FACTOR in attempt.cells()

    @pytest.mark.parametrize("missing", ["keras", "nobody"])
    def test_a_name_that_no_extra_cell_defines_changes_nothing(self, missing):
        attempt = Attempt(ALL)
        assert attempt.take(failed(missing), None)
        assert attempt.cells() == [SETUP, ANSWER, CHECK]

    def test_a_star_import_joins_as_the_last_resort(self):
        star = Step(1, "student-1", Whose.EXTRA, "from numpy import *")
        attempt = Attempt([star, ANSWER])
        assert not attempt.take(failed("linspace"), None)
        assert attempt.cells() == [star, ANSWER]

    def test_what_is_recorded_after_the_hidden_cases_were_known_does_not_count(self):
        attempt = Attempt(ALL)
        assert attempt.take(recorded("before"), None)
        assert not attempt.take_hidden(failed("factor", CHECK, hidden=True), None)
        assert FACTOR in attempt.cells()
        assert attempt.take(recorded("after"), None)
        assert attempt.take_hidden(recorded("hidden", hidden=True), None)
        texts = [data["cases"][0]["answer"] for data in attempt.result().evidence[CHECK.name]]
        assert texts == ["before", "hidden"]

    def test_a_cell_that_ends_the_process_is_passed_over_and_told(self):
        attempt = Attempt(ALL)
        assert not attempt.take(CleanRun(), Ending(Stage.CELLS, ANSWER, "it ended Python"))
        assert attempt.cells() == [SETUP, CHECK]
        assert attempt.take(recorded(), None)
        (line,) = attempt.result().remarks
        assert line == (
            "When answers were recorded, a_answer was stopped: it ended Python. It was passed over."
        )

    def test_hidden_cases_that_end_the_process_are_passed_over_alone(self):
        attempt = Attempt(ALL)
        attempt.take(recorded(), None)
        assert not attempt.take_hidden(CleanRun(), Ending(Stage.CASES, CHECK, "it ended Python"))
        assert CHECK in attempt.cells() and attempt.cases(attempt.cells()) == []

    def test_it_does_not_go_on_for_ever(self):
        attempt = Attempt([Step(n, f"a{n}_answer", Whose.ANSWER, "x") for n in range(20)])
        for number in range(MOST_ENDS + 1):
            assert not attempt.is_over
            attempt.take(CleanRun(), Ending(Stage.CELLS, attempt.cells()[0], str(number)))
        assert attempt.is_over


def test_a_check_has_the_outputs_of_the_clean_run():
    found = CleanRun(
        {"a_check": [{"hidden": False}]},
        [
            Failure("a_check", Whose.CHECK, "NameError", "NameError: x"),
            Failure("a_check", Whose.CHECK, "ValueError", "ValueError: 53077", hidden=True),
        ],
    )
    evidence, error = found.outputs(check("a_check"))
    assert evidence.data == {MIME_TYPE: {"hidden": False}}
    assert error.evalue == "NameError: x"


HIDDEN_FAILURE = Failure("a_check", Whose.OURS, "E", "53077", hidden=True)


@pytest.mark.parametrize(
    ("values", "failures", "kinds"),
    [
        ({"a_check": ""}, [], ["stream", "execute_result"]),
        ({"a_check": "1.5"}, [], ["stream", "execute_result"]),
        (
            {"a_check": ""},
            [Failure("a_check", Whose.OURS, "E", "53077", True)],
            ["stream", "error"],
        ),
        ({}, [], ["stream", "error"]),
    ],
)
def test_hidden_tests_without_a_reference_count_and_say_nothing(values, failures, kinds):
    test = check("a_check", "f(2)")
    printed = new_output("stream", name="stdout", text="fine")
    shown = [printed, new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)]
    found = CleanRun(failures=failures, tested=frozenset({"a_check"}), values=values)
    outputs = found.with_hidden_tests(test, shown)
    assert [output.output_type for output in outputs] == kinds
    assert "53077" not in json.dumps(outputs)
    if values.get("a_check"):
        assert outputs[-1].data["text/plain"] == "1.5"
    assert CleanRun().with_hidden_tests(test, shown) == shown


def received(data: bytes):
    return Lines(io.BytesIO(), io.BytesIO(data))


class TestLines:
    def test_what_is_proper_arrives(self):
        assert received(b'{"begin": 1}\n').receive(time.monotonic() + 60) == {"begin": 1}

    @pytest.mark.parametrize(
        "line", [b"[1]", b"{", b"\xff", b"[" * 10**5, b'{"a":' * 99 + b"1" + b"}" * 99]
    )
    def test_what_is_improper_is_nothing(self, line):
        assert received(line + b"\n").receive(time.monotonic() + 60) == {}

    def test_the_end(self):
        with pytest.raises(Ended, match="ended Python"):
            received(b'{"half": ').receive(time.monotonic() + 60)

    def test_too_much(self, monkeypatch):
        monkeypatch.setattr(lines, "LONGEST", 100)
        with pytest.raises(Ended, match="more than any answer needs"):
            received(json.dumps({"x": "y" * 200}).encode() + b"\n").receive(time.monotonic() + 60)

    def test_silence(self):
        with pytest.raises(Silent):
            lines_of_nobody().receive(time.monotonic() + 0.01)


def lines_of_nobody():
    class Nobody(io.BytesIO):
        def readline(self, *_):
            time.sleep(1000)
            return b""

    return Lines(io.BytesIO(), Nobody())
