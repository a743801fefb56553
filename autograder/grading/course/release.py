"""Make the released version of a chapter, with nbgrader's own converter."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autograder.grading.course.folder import Course
from autograder.grading.processes.nbgrader_command import nbgrader
from autograder.problem import Problem


def generate(course: Course, chapter: str, into_gradebook: bool = False) -> None:
    """Regenerate a chapter's released version from its solution.

    It is made beside the one that is there, which stays as it is if that fails.

    Args:
        course: whose chapter.
        chapter: the chapter's name, a folder in `solutions/`.
        into_gradebook: whether to enter the chapter into the gradebook, too.

    Raises:
        Problem: if nbgrader refuses; the message says why.
    """
    folder = course.config.CourseDirectory.release_directory
    release = course.root / folder
    release.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=release) as beside:
        fresh, old = Path(beside, chapter), Path(beside, f"{chapter}.old")
        options = [f"--CourseDirectory.release_directory={Path(folder, fresh.parent.name)}"]
        options += [] if into_gradebook else ["--no-db"]
        run = nbgrader(["generate_assignment", chapter, "--force", *options], course.root)
        if run.has_failed:
            said = "\n".join(run.errors or run.last_words)
            raise Problem(f"nbgrader cannot release {chapter}:\n{said}")
        if (release / chapter).exists():
            (release / chapter).rename(old)
        fresh.rename(release / chapter)
