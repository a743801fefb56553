"""Hosts for a cluster on one machine: network namespaces with a cable each to one switch.

Hosts and switch are namespaces that are made here and removed by `close`; nothing of the machine's
own network is changed, and nothing is sent out of it. Where a machine does not allow them, the
hosts of `Loopback` are plain processes.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path

import psutil

PREFIX = "grading"
SUBNET = "10.77.0"
"""Of addresses that exist in namespaces of ours only."""
APART = (
    'mount --bind "$1" /mnt && mount -t tmpfs none "$2" && mkdir -p "$1" && '
    'mount --bind /mnt "$1" && umount /mnt && cd "$1" && shift 2 && exec "$@"'
)
"""Of the folder $2 a host sees nothing but its own $1; `ip netns exec` keeps its mounts to itself.
"""
NUMBERS = itertools.count(1)


class Host:
    """A process of this machine that is called a host, for where there are no namespaces."""

    address = "127.0.0.1"

    def __init__(self) -> None:
        """Find a port that is free."""
        with socket.socket() as taken:
            taken.bind((self.address, 0))
            self.port = taken.getsockname()[1]

    def command(self, command: Sequence[str], own: Path, hidden: Path | None = None) -> list[str]:
        """The command that runs a command on this host.

        Args:
            command: what to run.
            own: the folder it runs in.
            hidden: the folder around it of which the host sees nothing else.
        """
        return list(command)


class NamedHost(Host):
    """A network namespace."""

    port = 8786

    def __init__(self, space: str, address: str) -> None:
        """Take over a namespace."""
        self.space, self.address = space, address

    def command(self, command: Sequence[str], own: Path, hidden: Path | None = None) -> list[str]:
        """The command that runs a command on this host."""
        inside = ["sh", "-c", APART, "sh", str(own), str(hidden), *command] if hidden else command
        return [shutil.which("ip"), "netns", "exec", self.space, *inside]


class Loopback:
    """Hosts that are plain processes: what they share is more than it should be."""

    can_cut = False

    def host(self, name: str, delay: float = 0) -> Host:
        """One more host; there is no cable that could be slow."""
        return Host()

    def close(self) -> None:
        """Nothing was made."""


class Network:
    """Hosts in network namespaces, joined by a bridge in a namespace of its own.

    Use `close` when it is not needed any more.

    Attributes:
        spaces: the names of the namespaces.
    """

    can_cut = True

    def __init__(self) -> None:
        """Make the switch.

        Raises:
            OSError: if this machine does not allow it.
        """
        remove_left_behind()
        self._name = f"{PREFIX}-{os.getpid()}-{next(NUMBERS)}"
        self.spaces: list[str] = []
        self._cables: list[subprocess.Popen] = []
        try:
            self._switch = self._space("switch")
            _ip("-n", self._switch, "link", "add", "name", "bridge", "up", "type", "bridge")
        except OSError:
            self.close()
            raise

    def host(self, name: str, delay: float = 0) -> NamedHost:
        """One more host.

        Args:
            name: at most 15 letters, as Linux wants the names of cables.
            delay: seconds that each packet spends on its cable, in either direction.
        """
        host = NamedHost(self._space(name), f"{SUBNET}.{len(self.spaces)}")
        _ip("-n", host.space, "link", "set", "dev", "lo", "up")
        if delay:
            self._slow_cable(name, host, delay)
        else:
            cable = ["name", name, "type", "veth", "peer", "name", "eth0", "netns", host.space]
            _ip("-n", self._switch, "link", "add", *cable)
        _ip("-n", host.space, "address", "add", f"{host.address}/24", "dev", "eth0")
        _ip("-n", host.space, "link", "set", "dev", "eth0", "up")
        _ip("-n", self._switch, "link", "set", "dev", name, "master", "bridge", "up")
        return host

    def cut(self, name: str) -> None:
        """Pull a host's cable out."""
        _ip("-n", self._switch, "link", "set", "dev", name, "down")

    def mend(self, name: str) -> None:
        """Put it in again."""
        _ip("-n", self._switch, "link", "set", "dev", name, "up")

    def close(self) -> None:
        """Remove all hosts, with the processes that are left on them."""
        for cable in self._cables:
            cable.communicate()  # closes its standard input, so it ends
        for space in self.spaces:
            remove(space)

    def _space(self, name: str) -> str:
        space = f"{self._name}-{name}"
        _ip("netns", "add", space)
        self.spaces.append(space)
        return space

    def _slow_cable(self, name: str, host: NamedHost, delay: float) -> None:
        program = [sys.executable, Path(__file__).with_name("cable.py"), name, "far", str(delay)]
        cable = subprocess.Popen(
            ["ip", "netns", "exec", self._switch, *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._cables.append(cable)
        if cable.stdout.readline() != b"ready\n":
            raise OSError("there is no slow cable: /dev/net/tun cannot be used")
        _ip("-n", self._switch, "link", "set", "dev", "far", "netns", host.space, "name", "eth0")


@cache
def why_not() -> str:
    """Why there can be no such network on this machine, found out by making one; "" if it can."""
    with ExitStack() as stack:
        hidden = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = hidden / "own"
        own.mkdir()
        try:
            network = Network()
            stack.callback(network.close)
            host = network.host("probe", delay=0.01)
            _run(*host.command(["true"], own, hidden))
        except OSError as error:
            return str(error)
    return ""


def remove_left_behind() -> None:
    """Remove the namespaces of processes that were killed before they could do it themselves."""
    for line in _ip("netns", "list").splitlines():
        made_here = re.match(rf"({PREFIX}-(\d+)-\S+)", line)
        if made_here and not psutil.pid_exists(int(made_here[2])):
            with suppress(OSError):  # somebody else is removing it now
                remove(made_here[1])


def remove(space: str) -> None:
    """Remove a namespace, with the processes that are left in it."""
    for process in _ip("netns", "pids", space).split():
        with suppress(psutil.NoSuchProcess):
            psutil.Process(int(process)).kill()
    _ip("netns", "delete", space)


def _ip(*arguments: str) -> str:
    return _run("ip", *arguments)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
