"""The web site, built once: nothing of a solution in it, no dead link, and everybody can use it."""

import http.server
import json
import re
import subprocess
import sys
import threading
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from autograder.grading.building.site_sources import with_outputs, write_sources

pytest.importorskip("myst_nb", reason="what makes the site is not installed")

ROOT = Path(__file__).parents[2]
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
SHORTEST = 25
"""Characters of a line of a solution; shorter ones stand in texts, too, and give nothing away."""
pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """What a page links to, what can be linked to in it, its pictures, and its text."""

    def __init__(self, path):
        super().__init__()
        self.links, self.places, self.pictures, self.text = [], set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, given):
        given = dict(given)
        self.places |= {given[key] for key in ("id", "name") if given.get(key)}
        self.links += [given[key] for key in ("href", "src") if given.get(key)]
        if tag == "img":
            self.pictures.append(given)

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    write_sources(ROOT, folder / "source")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    run = subprocess.run([*command, folder / "source", folder / "html"], capture_output=True)
    assert run.returncode == 0, run.stderr.decode()[-3000:]
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site):
    return {path.name: Page(path) for path in sorted(site.glob("*.html"))}


def lines_of(cells):
    """The lines of some cells, without what is said behind them."""
    lines = (line for cell in cells for line in cell.source.splitlines())
    return {line.partition("  # ")[0].strip() for line in lines}


def plain(text):
    return re.sub(r"\s+", "", text)


def secrets(solution_path):
    """Lines that only a solution has: of its answers, and of what is not handed out."""
    solution = nbformat.read(solution_path, as_version=4)
    released = sorted((ROOT / "course").glob("*/*.ipynb"))
    known = lines_of(cell for path in released for cell in nbformat.read(path, as_version=4).cells)
    known |= lines_of(cell for cell in solution.cells if cell.cell_type == "markdown")  # hints
    return {
        line
        for line in lines_of(cell for cell in solution.cells if cell.cell_type == "code")
        if len(line) >= SHORTEST
        and line not in known
        # How an instructor's cell begins stands in the guide for instructors.
        and not line.startswith(("#", "from autograder import"))
    }


@cache
def texts_of(site):
    """What stands in each file of the site, without the spaces."""
    texts = [plain("".join(Page(path).text)) for path in site.rglob("*.html")]
    texts += [
        plain(path.read_text(encoding="utf-8", errors="replace"))
        for kind in ("*.txt", "*.js", "*.ipynb", "*.md", "*.json")
        for path in site.rglob(kind)
        if "_static" not in path.parts
    ]
    return texts


def found_in(site, lines):
    """Which of some lines stand in any file of the site, however it breaks and colours them."""
    return sorted(line for line in lines if any(plain(line) in text for text in texts_of(site)))


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_no_line_of_a_solution_is_in_it(site, path):
    lines = secrets(path)
    assert len(lines) > 10
    assert found_in(site, lines) == []


def test_a_line_that_is_there_would_be_found(site, tmp_path):
    line = sorted(secrets(SOLUTIONS[0]))[0]
    coloured = "".join(f"<span>{letter}</span>" for letter in line.replace("<", "&lt;"))
    (tmp_path / "page.html").write_text(f"<pre>{coloured}</pre>", encoding="utf-8")
    assert found_in(tmp_path, [line]) == [line]


def test_nothing_that_a_check_recorded_is_in_it(site):
    text = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    assert "vnd.autograder" not in text


def hidden_sizes(path):
    """The arguments of each hidden case of a chapter, in the ways in which somebody writes them."""
    stored = json.loads(path.with_name("hidden_references.json").read_text(encoding="utf-8"))
    for exercise in stored["exercises"].values():
        for case in exercise["cases"]:
            given = case["arguments"]
            if len(given) > 1:
                yield json.dumps(given)[1:-1]
                yield ", ".join(f"{name}={value!r}" for name, value in given.items())


def test_no_hidden_size_is_in_it(site):
    released = [path.read_text(encoding="utf-8") for path in (ROOT / "course").glob("*/*.ipynb")]
    known = plain("".join(released).replace('\\"', '"'))
    sizes = {size for path in SOLUTIONS for size in hidden_sizes(path) if plain(size) not in known}
    assert len(sizes) > 60
    assert found_in(site, sizes) == []


def test_an_output_that_needs_an_answer_is_left_out():
    new = nbformat.v4.new_code_cell
    shown = [nbformat.v4.new_output("stream", text="shown")]

    def book(answer):
        mark = {"grade_id": "a", "solution": True, "grade": False, "schema_version": 3}
        return nbformat.v4.new_notebook(
            cells=[
                new("x = 1", outputs=shown),
                new(answer, metadata={"nbgrader": mark}, outputs=shown),
                new("made = build()", outputs=shown),
                new("print(made)", outputs=shown),
                new("build = x", outputs=shown),
                new("print(build)", outputs=shown),
            ]
        )

    page = with_outputs(book("def build(): ..."), book("def build():\n    return 42"))
    assert [bool(cell.outputs) for cell in page.cells] == [True, False, False, False, True, True]


