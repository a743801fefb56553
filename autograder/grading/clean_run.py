"""The clean run: our cells and the answers alone, in a process of their own; scores rest on it.

What students write beside their answers, by accident or on purpose, cannot matter then. An extra
cell joins only where an answer cannot run without it. A cell that ends the process, or does not
end, is passed over. Nothing that is printed is kept: only what checks recorded.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.grading import bindings
from autograder.grading.cells import Whose, name, whose
from autograder.grading.sandbox.lines import Ended, Lines, Silent
from autograder.grading.sandbox.provisioner import SandboxProvisioner
from autograder.judging.evidence import MIME_TYPE

MOST_RUNS = 8
"""How often a submission is run: again for each set of extra cells, and after each end."""
MOST_ENDS = 4
"""How many cells are passed over because they ended the process."""
GRACE = 5.0
"""Seconds that a cell has to end after it was interrupted."""
STARTING = 120.0
"""Seconds until a process without a warm one to come from has imported everything."""
FOREIGN = (
    "Something else than our checks wrote to where answers are recorded. It counts for nothing."
)
MISSING = re.compile(r"NameError: name '(\w+)' is not defined")


class Stage(StrEnum):
    """What is run: all cells, or after them the hidden cases."""

    CELLS = "cells"
    CASES = "cases"


@dataclass(frozen=True)
class Step:
    """A cell of the clean run.

    Attributes:
        number: the cell's place in the notebook.
        name: what a person calls it.
        whose: who wrote it.
        source: its text, without hidden tests.
        whole: its text with them, where it has some.
    """

    number: int
    name: str
    whose: Whose
    source: str
    whole: str | None = None


@dataclass(frozen=True)
class Failure:
    """A cell that ended with an error in the clean run.

    Attributes:
        cell: what a person calls it.
        whose: who wrote it.
        type: the error's class.
        text: class and message.
        hidden: whether it happened in the hidden cases.
    """

    cell: str
    whose: Whose
    type: str
    text: str
    hidden: bool = False


@dataclass
class CleanRun:
    """What the clean run gave.

    Attributes:
        evidence: what checks recorded, by the check cell's name, in the order of recording; data
            that anybody may have made.
        failures: the cells that ended with an error.
        noticed: what the instructor should know, a line each.
    """

    evidence: dict[str, list[Any]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)

    def outputs(self, check: NotebookNode) -> list[NotebookNode]:
        """What a check cell came to, as a notebook's outputs."""
        own = name(check)
        failures = [f for f in self.failures if f.cell == own and not f.hidden]
        return [
            *(new_output("display_data", {MIME_TYPE: data}) for data in self.evidence.get(own, [])),
            *(
                new_output("error", ename=f.type, evalue=f.text, traceback=[f.text])
                for f in failures
            ),
        ]


@dataclass(frozen=True)
class Ending:
    """Where and why a process ended before it should."""

    stage: Stage
    step: Step
    reason: str


def steps(
    notebook: NotebookNode,
    without_hidden: Callable[[NotebookNode], str],
    judged: Collection[int],
    skipped_tag: str | None,
) -> list[Step]:
    """The cells of a grafted notebook that the clean run may need, extra ones among them.

    Args:
        notebook: a released notebook with answers and extra cells.
        without_hidden: a cell's source without hidden tests.
        judged: the places of the checks that have a reference.
        skipped_tag: cells of ours with this tag are left out.
    """
    found = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        kind, source = whose(cell), cell.source
        if kind is Whose.OURS and skipped_tag in cell.metadata.get("tags", ()):
            continue
        whole = None
        if kind is Whose.CHECK:
            whole, source = source, without_hidden(cell)
            if number not in judged:
                kind = Whose.OURS
            if kind is Whose.OURS or whole == source:
                whole = None
        found.append(Step(number, name(cell), kind, source, whole))
    return found


