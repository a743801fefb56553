"""Keep links out: what a student hands in is what is in their files, not what a link points at.

And a time of submission that is none, over which nbgrader stumbles.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from traitlets import Bool

from autograder.grading.submissions.arrival import (
    STAMP,
    claimed,
    later_than_claimed,
    write_stamp,
)
from autograder.grading.submissions.plain_files import copy_plain, odd_files

ASIDE = ".set-aside-"
"""Begins the new name of a link; nbgrader copies nothing whose name begins with a dot."""

LATER = (
    "it claims an earlier time, or none, but its files are from {came:%Y-%m-%d %H:%M} UTC: that "
    "counts. If the exchange was moved or restored since, set "
    "c.CollectWithoutLinks.files_tell_time = False and collect again."
)


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
        if (folder / STAMP).exists() and claimed(folder) is None:
            (folder / STAMP).rename(folder / (ASIDE + STAMP))


class CollectWithoutLinks(ExchangeCollect):
    """nbgrader's collector, which follows links, and believes the time that is in a file.

    A link to a solution would fetch the solution. What a student put into the exchange after the
    time that their submission claims counts as handed in when they put it there.
    """

    files_tell_time = Bool(
        True, help="Set to False if the exchange was moved or restored: then all files are new."
    ).tag(config=True)

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy a submission without what is not plainly a file in it."""
        for path in odd_files(Path(src)):
            self.log.warning("%s is a link, no file, or huge; it is not collected.", path)
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder, "plain")
            copy_plain(Path(src), plain)
            if self.files_tell_time and (came := later_than_claimed(Path(src))):
                self.log.warning("%s: %s", Path(src).name, LATER.format(came=came))
                write_stamp(plain, came, self.timestamp_format)
            super().do_copy(str(plain), dest, log)
