"""A card and a text say the same; nothing in a card is anybody's HTML but ours."""

import html
import re

import pytest

from autograder import compare
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.reports import GradedReport, Report
from autograder.judging.verdict import Finding, Status, Verdict

HOSTILE = "<script>alert('1')</script> & \"x\""


def plain(card):
    """What a reader sees of a card, its drawings left out."""
    card = re.sub(r"<img .*?</details>|<pre.*?</pre>", "", card, flags=re.S)
    return html.unescape(re.sub(r"<[^>]*>", " ", card)).split()


def report_on(*verdicts, arguments=None):
    return Report(Judgement("ex", tuple(JudgedCase(v, arguments or {}) for v in verdicts)))


@pytest.mark.parametrize("id", CATALOGUE)
def test_a_card_says_what_the_text_says(id):
    reference, answer = CATALOGUE[id].example()
    report = report_on(compare(answer, reference), arguments={"units": 3})
    text = report.text().split("Your graph:")[0].split()
    shown = plain(report.html())
    assert shown[: len(text)] == text
    assert "Called with units=3:" in report.text()


def test_every_text_is_escaped():
    finding = Finding(HOSTILE, f"{HOSTILE}\n{HOSTILE}", (HOSTILE,), HOSTILE, HOSTILE, HOSTILE)
    verdict = Verdict(Status.WRONG, (finding, finding), notes=(HOSTILE,))
    judgement = Judgement(HOSTILE, (JudgedCase(verdict, {HOSTILE: HOSTILE}),))
    for report in (Report(judgement), GradedReport(judgement, judgement, 2.0)):
        card = report.html()
        assert "<script" not in card and HOSTILE not in card
        assert "<br>" in card and "Mistake 2 of 2" in card
        assert "\n" not in card


def test_what_is_long_or_many_is_cut():
    finding = Finding("x", "m" * 9_000, found="f" * 9_000)
    verdict = Verdict(Status.WRONG, (finding,), notes=("n" * 9_000,) * 99)
    for shown in (report_on(verdict).text(), report_on(verdict).html()):
        assert shown.count("Note:") == 20
        assert len(shown) < 60_000


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_headline(status):
    report = report_on(Verdict(status))
    assert report.text() == report.headline
    assert report.headline in report.html() and report.colour in report.html()
