"""The rooms of the house: imports run downward only, and the rule that says so bites."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autograder.grading import older_names
from autograder.grading.engine import for_workers
from autograder.grading.sandbox import zygote

REPOSITORY = Path(__file__).parents[1]
GRADING = REPOSITORY / "autograder" / "grading"
LINTER = Path(sys.executable).with_name("lint-imports")
UPWARD = [
    ("graphs/graph.py", "from autograder.judging import verdict"),
    ("judging/verdict.py", "from autograder.teaching.data import shapes"),
    ("teaching/words.py", "import autograder.grading.notebooks.cells"),
    ("checking/checks.py", "def later():\n    from autograder.commands import run"),
    ("judging/verdict.py", "import keras"),
    ("graphs/graph.py", "import tensorflow"),
]


def lint(folder):
    command = [LINTER, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_imports_run_downward_only():
    run = lint(REPOSITORY)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(("module", "line"), UPWARD)
def test_an_import_upward_is_refused(tmp_path, module, line):
    shutil.copytree(REPOSITORY / "autograder", tmp_path / "autograder")
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    with (tmp_path / "autograder" / module).open("a") as file:
        file.write(f"\n{line}\n")
    run = lint(tmp_path)
    assert run.returncode == 1, run.stdout
    assert "1 broken" in run.stdout or "2 broken" in run.stdout


NAMED = [
    *(name for name in (*zygote.MODULES, *for_workers.MODULES)),
    *(name for pair in older_names.TODAY.items() for name in pair),
    *re.findall(r'"(autograder(?:\.\w+)+)"', (GRADING / "settings.py").read_text()),
    *re.findall(r'"(autograder(?:\.\w+)+)"', (GRADING / "sandbox" / "kernel.py").read_text()),
    *re.findall(r'"(autograder(?:\.\w+)+:\w+)"', (REPOSITORY / "pyproject.toml").read_text()),
]
"""Modules, and things in modules, that are imported by their names in a text."""


def test_there_are_such_names():
    assert len(NAMED) > 40


@pytest.mark.parametrize("name", sorted(set(NAMED)))
def test_what_is_named_in_a_text_is_there(name):
    """Else a process would be slow without a word, or stop when it is started."""
    module, _, thing = name.replace(":", ".").rpartition(".")
    try:
        importlib.import_module(name)
    except ImportError:
        assert getattr(importlib.import_module(module), thing)


def test_a_name_is_that_of_one_module():
    modules = (path.stem for path in (REPOSITORY / "autograder").rglob("*.py"))
    often = {name for name, count in Counter(modules).items() if count > 1}
    assert often <= {"__init__", "__main__"}


BY_POSITION = {"_async_poll_for_reply", "_one_round"}
"""What nbclient calls so, and one that is called again and again."""


def takes_too_many(module):
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
            if len(set(names) - {"self", "cls"}) > 4:
                yield node.name


def test_more_than_four_things_are_handed_over_by_name():
    modules = (REPOSITORY / "autograder").rglob("*.py")
    found = {name for module in modules for name in takes_too_many(module)}
    assert found == BY_POSITION
