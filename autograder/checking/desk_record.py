"""What checks and practice said at this desk: a line each in the student's own file, and no copy.

The file may be deleted at any time. Several notebooks write into it at once: each result is
written in one piece at the file's end, so none is lost.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.judging.judgement import Judgement
from autograder.judging.verdict import Status

SWITCH = "AUTOGRADER_RECORD_FILE"
"""Environment variable: another file than the usual one, or "off"."""
OFF = "off"
USUAL = Path(".keras-functional-course", "results.jsonl")
"""Below the home folder."""
MOST_BYTES = 8_000_000
"""Of a larger file only the end is read: some 80,000 results."""


@dataclass(frozen=True)
class Result:
    """What one check said, or one answer to practice.

    Attributes:
        exercise: its id, such as "ch01_ex2"; what is practised has a name that says all of it.
        status: what the answer was.
        when: seconds since 1970, UTC.
        findings: the mistakes that were named, by their ids.
        topic: what was practised; "" of a check.
        kind: how it was practised; "" of a check.
    """

    exercise: str
    status: Status
    when: float
    findings: tuple[str, ...] = ()
    topic: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Record:
    """All results, the oldest first, and how many lines of the file are none."""

    results: tuple[Result, ...] = ()
    unreadable: int = 0

    @property
    def last(self) -> dict[str, Result]:
        """The newest result of each exercise."""
        return {result.exercise: result for result in self.results}


def record_file() -> Path | None:
    """Where results are kept; None where nothing is to be kept, or there is no home."""
    told = os.environ.get(SWITCH, "")
    if told == OFF:
        return None
    try:
        return Path(told) if told else Path.home() / USUAL
    except RuntimeError:
        return None


def result_of(judgement: Judgement) -> Result:
    """What a check has just said."""
    case = judgement.first_failure or judgement.cases[0]
    findings = tuple(finding.id for finding in case.verdict.findings)
    return Result(judgement.exercise, case.verdict.status, datetime.now(UTC).timestamp(), findings)


def record(result: Result) -> bool:
    """Keep a result; False where that cannot be done, which is no reason to disturb anybody."""
    path = record_file()
    if path is None:
        return False
    said = {key: value for key, value in asdict(result).items() if value != ""}
    line = json.dumps(said, separators=(",", ":"))
    # A line of its own even where somebody's editor left the last one without an end.
    data = f"\n{line}\n".encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        end = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            return os.write(end, data) == len(data)
        finally:
            os.close(end)
    except OSError:
        return False


def read_record() -> Record:
    """All that was kept; lines that are no results are counted, and left as they are."""
    path = record_file()
    if path is None:
        return Record()
    try:
        with path.open("rb") as file:
            begin = max(path.stat().st_size - MOST_BYTES, 0)
            file.seek(begin)
            lines = file.read().decode("utf-8", "replace").splitlines()[bool(begin) :]
    except (FileNotFoundError, NotADirectoryError):
        return Record()
    except OSError:
        return Record(unreadable=1)
    found = [_result(line) for line in lines if line.strip()]
    results = tuple(each for each in found if each is not None)
    return Record(results, len(found) - len(results))


def _result(line: str) -> Result | None:
    try:
        data = json.loads(line)
        findings = tuple(str(each) for each in data["findings"])
        known = Result(str(data["exercise"]), Status(data["status"]), float(data["when"]), findings)
        practised = {key: str(data[key]) for key in ("topic", "kind") if key in data}
        return replace(known, **practised)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
