"""Chapter 1 in a real JupyterLab, in a real browser: what a student sees."""

import shutil
from pathlib import Path

import nbformat
import pytest
from browser.lab import photographed, run_all, running_lab

from autograder.grading.notebooks.answer_cells import with_answers

COURSE = Path(__file__).parents[2]
CHAPTER = "ch01_sequential_to_functional"
NAME = f"{CHAPTER}.ipynb"

WRONG = """def build_classifier(features=64, classes=10):
    pixels = keras.Input((features,), name="pixels")
    x = layers.Dense(64, activation="relu", name="hidden_1")(pixels)
    x = layers.Dense(32, activation="relu", name="hidden_2")(x)
    digit = layers.Dense(classes, activation="softmax", name="digit")(x)
    return keras.Model(inputs=pixels, outputs=digit)"""

pytestmark = pytest.mark.slow


def answered():
    released = nbformat.read(COURSE / "course" / CHAPTER / NAME, as_version=4)
    solution = nbformat.read(COURSE / "solutions" / CHAPTER / NAME, as_version=4)
    return with_answers(released, solution)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A JupyterLab with the chapter as released, answered right, and with one wrong answer."""
    folder = tmp_path_factory.mktemp("student")
    for part in ("released", "right", "wrong"):
        shutil.copytree(COURSE / "course" / CHAPTER, folder / part)
    right = answered()
    nbformat.write(right, folder / "right" / NAME)
    for cell in right.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "ch01_ex2_answer":
            cell.source = WRONG
    nbformat.write(right, folder / "wrong" / NAME)
    with running_lab(folder, tmp_path_factory.mktemp("machine")) as address:
        yield address


@pytest.fixture
def look(browser, address):
    pages = []

    def open_and_run(part, theme="light"):
        page = browser.new_page(
            viewport={"width": 1300, "height": 9000},
            color_scheme=theme,
        )
        pages.append(page)
        run_all(page, address, f"{part}/{NAME}")
        photographed(page, f"chapter_{part}")
        return page

    yield open_and_run
    for page in pages:
        page.close()


def stderr_of(page):
    return page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').all_inner_texts()


def test_right_answers_pass_without_noise_and_with_pictures(look):
    page = look("right")
    cards = page.locator("div[role=status]").all_inner_texts()
    assert len([text for text in cards if text.strip().startswith("✓ ch01_ex")]) == 7
    assert stderr_of(page) == []
    pictures = page.locator(".jp-OutputArea-output img").evaluate_all(
        "all => all.map(i => [i.alt, i.naturalWidth])"
    )
    assert len(pictures) >= 6
    assert all(alt and width > 50 for alt, width in pictures)


@pytest.mark.long  # what it says there, tests/notebooks/test_released.py reads without a browser
def test_as_released_it_stops_with_a_plain_message(look):
    page = look("released")
    cards = page.locator("div[role=status]").all_inner_texts()
    assert [text for text in cards if "ch01_ex1: not attempted yet" in text]
    assert "Traceback" not in page.locator(".jp-Notebook").inner_text()
    assert stderr_of(page) == ["○ ch01_ex1: not attempted yet (0 of 2 cases)"]


@pytest.mark.long  # how such a card looks, other pages show; what it says, no browser is needed for
def test_a_wrong_answer_is_named_with_a_picture_of_it(look):
    page = look("wrong")
    card = page.locator("div[role=status]", has_text="ch01_ex2: not yet")
    text = card.inner_text()
    assert "(64 + 1) × [64] = 4,160" in text and "(64 + 1) × [32] = 2,080" in text
    assert "HERE" in card.locator("img").first.get_attribute("alt")
    assert "Traceback" not in page.locator(".jp-Notebook").inner_text()
