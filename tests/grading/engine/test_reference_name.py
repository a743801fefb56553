"""The reference solution is graded under a name that no student has, or can find out."""

from dataclasses import replace

from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.engine.reference_solution import STUDENT, graded_as

BUNDLE = Bundle("ch01", b"config", b"gradebook", "cells", source=b"references", release=b"course")


def test_the_name_follows_from_what_the_instructor_alone_has():
    public = replace(BUNDLE, assignment="ch02", config=b"", cells="", release=b"")
    assert graded_as(BUNDLE) == graded_as(public) != STUDENT
    others = [replace(BUNDLE, source=b"others"), replace(BUNDLE, variants=b"secret")]
    assert len({graded_as(BUNDLE), *map(graded_as, others)}) == 3


def test_no_part_of_a_bundle_stands_for_another():
    moved = replace(BUNDLE, source=BUNDLE.source[:-1], variants=BUNDLE.source[-1:])
    assert graded_as(moved) != graded_as(BUNDLE)
