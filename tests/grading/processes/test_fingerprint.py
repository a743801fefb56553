"""What a process grades by: equal where grades are, and what differs is said in one line."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.processes.fingerprint import (
    PACKAGE,
    Fingerprint,
    differences,
    digest_of,
    fingerprint,
)


@pytest.fixture
def copy(tmp_path) -> Path:
    return shutil.copytree(
        PACKAGE, tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__")
    )


def test_a_copy_elsewhere_is_the_same(copy):
    assert digest_of(copy) == fingerprint().package
    (copy / "__pycache__").mkdir(exist_ok=True)
    (copy / "__pycache__" / "x.pyc").write_bytes(b"x")
    (copy / ".swp").write_bytes(b"x")
    (copy / "quiet.py").write_bytes((copy / "quiet.py").read_bytes().replace(b"\n", b"\r\n"))
    assert digest_of(copy) == fingerprint().package


@pytest.mark.parametrize("name", ["quiet.py", "grading/engine/new.py", "grading/more.json"])
def test_one_more_byte_is_another(copy, name):
    with (copy / name).open("ab") as file:
        file.write(b"#")
    assert digest_of(copy) != fingerprint().package


def test_what_differs_is_one_line():
    here = fingerprint()
    assert differences(here, here) == ""
    assert differences(here, replace(here, path="/elsewhere")) == ""
    libraries = here.libraries | {"keras": "3.0.0"}
    other = replace(here, python="3.0", libraries=libraries, package="other", path="/elsewhere")
    told = differences(here, other)
    assert "\n" not in told
    assert f"keras {here.libraries['keras']} here, 3.0.0 there" in told
    assert f"Python {here.python} here, 3.0 there" in told
    assert "/elsewhere" in told


def test_a_library_only_one_of_them_knows_differs():
    one, other = (
        Fingerprint("p", "3.12", {"keras": "3.1"}, "/a"),
        Fingerprint("p", "3.12", {}, "/b"),
    )
    assert differences(one, other) == "keras 3.1 here, not installed there"
    assert one.digest != other.digest


def test_the_digest_is_that_of_all_but_the_path():
    here = fingerprint()
    assert replace(here, path="/elsewhere").digest == here.digest
    assert replace(here, python="3.0").digest != here.digest
    assert replace(here, package="other").digest != here.digest


def test_it_is_fast_and_imports_nothing_heavy():
    code = (
        "import sys, time; from autograder.grading.processes.fingerprint import fingerprint\n"
        "began = time.process_time(); fingerprint(); print(time.process_time() - began)\n"
        "assert not {'tensorflow', 'keras', 'nbgrader', 'numpy'} & set(sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) < 0.3  # a tenth of that on an idle machine
    assert fingerprint() is fingerprint()
