"""nbgrader's feedback page on a phone: what is wide moves by itself, the page does not."""

from pathlib import Path

import nbgrader.server_extensions.formgrader as formgrader
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.grading.pages.feedback_page import NARROW, FeedbackExporter

pytestmark = pytest.mark.slow
NBGRADERS = Path(formgrader.__file__).parent
COLUMNS = [f"`a_rather_long_name_{number}`" for number in range(6)]
ROW = "| " + " | ".join(COLUMNS) + " |"
TABLE = f"{ROW}\n|{'---|' * len(COLUMNS)}\n{ROW}"
GRADED = {
    "grade": True,
    "solution": False,
    "grade_id": "ch01_ex1_check",
    "points": 2.0,
    "score": 1.0,
    "schema_version": 3,
}


def page_of(*cells):
    exporter = FeedbackExporter(
        template_name="feedback",
        template_file="index.html.j2",
        extra_template_basedirs=[str(NBGRADERS / "templates")],
        extra_template_paths=[str(NBGRADERS / "static/node_modules/bootstrap/dist/css")],
    )
    graded = {"score": 1.0, "max_score": 2.0, "late_penalty": 0.0, "notebook": "ch01"}
    resources = {"nbgrader": graded, "metadata": {"name": "ch01"}}
    return exporter.from_notebook_node(new_notebook(cells=list(cells)), resources)[0]


def test_the_page_is_as_wide_as_the_phone(browser, tmp_path):
    wide = new_output("display_data", {"text/html": f"<p>{'wide&nbsp;' * 80}</p>"})
    check = new_code_cell('check("ch01_ex1", answer)', outputs=[wide])
    check.metadata["nbgrader"] = GRADED
    text = page_of(new_markdown_cell(TABLE), check)
    ours, nbgraders = tmp_path / "ours.html", tmp_path / "nbgraders.html"
    ours.write_text(text, encoding="utf-8")
    assert NARROW in text
    nbgraders.write_text(text.replace(NARROW, ""), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    widths = []
    for path in (ours, nbgraders):
        page.goto(path.as_uri())
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
    page.close()
    assert widths[0] <= 390 < widths[1]
