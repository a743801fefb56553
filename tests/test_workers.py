"""A worker that is forked is a Python that has collected; without one it is a Python."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from classroom.forking import MAY_FORK
from workers import collected_once, instead_of_python

pytestmark = pytest.mark.skipif(not MAY_FORK, reason="workers are started here")
PROGRAM = """
import os, sys
print(input(), "%s" in sys.modules, os.environ.get("OPENBLAS_NUM_THREADS"), sys.argv, __name__)
sys.stderr.write("told")
sys.exit(3)
"""


@pytest.fixture(scope="module")
def tests(tmp_path_factory):
    """A test whose import tells nothing, and makes a second thread if it is told to."""
    folder = tmp_path_factory.mktemp("collected")
    (folder / "plain.py").write_text("import colorsys")
    (folder / "thread.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    return folder


def asked(file):
    """What a program says and how it ends where this file was collected."""
    with collected_once([str(file), "-p", "no:cacheprovider"]) as place:
        return ran(instead_of_python(place))


def ran(python):
    command = [*shlex.split(python), "-u", "-c", PROGRAM % "colorsys"]
    ended = subprocess.run(command, input="a line\n", capture_output=True, text=True)
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(
    "threads", [None, *(pytest.param(each, marks=pytest.mark.long) for each in "13")]
)
def test_it_is_a_python_that_has_imported_what_was_collected(tests, threads, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if threads:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", threads)
    code, said, errors = asked(tests / "plain.py")
    assert (code, errors) == (3, "told")
    assert said == ran(sys.executable)[1].replace("False", "True")


def test_where_something_has_a_second_thread_it_is_a_python_of_its_own(tests):
    assert asked(tests / "thread.py") == ran(sys.executable)


def test_workers_are_forked():
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there are no workers")
    command = Path("/proc/self/cmdline").read_text()
    assert "workers.py" in command, "A test makes tensors or threads when it is imported."
