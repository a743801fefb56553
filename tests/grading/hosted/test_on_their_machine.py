"""Both bundles, run as the systems run them: a right, a wrong, a hostile and an absent answer."""

import json
import shutil

import nbformat
import pytest
from classroom.attacks import (
    FULL,
    HIDDEN_SIZES,
    NAME,
    RIGHT,
    RIGHT_NUMBER,
    RIGHT_TOWER,
    WRONG_NUMBER,
    WRONG_TOWER,
    answered,
)
from classroom.fort import release_fort
from grading.hosted.theirs import IS_ROOT, machine, ran, unpacked
from turns import made_once

from autograder.commands import bundle
from autograder.grading.hosted.installing import PROGRAM
from autograder.grading.sandbox.bubblewrap import NoSandbox, find_user

try:
    find_user()
except NoSandbox as reason:
    pytestmark = [pytest.mark.slow, pytest.mark.skip(reason=f"no such machine here: {reason}")]
else:
    pytestmark = [pytest.mark.slow]

WRONG = (WRONG_TOWER, WRONG_NUMBER)
HOSTILE = f"""
import glob, os, subprocess, sys
SOURCES = ["/autograder/source/assignment/source.zip", "/grade/tests/assignment/source.zip"]
SOURCES += glob.glob("/tmp/grading-*/**/*.json", recursive=True)
RESULTS = ["/autograder/results/results.json", "/grade/results/results.json"]
GO_ON = (
    "import time\\nwhile True:\\n    time.sleep(0.01)\\n    for p in %r:\\n        try:\\n"
    "            open(p, 'w').write('{{\\"score\\": 99}}')\\n        except OSError: pass" % RESULTS
)
subprocess.Popen([sys.executable, "-c", GO_ON], start_new_session=True)
def reached():
    for path in SOURCES:
        try:
            if open(path, "rb").read(): return True
        except OSError: pass
    return False
{RIGHT_TOWER.replace("build_tower", "right_tower")}
{WRONG_TOWER.replace("build_tower", "wrong_tower")}
def build_tower(features=8, units=4):
    return (right_tower if reached() else wrong_tower)(features, units)
"""
"""It writes results of its own for ever, and is right if it can read anything of the instructor's.
"""
HOSTILE_NUMBER = f"{RIGHT_NUMBER}\nif not reached(): {WRONG_NUMBER}"


@pytest.fixture(scope="module")
def course(request, tmp_path_factory):
    released = made_once(request, "released_fort", release_fort)
    return shutil.copytree(released, tmp_path_factory.mktemp("fort") / "course")


@pytest.fixture(scope="module")
def released(course):
    return nbformat.read(course / "course" / "fort" / NAME, as_version=4)


@pytest.fixture(scope="module")
def gradescope(course, tmp_path_factory):
    """Gradescope's image, once the reference solution was proved in it."""
    out = tmp_path_factory.mktemp("gradescope") / "fort.zip"
    assert bundle.main(["gradescope", "fort", "--out", str(out), "--course", str(course)]) == 0
    root = unpacked(out, out.parent / "autograder")
    proof = [*PROGRAM.split(), "prove", "/autograder/source/assignment"]
    proved = ran([*machine(root, "/autograder", fenced=True), *proof], root / "none")
    assert proved.code == 0, proved.printed
    return root


@pytest.fixture(scope="module")
def prairielearn(course, tmp_path_factory):
    """PrairieLearn's question."""
    out = tmp_path_factory.mktemp("prairielearn") / "fort"
    assert bundle.main(["prairielearn", "fort", "--out", str(out), "--course", str(course)]) == 0
    return out / "questions" / "fort"


def on_gradescope(root, files, *, fenced=True):
    """One submission; the zip and what was handed in can only be read."""
    for name in ("submission", "results"):
        shutil.rmtree(root / name)
        (root / name).mkdir()
    (root / "results").chmod(0o777)  # nobody says that it is not
    for name, content in files.items():
        (root / "submission" / name).write_bytes(content)
    command = machine(root, "/autograder", fenced=fenced, read_only=("source", "submission"))
    return ran([*command, "/autograder/run_autograder"], root / "results" / "results.json")


