"""Run what the clean run consists of, and take what is recorded."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.grading.clean_run.attempt import Attempt, Ending
from autograder.grading.clean_run.plan import CleanRun, Failure, Stage, Step
from autograder.grading.notebooks.cells import Whose
from autograder.grading.sandbox.clock import Clock
from autograder.grading.sandbox.lines import Ended, Lines, Silent
from autograder.grading.sandbox.provisioner import SandboxProvisioner
from autograder.teaching import bindings

MOST_RUNS = 8
"""How often a submission is run: again for each set of extra cells, and after each end."""
GRACE = 10.0
"""Seconds that a cell has to end after it was interrupted."""
STARTING = 600.0
"""Seconds until a process without a warm one to come from has imported everything."""
LOOK = 1.0
"""Seconds between two looks at a cell's clock."""
LONGEST_VALUE = 100
"""Characters of what a test cell ends with: points."""
FOREIGN = (
    "Something else than our checks wrote to where answers are recorded. It counts for nothing."
)


class Runner:
    """Runs a submission as often as it takes."""

    def __init__(
        self, provisioner: Callable[[], SandboxProvisioner], folder: Path, seconds: float
    ) -> None:
        """Get ready.

        Args:
            provisioner: makes what starts one process.
            folder: the submission's files.
            seconds: what one cell may take.
        """
        self._provisioner = provisioner
        self._folder = folder
        self._seconds = seconds

    def run(self, all_steps: Sequence[Step]) -> CleanRun:
        """Run the cells, and again with extra cells, or without those that ended the process.

        Raises:
            NoSandbox: if there is none, and it has to be one.
            RuntimeError: if the process cannot be started.
        """
        attempt = Attempt(all_steps)
        for _ in range(MOST_RUNS):
            if self._once(attempt):
                break
        return attempt.result()

    def _once(self, attempt: Attempt) -> bool:
        """Run the cells once, in a fresh process; whether that was all there is to do."""
        provisioner = self._provisioner()
        self._token = secrets.token_hex(8)
        lines = Lines(*provisioner.start_recorder(self._folder))
        self._proc, self._wall = provisioner.proc, provisioner.wall
        cells = attempt.cells()
        try:
            plan = {"seconds": self._seconds, "token": self._token}
            lines.send({**plan, "cells": [_as_data(step) for step in cells]})
            seen, ending = self._follow(lines, Stage.CELLS, cells)
            if not attempt.take(seen, ending and _because(ending, provisioner)):
                return attempt.is_over
            lines.send({"hidden": [[at, step.whole] for at, step in attempt.cases(cells)]})
            unseen, ending = self._follow(lines, Stage.CASES, cells)
            return attempt.take_hidden(unseen, ending and _because(ending, provisioner))
        finally:
            provisioner.end_recorder()
            lines.close()

    def _follow(
        self, lines: Lines, stage: Stage, cells: Sequence[Step]
    ) -> tuple[CleanRun, Ending | None]:
        """Take what is told until the stage is over, or something ends it too soon."""
        found = CleanRun()
        # Once cells have run, whatever ends the process was begun by one of them.
        at = cells[-1] if stage is Stage.CASES and cells else None
        most, clock, whole = STARTING, Clock(self._proc), Clock(self._proc)
        while True:
            try:
                told = lines.receive(time.monotonic() + LOOK)
            except (Ended, Silent) as reason:
                is_late = clock.has_spent(most) or whole.has_spent(self._wall)
                if isinstance(reason, Silent) and not is_late:
                    continue
                if at is None:
                    raise RuntimeError(f"Answers could not be recorded: {reason}.") from None
                why = str(reason) or f"it took more than {self._seconds:g} s, and went on"
                return found, Ending(stage, at, why)
            if told.get("token") != self._token:
                found.remarks = [FOREIGN]
                continue
            if told.get("all") == stage:
                return found, None
            if (step := _step(cells, told.get("begin"))) is not None:
                at, most, clock = step, self._seconds + GRACE, Clock(self._proc)
            elif (step := _step(cells, told.get("end"))) is not None:
                _note_failure(found, step, told.get("error"), stage)
                if stage is Stage.CASES:
                    found.values[step.name] = str(told.get("value", ""))[:LONGEST_VALUE]
            elif (step := _step(cells, told.get("evidence"))) is not None:
                _note_evidence(found, step, told.get("data"), stage)


def _because(ending: Ending, provisioner: SandboxProvisioner) -> Ending:
    if not provisioner.ended_because:
        return ending
    spent = provisioner.account
    is_over = spent is not None and spent.is_used_up(provisioner.limits)
    return replace(ending, reason=provisioner.ended_because, is_disturbed=is_over)


def _step(cells: Sequence[Step], number: Any) -> Step | None:
    sound = type(number) is int and 0 <= number < len(cells)
    return cells[number] if sound else None


def _note_evidence(found: CleanRun, step: Step, data: Any, stage: Stage) -> None:
    """Take evidence of hidden cases only once they are known, and the others' only before that."""
    if isinstance(data, dict) and data.get("hidden") is (stage is Stage.CASES):
        found.evidence.setdefault(step.name, []).append(data)


def _note_failure(found: CleanRun, step: Step, error: Any, stage: Stage) -> None:
    if isinstance(error, dict):
        kind, text = (str(error.get(key, ""))[:2000] for key in ("type", "text"))
        found.failures.append(Failure(step.name, step.whose, kind, text, stage is Stage.CASES))


def _as_data(step: Step) -> dict[str, Any]:
    ours = step.whose in (Whose.OURS, Whose.CHECK)
    names = sorted(bindings.from_the_package(step.source)) if ours else []
    return {
        "source": step.source,
        "check": step.whose is Whose.CHECK,
        "ours": ours,
        "names": names,
    }
