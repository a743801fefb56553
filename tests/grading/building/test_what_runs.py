"""When a chapter has to be executed anew."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder.grading.building.depends_on import DISTRIBUTION, ROOMS, needed, what_runs

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"

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


def test_the_packages_that_count_are_those_that_pyproject_names():
    about = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    assert about["name"] == DISTRIBUTION
    assert needed() == sorted(Requirement(each).name for each in about["dependencies"])


def test_what_these_rooms_import_of_the_package_is_among_them():
    known = {name.removesuffix(".py") for name in ROOMS}
    package = PYPROJECT.parent / "autograder"
    modules = [path for room in ROOMS for path in (package / room).rglob("*.py")]
    lines = "\n".join(path.read_text() for path in modules)
    imported = re.findall(r"^ *(?:from|import) autograder\.(\w+)", lines, re.M)
    assert len(imported) > 300 and set(imported) == known
