"""Feedback pages with a policy that a browser keeps: a second wall behind the harmless notebook.

They can be read on a phone, too: nbgrader's page asks for a wide window, and grows with its tables.
"""

from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from autograder.grading.pages.content_policy import hashes, policy, settings, tag, without_eval

NARROW = """<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
.rendered_html table, .output_html { display: block; max-width: 100%; overflow-x: auto; }
.rendered_html code, .nbgrader-label code { overflow-wrap: anywhere; white-space: pre-wrap; }
@media (max-width: 600px) {
  .container, .panel-body, #notebook { padding: 0 4px !important; }
  div.prompt, div.prompt:empty { min-width: 0; padding: 0; text-align: left; }
  div.output_area { display: block; }
  .rendered_html table { font-size: 11px; }
  .rendered_html :is(td, th) { padding: 2px 3px; overflow-wrap: anywhere; }
  div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
}
</style>
"""
"""What the page lacks on a phone: tables move by themselves, and prompts stand above."""


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, with a Content-Security-Policy and our style in its head."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Make the page."""
        page, resources = super().from_notebook_node(nb, resources, **options)
        return with_policy(page), resources


def with_policy(page: str) -> str:
    """A page of HTML with a policy: only MathJax runs, and the settings that it has in the head.

    Args:
        page: the page; up to the end of its head it holds nothing of a student's.
    """
    head, end, body = page.partition("</head>")
    head = without_eval(head)
    allowed = tag(policy(hashes(settings(head))))
    return head.replace("<head>", f"<head>\n{allowed}", 1) + NARROW + end + body
