"""A class's folder that other users of the machine could look into, or write to."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

GROUP, OTHERS = stat.S_IRWXG, stat.S_IRWXO


def open_to_others(folder: Path, group_shared: bool = False) -> str:
    """One line that says who else can get into a folder and what to type; "" if nobody can.

    The folder alone counts: whoever cannot pass it reaches nothing in it.

    Args:
        folder: where submissions and grades are.
        group_shared: whether the group is meant to get in, as nbgrader's `groupshared` says.
    """
    if os.name == "nt" or not folder.is_dir():
        return ""
    rights = folder.stat().st_mode & (OTHERS if group_shared else GROUP | OTHERS)
    if not rights:
        return ""
    who = "its group" if not rights & OTHERS else "everybody with an account here"
    may = "change" if rights & (stat.S_IWGRP | stat.S_IWOTH) else "read"
    whom = "o" if group_shared else "go"
    return (
        f"{folder} is open: {who} can {may} submissions and grades. "
        f"To close it, type: chmod {whom}-rwx {shlex.quote(str(folder))}"
    )
