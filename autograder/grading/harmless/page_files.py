"""Files beside the notebook: what a browser would run as a page becomes plain text.

The formgrader serves whatever lies beside a graded notebook, from Jupyter's own origin.
"""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

PAGES = ("html", "svg", "xml", "xsl")
"""Ends of the types that a browser runs scripts in, such as image/svg+xml."""
AS_TEXT = ".txt"


def disarm_files(folder: Path, released: Path) -> list[str]:
    """Rename pages in a graded submission; return what they were called, sorted.

    Args:
        folder: the submission as it was copied to be graded.
        released: the assignment as students got it, whose own files stay.
    """
    return sorted(_disarmed(folder, released))


def _disarmed(folder: Path, released: Path) -> Iterator[str]:
    for path in list(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or not is_page(path.name):
            continue
        if not (released / name).is_file():  # else nbgrader has put ours there
            path.replace(path.with_name(path.name + AS_TEXT))
            yield name.as_posix()


def is_page(name: str) -> bool:
    """Whether a browser takes a file of this name for a page."""
    kind = mimetypes.guess_type(name.lower())[0] or ""
    return kind.endswith(PAGES)
