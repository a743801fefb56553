"""How much of what a cell sends is kept: a cell may print for ever, or send what is no data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from autograder.grading.notebooks.soundness import is_shallow
from autograder.grading.sandbox.stream import CUT


@dataclass(frozen=True)
class Most:
    """The most that is kept of one cell.

    Attributes:
        text: characters of printed text.
        data: characters of pictures and the like.
        messages: outputs.
        sent: characters of all together, until the kernel is ended.
    """

    text: int
    data: int
    messages: int
    sent: int


class OutputBudget:
    """What one cell has sent so far."""

    def __init__(self, most: Most) -> None:
        self._most = most
        self._text = self._data = self._messages = self._sent = 0
        self.is_cut = False
        """Whether the note stands there already that says that the rest is left out."""

    def count(self, kind: str, size: int) -> None:
        """Count a message of a kind and a size."""
        self._messages += 1
        self._sent += size
        if kind == "stream":
            self._text += size
        else:
            self._data += size

    @property
    def is_flood(self) -> bool:
        """Whether it sent so much that the kernel is to be ended."""
        return self._sent > self._most.sent

    @property
    def is_used_up(self) -> bool:
        """Whether nothing more is kept."""
        return (
            self._text > self._most.text
            or self._data > self._most.data
            or self._messages > self._most.messages
        )


def as_text(content: Any) -> str | None:
    """A message as JSON that a file can hold; None if it is nested too deeply or no JSON."""
    try:
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace").decode()
    except (ValueError, TypeError, RecursionError):
        return None
    return text if is_shallow(content) else None


def note_of_a_cut(msg: dict[str, Any]) -> dict[str, Any]:
    """In the place of a message, the note that the rest is left out."""
    content = {"name": "stdout", "text": CUT}
    return {**msg, "msg_type": "stream", "header": {"msg_type": "stream"}, "content": content}
