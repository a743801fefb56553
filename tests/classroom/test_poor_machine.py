"""A machine that lacks what one takes for granted: the class is graded, or told, and never lost."""

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_grade import STANDIN, autograder, hand_in, nbgrader, postgresql, scores

__all__ = ["postgresql"]  # a fixture, found by its name
pytestmark = pytest.mark.slow

DESERVED = {"all0": 5, "half0": 2, "none0": 0}
FEW = 256
"""File handles: macOS' default, and a quarter of Linux's."""
GRADE = [sys.executable, "-P", "-m", "autograder", "grade", "--workers", "1"]


@pytest.fixture(scope="module")
def handed_in(course):
    nbgrader(course, "generate_assignment", STANDIN, "--force")
    hand_in(course)
    return course


@pytest.fixture
def folder(handed_in, tmp_path):
    return shutil.copytree(handed_in, tmp_path / "class")


def graded(folder, **options):
    run = subprocess.run(GRADE, cwd=folder, capture_output=True, text=True, **options)
    assert "Traceback" not in run.stdout + run.stderr
    return run


def without(*names):
    return {name: value for name, value in os.environ.items() if name not in names}


ENVIRONMENTS = {
    "the C locale": without("PYTHONUTF8", "LANG") | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    "no home": without("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"),
    "a home that is not there": os.environ | {"HOME": "/nowhere/at/all"},
    "no folder for temporary files": os.environ | {"TMPDIR": "/nowhere/at/all"},
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=list(ENVIRONMENTS))
def test_a_poor_environment_changes_nothing(folder, environment):
    run = graded(folder, env=environment)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


@pytest.mark.parametrize(
    "name", ["a class of mine", "Курс Кераса", "機械学習の講座", "it's «100%»"]
)
def test_a_folder_of_any_name_will_do(handed_in, tmp_path, name):
    folder = shutil.copytree(handed_in, tmp_path / name / "class")
    run = graded(folder)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


def test_few_file_handles_are_enough(folder):
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, FEW))

    run = graded(folder, preexec_fn=few)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


@pytest.fixture
def mounted():
    """Mount something at a folder; taken away at the end."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount")
    places = []

    def mount(place, *options):
        done = subprocess.run(["mount", *options, place], capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        if place not in places:
            places.append(place)

    yield mount
    for place in reversed(places):
        subprocess.run(["umount", "-l", place], check=True)


def test_submissions_that_can_only_be_read_are_graded(folder, mounted):
    submitted = folder / "classroom" / "submitted"
    mounted(submitted, "--bind", submitted)
    mounted(submitted, "-o", "remount,bind,ro")
    with pytest.raises(OSError):
        (submitted / "x").write_text("")
    run = graded(folder)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


def test_a_full_disk_is_told_and_when_there_is_room_the_rest_is_graded(folder, mounted):
    classroom = folder / "classroom"
    kept = shutil.copytree(classroom, folder.with_name("kept"))
    mounted(classroom, "-t", "tmpfs", "-o", "size=4m", "none")
    shutil.copytree(kept, classroom, dirs_exist_ok=True)
    filler = classroom / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(b"x" * 4096)
    run = graded(folder)
    assert run.returncode == 1
    assert "full" in run.stdout + run.stderr or "No space left" in run.stdout + run.stderr
    filler.unlink()
    run = graded(folder)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


def test_a_database_that_dies_in_mid_run_costs_nothing(folder, postgresql):
    config = folder / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {postgresql!r}\n")
    shutil.rmtree(folder / "classroom" / "submitted")
    hand_in(folder, copies=4)
    nbgrader(folder, "generate_assignment", STANDIN, "--force")
    data = postgresql.partition("host=")[2]
    program = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1] / "pg_ctl"
    control = ["runuser", "-u", "postgres", "--", program, "-w", "-D", data]
    run = subprocess.Popen(
        GRADE, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    autograded = folder / "classroom" / "autograded"
    while run.poll() is None and not list(autograded.glob("*/*")):
        time.sleep(0.05)
    quiet = {"cwd": "/", "stdout": subprocess.DEVNULL, "check": True}
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    said = run.communicate(timeout=300)[0]
    assert run.returncode == 1 and "Traceback" not in said
    options = f"-c listen_addresses= -c unix_socket_directories={data}"
    subprocess.run([*control, "-o", options, "start"], **quiet)
    assert autograder(folder, "grade", "--workers", "1").returncode == 0
    assert scores(folder) == {
        f"{kind[:-1]}{n}": points for kind, points in DESERVED.items() for n in range(4)
    }
