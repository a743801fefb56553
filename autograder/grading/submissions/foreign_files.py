"""Which files of a submission the instructor should know of: they look like more than data."""

import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path

import autograder
from autograder.grading.submissions.arrival import STAMP
from autograder.grading.submissions.links import ASIDE
from autograder.grading.submissions.plain_files import is_plain, odd_files


def about_files(folder: Path) -> Iterator[str]:
    """A line for each file of a submission that is no plain data, in the order of their names.

    None of these files has an effect: links are not followed, and the kernel imports no module from
    the folder that it runs in.

    Args:
        folder: a student's submitted folder, before or after links in it were set aside.
    """
    for path in sorted(odd_files(folder)):
        name = path.relative_to(folder).as_posix().replace(ASIDE, "")
        yield f"{name!r} is a link, no file, huge, or has no proper name; it was left out."
    if is_plain(folder / (ASIDE + STAMP)) and not (folder / STAMP).exists():
        yield f"{STAMP!r} holds no time; it counts as handed in on time."
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if (module := _module_name(path)) and _is_installed(module):
            yield f"{path.name!r} has the name of a Python module; it stood in for nothing."


def _module_name(path: Path) -> str | None:
    """What `import` would call this file or folder, if it lay on Python's path."""
    if path.is_dir():
        return path.name if any(path.glob("*.py")) else None
    return path.name.partition(".")[0] if path.suffix in (".py", ".pyc", ".so") else None


def _is_installed(module: str) -> bool:
    """Whether it is the standard library's, ours, or in an installed package."""
    if module in sys.stdlib_module_names or module == autograder.__name__:
        return True
    installed = [
        entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")
    ]
    return PathFinder.find_spec(module, installed) is not None
