"""Who passes is told why, in every exercise; and of every choice there is a reason."""

import re
from pathlib import Path

import nbformat
import pytest

from autograder.grading.notebooks.answer_cells import is_answer, worked_solution
from autograder.grading.notebooks.cells import answers, exercise, is_check

SOLUTIONS = sorted((Path(__file__).parents[2] / "solutions").glob("*/*.ipynb"))
EXERCISE = re.compile(r"ch\d\d_ex\d$")
CHOICE = re.compile(r"^- \*\*([A-Z])\*\* ", re.MULTILINE)
RIGHT = re.compile(r'^\w+ = "([A-Z])"$', re.MULTILINE)
SENTENCES = re.compile(r"""^why\(\s*"(?P<id>\w+)",(?P<text>.*?)\)$""", re.DOTALL | re.MULTILINE)


def note(source):
    found = SENTENCES.search(source)
    assert found, source
    return found["id"], " ".join("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found["text"])).split())


@pytest.fixture(params=SOLUTIONS, ids=lambda path: path.stem)
def book(request):
    return nbformat.read(request.param, as_version=4)


def test_every_exercise_says_why_in_its_hidden_tests(book):
    checks = [cell for cell in book.cells if is_check(cell) and EXERCISE.match(exercise(cell))]
    assert len(checks) >= 7
    for cell in checks:
        hidden = cell.source.partition("### BEGIN")[2].partition("### END HIDDEN TESTS")[0]
        name, sentence = note(hidden)
        assert name == exercise(cell)
        assert 40 < len(sentence) < 220 and sentence.endswith(".")


def test_every_wrong_choice_has_a_reason_and_none_tells_the_right_one(book):
    before = ""
    for cell in book.cells:
        if cell.cell_type == "markdown" and CHOICE.search(cell.source):
            before = cell.source
        if not is_check(cell) or not before:
            continue
        (answer,) = answers(book, cell)
        right = RIGHT.search(answer.source)[1]
        letters = set(CHOICE.findall(before))
        assert right in letters and len(letters) >= 3
        reasons = dict(re.findall(r'"([A-Z])":\s*("(?:.*?)"),\n', cell.source, re.DOTALL))
        assert set(reasons) == letters - {right}, exercise(cell)
        assert not any(re.search(rf"\b{right}\b", text) for text in reasons.values())
        before = ""


def test_a_value_alone_is_no_worked_solution(book):
    shown = [worked_solution(cell.source) for cell in book.cells if is_answer(cell)]
    assert any(shown) and not any("BEGIN" in text for text in shown)
    assert all(text.startswith("def ") for text in shown if text)
