"""Where modules come from: from where they are installed, never from where somebody stands.

Python looks first into the working folder (`python -m`), and nbgrader puts it there. In a class
folder may lie anything: a copy of this package, a `json.py`. This imports nothing that Python has
not loaded already: anything else would be looked for in that folder.
"""

import os
import sys

PACKAGE = os.path.dirname(os.path.realpath(__file__))
"""The folder of the package that this process has imported."""
SYSTEMS_PROGRAMS = "/usr/bin:/bin"
"""Where a sandbox finds programs that are not Python's."""
PYTHON = (sys.executable, "-P")
"""Begins the command of a process that is started: it imports nothing from where it stands."""


def programs_first(path: str) -> str:
    """A search path with the programs of this Python before all others.

    An environment that is not activated has them on no path.

    Args:
        path: what to search after that, as `PATH` has it.
    """
    others = filter(None, path.split(os.pathsep))
    return os.pathsep.join(dict.fromkeys([os.path.dirname(sys.executable), *others]))


def only_installed(*folders: str | os.PathLike[str]) -> None:
    """Import nothing from the working folder, nor from these; nor do processes that start later.

    An installation of theirs stays: it stands behind Python's own library, where it replaces
    nothing.
    """
    away = {os.path.realpath(folder) for folder in (os.curdir, *folders)}
    library = os.path.dirname(os.__file__)
    first = sys.path.index(library) if library in sys.path else len(sys.path)
    sys.path[:] = [*_without(away, sys.path[:first]), *sys.path[first:]]
    os.environ["PYTHONSAFEPATH"] = "1"
    if paths := os.environ.get("PYTHONPATH"):
        os.environ["PYTHONPATH"] = os.pathsep.join(_without(away, paths.split(os.pathsep)))


def _without(folders: set[str], paths: list[str]) -> list[str]:
    return [path for path in paths if os.path.realpath(path or os.curdir) not in folders]


def wrong_package() -> str:
    """Why this package must not grade: processes that it starts would import another; else ""."""
    installed = installed_in()
    if installed is not None and os.path.realpath(installed) == PACKAGE:
        return ""
    other = f"the one in {installed}" if installed else "none"
    return (
        f"This is the package in {PACKAGE}, but what it starts would use {other}. Start it as "
        f"`autograder`, not as `python -m autograder`, or rename that folder, or install it: "
        f"{sys.executable} -m pip install -e {os.path.dirname(PACKAGE)}"
    )


def installed_in() -> str | None:
    """The folder of the package that a new process would import."""
    for finder in sys.meta_path:
        spec = finder.find_spec(__package__, None)
        if spec is not None:
            return os.path.dirname(spec.origin) if spec.origin else None
    return None
