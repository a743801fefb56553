"""Text from elsewhere (ids, names of files, what code says) where a person reads a line of ours.

As it is, it could move the terminal's cursor, turn the direction of writing round, or begin a line
that looks as if the grader had written it.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300
"""Characters of an error that are told."""
MARKUP = '<>"'
"""What begins or ends a tag or an attribute."""


def shown(text: object) -> str:
    """The text on one line, with whatever is no visible letter or space written as an escape."""
    return "".join(letter if _is_plain(letter) else _escape(letter) for letter in str(text))


def shown_lines(text: str) -> str:
    """A text of several lines, each of them made harmless; what ends a line is a newline alone."""
    return "\n".join(map(shown, text.split("\n")))


def one_line(text: str, longest: int = LONGEST) -> str:
    """A text on one line, without a terminal's colours, cut where it is too long."""
    plain = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _is_plain(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def is_name(text: str) -> bool:
    """Whether a text can be an id: on one line, and without what controls a terminal or a page.

    nbgrader's pages hold ids as they are, in the text and in attributes.
    """
    controls = any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text)
    return not controls and not set(text) & set(MARKUP)


def pattern(text: str) -> str:
    """A pattern for nbgrader, and for `glob`, that matches this text and nothing else."""
    # nbgrader takes spaces off the ends of an id.
    return "".join(f"[{letter}]" if letter in "*?[ " else letter for letter in text)
