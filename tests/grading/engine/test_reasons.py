"""Why a submission was not graded, in one line, out of nbgrader's log."""

from nbgrader.converters import NbGraderException

from autograder.grading.engine.grade_one import _reason

LOG = """[INFO] Sanitizing
[ERROR] There was an error processing assignment: /tmp/submitted/ada/ch
[ERROR] Traceback (most recent call last):
  File "overwritecells.py", line 243, in preprocess_cell
    raise RuntimeError("Inconsistent")
RuntimeError: Inconsistent checksums for cell ex2_check

[WARNING] Removing failed assignment
[ERROR] There was an error processing assignment 'ch' for student 'ada'
"""


def test_what_was_raised_is_told_in_place_of_that_something_was():
    told = _reason(NbGraderException("see above"), LOG)
    assert told == "RuntimeError: Inconsistent checksums for cell ex2_check"


def test_what_we_said_ourselves_comes_first():
    said = "[ERROR] This is the grader's trouble\n" + LOG
    assert _reason(NbGraderException("see above"), said) == "This is the grader's trouble"


def test_without_a_traceback_nbgraders_own_words_stay():
    assert _reason(NbGraderException("x"), "[ERROR] No notebooks\n") == "No notebooks"
    unexplained = "There was an error processing assignment: ch"
    assert _reason(NbGraderException("x"), f"[ERROR] {unexplained}\n") == unexplained
