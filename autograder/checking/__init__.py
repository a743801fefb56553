"""What a check cell calls: the answer becomes evidence, the judgement a card."""

from autograder.checking.checks import (
    BRIEF_MIME_TYPE,
    DEMANDS_MIME_TYPE,
    GRADING,
    MISTAKES_MIME_TYPE,
    RECORDING,
    VARIES_MIME_TYPE,
    WHY_MIME_TYPE,
    CheckFailed,
    WrongCheck,
    asks,
    brief,
    check,
    collect,
    mistakes,
    varies,
    why,
)
from autograder.checking.recording import evidence_of

__all__ = [
    "BRIEF_MIME_TYPE",
    "DEMANDS_MIME_TYPE",
    "GRADING",
    "MISTAKES_MIME_TYPE",
    "RECORDING",
    "VARIES_MIME_TYPE",
    "WHY_MIME_TYPE",
    "CheckFailed",
    "WrongCheck",
    "asks",
    "brief",
    "check",
    "collect",
    "evidence_of",
    "mistakes",
    "varies",
    "why",
]
