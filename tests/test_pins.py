"""The environment is described in several places; they must agree."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
REQUIREMENTS = [
    line
    for line in (REPOSITORY / "requirements.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
CONDA = yaml.safe_load((REPOSITORY / "environment.yml").read_text())["dependencies"]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
PYTHONS = SpecifierSet(PROJECT["project"]["requires-python"])
SUPPORTED = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}" in PYTHONS]
COMES_WITH = {
    "dask": "distributed",
    "h5py": "keras",
    "jsonschema": "nbformat",
    "jupyter-server": "jupyterlab",
    "markupsafe": "jinja2",
    "packaging": "keras",
    "python-dateutil": "jupyter-client",
    "pyzmq": "jupyter-client",
    "tornado": "jupyter-client",
}
"""What is imported beside a package that is asked for, of which it is a part."""
ON_DEMAND = {"dask-jobqueue"}
"""What a file to copy needs, where its instructor chooses it."""


def test_every_requirement_is_pinned_and_the_package_comes_last():
    *pins, package = REQUIREMENTS
    assert package == "-e ."
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", pin) for pin in pins)


def test_conda_installs_the_same_pins():
    (through_pip,) = [entry["pip"] for entry in CONDA if isinstance(entry, dict)]
    assert through_pip == REQUIREMENTS


def test_conda_asks_for_the_same_pythons_and_brings_graphviz():
    (python,) = [entry for entry in CONDA if str(entry).startswith("python")]
    assert Requirement(python).specifier == PYTHONS
    assert "graphviz" in CONDA


@pytest.mark.parametrize("file", ["requirements.txt", "README.md", "course/README.md"])
def test_the_supported_pythons_are_stated(file):
    range_in_words = rf"Python {SUPPORTED[0]}\b.{{0,20}}\b{SUPPORTED[-1]}\b"
    assert re.search(range_in_words, (REPOSITORY / file).read_text(encoding="utf-8"))


def test_make_looks_for_the_supported_pythons():
    text = (REPOSITORY / ".ci" / "find-python").read_text()
    oldest, newest = re.search(r"^OLDEST=(\d+)\nNEWEST=(\d+)$", text, re.M).groups()
    assert [f"3.{oldest}", f"3.{newest}"] == [SUPPORTED[0], SUPPORTED[-1]]


def test_make_prefers_the_newest_of_them_for_the_newest_versions():
    text = (REPOSITORY / "Makefile").read_text()
    (wanted,) = re.findall(r"^NEWEST += \$\(or \$\(PYTHON\),python(\S+)", text, re.M)
    assert wanted == SUPPORTED[-1]


def test_the_package_is_listed_under_the_same_pythons():
    prefix = "Programming Language :: Python :: "
    listed = [each.removeprefix(prefix) for each in PROJECT["project"]["classifiers"]
              if each.startswith(prefix)]  # fmt: skip
    assert listed == SUPPORTED


def test_ci_runs_on_each_of_them():
    text = (REPOSITORY / ".github" / "workflows" / "ci.yml").read_text()
    jobs = yaml.safe_load(text)["jobs"].values()
    tried = {python for job in jobs for python in job["strategy"]["matrix"].get("python", ())}
    assert tried == set(SUPPORTED)


@pytest.mark.parametrize("requirement", REQUIREMENTS[:-1])
def test_what_runs_now_is_what_is_pinned(requirement):
    pin = Requirement(requirement)
    assert version(pin.name) in pin.specifier


@pytest.mark.skipif(sys.platform == "win32", reason=".ci/find-python is a POSIX script")
def test_an_unfit_python_is_refused_in_one_line(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    run = subprocess.run(
        [REPOSITORY / ".ci" / "find-python"],
        env={"PYTHON": str(old), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "between 3.11 and 3.13" in run.stderr


@pytest.mark.parametrize("group", ["dependencies", "course", "grading", "test"])
def test_what_the_package_asks_for_is_what_is_pinned(group):
    """Each range has its pin in it; the oldest set of versions is within those of the course."""
    project = PROJECT["project"]
    ranges = [
        Requirement(text)
        for text in project.get(group) or project["optional-dependencies"][group]
        if not text.startswith(project["name"])
    ]
    pins = {pin.name: pin for pin in map(Requirement, REQUIREMENTS[:-1])}
    assert ranges
    for each in ranges:
        (pinned,) = pins[each.name].specifier
        assert pinned.version in each.specifier
    if group == "dependencies":
        for line in (REPOSITORY / "tests" / "sets" / "oldest.txt").read_text().splitlines():
            if not line.startswith("#"):
                oldest = Requirement(line)
                (wanted,) = [each for each in ranges if each.name == oldest.name]
                (version_of_set,) = oldest.specifier
                assert version_of_set.version in wanted.specifier


def imported(*folders):
    """The distributions that files in these folders import."""
    known, found = packages_distributions(), set()
    for path in (each for folder in folders for each in (REPOSITORY / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            found |= {each for name in names for each in known.get(name.partition(".")[0], ())}
    return {canonicalize_name(each) for each in found} - {PROJECT["project"]["name"]}


def test_what_is_imported_is_asked_for():
    """By name: what another package happens to bring may be gone with its next version."""
    project = PROJECT["project"]
    groups = {"dependencies": project["dependencies"], **project["optional-dependencies"]}
    asked = {
        canonicalize_name(Requirement(text).name)
        for group in ("dependencies", "course", "grading")
        for text in groups[group]
    }
    found = imported("autograder", "deploy") - ON_DEMAND
    assert {each for each in found if COMES_WITH.get(each, each) not in asked} == set()
    assert set(COMES_WITH) <= found
