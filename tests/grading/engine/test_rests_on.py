"""What scores rest on in a gradebook, and what being late costs."""

import copy
import datetime
from dataclasses import fields, replace

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from autograder.grading.engine.gradebook import (
    NotebookScores,
    as_gradebook,
    digest_of,
    read_assignments,
    write_scores,
)
from autograder.grading.engine.late import LatePenalties, late_penalties, renew_late_penalties
from autograder.grading.engine.packed_assignment import Bundle, digest

DUE = datetime.datetime(2030, 1, 1, 12)
LATE = "2030-01-02 12:00:00 UTC"
SCORES = [NotebookScores("book", {"check": (4.0, False)}, {})]


class AQuarterADay(LateSubmissionPlugin):
    """A rule of a course's own."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 4 * total_seconds_late / 86400


@pytest.fixture
def url(tmp_path):
    """A gradebook with two assignments of one cell."""
    (tmp_path / "gradebook.db").write_bytes(as_gradebook({}))
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        for name in ("one", "two"):
            gradebook.add_assignment(name, duedate=DUE)
            gradebook.add_notebook("book", name)
            gradebook.add_grade_cell("check", "book", name, max_score=8, cell_type="code")
            gradebook.add_source_cell(
                "check", "book", name, cell_type="code", source="assert True", checksum="a"
            )
    return url


@pytest.fixture
def gradebook(url):
    with Gradebook(url) as opened:
        yield opened


@pytest.fixture
def penalties():
    return LatePenalties(Config({"AssignLatePenalties": {"plugin_class": AQuarterADay}}))


def table_row(rows, table, name):
    (notebook,) = [
        n["id"]
        for n in rows["notebook"]
        if n["assignment_id"] in [a["id"] for a in rows["assignment"] if a["name"] == name]
    ]
    cells = {c["id"] for c in rows["base_cell"] if c["notebook_id"] == notebook}
    (row,) = [r for r in rows[table] if r["id"] in cells or r.get("notebook_id") == notebook]
    return row


CHANGES = {
    "points": ("grade_cells", "max_score", 9.0),
    "what kind of cell it is": ("grade_cells", "cell_type", "markdown"),
    "hidden tests": ("source_cell", "source", "assert False"),
    "a cell's name": ("base_cell", "name", "other"),
}


@pytest.mark.parametrize("table, column, value", CHANGES.values(), ids=CHANGES)
def test_what_scores_rest_on_is_in_the_digest(url, table, column, value):
    rows = read_assignments(url)
    changed = copy.deepcopy(rows)
    table_row(changed, table, "one")[column] = value
    assert digest_of(changed, "one") != digest_of(rows, "one")
    assert digest_of(changed, "two") == digest_of(rows, "two")


def test_what_they_do_not_rest_on_is_not(url):
    before = digest_of(read_assignments(url), "one")
    with Gradebook(url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("one", "ada")
        gradebook.find_assignment("one").duedate = DUE + datetime.timedelta(days=1)
        gradebook.add_assignment("three")
        gradebook.db.commit()
    rows = read_assignments(url)
    assert digest_of(rows, "one") == before
    for table in rows.values():  # as in a gradebook that was made anew
        for row in table:
            row.update({key: f"new {row[key]}" for key in row if key == "id" or key[-3:] == "_id"})
    assert digest_of(rows, "one") == before


BUNDLE = Bundle("one", b"config", b"database", "cells", b"source", b"release")


@pytest.mark.parametrize("part", ["config", "cells", "source", "release"])
def test_a_result_depends_on_every_part_of_the_assignment(part):
    other = replace(BUNDLE, **{part: getattr(BUNDLE, part) * 2})
    assert digest(other, b"submission") != digest(BUNDLE, b"submission")


def test_it_depends_on_the_submission_and_the_package_and_on_no_bytes_of_a_database(monkeypatch):
    before = digest(BUNDLE, b"submission")
    assert digest(BUNDLE, b"another") != before
    assert digest(replace(BUNDLE, gradebook=b"with a new student's page"), b"submission") == before
    assert digest(replace(BUNDLE, variants=b"whose sizes are which"), b"submission") != before
    assert {f.name for f in fields(Bundle)} == {
        *("assignment", "config", "gradebook", "cells", "source", "release", "variants")
    }

    class Other:
        digest = "another version of Keras"

    monkeypatch.setattr("autograder.grading.engine.packed_assignment.fingerprint", Other)
    assert digest(BUNDLE, b"submission") != before


def written(gradebook, penalties, timestamp=LATE):
    about = {"timestamp": timestamp, "notebooks": SCORES, "penalties": penalties}
    write_scores(gradebook, "one", "ada", **about)
    return late_penalties(gradebook, "one")


def test_being_late_costs_what_the_courses_rule_says(gradebook, penalties):
    assert written(gradebook, penalties) == {"ada": 1}
    assert written(gradebook, penalties, "2030-01-01 11:00:00 UTC") == {"ada": 0}


def test_an_extension_counts(gradebook, penalties):
    gradebook.add_student("ada")
    gradebook.add_submission("one", "ada")
    gradebook.grant_extension("one", "ada", days=1)
    assert written(gradebook, penalties) == {"ada": 0}


def test_points_that_a_person_gave_count(gradebook, penalties):
    written(gradebook, penalties)
    gradebook.find_grade("check", "book", "one", "ada").manual_score = 8
    gradebook.db.commit()
    assert written(gradebook, penalties) == {"ada": 2}
    assert renew_late_penalties(gradebook, "one", penalties) == []
    assert gradebook.find_grade("check", "book", "one", "ada").score == 8


@pytest.mark.parametrize(
    "due, extension, penalty",
    [(DUE + datetime.timedelta(hours=12), 0, 0.5), (None, 0, 0), (None, 1, 0), (DUE, 1, 0)],
)
def test_a_due_date_that_moves_changes_the_penalty(gradebook, penalties, due, extension, penalty):
    written(gradebook, penalties)
    assert renew_late_penalties(gradebook, "one", penalties) == []
    gradebook.find_assignment("one").duedate = due
    if extension:
        gradebook.grant_extension("one", "ada", days=extension)
    gradebook.db.commit()
    assert renew_late_penalties(gradebook, "one", penalties) == ["ada"]
    assert late_penalties(gradebook, "one") == {"ada": penalty}
