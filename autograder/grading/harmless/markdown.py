"""Markdown that a student wrote: it reads as before, and holds no tag, script or odd address.

Readers of markdown differ in what they take for HTML or for a link. So what could become either is
broken up by one space, which none of them takes for more than words: `< script>`, `[x] (address)`.
nbconvert's own reader then tells whether the result is harmless; where it is not, everything is
broken up that could be anything, code too; and what is still not harmless is shown as code.
"""

import html
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.grading.harmless.addresses import is_link, is_picture_file
from autograder.grading.harmless.latex import ACTIVE, harmless_latex, is_settable, is_shallow
from autograder.grading.harmless.pictures import FORMATS, sound_picture

LONGEST = 20_000
"""Characters that are looked at as markdown; the longest cell of the chapters has 4,000."""
LARGEST = 200_000
"""Characters that are shown at all."""
OPENINGS = ("[", "\\\\[", "\\begin{", "$$")
MOST_OPENINGS = 500
"""Of one kind in a text. nbconvert searches for the end of each through all of the rest."""

TAG = re.compile(r"<(?=[A-Za-z/!?])")
HARMLESS_TAG = re.compile(
    r"</?(?:b|br|hr|i|em|kbd|mark|s|small|strong|sub|sup|u) ?/?>|<https?://[\w.~/?#=&%+,:;-]+>",
    re.IGNORECASE | re.ASCII,
)
REFERENCE = re.compile(r"&(?=(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]+);?)")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)
SPAN = re.compile(r"(?<![`\\])(?P<ticks>`{1,8})(?!`)(?P<code>[^`\n]{1,500})(?P=ticks)(?!`)")
PICTURE = re.compile(r"!\[(?P<words>[^\[\]\n]*)\](?P<place>\([^\S\n]*(?P<address>[^\s()]*))?")
LINK = re.compile(r"\](?=\(\s*(?P<address><[^<>\n]*>|[^\s()]*))")
DEFINITION = re.compile(
    r"^(?P<label>[ \t>*+\d.)-]{0,40}\[[^\]\n]*\]):(?=\s*(?P<address><[^<>\n]*>|\S*))", re.MULTILINE
)


def harmless_markdown(text: str, attachments: Mapping[str, object] | None = None) -> str:
    """The text such that it is harmless to show.

    Args:
        text: a markdown cell's source, or a markdown output.
        attachments: the cell's own, already harmless.
    """
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    names = tuple(attachments or ())
    is_quick = max(map(text.count, OPENINGS)) <= MOST_OPENINGS and len(text) <= LONGEST
    is_quick = is_quick and is_settable(text)
    for way in (partial(_disarmed, names=names), _broken_up) if is_quick else ():
        if is_harmless(result := way(text), attachments):
            return result
    return _as_code(text[:LARGEST])


def harmless_attachments(attachments: object) -> dict[str, dict[str, str]]:
    """The pictures among a cell's attachments."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        if not isinstance(name, str) or re.fullmatch(r"[\w .-]{1,200}", name) is None:
            continue
        for mime_type, data in bundle.items() if isinstance(bundle, Mapping) else ():
            if (sound := sound_picture(mime_type, data)) is not None:
                kept.setdefault(name, {})[mime_type] = sound
    return kept


# --- the ways -----------------------------------------------------------------------------------


def _disarmed(text: str, names: Collection[str]) -> str:
    """The text with what is not harmless broken up, outside code."""
    prose = partial(_prose, names=names)
    return "".join(
        _with_spans(piece, prose) if not is_code else piece for is_code, piece in _pieces(text)
    )


def _prose(text: str, names: Collection[str]) -> str:
    text = TAG.sub(lambda m: "<" if HARMLESS_TAG.match(text, m.start()) else "< ", text)
    text = harmless_latex(REFERENCE.sub(_spelt_out, text))
    text = PICTURE.sub(partial(_picture, names=names), text)
    return DEFINITION.sub(_definition, LINK.sub(partial(_link, names=names), text))


def _broken_up(text: str) -> str:
    """The text with all broken up that could be anything, code or not."""
    text = harmless_latex(REFERENCE.sub(_spelt_out, TAG.sub("< ", text)))
    text = re.sub(r"^( {0,3}(?:`{3,}|~{3,}))[^\n`]+$", r"\1", text, flags=re.MULTILINE)
    return re.sub(r"\](?=[(\[:])", "] ", text.replace("![", "! ["))


def _as_code(text: str) -> str:
    # nbconvert looks for formulas before it looks for code.
    text = re.sub(r"\$(?=\$)|\\\\(?=\[)|\\begin(?=\{)", r"\g<0> ", TAG.sub("< ", text))
    longest = max(map(len, re.findall("~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _spelt_out(match: re.Match[str]) -> str:
    """A character reference that writes a letter or a sign of markdown: shown as it is typed."""
    reference = html.unescape(f"&{match[1]};")
    if len(reference) == 1 and " " < reference < "\x7f" and reference not in "<>&\"'":
        return "&amp;"
    return "&amp;" if len(reference) == 1 and reference < " " else "&"


def _picture(match: re.Match[str], names: Collection[str]) -> str:
    """A picture that is here; of one that is elsewhere at most a link to it."""
    is_here = match["place"] is not None and _is_shown(match["address"], names)
    return match[0] if is_here else match[0][1:]


def _link(match: re.Match[str], names: Collection[str]) -> str:
    address = match["address"].strip("<>")
    return "]" if is_link(address) or _is_shown(address, names) else "] "


def _definition(match: re.Match[str]) -> str:
    colon = ":" if is_link(match["address"].strip("<>")) else " :"
    return match["label"] + colon


def _is_shown(address: str, names: Collection[str]) -> bool:
    """Whether a picture of this address is one that the cell or the submission holds."""
    if address.startswith("attachment:"):
        return address.removeprefix("attachment:") in names
    mime_type, _, data = address.removeprefix("data:").partition(";base64,")
    if address.startswith("data:") and mime_type in FORMATS:
        return sound_picture(mime_type, data) is not None
    return is_picture_file(address)


# --- what is code -------------------------------------------------------------------------------


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text in pieces: whether it is a block of code, and the piece."""
    place = 0
    while (fence := FENCE.search(text, place)) is not None:
        mark, info = fence["fence"], fence["info"]
        closing = re.compile(rf"^ {{0,3}}{mark[0]}{{{len(mark)},}} *$", re.MULTILINE)
        end = closing.search(text, fence.end())
        if end is None or not re.fullmatch(r" *[\w+.#-]*", info) or "mermaid" in info:
            yield False, text[place : fence.end()]
            place = fence.end()
            continue
        yield False, text[place : fence.start()]
        yield True, text[fence.start() : end.end()]
        place = end.end()
    yield False, text[place:]


