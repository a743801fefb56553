"""A scheduler and workers as on machines of their own: TLS, no shared files, ended at will."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from cluster.network import Host, Loopback, Network

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
SOON = (
    "import sys; from autograder.grading.engine import cluster; cluster.RETURNING = {}\n"
    "from autograder.__main__ import main; sys.exit(main(sys.argv[1:]))"
)
"""The program, for who does not want to wait two minutes for a scheduler."""


class Machines:
    """Machines of a cluster, each with a folder of its own; ended by `close`.

    Attributes:
        root: the folder that holds their folders. Where hosts have file systems of their own, none
            of them sees more of its parent folder than what is its own.
    """

    def __init__(self, root: Path, network: Network | Loopback, delay: float = 0) -> None:
        """Make the cluster's certificate, and connect a scheduler's machine.

        Args:
            root: where the folders are to be.
            network: what joins the machines.
            delay: seconds that each packet to or from the scheduler takes.
        """
        self.root, self._network, self._delay = root, network, delay
        self._hosts: dict[str, Host] = {}
        self.running: dict[str, psutil.Popen] = {}
        root.mkdir()
        make_credentials(root)

    @property
    def address(self) -> str:
        """The scheduler's."""
        scheduler = self.host("scheduler")
        return f"tls://{scheduler.address}:{scheduler.port}"

    def host(self, name: str) -> Host:
        """The host of this name; it is connected when it is first asked for."""
        if name not in self._hosts:
            delay = self._delay if name == "scheduler" else 0
            self._hosts[name] = self._network.host(name, delay)
        return self._hosts[name]

    def scheduler(self) -> None:
        """Start the scheduler."""
        host = self.host("scheduler")
        self._start(
            "scheduler", "dask_scheduler", "--host", host.address, "--protocol", "tls",
            "--port", str(host.port), "--no-dashboard", "--no-show",
        )  # fmt: skip

    def worker(self, name: str, **environment: str) -> None:
        """Start a worker with these variables besides this process' own."""
        self._start(
            name, "dask_worker", self.address, "--name", name, "--host", self.host(name).address,
            "--nthreads", "1", "--no-dashboard", "--no-nanny", "--death-timeout", "60",
            environment=environment,
        )  # fmt: skip

    def folder(self, name: str) -> Path:
        """All that a machine sees of the others' folders: its own, with the credentials in it."""
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        for file in ("cert.pem", "key.pem"):
            shutil.copy(self.root / file, folder)
        return folder

    def grading(
        self, course: Path, *more: str, returning: float | None = None, **options
    ) -> psutil.Popen:
        """Start `autograder grade` on a machine that has the course, for this cluster's workers.

        Args:
            course: the folder with the class.
            more: arguments besides those that name the cluster.
            returning: seconds in which a lost scheduler may come back, if other than usual.
            options: what `Popen` is to do with its output.
        """
        program = ["-m", "autograder"] if returning is None else ["-c", SOON.format(returning)]
        credentials = _credentials("--tls-ca", self.folder("office"))
        command = [sys.executable, *program, "grade", "--scheduler", self.address, *credentials]
        return psutil.Popen(
            self.host("office").command([*command, *more], course), cwd=course, **options
        )

    def kill(self, name: str) -> None:
        """End a machine as if its plug had been pulled."""
        run = self.running.pop(name)
        everyone = [*run.children(recursive=True), run]
        for process in everyone:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everyone, timeout=120)
        run.wait(20)

    def freeze(self, name: str) -> None:
        """Stop a machine in mid-air."""
        self.running[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on."""
        self.running[name].send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End all of them."""
        for name in list(self.running):
            if self.running[name].poll() is None:
                self.kill(name)

    def _start(
        self, name: str, program: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        place = self.folder(name)
        # Set within: what starts the host needs the machine's own PATH.
        variables = {"TMPDIR": str(place)} | dict(environment or {})
        settings = [f"{variable}={value}" for variable, value in variables.items()]
        command = [
            *(shutil.which("env"), *settings, sys.executable, "-m", f"distributed.cli.{program}"),
            *(*arguments, *_credentials("--tls-ca-file", place)),
        ]
        self.running[name] = psutil.Popen(
            self.host(name).command(command, place, self.root.parent),
            cwd=place,
            start_new_session=True,
            **QUIET,
        )


def make_credentials(folder: Path) -> None:
    """Make a cluster's certificate and key in a folder, as docs/instructors.md says."""
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=grading"
    files = ["-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *files], cwd=folder, check=True, **QUIET)


def _credentials(ca: str, folder: Path) -> list[str]:
    """The arguments that show a certificate; what names its authority differs."""
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    return [ca, cert, "--tls-cert", cert, "--tls-key", key]