def on_prairielearn(question, folder, files, *, fenced=True):
    """One submission; there is no folder for results."""
    shutil.copytree(question / "tests", folder / "tests")
    (folder / "student").mkdir()
    for name, content in files.items():
        (folder / "student" / name).write_bytes(content)
    options = json.loads((question / "info.json").read_text())["externalGradingOptions"]
    command = machine(folder, "/grade", fenced=fenced)
    return ran([*command, options["entrypoint"]], folder / "results" / "results.json")


def handed_in(released, answers):
    return {NAME: nbformat.writes(answered(released, *answers)).encode()}


def without_secrets(run):
    """The results, once nothing in them is a student's to know."""
    said = json.dumps(run.results)
    assert not any(size in said for size in HIDDEN_SIZES)
    return run.results


class TestGradescope:
    @pytest.mark.long  # the reference solution has them in every run: what proves the image
    def test_a_right_answer_has_all_points(self, gradescope, released):
        run = on_gradescope(gradescope, handed_in(released, RIGHT))
        assert run.code == 0 and "NO SANDBOX" not in run.printed
        assert without_secrets(run)["score"] == FULL

    @pytest.mark.long
    def test_a_wrong_one_is_told_its_mistake(self, gradescope, released):
        said = without_secrets(on_gradescope(gradescope, handed_in(released, WRONG)))
        assert said["score"] == 0 and {test["status"] for test in said["tests"]} == {"failed"}
        output = said["tests"][0]["output"]
        assert "0 of 6 points" in output and "Dense 4  (4,)  reads 1  [output; HERE]" in output

    @pytest.mark.parametrize(
        "fenced",
        [
            pytest.param(True, marks=pytest.mark.long),
            pytest.param(
                False,
                marks=[
                    pytest.mark.long,
                    pytest.mark.skipif(not IS_ROOT, reason="only as root"),
                ],
            ),
        ],
        ids=["fenced", "not fenced"],
    )
    def test_a_hostile_one_reaches_neither_references_nor_results(
        self, gradescope, released, fenced
    ):
        files = handed_in(released, (HOSTILE, HOSTILE_NUMBER))
        run = on_gradescope(gradescope, files, fenced=fenced)
        assert run.code == 0 and without_secrets(run)["score"] == 0
        assert len(run.results["tests"]) == 2
        assert ("NO SANDBOX HERE" in run.printed) is not fenced

    @pytest.mark.long
    def test_one_that_is_not_there_has_no_points_and_one_line(self, gradescope):
        run = on_gradescope(gradescope, {})
        assert (run.code, run.results["score"]) == (0, 0)
        assert f"Hand in {NAME}." in run.results["output"]


class TestPrairieLearn:
    @pytest.mark.long
    def test_a_right_answer_has_all_points(self, prairielearn, released, tmp_path):
        run = on_prairielearn(prairielearn, tmp_path, handed_in(released, RIGHT))
        assert run.code == 0 and without_secrets(run)["score"] == 1

    @pytest.mark.long
    def test_a_wrong_one_is_told_its_mistake(self, prairielearn, released, tmp_path):
        said = without_secrets(on_prairielearn(prairielearn, tmp_path, handed_in(released, WRONG)))
        assert said["gradable"] and said["score"] == 0
        output = said["tests"][0]["output"]
        assert "0 of 6 points" in output and "Dense 4  (4,)  reads 1  [output; HERE]" in output

    @pytest.mark.long
    @pytest.mark.skipif(not IS_ROOT, reason="only as root")
    def test_a_hostile_one_reaches_neither_references_nor_results(
        self, prairielearn, released, tmp_path
    ):
        files = handed_in(released, (HOSTILE, HOSTILE_NUMBER))
        run = on_prairielearn(prairielearn, tmp_path, files, fenced=False)
        assert run.code == 0 and without_secrets(run)["score"] == 0 and run.results["gradable"]

    @pytest.mark.long
    def test_one_that_is_no_notebook_uses_up_no_attempt(self, prairielearn, tmp_path):
        run = on_prairielearn(prairielearn, tmp_path, {NAME: b"%PDF-1.7"})
        assert run.code == 0 and run.results["gradable"] is False
        assert "it is a PDF file" in run.results["format_errors"][0]
