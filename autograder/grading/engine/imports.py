"""Import at once what takes long, in processes that kernels and workers are forked from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_all_start_methods, set_forkserver_preload

from traitlets.config import Config

from autograder.grading.sandbox import interrupts
from autograder.grading.sandbox.provisioner import SandboxProvisioner

METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
"""How workers are started: forked from one process, or anew where that cannot be (Windows)."""
FOR_WORKERS = "autograder.grading.engine.for_workers"


@contextmanager
def imported_early(config: Config) -> Iterator[None]:
    """Begin to import what workers and kernels need; both are ready sooner within this.

    Args:
        config: the course's configuration, which says how kernels run.
    """
    with ExitStack() as stack:
        with interrupts.held_back():
            stack.enter_context(SandboxProvisioner(config=config).shared_zygote())
            if METHOD == "forkserver":
                from multiprocessing import forkserver

                set_forkserver_preload([FOR_WORKERS])
                forkserver.ensure_running()
        yield
