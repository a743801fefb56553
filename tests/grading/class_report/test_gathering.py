"""What is gathered of a class: the gradebook's points, and the notebooks' findings."""

import json
from contextlib import closing

import pytest
from grading.class_report.made_class import CHAPTER, MadeClass
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.grading.class_report.class_data import Section
from autograder.grading.class_report.gathering import gather
from autograder.grading.class_report.headings import place_of
from autograder.grading.class_report.report_files import write_report
from autograder.grading.engine.gradebook import NotebookScores, write_scores
from autograder.grading.engine.grades import Grades
from autograder.judging.verdict import Status


@pytest.fixture
def made(tmp_path):
    made = MadeClass(tmp_path / "class", students=1)
    made.hand_in("ann", {1: "passed", 2: "not-shared", 3: "not-attempted"}, {2: "x = 1"})
    return made


def test_points_come_from_the_gradebook_and_findings_from_the_notebook(made):
    [chapter] = gather(Grades(made.course), []).assignments
    first, second, third = (chapter.answers["ann"][f"ex{n}"] for n in (1, 2, 3))
    assert (first.score, first.kept.status, first.seconds) == (2.0, Status.PASSED, 1.25)
    assert (second.score, second.source) == (0.0, "x = 1")
    assert [each.id for each in second.kept.findings] == ["not-shared"]
    assert third.kept.status is Status.NOT_ATTEMPTED
    assert chapter.points("ann") == 2.0 and chapter.most_points == 6.0


def test_points_that_a_person_gave_count(made):
    with closing(Gradebook(made.course.db_url)) as book:
        grade = book.find_grade("ex2_check", CHAPTER, CHAPTER, "ann")
        grade.manual_score = 1.5
        book.db.commit()
    [chapter] = gather(Grades(made.course), [CHAPTER]).assignments
    assert chapter.answers["ann"]["ex2"].score == 1.5


def test_what_waits_for_a_person_has_no_points_yet(made):
    with closing(Gradebook(made.course.db_url)) as book:
        grade = book.find_grade("ex2_check", CHAPTER, CHAPTER, "ann")
        grade.auto_score, grade.needs_manual_grade = None, True
        book.db.commit()
    [chapter] = gather(Grades(made.course), []).assignments
    answer = chapter.answers["ann"]["ex2"]
    assert (answer.score, answer.needs_a_person) == (None, True)


def test_checks_of_two_notebooks_may_have_one_name(made):
    """And the other notebook is not there at all."""
    with closing(Gradebook(made.course.db_url)) as book:
        book.add_notebook("second", CHAPTER)
        book.add_grade_cell("ex1_check", "second", CHAPTER, max_score=3, cell_type="code")
        scores = [
            NotebookScores("second", {"ex1_check": (1.0, False)}),
            NotebookScores(CHAPTER, {"ex1_check": (2.0, False)}),
        ]
        write_scores(book, CHAPTER, "ann", timestamp=None, notebooks=scores)
    [chapter] = gather(Grades(made.course), []).assignments
    names = [each.name for each in chapter.exercises]
    assert names == [*(f"{CHAPTER}: ex{n}" for n in (1, 2, 3)), "second: ex1"]
    assert chapter.answers["ann"]["second: ex1"].score == 1.0
    assert chapter.answers["ann"]["second: ex1"].kept is None
    assert chapter.answers["ann"][f"{CHAPTER}: ex1"].kept.status is Status.PASSED


def test_an_assignment_that_nobody_has_done_is_reported_on_where_it_is_named(made):
    with closing(Gradebook(made.course.db_url)) as book:
        book.add_assignment("other")
        book.add_notebook("other", "other")
        book.add_grade_cell("a_check", "other", "other", max_score=3, cell_type="code")
    assert [each.name for each in gather(Grades(made.course), []).assignments] == [CHAPTER]
    written = write_report(Grades(made.course), ["other", CHAPTER], None, is_anonymous=False)
    other = written.report.assignments[0]
    assert (other.name, other.graded, len(other.nothing_from)) == ("other", 0, 2)
    assert other.teach_again == ()


@pytest.mark.parametrize("times", [{}, {"iopub.status.busy": "x", "iopub.status.idle": 7}, 7])
def test_times_that_are_none_are_not_known(made, times):
    path = made.course.folder("autograded", "ann", CHAPTER) / f"{CHAPTER}.ipynb"
    data = json.loads(path.read_text())
    for cell in data["cells"]:
        cell["metadata"]["execution"] = times
    path.write_text(json.dumps(data))
    [chapter] = gather(Grades(made.course), []).assignments
    assert chapter.answers["ann"]["ex1"].seconds is None


def placed(*texts):
    cell = new_code_cell("check()")
    notebook = new_notebook(cells=[*map(new_markdown_cell, texts), cell, new_markdown_cell("## Z")])
    return place_of(notebook, cell, "a.ipynb")


@pytest.mark.parametrize(
    ("texts", "title", "heading", "anchor"),
    [
        (["# T", "## 1. A `b`?", "### Ex (1 point)"], "Ex (1 point)", "1. A b?", "1.-A-b%3F"),
        (["# T\n## A\ntext", "### X", "#### Y", "### Ex"], "Ex", "A", "A"),
        (["## Ex"], "Ex", "Ex", "Ex"),
        (["## A\n```\n# no heading\n```\n### Ex ##"], "Ex", "A", "A"),
    ],
)
def test_an_exercise_stands_in_the_section_around_it(texts, title, heading, anchor):
    assert placed(*texts) == (title, Section(heading, f"a.ipynb#{anchor}"))


def test_without_headings_the_notebook_is_the_place():
    assert placed("text") == ("", Section("", "a.ipynb"))
