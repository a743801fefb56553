"""The kernel that runs submissions: ipykernel's, which loses no output and needs no other world."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import zmq
from ipykernel import ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.display import display

from autograder.grading.sandbox.short_errors import shorten_errors
from autograder.grading.sandbox.standins import IS_ANSWER, TOLD_MIME_TYPE, Standins

STREAM = "autograder.grading.sandbox.stream.ShortStream"


class GradingKernel(IPythonKernel):
    """A kernel with stand-ins, which nothing that a cell calls can end in good order."""

    def __init__(self, **options: Any) -> None:
        with _nothing_imported():
            super().__init__(**options)
        shorten_errors(self.shell)
        self.standins = Standins(self.shell, _tell)

    async def do_execute(self, code: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Run a cell."""
        metadata = self.get_parent("shell").get("metadata", {})
        self.standins.begin(bool(metadata.get(IS_ANSWER)))
        try:
            return await super().do_execute(code, *arguments, **options)
        finally:
            self.standins.end()

    def raw_input(self, prompt: object = "") -> str:
        """Answer for whoever is not there."""
        return self.standins.ask(prompt)

    def getpass(self, prompt: object = "", *_: Any, **__: Any) -> str:
        """As raw_input."""
        return self.standins.ask(prompt)

    def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Shut down, unless it is a cell that asks for it."""
        if self.standins.is_running:
            self.standins.tell("Python is not restarted when grading.")
            return {"status": "ok", "restart": restart}
        return super().do_shutdown(restart)


class GradingApp(IPKernelApp):
    """ipykernel, set up for grading; in a sandbox or, where there is none, without."""

    kernel_class = GradingKernel
    outstream_class = STREAM

    def init_iopub(self, context: Any) -> None:
        """Keep outputs until the grader takes them: by default what is too fast is dropped."""
        context.setsockopt(zmq.SNDHWM, 0)
        super().init_iopub(context)


def _nothing_imported() -> AbstractContextManager[Any]:
    """Within this, ipykernel sees no modules, of which it keeps a list for a debugger.

    Nobody debugs here. A fork of the zygote would copy a page or two for each of 5,000 modules to
    look at it: half of what its start takes.
    """
    return mock.patch.object(ipkernel, "sys", SimpleNamespace(**vars(sys) | {"modules": {}}))


def _tell(line: int | None, sentence: str) -> None:
    told = {"line": line, "sentence": sentence}
    display({"text/plain": sentence, TOLD_MIME_TYPE: told}, raw=True)


if __name__ == "__main__":
    GradingApp.launch_instance()
