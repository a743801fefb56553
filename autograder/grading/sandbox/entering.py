"""How a process comes to be in a sandbox that bubblewrap has made, without any right there.

That is all of bubblewrap's work that is repeated here:

| bubblewrap's option | here |
|---|---|
| `--unshare-all --unshare-user --disable-userns`, mounts | `setns` into what it made |
| `--cap-drop ALL` | capability sets and bounding set emptied |
| (always) | `PR_SET_NO_NEW_PRIVS` |

A process cannot itself move into another process namespace; only its children are born there. So
there is one in between. It is no fork, which takes 10 ms to make and as many to end where 300 MB
are loaded: it uses the memory of the one who asked, who waits meanwhile, as `vfork` has it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from autograder.grading.sandbox.bubblewrap import first_to_go

CLONE_VM, CLONE_VFORK = 0x00000100, 0x00004000
CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWNS = 0x10000000, 0x20000000, 0x40000000, 0x20000
NAMESPACES = (
    *(CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET),
    *(CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP),
)
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 24, 36, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)
_Body = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class Nursery:
    """Where children are born into sandboxes; made once, by a process with one thread."""

    def __init__(self) -> None:
        """Take over what is born here, and find out where nothing is on the stack.

        The one in between goes on where the stack has never been, and what is born goes on there,
        too, with all but a little of the stack that it would have had.
        """
        demand(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
        maps = Path("/proc/self/maps").read_text().splitlines()
        low = next(line.partition("-")[0] for line in maps if line.endswith("[stack]"))
        # PyDLL keeps the interpreter: who is in between goes on with it as it is.
        self._clone = ctypes.PyDLL(None, use_errno=True).clone
        self._stack = ctypes.c_void_p(int(low, 16) - mmap.PAGESIZE)

    def bear(self, sandbox: int, child: Callable[[], NoReturn]) -> int:
        """Have a child born in a sandbox, as a fork of this process.

        Args:
            sandbox: the handle of a process in it.
            child: what the child does.

        Returns:
            The child's number. When it ends, that is told to this process, as of any child.

        Raises:
            OSError: if that is not possible.
        """
        born: list[int] = []
        trouble: list[Exception] = []

        def between(_: int | None) -> int:
            # Whatever is changed here in memory is changed for the one who waits.
            try:
                first_to_go(os.getpid())
                enter(sandbox)
                number = os.fork()
                if number == 0:
                    child()
                born.append(number)
            except Exception as error:
                trouble.append(error)
            return 0

        flags = CLONE_VM | CLONE_VFORK | signal.SIGCHLD
        if self._clone(_Body(between), self._stack, flags, None) < 0:
            demand(-1)
        if trouble:
            raise trouble[0]
        return born[0]


def enter(sandbox: int) -> None:
    """Join all namespaces of a process, given by its handle, and lay down all rights for good."""
    flags = 0
    for namespace in NAMESPACES:
        flags |= namespace
    demand(libc.setns(sandbox, flags))
    os.chdir("/")
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    demand(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    demand(libc.capset(header, bytes(24)))
    demand(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def demand(result: int) -> None:
    """Raise the last error of the C library where it has returned one."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
