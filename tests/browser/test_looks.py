"""What students ordinarily show looks the same after it was made harmless: pictures compared."""

import base64
import copy
import io
from pathlib import Path

import nbformat
import pytest
from browser.lab import PICTURES
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageChops

from autograder.grading.harmless.whole_notebook import harmless_notebook

COURSE = Path(__file__).parents[2]
CHAPTERS = sorted(COURSE.glob("solutions/*/*.ipynb"))
TOLERANCE = 0
"""Levels of 255 by which a pixel may differ."""

pytestmark = pytest.mark.slow


def figure(kind):
    """A figure as matplotlib makes it: lines, words, formulas, and a picture in it."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(5, 2.5))
    left, right = drawn.subplots(1, 2)
    left.plot([1, 3, 2], label="loss <a>")
    left.fill_between([0, 1, 2], [0, 1, 0], alpha=0.3)
    left.set_title(r"$\frac{1}{n} \sum_i x_i$")
    left.legend()
    right.imshow([[0, 1], [2, 3]])
    file = io.BytesIO()
    drawn.savefig(file, format=kind)
    return file.getvalue()


DATAFRAME = """<div>
<style scoped>
    .dataframe tbody tr th:only-of-type {
        vertical-align: middle;
    }

    .dataframe tbody tr th {
        vertical-align: top;
    }

    .dataframe thead th {
        text-align: right;
    }
</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;"><th></th><th>units</th><th>loss</th></tr>
  </thead>
  <tbody>
    <tr><th>0</th><td>32</td><td>0.31</td></tr>
    <tr><th>1</th><td>64</td><td>0.25</td></tr>
  </tbody>
</table>
<p>2 rows × 2 columns</p>
</div>"""

STYLED = """<style type="text/css">
#T_4f1c th {
  text-align: left;
}
#T_4f1c_row0_col0, #T_4f1c_row1_col1 {
  background-color: #fde725;
  color: #000000;
}
#T_4f1c_row0_col1 {
  width: 10em;
  background: linear-gradient(90deg, #5fba7d 40.0%, transparent 40.0%);
  font-weight: bold;
  border: 2px dashed red;
}
</style>
<table id="T_4f1c">
  <caption>Losses</caption>
  <thead>
    <tr>
      <th class="blank level0" >&nbsp;</th>
      <th id="T_4f1c_level0_col0" class="col_heading level0 col0" >units</th>
      <th id="T_4f1c_level0_col1" class="col_heading level0 col1" >loss</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th id="T_4f1c_level0_row0" class="row_heading level0 row0" >0</th>
      <td id="T_4f1c_row0_col0" class="data row0 col0" >32</td>
      <td id="T_4f1c_row0_col1" class="data row0 col1" >0.31</td>
    </tr>
    <tr>
      <th id="T_4f1c_level0_row1" class="row_heading level0 row1" >1</th>
      <td id="T_4f1c_row1_col0" class="data row1 col0" >64</td>
      <td id="T_4f1c_row1_col1" class="data row1 col1" >0.25</td>
    </tr>
  </tbody>
</table>"""

SUMMARY = """<pre style="white-space:pre;overflow-x:auto;line-height:normal;font-family:Menlo,'DejaVu
Sans Mono',consolas,'Courier New',monospace"><span style="font-weight: bold">Model: "m"</span>
┏━━━━━━━━━━━━━━━┳━━━━━━━━━━┓
┃<span style="font-weight: bold"> Layer (type)  </span>┃<span style="font-weight: bold">  Param # </span>┃
┡━━━━━━━━━━━━━━━╇━━━━━━━━━━┩
│ dense (<span style="color: #0087ff; text-decoration-color: #0087ff">Dense</span>) │ <span style="color: #00af00; text-decoration-color: #00af00">1,280</span> │
└───────────────┴──────────┘
</pre>"""  # noqa: E501

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="160" height="80" viewBox="0 0 160 80">
<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1"
stop-color="blue"/></linearGradient></defs>
<rect width="150" height="60" rx="8" fill="url(#g)" style="stroke:#333;stroke-width:2"/>
<text x="10" y="40" font-size="18" fill="white">a &lt; b</text></svg>"""

