"""nbgrader's last word on a submission that failed carries the cause, in one line."""

from __future__ import annotations

import logging
import re

_BEGAN = re.compile(r"There was an error processing assignment: (?P<path>.+)", re.DOTALL)
_ENDS = re.compile(
    r"There was an error processing assignment '(?P<assignment>.*)' for student '(?P<student>.*)'",
    re.DOTALL,
)
_LONGEST = 300


class Causes(logging.Filter):
    """Completes the lines with which nbgrader ends a run; in its log the cause stands far above.

    For each submission that fails nbgrader logs its path, then the traceback, and at the end of
    the run one line that names nobody's reason.
    """

    def __init__(self) -> None:
        """Know of no failure yet."""
        super().__init__()
        self._path: str | None = None
        self._causes: dict[str, str] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through; add the cause to those that lack it."""
        said = record.getMessage()
        if began := _BEGAN.fullmatch(said):
            self._path = began["path"]
        elif self._path is not None and said.startswith("Traceback "):
            self._causes[self._path] = _last_line(said)
            self._path = None
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


def _last_line(traceback: str) -> str:
    lines = [line for line in traceback.splitlines() if line and not line[0].isspace()]
    return lines[-1][:_LONGEST] if lines else ""
