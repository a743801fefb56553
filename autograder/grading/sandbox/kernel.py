"""The kernel that runs submissions: ipykernel's, which loses no output."""

from __future__ import annotations

from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp

STREAM = "autograder.grading.sandbox.stream.ShortStream"


class GradingApp(IPKernelApp):
    """ipykernel, set up for grading; in a sandbox or, where there is none, without."""

    outstream_class = STREAM

    def init_iopub(self, context: Any) -> None:
        """Keep outputs until the grader takes them: by default what is too fast is dropped."""
        context.setsockopt(zmq.SNDHWM, 0)
        super().init_iopub(context)


if __name__ == "__main__":
    GradingApp.launch_instance()
