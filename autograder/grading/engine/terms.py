"""On which terms a process may grade for another: alike in all that grades rest on, and fenced."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.grading.processes.fingerprint import Fingerprint, differences, fingerprint


@dataclass(frozen=True)
class Terms:
    """What whoever wants submissions graded demands of a worker.

    Attributes:
        fingerprint: what it grades by itself.
        unfenced: whether submissions may run where there is no sandbox.
    """

    fingerprint: Fingerprint
    unfenced: bool


def refusal(terms: Terms) -> str:
    """Why this process must not grade by these terms, as the end of a sentence; "" if it may."""
    if differing := differences(terms.fingerprint, fingerprint()):
        return differing
    return "" if terms.unfenced else _no_fence()


def _no_fence() -> str:
    from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user

    try:
        find_user()
    except NoSandbox as reason:
        return (
            f"it has no sandbox ({reason}), so submissions would run with all of its rights; "
            "--allow-unfenced accepts that"
        )
    return ""
