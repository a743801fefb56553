"""What nbgrader tells of as errors, with what was raised: its last word names nobody's cause."""

from __future__ import annotations

import logging
import re
import sys

from autograder.grading.telling.foreign import LONGEST, shown

_BEGAN = re.compile(r"There was an error processing assignment: (?P<path>.+)", re.DOTALL)
_ENDS = re.compile(
    r"There was an error processing assignment '(?P<assignment>.*)' for student '(?P<student>.*)'",
    re.DOTALL,
)


class Errors(logging.Handler):
    """Keeps what a logger is told as errors.

    Of whatever a preprocessor raises, nbgrader tells while it handles it, and says no more than
    where that happened: here it is the error itself that is kept.

    Attributes:
        lines: what was told, the first line of each.
        raised: the error that nbgrader handled first; None if it handled none.
        first: the line that came first, or what was raised where that was first.
    """

    def __init__(self) -> None:
        """Know of no error yet."""
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.raised: BaseException | None = None
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        said = record.getMessage()
        error = sys.exc_info()[1] if _BEGAN.fullmatch(said) else None
        line = shown(said.partition("\n")[0])
        self.raised = self.raised or error
        self.first = self.first or (line if error is None else shown(error_line(error)))
        self.lines.append(line)


class Causes(logging.Filter):
    """Completes the lines with which nbgrader ends a run; in its log the cause stands far above."""

    def __init__(self) -> None:
        """Know of no failure yet."""
        super().__init__()
        self._causes: dict[str, str] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through; add the cause to those that lack it."""
        said, error = record.getMessage(), sys.exc_info()[1]
        if error is not None and (began := _BEGAN.fullmatch(said)):
            self._causes[began["path"]] = error_line(error)
        elif (ends := _ENDS.fullmatch(said)) and (cause := self._cause_of(**ends.groupdict())):
            record.msg, record.args = "%s: %s", (said, cause)
        return True

    def _cause_of(self, assignment: str, student: str) -> str:
        parts = [student, assignment]
        for path, cause in self._causes.items():
            if path.replace("\\", "/").rstrip("/").split("/")[-2:] == parts:
                return cause
        return ""


def tell_causes(log: logging.Logger) -> None:
    """Have a logger tell causes, once."""
    if not any(isinstance(known, Causes) for known in log.filters):
        log.addFilter(Causes())


def error_line(error: BaseException) -> str:
    """An error in one line: its class, and how its message begins."""
    first = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {first}"[:LONGEST] if first else type(error).__name__
