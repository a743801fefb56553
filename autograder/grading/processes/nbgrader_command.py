"""nbgrader's own commands, each in a process that uses this Python and this package.

As a program it is `nbgrader`, and starts in half the time: `autograder.grading` is imported first,
and leaves out what takes so long.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.import_path import PYTHON, programs_first

COMMAND = (*PYTHON, "-m", __spec__.name)
"""Begins a command; what follows is as for `nbgrader`."""
_ERROR = "| ERROR] "
"""How nbgrader's log marks a line that tells of an error."""


@dataclass(frozen=True)
class Run:
    """What came of a command.

    Attributes:
        said: all that it wrote.
        has_failed: whether it says so by its exit code.
    """

    said: str
    has_failed: bool

    @property
    def errors(self) -> list[str]:
        """What it reported as errors, a line each."""
        return [line.partition(_ERROR)[2] for line in self.said.splitlines() if _ERROR in line]

    @property
    def last_words(self) -> list[str]:
        """The last lines that it wrote."""
        return self.said.strip().splitlines()[-5:]


def nbgrader(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None
) -> Run:
    """Run a command.

    Args:
        arguments: what stands behind `nbgrader`.
        folder: the working folder.
        variables: environment variables that it has beside those of this process.
    """
    return run([*COMMAND, *arguments], folder, variables)


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None) -> Run:
    """Run a program that may start nbgrader.

    Args:
        command: the program, and what it is given.
        folder: the working folder.
        variables: environment variables that it has beside those of this process.
    """
    # nbgrader makes its database with the program `alembic`, wherever PATH finds it.
    programs = programs_first(os.environ.get("PATH", ""))
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": programs, "PYTHONUTF8": "1", **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return Run(done.stdout, done.returncode != 0)


if __name__ == "__main__":
    from nbgrader.apps.nbgraderapp import main

    main()
