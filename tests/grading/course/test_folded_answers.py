"""What is folded away in a released chapter reads the same, and not where its text is edited."""

from pathlib import Path

import mistune
import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder.grading.course.folded_answers import FOLDED, with_folded_answers

CHAPTERS = sorted((Path(__file__).parents[3] / "solutions").glob("*/*.ipynb"))
TEXT = """Do it.

<details><summary>Hint 1: the idea</summary>

Count `layers`, not **calls**, if n < 3 & not before.

```python
x = layers.Dense(3)

y = x < 2
```
</details>
<details><summary><code>conv.output</code></summary>No: that is the tensor of
the <code>first</code> call.</details>

After."""


def words(text):
    """What a browser shows of Markdown, word by word.

    Without its marks: beside a tag, in a line of HTML, they are shown as they are written.
    """
    shown = BeautifulSoup(mistune.html(text), "html.parser").get_text(" ")
    return shown.replace("`", " ").replace("*", " ").split()


def test_it_shows_the_same_and_is_not_read_by_accident():
    spelt = with_folded_answers(TEXT)
    assert words(spelt) == words(TEXT)
    for word in ("layers", "calls", "Dense", "tensor", "first"):
        assert word in TEXT and word not in spelt
    assert "Hint 1: the idea" in spelt and spelt.startswith("Do it.") and spelt.endswith("After.")


def test_lines_of_code_stay_lines_and_none_is_empty():
    spelt = with_folded_answers(TEXT)
    (block,) = BeautifulSoup(spelt, "html.parser").find_all("pre")
    assert block.get_text() == "x = layers.Dense(3)\n\ny = x < 2\n"
    (line,) = [line for line in spelt.split("\n") if "Hint 1" in line]
    assert line.endswith("</details>")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_title_has_no_marks_that_a_line_of_html_would_show(path):
    titles = [
        found["title"]
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
        for found in FOLDED.finditer(cell.source)
    ]
    assert len(titles) > 20
    assert [title for title in titles if set("`*$") & set(title)] == []


def test_twice_is_once():
    once = with_folded_answers(TEXT)
    assert with_folded_answers(once) == once


def test_what_is_not_folded_stays():
    assert with_folded_answers("a < b, `<details>`\n\n*c*") == "a < b, `<details>`\n\n*c*"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapters_show_what_they_showed(path):
    texts = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown" and "<details" in cell.source
    ]
    assert len(texts) > 3
    for text in texts:
        spelt = with_folded_answers(text)
        assert spelt.count("display:list-item") == text.count("<details")
        assert "".join(words(spelt)) == "".join(words(text))
