"""Feedback pages with a policy that a browser keeps: a second wall behind the harmless notebook."""

import base64
import hashlib
import re
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
"""Where nbconvert's pages get formulas from: nothing else is fetched, nothing else runs."""
INLINE_SCRIPT = re.compile(r"<script\b[^>]*text/x-mathjax-config[^>]*>(.*?)</script>", re.DOTALL)


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, with a Content-Security-Policy in its head."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Make the page."""
        page, resources = super().from_notebook_node(nb, resources, **options)
        macros = self.environment.get_template("mathjax.html.j2").module
        return with_policy(page, INLINE_SCRIPT.findall(str(macros.mathjax()))), resources


def with_policy(page: str, scripts: list[str]) -> str:
    """A page of HTML with a policy: only MathJax runs, and these scripts of the template's.

    Args:
        page: the page.
        scripts: the texts of scripts that stand in the page itself, as MathJax's settings do.
    """
    return page.replace(
        "<head>",
        f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">',
        1,
    )


def policy(scripts: list[str]) -> str:
    """The policy as a browser reads it."""
    allowed = " ".join(f"'sha256-{_digest(text)}'" for text in scripts)
    parts = {
        "default-src": "'none'",
        # MathJax reads its settings with eval; markup alone cannot call that.
        "script-src": f"{MATHJAX} {allowed} 'unsafe-eval'",
        "style-src": f"'unsafe-inline' {MATHJAX}",
        "font-src": f"data: {MATHJAX}",
        "img-src": f"'self' data: {MATHJAX}",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
