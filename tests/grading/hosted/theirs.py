"""A machine as the systems start one: their paths, no network, and of us what was installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.hosted.installing import HERE
from autograder.import_path import PACKAGE

BWRAP = shutil.which("bwrap")
IS_ROOT = os.geteuid() == 0


@dataclass(frozen=True)
class Ran:
    """What a run left: results as they are read, None where there are none."""

    code: int
    printed: str
    results: dict | None


def machine(root: Path, place: str, *, fenced: bool, read_only: tuple[str, ...] = ()) -> list[str]:
    """The command that starts it.

    Args:
        root: what lies in the system's folder.
        place: where that folder is, on the machine.
        fenced: whether it has bubblewrap.
        read_only: what in the folder cannot be written.
    """
    command = [BWRAP, "--unshare-net", "--unshare-ipc", "--die-with-parent"]
    command += ["--cap-add", "ALL"] if IS_ROOT else ["--unshare-user", "--uid", "0", "--gid", "0"]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64"):
        command += ["--symlink", f"usr/{name}", f"/{name}"] if Path("/", name).is_symlink() else []
    # One bubblewrap in another needs all of /proc.
    command += ["--bind", "/proc", "/proc"] if fenced else ["--unshare-pid", "--proc", "/proc"]
    command += ["--dev", "/dev", "--tmpfs", "/tmp"]
    for name in ("/etc/passwd", "/etc/ld.so.cache", "/etc/alternatives"):
        command += ["--ro-bind-try", name, name]
    for source, target in [
        *((each, each) for each in (sys.base_prefix, PACKAGE)),
        (sys.prefix, HERE),
    ]:
        for parent in reversed(Path(target).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", source, target]
    command += ["--bind", str(root), place]
    for name in read_only:
        command += ["--ro-bind", str(root / name), f"{place}/{name}"]
    if not fenced:
        command += ["--ro-bind", "/dev/null", BWRAP]
    kept = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
    command += ["--clearenv"]
    for name, value in kept.items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", place]


def unpacked(archive: Path, root: Path) -> Path:
    """Gradescope's folder with its zip unpacked as it does it: rights are kept."""
    source = root / "source"
    source.mkdir(parents=True)
    with zipfile.ZipFile(archive) as packed:
        for about in packed.infolist():
            packed.extract(about, source)
            (source / about.filename).chmod(about.external_attr >> 16 & 0o777)
    shutil.copy(source / "run_autograder", root)
    for name in ("submission", "results"):
        (root / name).mkdir()
    return root


def ran(command: list[str], results: Path) -> Ran:
    """Run it to its end."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    found = json.loads(results.read_text()) if results.is_file() else None
    return Ran(done.returncode, done.stdout + done.stderr, found)
