"""What another user of the machine tries against a grader that runs: a program of its own.

It is started as root, imports all that it needs, and lays its rights down: Python itself may lie
where only root may enter. It reads what to attack from its input, as JSON, and writes what it got.
"""

import contextlib
import json
import os
import socket
import ssl
import stat
import sys
from pathlib import Path

from distributed import Client, LocalCluster
from distributed.security import Security

USER = 65534
TRY = 3
"""Seconds for each try."""
CORE = ("environ", "mem", "maps", "fd", "root", "cwd", "exe", "syscall", "stack", "io")
"""What of a process in /proc shows, or leads to, what it has."""


def who() -> int:
    """The function that the attacker would have run."""
    return os.getuid()


def functions(numbers: list[int]) -> list[str]:
    """The ports at which Dask's own client has a function run."""
    theirs = Security.temporary()
    got = []
    for number in numbers:
        for how, security in (("tcp", None), ("tls", theirs)):
            with contextlib.suppress(Exception):
                address = f"{how}://127.0.0.1:{number}"
                with Client(address, security=security, timeout=TRY) as client:
                    user = client.submit(who, pure=False).result(timeout=TRY)
                    got.append(f"{address} ran a function as user {user}")
    return got


def ports(numbers: list[int]) -> list[str]:
    """The ports that answer."""
    got = []
    for number in numbers:
        for how, talk in (("plain", _plain), ("tls without a certificate", _tls)):
            with contextlib.suppress(OSError):
                if answer := talk(number):
                    got.append(f"port {number} answered {answer[:60]!r} to {how}")
    return got


def _connected(number: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", number), timeout=TRY)


def _plain(number: int) -> bytes:
    with _connected(number) as connection:
        connection.sendall(b"GET /info/main/workers.html HTTP/1.0\r\n\r\n")
        return connection.recv(100)


def _tls(number: int) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with _connected(number) as connection, context.wrap_socket(connection) as secret:
        secret.sendall(b"x" * 100)
        return secret.recv(100)


def sockets(paths: list[str]) -> list[str]:
    """The Unix sockets that let one connect."""
    got = []
    for path in paths:
        address = "\0" + path[1:] if path.startswith("@") else path
        for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_UNIX, kind) as connection:
                connection.settimeout(TRY)
                with contextlib.suppress(OSError):
                    connection.connect(address)
                    got.append(path)
    return got


def folders(roots: list[str]) -> list[str]:
    """What could be listed, read or written below some folders, which do not count themselves."""
    got = []
    for root in roots:
        for name in os.listdir(root):
            got += _reached(Path(root, name))
    return got


def _reached(path: Path) -> list[str]:
    if path.is_symlink():
        return []
    kind = path.lstat().st_mode
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(kind):
            return [
                str(path),
                *(line for name in os.listdir(path) for line in _reached(path / name)),
            ]
        if stat.S_ISREG(kind):
            with path.open("rb"):
                return [str(path)]
    return [str(path)] if os.access(path, os.W_OK) else []


def processes(numbers: list[int]) -> list[str]:
    """What in /proc could be opened of some processes."""
    got = []
    for number in numbers:
        for name in CORE:
            path = f"/proc/{number}/{name}"
            with contextlib.suppress(OSError):
                if name in ("root", "cwd", "fd"):
                    os.listdir(path)
                elif name == "exe":
                    os.readlink(path)
                elif not Path(path).read_bytes():
                    continue
                got.append(path)
        with contextlib.suppress(OSError):
            os.kill(number, 0)
            got.append(f"signals to {number}")
    return got


def lay_down_rights() -> None:
    """Be USER from now on, for good."""
    here = LocalCluster(n_workers=1, processes=False, dashboard_address=":0")
    with here, Client(here) as client:  # what Dask imports late must be imported now
        client.submit(who, pure=False).result()
    with contextlib.suppress(Exception):
        Client("tls://127.0.0.1:1", security=Security.temporary(), timeout=0.1)
    os.chdir("/")
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    lay_down_rights()
    attacks = {"functions": functions, "ports": ports}
    attacks |= {"sockets": sockets, "folders": folders, "processes": processes}
    json.dump({name: attacks[name](what) for name, what in wanted.items()}, sys.stdout)
