"""Where a grader finds what is expected of answers."""

from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.grading.course.expected import references
from autograder.judging.references import FILE, HIDDEN_FILE

CHAPTERS = sorted(Path(__file__).parents[3].glob("solutions/ch*"))


@pytest.fixture
def course(tmp_path):
    (tmp_path / "source" / "chapter").mkdir(parents=True)
    return CourseDirectory(root=str(tmp_path), source_directory=str(tmp_path / "source"))


def of_chapter(course, number):
    folder = Path(course.source_directory) / "chapter"
    for name in (FILE, HIDDEN_FILE):
        (folder / name).write_bytes((CHAPTERS[number] / name).read_bytes())
    visible, hidden = references(course, "chapter")
    return set(visible), set(hidden)


def test_what_has_no_references_expects_nothing(course):
    assert references(course, "chapter") == ({}, {})


def test_references_that_were_made_anew_count_at_once(course):
    """A formgrader is one process for weeks."""
    visible, hidden = of_chapter(course, 0)
    assert visible and hidden
    others = of_chapter(course, 1)
    assert not visible & others[0] and not hidden & others[1]


def test_references_that_did_not_change_are_read_once(course):
    of_chapter(course, 0)
    first, second = references(course, "chapter"), references(course, "chapter")
    assert all(a is b for a, b in zip(first, second, strict=True))
