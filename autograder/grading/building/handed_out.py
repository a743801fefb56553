"""What lies in course/ beside the chapters: the page that lists them, and what pip installs."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement

from autograder.grading.course.address import FILE, NAME, Address

EXTRA = "course"
"""The extra of `pyproject.toml` that brings what students need besides the package's own."""
PINS = "requirements.txt"
ABOUT = """\
# What a student needs, in the versions that were tested; `make build` writes this.
# In this folder: pip install -r requirements.txt, and then: jupyter lab
"""
BESIDE = "# The course's own package: a file that you got with this folder, beside this one.\n"


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
        return "\n".join([*ABOUT.splitlines(), *pins, address.requirement(), ""])
    wheel = f"{NAME.replace('-', '_')}-{project['version']}-py3-none-any.whl"
    return "\n".join([*ABOUT.splitlines(), *pins, "", BESIDE.rstrip(), f"./{wheel}", ""])


def index(text: str, address: Address | None, notebooks: Sequence[str]) -> str:
    """The page that lists the chapters, with where each opens without installing anything.

    Args:
        text: the page as it is written.
        address: the course's; without one the page stays as it is.
        notebooks: the chapters' paths in the repository.
    """
    if address is None or address.colab("") is None:
        return text
    links = [
        f"[{number}]({address.colab(file)})" for number, file in enumerate(sorted(notebooks), 1)
    ]
    binder = address.binder(min(notebooks))
    door = (
        f"Nothing to install: open a chapter in Google Colab ({', '.join(links)}), or "
        f"[all of them on Binder]({binder})."
    )
    lines = text.splitlines()
    last_row = max(number for number, line in enumerate(lines) if line.startswith("|"))
    return "\n".join([*lines[: last_row + 1], "", door, *lines[last_row + 1 :], ""])
