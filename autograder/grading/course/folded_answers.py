"""Hints, and what a quiz says of each choice: folded, and not to be read by accident.

In a released chapter, a double click opens a text as it was written. So what is folded away there
is spelt in numbers of letters, which a browser shows as words, with or without a kernel. That
keeps an answer from somebody who has not asked for it, and no secret: everybody may unfold it.
"""

from __future__ import annotations

import html
import re

import mistune
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

FOLDED = re.compile(
    r"<details>\s*<summary>(?P<title>.*?)</summary>(?P<text>.*?)</details>", re.DOTALL
)
TAG = re.compile(r"(<[^>]+>)")
SPACE = re.compile(r"\s+")
# Pages with Bootstrap take the triangle from what can be unfolded.
TITLE = '<summary style="display:list-item;cursor:pointer">'


def with_folded_answers(source: str) -> str:
    """A text of Markdown whose folded parts cannot be read before they are unfolded.

    Each becomes one line of HTML: Markdown would go on reading after an empty one.
    """

    def spelt(found: re.Match[str]) -> str:
        title = " ".join(found["title"].split())
        shown = str(mistune.html(found["text"].strip())).strip()
        return f"<details>{TITLE}{title}</summary>{in_numbers(shown)}</details>"

    return FOLDED.sub(spelt, source)


def in_numbers(shown: str) -> str:
    """HTML with the same tags, and its words as numbers of letters.

    Args:
        shown: HTML; line breaks count in it where it is set as code.
    """
    parts, is_code = [], False
    for part in TAG.split(shown):
        if TAG.fullmatch(part):
            is_code = part.startswith("<pre") or (is_code and part != "</pre>")
            parts.append(part)
        else:
            text = html.unescape(part)
            text = text if is_code else SPACE.sub(" ", text)
            parts += [letter if letter == " " else f"&#{ord(letter)};" for letter in text]
    return "".join(parts)


class FoldedAnswers(NbGraderPreprocessor):
    """A preprocessor of `generate_assignment`."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Fold them in what students get."""
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = with_folded_answers(cell.source)
        return nb, resources
