"""A system that grades on machines of its own: where things are there, and what it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.grading.hosted.outcome import Outcome


@dataclass(frozen=True)
class System:
    """A system that grades on machines of its own.

    Attributes:
        name: what people call it.
        assignment: where, in its folder there, what grading needs is; as the following, too.
        submission: where what was handed in is.
        results: where the results belong.
        most_minutes: what a submission may take at most.
        is_proved_there: whether the reference solution is graded when the image is made there.
        says: what the results say, as JSON has it.
    """

    name: str
    assignment: str
    submission: str
    results: str
    most_minutes: int
    is_proved_there: bool
    says: Callable[[Outcome], dict[str, Any]]
