"""A card of each kind of exercise in a browser: its pictures, its text form, all of it legible."""

import re

import pytest
from browser.lab import photographed
from browser.test_plain_pages import CONTRASTS, PAGES, UNPACKED, weak
from sweeps import one_in

from autograder.practising import Practice
from autograder.practising.exercise import KINDS

BETWEEN = "find between drawings"
CARDS = (*KINDS, BETWEEN)
DRAWINGS = {"build": 1, "draw": 3, BETWEEN: 2}
"""How many pictures a card has; the others have none."""
WIDTHS = [1000, 390]
"""Of a laptop's cell, and of a telephone."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cards():
    """What a notebook shows of an exercise of each kind, as HTML; of "find" in both its forms."""
    practice = Practice()
    asked = {kind: practice("shared layers", 2, kind, 3) for kind in KINDS if kind != "find"}
    for seed in range(3, 20):
        found = practice("shared layers", 2, "find", seed)
        asked.setdefault(BETWEEN if found.exercise.as_drawings else "find", found)
    return {kind: each._repr_mimebundle_()["text/html"] for kind, each in asked.items()}


def opened(browser, card, page_name, width):
    ground, colour = PAGES[page_name]
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.route("**/*", lambda route: route.abort())
    page.set_content(f"<html><body style='background:{ground};color:{colour}'>{card}</body></html>")
    return page


@one_in(3)
@pytest.mark.parametrize("kind", CARDS)
def test_each_card_shows_its_pictures_and_says_them_in_words(browser, cards, kind):
    for width in WIDTHS:
        page = opened(browser, cards[kind], "plain, light", width)
        images = page.locator("img")
        assert images.count() == DRAWINGS.get(kind, 0)
        for image in images.all():
            assert image.evaluate("each => each.naturalWidth") > 50
            box = image.bounding_box()
            assert box and box["height"] > 50 and box["x"] + box["width"] <= width
            assert image.get_attribute("alt").endswith("The same as text below.")
        page.locator("summary").evaluate_all("all => all.forEach(each => each.click())")
        words = page.locator("body").inner_text()
        drawings = DRAWINGS.get(kind, 0)
        assert words.count("The same graph as text") == drawings
        assert words.count("[output") >= drawings
        assert "practice.check(" in words and ", seed " in words
        # Nothing is cut off, and nobody has to move the page sideways.
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


@one_in(5)  # of seven cards on four pages: each page, and nearly each card
@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize("name", PAGES)
def test_each_card_is_legible_light_and_dark(browser, cards, name, kind):
    for width in WIDTHS:
        page = opened(browser, cards[kind], name, width)
        file = re.sub(r"[ ,]+", "-", f"practice-{kind}-{name}-{width}")
        photographed(page, file, full_page=True)
        page.set_viewport_size({"width": width, "height": 6_000})
        assert page.evaluate(UNPACKED) == DRAWINGS.get(kind, 0)
        found = page.evaluate(CONTRASTS)
        page.close()
        assert len(found) >= 5 and weak(found) == []
