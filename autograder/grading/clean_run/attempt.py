"""What is known of a submission so far, and what of it has to run again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.grading.clean_run.plan import CleanRun, Stage, Step
from autograder.grading.notebooks.cells import Whose
from autograder.teaching import bindings

MOST_ENDS = 4
"""How many cells are passed over because they ended the process."""
TOO_LONG = "TooLong"
"""What a recorder raises in a cell that takes too long."""
MISSING = re.compile(r"NameError: name '(\w+)' is not defined")


@dataclass(frozen=True)
class Ending:
    """Where and why a process ended before it should, and whether a busy machine may be why."""

    stage: Stage
    step: Step
    reason: str
    is_disturbed: bool = True


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
        self._remarks: list[str] = []
        self._seen: CleanRun = CleanRun()
        self._unseen: CleanRun = CleanRun()
        self._is_settled = False
        self._is_disturbed = False

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
        self._remarks += seen.remarks
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
        self._remarks += unseen.remarks
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
        late = [failure.cell for failure in failures if failure.type == TOO_LONG]
        stopped = [f"When answers were recorded, {cell} took too long: stopped." for cell in late]
        remarks = list(dict.fromkeys([*self._remarks, *stopped]))
        tested = frozenset(step.name for step in self._steps if step.whole is not None)
        return CleanRun(
            evidence,
            failures,
            remarks,
            tested,
            self._unseen.values,
            is_disturbed=self._is_disturbed or bool(late),
        )

    def _pass_over(self, ending: Ending) -> None:
        self._passed_over.add((ending.stage, ending.step.number))
        self._is_disturbed |= ending.is_disturbed
        self._remarks.append(
            f"When answers were recorded, {ending.step.name} was stopped: {ending.reason}. "
            "It was passed over."
        )

    def _join(self, found: CleanRun) -> bool:
        """Let those extra cells join whose names were missing; whether there are any."""
        new = list(_needed(self._steps, self._joined, found))
        for step, cell, missing in new:
            self._joined.add(step.number)
            self._remarks.append(
                f"{cell} cannot run without an extra cell of the student's, which defines "
                f"`{missing}`; it was run with it."
            )
        return bool(new)


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
