"""Real submissions of the real chapters through nbgrader, read from its gradebook."""

import copy
import html
import re
from pathlib import Path

import nbformat
import pytest

from autograder.grading.notebooks.answer_cells import answer_ids, is_answer, with_answers
from autograder.grading.playing.classroom import Classroom

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))
pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.usefixtures("zygote")]

HALF = 3
"""How many exercises the half-done submission has answered."""

NOISE = """
import os, sys, warnings
warnings.warn("this answer warns")
print("a line on stderr", file=sys.stderr)
os.write(2, b"a line from a library\\n")
"""


def noisy(notebook):
    """Every answer also warns and writes to stderr, the functions whenever they are called."""
    book = copy.deepcopy(notebook)
    for cell in book.cells:
        if is_answer(cell):
            body = re.sub(r'(\n {4}"""[^\n]*""")', lambda m: m[1] + _indented(NOISE), cell.source)
            cell.source = NOISE + body
    return book


def _indented(text):
    return "".join(f"\n    {line}" for line in text.strip().split("\n"))


@pytest.fixture(scope="module", params=CHAPTERS)
def graded(zygote, request, tmp_path_factory):
    """A class in one chapter: the solution, a blank, a half-done and a noisy submission."""
    chapter = request.param
    room = Classroom.copy_of(COURSE, tmp_path_factory.mktemp(chapter) / "room", has_exchange=False)
    room.generate(chapter)
    name = f"{chapter}.ipynb"
    released, solution = room.released(chapter)[name], room.solution(chapter)[name]
    half = with_answers(released, solution, only=answer_ids(released)[:HALF])
    right = with_answers(released, solution)
    class_of = {"right": right, "blank": released, "half": half, "noisy": noisy(right)}
    if chapter != CHAPTERS[0]:
        class_of = {"right": right, "blank": released}
    for student, notebook in class_of.items():
        room.submit(student, chapter, {name: notebook})
    errors = room.autograde(chapter)
    assert not errors
    room.give_feedback(chapter)
    return room, chapter, set(class_of)


def total(room, chapter, student):
    (score,) = [score for score in room.scores(chapter) if score.student == student]
    return score


def book(room, chapter, student):
    path = room.root / "classroom" / "autograded" / student / chapter / f"{chapter}.ipynb"
    return nbformat.read(path, as_version=4)


def printed(room, chapter, student):
    """The outputs of a graded notebook, each with the place of its cell."""
    cells = book(room, chapter, student).cells
    return [(n, output) for n, cell in enumerate(cells) for output in cell.get("outputs", [])]


def page(room, chapter, student):
    (path,) = [path for path in room.feedback_pages(chapter) if student in path.parts]
    return path.read_text()


def test_the_solution_gets_full_marks(graded):
    room, chapter, _ = graded
    score = total(room, chapter, "right")
    assert score.score == score.max_score > 0


def test_the_blank_release_gets_nothing(graded):
    room, chapter, _ = graded
    assert total(room, chapter, "blank").score == 0
    assert set(room.cell_scores("blank", chapter).values()) == {0}


def test_the_solution_runs_without_an_error_or_a_word_on_stderr(graded):
    room, chapter, _ = graded
    outputs = [output for _, output in printed(room, chapter, "right")]
    assert outputs
    assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []


def test_the_blank_release_runs_to_its_first_answer_which_says_what_to_do(graded):
    room, chapter, _ = graded
    answer = next(n for n, cell in enumerate(book(room, chapter, "blank").cells) if is_answer(cell))
    errors = [(n, o) for n, o in printed(room, chapter, "blank") if o.output_type == "error"]
    place, error = errors[0]
    assert place >= answer
    assert "Exercise not done yet" in error.evalue


def test_the_feedback_page_shows_the_score_and_the_report(graded):
    room, chapter, _ = graded
    score = total(room, chapter, "right")
    assert f"(Score: {score.score} / {score.max_score})" in page(room, chapter, "right")
    assert f"(Score: 0.0 / {score.max_score})" in page(room, chapter, "blank")
    assert "✓" in page(room, chapter, "right")
    assert "not attempted, 0 of" in page(room, chapter, "blank")


def test_no_feedback_page_shows_a_hidden_case(graded):
    room, chapter, students = graded
    for student in students:
        text = html.unescape(re.sub(r"<[^>]+>", "", page(room, chapter, student)))
        assert "HIDDEN TESTS" not in text and "collect(" not in text and "mistakes(" not in text


def test_half_an_answer_gets_its_part(graded):
    room, chapter, students = graded
    if "half" not in students:
        pytest.skip("one chapter is enough")
    scores = room.cell_scores("half", chapter)
    full = room.cell_scores("right", chapter)
    expected = {
        cell: full[cell] if number < HALF else 0 for number, cell in enumerate(sorted(full))
    }
    assert scores == expected
    assert total(room, chapter, "half").score == sum(expected.values())


def test_warnings_and_stderr_cost_nothing(graded):
    room, chapter, students = graded
    if "noisy" not in students:
        pytest.skip("one chapter is enough")
    score = total(room, chapter, "noisy")
    assert score.score == score.max_score
