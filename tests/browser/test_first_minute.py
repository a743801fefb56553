"""What a student sees who types `make lab`, until the first chapter is closed again."""

import re
import shutil
from pathlib import Path

import pytest
from browser.lab import photographed, running_lab

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
CHAPTER = "ch01_sequential_to_functional"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """The course as `make lab` opens it, for somebody who has never had a JupyterLab before."""
    home = tmp_path_factory.mktemp("home")
    course = shutil.copytree(ROOT / "course", home / "course")
    (config,) = re.findall(r'JUPYTER_CONFIG_PATH="\$\(CURDIR\)/(.*?)"', MAKEFILE)
    variables = {"HOME": str(home), "JUPYTER_CONFIG_PATH": str(ROOT / config)}
    with running_lab(course, home, settings={}, **variables) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 850})
        page.goto(address)
        page.wait_for_selector(".jp-RenderedMarkdown table")
        page.wait_for_timeout(2000)  # what pops up does so a little later
        yield page


def test_the_index_is_open_and_nothing_else_asks_for_attention(page):
    photographed(page, "first_minute_index")
    links = page.locator(".jp-RenderedMarkdown table a").all_inner_texts()
    assert [text[0] for text in links] == list("1234567")
    assert page.locator(".jp-Launcher, .jp-Dialog, .Toastify__toast").count() == 0
    files = page.locator(".jp-DirListing-itemText").all_inner_texts()
    assert CHAPTER in files and "README.md" in files


def test_what_is_for_instructors_is_not_there(page):
    menus = page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader")
    if menus.count():
        menus.click()
        page.wait_for_timeout(300)
        entries = page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts()
        page.keyboard.press("Escape")
        assert not {"Create Assignment", "Formgrader", "Assignment List", "Courses"} & set(entries)
    panels = page.locator(".lm-TabBar-tab[title]").evaluate_all("all => all.map(t => t.title)")
    assert not [title for title in panels if "ssignment" in title]


def hints_are_read_on_request_alone(page):
    """Unfolded by the keyboard it says what it says; a double click on the text shows no word."""
    hint = page.locator(".jp-RenderedMarkdown details").first
    cell = page.locator(".jp-MarkdownCell", has=page.locator("details")).first
    hint.locator("summary").focus()
    page.keyboard.press("Enter")
    said = hint.locator("p").first.inner_text()
    assert len(said.split()) > 5
    cell.locator(".jp-RenderedMarkdown p").first.dblclick()
    page.wait_for_timeout(500)
    source = cell.locator(".cm-content").inner_text()
    assert "<details>" in source and said not in source
    assert not [
        word for word in said.split() if len(word) > 8 and word in source.split("details>")[1]
    ]
    page.keyboard.press("Shift+Enter")


@pytest.mark.long
def test_a_chapter_that_was_only_read_closes_without_a_question(page):
    page.locator(".jp-RenderedMarkdown table a").first.click()
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    page.wait_for_timeout(2000)
    photographed(page, "first_minute_chapter")
    hints_are_read_on_request_alone(page)
    assert CHAPTER in page.url
    assert page.locator(".lm-TabBar-tab.jp-mod-dirty").count() == 0
    page.keyboard.press("Alt+w")
    page.wait_for_selector(f".lm-TabBar-tabLabel:text('{CHAPTER}')", state="detached")
    assert page.locator(".jp-Dialog").count() == 0
