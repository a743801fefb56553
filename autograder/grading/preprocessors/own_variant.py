"""A submission of a student who has sizes of their own: what is right for this student alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from autograder.grading.clean_run.plan import CleanRun
from autograder.grading.course.expected import references
from autograder.grading.course.folder import OWN_FOLDER
from autograder.grading.notebooks.cells import name
from autograder.grading.variants.class_variants import Variants, variants_of
from autograder.grading.variants.made_references import (
    Asked,
    Pair,
    Run,
    checks_of,
    default_of,
    made_beside_others,
    sizes_of_others,
)
from autograder.grading.variants.other_values import in_words
from autograder.judging.own_sizes import OtherSizes, OwnSizes
from autograder.judging.references import Reference
from autograder.judging.varied import Own, Value
from autograder.problem import Problem

OWN_VARIANT = "own_variant"
"""Where in nbgrader's resources it is; it never gets into a notebook."""


@dataclass(frozen=True)
class OwnVariant:
    """What a student's submission is judged by where its sizes are the student's own.

    Attributes:
        scheme: the way in which the class draws sizes.
        values: by exercise the sizes.
        visible: by exercise what is expected of the cases that students see.
        hidden: the same of hidden cases.
        sizes: by exercise what judging takes beside that.
    """

    scheme: int
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    visible: Mapping[str, Reference] = field(default_factory=dict)
    hidden: Mapping[str, Reference] = field(default_factory=dict)
    sizes: Mapping[str, OwnSizes] = field(default_factory=dict)


def class_variants(course: CourseDirectory, assignment: str) -> Variants | None:
    """What varies in an assignment of a class; None if nothing does.

    Raises:
        Problem: if the class has lost what says whose sizes are which.
    """
    around = Path(course.root, course.autograded_directory).parent
    return variants_of(around / OWN_FOLDER, assignment)


def own_variant(
    course: CourseDirectory,
    names: Mapping[str, str],
    clean: CleanRun,
    *,
    run: Run,
    skipped_tag: str | None,
) -> OwnVariant | None:
    """What a submission is judged by in place of the references that are everybody's.

    Args:
        course: the class's.
        names: nbgrader's, of the submission.
        clean: what its answers recorded.
        run: runs the solution as a submission.
        skipped_tag: cells of ours with it are left out.

    Raises:
        Problem: if that cannot be made; then nobody may be judged.
    """
    variants = class_variants(course, names["assignment"])
    if variants is None:
        return None
    solution = _solution(course, names)
    visible, hidden = references(course, names["assignment"])
    checks = checks_of(solution)
    mine = {
        exercise: own
        for exercise, own in variants.own(names["student"]).items()
        if exercise in checks and exercise in visible
    }
    expected = {each: Pair(visible[each], hidden.get(each)) for each in mine}
    asked = [Asked(each, own, hidden=True) for each, own in mine.items()]
    others = [
        Asked(each, other)
        for each, own in mine.items()
        for other in sizes_of_others(
            variants.exercises[each], own, clean.evidence.get(name(checks[each]), ())
        )
    ]
    pairs, answered = made_beside_others(
        run, solution, expected, asked, others=others, skipped_tag=skipped_tag
    )
    known = [(one.exercise, one.own, right) for one, right in answered]
    # What everybody has who has none of their own is somebody else's, too.
    known += [
        (each, default_of(solution, variants.exercises[each]), visible[each]) for each in mine
    ]
    own_pairs = dict(zip(mine, pairs, strict=True))
    return OwnVariant(
        variants.scheme,
        {each: {key: one.value for key, one in own.items()} for each, own in mine.items()},
        {each: pair.visible for each, pair in own_pairs.items()},
        {each: pair.hidden for each, pair in own_pairs.items() if pair.hidden is not None},
        {each: OwnSizes(in_words(own), _others(each, own, known)) for each, own in mine.items()},
    )


def _solution(course: CourseDirectory, names: Mapping[str, str]) -> NotebookNode:
    folder = Path(course.format_path(course.source_directory, ".", names["assignment"]))
    path = folder / f"{names['notebook']}.ipynb"
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise Problem(f"{path} cannot be read, so nobody's own sizes are known: {error}") from None


def _others(
    wanted: str, own: Own, known: Sequence[tuple[str, Own, Reference]]
) -> tuple[OtherSizes, ...]:
    return tuple(
        _other(own, other, right)
        for exercise, other, right in known
        if exercise == wanted and other != own
    )


def _other(own: Own, other: Own, right: Reference) -> OtherSizes:
    yours = " and ".join(own[key].words for key in other if own[key] != other[key])
    return OtherSizes(in_words(other, unlike=own), yours, right)
