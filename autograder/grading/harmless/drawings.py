"""Drawings (SVG): the shapes and the words, nothing that runs, loads, links or multiplies."""

import base64
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autograder.grading.harmless.pictures import FORMATS, sound_picture
from autograder.grading.harmless.styles import (
    DRAWING,
    OF_A_DRAWING,
    harmless_declarations,
    harmless_sheet,
)

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
LARGEST = 5_000_000
DEEPEST = 100
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
ELEMENTS = SHAPES | {
    "svg", "g", "text", "tspan", "title", "desc", "defs", "symbol", "clipPath", "linearGradient",
    "radialGradient", "stop", "style", "use", "image", "a",
}  # fmt: skip
GEOMETRY = {
    "class", "clipPathUnits", "cx", "cy", "d", "dx", "dy", "fx", "fy", "gradientTransform",
    "gradientUnits", "height", "id", "lengthAdjust", "offset", "pathLength", "points",
    "preserveAspectRatio", "r", "rotate", "rx", "ry", "spreadMethod", "textLength", "transform",
    "version", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
}  # fmt: skip
FIRST_TAG = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
PICTURE_URL = re.compile(r"data:(image/\w+);base64,(.*)", re.DOTALL)


def harmless_svg(text: str) -> str | None:
    """The drawing in harmless form; None if the text is no SVG, or far too large."""
    if len(text) > LARGEST:
        return None
    try:
        root = fromstring(_with_namespaces(text.strip()))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    if root.tag != f"{{{SVG}}}svg":
        return None
    by_id = {element.get("id"): _local(element) for element in root.iter() if element.get("id")}
    return "".join(_written(root, by_id, 0))


def _with_namespaces(text: str) -> str:
    """The SVG with its namespaces named: HTML does not mind if they are not, XML does."""
    first = FIRST_TAG.search(text)
    if first is None:
        return text
    missing = "".join(
        f' {name}="{address}"'
        for name, address in (("xmlns", SVG), ("xmlns:xlink", XLINK))
        if f"{name}=" not in first[0]
    )
    place = first.start() + len("<svg")
    return text[:place] + missing + text[place:]


def svg_address(svg: str) -> str:
    """A harmless drawing as the address of a picture: a browser runs and loads nothing in those."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _written(element: Element, by_id: dict[str | None, str | None], depth: int) -> Iterator[str]:
    name = _local(element)
    if name not in ELEMENTS or depth > DEEPEST:
        return
    if name == "style":
        sheet = harmless_sheet(element.text or "", DRAWING, OF_A_DRAWING)
        yield f"<style>{escape(sheet)}</style>" if sheet else ""
        return
    attributes = dict(_attributes(element, name))
    if name in ("use", "image"):
        reference = _reference(element, name, by_id)
        if reference is None:
            return
        attributes["xlink:href"] = reference
    if depth == 0:
        attributes = {"xmlns": SVG, "xmlns:xlink": XLINK} | attributes
    name = "g" if name == "a" else name
    yield f"<{name}{''.join(f' {key}={quoteattr(attributes[key])}' for key in attributes)}>"
    yield escape(element.text or "")
    for child in element:
        yield from _written(child, by_id, depth + 1)
        yield escape(child.tail or "")
    yield f"</{name}>"


def _local(element: Element) -> str | None:
    """The name of an SVG element; None of any other, of comments and of instructions."""
    tag = element.tag
    return tag.removeprefix(f"{{{SVG}}}") if isinstance(tag, str) and SVG in tag else None


def _attributes(element: Element, name: str) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if key == "style":
            if declared := harmless_declarations(value, DRAWING):
                yield key, declared
        elif key in DRAWING:
            if declared := harmless_declarations(f"{key}:{value}", DRAWING):
                yield key, declared.partition(":")[2]
        elif key in GEOMETRY:
            yield key, value


def _reference(element: Element, name: str, by_id: dict[str | None, str | None]) -> str | None:
    """What a `use` or an `image` shows: one shape of the drawing, or a picture that it holds.

    A `use` of what has a `use` in it could draw a billion shapes from ten lines.
    """
    address = element.get("href") or element.get(f"{{{XLINK}}}href") or ""
    if name == "use":
        return address if address[:1] == "#" and by_id.get(address[1:]) in SHAPES else None
    match = PICTURE_URL.fullmatch(address.strip())
    if match is None or match[1] not in FORMATS:
        return None
    sound = sound_picture(match[1], match[2])
    return sound and f"data:{match[1]};base64,{sound}"
