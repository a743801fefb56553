"""The formgrader's page of a submission with a policy that a browser keeps: a second wall.

A filter of the template `guarded`, which is nbgrader's own with another head.
"""

import re
import secrets

from autograder.grading.pages.content_policy import (
    MATHJAX,
    hashes,
    inline_scripts,
    policy,
    tag,
    without_eval,
)

FILE = re.compile(r"<script(?=[^>]*\ssrc=)")
HANDLER = re.compile(r'\son[a-z]+="([^"]*)"')


def guarded(head: str, bar: str) -> str:
    """The page's head with a policy: nbgrader's scripts and MathJax run, nothing else.

    Files are admitted by a number that nobody knows before, since what was handed in has addresses
    on the same server; what stands in the page, by its text.

    Args:
        head: the page's beginning, as nbgrader makes it; it holds nothing of a student's.
        bar: nbgrader's bar above the notebook, which holds scripts, too.
    """
    head, number = without_eval(head), secrets.token_urlsafe()
    texts = [*inline_scripts(head + bar), *HANDLER.findall(bar)]
    allowed = policy(
        f"'nonce-{number}' 'unsafe-hashes' {hashes(texts)}",
        connect_src="'self'",  # scores and comments go to the server
        style_src=f"'self' 'unsafe-inline' {MATHJAX}",
        font_src=f"'self' data: {MATHJAX}",
    )
    head = FILE.sub(f'<script nonce="{number}"', head)
    return head.replace("<head>", f"<head>\n{tag(allowed)}", 1)
