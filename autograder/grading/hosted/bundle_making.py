"""Make what another system runs: proved here first, then written where the instructor wants it."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.engine.bundling import bundle_of
from autograder.grading.engine.grade_one import grade_one
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.engine.proof import demand_full_points
from autograder.grading.engine.reference_solution import graded_as, submission
from autograder.grading.hosted import gradescope, prairielearn
from autograder.grading.hosted.carried import Carried, as_files
from autograder.grading.hosted.installing import installation
from autograder.grading.hosted.outcome import Outcome, outcome_of
from autograder.grading.processes.fingerprint import fingerprint
from autograder.problem import Problem

PROGRAMS = ("setup.sh", "run_autograder", "run.sh")
"""Files that the systems start."""
CELLS, KERNELS = 12, 4
"""Parts of the time that one cell may take, and one process with the submission's code."""
SETTINGS = """

# --- where another system grades (from `autograder bundle`) ---------------------------------------
c.Execute.timeout = {cell}
c.SandboxProvisioner.wall = {kernel}
c.SandboxProvisioner.apart = True
"""


@dataclass(frozen=True)
class Wanted:
    """What is to be made.

    Attributes:
        assignment: which.
        seconds: how long the system lets a submission take.
        image: what PrairieLearn's image is called.
    """

    assignment: str
    seconds: int
    image: str = prairielearn.IMAGE


@dataclass(frozen=True)
class Made:
    """What was made: files by name, and what there is to get by the reference solution."""

    files: Mapping[str, bytes]
    reference: Outcome


def for_gradescope(grades: Grades, wanted: Wanted) -> Made:
    """Gradescope's zip, by name.

    Raises:
        Problem: if there is no such assignment, or its reference solution lacks points.
    """
    carried, reference = _proved(grades, wanted)
    return Made(gradescope.files(as_files(carried), installation()), reference)


def for_prairielearn(grades: Grades, wanted: Wanted) -> Made:
    """A question of PrairieLearn's and the image that grades it, by name.

    Raises:
        Problem: if there is no such assignment, or its reference solution lacks points.
    """
    carried, reference = _proved(grades, wanted)
    question = prairielearn.question(
        wanted.assignment,
        _notebooks(carried.bundle),
        as_files(carried),
        seconds=wanted.seconds,
        image=wanted.image,
    )
    image = prairielearn.image_files(installation(), wanted.image)
    named = {f"questions/{wanted.assignment}/{name}": what for name, what in question.items()}
    return Made(named | {f"image/{name}": what for name, what in image.items()}, reference)


def _proved(grades: Grades, wanted: Wanted) -> tuple[Carried, Outcome]:
    """The assignment as it travels, with what the reference solution gets by it here."""
    course, bundle = grades.course, bundle_of(grades, wanted.assignment)
    folders = (course.folder(step, ".", wanted.assignment) for step in ("source", "release"))
    if bundle.variants:
        raise Problem(
            f"In {wanted.assignment} students have sizes of their own, and what says whose are "
            "which stays with you. Grade it by `autograder grade`, or make it the same for "
            f"everybody: autograder variants {wanted.assignment} --off"
        )
    reference = submission(*folders)
    settings = SETTINGS.format(cell=wanted.seconds // CELLS, kernel=wanted.seconds // KERNELS)
    bundle = replace(bundle, config=bundle.config + settings.encode())
    result = grade_one(bundle, graded_as(bundle), reference)
    demand_full_points(wanted.assignment, result)
    outcome = outcome_of(result)
    if outcome.most <= 0:
        raise Problem(f"{wanted.assignment} has no points that are given without a person.")
    return Carried(bundle, reference, fingerprint(), wanted.seconds), outcome


def _notebooks(bundle: Bundle) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(bundle.release)) as released:
        return sorted(name for name in released.namelist() if name.endswith(".ipynb"))


def write_zip(files: Mapping[str, bytes], out: Path) -> None:
    """Write files as a zip that only this account may read; in it, what is started may be."""
    fresh = _fresh(out)
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.create_system = 3  # Unix, wherever it is made: else it has no rights
            about.external_attr = (0o100000 | _mode(name)) << 16
            packed.writestr(about, content, zipfile.ZIP_DEFLATED)
    fresh.chmod(0o600)
    fresh.replace(out)


def write_folder(files: Mapping[str, bytes], out: Path) -> None:
    """Write files as a folder in place of the one that was made before.

    Raises:
        Problem: if what is there was not made by this.
    """
    if out.exists() and not (out / "image" / "Dockerfile").is_file():
        raise Problem(f"{out} is there already, and no such bundle. Give another --out.")
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    for name, content in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(_mode(name))
    if out.exists():
        shutil.rmtree(out)
    fresh.rename(out)


def _fresh(out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    return out.with_name(f".{out.name}.new")


def _mode(name: str) -> int:
    return 0o755 if name.rpartition("/")[2] in PROGRAMS else 0o644
