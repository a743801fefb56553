"""Run a submission's notebook, and come back with it whatever its code does."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import zmq
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import Integer

from autograder.grading.clean_run.plan import CleanRun, Step, steps
from autograder.grading.clean_run.runner import Runner
from autograder.grading.course.expected import references
from autograder.grading.notebooks.cells import Whose, exercise, is_check, name, whose
from autograder.grading.notebooks.released import course_of
from autograder.grading.notebooks.remarks import add_remark, mark_disturbed
from autograder.grading.notebooks.soundness import is_sound
from autograder.grading.preprocessors.lost_kernels import why_lost
from autograder.grading.preprocessors.output_budget import (
    Most,
    OutputBudget,
    as_text,
    note_of_a_cut,
)
from autograder.grading.preprocessors.own_variant import OWN_VARIANT, own_variant
from autograder.grading.preprocessors.patient import PatientExecute
from autograder.grading.preprocessors.submission_files import released_files, submitted_files
from autograder.grading.sandbox.limits import Account, Limits
from autograder.grading.sandbox.provisioner import SandboxProvisioner
from autograder.grading.sandbox.standins import IS_ANSWER, TOLD_MIME_TYPE
from autograder.grading.submissions.foreign_files import about_files
from autograder.judging.evidence import MIME_TYPE

OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data", "error")
ABOUT_THE_CELL = ("status", "execute_input", "clear_output")
SENDING = 10_000
"""Milliseconds until a kernel takes what is sent to it; one that is busy does so at once."""
CLEAN_RUN = "clean_run"
"""Where in nbgrader's resources the clean run's result is; it never gets into a notebook."""
NO_LIMITS = Limits(processor=float("inf"), wall=float("inf"))
LONGEST_SENTENCE = 200
IMPROPER = "An output was no proper data; it is left out."


class ExecuteSubmission(PatientExecute):
    """nbgrader's Execute, on a copy of the submission's files, with an end for everything.

    When a kernel dies or does not answer, the cell that it happened in is passed over: a fresh
    kernel runs the cells before it once more, and goes on with what comes after. That is done a few
    times; then, or when the submission's time is used up, the rest counts as not done.
    """

    most_kernels = Integer(3, help="Kernels that one notebook may have.").tag(config=True)
    most_text = Integer(
        600_000, help="Characters of printed text that are kept of a cell; the kernel stops before."
    ).tag(config=True)
    most_data = Integer(30_000_000, help="Characters of pictures and the like of a cell.").tag(
        config=True
    )
    most_messages = Integer(5_000, help="Outputs that are kept of a cell.").tag(config=True)
    most_sent = Integer(
        300_000_000, help="Characters that a cell may send before the kernel is ended."
    ).tag(config=True)

    store_widget_state = False  # it is the student's, and would go into the notebook's metadata

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run the notebook."""
        self._lost: str | None = None
        self._passed_over: dict[int, str] = {}
        self._kernels, self._is_dead = 0, False
        self._account, self._recorded = Account(), Account()
        names = resources["nbgrader"]
        self._whose = f"{names['student']}, {names['notebook']}"
        self._note_foreign_files(nb, names["assignment"], names["student"])
        judged = self._judged_checks(nb, names["assignment"])
        planned = steps(nb, self._without_hidden, judged, self.skip_cells_with_tag)
        wholes = {step.number: step.whole for step in planned if step.whole is not None}
        with self._files(names) as folder:
            elsewhere = {**resources, "metadata": {**resources["metadata"], "path": str(folder)}}
            for number in wholes:  # what this kernel never gets, nothing in it can show
                nb.cells[number].source = self._without_hidden(nb.cells[number])
            try:
                nb, _ = super().preprocess(nb, elsewhere, km)
            finally:
                for number, whole in wholes.items():
                    nb.cells[number].source = whole
        if judged or wholes:
            with self._files(names) as folder:  # without a sandbox, the first one is the student's
                runner = Runner(self._recorder, folder, self.timeout)
                found = resources[CLEAN_RUN] = runner.run(planned)
            if found.is_disturbed:
                mark_disturbed(nb)
            self._take_own_variant(resources, found)
        nb.metadata.pop("widgets", None)
        return nb, resources

    def _take_own_variant(self, resources: ResourcesDict, found: CleanRun) -> None:
        """Note what is right for this student, where students have sizes of their own."""
        course, names = course_of(self), resources["nbgrader"]

        def run(steps: Sequence[Step]) -> CleanRun:
            self._recorded = Account()  # it is not the submission that takes this time
            with released_files(course, names["assignment"]) as folder:
                return Runner(self._recorder, folder, self.timeout).run(steps)

        resources[OWN_VARIANT] = own_variant(
            course, names, found, run=run, skipped_tag=self.skip_cells_with_tag or None
        )

    def _judged_checks(self, nb: NotebookNode, assignment: str) -> list[int]:
        """Which cells are checks that have a reference."""
        expected, _ = references(course_of(self), assignment)
        return [
            number
            for number, cell in enumerate(nb.cells)
            if is_check(cell) and exercise(cell) in expected
        ]

    def _without_hidden(self, cell: NotebookNode) -> str:
        copied = copy.deepcopy(cell)
        return ClearHiddenTests(parent=self).preprocess_cell(copied, {}, 0)[0].source

    def _recorder(self) -> SandboxProvisioner:
        provisioner = SandboxProvisioner(config=self.config, log=self.log)
        provisioner.account = self._recorded
        return provisioner

    def _files(self, names: dict[str, str]) -> AbstractContextManager[Path]:
        return submitted_files(course_of(self), names["assignment"], names["student"])

    def _note_foreign_files(self, nb: NotebookNode, assignment: str, student: str) -> None:
        course = course_of(self)
        folder = course.format_path(course.submitted_directory, student, assignment)
        for line in about_files(Path(course.root, folder)):
            add_remark(nb, line)
            self.log.warning("%s: %s", self._whose, line)

    def create_kernel_manager(self) -> Any:
        """A manager of one of the submission's kernels."""
        manager = super().create_kernel_manager()
        manager.account = self._account
        self._kernels += 1
        return manager

    def socket_options(self) -> dict[int, int]:
        """A message that is larger than a cell may send is refused."""
        return {
            **super().socket_options(),
            zmq.MAXMSGSIZE: self.most_sent,
            # Code can break its own end of a socket; then what is sent there waits for ever.
            zmq.SNDTIMEO: SENDING,
        }

    def start_new_kernel_client(self, **options: Any) -> Any:
        """Note how the kernel runs, if the instructor should know."""
        if warning := getattr(self.km.provisioner, "warning", None):
            add_remark(self.nb, warning)
        return super().start_new_kernel_client(**options)

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run a cell, or say why it cannot be run."""
        if cell.cell_type != "code":
            return cell, resources
        if self._is_dead and self._lost is None:
            self._go_on(index)
        if self._lost is None:
            self._run(cell, index)
        cell.outputs = [output for output in cell.get("outputs", []) if is_sound(output)]
        if type(cell.get("execution_count")) is not int:
            cell["execution_count"] = None
        if reason := self._passed_over.get(index, self._lost):
            cell.outputs.append(_error(reason))
        return cell, resources

    def _run(self, cell: NotebookNode, index: int) -> None:
        """Run a cell; if it takes the kernel with it, it is passed over from then on."""
        self._index = index
        most = Most(self.most_text, self.most_data, self.most_messages, self.most_sent)
        self._budget = OutputBudget(most)
        self.kc.metadata = {IS_ANSWER: whose(cell) in (Whose.ANSWER, Whose.EXTRA)}
        try:
            self.execute_cell(cell, index, store_history=True)
        except Exception as error:
            self._lose_kernel(error)

    def _go_on(self, index: int) -> None:
        """Start a fresh kernel, and run in it what the cell of this index may rest on."""
        while self._is_dead and self._lost is None:
            self._cleanup_kernel()
            self.km, self._is_dead = self.create_kernel_manager(), False
            self.start_new_kernel()
            self.start_new_kernel_client()
            for number, cell in enumerate(self.nb.cells[:index]):
                is_over = self._is_dead or number in self._passed_over
                if cell.cell_type == "code" and whose(cell) is not Whose.CHECK and not is_over:
                    self._run(copy.deepcopy(cell), number)
                    self.nb.cells[number] = cell  # with the outputs that it had

    def on_time_up(self, cell: NotebookNode) -> None:
        """Tell that a cell's time is up."""
        line = f"It took more than {self._get_timeout(cell):g} s and was stopped."
        self._tell(line, is_ours=True)
        self._passed_over.setdefault(self._index, line)

    def on_cell_executed(self, **about: Any) -> None:
        """Take `exit()` at its word: the kernel ends a moment later, while the next cell runs."""
        super().on_cell_executed(**about)
        payload = about["execute_reply"]["content"].get("payload")
        asked = [one.get("source") for one in payload or () if isinstance(one, dict)]
        if "ask_exit" in asked and not self._is_dead:
            self._lose_kernel(DeadKernelError("The code called exit()."))

    def _lose_kernel(self, error: Exception) -> None:
        provisioner = self.km.provisioner
        ended_because = getattr(provisioner, "ended_because", None)
        reason = why_lost(error, ended_because)
        if hasattr(provisioner, "stop"):
            provisioner.stop(ended_because or "it did not answer")
        self._is_dead = True
        self._passed_over[self._index] = reason
        is_time_up = self._account.is_used_up(getattr(provisioner, "limits", NO_LIMITS))
        if is_time_up or self._kernels == self.most_kernels:
            self._lost = f"{reason} What came after counts as not done."
            self._tell(self._lost, is_ours=is_time_up or not ended_because)
        else:
            self._tell(f"{reason} What comes after runs without it.", is_ours=not ended_because)

    def _tell(self, line: str, is_ours: bool) -> None:
        """Note what happened in the cell that runs, and whether a busy machine may be the cause."""
        self._remark(f"{name(self.nb.cells[self._index])}: {line}")
        if is_ours:
            mark_disturbed(self.nb)

    def _remark(self, line: str) -> None:
        add_remark(self.nb, line)
        self.log.warning("%s: %s", self._whose, line)

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take a message from the kernel if it is sound, and not one too many."""
        self.heard += 1
        kind = msg["msg_type"]
        if kind in ABOUT_THE_CELL:
            return self._process(msg, cell, cell_index)
        if kind not in OUTPUTS:  # such as a widget's: it is the student's code that would answer
            return None
        text = as_text(msg["content"])
        if text is None:
            add_remark(self.nb, IMPROPER)
            return None
        budget = self._budget
        budget.count(kind, len(text))
        if budget.is_flood:
            self._stop_kernel("it sent more output than any notebook needs")
            return None
        if budget.is_cut and MIME_TYPE not in msg["content"].get("data", {}):
            return None
        if budget.is_used_up:
            budget.is_cut = True
            return self.output(cell.outputs, note_of_a_cut(msg), None, cell_index)
        msg["content"] = json.loads(text)
        self._note_what_is_told(msg["content"])
        return self._process(msg, cell, cell_index)

    def _process(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception:  # nbclient expects messages that are as they should be
            add_remark(self.nb, IMPROPER)
            return None

    def _note_what_is_told(self, content: dict[str, Any]) -> None:
        """Note what a stand-in says of a line; it may be the student's code that says it."""
        told = (content.get("data") or {}).pop(TOLD_MIME_TYPE, None)
        if isinstance(told, dict):
            place = name(self.nb.cells[self._index])
            if type(told.get("line")) is int:
                place = f"{place}, line {told['line']}"
            sentence = "".join(filter(str.isprintable, str(told.get("sentence"))))
            self._remark(f"{place}: {sentence[:LONGEST_SENTENCE]}")

    def _stop_kernel(self, reason: str) -> None:
        stop = getattr(self.km.provisioner, "stop", None)
        if stop is not None:
            stop(reason)


def _error(text: str) -> NotebookNode:
    return new_output("error", ename="Stopped", evalue=text, traceback=[text])
