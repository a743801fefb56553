"""What travels to another machine: all that it needs, in the form that its system takes."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import version

import pytest

from autograder.commands import bundle
from autograder.grading.engine.packed_assignment import Bundle
from autograder.grading.hosted import carried, gradescope, prairielearn
from autograder.grading.hosted.bundle_making import write_folder, write_zip
from autograder.grading.hosted.carried import Carried
from autograder.grading.hosted.installing import installation
from autograder.grading.hosted.own_wheel import NAME, wheel
from autograder.grading.hosted.pinned import constraints
from autograder.grading.processes.fingerprint import Fingerprint, digest_of, fingerprint
from autograder.problem import Problem

BUNDLE = Bundle("ch01", b"c = get_config()\n", b"a gradebook", "digest", b"source", b"release")
CARRIED = Carried(BUNDLE, b"the reference", fingerprint(), 600)


def written(folder, files=None):
    folder.mkdir(exist_ok=True)
    for name, content in (files or carried.as_files(CARRIED)).items():
        (folder / name).write_bytes(content)
    return folder


class TestCarried:
    def test_it_arrives_as_it_was_sent(self, tmp_path):
        found = carried.read(written(tmp_path / "a"))
        here = replace(CARRIED, fingerprint=replace(fingerprint(), path=carried.MADE))
        assert found == here
        carried.demand_the_same(found)

    @pytest.mark.parametrize("name", list(carried.as_files(CARRIED)))
    def test_without_one_of_its_files_it_is_one_line(self, tmp_path, name):
        folder = written(tmp_path / "a")
        (folder / name).unlink()
        with pytest.raises(Problem, match="Make the bundle anew"):
            carried.read(folder)

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"fingerprint": {"package": 1}}'])
    def test_about_it_anything_may_be_said(self, tmp_path, text):
        folder = written(tmp_path / "a")
        (folder / carried.ABOUT).write_text(text)
        with pytest.raises(Problem, match="Make the bundle anew"):
            carried.read(folder)

    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ({"package": "x"}, "another autograder package"),
            ({"python": "2.7"}, "Python 2.7 here"),
            ({"libraries": fingerprint().libraries | {"keras": "0.1"}}, "keras 0.1 here"),
        ],
    )
    def test_a_machine_that_grades_otherwise_does_not_grade(self, other, told):
        with pytest.raises(Problem, match=told):
            carried.demand_the_same(replace(CARRIED, fingerprint=replace(fingerprint(), **other)))

    def test_a_proof_holds_for_what_it_was_made_by(self, tmp_path, monkeypatch):
        assert not carried.is_proved(tmp_path)
        carried.note_proof(tmp_path)
        assert carried.is_proved(tmp_path)
        other = Fingerprint("another", "3.11", {}, "")
        monkeypatch.setattr(carried, "fingerprint", lambda: other)
        assert not carried.is_proved(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    name, content = wheel()
    path = tmp_path_factory.mktemp("wheel") / name
    path.write_bytes(content)
    return path


class TestInstalling:
    def test_pip_installs_the_very_package(self, made, tmp_path):
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
        subprocess.run([*command, "--target", tmp_path, made], check=True)
        assert digest_of(tmp_path / "autograder") == fingerprint().package

    def test_jupyter_finds_the_sandbox_in_it(self, made):
        with zipfile.ZipFile(made) as packed:
            (name,) = (each for each in packed.namelist() if each.endswith("entry_points.txt"))
            assert b"autograder-sandbox = autograder.grading" in packed.read(name)

    def test_it_is_the_same_each_time(self, made):
        assert wheel() == (made.name, made.read_bytes())

    def test_every_library_has_the_version_that_is_here(self):
        lines = constraints(NAME)
        pinned = dict(line.split("==") for line in lines)
        assert {f"{name}=={number}" for name, number in pinned.items()} == set(lines)
        for name, number in fingerprint().libraries.items():
            assert pinned[name.replace("_", "-")] == number
        assert pinned["alembic"] == version("alembic") and NAME not in pinned
        assert "pytest" not in pinned and "playwright" not in pinned


class TestGradescope:
    files = gradescope.files(carried.as_files(CARRIED), installation())

    def test_its_programs_lie_at_the_root_and_may_be_started(self, tmp_path):
        write_zip(self.files, tmp_path / "made" / "x.zip")
        with zipfile.ZipFile(tmp_path / "made" / "x.zip") as packed:
            rights = {each.filename: each.external_attr >> 16 for each in packed.infolist()}
            for name in ("setup.sh", "run_autograder"):
                assert rights[name] == 0o100755
                assert packed.read(name).startswith(b"#!/bin/sh\n")
            assert packed.read("assignment/source.zip") == b"source"
        assert (tmp_path / "made" / "x.zip").stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
    def test_a_shell_can_read_them(self, name, tmp_path):
        (tmp_path / name).write_bytes(self.files[name])
        subprocess.run(["sh", "-n", tmp_path / name], check=True)

    def test_references_are_closed_before_anything_is_installed(self):
        lines = self.files["setup.sh"].decode().splitlines()
        assert lines.index("chmod -R go-rwx assignment") < lines.index("apt-get update")


ALLOWED = {
    *("enabled", "image", "entrypoint", "serverFilesCourse", "timeout", "enableNetworking"),
    *("environment", "comment"),
}
"""Keys of externalGradingOptions in PrairieLearn's infoQuestion.ts, which takes no others."""


