"""The reference solution as a submission: what a student hands in who answers as it does."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import nbformat

from autograder.grading.engine.archive import pack
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.notebooks.answer_cells import with_answers
from autograder.problem import Problem

STUDENT = "the-reference-solution"
"""What the name begins with under which it is graded; it never gets into the gradebook."""


class Unproved(Problem):
    """The reference solution does not get its points, so nobody else's can be trusted."""


def graded_as(bundle: Bundle) -> str:
    """As whose submission it is graded.

    The solution's own sizes are right in it, and all wait for its result. So it is a name that
    nobody can take: it follows from what the instructor alone has.
    """
    known_to_none = hashlib.sha256(b"the name of the reference solution: ")
    known_to_none.update(hashlib.sha256(bundle.source).digest())
    known_to_none.update(bundle.variants)
    return f"{STUDENT}-{known_to_none.hexdigest()[:16]}"


def submission(source: Path, release: Path) -> bytes:
    """What a student would hand in who answers as the solution does, packed.

    Args:
        source: the folder with the solution.
        release: the folder with the released version.

    Raises:
        Unproved: if the two do not belong together.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(release.glob("*.ipynb")):
            try:
                solution = nbformat.read(source / path.name, as_version=4)
                filled = with_answers(nbformat.read(path, as_version=4), solution)
            except (OSError, ValueError) as error:
                raise Unproved(
                    f"{path} was not made from {source / path.name}: {error}. "
                    f"Run: nbgrader generate_assignment {release.name} --force"
                ) from None
            nbformat.write(filled, Path(folder, path.name))
        return pack(Path(folder))
