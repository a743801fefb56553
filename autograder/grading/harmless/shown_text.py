"""Printed text: colours stay, whatever else a terminal might obey goes."""

import re

MOST_COLOURS = 5_000
"""Colour codes in one text; a page needs time that grows with the square of their number."""
SEQUENCE = re.compile(
    r"(?P<colour>\x1b\[\d{0,3}(?:;\d{0,3}){0,15}m)"
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # titles, links: up to their end
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]"
)


def harmless_text(text: str) -> str:
    """The text without control characters, and without codes that are no colours."""
    if sum(1 for match in SEQUENCE.finditer(text) if match["colour"]) > MOST_COLOURS:
        return SEQUENCE.sub("", text)
    return SEQUENCE.sub(lambda match: match["colour"] or "", text)
