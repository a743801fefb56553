"""The report of a class in a browser: light and dark, wide and narrow, and on paper."""

import pytest
from browser.lab import photographed
from grading.class_report.made_class import MadeClass

from autograder.commands import run

WIDE, NARROW = 1200, 390
PAPER = 680
"""CSS pixels of an A4 page between its margins."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of the report on a class in which there is something of everything."""
    made = MadeClass(tmp_path_factory.mktemp("report") / "class", students=30, exercises=7)
    made.hand_in("one", dict.fromkeys(made.exercises, "raised"), {1: LONG}, ["x" * 300])
    made.hand_in("two", dict.fromkeys(made.exercises, "not-shared"), {1: LONG})
    assert run(["report", f"--course={made.root}"]) == 0
    return (made.root / "classroom" / "report.html").as_uri()


LONG = "\n".join(f"value_{n} = [keras.layers.Dense({n}), {'long, ' * 40}]" for n in range(30))


def opened(browser, address, width, scheme):
    """The page, and what it asked for or complained of."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda asked: told.append(asked.url))
    page.goto(address)
    return page, [line for line in told if not line.startswith(("data:", address))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_fits_and_asks_for_nothing(browser, address, width, scheme):
    page, told = opened(browser, address, width, scheme)
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert light == (scheme == "light")
    photographed(page, f"report-{scheme}-{width}", full_page=True)


def test_it_fits_on_paper_with_all_that_is_folded(browser, address):
    page, _ = opened(browser, address, PAPER, "dark")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER
    pictures = page.locator("details img")
    assert pictures.count() > 5
    assert all(each.bounding_box()["height"] > 50 for each in pictures.all())


def test_letters_in_pictures_have_the_colour_of_the_page(browser, address):
    page, _ = opened(browser, address, WIDE, "dark")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    ink = page.evaluate(style.format("body", "color"))
    letters = page.evaluate(style.format("figure svg text", "fill"))
    assert ink == letters
