"""What Jupyter calls to start, watch and end a kernel in a sandbox."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import Field, asdict, fields
from pathlib import Path
from typing import Any, BinaryIO

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Bool, Enum, Float, HasTraits, Integer, List, TraitType, Unicode

from autograder.grading.processes.fingerprint import fingerprint
from autograder.grading.sandbox import apart, bubblewrap, inside, interrupts, recorder, warm
from autograder.grading.sandbox.bubblewrap import NoSandbox, Sandbox
from autograder.grading.sandbox.limits import Account, Limits
from autograder.grading.sandbox.warm import NoZygote
from autograder.grading.sandbox.watch import Watch
from autograder.grading.submissions.plain_files import copy_plain
from autograder.import_path import PYTHON
from autograder.judging.references import RELEASED

UNSAFE = (
    "NO SANDBOX: submissions run with all of your rights, on your files and your network ({why})."
)
UNSAFE_APART = (
    "NO SANDBOX: submissions run as an account without rights, but on your network ({why})."
)
UNCONFINED = {"PYTHONSAFEPATH": "1", **inside.JUDGED_ELSEWHERE, **inside.NO_DOWNLOADS}
"""Variables of a process without a sandbox; as in one, a file beside the notebook must not stand in
for a module."""
COLD = (*PYTHON, "-m", inside.__name__)


def _configurable(limit: Field) -> TraitType:
    trait = {int: Integer, float: Float}[limit.type]
    return trait(getattr(Limits(), limit.name), help=limit.metadata["of"]).tag(config=True)


_Limited = type(HasTraits)(
    "_Limited", (HasTraits,), {limit.name: _configurable(limit) for limit in fields(Limits)}
)
"""Has each of the limits as a trait."""


class SandboxProvisioner(_Limited, LocalProvisioner):
    """Kernels in a sandbox, forked from a warm process; without one where there is no bubblewrap.

    A kernel's working folder is a copy of the one that Jupyter names, without notebooks.
    """

    mode = Enum(
        ["auto", "warm", "cold", "none"],
        "auto",
        help="warm: forked from a process that has TensorFlow; cold: a new Python; none: without "
        "a sandbox; auto: warm if possible, else cold, else none, with a warning.",
    ).tag(config=True)
    hidden = List(
        Unicode(), help="Folders that must not be seen even if Python lies around them."
    ).tag(config=True)
    apart = Bool(
        False,
        help="Whether submissions run as an account without rights where there is no sandbox; it "
        "takes a grader who is root.",
    ).tag(config=True)

    used: str = ""
    """The mode that was chosen, once a kernel runs."""
    warning: str | None = None
    """What the instructor should know about how the kernel runs."""
    ended_because: str | None = None
    """What the kernel had taken too much of, as the end of a sentence."""

    account: Account | None = None
    """What the submission has used; several kernels of one have that of their managers."""

    _user: int | None = None
    """Whose rights a sandbox has, or a process without one; None for the grader's own."""
    _sandbox: Sandbox | None = None
    _watch: Watch | None = None
    _copy: tempfile.TemporaryDirectory | None = None

    @property
    def limits(self) -> Limits:
        """What a kernel may use, as configured."""
        return Limits(**{limit.name: getattr(self, limit.name) for limit in fields(Limits)})

    @property
    def proc(self) -> Path | None:
        """The /proc of the sandbox that runs, as seen from outside; None if none does."""
        return self._sandbox.path("/proc") if self._sandbox is not None else None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the mode; the kernel's sockets are files, and so are interrupts messages."""
        self.ended_because = self.warning = None
        mode, why = self._choose()
        self.used = mode
        if mode == "none":
            self.warning = (UNSAFE if self._user is None else UNSAFE_APART).format(why=why)
            self.log.warning(self.warning)
            self.kernel_spec.interrupt_mode = "signal"
        else:
            self.parent.transport = "ipc"
            self.parent.cache_ports = False
            self.parent.ip = f"{inside.SOCKETS}/s"
        return await super().pre_launch(**kwargs)

    def shared_zygote(self) -> AbstractContextManager[None]:
        """A zygote for the kernels of all processes that start meanwhile, if it can be had."""
        try:
            mode, _ = self._choose()
        except NoSandbox:  # whoever wants a kernel will hear of it
            mode = "none"
        return warm.shared_zygote(self._user) if mode == "warm" else contextlib.nullcontext()

    def _choose(self) -> tuple[str, str]:
        if self.mode == "none":
            return self._without("as configured")
        try:
            self._user = bubblewrap.find_user(self._hidden())
        except NoSandbox as reason:
            if self.mode != "auto":
                raise
            return self._without(str(reason))
        return ("cold" if self.mode == "cold" else "warm"), ""

    def _without(self, why: str) -> tuple[str, str]:
        self._user = apart.account() if self.apart else None
        return "none", why

    def _hidden(self) -> tuple[Path, ...]:
        # An installed package has references; they are nothing for who is being graded.
        folders = [*map(Path, self.hidden), *([RELEASED] if RELEASED.is_dir() else [])]
        return bubblewrap.worth_hiding(path.resolve() for path in folders)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        if self.used == "none":
            kwargs["env"] = {**kwargs.get("env", os.environ), **UNCONFINED}
            if self._user is not None:
                kwargs |= self._apart(Path(kwargs.get("cwd") or os.getcwd()), kwargs["env"])
                os.chown(self.parent.connection_file, self._user, self._user)
            with interrupts.let_through():
                return await super().launch_kernel(cmd, **kwargs)
        self._start(
            Path(kwargs.get("cwd") or os.getcwd()), connection=_as_json(self.connection_info)
        )
        # The grader's way to the sockets goes through /proc, which keeps the path short as well.
        self.connection_info["ip"] = str(self._sandbox.path(f"{inside.SOCKETS}/s"))
        self.parent.ip = self.connection_info["ip"]
        return self.connection_info

    def start_recorder(self, folder: Path) -> tuple[BinaryIO, BinaryIO]:
        """Start a process that runs cells and records, in place of a kernel.

        `end_recorder` ends it.

        Args:
            folder: whose files it may see.

        Returns:
            Where to write what `recorder` reads, and where to read what it tells; the caller closes
            both.

        Raises:
            NoSandbox: if there is none, and it has to be one.
        """
        self.used, why = self._choose()
        if self.used == "none":
            self.warning = (UNSAFE if self._user is None else UNSAFE_APART).format(why=why)
            place = {"cwd": str(folder), "env": {**os.environ, **inside.FIXED, **UNCONFINED}}
            if self._user is not None:
                place = self._apart(folder, place["env"])
            with interrupts.let_through():
                self.process = subprocess.Popen(
                    [*PYTHON, "-m", recorder.__name__],
                    **place,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            return self.process.stdin, self.process.stdout
        asked, ask = os.pipe()
        told, tell = os.pipe()
        try:
            self._start(folder, channel=(asked, tell))
        finally:
            os.close(asked)
            os.close(tell)
        if self.used == "cold":
            os.close(ask)
            os.close(told)
            return self.process.stdin, self.process.stdout
        return os.fdopen(ask, "wb"), os.fdopen(told, "rb")

    def _apart(self, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
        """Arguments of Popen for a process of the account without rights, in its own folder."""
        home = str(self._private_copy(folder, self.limits))
        return {"cwd": home, "env": {**environment, "HOME": home}, **bubblewrap.as_user(self._user)}

    def end_recorder(self) -> None:
        """End what `start_recorder` has started."""
        if self.used == "none" and self.process is not None:
            self.process.kill()
        self.end()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)

    def _start(self, folder: Path, channel: Sequence[int] = (), **request: Any) -> None:
        """Start what is requested, in a sandbox, and watch it."""
        limits = self.limits
        files = self._private_copy(folder, limits)
        request |= {"limits": asdict(limits), "environment": inside.environment(limits)}
        if self.used == "warm":
            try:
                self._start_warm(files, limits, request, channel)
            except NoZygote as reason:
                if self.mode == "warm":
                    raise
                self.log.warning("Kernels start from scratch, which is slower: %s.", reason)
                self.used = "cold"
        if self.used == "cold":
            self._start_cold(files, limits, request)
        self.pid, self.pgid, self.cwd = self.process.pid, None, str(files)
        self.account = self.account or getattr(self.parent, "account", None) or Account()
        self._watch = Watch(self._sandbox.path("/proc"), limits, self.stop, self.account)

    def _private_copy(self, folder: Path, limits: Limits) -> Path:
        """A copy of a folder that only the sandbox's user can read, without notebooks and links."""
        self._copy = tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True)
        copy = Path(self._copy.name)
        for path in copy_plain(folder, copy, skip=(".ipynb",), most=limits.folder // 2):
            self.log.warning("%s is too large for the sandbox; it is left out.", path)
        if self._user is not None:
            for path in (copy, *copy.rglob("*")):
                os.chown(path, self._user, self._user)
        return copy

    def _start_warm(
        self, files: Path, limits: Limits, request: dict[str, Any], channel: Sequence[int]
    ) -> None:
        self._sandbox = Sandbox(files, limits, hidden=self._hidden(), user=self._user)
        try:
            self.process = warm.fork_kernel(self._sandbox, request, self._user, channel)
        except BaseException:
            self._sandbox.end()
            raise

    def _start_cold(self, files: Path, limits: Limits, request: dict[str, Any]) -> None:
        self._sandbox = Sandbox(
            files,
            limits,
            (*COLD, fingerprint().package),
            environment=request["environment"].items(),
            hidden=self._hidden(),
            user=self._user,
            listens="connection" not in request,
        )
        self._sandbox.process.stdin.write(json.dumps(request).encode() + b"\n")
        self._sandbox.process.stdin.flush()
        self.process = self._sandbox.process

    def stop(self, reason: str) -> None:
        """End the kernel for a reason, given as the end of a sentence; from any thread."""
        self.ended_because = self.ended_because or reason
        if self._sandbox is not None:
            self._sandbox.end()
        elif self.process is not None:
            self.process.kill()

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and all that it has started."""
        if self.used == "none":
            await super().kill(restart)
            return
        self.end()
        if self.process is not None:  # Jupyter looks whether it is dead, and again in 0.1 s
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)

    async def terminate(self, restart: bool = False) -> None:
        """As kill: there is nothing in a sandbox that had to be put in order."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave nothing behind."""
        self.end()
        with contextlib.suppress(KeyError):
            await super().cleanup(restart)

    def end(self) -> None:
        """Kill what runs in the sandbox, and take the sandbox away."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if self._sandbox is not None:
            self._sandbox.end()
            self._sandbox = None
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None


def _as_json(connection: KernelConnectionInfo) -> dict[str, Any]:
    return {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in connection.items()
    }
