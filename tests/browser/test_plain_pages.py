"""Cards, drawings and tables as plain HTML: legible without JupyterLab's styles, light and dark.

As VS Code, PyCharm and Colab show them, each on a background of its own, and in nbconvert's pages.
"""

import keras
import numpy as np
import pytest
from browser.lab import photographed
from keras import layers
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from sweeps import one_in

from autograder import check_training, compare, draw, explain

LEAST = 4.5
"""Of contrast between a text and what is behind it: WCAG 2, level AA."""
PAGES = {
    "plain, light": ("#ffffff", "#000000"),
    "VS Code, dark": ("#1f1f1f", "#cccccc"),
    "Colab, dark": ("#383838", "#d5d5d5"),
    "PyCharm, dark": ("#2b2d30", "#bcbec4"),
}
"""The backgrounds and colours of text of several worlds' notebooks, without their styles."""

UNPACKED = """() => {
    const pictures = document.querySelectorAll('img[src^="data:image/svg+xml;base64,"]');
    for (const picture of pictures) {
        const bytes = Uint8Array.from(atob(picture.src.split(',')[1]), c => c.charCodeAt(0));
        picture.outerHTML = new TextDecoder().decode(bytes).replace(/^[^]*?<svg/, '<svg');
    }
    return pictures.length;
}"""
"""Puts drawings into the page as SVG, so that their texts can be asked; gives how many."""

CONTRASTS = """() => {
    const rgb = text => {
        const [r, g, b, a = 1] = (text.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
        return [r, g, b, text === 'none' ? 0 : a];
    };
    const light = c => c.slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
    const isText = e => ['text', 'tspan'].includes(e.tagName);
    const ground = (x, y) => {
        for (const e of document.elementsFromPoint(x, y)) {
            if (isText(e)) continue;
            const style = getComputedStyle(e);
            const isShape = e instanceof SVGGeometryElement;
            const colour = rgb(isShape ? style.fill : style.backgroundColor);
            if (colour[3] > 0.5) return colour;
        }
        return [255, 255, 255];
    };
    document.querySelectorAll('details').forEach(d => d.open = true);
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, holder = node.parentElement;
        if (!node.textContent.trim() || ['STYLE', 'SCRIPT', 'TITLE'].includes(holder.tagName)
            || holder.tagName === 'title') continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getClientRects()[0];
        if (!box || !box.width) continue;
        const style = getComputedStyle(holder);
        const own = light(rgb(isText(holder) ? style.fill : style.color));
        const behind = light(ground(box.x + box.width / 2, box.y + box.height / 2));
        const [low, high] = [own, behind].sort((a, b) => a - b);
        found.push([node.textContent.trim().slice(0, 60), (high + 0.05) / (low + 0.05)]);
    }
    return found;
}"""

pytestmark = pytest.mark.slow


def network(units, shared=True):
    """Layers in repeated blocks, a layer called twice, an output that is not the first."""
    one, other = keras.Input((8, 4), name="one"), keras.Input((8, 4), name="other")
    reader = layers.LSTM(units, return_state=True, name="reader")
    again = reader if shared else layers.LSTM(units, return_state=True, name="reader_2")
    sequence, state, _ = reader(one)
    both = layers.Concatenate(name="both")([sequence, state, again(other)[0]])
    for number in range(5):
        both = layers.Dense(6, activation="relu", name=f"dense_{number}")(both)
        both = layers.LayerNormalization(name=f"norm_{number}")(both)
    outputs = layers.Dense(2, activation="softmax", name="answer")(both)
    return keras.Model([one, other], outputs, name="example")


def trained():
    """Cards on trainings: a mistake in a network, two in what it is given, and none."""
    one, other = keras.Input((8, 4)), keras.Input((8, 4))
    tower = layers.LSTM(5, name="tower")
    both = layers.Concatenate()([tower(one), tower(other)])
    towers = keras.Model([one, other], layers.Dense(1, activation="sigmoid", name="same")(both))
    towers.compile("adam", "binary_crossentropy")
    pixels = keras.Input((6,), name="a_name_that_is_rather_long_for_pixels")
    digit = keras.Model(pixels, layers.Dense(3, activation="softmax", name="digit")(pixels))
    digit.compile("adam", "categorical_crossentropy")
    x, y = np.random.default_rng(0).uniform(0, 255, (40, 6)), np.arange(40) % 3
    return [
        check_training(towers),
        check_training(digit, (x, y)),
        check_training(digit, (x / 255, np.eye(3)[y])),
    ]


