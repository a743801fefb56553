"""Keep links out: what a student hands in is what is in their files, not what a link points at.

And a time of submission that is none, over which nbgrader stumbles.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc

from autograder.grading.files import copy_plain, odd_files

ASIDE = ".set-aside-"
"""Begins the new name of a link; nbgrader copies nothing whose name begins with a dot."""

TIMESTAMP = "timestamp.txt"
"""When a submission was handed in, as nbgrader or the learning platform noted it."""


def set_links_aside(assignment: str, student: str, notebooks: Sequence[str]) -> None:
    """Rename links, pipes, devices and huge files in a submission, so that nobody copies them.

    A hook that nbgrader calls before it copies a submission's files. Notebooks keep their names:
    one that is a link counts as one that cannot be read.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        for path in odd_files(folder):
            is_notebook = path.suffix == ".ipynb" and path.parent == folder
            if not is_notebook and not path.name.startswith(ASIDE):
                path.rename(path.with_name(ASIDE + path.name))
        if (folder / TIMESTAMP).exists() and not _holds_a_time(folder / TIMESTAMP):
            (folder / TIMESTAMP).rename(folder / (ASIDE + TIMESTAMP))


def _holds_a_time(path: Path) -> bool:
    try:
        parse_utc(path.read_text().strip())
    except (OSError, ValueError, OverflowError):
        return False
    return True


class CollectWithoutLinks(ExchangeCollect):
    """nbgrader's collector, which follows links: one to a solution would fetch the solution."""

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy a submission without what is not plainly a file in it."""
        for path in odd_files(Path(src)):
            self.log.warning("%s is a link, no file, or huge; it is not collected.", path)
        with tempfile.TemporaryDirectory() as folder:
            copy_plain(Path(src), Path(folder, "plain"))
            super().do_copy(str(Path(folder, "plain")), dest, log)
