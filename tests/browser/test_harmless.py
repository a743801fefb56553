"""Payloads in every place of a submission that a student can fill, seen in a real browser.

The formgrader and the feedback page are nbgrader's own. The same submission graded without our
gate shows that the payloads are such as run.
"""

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from browser import mathjax
from browser.gallery import Gallery, payloads
from browser.lab import PICTURES
from browser.mathjax import HOST
from browser.seen import look_at
from patience import PATIENCE

from autograder.grading.pages.content_policy import POLICY

KNOWN = (HOST,)
"""Where nbconvert's pages get MathJax from."""
NO_POLICY = """
c.HTMLExporter.template_name = "formgrade"
c.HTMLExporter.template_file = "index.html.j2"
"""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("zygote")]


def fetched(address):
    """What type of page the server says it is; None if there is none."""
    try:
        with urlopen(address, timeout=PATIENCE) as answer:
            return answer.headers.get_content_type()
    except HTTPError:
        return None


def pages_of(browser, folder, gate):
    graded = Gallery(folder, gate)
    pages = graded.room.feedback_pages("gallery")
    page = next(one for one in pages if one.parts[-3:] == ("ann", "gallery", "gallery.html"))

    def picture(name):
        return Path(PICTURES) / f"{name}_{'gate' if gate else 'open'}.png" if PICTURES else None

    feedback = look_at(browser, page.as_uri(), KNOWN, picture("feedback"))
    with graded.formgrader(folder / "server.log", "" if gate else NO_POLICY) as pages:
        address = f"{pages}{graded.submission_id('ann')}/"
        formgrader = look_at(browser, address, KNOWN, picture("formgrader"))
        formgrader.served = fetched(address + "evil.html")
    return graded, feedback, formgrader


@pytest.fixture(scope="module")
def guarded(zygote, browser, tmp_path_factory):
    return pages_of(browser, tmp_path_factory.mktemp("guarded"), gate=True)


def test_nothing_of_a_student_runs_in_the_formgrader(guarded):
    _, _, formgrader = guarded
    assert formgrader.harm == []
    assert formgrader.served is None, "a page that was handed in"
    assert formgrader.strangers == set()


def test_nothing_of_a_student_runs_on_the_feedback_page(guarded):
    _, feedback, _ = guarded
    assert feedback.harm == []
    assert feedback.strangers == set()


def test_points_are_as_they_were(guarded):
    graded, _, _ = guarded
    assert graded.errors == []
    assert graded.room.cell_scores("ann", "gallery")["live_check"] == 1


def wait_until(page, condition):
    """Playwright's own way needs eval in the page, which the policy forbids."""
    for _ in range(10 * PATIENCE):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


@pytest.mark.long
def test_grading_by_hand_works_behind_the_policy(guarded, browser, tmp_path):
    graded, _, _ = guarded
    ids = {student: graded.submission_id(student) for student in ("ann", "ben")}
    first, second = sorted(ids, key=ids.get)
    page, refused = browser.new_page(), []
    page.on("console", lambda said: refused.append(said.text) if POLICY in said.text else None)
    page.route(f"https://{HOST}/**/*", mathjax.answer)
    with graded.formgrader(tmp_path / "server.log") as pages:
        page.goto(f"{pages}{ids[first]}/")
        wait_until(page, "formgrader.loaded && formgrader.grades.loaded")
        page.fill("#written", "0.5")
        page.press("#written", "Tab")  # the keyboard's next field, and the score is saved
        wait_until(page, "document.activeElement.id == 'written_extra_credit'")
        page.fill("#written-comment", "Well said.")
        page.press("#written-comment", "Escape")
        page.click("#live_check >> xpath=ancestor::*[@class='pull-right'] >> .no-credit")
        page.click(".name-hidden.glyphicon")
        assert page.locator("a.name-shown").is_visible()
        if mathjax.is_here():
            page.wait_for_selector("h1 .mjx-chtml")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("Control+.")
        page.wait_for_url(f"**/{ids[second]}/**")
        page.click("text=← Prev")
        page.wait_for_url(f"**/{ids[first]}/**")
        wait_until(page, "formgrader.loaded && formgrader.grades.loaded")
        assert page.input_value("#written") == "0.5"
    page.close()
    assert refused == []
    scores = graded.room.cell_scores(first, "gallery")
    assert scores["written"] == 0.5 and scores["live_check"] == 0
    with graded.gradebook() as gradebook:
        comment = gradebook.find_comment("written", "gallery", "gallery", first)
        assert comment.comment == "Well said."


@pytest.mark.long
def test_without_the_gate_the_same_payloads_run_and_the_policy_alone_stops_them(browser, tmp_path):
    graded, feedback, formgrader = pages_of(browser, tmp_path, gate=False)
    placed = sum(payloads().values())
    assert placed > 600 and len(formgrader.fired) > 150 and len(formgrader.called) > 60
    places = {name.partition("-")[0] for name in formgrader.fired}
    assert places >= {"saved", "live", "answer", "extra"}
    assert formgrader.served == "text/html"
    assert feedback.fired == feedback.called == set()
    with graded.formgrader(tmp_path / "server.log") as pages:
        behind = look_at(browser, f"{pages}{graded.submission_id('ann')}/", KNOWN)
    assert behind.fired == behind.called == set()
