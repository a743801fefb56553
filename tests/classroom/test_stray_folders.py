"""A folder of submissions with all that unzipped downloads and clumsy hands leave in it."""

import shutil
from dataclasses import dataclass

import pytest
from classroom.programs import autograder, nbgrader
from classroom.standin import STANDIN, class_in, scores

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]

ODD_IDS = [
    "b[a]*r?",
    " spaces ",
    "a,b",
    "{ada}",
    "$HOME;ls",
    "--force",
    "Пётр 山田",
    "left\u202eright",
]
DESERVED = {"all0": 5, "half0": 2, "none0": 0, "twice": 5} | dict.fromkeys(ODD_IDS, 5)


def stray(submitted):
    """Put everything there that is no submission; what must be said of it, in its order."""
    right = submitted / "all0" / STANDIN
    for student in ("all0", "half0"):
        (submitted / student / ".ipynb_checkpoints").mkdir()
        shutil.copytree(right, submitted / student / "__MACOSX" / STANDIN)
        (submitted / student / ".DS_Store").write_bytes(b"\0")
        (submitted / student / STANDIN / ".ipynb_checkpoints").mkdir()
    (submitted / "Thumbs.db").write_bytes(b"\0")
    shutil.copytree(right.parent, submitted / "__MACOSX" / "all0")
    shutil.copytree(right, submitted / "twice" / STANDIN / STANDIN)
    shutil.copytree(right, submitted / "none0" / "Stand-In")
    shutil.copy(right / "standin.ipynb", submitted / "other")
    shutil.copytree(right, submitted / "only_here" / "standin (1)")
    (submitted / "all0" / "a\x1b[2J.txt").write_text("")
    (submitted / "link").symlink_to(right.parent)
    shutil.copytree(right.parent, submitted / "bad\n[ERROR] name")
    return [
        "  all0 has a\\x1b[2J.txt beside the folders of assignments. Move it to",
        "  bad\\n[ERROR] name is no proper name",
        "  link is a link, which is not followed",
        "  none0 has Stand-In/, which is no assignment. Graded is none0/standin/.",
        "  only_here has standin (1)/, which is no assignment. If it is standin, rename it.",
        "  other is in no student's folder",
    ]


@dataclass
class Class:
    folder: object
    said: str
    code: int


@pytest.fixture(scope="module")
def made(released, tmp_path_factory):
    folder = class_in(released, tmp_path_factory.mktemp("handed_in") / "class", copies=1)
    submitted = folder / "classroom" / "submitted"
    for name in ODD_IDS:
        shutil.copytree(submitted / "all0", submitted / name)
    return folder, stray(submitted)


@pytest.fixture(scope="module")
def graded(zygote, made, tmp_path_factory):
    folder = shutil.copytree(made[0], tmp_path_factory.mktemp("ours") / "class", symlinks=True)
    run = autograder(folder, "grade", "--workers", "1")
    return Class(folder, run.stdout + run.stderr, run.returncode)


def test_everybody_else_is_graded(graded):
    assert scores(graded.folder) == DESERVED


def test_each_thing_that_is_no_submission_is_one_line(graded, made):
    lines = graded.said.splitlines()
    start = lines.index("Not graded, because of where it lies:") + 1
    told = lines[start : start + len(made[1])]
    assert [line[: len(says)] for line, says in zip(told, made[1], strict=True)] == made[1]
    assert not any("MACOSX" in line or "checkpoints" in line for line in lines)


def test_work_that_has_no_grade_is_an_exit_code(graded):
    assert graded.code == 1 and "Traceback" not in graded.said


def test_nothing_reaches_the_terminal_that_it_would_obey(graded):
    assert {letter for letter in graded.said if not letter.isprintable()} <= {"\n", "\r"}
    assert "left\\u202eright" in graded.said


@pytest.mark.long
def test_nbgrader_grades_the_same(made, tmp_path):
    folder = shutil.copytree(made[0], tmp_path / "class", symlinks=True)
    run = nbgrader(folder, "autograde", STANDIN)
    assert scores(folder) == DESERVED
    assert "is in no student's folder; it is left out." in run.stderr
    assert {letter for letter in run.stderr if not letter.isprintable()} == {"\n"}
    assert not [line for line in run.stderr.splitlines() if line.startswith("[ERROR] name")]


def test_an_assignment_that_is_none_is_named_with_those_that_are(made):
    run = autograder(made[0], "grade", "Stand-In")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].endswith("There are: standin.")
    assert "There is no assignment 'Stand-In'" in run.stderr


def test_where_there_is_nothing_else_it_is_told_too(made, tmp_path):
    folder = shutil.copytree(made[0], tmp_path / "class", symlinks=True)
    submitted = folder / "classroom" / "submitted"
    for path in submitted.iterdir():
        if path.name not in ("other", "only_here"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    run = autograder(folder, "grade")
    assert run.returncode == 1
    assert (
        "There is no submission in classroom/submitted/:\nonly_here has standin (1)/" in run.stderr
    )


def test_a_class_in_a_folder_with_the_name_of_a_pattern_is_one_line(made, tmp_path):
    folder = shutil.copytree(made[0], tmp_path / "class [2026]", symlinks=True)
    for run in (
        autograder(folder, "grade"),
        autograder(folder, "grade", STANDIN),
    ):
        assert run.returncode == 1
        assert run.stderr.splitlines()[-1].endswith("in its name. Rename it.")
        assert str(folder) in run.stderr
