"""What students get is made from the solutions, and nothing of the solutions is in it."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.grading.building.depends_on import digest
from autograder.grading.building.solution_answers import recorded_references
from autograder.grading.course.folder import Course
from autograder.grading.course.release import generate
from autograder.grading.notebooks.answer_cells import answer_ids, is_answer
from autograder.judging.references import (
    FILE,
    HIDDEN_FILE,
    built_from,
    read_references,
    write_hidden_references,
    write_references,
)

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in COURSE.glob("solutions/*/*.ipynb"))
RELEASED_FILES = {".ipynb", FILE}


def notebook(part, chapter):
    return nbformat.read(COURSE / part / chapter / f"{chapter}.ipynb", as_version=4)


def lines_between(source, begin, end):
    inside, lines = False, []
    for line in source.split("\n"):
        if end in line:
            inside = False
        elif inside:
            lines.append(line.strip())
        elif begin in line:
            inside = True
    return [line for line in lines if line]


def test_there_are_chapters():
    assert CHAPTERS


def test_every_solution_is_released():
    assert sorted(path.parent.name for path in COURSE.glob("course/*/*.ipynb")) == CHAPTERS


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_release_is_what_the_solution_makes(chapter, tmp_path):
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(COURSE / name, tmp_path)
    shutil.copytree(COURSE / "solutions" / chapter, tmp_path / "solutions" / chapter)
    generate(Course(tmp_path), chapter)
    made = {p.name: p.read_bytes() for p in (tmp_path / "course" / chapter).iterdir()}
    there = {p.name: p.read_bytes() for p in (COURSE / "course" / chapter).iterdir() if p.is_file()}
    assert made == there, "course/ is not what solutions/ makes: run `make build`"


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize(("name", "hidden"), [(FILE, False), (HIDDEN_FILE, True)])
def test_references_are_what_the_saved_solution_recorded(chapter, name, hidden, tmp_path):
    references = recorded_references(notebook("solutions", chapter), hidden)
    path = COURSE / "solutions" / chapter / name
    if hidden:
        write_hidden_references(tmp_path / name, references, built_from(path))
    else:
        write_references(tmp_path / name, references)
    assert (tmp_path / name).read_bytes() == path.read_bytes(), (
        "references are not those of the saved outputs: run `make build`"
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_is_saved_was_made_by_what_stands_here_and_is_no_error(chapter):
    book = notebook("solutions", chapter)
    hidden = COURSE / "solutions" / chapter / HIDDEN_FILE
    assert built_from(hidden) == digest(book), "something has changed since: run `make build`"
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert outputs
    assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_instructor_file_is_released(chapter):
    for path in (COURSE / "course" / chapter).rglob("*"):
        if path.is_file() and ".ipynb_checkpoints" not in path.parts:
            assert path.name == FILE or path.name == f"{chapter}.ipynb", path


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_line_of_a_solution_or_hidden_test_is_released(chapter):
    released = notebook("course", chapter)
    answers = {cell.metadata.nbgrader.grade_id: cell for cell in released.cells if is_answer(cell)}
    for cell in notebook("solutions", chapter).cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            secret = lines_between(cell.source, "BEGIN SOLUTION", "END SOLUTION")
            assert secret, f"{marks.grade_id} has no solution region"
            shown = [line.strip() for line in answers[marks.grade_id].source.split("\n")]
            assert not set(secret) & set(shown), marks.grade_id
        if marks.get("grade"):
            secret = lines_between(cell.source, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
            copies = [c for c in released.cells if c.metadata.get("nbgrader", {}).get("grade")]
            shown = [line.strip() for c in copies for line in c.source.split("\n")]
            assert not set(secret) & set(shown), marks.grade_id
    everything = "\n".join(cell.source for cell in released.cells)
    assert not re.search(
        r"(BEGIN|END) (SOLUTION|HIDDEN TESTS)|\bcollect\(|\b(mistakes|brief)\(", everything
    )
    assert all(not cell.get("outputs") for cell in released.cells)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_hidden_reference_is_released(chapter):
    hidden = read_references(COURSE / "solutions" / chapter / HIDDEN_FILE)
    visible = read_references(COURSE / "course" / chapter / FILE)
    for exercise, reference in hidden.items():
        shown = [case.arguments for case in visible[exercise].cases]
        assert all(case.arguments not in shown for case in reference.cases), exercise


@pytest.mark.parametrize("part", ["solutions", "course"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_exercise_has_its_cells(chapter, part):
    number = chapter[2:4].lstrip("0")
    book = notebook(part, chapter)
    text = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    headings = re.findall(
        r"^### Exercise (\d+)\.(\d+) — .+\((?:stretch, )?(\d+) points?\)$", text, re.M
    )
    assert len(headings) >= 5
    assert [(number, str(n)) for n in range(1, len(headings) + 1)] == [h[:2] for h in headings]
    ids = [f"{chapter[:4]}_ex{n}" for _, n, _ in headings]
    assert answer_ids(book) == [f"{exercise}_answer" for exercise in ids]
    checks = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in book.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    owners = [re.match(r"ch\d\d_ex\d+", grade_id)[0] for grade_id in checks]
    assert list(dict.fromkeys(owners)) == ids
    for (_, _, points), exercise in zip(headings, ids, strict=True):
        own = [
            cell for cell, owner in zip(checks.values(), owners, strict=True) if owner == exercise
        ]
        assert sum(cell.metadata.nbgrader.points for cell in own) == float(points)
    for grade_id, cell in checks.items():
        assert cell.metadata.nbgrader.locked
        assert f'check("{grade_id.removesuffix("_check")}"' in cell.source.replace("\n    ", "")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_cell_with_a_check_in_it_is_locked(chapter):
    for cell in notebook("solutions", chapter).cells:
        if cell.cell_type == "code" and re.search(r"^check\(", cell.source, re.M):
            assert cell.metadata.nbgrader.grade and cell.metadata.nbgrader.locked


def test_the_index_says_what_the_chapters_say():
    index = (COURSE / "solutions" / "README.md").read_text()
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \|.*\| (\d+) \| (\d+) \|$", index, re.M)
    assert [Path(link).stem for _, link, _, _ in rows] == CHAPTERS
    for title, link, minutes, points in rows:
        cells = nbformat.read(COURSE / "course" / link, as_version=4).cells
        first = next(cell.source for cell in cells if cell.source.startswith("# "))
        assert f"# Chapter {title}" in first
        assert f"about {minutes} minutes" in first
        assert f"{points} points" in first
