"""nbgrader's Execute without a clock that a busy machine could make unfair."""

from __future__ import annotations

import asyncio
from functools import partial
from queue import Empty
from typing import Any

import zmq
from jupyter_client.utils import ensure_async, run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer

from autograder.grading.preprocessors.prompt_client import PromptClient, set_options
from autograder.grading.sandbox.clock import Clock

LOOK = 1.0
"""Seconds between two looks at a cell's clock."""
AGAIN = 5
"""Milliseconds until a client that came before the kernel had its sockets tries again."""
GRACE = 10.0
"""Seconds that an interrupted cell has to come to its end."""
MOST_SILENT_LOOKS = 30
"""Looks without an output, after a cell has ended, until its last output is given up."""


class PatientExecute(Execute):
    """Runs cells; what each may take is counted as if the machine had nothing else to do.

    A cell whose time is up is interrupted. Outputs are awaited until the last one is there, however
    late: nbclient's own limit of a few seconds loses the notebook where many of them are on their
    way.
    """

    startup_timeout = Integer(600, help="Seconds that a kernel may take to start.").tag(config=True)

    heard = 0
    """Messages that have come of all cells; who processes one counts it."""

    def create_kernel_manager(self) -> Any:
        """A manager whose client loses neither time nor outputs."""
        manager = super().create_kernel_manager()
        manager.client_factory = PromptClient
        options = self.socket_options()
        set_options(manager.context, options)  # for what the manager itself asks of the kernel
        manager.client = partial(manager.client, socket_options=options)
        return manager

    def socket_options(self) -> dict[int, int]:
        """What our ends of the sockets have that is not ZeroMQ's default."""
        return {
            zmq.RCVHWM: 0,  # else what arrives too fast is dropped
            zmq.RECONNECT_IVL: AGAIN,
        }

    def clock(self) -> Clock:
        """A clock for what the kernel does from now on."""
        return Clock(getattr(self.km.provisioner, "proc", None))

    def on_time_up(self, cell: NotebookNode) -> None:
        """Hear that a cell's time is up, before it is interrupted."""

    async def _async_poll_for_reply(
        self,
        msg_id: str,
        cell: NotebookNode,
        timeout: float | None,
        task_poll_output_msg: asyncio.Future[Any],
        task_poll_kernel_alive: asyncio.Future[Any],
    ) -> dict[str, Any]:
        try:
            reply = await self._reply(msg_id, cell, timeout)
            await self._last_output(task_poll_output_msg)
        finally:
            task_poll_kernel_alive.cancel()
        return reply

    async def _reply(
        self, msg_id: str, cell: NotebookNode, timeout: float | None
    ) -> dict[str, Any]:
        clock, interrupted = self.clock(), None
        while True:
            try:
                message = await ensure_async(self.kc.shell_channel.get_msg(timeout=LOOK))
                if message["parent_header"].get("msg_id") == msg_id:
                    return message
            except Empty:
                pass
            if interrupted is not None:
                if interrupted.has_spent(GRACE):
                    raise CellTimeoutError("It could not be interrupted.")
            elif timeout is not None and clock.has_spent(timeout):
                self.on_time_up(cell)
                await ensure_async(self.km.interrupt_kernel())
                interrupted = self.clock()

    async def _last_output(self, outputs: asyncio.Future[Any]) -> None:
        silent, heard = 0, self.heard
        while not (await asyncio.wait({outputs}, timeout=LOOK))[0]:
            silent, heard = (silent + 1 if heard == self.heard else 0), self.heard
            if silent > MOST_SILENT_LOOKS:
                raise CellTimeoutError("Its last output did not come.")
        outputs.result()

    def _get_timeout(self, cell: NotebookNode | None) -> float | None:
        # Of a kernel that starts nothing is known to hang; if it dies, that is seen.
        return None if cell is None else super()._get_timeout(cell)

    async def _async_cleanup_kernel(self) -> None:
        # Before anything is asked of it: its code can break the socket by which it would hear.
        if self.km is not None and self.km.has_kernel:
            await self.km.provisioner.kill()
        await super()._async_cleanup_kernel()

    _cleanup_kernel = run_sync(_async_cleanup_kernel)

    async def _async_check_alive(self) -> None:
        # nbclient goes on asking for a second after the client of a lost kernel is gone.
        if self.kc is None or not await ensure_async(self.kc.is_alive()):
            raise DeadKernelError("The kernel is gone.")
