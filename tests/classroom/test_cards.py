"""The feedback page of a graded cell: one card, which says the grade, and nothing beside it."""

import html
import os
import re
from pathlib import Path

import pytest

from autograder.grading.class_report.gathering import gather
from autograder.grading.class_report.mistakes import mistakes
from autograder.grading.engine.grades import Grades
from autograder.grading.notebooks.answer_cells import answer_ids, with_answers
from autograder.grading.playing.classroom import Classroom
from autograder.judging.reports.kept import ONLY_HIDDEN

COURSE = Path(__file__).parents[2]
CHAPTER = "ch01_sequential_to_functional"
ANSWER = "ch01_ex3_answer"

DRAWING = "lambda x: x + keras.random.normal(x.shape[1:])"
"""What it does is seen by nobody who does not run it."""

OTHERWISE = {
    "hidden_wrong": ("keras.Input((pixels,)", "keras.Input((pixels + (pixels == 196),)"),
    "visible_wrong": ('activation="softmax"', 'activation="relu"'),
    "not_checkable": ("outputs=digit", f"outputs=layers.Lambda({DRAWING})(digit)"),
}
HEADLINES = {
    "right": "✓ ch01_ex3: passed, 3 of 3 points",
    "hidden_wrong": "◐ ch01_ex3: partly right, 2.25 of 3 points",
    "visible_wrong": "✗ ch01_ex3: not yet, 0 of 3 points",
    "blank": "○ ch01_ex3: not attempted, 0 of 3 points",
    "not_checkable": "? ch01_ex3: cannot be checked, 0 of 3 points",
}
COLOURS = {
    "right": "#2e7d32",
    "hidden_wrong": "#a16207",
    "visible_wrong": "#c2410c",
    "blank": "#6b7280",
    "not_checkable": "#6b7280",
}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]


@pytest.fixture(scope="module")
def room(zygote, tmp_path_factory):
    """A class in one chapter, graded by nbgrader, with a student for each kind of card."""
    root = tmp_path_factory.mktemp("cards") / "room"
    room = Classroom.copy_of(COURSE, root, has_exchange=False)
    room.generate(CHAPTER)
    name = f"{CHAPTER}.ipynb"
    released, solution = room.released(CHAPTER)[name], room.solution(CHAPTER)[name]
    only = [one for one in answer_ids(released) if one == ANSWER]
    class_of = {"right": with_answers(released, solution, only), "blank": released}
    for student, (old, new) in OTHERWISE.items():
        class_of[student] = with_answers(released, solution, only)
        for cell in class_of[student].cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == ANSWER:
                assert old in cell.source
                cell.source = cell.source.replace(old, new)
    for student, notebook in class_of.items():
        room.submit(student, CHAPTER, {name: notebook})
    assert not room.autograde(CHAPTER)
    room.give_feedback(CHAPTER)
    return room


def page(room, student):
    [found] = [p for p in room.feedback_pages(CHAPTER) if student in p.parts]
    return found


def cards(text):
    return re.findall(r"<div role=.status.[^>]*>.*?</p>", text, re.DOTALL)


@pytest.mark.parametrize("student", HEADLINES)
def test_the_card_says_the_grade_in_its_true_colour(room, student):
    text = page(room, student).read_text(encoding="utf-8")
    [card] = [card for card in cards(text) if "ch01_ex3:" in card]
    assert HEADLINES[student] in html.unescape(card)
    assert COLOURS[student] in card


@pytest.mark.parametrize("student", HEADLINES)
def test_no_number_stands_by_itself_below_a_card(room, student):
    text = page(room, student).read_text(encoding="utf-8")
    assert not re.search(r"<pre>\s*\d+\.\d+\s*</pre>", text)
    checks = text.count("role='status'") + text.count('role="status"')
    assert checks == len(cards(text)) > 5


def test_the_gradebook_has_what_the_card_says(room):
    scores = {s: room.cell_scores(s, CHAPTER)["ch01_ex3_check"] for s in HEADLINES}
    points = {s: float(re.search(r"([\d.]+) of 3", HEADLINES[s])[1]) for s in HEADLINES}
    assert scores == points


def test_nobody_is_warned_of_checks_that_nobody_touched(room):
    log = room.log.read_text(encoding="utf-8")
    assert "autograde" in log
    assert "has changed!" not in log
    assert "is not the one in the gradebook" not in log


def test_what_the_card_says_is_told_of_the_class(room):
    """A report reads of each student what the judge said, and draws no mistake that is none."""
    [chapter] = gather(Grades(room.course), [CHAPTER]).assignments
    own = {student: chapter.answers[student]["ch01_ex3"] for student in HEADLINES}
    assert {student: str(answer.kept.status) for student, answer in own.items()} == {
        "right": "passed",
        "hidden_wrong": "wrong",
        "visible_wrong": "wrong",
        "blank": "not attempted",
        "not_checkable": "not checkable",
    }
    [exercise] = [each for each in chapter.exercises if each.name == "ch01_ex3"]
    found = {mistake.id: mistake for mistake in mistakes(chapter, exercise)}
    made = {id: mistake.students for id, mistake in found.items()}
    assert made == {ONLY_HIDDEN: ("hidden_wrong",), "wrong-activation": ("visible_wrong",)}
    assert "relu" in found["wrong-activation"].drawing.text
    assert exercise.section.heading == "4. Real digits"
    assert 0 < own["right"].seconds < 60 and "softmax" in own["right"].source


def test_graded_again_the_scores_are_the_same(room):
    before = room.cell_scores("hidden_wrong", CHAPTER)
    room.nbgrader("autograde", CHAPTER, "--student=hidden_wrong", "--force")
    assert room.cell_scores("hidden_wrong", CHAPTER) == before


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_drawn(room, browser, scheme, tmp_path):
    """A picture of each page, for people: in the folder that CARD_PICTURES names, if it does."""
    kept = Path(os.environ.get("CARD_PICTURES", tmp_path))
    drawn = browser.new_page(viewport={"width": 1000, "height": 9000}, color_scheme=scheme)
    drawn.route("http*://**", lambda route: route.abort())
    for student in HEADLINES:
        picture = kept / f"{student}-{scheme}.png"
        drawn.goto(page(room, student).as_uri())
        drawn.screenshot(path=picture)
        assert picture.stat().st_size > 10_000
    drawn.close()
