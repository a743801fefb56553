"""Which addresses a page may hold that a student wrote.

A relative address would lead to a file that the student handed in: the formgrader serves those from
Jupyter's own origin, where a page of theirs could do all that the instructor can.
"""

import html
import re
from urllib.parse import urlsplit

SHORTEST_WAY_HOME = re.compile(r"(.*\.)?localhost|[\d.]+|.*:.*|[^.]*", re.IGNORECASE)
"""Hosts that are this machine or its neighbours: names without a dot, and bare numbers."""
PICTURE = re.compile(r"[\w-]+(?:/[\w-]+)*\.(?:png|jpe?g|gif|webp)", re.IGNORECASE | re.ASCII)
CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")


def is_link(address: str) -> bool:
    """Whether a click on it leads to a place on the Web, to a mail, or to the same page."""
    text = plain_address(address)
    if text.startswith("#"):
        return True
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return not parts.netloc
    is_web = parts.scheme in ("http", "https") and "\\" not in text
    return is_web and "@" not in parts.netloc and not SHORTEST_WAY_HOME.fullmatch(host)


def is_picture_file(address: str) -> bool:
    """Whether it is a picture that lies beside the notebook: no other request is ever sent."""
    return PICTURE.fullmatch(plain_address(address)) is not None


def plain_address(address: str) -> str:
    """The address as a browser takes it: without character references and stray white space."""
    return CONTROL.sub("", html.unescape(address))
