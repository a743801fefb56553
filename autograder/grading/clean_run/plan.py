"""The clean run: our cells and the answers alone, in a process of their own; scores rest on it.

What students write beside their answers, by accident or on purpose, cannot matter then. An extra
cell joins only where an answer cannot run without it. A cell that ends the process, or does not
end, is passed over. Nothing that is printed is kept: only what checks recorded.

Here is what goes into it and what comes out; `attempt` decides what runs again, `clean_runner`
runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.grading.notebooks.cells import Whose, name, whose
from autograder.judging.evidence import MIME_TYPE

FAILED = "A hidden test failed."
"""All that is told of it: more would tell what it tests."""


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
        remarks: what the instructor should know, a line each.
        tested: the cells that have hidden tests.
        values: what those of them that ended ended with, as text; "" for nothing.
        is_disturbed: whether something was stopped that other work on the machine may have slowed.
    """

    evidence: dict[str, list[Any]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    tested: frozenset[str] = frozenset()
    values: dict[str, str] = field(default_factory=dict)
    is_disturbed: bool = False

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

    def with_hidden_tests(
        self, test: NotebookNode, shown: list[NotebookNode]
    ) -> list[NotebookNode]:
        """The outputs of a test cell without a reference, its hidden tests counted.

        Args:
            test: the cell.
            shown: its outputs where it ran without hidden tests.
        """
        if name(test) not in self.tested:
            return shown
        failed = any(f.cell == name(test) and f.hidden for f in self.failures)
        if failed or name(test) not in self.values:
            error = new_output("error", ename="HiddenTest", evalue=FAILED, traceback=[FAILED])
            return [output for output in shown if output.output_type != "execute_result"] + [error]
        value = self.values[name(test)]
        if not value:
            return shown
        kept = [output for output in shown if output.output_type != "execute_result"]
        return [*kept, new_output("execute_result", {"text/plain": value}, execution_count=1)]


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
            if whole == source:
                whole = None
        found.append(Step(number, name(cell), kind, source, whole))
    return found
