"""All that grading an assignment's submissions needs, as bytes that travel to a worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from autograder.grading.processes.fingerprint import fingerprint


@dataclass(frozen=True)
class Bundle:
    """All that grading a submission of one assignment needs, apart from the submission.

    Attributes:
        assignment: the assignment's name.
        config: the course's configuration file.
        gradebook: a SQLite gradebook with the assignment and no students.
        cells: a digest of what scores rest on in there.
        source: what lies beside the instructor's notebook (references), packed.
        release: the released version, packed.
        variants: what says whose sizes are which, where students have their own.
    """

    assignment: str
    config: bytes
    gradebook: bytes
    cells: str
    source: bytes
    release: bytes
    variants: bytes = b""


def digest(bundle: Bundle, submission: bytes) -> str:
    """All that a result depends on, but for late penalties: what is graded, and what by.

    That is the submission, the assignment as it was released and as the gradebook has it, its
    references, the configuration, and the package with the libraries that it uses.
    """
    assignment = (bundle.config, bundle.cells.encode(), bundle.source, bundle.release)
    parts = (*assignment, bundle.variants, submission)
    whole = hashlib.sha256(fingerprint().digest.encode())
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
