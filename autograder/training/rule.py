"""The catalogue of rules: each finds one mistake in what is known of a training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from autograder.judging.verdict import Finding
from autograder.training.observed import Observed

Find = Callable[[Observed], Finding | None]
FindInOne = Callable[[Any], Finding | None]

RULES: dict[str, Rule] = {}
"""Every rule, in the order of preference."""

_MOST = 3
"""Findings told at once."""


@dataclass(frozen=True)
class Rule:
    """One mistake that can be found.

    Attributes:
        name: the mistake's.
        find: from what is known to a finding, or nothing.
        is_symptom: whether it follows from other mistakes, and is told only where none is found.
        unless_learned: whether nothing is said of a network whose loss has fallen all the same.
    """

    name: str
    find: Find
    is_symptom: bool = False
    unless_learned: bool = False


def rule(
    name: str, *, is_symptom: bool = False, unless_learned: bool = False
) -> Callable[[Find], Find]:
    """Enter a function as the rule for the mistake of that name."""

    def enter(find: Find) -> Find:
        if name in RULES:
            raise ValueError(f"There are two rules {name!r}.")
        RULES[name] = Rule(name, find, is_symptom, unless_learned)
        return find

    return enter


def rule_of(things: str, name: str, **options: bool) -> Callable[[FindInOne], FindInOne]:
    """Enter a function of one thing as a rule, which tells the first of which something is found.

    Args:
        things: the field of `Observed` whose things it is asked about, such as "parts".
        name: the mistake's.
        options: as of `rule`.
    """

    def enter(find: FindInOne) -> FindInOne:
        def of_all(observed: Observed) -> Finding | None:
            found = (find(each) for each in getattr(observed, things))
            return next((each for each in found if each is not None), None)

        rule(name, **options)(of_all)
        return find

    return enter


def said(message: str, *where: str, found: str = "", try_: str = "") -> Finding:
    """A finding of the rule that returns it."""
    return Finding("", message, where=where, found=found, next_step=try_)


def findings(observed: Observed) -> tuple[Finding, ...]:
    """What the rules find: one mistake a place, and what follows from mistakes only without any."""
    causes = _found(observed, is_symptom=False)
    return (causes or _found(observed, is_symptom=True)[:1])[:_MOST]


def _found(observed: Observed, *, is_symptom: bool) -> tuple[Finding, ...]:
    kept: list[Finding] = []
    places: set[str] = set()
    for each in RULES.values():
        if each.is_symptom is not is_symptom or (each.unless_learned and observed.run.learned):
            continue
        finding = each.find(observed)
        if finding is None or places & set(finding.where):
            continue
        places |= set(finding.where)
        kept.append(replace(finding, id=each.name))
    return tuple(kept)
