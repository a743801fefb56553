"""Our own cards and drawings quote what a student called their layers: names of all kinds."""

import re
import shutil
from xml.etree import ElementTree

import pytest
from bleach._vendor import html5lib
from grading.harmless.test_harmless import faults

from autograder.grading.harmless.drawings import harmless_svg
from autograder.grading.harmless.markup import harmless_html
from autograder.graphs import Graph
from autograder.graphs.draw import draw
from autograder.graphs.graph import Call, Tensor
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.reports import Report
from autograder.judging.verdict import Finding, Status, Verdict

NAMES = [
    "<img src=x onerror=FIRED(1)>",
    '"><script>FIRED(1)</script>',
    "' onmouseover='FIRED(1)",
    'x", URL="javascript:FIRED(1)',
    'x"]; y [href="javascript:FIRED(1)"',
    "<b>bold</b>",
    "<table><tr><td href='x'>",
    "\\N\\G\\E",
    "a\\",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "a\nb",
    "\x1b[31m",
    "</pre></details><script>FIRED(1)</script>",
    "-->",
    "]]>",
    "$\\href{javascript:FIRED(1)}{x}$",
    "{a|b}",
]


def graph(name):
    layer = Call("Dense", {"units": 3}, (Tensor(0, 0),), 0, name, ((None, 2),), (None, 3))
    table = Call("Input", {}, (), None, name, (), (None, 2))
    return Graph((table, layer), (name,), (Tensor(1, 0),), (name,), name)


def card(name):
    answer = graph(name)
    finding = Finding("units", f"{name} has 3 units.", (name,), name, name, name)
    verdict = Verdict(Status.WRONG, (finding, finding), answer, graph("ours"), (1,), (1,), (name,))
    return Report(Judgement("ex1", (JudgedCase(verdict, {name: name}),)))


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_harmless_as_it_is(name):
    page = card(name).html()
    assert faults(page) == []
    assert faults(harmless_html(page)) == []


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no Graphviz")
@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_harmless_as_it_is(name):
    svg = draw(graph(name), title=name).svg
    if svg is None:  # Graphviz refuses what XML cannot hold: then there is the text
        return
    for element in ElementTree.fromstring(svg).iter():
        assert element.tag.rpartition("}")[2] in (
            "svg", "g", "title", "polygon", "path", "text", "ellipse", "polyline",
        )  # fmt: skip
        assert not [key for key in element.attrib if "href" in key or key.startswith("on")]
    assert harmless_svg(svg) is not None


def elements(page):
    """What an HTML5 parser finds: tags, texts, and styles without the spaces that mean nothing."""
    for element in html5lib.parseFragment(page, namespaceHTMLElements=False).iter():
        style = re.sub(r"\s*([;:])\s*", r"\1", element.get("style", ""))
        yield element.tag, element.text, element.tail, style, element.get("role")


def test_the_gate_changes_nothing_of_a_card():
    page = card("hidden_1").html()
    assert list(elements(harmless_html(page))) == list(elements(page))
