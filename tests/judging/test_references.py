"""The file of references: the same bytes for the same content, and nothing to read at a glance."""

import base64
import json
from pathlib import Path

import pytest

from autograder.judging.answer_kinds import NumberAnswer
from autograder.judging.evidence import Case, Evidence
from autograder.judging.references import (
    ExpectedGraph,
    ExpectedValue,
    NoReferences,
    read_references,
    reference_of,
    withheld,
    write_hidden_references,
    write_references,
)

ROOT = Path(__file__).parents[2]
PATHS = sorted(ROOT.glob("course/*/references.json"))


def number(exercise="x", answer=41):
    evidence = Evidence(exercise, (Case(NumberAnswer(answer)),))
    return reference_of(evidence, {7: "Ünlike what you think, biases count."})


def test_there_are_files():
    assert len(PATHS) >= 7


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parent.name)
def test_nothing_of_an_answer_is_legible(path):
    text = path.read_text()
    data = json.loads(text)
    assert data["about"] and all(isinstance(item, str) for item in data["exercises"].values())
    shown = text.replace(data["about"], "")
    references = read_references(path)
    told = {m for reference in references.values() for m in reference.mistakes.values()}
    spoilers = {*told, "Dense", "units", "activation", "relu", "inputs", "digest", "mistakes"}
    for case in (case for reference in references.values() for case in reference.cases):
        if isinstance(case, ExpectedValue):
            spoilers.add(case.digest)
        if isinstance(case, ExpectedGraph):
            spoilers |= {call.name for call in case.graph.calls if len(call.name) > 5}
    assert len(spoilers) > 10
    assert [spoiler for spoiler in spoilers if spoiler in shown] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parent.name)
def test_written_again_it_has_the_same_bytes(path, tmp_path):
    references = list(read_references(path).values())
    write_references(tmp_path / "a.json", references)
    write_references(tmp_path / "b.json", reversed(references))
    assert (tmp_path / "a.json").read_bytes() == path.read_bytes()
    assert (tmp_path / "b.json").read_bytes() == path.read_bytes()


def test_the_bytes_rest_on_no_compressor(tmp_path):
    write_references(tmp_path / "a.json", [number()])
    item = json.loads((tmp_path / "a.json").read_text())["exercises"]["x"]
    plain = json.dumps(number().to_json(), sort_keys=True, separators=(",", ":"))
    assert base64.b64decode(item).decode() == plain


def test_both_forms_are_read(tmp_path):
    write_references(tmp_path / "packed.json", [number()])
    write_hidden_references(tmp_path / "plain.json", [number()], "state")
    assert read_references(tmp_path / "packed.json") == {"x": number()}
    assert read_references(tmp_path / "plain.json") == {"x": number()}
    assert '"digest"' in (tmp_path / "plain.json").read_text()
    assert '"digest"' not in (tmp_path / "packed.json").read_text()


def test_a_change_in_one_exercise_changes_one_line(tmp_path):
    write_references(tmp_path / "a.json", [number("x"), number("y"), withheld("z")])
    write_references(tmp_path / "b.json", [number("x"), number("y", 42), withheld("z")])
    one, other = ((tmp_path / name).read_text().splitlines() for name in ("a.json", "b.json"))
    assert sum(a != b for a, b in zip(one, other, strict=True)) == 1


def test_what_is_withheld_is_known_and_empty(tmp_path):
    write_references(tmp_path / "a.json", [withheld("x")])
    assert read_references(tmp_path / "a.json") == {"x": withheld("x")}
    assert read_references(tmp_path / "a.json")["x"].cases == ()


@pytest.mark.parametrize("item", ["%%%", "AAAA", "e30=", 3, None, [], {}, "eyJjYXNlcyI6IFt7fV19"])
def test_a_damaged_exercise_is_one_clear_line(tmp_path, item):
    path = tmp_path / "references.json"
    path.write_text(json.dumps({"format": 2, "exercises": {"x": item}}))
    with pytest.raises(NoReferences, match=r"is damaged .*Put back the file that came with the co"):
        read_references(path)


def test_a_file_of_a_newer_course_says_so(tmp_path):
    path = tmp_path / "references.json"
    path.write_text(json.dumps({"format": 3, "exercises": {}}))
    with pytest.raises(NoReferences, match="newer version of the course"):
        read_references(path)