@pytest.fixture(scope="module")
def notebook():
    """What a chapter's cells show, saved in a notebook."""
    right = network(5)
    shown = [
        draw(right),
        explain(right),
        compare(right, right),
        compare(network(7), right),
        compare(network(5, shared=False), right),
        *trained(),
    ]
    cells = [
        new_code_cell("show", outputs=[new_output("display_data", {"text/html": html_of(each)})])
        for each in shown
    ]
    return new_notebook(cells=cells)


def html_of(shown):
    bundle = getattr(shown, "_repr_mimebundle_", None)
    return bundle()["text/html"] if bundle is not None else shown._repr_html_()


def contrasts(browser, html, name):
    """Each text of a page, and its contrast. Pictures are put in as what they are: SVG."""
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.route("**/*", lambda route: route.abort())
    page.set_content(html)
    photographed(page, name.replace(", ", "-"), full_page=True)
    page.set_viewport_size({"width": 1000, "height": 14_000})
    assert page.evaluate(UNPACKED) >= 4
    found = page.evaluate(CONTRASTS)
    page.close()
    assert {"Count", "×5", "h"} <= {text for text, _ in found}
    return found


def weak(found):
    return sorted({(text, round(contrast, 2)) for text, contrast in found if contrast < LEAST})


@one_in(2)
@pytest.mark.parametrize("name", PAGES)
def test_all_is_legible_on_a_page_without_any_style(browser, notebook, name):
    ground, colour = PAGES[name]
    parts = [cell.outputs[0].data["text/html"] for cell in notebook.cells]
    body = "<hr>".join(parts)
    html = f"<html><body style='background:{ground};color:{colour}'>{body}</body></html>"
    assert weak(contrasts(browser, html, name)) == []


@pytest.mark.parametrize(
    ("template", "theme"), [("lab", "light"), ("lab", "dark"), ("classic", "")]
)
def test_all_is_legible_in_nbconverts_page(browser, notebook, template, theme):
    options = {"theme": theme} if theme else {}
    exporter = HTMLExporter(template_name=template, exclude_input=True, **options)
    html, _ = exporter.from_notebook_node(notebook)
    assert weak(contrasts(browser, html, f"nbconvert, {template} {theme}".strip())) == []


def test_what_is_too_weak_is_found(browser, notebook):
    """The measure bites: a drawing's grey on grey, a table's text on its own colour."""
    ground = "<p style='color:#888;background:#999'>weak</p>"
    html = "".join(cell.outputs[0].data["text/html"] for cell in notebook.cells) + ground
    found = weak(contrasts(browser, html, "too weak"))
    assert [text for text, _ in found] == ["weak"]


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_on_a_narrow_page_counts_are_seen_and_pictures_have_no_frame(browser, notebook, template):
    html, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    page = browser.new_page(viewport={"width": 700, "height": 900})
    page.route("**/*", lambda route: route.abort())
    # The formgrader's own style of pictures.
    page.set_content(html.replace("</head>", "<style>img{border:2px solid red}</style></head>", 1))
    right = "all => all.map(each => each.getBoundingClientRect().right)"
    counts = page.locator("th", has_text="Count").evaluate_all(right)
    frames = page.locator(".jp-OutputArea img, .output img").evaluate_all(
        "all => all.map(each => getComputedStyle(each).borderTopWidth)"
    )
    page.close()
    assert counts and max(counts) <= 700
    assert frames and set(frames) == {"0px"}


@pytest.mark.parametrize("ground", ["#ffffff", "#1f1f1f"])
def test_a_card_on_a_training_fits_a_telephone(browser, ground):
    colour = "#000000" if ground == "#ffffff" else "#cccccc"
    page = browser.new_page(viewport={"width": 390, "height": 844})
    parts = "".join(html_of(each) for each in trained())
    page.set_content(f"<body style='background:{ground};color:{colour}'>{parts}</body>")
    photographed(page, f"training-390-{ground[1:]}", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    words = page.inner_text("body")
    page.close()
    assert wide <= 390
    assert words.count("A mistake in this training") == 2 and "No mistake found" in words
