"""Make the students' version of a chapter, with nbgrader's own converter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.grading.course.config import read_config
from autograder.import_path import PYTHON
from autograder.problem import Problem


def generate(course: Path, chapter: str, into_gradebook: bool = False) -> None:
    """Regenerate a chapter's students' version from its solution.

    It is made beside the one that is there, which stays as it is if that fails.

    Args:
        course: the folder with `nbgrader_config.py`.
        chapter: the chapter's name, a folder in `solutions/`.
        into_gradebook: whether to enter the chapter into the gradebook, too.

    Raises:
        Problem: if nbgrader refuses; the message says why.
    """
    folder = read_config(course).CourseDirectory.release_directory
    release = course / folder
    release.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=release) as beside:
        fresh, old = Path(beside, chapter), Path(beside, f"{chapter}.old")
        options = [f"--CourseDirectory.release_directory={Path(folder, fresh.parent.name)}"]
        options += [] if into_gradebook else ["--no-db"]
        _run(course, [chapter, "--force", *options])
        if (release / chapter).exists():
            (release / chapter).rename(old)
        fresh.rename(release / chapter)


def _run(course: Path, arguments: Sequence[str]) -> None:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    run = subprocess.run(
        [*PYTHON, "-m", "nbgrader", "generate_assignment", *arguments],
        cwd=course,
        env=os.environ | {"PATH": programs, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode != 0:
        said = run.stdout.strip().splitlines()
        errors = [line.partition("| ERROR] ")[2] for line in said if "| ERROR] " in line]
        raise Problem(f"nbgrader cannot release {arguments[0]}:\n" + "\n".join(errors or said[-5:]))