def test_cards_stand_on_it_of_a_network_that_no_exercise_asks_for(site, pages):
    assert "cards.html" in pages["index.html"].links
    text = " ".join(" ".join(pages["cards.html"].text).split())
    for said in ("✗ Not the same network", "Input 'place' reaches no output", "✓ The same network"):
        assert said in text
    assert "Note:" not in text and "WARNING" not in text
    page = (site / "cards.html").read_text(encoding="utf-8")
    cards = page.split("<div role='status'")[1:]
    assert ["<img" in card for card in cards] == [True, False]
    books = [nbformat.read(path, as_version=4) for path in SOLUTIONS]
    asked = "".join(cell.source for book in books for cell in book.cells)
    assert "GRU" not in asked and "forecast" not in asked


def test_no_link_of_its_own_is_dead(site, pages):
    dead = []
    for name, page in pages.items():
        for link in page.links:
            file, _, place = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            file = file.partition("?")[0]
            target = pages.get(file or name)
            is_there = not file or (site / file).exists()
            if not is_there or (place and target and place not in target.places):
                dead.append((name, link))
    assert dead == []


def test_every_picture_says_what_it_shows(pages):
    assert sum(len(page.pictures) for page in pages.values()) >= 7
    silent = [
        (name, picture.get("src", "")[:60])
        for name, page in pages.items()
        for picture in page.pictures
        if not picture.get("alt", "").strip()
    ]
    assert silent == []


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


LOOKED_AT = (
    "index.html",
    f"{SOLUTIONS[0].stem}.html",
    "how-it-works.html",
    "glossary.html",
    "cards.html",
)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing(browser, address, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for name in LOOKED_AT:
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{address}/{name}")
        page.wait_for_timeout(300)
        found = [
            (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
            for each in axe.run(page).response["violations"]
        ]
        page.close()
        assert found == [], name


RIGHTMOST = """(of) => Math.max(...[...document.querySelectorAll(of)]
    .map(each => each.getBoundingClientRect()).filter(box => box.width).map(box => box.right))"""


@pytest.fixture(scope="module")
def on_a_phone(browser, address):
    """How wide pages are on a phone, where the counts of their tables end, and all they load."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    asked, widths, counts = [], {}, {}
    page.on("request", lambda request: asked.append(request.url))
    for path in [*SOLUTIONS, *map(Path, ("index", "instructors", "how-it-works", "cards"))]:
        page.goto(f"{address}/{path.stem}.html")
        widths[path.stem] = page.evaluate("document.documentElement.scrollWidth")
        if path in SOLUTIONS:
            counts[path.stem] = page.evaluate(RIGHTMOST, ".cell_output th:last-child")
    page.close()
    return widths, counts, asked


def test_on_a_phone_nothing_goes_off_the_side_and_nothing_comes_from_elsewhere(on_a_phone, address):
    widths, _, asked = on_a_phone
    assert len(widths) > 10 and {name: w for name, w in widths.items() if w > 390} == {}
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_on_a_phone_the_counts_of_every_table_are_seen(on_a_phone):
    _, counts, _ = on_a_phone
    assert len(counts) == len(SOLUTIONS)
    assert {name: end for name, end in counts.items() if not 300 < end <= 390} == {}


def test_on_paper_nothing_is_cut_and_nothing_is_there_that_paper_cannot_use(browser, address):
    page = browser.new_page(viewport={"width": 680, "height": 1000})  # A4 with its margins
    page.emulate_media(media="print")
    for name in (*(path.stem for path in SOLUTIONS), "instructors", "glossary"):
        page.goto(f"{address}/{name}.html")
        assert 500 < page.evaluate(RIGHTMOST, ".bd-article *") <= 682, name
        for useless in (".bd-sidebar-primary", ".bd-header", ".copybtn", ".prev-next-area"):
            assert not page.locator(useless).first.is_visible(), (name, useless)
    page.close()


def test_the_keyboard_opens_every_hint_and_quiz(browser, address):
    for path in SOLUTIONS:
        page = browser.new_page()
        page.goto(f"{address}/{path.stem}.html")
        count = page.locator("article details").count()
        assert count > 5, path.stem
        opened = page.evaluate(
            """() => [...document.querySelectorAll('article details')].filter(each => {
                for (let up = each.parentElement; up; up = up.parentElement)
                    if (up.tagName === 'DETAILS') up.open = true;
                const line = each.querySelector('summary');
                line.focus();
                return document.activeElement === line;
            }).length"""
        )
        assert opened == count, path.stem
        first = page.locator("article details > summary").first
        first.focus()
        page.keyboard.press("Enter")
        assert page.locator("article details").first.evaluate("each => each.open")
        page.close()
