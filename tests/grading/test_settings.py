"""A class made by an earlier version: what its nbgrader_config.py does not set is told."""

import re
from pathlib import Path

import pytest
from traitlets import import_item
from traitlets.config import Config, PyFileConfigLoader

from autograder.grading.older_names import TODAY
from autograder.grading.settings import LAST_LINE, SAFETY, lacking

ROOT = Path(__file__).parents[2]
OLD = (Path(__file__).parent / "older_config.txt").read_text(encoding="utf-8")
"""The file as it was before submissions were made harmless, and the reference graded first."""


def loaded(folder, text):
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")
    return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()


def test_of_todays_file_nothing_is_said(tmp_path):
    text = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    own = "c.Execute.timeout = 5\nc.Autograde.autograde_preprocessors.append('mine.Own')\n"
    assert lacking(loaded(tmp_path, text + own), tmp_path) == ""


def test_an_older_file_is_told_in_one_line_until_it_has_the_line_that_is_told(tmp_path):
    line = lacking(loaded(tmp_path, OLD), tmp_path)
    assert "\n" not in line and str(tmp_path / "nbgrader_config.py") in line
    for part in ("Harmless", "OwnCells", "Cards", "RestoreCells", "ReferenceFirst", "SafeCsv"):
        assert part in line
    for part in ("WithholdReferences", "FeedbackExporter", "guarded", "HarmlessFormatter"):
        assert part in line
    lacks, _, older = line.partition("It has older names for ")
    assert "Graft" not in lacks and "kernel_name" not in lacks, "which it has"
    assert older.startswith("Graft, ExecuteSubmission, Judge. ")
    assert line.endswith(f"its last line: {LAST_LINE}")
    assert lacking(loaded(tmp_path, f"{OLD}\n{LAST_LINE}\n"), tmp_path) == ""


@pytest.mark.parametrize(
    ("section", "name"), [(a, b) for a, names in SAFETY.items() for b in names]
)
def test_every_part_that_is_taken_out_is_told(tmp_path, section, name):
    text = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    config = Config(loaded(tmp_path, text))
    assert name in config[section]
    del config[section][name]
    assert f"It lacks {section}.{name} (" in lacking(config, tmp_path)


@pytest.mark.parametrize("name", re.findall(r'"(autograder(?:\.\w+)+)"', OLD))
def test_nbgrader_finds_all_that_an_older_file_names(name):
    assert import_item(name) is import_item(TODAY.get(name, name))


def test_nothing_else_is_found_where_a_module_was():
    with pytest.raises(ImportError):
        import_item("autograder.grading.graft.course_of")
