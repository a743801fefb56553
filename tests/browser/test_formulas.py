"""Formulas in a real browser, set by the real MathJax: none fires, none hangs or hides the page."""

import pytest
from browser import mathjax
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.grading.harmless.whole_notebook import harmless_notebook
from autograder.grading.pages.feedback_page import FeedbackExporter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not mathjax.is_here(), reason="there is no MathJax on this machine"),
]
CRASH = r"\sqrt{" * 250 + "x" + "}" * 250
HIGH = r"\rule{1em}{99999999em} \raise-9999em{x} \begin{matrix}a\\[99999em]b\end{matrix}"
ENDLESS = r"\def\x{\x\x}\x \newcommand{\y}{\y\y}\y"
HIGHEST = 3_000
"""Pixels that the page needs for all that stands in it."""


def page_of(text, gate):
    """A feedback page on which a text stands as markdown and in outputs, and then our own."""
    kinds = {"text/latex": f"$${text}$$", "text/html": f"<p>$${text}$$</p>"}
    outputs = [new_output("display_data", {kind: content}) for kind, content in kinds.items()]
    book = new_notebook(
        cells=[new_markdown_cell(f"$${text}$$"), new_code_cell("show()", outputs=outputs)]
    )
    book = harmless_notebook(book, None) if gate else book
    book.cells.append(new_markdown_cell("# The end $y$"))
    return FeedbackExporter(template_name="classic").from_notebook_node(book)[0]


def height(browser, path, text, gate):
    """How high the page is once all is set; None if the browser has lost it."""
    path.write_text(page_of(text, gate), encoding="utf-8")
    page = browser.new_page()
    lost = []
    page.on("crash", lambda gone: lost.append(gone))
    page.route(f"https://{mathjax.HOST}/**", mathjax.answer)
    try:
        page.goto(path.as_uri())
        page.wait_for_selector("h1 .mjx-chtml")
        return page.evaluate("document.documentElement.scrollHeight")
    except Exception:
        assert lost, "the formulas are not set"
        return None
    finally:
        page.close()


@pytest.mark.long
def test_no_formula_makes_the_browser_lose_the_page_or_hides_what_stands_below(browser, tmp_path):
    path = tmp_path / "page.html"
    assert height(browser, path, CRASH, gate=False) is None
    assert height(browser, path, HIGH, gate=False) > 10 * HIGHEST
    for text in (CRASH, HIGH, ENDLESS):
        found = height(browser, path, text, gate=True)
        assert found is not None and found < HIGHEST, text[:20]
