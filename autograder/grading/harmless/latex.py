"""Formulas: commands that do more than set one are written out instead of obeyed."""

import re

COMMANDS = (
    # what makes links, attributes and requests of a formula
    "href", "url", "class", "cssId", "style", "data", "unicode", "mmlToken", "bbox", "html",
    "htmlClass", "htmlId", "htmlStyle", "htmlData", "includegraphics", "require", "texttip",
    "mathtip", "toggle", "action", "begingroup", "endgroup",
    # what defines commands, of which a few lines make formulas without an end
    "def", "gdef", "edef", "xdef", "let", "newcommand", "renewcommand", "providecommand",
    "newenvironment", "renewenvironment", "DeclareMathOperator", "DeclarePairedDelimiter",
    "csname", "input", "include", "write", "openout", "loop",
    # what makes a page of any height, or lies over other parts of it
    "rule", "Rule", "Space", "raise", "lower", "moveleft", "moveright", "above",
    "abovewithdelims", "genfrac",
)  # fmt: skip
SPACES = ("hspace", "kern", "mkern", "hskip", "mskip", "mspace")
FAR = r"(?=[\s{*]*(?:-\s*\d\d|\+?\s*\d{3}))"
"""A space of 100 or more, or backwards of 10 or more, whatever the unit."""
_BY_LENGTH = "|".join(sorted(COMMANDS, key=len, reverse=True))
ACTIVE = re.compile(
    rf"(?<!\\)\\+(?P<name>(?:{_BY_LENGTH})(?![A-Za-z])|(?:{'|'.join(SPACES)}){FAR})"
)
ROW = re.compile(r"\\\\(?=\s*\[\s*(?:-|\+?\s*\d\d)[\d.]*\s*(?:pt|em|ex|mu|px|mm|cm|in|pc)\s*\])")
"""The end of a table's row with much room below it, or with the next one above."""

LONGEST = 20_000
"""Characters of formulas; a browser needs about a millisecond for each."""
DEEPEST = 30
"""Levels within a formula. Chromium loses the page where 120 roots are within each other."""
SIGNS = re.compile(r"\$|\\[(\[]|\\begin\b")
LEVELS = re.compile(
    r"\\(?P<open>left|begin)\b|\\(?P<close>right|end)\b|\\.|(?P<brace>[{}])", re.DOTALL
)


def harmless_latex(text: str) -> str:
    r"""The text with such commands as words: `\href` becomes `\mathrm{href}`."""
    return ROW.sub(r"\\\\{}", ACTIVE.sub(r"\\mathrm{\g<name>}", text))


def is_settable(text: str) -> bool:
    """Whether a browser can set the formulas in it."""
    if SIGNS.search(text) is None:
        return True
    return len(text) <= LONGEST and is_shallow(text)


def is_shallow(text: str) -> bool:
    """Whether nothing in it is nested so deeply that a browser loses the page."""
    return _depth(text) <= DEEPEST


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in LEVELS.finditer(text):
        if match["open"] or match["brace"] == "{":
            depth += 1
        elif match["close"] or match["brace"]:
            depth = max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
