"""What a student wrote, made harmless: as data, without a browser."""

import base64
import html
import io
import re
import time
import zlib
from struct import pack

import pytest
from bleach._vendor import html5lib
from browser.payloads import (
    attachments,
    gif_and_script,
    html_payloads,
    last_payloads,
    markdown_payloads,
    output_payloads,
    pixel,
    text_payloads,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from PIL import Image

from autograder.grading.harmless.addresses import is_link, is_picture_file
from autograder.grading.harmless.drawings import harmless_svg
from autograder.grading.harmless.latex import harmless_latex
from autograder.grading.harmless.markdown import (
    LONGEST,
    harmless_attachments,
    harmless_markdown,
)
from autograder.grading.harmless.markup import harmless_html
from autograder.grading.harmless.page_files import disarm_files
from autograder.grading.harmless.pictures import FORMATS, MOST_PIXELS, sound_picture
from autograder.grading.harmless.shown_outputs import harmless_output
from autograder.grading.harmless.shown_text import harmless_text
from autograder.grading.harmless.styles import harmless_declarations, harmless_sheet
from autograder.grading.harmless.whole_notebook import harmless_notebook
from autograder.judging.evidence import MIME_TYPE

RUNS = {
    "script", "iframe", "frame", "object", "embed", "form", "base", "meta", "link", "template",
    "svg", "math", "textarea", "button", "select", "video", "audio", "noscript", "plaintext",
}  # fmt: skip
LOADS = re.compile(r"url|image-set|@import|expression|\\", re.IGNORECASE)


def rendered(text, files=None):
    """A markdown text as nbconvert shows it, and so nbgrader."""
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=files)).render(text)


def faults(page):
    """What is not harmless in a piece of HTML, by an HTML5 parser of other authors than ours."""
    tree = html5lib.parseFragment(page, namespaceHTMLElements=False)
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name in RUNS or (name == "input" and element.get("type") != "checkbox"):
            found.append(name)
        for key, value in element.attrib.items():
            plain = re.sub(r"[\x00-\x20]", "", str(value)).lower()
            if str(key).startswith("on") or key in ("srcset", "background", "action", "srcdoc"):
                found.append(f"{name} {key}")
            if "FIRED" in value and key not in ("title", "alt", "id", "href"):
                found.append(f"{name} {key}={value}")
            if key == "style" and LOADS.search(value):
                found.append(f"{name} {key}={value}")
            if key == "href" and not (plain.startswith("#") or is_link(value)):
                found.append(f"{name} {key}={value}")
            if key == "src" and not re.match(r"data:image/[a-z+]+;base64,|[\w/-]+\.\w+$", plain):
                found.append(f"{name} {key}={value}")
        if name == "style" and LOADS.search(element.text or ""):
            found.append("style")
    return found


def test_the_parser_finds_fault_with_most_payloads():
    """A test of the test: what it does not see here needs a browser."""
    pages = html_payloads("x")
    assert sum(bool(faults(page)) for page in pages.values()) > 0.9 * len(pages)


HTML = html_payloads("x") | last_payloads("x")


@pytest.mark.parametrize("name", HTML)
def test_html_is_harmless(name):
    cleaned = harmless_html(HTML[name]) or "-"
    assert faults(cleaned) == []
    assert harmless_html(cleaned) == cleaned


MARKDOWN = markdown_payloads("x") | last_payloads("x")


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_is_harmless_and_still_reads_the_same(name):
    text = harmless_markdown(MARKDOWN[name])
    page = rendered(text)
    assert faults(page) == []
    assert harmless_markdown(text) == text
    for word in ("FIRED", "elsewhere"):
        assert (word in text) == (word in MARKDOWN[name])


def test_all_markdown_payloads_in_one_text():
    text = harmless_markdown("\n\n".join(MARKDOWN.values()))
    assert faults(rendered(text)) == []
    assert harmless_markdown(text) == text


@pytest.mark.parametrize("name", text_payloads("x"))
def test_text_is_harmless(name):
    text = harmless_text(text_payloads("x")[name])
    assert faults(f"<pre>{ansi2html(text)}</pre>") == []
    assert harmless_text(text) == text


