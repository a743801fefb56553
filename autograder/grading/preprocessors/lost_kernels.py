"""Why a kernel was lost, in one sentence."""

from __future__ import annotations

from nbclient.exceptions import CellTimeoutError, DeadKernelError


def why_lost(error: Exception, ended_because: str | None) -> str:
    """What happened to a kernel that does not answer any more.

    Args:
        error: what running its cell raised.
        ended_because: what it had taken too much of, as the end of a sentence; None of one that
            was not ended.
    """
    if ended_because:
        return f"The code was stopped: {ended_because}."
    if isinstance(error, DeadKernelError):
        return "The code ended Python itself, or ran out of memory."
    if isinstance(error, CellTimeoutError):
        return "The code did not come to its end, and could not be interrupted."
    first = next(iter(str(error).strip().splitlines()), "")
    return f"Python did not answer any more ({type(error).__name__}: {first[:200]})."
