"""Make the students' version of a chapter, with nbgrader's own converter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from autograder.grading.problem import Problem
from autograder.import_path import PYTHON


def generate(course: Path, chapter: str, into_gradebook: bool = False) -> None:
    """Regenerate a chapter's students' version from its solution.

    Args:
        course: the folder with `nbgrader_config.py`.
        chapter: the chapter's name, a folder in `solutions/`.
        into_gradebook: whether to enter the chapter into the gradebook, too.

    Raises:
        Problem: if nbgrader refuses; the message ends with its last lines.
    """
    command = [*PYTHON, "-m", "nbgrader", "generate_assignment", chapter, "--force"]
    command += [] if into_gradebook else ["--no-db"]
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    run = subprocess.run(
        command,
        cwd=course,
        env=os.environ | {"PATH": programs, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode != 0:
        last = "\n".join(run.stdout.strip().splitlines()[-5:])
        raise Problem(f"nbgrader cannot release {chapter}. Its last lines:\n{last}")