OUTPUTS = {one.name: one for one in output_payloads("x")}


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs_are_harmless(name):
    one = OUTPUTS[name]
    output = harmless_output(
        new_output("display_data", {one.mime_type: one.content}, metadata=one.metadata or {})
    )
    assert set(output.data) <= {
        "text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png",
        "image/gif",
    }  # fmt: skip
    assert output.data, "a person sees that there was something"
    assert "FIRED" not in str(output.metadata)
    if svg := output.data.get("image/svg+xml"):
        assert faults(svg) in ([], ["svg"]) and "elsewhere" not in svg
    assert harmless_output(output) == output


# --- any text at all ----------------------------------------------------------------------------

BITS = st.sampled_from(
    [
        "<", ">", "/", "=", '"', "'",
        "`", "```", "~~~", "$", "$$", "\\", "\\\\[", "\\\\]", "[", "]",
        "(", ")", "!", "!--", "--", "&", "&#60;", "&lt;", "&Tab;",
        "\n", "\n\n", " ", "    ", "> ", "- ",
        "|", "|-|\n", "# ", ":", "script", "img", "src", "onerror", "x",
        "javascript:", "data:", "svg",
        "math", "style", "a", "b", "href", "https://a.org", "\\href{", "}", "mermaid", "*",
        "_", "\t",
        "{", "<svg", "</svg>", "<style>", "</style>", "<!--", "-->", "\x1b[1m", "\r", "\x00", "1. ",
        "<br>", "<b>", "</b>", "~", "^", "attachment:", "table", "td", "textarea", "noscript", ";",
    ]
)  # fmt: skip
TEXTS = st.lists(BITS, max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_html_is_harmless_and_twice_is_once(text):
    cleaned = harmless_html(text) or "-"
    assert faults(cleaned) == []
    assert harmless_html(cleaned) == cleaned


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_markdown_is_harmless_and_twice_is_once(text):
    cleaned = harmless_markdown(text)
    assert faults(rendered(cleaned)) == []
    assert harmless_markdown(cleaned) == cleaned


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_drawing_is_harmless_and_twice_is_once(text):
    cleaned = harmless_svg(f"<svg><title>{html.escape(text)}</title></svg>")
    if cleaned is not None:  # some characters no SVG can hold
        assert harmless_svg(cleaned) == cleaned
    assert (
        harmless_svg(f"<svg>{text}</svg>") is None or "on" not in re.findall(r" (\w\w)", text)[:0]
    )


# --- what is meant to stay ------------------------------------------------------------------------

STAYS = [
    "# Why?\n\nBecause `a<b>c` is *not* **so**, and 3 < 4, a<4.\n\n- [ ] one\n- two\n\n1. x\n",
    "```python\nif a<b and c>d:\n    print('<b>')\n```\n\n~~~\n<div onclick=x>\n~~~\n",
    "$a < b$, $$\\begin{aligned}x &= 1 \\\\ y &< 2\\end{aligned}$$ and \\\\(c\\\\)",
    "| a | b |\n|---|:-:|\n| 1 | $x$ |\n\n> quoted\n\n---\n",
    "[Keras](https://keras.io/api/), <https://keras.io>, mail [me](mailto:a@b.org), [up](#title)",
    "[a][k] and [k]\n\n[k]: https://keras.io 'a title'\n",
    "![plot](plot.png) ![p](figures/a-b.jpg)",
    "5 &lt; 6 &amp; R&D &copy; &#9731; \\* \\_ \\` H<sub>2</sub>O<br>E = mc<sup>2</sup>",
    "x_1, y_{12}, a[1], f(x)[2], [1, 2] and [3]: no link\n",
]


@pytest.mark.parametrize("text", STAYS)
def test_ordinary_markdown_is_not_touched(text):
    assert harmless_markdown(text) == text


def test_markdown_is_broken_up_by_spaces_only():
    text = "a <div> b [x](javascript:1) c ![y](https://a.org/y.png)"
    assert harmless_markdown(text) == ("a < div> b [x] (javascript:1) c [y](https://a.org/y.png)")


def test_tables_of_pandas_keep_their_looks():
    text = (
        "<div>\n<style scoped>\n    .dataframe tbody tr th {\n        vertical-align: top;\n    }\n"
        "</style>\n<table border=\"1\" class=\"dataframe\">\n  <thead>\n"
        "    <tr style=\"text-align: right;\">\n      <th></th>\n      <th>a</th>\n    </tr>\n"
        "  </thead>\n</table>\n</div>"
    )  # fmt: skip
    cleaned = harmless_html(text)
    assert ".dataframe tbody tr th {vertical-align:top}" in cleaned
    assert '<table border="1" class="dataframe">' in cleaned
    assert '<tr style="text-align:right">' in cleaned


def test_styled_tables_keep_their_colours():
    sheet = "#T_1f_row0_col1, #T_1f td:hover {\n  background-color: #fde725;\n  color: #000000;\n}"
    assert harmless_sheet(sheet) == (
        "#T_1f_row0_col1, #T_1f td:hover {background-color:#fde725;color:#000000}"
    )
    bar = "width: 10em; background: linear-gradient(90deg, #5fba7d 50.0%, transparent 50.0%)"
    assert "linear-gradient(90deg, #5fba7d 50.0%" in harmless_declarations(bar)


@pytest.mark.parametrize(
    "text",
    [
        "position: fixed", "margin-top: -500px", "z-index: 9", "transform: scale(9)", "top: 0",
        "background: url(x)", "color: expression(1)", "width: calc(0px - 9px + var(--x))",
        "background: \\75rl(x)", "content: 'x'", "behavior: url(x)", "font-family: '</style>'",
        "animation: k", "height: 0", "filter: blur(1px)", "cursor: none", "--x: 1",
    ],
)  # fmt: skip
def test_no_style_moves_or_loads(text):
    assert harmless_declarations(text) == ""


@pytest.mark.parametrize(
    "selector",
    ["body", "*", ".score", "#T_a, input", ".dataframe ~ b", "#T_a + p", "#Tx"],
)
def test_no_style_reaches_what_is_not_the_students(selector):
    assert harmless_sheet(f"{selector} {{color: red}}") == ""


# --- links, pictures, formulas, text --------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://keras.io", True), ("http://a.b/c?d=e#f", True), ("mailto:a@b.org", True),
        ("#top", True), ("javascript:1", False), ("java\tscript:1", False), ("//a.org", False),
        ("/logout", False), ("evil.html", False), ("http://localhost:8888/", False),
        ("http://127.0.0.1/", False), ("http://[::1]/", False), ("https:evil", False),
        ("https://a.org\\@b.org/", False),
        ("https://me@a.org/", False), ("data:text/html,x", False),
        ("&#106;avascript:1", False), ("http://2130706433/", False), ("http://jupyter/", False),
        ("file:///etc/passwd", False), ("blob:https://a.org/1", False), ("", False),
        ("http://[", False),
    ],
)  # fmt: skip
def test_links(address, good):
    assert is_link(address) is good


