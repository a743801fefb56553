"""The line with which nbgrader ends on a failed submission says why it failed."""

import io
import logging

from autograder.grading.telling.causes import tell_causes


def said(*records):
    """What a logger with causes writes of these lines; an error among them is being handled."""
    log, written = logging.Logger("test"), io.StringIO()
    log.addHandler(logging.StreamHandler(written))
    tell_causes(log)
    tell_causes(log)
    for *error, message, argument in records:
        try:
            if error:
                raise error[0]
            log.error(message, *argument)
        except ValueError:
            log.error(message, *argument)
    return written.getvalue().splitlines()


BEGAN = "There was an error processing assignment: %s"


def test_the_cause_stands_in_the_last_line_of_the_submission_that_has_it():
    lines = said(
        (ValueError("no such cell"), BEGAN, ["/class/submitted/mei/ps1"]),
        ("There was an error processing assignment 'ps1' for student 'mei'", []),
        ("There was an error processing assignment 'ps1' for student 'ann'", []),
    )
    assert lines[-2:] == [
        "There was an error processing assignment 'ps1' for student 'mei': "
        "ValueError: no such cell",
        "There was an error processing assignment 'ps1' for student 'ann'",
    ]


def test_signs_that_mean_something_to_logging_are_text():
    lines = said(
        (ValueError("%s %d {}"), BEGAN, ["submitted/mei/ps1"]),
        ("There was an error processing assignment 'ps1' for student 'mei'", []),
    )
    assert lines[-1].endswith("for student 'mei': ValueError: %s %d {}")


def test_other_lines_stay_as_they_are():
    assert said(("100 of %d", [3]), ("all well", [])) == ["100 of 3", "all well"]
