"""Where the course can be had from: one line of `pyproject.toml`, and all that follows from it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograder.problem import Problem

FILE = "pyproject.toml"
NAME = "keras-functional-course"
"""As what this package is installed; another project's file says nothing of this course."""
HANDED_OUT = "course"
"""The folder of the repository that students get."""
BRANCH = "main"
"""What is published, where the address does not say `/tree/BRANCH`."""
PUBLISHED = re.compile(rf"https://.+/{NAME}/?")
"""What the address is like at which an index has the package, once one has it."""
FORM = re.compile(
    r"(?P<repository>https://(?P<host>[\w.-]+(?::\d+)?)/(?P<path>[\w.-]+(?:/[\w.-]+?)+?))"
    r"(?:\.git)?(?:/tree/(?P<branch>[\w.-]+(?:/[\w.-]+)*))?/?"
)
COLAB = "https://colab.research.google.com"
BINDER = "https://mybinder.org"


@dataclass(frozen=True)
class Address:
    """A public repository that holds the course.

    Attributes:
        repository: the page of the repository.
        host: the machine in it, `github.com`.
        path: what names the repository there, `OWNER/NAME`.
        branch: which branch is published.
        version: the version that an index has; None where none has the package.
    """

    repository: str
    host: str
    path: str
    branch: str
    version: str | None = None

    def requirement(self, extras: str = "") -> str:
        """What pip is to install.

        Args:
            extras: of which extras, too, as `[course]`.
        """
        if self.version is not None:
            return f"{NAME}{extras}=={self.version}"
        return f"{NAME}{extras} @ git+{self.repository}@{self.branch}"

    def colab(self, file: str) -> str | None:
        """Where Colab opens a notebook of the repository; None where it cannot: it reads GitHub.

        Args:
            file: the notebook's path in the repository.
        """
        if self.host != "github.com":
            return None
        return f"{COLAB}/github/{self.path}/blob/{self.branch}/{file}"

    def binder(self, file: str) -> str | None:
        """Where Binder opens a notebook of the repository; None where we cannot say.

        Args:
            file: the notebook's path in the repository.
        """
        if self.host != "github.com":
            return None
        branch = self.branch.replace("/", "%2F")
        return f"{BINDER}/v2/gh/{self.path}/{branch}?urlpath=lab/tree/{file}"


def address_in(course: Path) -> Address | None:
    """The address that a course's folder states; None where it states none.

    Args:
        course: the folder, with this package's own `pyproject.toml` or without one.

    Raises:
        Problem: if the file cannot be read, or what stands there is no address.
    """
    try:
        said = tomllib.loads((course / FILE).read_text(encoding="utf-8")).get("project")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Problem(f"{course / FILE} cannot be read: {error}.") from None
    if not isinstance(said, dict) or said.get("name") != NAME:
        return None
    urls = said.get("urls", {})
    if "Repository" not in urls:
        return None
    found = FORM.fullmatch(str(urls["Repository"]))
    if found is None:
        raise Problem(
            f"{course / FILE}: Repository is {str(urls['Repository'])!r}. It is to be an address "
            "such as https://github.com/OWNER/NAME, or that with /tree/BRANCH after it."
        )
    published = PUBLISHED.fullmatch(str(urls.get("Download", "")))
    version = str(said["version"]) if published else None
    return Address(**{**found.groupdict(), "branch": found["branch"] or BRANCH}, version=version)
