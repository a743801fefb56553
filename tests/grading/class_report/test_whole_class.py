"""A report on a class that was made by hand: a page, a table and data, of the same."""

import csv
import json
import os
import re
from contextlib import closing
from html.parser import HTMLParser

import pytest
from grading.class_report.made_class import CHAPTER, MadeClass
from nbgrader.api import Gradebook

from autograder.commands import run
from autograder.grading.class_report.class_page import MOST_LINES
from autograder.grading.class_report.class_tables import COLUMNS

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e\ud800"
NAME = "Zoë <b>Quux</b>"


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Ten who are anybody, and four who are not."""
    made = MadeClass(tmp_path_factory.mktemp("class") / "a b", students=10)
    all_right = dict.fromkeys(made.exercises, "passed")
    stuck = all_right | {1: "not-shared", 2: "not-shared"}
    made.hand_in("quux", stuck, {3: f"x = '''{HOSTILE}'''  # by Zoë Quux"}, [f"quux: {HOSTILE}"])
    made.hand_in("fine", all_right)
    made.hand_in("=1+1", {1: "raised", 2: "not-attempted", 3: "passed"})
    with closing(Gradebook(made.course.db_url)) as book:
        book.update_or_create_student("quux", first_name="Zoë", last_name="<b>Quux</b>")
        book.add_student("xavier")
    (made.course.submitted / "late" / CHAPTER).mkdir(parents=True)
    for attempt in ("2", "3"):
        earlier = made.course.submitted / "fine" / CHAPTER / "earlier" / attempt
        earlier.mkdir(parents=True)
        (earlier / f"{CHAPTER}.ipynb").write_text("{}")
    return made


def report(made, *options):
    assert run(["report", f"--course={made.root}", *options]) == 0


@pytest.fixture(scope="module")
def page(made):
    report(made)
    text = (made.root / "classroom" / "report.html").read_text(encoding="utf-8")
    return Page(text)


@pytest.fixture(scope="module")
def data(page, made):
    return json.loads((made.root / "classroom" / "report.json").read_text())


def test_the_page_needs_and_runs_nothing(page):
    assert {"script", "link", "iframe", "object", "form", "b"}.isdisjoint(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    loaded = [value for name, value in page.attributes if name in ("src", "srcset", "data")]
    assert loaded and all(value.startswith("data:image/svg+xml;base64,") for value in loaded)
    assert "default-src 'none'" in dict(page.attributes)["content"] or any(
        "default-src 'none'" in (value or "") for _, value in page.attributes
    )


def test_what_a_student_wrote_is_text(page):
    assert "<script>alert(1)</script>" in page.text
    assert NAME in page.text
    assert "\x1b" not in page.text and "\u202e" not in page.text


def test_every_picture_has_words(page):
    assert page.tags.count("img") > 3
    words = [value for name, value in page.attributes if name in ("alt", "aria-label")]
    assert len([each for each in words if each]) >= page.tags.count("img") + page.tags.count("svg")
    assert any("How the exercises of" in each for each in words)


def test_what_to_teach_again_leads_to_its_section(page, made):
    links = [value for name, value in page.attributes if name == "href" and "#" in value]
    [*_, last] = [each for each in links if not each.startswith("#")]
    assert re.fullmatch(rf"\.\./course/{CHAPTER}/{CHAPTER}\.ipynb#\d\.-Section-\d", last)
    assert (made.root / "classroom" / last.partition("#")[0]).is_file()


def test_the_data_has_what_the_class_did(data):
    [chapter] = data["assignments"]
    first = chapter["exercises"][0]
    assert first["handed_in"] == 13
    assert sum(first[kind] for kind in ("passed", "partly", "wrong", "not_attempted")) == 13
    assert first["median_seconds"] == 1.25
    assert (first["title"], first["section"]) == ("Exercise 1 (2 points)", "1. Section 1")
    assert chapter["handed_in_nothing"] == ["xavier"]
    assert (chapter["graded"], chapter["not_graded"]) == (13, ["late"])
    assert chapter["attempts"] == {"fine": 3}
    by_id = {each["id"]: each for each in data["students"]}
    assert by_id["quux"]["stuck"] == {"not-shared": ["ex1", "ex2"]}
    assert by_id["fine"]["not_passed"] == by_id["fine"]["handed_in_nothing"] == []
    assert by_id["=1+1"]["not_attempted"] == ["ex2"]
    assert [each["student"] for each in chapter["worth_a_look"]] == ["quux"]


def test_the_table_has_a_row_for_each_answer_and_no_formula(made, page):
    with (made.root / "classroom" / "report.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert len(rows) == 13 * 3
    [row, *_] = [row for row in rows if row[2].endswith("=1+1")]
    assert row[2] == "'=1+1" and row[6:10:2] == ["wrong", "raised"]


def test_a_page_without_names_has_none(made, tmp_path):
    report(made, "--anonymous", f"--out={tmp_path / 'x.html'}")
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8").lower()
        assert not re.search(r"quux|zoë|zo\\u00eb|s0000|=1\+1|xavier", text), path.name
    data = json.loads((tmp_path / "x.json").read_text())
    assert data["anonymous"] and len(data["students"]) == 15
    assert "student 01" in {each["id"] for each in data["students"]}
    stuck = [each for each in data["students"] if "not-shared" in each["stuck"]]
    assert stuck


def test_a_long_answer_is_cut_and_says_so(tmp_path):
    made = MadeClass(tmp_path / "class", students=0)
    long = "\n".join(f"layers.Dense({n}, name={n})" for n in range(MOST_LINES + 30))
    for student in ("one", "two"):
        made.hand_in(student, dict.fromkeys(made.exercises, "raised"), {1: long})
    report(made)
    text = (made.root / "classroom" / "report.html").read_text(encoding="utf-8")
    assert text.count("… and 30 lines more") == 2 and f"Dense({MOST_LINES}," not in text


def test_it_is_for_its_owner_alone(made, page):
    if os.name == "posix":
        assert (made.root / "classroom" / "report.html").stat().st_mode & 0o077 == 0


def test_it_says_where_it_is(made, capsys, tmp_path):
    report(made, CHAPTER, f"--out={tmp_path / 'it.html'}")
    told = capsys.readouterr().out
    assert told.startswith(f"{CHAPTER}: ") and str(tmp_path / "it.json") in told


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["ch99"], "no graded assignment 'ch99'; there are: ch05_made."),
        (["--out=/nowhere/x.html"], "/nowhere/x.html cannot be written"),
        (["--out=x.txt"], "has to end in .html"),
        (["--course=/"], "There is no nbgrader_config.py"),
    ],
)
def test_what_a_person_got_wrong_is_one_line(made, options, line, capsys):
    assert run(["report", f"--course={made.root}", *options]) == 1
    told = capsys.readouterr().err
    assert line in told and told.count("\n") == 1


def test_before_anybody_is_graded_a_line_says_so(tmp_path, capsys):
    made = MadeClass(tmp_path / "empty", students=0)
    assert run(["report", f"--course={made.root}"]) == 1
    assert "Nobody has been graded yet" in capsys.readouterr().err
    (made.root / "classroom" / "gradebook.db").unlink()
    assert run(["report", f"--course={made.root}"]) == 1
    assert "There is no gradebook" in capsys.readouterr().err
    assert not (made.root / "classroom" / "gradebook.db").exists()


@pytest.mark.parametrize(
    "damage", ["gone", "", "[]", '{"cells": 7}', '{"cells": [{}], "metadata": 1}']
)
def test_a_damaged_notebook_costs_its_own_findings_and_no_more(tmp_path, damage):
    made = MadeClass(tmp_path / "class", students=3)
    path = made.course.folder("autograded", "s00001", CHAPTER) / f"{CHAPTER}.ipynb"
    path.unlink() if damage == "gone" else path.write_text(damage)
    report(made)
    data = json.loads((made.root / "classroom" / "report.json").read_text())
    assert data["assignments"][0]["exercises"][0]["handed_in"] == 3


def test_a_class_of_an_older_version_has_its_points_and_is_told(tmp_path):
    made = MadeClass(tmp_path / "class", students=3)
    for path in made.root.glob(f"classroom/autograded/*/{CHAPTER}/*.ipynb"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"metadata": {}}))
    report(made)
    text = (made.root / "classroom" / "report.html").read_text()
    assert "autograder grade --again ch05_made" in text


def test_a_chapter_that_is_gone_has_its_points(tmp_path):
    made = MadeClass(tmp_path / "class", students=3)
    for step in ("source", "release"):
        (made.course.folder(step, ".", CHAPTER) / f"{CHAPTER}.ipynb").unlink()
    report(made)
    data = json.loads((made.root / "classroom" / "report.json").read_text())
    assert [each["name"] for each in data["assignments"][0]["exercises"]] == ["ex1", "ex2", "ex3"]
