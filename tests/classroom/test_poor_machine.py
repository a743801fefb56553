"""A machine that lacks what one takes for granted: the class is graded, or told, and never lost."""

import os
import resource
import shutil
import subprocess
import sys

import pytest
from classroom.programs import autograder
from classroom.standin import class_in, scores

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

DESERVED = {"all0": 5, "half0": 2, "none0": 0}
FEW = 256
"""File handles: macOS' default, and a quarter of Linux's."""
GRADE = ("grade", "--workers", "1")


@pytest.fixture(scope="module")
def handed_in(released, tmp_path_factory):
    return class_in(released, tmp_path_factory.mktemp("handed_in") / "class", copies=1)


@pytest.fixture
def folder(handed_in, tmp_path):
    return shutil.copytree(handed_in, tmp_path / "class")


def graded(folder):
    run = autograder(folder, *GRADE)
    assert "Traceback" not in run.stdout + run.stderr
    return run


def started(folder, **options):
    """Graded by a program that starts anew, in a world of its own."""
    command = [sys.executable, "-P", "-m", "autograder", *GRADE]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, **options)
    assert "Traceback" not in run.stdout + run.stderr
    return run


C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
NOWHERE = "/nowhere/at/all"
XDG = ("CACHE_HOME", "CONFIG_HOME", "RUNTIME_DIR")


def without(*names):
    return {name: value for name, value in os.environ.items() if name not in names}


LOCALE, HOME = ("PYTHONUTF8", "LANG"), ("HOME", *(f"XDG_{x}" for x in XDG))
ENVIRONMENTS = {
    "the C locale": without(*LOCALE) | C_LOCALE,
    "no home": without(*HOME),
    "a home that is not there": os.environ | {"HOME": NOWHERE},
    "no folder for temporary files": os.environ | {"TMPDIR": NOWHERE},
}
ALL_AT_ONCE = without(*LOCALE, *HOME) | C_LOCALE | {"TMPDIR": NOWHERE}


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param(ALL_AT_ONCE, id="all at once"),
        *(
            pytest.param(environment, id=name, marks=pytest.mark.long)
            for name, environment in ENVIRONMENTS.items()
        ),
    ],
)
def test_a_poor_environment_changes_nothing(folder, environment):
    run = started(folder, env=environment)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


@pytest.mark.parametrize(
    "name",
    [
        "Курс Кераса и ещё",
        pytest.param("a class of mine", marks=pytest.mark.long),
        pytest.param("機械学習の講座", marks=pytest.mark.long),
    ],
)
def test_a_folder_of_any_name_will_do(handed_in, tmp_path, name):
    folder = shutil.copytree(handed_in, tmp_path / name / "class")
    run = graded(folder)
    assert run.returncode == 0, run.stderr
    assert scores(folder) == DESERVED


@pytest.mark.long
def test_few_file_handles_are_enough(own_zygote, folder):
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, FEW))

    run = started(folder, preexec_fn=few)
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