@pytest.mark.parametrize("address", ["../a.png", "/a.png", "//a.b/c.png", "a.html", "a.png?x"])
def test_only_pictures_beside_the_notebook_are_shown(address):
    assert not is_picture_file(address)


def test_pictures_are_what_they_are_said_to_be():
    png = base64.b64encode(pixel()).decode()
    assert sound_picture("image/png", png + "\n") == png
    for mime_type, data in [
        ("image/jpeg", png), ("image/png", "<script>"), ("image/png", None), ("text/html", png),
        ("image/png", base64.b64encode(b"<script>alert(1)</script>").decode()),
        ("image/png", base64.b64encode(pixel()[:40]).decode()), ("image/png", ""),
    ]:  # fmt: skip
        assert sound_picture(mime_type, data) is None


def test_of_a_picture_that_is_something_else_too_only_the_picture_is_ever_shown():
    """Its bytes may hold a script or a page; it stays a picture of its own type."""
    script = gif_and_script("alert(1)")
    assert script.startswith(b"GIF87a/*") and b"*/=1;alert(1)" in script
    page = pixel() + b"<script>alert(1)</script>"
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").decode()
    for mime_type, content in [("image/gif", script), ("image/png", page)]:
        data = base64.b64encode(content).decode()
        assert sound_picture(mime_type, data) == data
        shown = harmless_output(new_output("display_data", {"text/html": data, mime_type: data}))
        assert shown.data == {"text/html": data, mime_type: data}  # as words, and as a picture
        for other in set(FORMATS) - {mime_type}:
            assert sound_picture(other, data) is None
        address = f"data:text/html;base64,{data}"
        assert data not in (harmless_html(f"<img src='{address}'><a href='{address}'>a</a>") or "")
    assert all(sound_picture(mime_type, svg) is None for mime_type in FORMATS)


