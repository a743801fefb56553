"""What grading an assignment needs, as a folder of files that another machine reads.

It holds hidden references: it is the instructor's, and on that machine root's alone.
"""

from __future__ import annotations

import contextlib
import json
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.processes.fingerprint import Fingerprint, differences, fingerprint
from autograder.problem import Problem

ABOUT = "about.json"
PROVED = "proved"
MADE = "where the bundle was made"
FILES = {
    "config": "nbgrader_config.py",
    "gradebook": "gradebook.db",
    "source": "source.zip",
    "release": "release.zip",
}
"""By the bundle's part, the file that holds it."""
REFERENCE = "reference_solution.zip"


@dataclass(frozen=True)
class Carried:
    """An assignment on its way to another machine.

    Attributes:
        bundle: the assignment.
        reference: the reference solution as a submission, packed.
        fingerprint: what it was proved by.
        seconds: how long that machine lets a submission take.
    """

    bundle: Bundle
    reference: bytes
    fingerprint: Fingerprint
    seconds: int


def as_files(carried: Carried) -> dict[str, bytes]:
    """The files by name."""
    bundle = carried.bundle
    about = {
        "assignment": bundle.assignment,
        "cells": bundle.cells,
        "seconds": carried.seconds,
        "fingerprint": asdict(carried.fingerprint) | {"path": MADE},
    }
    parts = {name: getattr(bundle, part) for part, name in FILES.items()}
    return {ABOUT: json.dumps(about, indent=1).encode(), REFERENCE: carried.reference, **parts}


def read(folder: Path) -> Carried:
    """What such a folder holds.

    Raises:
        Problem: if it is damaged, or is none.
    """
    try:
        about = json.loads((folder / ABOUT).read_bytes())
        parts = {part: (folder / name).read_bytes() for part, name in FILES.items()}
        return Carried(
            Bundle(assignment=about["assignment"], cells=about["cells"], **parts),
            (folder / REFERENCE).read_bytes(),
            Fingerprint(**about["fingerprint"]),
            int(about["seconds"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(
            f"{folder} does not hold what grading needs ({error}). Make the bundle anew."
        ) from None


def demand_the_same(carried: Carried) -> None:
    """End it where this machine would give other grades than the one that proved the assignment.

    Raises:
        Problem: if the package, Python or a library is another.
    """
    if found := differences(carried.fingerprint, fingerprint()):
        raise Problem(
            f"This machine grades by something else than the bundle was made with: {found}. Make "
            "the bundle anew, and its image."
        )


def close(folder: Path) -> None:
    """Let nobody but this account look into the folder, where that can be changed."""
    with contextlib.suppress(OSError):
        folder.chmod(0o700)


def is_closed(folder: Path) -> bool:
    """Whether nobody but its owner can look into the folder."""
    return not stat.S_IMODE(folder.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)


def note_proof(folder: Path) -> None:
    """Note that the reference solution has full points on this machine."""
    (folder / PROVED).write_text(fingerprint().digest, encoding="utf-8")


def is_proved(folder: Path) -> bool:
    """Whether that was noted, of what this machine grades by now."""
    path = folder / PROVED
    return path.is_file() and path.read_text(encoding="utf-8") == fingerprint().digest
