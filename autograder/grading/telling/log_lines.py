"""Log lines in which text from elsewhere does no harm."""

from __future__ import annotations

import logging
from typing import Any

from tornado.log import LogFormatter

from autograder.grading.telling.foreign import shown_lines


class HarmlessFormatter(LogFormatter):
    """The formatter of nbgrader's commands, whose messages have ids and names of files in them.

    No message moves the cursor or begins a line of its own: its further lines are indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        harmless = logging.makeLogRecord(record.__dict__)
        harmless.msg, harmless.args = shown_lines(record.getMessage()), ()
        return super().format(harmless)

    def formatException(self, ei: Any) -> str:
        """Format an error's traceback."""
        return shown_lines(super().formatException(ei))
