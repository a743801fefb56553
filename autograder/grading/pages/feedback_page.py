"""Feedback pages with a policy that a browser keeps: a second wall behind the harmless notebook."""

from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from autograder.grading.pages.content_policy import hashes, policy, settings, tag, without_eval


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, with a Content-Security-Policy in its head."""

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
    return head.replace("<head>", f"<head>\n{allowed}", 1) + end + body
