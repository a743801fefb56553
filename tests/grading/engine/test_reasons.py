"""Why a submission was not graded, in one line, out of what nbgrader tells of as errors."""

import logging
import traceback

import pytest
from nbgrader.converters import NbGraderException

from autograder.grading.engine.grade_one import not_graded
from autograder.grading.engine.result import NotGraded
from autograder.grading.notebooks.failures import OwnFailure
from autograder.grading.preprocessors.own_cells import OwnCellFailed
from autograder.grading.telling.causes import Errors

LAST = NbGraderException("Please see the above traceback")


@pytest.fixture
def log():
    log = logging.Logger("test")
    log.errors = Errors()
    log.addHandler(log.errors)
    return log


def fails(log, error):
    """As nbgrader tells of what a preprocessor raises."""
    try:
        raise error
    except Exception:
        log.error("There was an error processing assignment: %s", "/tmp/submitted/ada/ch")
        log.error(traceback.format_exc())
    log.error("There was an error processing assignment 'ch' for student 'ada'")


def reason(log, error=LAST):
    return not_graded("ada", error, log.errors).reason


def test_what_was_raised_is_told_in_place_of_that_something_was(log):
    fails(log, RuntimeError("Inconsistent checksums for cell ex2_check\nand more"))
    assert reason(log) == "RuntimeError: Inconsistent checksums for cell ex2_check"


def test_what_was_said_before_comes_first(log):
    log.warning("this is no error")
    log.error("The notebook ch is\nmissing")
    fails(log, RuntimeError("because it is not there"))
    assert reason(log) == "The notebook ch is"


def test_a_line_that_is_logged_while_an_error_is_handled_stays_a_line(log):
    try:
        raise KeyError("x")
    except KeyError:
        log.error("ada: the file is empty")
    assert log.errors.lines == ["ada: the file is empty"] and log.errors.raised is None


def test_nothing_foreign_reaches_the_line_as_it_is(log):
    fails(log, RuntimeError("\x1b[2J and \u202e"))
    assert reason(log) == "RuntimeError: \\x1b[2J and \\u202e"


def test_a_cell_of_ours_that_fails_is_told_apart_from_all_else(log):
    failed = OwnCellFailed("ch", OwnFailure("setup", "ImportError: no keras"))
    log.error("%s", failed)
    fails(log, failed)
    where = "in ch, the cell setup failed with ImportError: no keras"
    assert not_graded("ada", LAST, log.errors) == NotGraded("ada", str(failed), where)


def test_without_a_word_the_error_itself_is_told(log):
    assert reason(log, ValueError("no such folder\n…")) == "ValueError: no such folder"