class Attempt:
    """What is known so far of a submission that may have to be run several times.

    What was recorded before anybody knew the hidden cases is settled then: a later run begins with
    more than the student may know.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        """Begin with all of a notebook's cells, extra ones among them."""
        self._steps = steps
        self._joined: set[int] = set()
        self._passed_over: set[tuple[Stage, int]] = set()
        self._noticed: list[str] = []
        self._seen: CleanRun = CleanRun()
        self._unseen: CleanRun = CleanRun()
        self._is_settled = False

    @property
    def is_over(self) -> bool:
        """Whether another run would be one too many."""
        return len(self._passed_over) > MOST_ENDS

    def cells(self) -> list[Step]:
        """The cells to run next."""
        return [
            step
            for step in self._steps
            if (step.whose is not Whose.EXTRA or step.number in self._joined)
            and (Stage.CELLS, step.number) not in self._passed_over
        ]

    def cases(self, cells: Sequence[Step]) -> list[tuple[int, Step]]:
        """Those with hidden cases to run after that, with their places among the cells."""
        return [
            (at, step)
            for at, step in enumerate(cells)
            if step.whole is not None and (Stage.CASES, step.number) not in self._passed_over
        ]

    def take(self, seen: CleanRun, ending: Ending | None) -> bool:
        """Take what a run of the cells gave; whether the hidden cases may follow."""
        self._noticed += seen.noticed
        if not self._is_settled:
            self._seen = seen
        if ending is not None:
            self._pass_over(ending)
            return False
        if self._is_settled:
            return True
        self._is_settled = not self._join(seen)
        return self._is_settled

    def take_hidden(self, unseen: CleanRun, ending: Ending | None) -> bool:
        """Take what the hidden cases gave; whether that was all."""
        self._noticed += unseen.noticed
        self._unseen = unseen
        if ending is not None:
            self._pass_over(ending)
            return self.is_over
        return not self._join(unseen)

    def result(self) -> CleanRun:
        """All that counts."""
        evidence = {cell: list(data) for cell, data in self._seen.evidence.items()}
        for cell, data in self._unseen.evidence.items():
            evidence.setdefault(cell, []).extend(data)
        failures = [*self._seen.failures, *self._unseen.failures]
        return CleanRun(evidence, failures, list(dict.fromkeys(self._noticed)))

    def _pass_over(self, ending: Ending) -> None:
        self._passed_over.add((ending.stage, ending.step.number))
        self._noticed.append(
            f"When answers were recorded, {ending.step.name} was stopped: {ending.reason}. "
            "It was passed over."
        )

    def _join(self, found: CleanRun) -> bool:
        """Let those extra cells join whose names were missing; whether there are any."""
        new = list(_needed(self._steps, self._joined, found))
        for step, cell, missing in new:
            self._joined.add(step.number)
            self._noticed.append(
                f"{cell} cannot run without an extra cell of the student's, which defines "
                f"`{missing}`; it was run with it."
            )
        return bool(new)


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
        self._until = time.monotonic() + provisioner.wall
        self._token = secrets.token_hex(8)
        lines = Lines(*provisioner.start_recorder(self._folder))
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
        end = time.monotonic() + STARTING
        while True:
            try:
                told = lines.receive(min(end, self._until))
            except (Ended, Silent) as reason:
                if at is None:
                    raise RuntimeError(f"Answers could not be recorded: {reason}.") from None
                why = str(reason) or f"it took more than {self._seconds:g} s, and went on"
                return found, Ending(stage, at, why)
            if told.get("token") != self._token:
                found.noticed = [FOREIGN]
                continue
            if told.get("all") == stage:
                return found, None
            if (step := _step(cells, told.get("begin"))) is not None:
                at, end = step, time.monotonic() + self._seconds + GRACE
            elif (step := _step(cells, told.get("end"))) is not None:
                _note_failure(found, step, told.get("error"), stage)
            elif (step := _step(cells, told.get("evidence"))) is not None:
                _note_evidence(found, step, told.get("data"), stage)


def _because(ending: Ending, provisioner: SandboxProvisioner) -> Ending:
    return replace(ending, reason=provisioner.ended_because or ending.reason)


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


def _needed(
    all_steps: Sequence[Step], joined: set[int], found: CleanRun
) -> Iterator[tuple[Step, str, str]]:
    """The extra cells that define missing names: each with who needs it, and the name."""
    extra = [s for s in all_steps if s.whose is Whose.EXTRA and s.number not in joined]
    if not extra:
        return
    binds = {step.number: bindings.bound(step.source) for step in extra}
    known = {
        each for s in all_steps if s.whose is not Whose.EXTRA for each in bindings.bound(s.source)
    }
    taken: set[int] = set()
    wanted = list(_missing(found))
    while wanted:
        cell, missing = wanted.pop(0)
        defining = [step for step in extra if missing in binds[step.number]]
        for step in defining or [step for step in extra if "*" in binds[step.number]]:
            if step.number not in taken:
                taken.add(step.number)
                yield step, cell, missing
                more = bindings.read(step.source) - binds[step.number] - known
                wanted += [(cell, each) for each in sorted(more) if _is_bound(each, binds)]


def _is_bound(missing: str, binds: dict[int, set[str]]) -> bool:
    return any(missing in names for names in binds.values())


def _missing(found: CleanRun) -> Iterator[tuple[str, str]]:
    """Names that were not defined, each with the cell that needed it."""
    for failure in found.failures:
        for match in MISSING.finditer(failure.text):
            yield failure.cell, match[1]
    for cell, recorded in found.evidence.items():
        for data in recorded:
            cases = data.get("cases")
            for case in cases if isinstance(cases, list) else ():
                text = case.get("answer") if isinstance(case, dict) else None
                for match in MISSING.finditer(text) if isinstance(text, str) else ():
                    yield cell, match[1]
