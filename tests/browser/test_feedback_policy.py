"""The second wall: even where markup got onto a feedback page, a browser runs nothing of it."""

import re

import pytest
from browser import mathjax
from browser.payloads import html_payloads, pixel
from browser.seen import look_at
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.grading.pages.content_policy import MATHJAX
from autograder.grading.pages.feedback_page import FeedbackExporter


def page_of(text):
    return FeedbackExporter(template_name="classic").from_notebook_node(
        new_notebook(cells=[new_markdown_cell(text)])
    )[0]


def test_the_policy_stands_before_anything_else_and_admits_the_pages_own_script():
    page = page_of("a")
    assert re.search(r'<head>\s*<meta http-equiv="Content-Security-Policy"', page)
    assert re.search(rf"script-src {re.escape(MATHJAX)} 'sha256-[\w+/=]+';", page)


@pytest.mark.long
@pytest.mark.slow
def test_nothing_runs_or_calls_home_behind_the_policy(browser, tmp_path):
    body = "\n\n".join(html_payloads("wall").values())
    path = tmp_path / "page.html"
    path.write_text(page_of(body), encoding="utf-8")
    seen = look_at(browser, path.as_uri(), ("cdnjs.cloudflare.com",))
    assert seen.fired == set() and seen.called == set()
    path.write_text(re.sub(r"<meta http-equiv=.Content-S[^>]*>", "", page_of(body)), "utf-8")
    assert len(look_at(browser, path.as_uri(), ("cdnjs.cloudflare.com",)).fired) > 20


@pytest.mark.slow
def test_a_picture_beside_the_page_is_shown_and_the_settings_of_mathjax_are_admitted(
    browser, tmp_path
):
    (tmp_path / "plot.png").write_bytes(pixel())
    path = tmp_path / "page.html"
    path.write_text(page_of("![plot](plot.png)\n\n$x$"), encoding="utf-8")
    page, refused = browser.new_page(), []
    page.on("console", lambda message: refused.append(message.text))
    page.route(f"https://{mathjax.HOST}/**", mathjax.answer)
    page.goto(path.as_uri())
    if mathjax.is_here():
        page.wait_for_selector(".mjx-chtml")
    assert page.evaluate("(MathJax.AuthorConfig ?? MathJax).tex2jax.processEscapes"), refused
    assert page.locator("img").evaluate("image => image.naturalWidth") == 2, refused
    page.close()
