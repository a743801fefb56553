"""Hints in Notebook 7, and in a page without any notebook: unfolded they are read, before not."""

import shutil
from pathlib import Path

import mistune
import nbformat
import pytest
from browser.lab import photographed, running_lab
from browser.test_first_minute import CHAPTER, hints_are_read_on_request_alone

ROOT = Path(__file__).parents[2]
COLAB_DARK = ("#383838", "#d5d5d5")
SCREEN = {"width": 1000, "height": 800}

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_in_notebook_7(browser, tmp_path):
    shutil.copytree(ROOT / "course" / CHAPTER, tmp_path / "course" / CHAPTER)
    with running_lab(tmp_path / "course", tmp_path, program="notebook") as address:
        page = browser.new_page(viewport=SCREEN)
        page.goto(f"{address}/notebooks/{CHAPTER}/{CHAPTER}.ipynb")
        page.wait_for_selector(".jp-RenderedMarkdown details")
        page.wait_for_timeout(1000)
        hints_are_read_on_request_alone(page)
        page.locator("details").first.scroll_into_view_if_needed()
        photographed(page, "hints_in_notebook_7")


@pytest.mark.parametrize(("ground", "colour"), [("#ffffff", "#000000"), COLAB_DARK])
def test_as_colab_shows_a_text(browser, ground, colour):
    """Markdown made into HTML, on Colab's backgrounds, without Jupyter's styles and scripts."""
    book = nbformat.read(ROOT / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    texts = [cell.source for cell in book.cells if "<details>" in cell.source]
    page = browser.new_page(viewport=SCREEN)
    page.set_content(f"<body style='background:{ground};color:{colour}'>")
    page.evaluate("html => document.body.innerHTML = html", "".join(map(mistune.html, texts)))
    hints = page.locator("details")
    assert hints.count() >= 20
    for number in range(hints.count()):
        hint = hints.nth(number)
        assert (
            hint.evaluate("e => getComputedStyle(e.querySelector('summary')).display")
            == "list-item"
        )
        said = hint.locator("summary ~ *").first
        assert not said.is_visible()
        hint.locator("summary").focus()
        page.keyboard.press("Enter")
        assert said.is_visible() and len(said.inner_text().split()) >= 2
        assert "&#" not in said.inner_text()
    photographed(page, f"hints_on_{ground[1:]}")