WORDS = """## Why a second layer?

Because `a<b>` is *not* **linear**: if a < b then $f(a) < f(b)$, see [Keras](https://keras.io).

1. one
2. two with $$\\begin{aligned} x &= 1 \\\\ y &\\le 2 \\end{aligned}$$

| layer | weights |
|:-----:|--------:|
| Dense | 4,160   |

```python
for x in range(3):
    print(x<2, "<tag>")
```

> H<sub>2</sub>O<br>and ![a plot](attachment:plot.png)"""


IDS = ("words", *(f"out-{number}" for number in range(10)), "out")
"""Of the gallery's cells, which it takes a second to make."""


def gallery():
    """One of each ordinary kind."""
    png = base64.b64encode(figure("png")).decode()
    outputs = [
        ("image/png", png + "\n"),
        ("image/svg+xml", figure("svg").decode()),
        ("image/svg+xml", SVG),
        ("text/html", f"<p>A drawing</p>{SVG}"),
        ("text/html", DATAFRAME),
        ("text/html", STYLED),
        ("text/html", SUMMARY),
        ("text/markdown", WORDS.partition("![")[0]),
        ("text/latex", r"$$\int_0^1 x^2\,dx < \frac{1}{2}$$"),
        ("text/plain", "<keras.Model at 0x7f>\n\x1b[1;31mred\x1b[0m \x1b[38;5;28mgreen\x1b[0m"),
    ]
    cells = [
        new_code_cell("show", outputs=[new_output("display_data", {kind: data})], id=f"out-{n}")
        for n, (kind, data) in enumerate(outputs)
    ]
    cells[0].outputs[0].metadata = {"image/png": {"width": 300, "height": 150}}
    cells.append(new_code_cell("print", outputs=[new_output("stream", text="a\tb\n")], id="out"))
    words = new_markdown_cell(WORDS, attachments={"plot.png": {"image/png": png}}, id="words")
    return new_notebook(cells=[words, *cells])


def seen(browser, notebook, template):
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.route("**/*", lambda route: route.abort())
    html, _ = HTMLExporter(template_name=template).from_notebook_node(copy.deepcopy(notebook))
    page.set_content(html)
    page.wait_for_timeout(300)
    picture = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(picture)).convert("RGB")


def assert_same(browser, notebook, template, name):
    before = seen(browser, notebook, template)
    after = seen(browser, harmless_notebook(copy.deepcopy(notebook), None), template)
    if PICTURES:
        before.save(Path(PICTURES) / f"{name}_before.png")
        after.save(Path(PICTURES) / f"{name}_after.png")
    assert before.size == after.size
    difference = ImageChops.difference(before, after)
    most = max(high for _, high in difference.getextrema())
    assert most <= TOLERANCE, f"{name} differs at {difference.getbbox()}"


def test_ordinary_things_look_as_before(browser):
    notebook = gallery()
    assert tuple(cell.id for cell in notebook.cells) == IDS
    assert_same(browser, notebook, "classic", "ordinary")


@pytest.fixture(scope="module")
def ordinary():
    return {cell.id: cell for cell in gallery().cells}


@pytest.mark.long
@pytest.mark.parametrize("name", IDS)
def test_each_ordinary_thing_looks_as_before(browser, ordinary, name):
    assert_same(browser, new_notebook(cells=[ordinary[name]]), "classic", f"ordinary-{name}")


def chapters():
    """All chapters; those whose outputs are of the same kinds as those of others are long."""
    for path in CHAPTERS:
        marks = [] if path.stem[:4] in ("ch03", "ch06") else pytest.mark.long
        yield pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", chapters())
def test_the_outputs_of_a_chapter_look_as_before(browser, path):
    """Our cards, drawings of networks, tables of layers, and whatever else a chapter shows."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.get("outputs")]
    for cell in notebook.cells:
        for output in cell.outputs:  # what checks record is not shown, with it or without
            for kind in [kind for kind in output.get("data", ()) if "vnd.autograder" in kind]:
                del output.data[kind]
    assert_same(browser, notebook, "classic", path.stem)
