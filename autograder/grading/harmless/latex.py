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
)  # fmt: skip
ACTIVE = re.compile(
    rf"(?<!\\)\\+(?P<name>{'|'.join(sorted(COMMANDS, key=len, reverse=True))})(?![A-Za-z])"
)


def harmless_latex(text: str) -> str:
    r"""The text with such commands as words: `\href` becomes `\mathrm{href}`."""
    return ACTIVE.sub(r"\\mathrm{\g<name>}", text)
