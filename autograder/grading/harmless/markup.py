"""HTML that a student's code showed: tables, cards, pictures and words stay."""

import base64
import binascii
import re
from collections.abc import Callable

import nh3

from autograder.grading.harmless.addresses import is_link, is_picture_file
from autograder.grading.harmless.drawings import PICTURE_URL, harmless_svg, svg_address
from autograder.grading.harmless.latex import harmless_latex, is_settable
from autograder.grading.harmless.pictures import sound_picture
from autograder.grading.harmless.styles import harmless_declarations, harmless_sheet

_SHOWN = """
    a abbr b blockquote br caption center code col colgroup dd del details div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre s samp small span strong sub summary
    sup table tbody td tfoot th thead tr tt u ul var
"""
_LEFT_OUT = """
    applet embed head iframe math noembed noframes noscript object option plaintext script select
    style svg template textarea title xmp
"""
TAGS = set(_SHOWN.split())
WITHOUT_CONTENT = set(_LEFT_OUT.split())
"""What is left out with all that is in it; of other tags only the words stay."""
ATTRIBUTES = {
    "*": {"style", "title", "align", "dir", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "class", "id"},
    "td": {"colspan", "rowspan", "class", "id", "valign"},
    "th": {"colspan", "rowspan", "scope", "class", "id", "valign"},
    "tr": {"class", "id"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
    "details": {"open"},
    "div": {"role"},
    "pre": {"class"},
    "span": {"class"},
    "code": {"class"},
}
CLASS = re.compile(
    r"dataframe|data|blank|index_name|(?:row|col)_heading|(?:row|col|level)\d+|hover_\w+|ansi-[\w-]+",
    re.ASCII,
)
"""Names that pandas gives; the page's own names could make a student's box look like a form's."""
TABLE_ID = re.compile(r"T_\w{1,60}", re.ASCII)
PLACE = '<u title="style sheet {}"></u>'
"""What stands for a style sheet while the rest is cleaned: what follows it depends on its place."""
WITHOUT_FORMULAS = '<div class="tex2jax_ignore">{}</div>'
"""Where MathJax takes nothing for a formula."""
NUMBER = re.compile(r"\d{1,4}%?")
DEEPEST = 300
"""Levels of nested tags; parsers need time that grows with the square of it."""
NESTING = re.compile(
    r"<(/?)(?!(?:area|br|col|colgroup|dd|dt|hr|img|input|li|link|meta|option|p|tbody|td|tfoot|th"
    r"|thead|tr|wbr)\b)[a-z]",
    re.IGNORECASE,
)
"""Tags that stay open until they are closed."""


def harmless_html(text: str) -> str | None:
    """The HTML without whatever runs, loads, sends, or lies over other parts of the page.

    None if nothing is left of it, or if it is nested so deeply that no page could show it.
    """
    if _depth(text) > DEEPEST:
        return None
    sheets: list[str] = []

    def set_aside(sheet: str) -> str:
        sheets.append(harmless_sheet(sheet.partition(">")[2].rpartition("<")[0]))
        return PLACE.format(len(sheets) - 1) if sheets[-1] else ""

    text = _replaced(text.replace("\x00", ""), "style", set_aside)
    text = _replaced(text, "svg", _as_picture)
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=WITHOUT_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    cleaned = harmless_latex(cleaned)
    if not is_settable(cleaned):
        cleaned = WITHOUT_FORMULAS.format(cleaned)
    for number, sheet in enumerate(sheets):
        cleaned = cleaned.replace(PLACE.format(number), f"<style>\n{sheet}\n</style>", 1)
    return cleaned if cleaned.strip() else None


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in NESTING.finditer(text):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _replaced(text: str, tag: str, instead: Callable[[str], str]) -> str:
    """The text with something else in place of each element of this tag.

    Searched by hand: a pattern for both ends needs hours where only beginnings are.
    """
    opening = re.compile(rf"<{tag}\b", re.IGNORECASE)
    closing = re.compile(rf"</{tag}\s*>", re.IGNORECASE)
    parts, place = [], 0
    while (first := opening.search(text, place)) and (last := closing.search(text, first.end())):
        parts += [text[place : first.start()], instead(text[first.start() : last.end()])]
        place = last.end()
    return "".join([*parts, text[place:]])


def _as_picture(svg: str) -> str:
    sound = harmless_svg(svg)
    style = "display:inline;margin:0;vertical-align:baseline"  # pages move pictures, not drawings
    return f'<img alt="A drawing" style="{style}" src="{svg_address(sound)}">' if sound else ""


def _attribute(tag: str, name: str, value: str) -> str | None:
    match name:
        case "style":
            return harmless_declarations(value) or None
        case "href":
            return value if is_link(value) else None
        case "src":
            return value if is_picture_file(value) else _picture_address(value)
        case "class":
            return " ".join(filter(CLASS.fullmatch, value.split())) or None
        case "id":
            return value if TABLE_ID.fullmatch(value) else None
        case "role":
            return value if value == "status" else None
        case "width" | "height" | "border" | "colspan" | "rowspan" | "span" | "start":
            return value if NUMBER.fullmatch(value) else None
    return value


def _picture_address(address: str) -> str | None:
    """The address of a picture that it holds itself; None of any other, which would be fetched."""
    match = PICTURE_URL.fullmatch(address.strip().replace("image/svg+xml", "image/svg", 1))
    if match is None:
        return None
    if match[1] != "image/svg":
        sound = sound_picture(match[1], match[2])
        return sound and f"data:{match[1]};base64,{sound}"
    try:
        svg = harmless_svg(base64.b64decode(match[2]).decode())
    except (binascii.Error, ValueError):
        return None
    return svg_address(svg) if svg else None