class TestPrairieLearn:
    files = prairielearn.question(
        "ch01", ["a.ipynb", 'b".ipynb'], carried.as_files(CARRIED), seconds=600, image="me/grader"
    )

    def test_the_question_is_graded_by_our_image_without_a_network(self):
        about = json.loads(self.files["info.json"])
        options = about["externalGradingOptions"]
        assert about["gradingMethod"] == "External" and set(options) <= ALLOWED
        assert (options["image"], options["timeout"]) == ("me/grader", 600)
        assert options["enableNetworking"] is False
        assert options["entrypoint"].removeprefix("/grade/") in self.files

    def test_it_is_the_same_question_when_it_is_made_again(self):
        other = prairielearn.question("ch02", [], {}, seconds=60, image="x")
        ids = {json.loads(each["info.json"])["uuid"] for each in (self.files, other)}
        assert len(ids) == 2

    def test_names_of_notebooks_end_no_attribute(self):
        page = self.files["question.html"].decode()
        assert 'file-names="a.ipynb, b&quot;.ipynb"' in page

    def test_the_image_holds_nothing_of_the_assignment(self):
        files = prairielearn.image_files(installation(), "me/grader")
        assert set(files) == {"Dockerfile", "constraints.txt", installation().wheel_name}

    def test_what_is_there_is_replaced_only_where_it_is_such_a_bundle(self, tmp_path):
        mine = tmp_path / "mine"
        mine.mkdir()
        (mine / "thesis.txt").write_text("years")
        with pytest.raises(Problem, match="Give another --out"):
            write_folder({"image/Dockerfile": b""}, mine)
        assert (mine / "thesis.txt").is_file()
        for content in (b"1", b"2"):
            write_folder({"image/Dockerfile": content, "tests/run.sh": b""}, tmp_path / "made")
        assert (tmp_path / "made" / "image" / "Dockerfile").read_bytes() == b"2"
        assert os.access(tmp_path / "made" / "tests" / "run.sh", os.X_OK)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "mine"]


@pytest.mark.parametrize(("system", "minutes"), [("gradescope", 41), ("prairielearn", 11)])
def test_more_time_than_a_system_gives_is_one_line(tmp_path, system, minutes):
    with pytest.raises(Problem, match=r"give --minutes from 2 to"):
        bundle.main([system, "ch01", "--minutes", str(minutes), "--course", str(tmp_path)])