def chunk(kind, data):
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def test_a_picture_that_needs_gigabytes_is_refused_at_once():
    side = 60_000
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb += chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    assert side * side > MOST_PIXELS
    start = time.process_time()
    assert sound_picture("image/png", base64.b64encode(bomb).decode()) is None
    assert time.process_time() - start < 1  # to unpack it takes ten and more


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_ordinary_pictures_are_not_touched(kind):
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(file, kind)
    data = base64.b64encode(file.getvalue()).decode()
    output = new_output("display_data", {f"image/{kind.lower()}": data})
    assert harmless_output(output) == output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\href{javascript:1}{x}", r"\mathrm{href}{javascript:1}{x}"),
        (r"\\href{x}{y}", r"\mathrm{href}{x}{y}"),
        (r"\def\a{\a\a}\a", r"\mathrm{def}\a{\a\a}\a"),
        (r"\newcommand{\x}{y}", r"\mathrm{newcommand}{\x}{y}"),
        (r"\require{html}\class{a}{b}", r"\mathrm{require}{html}\mathrm{class}{a}{b}"),
        (r"\rule{9em}{9em}\raise-9em{x}", r"\mathrm{rule}{9em}{9em}\mathrm{raise}-9em{x}"),
        (r"\hspace{900em}\kern-20em", r"\mathrm{hspace}{900em}\mathrm{kern}-20em"),
        (r"a\\[90em]b\\[-1em]c\\[2pt]d", r"a\\{}[90em]b\\{}[-1em]c\\[2pt]d"),
        (r"\hspace{10mm}\mkern-3mu\quad", r"\hspace{10mm}\mkern-3mu\quad"),
        (r"\mmlToken{mi}[href='x']{y}", r"\mathrm{mmlToken}{mi}[href='x']{y}"),
        (r"\frac{1}{2} \hrefs \left( \leq \data", r"\frac{1}{2} \hrefs \left( \leq \mathrm{data}"),
    ],
)  # fmt: skip
def test_formulas(text, expected):
    assert harmless_latex(text) == expected
    assert harmless_latex(expected) == expected


@pytest.mark.parametrize(
    "text", [r"\&#104;ref{x}{y}", r"&#92;href{x}", r"&bsol;href{x}{y}", r"\\href{x}{y}"]
)
def test_formulas_cannot_be_spelt_in_characters_of_html(text):
    page = rendered(harmless_markdown(f"$ {text} $ {text}"))
    assert r"\href" not in html.unescape(page)


@pytest.mark.parametrize(
    "deep",
    [
        "{" * 100 + "x" + "}" * 100, r"\sqrt{" * 100 + "x" + "}" * 100,
        r"\left(" * 100 + "x" + r"\right)" * 100,
        r"\begin{matrix}" * 100 + "x" + r"\end{matrix}" * 100, "x+" * 20_000,
    ],
)  # fmt: skip
def test_formulas_that_no_browser_can_set_are_no_formulas(deep):
    text = f"$$ {deep} $$"
    page = rendered(harmless_markdown(text))
    assert re.sub(r"<pre>.*</pre>", "", page, flags=re.S).strip() == ""
    assert harmless_html(f"<p>{text}</p>").startswith('<div class="tex2jax_ignore">')
    assert (
        "text/latex" not in harmless_output(new_output("display_data", {"text/latex": text})).data
    )


def test_a_table_without_formulas_may_be_long_and_braces_in_it_deep():
    table = "<table><tr><td>" + "{" * 100 + "</td></tr></table>" + "words " * 5_000
    assert harmless_html(table) and "ignore" not in harmless_html(table)


