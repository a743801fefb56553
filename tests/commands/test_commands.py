"""The command line, up to the verb."""

import importlib
import tomllib
from pathlib import Path

import pytest

from autograder import commands

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("verb", commands.VERBS)
def test_each_verb_is_a_module_that_says_what_it_does(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        commands.run([verb, "--help"])
    assert ended.value.code == 0
    assert f"autograder {verb}" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as ended:
        commands.run(["--version"])
    assert ended.value.code == 0
    written = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    assert capsys.readouterr().out == f"autograder {written}\n"


def test_a_student_who_grades_is_told_what_is_missing(monkeypatch, capsys):
    def without_dask(name):
        raise ModuleNotFoundError("No module named 'dask'", name="dask.config")

    monkeypatch.setattr(commands.importlib, "import_module", without_dask)
    assert commands.run(["grade"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("autograder grade: There is no dask.config here: students need none of")
    assert told.count("\n") == 1 and told.rstrip().endswith("pip install -r requirements.txt")


def test_a_module_of_ours_that_is_missing_is_no_such_thing(monkeypatch):
    def without_ours(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(commands.importlib, "import_module", without_ours)
    with pytest.raises(ModuleNotFoundError):
        commands.run(["grade"])


def test_the_course_is_named_in_one_way():
    for verb in set(commands.VERBS) - {"compare", "practice"}:
        parser = importlib.import_module(f"autograder.commands.{verb}").parser()
        assert "--course" in parser.format_help(), verb
