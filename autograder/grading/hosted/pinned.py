"""The versions of everything that grading imports here, so that another machine has the same."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

EXTRA = "grading"


def constraints(package: str) -> list[str]:
    """A line for each package that another needs here, with the version that is installed.

    Of what only another operating system needs, nothing is known here, and nothing said.

    Args:
        package: whose needs, with those of its extra for grading.
    """
    found: dict[str, str] = {}
    waiting = [(package, frozenset({EXTRA}))]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            installed = distribution(name)
        except PackageNotFoundError:  # an extra's, or another system's
            continue
        found[name] = installed.version
        waiting += _needs(installed, extras)
    del found[package]
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _needs(installed: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in installed.requires or ():
        try:
            need = Requirement(line)
        except InvalidRequirement:  # of a package that is older than the rules
            continue
        asked = ("", *extras)
        if need.marker is None or any(need.marker.evaluate({"extra": each}) for each in asked):
            yield canonicalize_name(need.name), frozenset(need.extras)
