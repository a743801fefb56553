"""What lies in course/ beside the chapters: the page that lists them, and what pip installs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from autograder.grading.course.address import FILE, HANDED_OUT, NAME, Address

EXTRA = "course"
"""The extra of `pyproject.toml` that brings what students need besides the package's own."""
PINS = "requirements.txt"
ABOUT = (
    "# What a student needs, in the versions that were tested; `make build` writes this.",
    "# In this folder: pip install -r requirements.txt, and then: jupyter lab",
)
BESIDE = "# The course's own package: a file that you got with this folder, beside this one."
ROW = re.compile(r"^\| \[(?P<title>.+?)\]\((?P<notebook>\S+\.ipynb)\)")
"""A chapter in the table of the index."""


def requirements(root: Path, address: Address | None) -> str:
    """The text of `course/requirements.txt`: for whoever has that folder and nothing else.

    Args:
        root: the repository.
        address: where the package comes from; None for a wheel beside the file.
    """
    project = tomllib.loads((root / FILE).read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *project["optional-dependencies"][EXTRA]]
    wanted = {Requirement(text).name for text in texts}
    lines = (root / PINS).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line.partition("==")[0] in wanted]
    if address is not None:
        return "\n".join([*ABOUT, *pins, address.requirement(), ""])
    wheel = f"{NAME.replace('-', '_')}-{project['version']}-py3-none-any.whl"
    return "\n".join([*ABOUT, *pins, "", BESIDE, f"./{wheel}", ""])


def index(text: str, address: Address | None) -> str:
    """The page that lists the chapters, with where each opens without installing anything.

    Args:
        text: the page as it is written; its links are those in `course/`.
        address: the course's; without one the page stays as it is.
    """
    lines = text.splitlines()
    rows = {number: found for number, line in enumerate(lines) if (found := ROW.match(line))}
    if address is None or address.colab("") is None or not rows:
        return text
    files = [f"{HANDED_OUT}/{row['notebook']}" for row in rows.values()]
    chapters = [row["title"].partition(" — ")[0] for row in rows.values()]
    links = [
        f"[{chapter}]({address.colab(file)})" for chapter, file in zip(chapters, files, strict=True)
    ]
    door = (
        f"Nothing to install: open a chapter in Google Colab ({', '.join(links)}), or "
        f"[all of them on Binder]({address.binder(files[0])})."
    )
    return "\n".join([*lines[: max(rows) + 1], "", door, *lines[max(rows) + 1 :], ""])
