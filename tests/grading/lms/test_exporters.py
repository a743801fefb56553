"""nbgrader's own command fills a table, too."""

import pytest
from nbgrader.apps.exportapp import ExportApp
from nbgrader.coursedir import CourseDirectory

from autograder.grading.lms.exporters import IntoTable

TABLE = "Student,ID,Section,standin (4)\nx,1,A,\ny,2,A,3\n"


@pytest.fixture
def plugin(grades):
    app = ExportApp(coursedir=CourseDirectory(root=str(grades.course.root)))
    return IntoTable(parent=app)


def test_a_table_is_filled(plugin, grades, give_marks, tmp_path):
    give_marks({"1": (2, 1)})
    plugin.into, plugin.to = str(tmp_path / "theirs.csv"), str(tmp_path / "filled.csv")
    (tmp_path / "theirs.csv").write_text(TABLE)
    with grades.gradebook() as book:
        plugin.export(book)
    assert (tmp_path / "filled.csv").read_text() == TABLE.replace("x,1,A,", "x,1,A,3")


def test_without_a_table_it_ends_in_one_line(plugin, grades):
    with grades.gradebook() as book, pytest.raises(SystemExit, match=r"--IntoTable\.into"):
        plugin.export(book)