def _with_spans(text: str, prose: Callable[[str], str]) -> str:
    parts, place = [], 0
    for span in SPAN.finditer(text):
        parts += [prose(text[place : span.start()]), span[0]]
        place = span.end()
    return "".join([*parts, prose(text[place:])])


# --- what nbconvert makes of it -----------------------------------------------------------------

RENDERED = re.compile(
    r'<(?P<close>/?)(?P<tag>[a-z][a-z0-9]*)(?P<rest>(?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*/?>'
)
ATTRIBUTE = re.compile(r'\s+([a-z-]+)(?:="([^"<>]*)")?')
_RENDERED_TAGS = """
    a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img input kbd li mark ol p
    pre s small span strong sub sup table tbody td th thead tr u ul
"""
TAGS = frozenset(_RENDERED_TAGS.split())
VALUES = {
    "class": re.compile(r"[\w +.#-]*"),
    "id": re.compile(r"[^\x00-\x1f]*"),
    "alt": re.compile(r"(?s:.*)"),
    "title": re.compile(r"(?s:.*)"),
    "style": re.compile(r"text-align: ?(left|right|center);?|line-height: 125%;"),
    "start": re.compile(r"\d{1,9}"),
    "type": re.compile(r"checkbox"),
    "disabled": re.compile(""),
    "checked": re.compile(""),
}


def is_harmless(text: str, attachments: Mapping[str, object] | None = None) -> bool:
    """Whether what nbconvert makes of a markdown text is harmless HTML.

    nbconvert's HTML is regular; whatever is not counts as not harmless.
    """
    renderer = IPythonRenderer(escape=False, attachments=dict(attachments or {}))
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(text)
    except Exception:  # such as a missing attachment, for which nbconvert makes no page at all
        return False
    if not is_shallow(html.unescape(rendered)):
        return False
    place, code = 0, 0
    for match in RENDERED.finditer(rendered):
        if "<" in rendered[place : match.start()]:
            return False
        if not code and ACTIVE.search(html.unescape(rendered[place : match.start()])):
            return False
        if match["tag"] not in TAGS or not all(map(_is_sound_attribute, *_attributes(match))):
            return False
        if match["tag"] in ("code", "pre"):
            code += -1 if match["close"] else 1
        place = match.end()
    return "<" not in rendered[place:] and not ACTIVE.search(html.unescape(rendered[place:]))


def _attributes(match: re.Match[str]) -> tuple[list[str], list[str], list[str]]:
    found = ATTRIBUTE.findall(match["rest"])
    return [match["tag"]] * len(found), [name for name, _ in found], [value for _, value in found]


def _is_sound_attribute(tag: str, name: str, value: str) -> bool:
    value = html.unescape(value)
    if name == "href":
        return tag == "a" and is_link(value)
    if name == "src":
        # An attachment stands here as the picture that it is.
        return (
            tag == "img"
            and (value.startswith("data:") or is_picture_file(value))
            and _is_shown(value, ())
        )
    return name in VALUES and VALUES[name].fullmatch(value) is not None
