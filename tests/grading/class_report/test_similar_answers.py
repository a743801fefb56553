"""What is alike is asked about where answers need not be, and nowhere else."""

import random
import re
import time

import pytest
from grading.class_report.made_class import SOLUTION, STUB, own_code

from autograder import compare
from autograder.grading.class_report.class_data import Answer, Assignment, Exercise
from autograder.grading.class_report.fingerprints import grams, tokens, winnowed
from autograder.grading.class_report.similar_answers import (
    leaves_room,
    most_common,
    similar_answers,
)
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.reports import GradedReport
from autograder.judging.reports.kept import Kept, kept
from autograder.judging.verdict import Status, Verdict

ROOMY = Exercise("ch", "a_check", 2.0, released=STUB.format(n=1), solution=SOLUTION.format(n=1))
OWN = """def build_1(units=32, rate=0.5):
    parts = {}
    for label, size in (("one", units), ("two", units + 0)):
        parts[label] = keras.Input(shape=(size,), name=label)
    bank = [keras.layers.Dense(units, "relu") for _ in range(1)]
    seen = [bank[0](part) for part in parts.values()]
    merged = keras.ops.concatenate(tuple(seen), axis=-1)
    return keras.Model(list(parts.values()), keras.layers.Dense(1)(merged))
"""


def of(*sources, exercise=ROOMY, keeps=None):
    keeps = keeps or [None] * len(sources)
    rows = {
        f"s{n:02d}": {"a": Answer(f"s{n:02d}", "a", 0.0, kept=each, source=source)}
        for n, (source, each) in enumerate(zip(sources, keeps, strict=True))
    }
    return similar_answers(Assignment("ch", (exercise,), rows))


def others(count):
    return [own_code(1, random.Random(number)) for number in range(count)]


def test_a_copy_under_other_names_is_found():
    copy = OWN.replace("parts", "stuff").replace("bank", "b").replace('"one"', "'first'")
    copy = "# all my own work\n" + copy.replace("\n    seen", "\n\n    seen")
    [found] = of(OWN, *others(8), copy)
    assert (found.students, found.what, found.share) == (("s00", "s09"), "code", 1.0)
    assert (found.left[1], found.right[1]) == (OWN, copy)


def test_a_copy_in_part_is_found():
    lines = OWN.splitlines(keepends=True)
    mixed = "".join([*lines[:6], "    return keras.Model(parts['one'], seen[0])\n"])
    [found] = of(OWN, mixed, *others(8))
    assert found.students == ("s00", "s01") and found.share >= 0.6


def test_people_who_work_by_themselves_are_not_asked():
    assert of(OWN, *others(30)) == ()


def test_what_the_course_gives_is_nobodys_own():
    assert of(*[ROOMY.solution] * 3) == of(*[ROOMY.released] * 3) == ()


def test_what_many_have_is_nobodys_own():
    assert of(*[OWN] * 4) == ()
    assert of(*[OWN] * 3)[0].students == ("s00", "s01", "s02")


def test_where_the_solution_is_short_or_unknown_nobody_is_asked():
    short = Exercise("ch", "a_check", 1.0, solution="answer = (None, 32)")
    assert not leaves_room(short) and leaves_room(ROOMY)
    assert of(OWN, OWN, exercise=short) == of(OWN, OWN, exercise=Exercise("ch", "a_check", 1)) == ()


def test_who_did_not_attempt_it_is_not_asked():
    nothing = Kept(Status.NOT_ATTEMPTED)
    assert of(OWN, OWN, keeps=[nothing, nothing]) == ()


def judged(answer, reference):
    verdict = compare(answer, reference)
    assert verdict.status is Status.WRONG
    return kept(GradedReport(Judgement("a", (JudgedCase(verdict),)), None, 2.0))


def test_a_wrong_network_that_no_mistake_explains_is_asked_about():
    reference, _ = CATALOGUE["not-shared"].example()
    odd, _ = CATALOGUE["wrong-padding"].example()
    keeps = [judged(odd, reference), Kept(Status.PASSED), judged(odd, reference)]
    [found] = of("x = 1", "y = 2", "z = 3", keeps=keeps)
    assert (found.what, found.students) == ("network", ("s00", "s02"))


def test_the_same_known_mistake_is_nothing_to_ask_about():
    reference, answer = CATALOGUE["not-shared"].example()
    assert of("x", "y", keeps=[judged(answer, reference)] * 2) == ()


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("a = f(1)  # so", "b = f(1)"),
        ('x = "one"', "x = '''other\ntext'''"),
        ("value = rb'1'", "other = f'{2}'"),
        ("été = 1", "x = 1"),
    ],
)
def test_what_is_easily_changed_is_no_difference(one, same):
    assert tokens(one, {"f"}) == tokens(same, {"f"})


def test_what_everybody_must_use_is_one():
    assert tokens("layers.Dense(3)", {"layers"}) != tokens("layers.Conv(3)", {"layers"})
    assert tokens("x = f(1)", {"f"}) != tokens("x = f(2)", {"f"})


def test_a_class_in_which_many_copied_takes_no_time():
    """Groups just small enough to count are the worst there is."""
    size = most_common(400)
    own = [re.sub("parts|bank|seen|size", rf"\g<0>.its{n}", OWN * 3) for n in range(400 // size)]
    other = [text for text in own for _ in range(size)]
    start = time.process_time()
    found = of(*other)
    assert len(found) == len(own) and len(found[0].students) == size
    assert time.process_time() - start < 5


@pytest.mark.parametrize("line", ["'", '"""', "\\", "'\\", "(", "#", '"\\"', "\ud800", "f'", "a."])
def test_code_of_any_kind_is_read_in_no_time(line):
    start = time.process_time()
    numbers = grams(tokens(line * (20_000 // len(line))))
    assert len(winnowed(numbers)) <= max(len(numbers), 1)
    assert time.process_time() - start < 2


def test_what_two_share_at_length_they_share_a_fingerprint_of():
    shared = [f"t{n}" for n in range(12)]
    texts = [[*(f"{letter}{n}" for n in range(n_before)), *shared, letter] for letter, n_before in
             (("a", 3), ("b", 8))]  # fmt: skip
    one, other = (winnowed(grams(text)) for text in texts)
    assert one & other


def test_a_right_network_is_never_asked_about():
    right = kept(GradedReport(Judgement("a", (JudgedCase(Verdict(Status.PASSED)),)), None, 2.0))
    assert of("x", "y", keeps=[right, right]) == ()