def test_text_keeps_its_colours_and_nothing_else():
    assert harmless_text("\x1b[1;31mred\x1b[0m\tand\n") == "\x1b[1;31mred\x1b[0m\tand\n"
    assert harmless_text("\x1b[2J\x1b]0;title\x07\x1b(Ba\x07b\x00\x9b1m\x1bc\x1b[") == "ab1m"


# --- time -----------------------------------------------------------------------------------------

LONG = 300_000


@pytest.mark.parametrize(
    "bit",
    ["<", "<b>", "<div>", "<style>", "<style", "<svg>", "<svg", "</", "<a b='", "&#", "<!--", "\\",
     "<p style='color:red;", "<table>", "[", "![", "](", "`", "``a`", "$", "$ ", "\\\\[ ",
     "\\begin{a}", "*a ", "> ", "- ", "\x1b[", "\x1b[1mx", "\x1b]", "```\n", "|", "&amp", "[[a]"],
)  # fmt: skip
def test_no_text_takes_long(bit):
    text = bit * (LONG // len(bit))
    start = time.process_time()
    harmless_html(text)
    harmless_markdown(text)
    harmless_markdown(text[: LONGEST - 1])
    harmless_text(text)
    harmless_svg(f"<svg>{text}")
    assert time.process_time() - start < 15


# --- notebooks ------------------------------------------------------------------------------------


def test_a_notebook():
    tag = "<img src=x onerror=1>"
    ours = new_markdown_cell(f"Ours: {tag}")
    skeleton = new_notebook(
        cells=[ours], metadata={"kernelspec": {"name": "p", "display_name": "P"}}
    )
    theirs = new_notebook(
        cells=[
            ours.copy(),
            new_markdown_cell(tag, attachments=attachments("x")[1]),
            new_raw_cell(tag, metadata={"raw_mimetype": "text/html"}),
            new_code_cell(
                tag,
                outputs=[
                    new_output("display_data", {MIME_TYPE: {"a": 1}}),
                    new_output("error", ename=tag, evalue="\x1b[2J", traceback=[tag]),
                    new_output("stream", name="stderr", text="\x1b[2Ja"),
                ],
            ),
        ],
        metadata={"title": tag, "widgets": {"a": tag}, "language_info": {"name": tag},
                  "autograder": {"remarks": ["a"]}},
    )  # fmt: skip
    made = harmless_notebook(theirs, skeleton)
    assert made.cells[0].source == ours.source
    assert made.cells[1].source == made.cells[2].source == "< img src=x onerror=1>"
    assert "attachments" not in made.cells[1]
    assert "raw_mimetype" not in made.cells[2].metadata
    error, stream = made.cells[3].outputs
    assert made.cells[3].source == tag, "code is code; nbconvert shows it as such"
    assert (error.evalue, error.traceback, stream.text) == ("", [tag], "a")
    assert set(made.metadata) == {"kernelspec", "language_info", "autograder"}
    assert made.metadata.language_info.name == "python"


def test_attachments_are_pictures():
    png = base64.b64encode(pixel()).decode()
    kept = harmless_attachments(
        attachments("x")[1] | {"my plot.png": {"image/png": png}, '"x': {"image/png": png}, "y": 3}
    )
    assert kept == {"my plot.png": {"image/png": png}}
    text = "![a](attachment:p.png) ![b](attachment:gone.png)"
    assert harmless_markdown(text, {"p.png": {"image/png": png}}) == (
        "![a](attachment:p.png) [b] (attachment:gone.png)"
    )


def test_files_that_a_browser_runs_are_text(tmp_path):
    folder, released = tmp_path / "graded", tmp_path / "released"
    for name in ("evil.HTML", "in/a.svg", "b.xhtml", "c.xml", "plot.png", "data.csv", "ours.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    released.mkdir()
    (released / "ours.html").write_text("x")
    assert disarm_files(folder, released) == ["b.xhtml", "c.xml", "evil.HTML", "in/a.svg"]
    assert (folder / "evil.HTML.txt").exists() and not (folder / "evil.HTML").exists()
    assert (folder / "ours.html").exists() and (folder / "plot.png").exists()
    assert disarm_files(folder, released) == []
