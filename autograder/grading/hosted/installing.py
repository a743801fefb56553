"""What another machine installs to grade as this one does."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from autograder.grading.hosted.own_wheel import NAME, wheel
from autograder.grading.hosted.pinned import constraints

HERE = "/opt/autograder"
"""Where the environment is: every account may read it, so that a sandbox has one of its own."""
PROGRAM = f"{HERE}/bin/python -P -m autograder.grading.hosted.there"
CONSTRAINTS = "constraints.txt"


@dataclass(frozen=True)
class Installation:
    """This package, and the versions of all others.

    Attributes:
        wheel_name: what the wheel is called.
        wheel: the package.
        constraints: a line for each other package.
    """

    wheel_name: str
    wheel: bytes
    constraints: tuple[str, ...]
    package: str = NAME
    python: str = "{}.{}".format(*sys.version_info)

    def files(self) -> dict[str, bytes]:
        """By name, what the commands that install it read."""
        lines = "".join(f"{line}\n" for line in self.constraints)
        return {self.wheel_name: self.wheel, CONSTRAINTS: lines.encode()}


def installation() -> Installation:
    """What is installed here."""
    return Installation(*wheel(), tuple(constraints(NAME)))
