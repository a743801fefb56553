"""When a chapter has to be executed anew."""

import pytest

from autograder.grading.building.chapters import what_runs

MODULE = '''
"""What it is for."""

LIMIT = 3  # units


def double(number):
    """Twice the number."""
    return f"{2 * number:>{LIMIT}}"
'''


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("  # units", "  # of a layer"),
        ("What it is for.", "What it is good for."),
        ("Twice the number.", "The number, twice."),
        ("\n\n\ndef", "\n\n# Here it begins.\ndef"),
        ("(number)", "(\n    number,\n)"),
    ],
)
def test_what_runs_nothing_is_no_reason(text, other):
    assert text in MODULE
    assert what_runs(MODULE.replace(text, other)) == what_runs(MODULE)


@pytest.mark.parametrize(
    ("text", "other"),
    [("LIMIT = 3", "LIMIT = 4"), ("2 *", "3 *"), (">", "<"), ("return ", ""), ("{LIMIT}", "3")],
)
def test_what_runs_is_one(text, other):
    assert text in MODULE
    assert what_runs(MODULE.replace(text, other)) != what_runs(MODULE)
