"""What a process grades by, as plain data: this package's files, Python, and what scores rest on.

Two processes whose fingerprints differ may give one submission two grades.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder import import_path

LIBRARIES = (
    *("tensorflow", "keras", "numpy", "scikit-learn"),
    *("nbgrader", "nbclient", "nbconvert", "nbformat", "jupyter_client"),
    *("ipykernel", "ipython", "traitlets", "nh3"),
)
"""Whose versions a grade, or what a feedback page shows, rests on."""
MISSING = "not installed"
PACKAGE = Path(import_path.PACKAGE)
"""The folder of the package that this process has imported."""


@dataclass(frozen=True)
class Fingerprint:
    """What a process grades by.

    Attributes:
        package: the digest of all of this package's files.
        python: Python's version, without the last number.
        libraries: by name, the versions of what scores rest on.
        path: the package's folder; on another machine it may well be another.
    """

    package: str
    python: str
    libraries: dict[str, str]
    path: str

    @property
    def digest(self) -> str:
        """One string for all that grades depend on: equal wherever the same grades come out."""
        libraries = sorted(f"{name} {number}" for name, number in self.libraries.items())
        parts = (self.package, self.python, *libraries)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def fingerprint() -> Fingerprint:
    """This process' own, as it was when it was first asked for."""
    return Fingerprint(
        digest_of(PACKAGE),
        "{}.{}".format(*sys.version_info),
        {name: _version(name) for name in LIBRARIES},
        str(PACKAGE),
    )


def digest_of(package: Path) -> str:
    """The digest of a package's files, without what Python and editors leave beside them."""
    whole = hashlib.sha256()
    for path in sorted(files_of(package)):
        # git may have written other line ends on another system; to Python they are the same.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(path.relative_to(package).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


def files_of(folder: Path) -> Iterator[Path]:
    """A package's files, without what Python and editors leave beside them."""
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name == "__pycache__" or path.suffix == ".pyc":
            continue
        if path.is_dir():
            yield from files_of(path)
        elif path.is_file():
            yield path


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return MISSING


def demand_package(digest: str) -> None:
    """End this process if it grades by another package than the one that started it.

    Args:
        digest: that of the package of the process that started this one.
    """
    if fingerprint().package != digest:
        sys.exit(f"{PACKAGE} is not, or no longer, the package that was started. Start again.")


def differences(here: Fingerprint, there: Fingerprint) -> str:
    """What differs, in words: "keras 3.15.1 here, 3.14.0 there"; "" if grades are the same."""
    told = []
    for name in dict.fromkeys([*here.libraries, *there.libraries]):
        ours, theirs = here.libraries.get(name, MISSING), there.libraries.get(name, MISSING)
        if ours != theirs:
            told.append(f"{name} {ours} here, {theirs} there")
    if here.python != there.python:
        told.insert(0, f"Python {here.python} here, {there.python} there")
    if here.package != there.package:
        told.insert(0, f"another autograder package there, {there.path} (here {here.path})")
    return "; ".join(told)
