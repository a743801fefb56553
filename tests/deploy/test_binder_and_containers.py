"""What Binder, Codespaces and VS Code make of the repository: a student's environment, no more.

Neither a container nor Binder runs here. The files are compared with what the two document, and
the script that both run is run in an environment of its own.
"""

import json
import os
import re
import shutil
import subprocess
import tomllib
import venv
from pathlib import Path

import nbformat
import pytest
from away import REPOSITORY, copy_to_build, run_there, told_by
from jsonschema import Draft202012Validator
from nbformat.v4 import new_code_cell
from packaging.specifiers import SpecifierSet

CONTAINER = json.loads((REPOSITORY / ".devcontainer" / "devcontainer.json").read_text())
BINDER = REPOSITORY / "binder"
CHAPTERS = sorted(path for path in REPOSITORY.glob("course/*/*.ipynb"))
FIRST = CHAPTERS[0].relative_to(REPOSITORY).as_posix()
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
KNOWN = {
    "apt.txt": "packages of the system, one a line",
    "runtime.txt": "python-MAJOR.MINOR",
    "postBuild": "a program, run at the end in the repository's folder",
}
"""Of what repo2docker looks for in `binder/`, what is there."""

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "image"],
    "properties": {
        "name": TEXT,
        "image": TEXT,
        "hostRequirements": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "cpus": {"type": "integer", "minimum": 1},
                "memory": {"type": "string", "pattern": r"^\d+([tgmk]b)?$"},
            },
        },
        "onCreateCommand": TEXT,
        "updateContentCommand": TEXT,
        "postAttachCommand": TEXT,
        "customizations": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "codespaces": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"openFiles": TEXTS},
                },
                "vscode": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "extensions": {
                            "type": "array",
                            "items": {"type": "string", "pattern": r"^[\w-]+\.[\w-]+$"},
                        },
                        "settings": {"type": "object"},
                    },
                },
            },
        },
    },
}
"""Of the properties that containers.dev documents, those that are used here."""


def test_the_container_has_documented_properties_of_documented_types():
    errors = Draft202012Validator(SCHEMA).iter_errors(CONTAINER)
    assert [error.message for error in errors] == []


def test_it_opens_on_the_first_chapter():
    custom = CONTAINER["customizations"]
    assert custom["codespaces"]["openFiles"] == [FIRST]
    assert CONTAINER["postAttachCommand"] == f"code {FIRST}"


def test_binder_and_the_container_install_alike():
    assert CONTAINER["updateContentCommand"] == "sh binder/postBuild"
    (program,) = (BINDER / "apt.txt").read_text().split()
    assert CONTAINER["onCreateCommand"].endswith(f" {program}")
    assert {path.name for path in BINDER.iterdir()} == set(KNOWN)
    assert os.access(BINDER / "postBuild", os.X_OK)


def test_their_python_is_one_that_the_course_supports():
    (binders,) = re.findall(r"^python-(3\.\d+)$", (BINDER / "runtime.txt").read_text(), re.M)
    (containers,) = re.findall(r":(3\.\d+)$", CONTAINER["image"])
    assert binders == containers and binders in SpecifierSet(PROJECT["requires-python"])


@pytest.mark.slow
@pytest.mark.long
def test_what_both_run_makes_a_students_environment(tmp_path, monkeypatch):
    """In an empty environment, away from this one: a few minutes, and gigabytes."""
    (tmp_path / "repository").mkdir()
    repository = copy_to_build(tmp_path / "repository")
    shutil.copy(REPOSITORY / "requirements.txt", repository)
    shutil.copytree(BINDER, repository / "binder")
    venv.EnvBuilder(with_pip=True).create(tmp_path / "env")
    programs = tmp_path / "env" / "bin"
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    subprocess.run([repository / "binder" / "postBuild"], check=True, cwd=tmp_path)
    python = programs / "python"
    installed = told_by(
        python,
        "from importlib.metadata import distributions as d\n"
        "print(*(f'{e.name.lower()}=={e.version}' for e in d()))",
    ).split()
    pins = (REPOSITORY / "requirements.txt").read_text().lower().split("\n")
    for name in ("tensorflow", "keras", "jupyterlab", "notebook", "ipykernel"):
        assert {each for each in installed if each.startswith(f"{name}==")} <= set(pins), name
    names = {each.partition("==")[0] for each in installed}
    assert {"keras-functional-course", "tensorflow", "jupyterlab"} <= names
    assert not {"nbgrader", "distributed", "pytest", "playwright", "ruff"} & names

    chapter = repository / Path(FIRST)
    book = nbformat.read(chapter, as_version=4)
    setup = next(cell for cell in book.cells if "from autograder import" in cell.source)
    drawn = new_code_cell("draw(keras.Sequential([keras.Input((4,)), layers.Dense(2)]))")
    book.cells = [setup, drawn]
    run_there(book, python, chapter.parent)
    assert "Dense" in book.cells[1].outputs[0].data["text/html"]
