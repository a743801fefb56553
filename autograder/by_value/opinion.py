"""What evaluating two networks comes to, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Said(StrEnum):
    """What a comparison can come to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Opinion:
    """What evaluating two networks showed.

    Attributes:
        said: equal, different or unknown.
        reason: a short sentence, for the log.
        seconds: processor time that it took.
        tried: how many matchings of the weights were tested.
    """

    said: Said
    reason: str
    seconds: float = 0.0
    tried: int = 0

    def to_json(self) -> dict[str, Any]:
        """The judgement as JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Opinion:
        """The judgement that `to_json` wrote."""
        return cls(
            Said(data["said"]), str(data["reason"]), float(data["seconds"]), int(data["tried"])
        )


class Settled(Exception):
    """A comparison has come to an end.

    Attributes:
        said: equal, different or unknown.
        reason: a short sentence, for the log.
        tried: how many matchings of the weights were tested.
        is_in_doubt: whether they are equal where nothing is left of an axis, in smaller sizes.
    """

    def __init__(self, said: Said, reason: str) -> None:
        super().__init__(reason)
        self.said, self.reason, self.tried, self.is_in_doubt = said, reason, 0, False

    def noted(self, more: str) -> Settled:
        """The same with more said of it."""
        self.reason += more
        return self
