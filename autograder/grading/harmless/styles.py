"""Style sheets and style attributes: a short list of properties, with plain values.

Nothing here can load, move over other parts of a page, or reach what is not the student's own.
"""

import re
from collections.abc import Collection, Iterable, Iterator

import tinycss2
from tinycss2 import ast

_OF_MARKUP = """
    align-items background background-color border border-bottom border-bottom-color
    border-bottom-style border-bottom-width border-collapse border-color border-left
    border-left-color border-left-style border-left-width border-radius border-right
    border-right-color border-right-style border-right-width border-spacing border-style border-top
    border-top-color border-top-style border-top-width border-width caption-side color cursor
    display flex-wrap font-family font-size font-style font-variant font-weight gap justify-content
    line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width
    min-width opacity overflow-x padding padding-bottom padding-left padding-right padding-top
    text-align text-decoration text-decoration-color text-decoration-line text-decoration-style
    text-transform vertical-align white-space width
"""
MARKUP = frozenset(_OF_MARKUP.split())
"""Properties of tables, cards and paragraphs."""
ONLY = {"cursor": "pointer"}
"""The one value that some properties may have: no cursor is to look as if there were none."""
_OF_DRAWINGS = """
    clip-path clip-rule color display dominant-baseline fill fill-opacity fill-rule font
    font-family font-size font-style font-variant font-weight opacity shape-rendering stop-color
    stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width text-anchor text-rendering visibility
    white-space
"""
DRAWING = frozenset(_OF_DRAWINGS.split())
"""Properties of an SVG's shapes."""
FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "linear-gradient", "calc", "min", "max"}
WORD = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
NAME = re.compile(r"[A-Za-z0-9_ -]+", re.ASCII)
FRAGMENT = re.compile(r"#[\w.-]+", re.ASCII)
OF_A_TABLE = re.compile(r"(?:#T_\w+|\.dataframe)(?:[\w\s#.:>()*-]*)", re.ASCII)
"""What pandas writes: rules for one table, found by its id, or for all that it made."""
OF_A_DRAWING = re.compile(r"[\w\s#.:>()*-]+", re.ASCII)


def harmless_declarations(text: str, properties: Collection[str] = MARKUP) -> str:
    """The value of a style attribute, with only these properties."""
    return ";".join(_declarations(tinycss2.parse_declaration_list(text), properties))


def harmless_sheet(
    text: str, properties: Collection[str] = MARKUP, selectors: re.Pattern[str] = OF_A_TABLE
) -> str:
    """A style sheet, with only these properties, and rules for what `selectors` matches."""
    rules = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        chosen = [one.strip() for one in tinycss2.serialize(rule.prelude).split(",")]
        declared = list(_declarations(tinycss2.parse_declaration_list(rule.content), properties))
        if declared and all(selectors.fullmatch(one) for one in chosen):
            rules.append(f"{', '.join(chosen)} {{{';'.join(declared)}}}")
    return "\n".join(rules)


def _declarations(parsed: Iterable[ast.Node], properties: Collection[str]) -> Iterator[str]:
    for node in parsed:
        if node.type == "declaration" and node.lower_name in properties and _is_plain(node.value):
            value = re.sub(r"\s+", " ", tinycss2.serialize(node.value).strip())
            if value and value == ONLY.get(node.lower_name, value):
                yield f"{node.lower_name}:{value}{' !important' if node.important else ''}"


def _is_plain(values: Iterable[ast.Node]) -> bool:
    return all(_is_plain_value(value) for value in values)


def _is_plain_value(node: ast.Node) -> bool:
    match node.type:
        case "whitespace":
            return True
        case "ident":
            return WORD.fullmatch(node.value) is not None
        case "string":
            return NAME.fullmatch(node.value) is not None
        case "hash":
            return WORD.fullmatch(node.value) is not None
        case "number" | "percentage":
            return 0 <= node.value < 1e6  # a negative margin lies over something else
        case "dimension":
            return 0 <= node.value < 1e6 and WORD.fullmatch(node.unit) is not None
        case "literal":
            return node.value in {",", "/", "+", "*"}
        case "function":
            return node.lower_name in FUNCTIONS and _is_plain(node.arguments)
        case "url":  # of an SVG's own clip path or gradient
            return FRAGMENT.fullmatch(node.value) is not None
    return False
