"""Right models pass however they are written; wrong ones are refused, and hear which mistake."""

import pytest
from corpus.right import rewritten
from corpus.right_by_hand import RIGHT
from corpus.systems import BUILDERS
from corpus.tally import TALLY
from corpus.wrong import PAIRED, pairs, singles
from corpus.wrong_by_hand import PAIRS, SINGLE
from sweeps import one_in

LARGE = ("A6", "B10", "B11")
"""Systems of many calls or of a model in a model: mistakes made in them take longer than in all
others together, and are the same mistakes. By hand some are made in these, too.
"""
LARGEST = ("A6",)
"""Of 265 calls; written anew, it takes as long as all others together."""

SLOW_IN_PAIRS = ("A3", "A4", "C2")
"""Two mistakes in one of these take as long as in all others together; one is made in each."""


def made_in(systems, left_out):
    """Systems as parameters of a test that makes others of them; what takes long is long."""
    return [
        pytest.param(system, marks=pytest.mark.long if system in left_out else [])
        for system in systems
    ]


def family(params):
    """The sheet of seed systems that one is of: A, B, C or D."""
    return params["system"][0]


def _id(case):
    return f"{case.system or 'other'}: {case.expected or case.note}"


def unsaid(case, verdict):
    """What a model's findings should say and do not, with what they say; () if nothing lacks."""
    told = [f"{f.message}\n{f.expected}\n{f.found}\n{f.next_step}" for f in verdict.findings]
    lacking = [words for words in case.says if not any(words in text for text in told)]
    return (lacking, told) if lacking else ()


@pytest.mark.parametrize("case", RIGHT, ids=_id)
def test_right_by_hand(case):
    verdict = TALLY.judge("right", case)
    assert verdict.passed, verdict.findings


@pytest.mark.parametrize("system", made_in(BUILDERS, LARGEST))
def test_right_rewritten(system):
    for case in rewritten(system):
        verdict = TALLY.judge("right", case)
        assert verdict.passed, (case.note, verdict.findings)


@pytest.mark.parametrize("case", SINGLE, ids=_id)
def test_one_mistake_by_hand(case):
    verdict = TALLY.judge("one by hand", case)
    assert not verdict.passed
    assert verdict.findings
    assert TALLY.faults == []
    assert unsaid(case, verdict) == ()


@pytest.mark.parametrize("case", PAIRS, ids=_id)
def test_two_mistakes_by_hand(case):
    verdict = TALLY.judge("two by hand", case)
    assert not verdict.passed
    assert TALLY.faults == []
    assert unsaid(case, verdict) == ()


@one_in(6, kind=family)
@pytest.mark.parametrize("system", made_in(BUILDERS, LARGE))
def test_one_mistake_generated(system):
    for case in singles(system):
        assert not TALLY.judge("one made", case, flat=True).passed, case.note
        assert TALLY.faults == [], case.note


@one_in(6, kind=family)
@pytest.mark.parametrize("system", made_in(PAIRED, LARGE + SLOW_IN_PAIRS))
def test_two_mistakes_generated(system):
    for case in pairs(system):
        assert not TALLY.judge("two made", case, flat=True).passed, case.note
        assert TALLY.faults == [], case.note


def test_the_corpus_is_large_enough_and_named_right():
    assert len(SINGLE) >= 280 and len(PAIRS) >= 60
    total, named = TALLY.total, TALLY.named
    if total["one by hand"] < 200 or total["two by hand"] < 40:
        pytest.skip("only a part of the corpus was run")
    assert total["right"] >= 100 and TALLY.refused["right", "this judge"] == 0
    assert named["one by hand"] == total["one by hand"]
    assert named["two by hand"] == total["two by hand"]


@pytest.mark.parametrize("run", ["every", pytest.param("long", marks=pytest.mark.long)])
def test_mistakes_that_are_made_are_named(run):
    """Those made by the edits that are searched for; a long run counts its own."""
    total, named = TALLY.total, TALLY.named
    if not (total["one made"] and total["two made"]):
        pytest.skip("only a part of the corpus was run")
    assert named["one made"] >= 0.98 * total["one made"] >= 20
    assert named["two made"] >= 0.80 * total["two made"] >= 16
