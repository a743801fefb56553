"""Every picture that a chapter shows says in words what is on it, in a few of them."""

import re
from html import unescape
from pathlib import Path

import nbformat
import pytest

SOLUTIONS = sorted((Path(__file__).parents[2] / "solutions").glob("*/*.ipynb"))
PICTURE = re.compile(r"<img\b[^>]*>")
ALT = re.compile(r'\balt="([^"]*)"')
FEWEST, MOST = 20, 300
"""Letters: a screen reader cannot stop within them."""


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_of_all_pictures(path):
    outputs = [
        output.data
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert not [kind for data in outputs for kind in data if kind.startswith("image/")]
    pictures = PICTURE.findall("".join(data.get("text/html", "") for data in outputs))
    assert len(pictures) > 4
    for picture in pictures:
        said = unescape(ALT.search(picture)[1])
        assert FEWEST < len(said) < MOST, said
