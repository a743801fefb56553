"""`autograder grade`: the same grades as nbgrader itself, several at once, stopped or not."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from classroom.postgres import server_in
from classroom.programs import autograder, nbgrader
from classroom.standin import STANDIN, everything, hand_in, scores
from holding import GRADEBOOK, holding
from nbgrader.api import Gradebook
from patience import PATIENCE
from sqlalchemy import create_engine, text

from autograder.grading.course.folder import Course
from autograder.grading.engine.archive import TooLarge, pack, unpack
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.patience import Patience
from autograder.problem import Problem

pytestmark = pytest.mark.usefixtures("zygote")


@pytest.fixture
def folder(released, tmp_path):
    """A course with the stand-in assignment made, and nothing handed in."""
    return shutil.copytree(released, tmp_path / "course-folder")


def test_folders_travel_as_bytes(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "ü.txt").write_text("text")
    (tmp_path / "a" / "link").symlink_to("/etc/passwd")
    unpack(pack(tmp_path / "a"), tmp_path / "z")
    assert [p.relative_to(tmp_path / "z").as_posix() for p in (tmp_path / "z").rglob("*.*")] == [
        "b/ü.txt"
    ]
    assert pack(tmp_path / "a") == pack(tmp_path / "z")


def test_a_folder_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.engine.archive.MOST_BYTES", 3)
    (tmp_path / "file").write_text("four")
    with pytest.raises(TooLarge, match="larger than"):
        pack(tmp_path)


@pytest.fixture(scope="module")
def graded(zygote, released, tmp_path_factory):
    """A class of three that is graded, and one that cannot be; with what the grader said."""
    folder = shutil.copytree(released, tmp_path_factory.mktemp("graded") / "course-folder")
    hand_in(folder)
    place = folder / "classroom" / "submitted" / "bad" / STANDIN
    place.mkdir(parents=True)
    with (place / "standin.ipynb").open("wb") as file:
        file.truncate(1 << 40)
    run = autograder(folder, "grade", "--workers", "2")
    shutil.rmtree(place.parent)  # it is told of, and nobody has to copy it
    return folder, run


@pytest.fixture
def graded_folder(graded, tmp_path):
    """A course with the stand-in assignment made and graded."""
    return shutil.copytree(graded[0], tmp_path / "graded-folder")


@pytest.mark.slow
class TestGrade:
    def test_scores_are_those_of_nbgraders_own_command(self, graded, folder):
        ours, _ = graded
        hand_in(folder)
        nbgrader(folder, "autograde", STANDIN)
        theirs = everything(folder)
        assert {key: grade for key, grade in everything(ours).items() if key in theirs} == theirs
        assert scores(folder) == {"all0": 5, "half0": 2, "none0": 0}

    def test_one_that_cannot_be_graded_is_listed_and_the_others_are_graded(self, graded):
        folder, run = graded
        assert run.returncode == 1
        assert "3 graded, 0 kept, 1 not graded" in run.stdout
        assert "NOT GRADED bad: " in run.stdout and "Traceback" not in run.stdout + run.stderr
        assert {k: v for k, v in scores(folder).items() if k != "bad"} == {
            "all0": 5,
            "half0": 2,
            "none0": 0,
        }

    def test_what_is_graded_is_kept_until_it_changes(self, graded_folder):
        folder = graded_folder
        run = autograder(folder, "grade", "--workers", "1")
        assert "0 graded, 3 kept, 0 not graded" in run.stdout and run.returncode == 0
        submitted = folder / "classroom" / "submitted"
        shutil.copy(submitted / "all0" / STANDIN / "standin.ipynb", submitted / "none0" / STANDIN)
        assert "1 graded, 2 kept" in autograder(folder, "grade", "--workers", "1").stdout
        assert scores(folder)["none0"] == 5

    def test_again_leaves_a_persons_grade_alone(self, graded_folder):
        folder = graded_folder
        with Grades(Course(folder)).gradebook() as gradebook:
            grade = gradebook.find_grade("ex1_check", "standin", STANDIN, "none0")
            grade.manual_score = 1.5
            gradebook.db.commit()
        assert "3 graded" in autograder(folder, "grade", "--again", "--workers", "1").stdout
        with Grades(Course(folder)).gradebook() as gradebook:
            grade = gradebook.find_grade("ex1_check", "standin", STANDIN, "none0")
            assert (grade.manual_score, grade.auto_score, grade.score) == (1.5, 0, 1.5)
            assert grade.needs_manual_grade

    @pytest.mark.parametrize(
        "moment", [pytest.param("starting", marks=pytest.mark.long), "grading"]
    )
    def test_ctrl_c_ends_it_with_one_line_and_leaves_nothing_running(
        self, own_zygote, folder, moment
    ):
        hand_in(folder, copies=8)
        command = [sys.executable, "-m", "autograder", "grade", "--workers", "2"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        run = psutil.Popen(command, cwd=folder, start_new_session=True, **pipes)
        autograded = folder / "classroom" / "autograded"
        while not (run.children() if moment == "starting" else list(autograded.glob("*/*"))):
            assert run.poll() is None
            time.sleep(0.1)
        started = run.children(recursive=True)
        os.killpg(run.pid, signal.SIGINT)  # a terminal sends it to all of them
        _, said = run.communicate(timeout=PATIENCE)
        assert "Traceback" not in said
        assert said.splitlines()[-1] == "autograder grade: stopped"
        assert run.returncode == 130
        assert psutil.wait_procs(started, timeout=PATIENCE)[1] == []

    @pytest.mark.long  # in every run there is one with TLS: test_other_machines
    def test_on_a_cluster_that_is_already_there(self, folder, tmp_path):
        hand_in(folder)
        address = tmp_path / "scheduler.json"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        start = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0"]
        start += ["--no-dashboard", "--scheduler-file", str(address)]
        scheduler = subprocess.Popen(start, cwd=tmp_path, **quiet)
        start = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1"]
        start += ["--no-dashboard", "--scheduler-file", str(address)]
        worker = subprocess.Popen(start, cwd=tmp_path, **quiet)
        try:
            while not address.exists() or not address.read_text().strip():
                assert scheduler.poll() is None
                time.sleep(0.2)
            where = json.loads(address.read_text())["address"]
            run = autograder(folder, "grade", "--scheduler", where, "--trusted-network")
        finally:
            for process in (worker, scheduler):
                process.terminate()
                process.wait(20)
        assert run.returncode == 0, run.stderr
        assert scores(folder) == {"all0": 5, "half0": 2, "none0": 0}

    @pytest.mark.long
    def test_a_scheduler_that_does_not_answer_is_one_line(self, folder):
        hand_in(folder)
        run = autograder(folder, "grade", "--scheduler", "tcp://127.0.0.1:1", "--trusted-network")
        assert run.returncode == 1
        assert run.stderr.splitlines()[-1].startswith(
            "autograder grade: The Dask scheduler tcp://127.0.0.1:1 does not answer"
        )

    def test_nothing_submitted_is_one_line(self, folder):
        run = autograder(folder, "grade")
        assert run.returncode == 1 and "Nobody has submitted anything" in run.stderr


@pytest.fixture
def postgresql(tmp_path):
    """The address of a gradebook on a PostgreSQL server of our own."""
    server = server_in(tmp_path)
    yield server.url
    server.kill()


@pytest.mark.long
@pytest.mark.slow
def test_into_a_gradebook_on_postgresql(folder, postgresql):
    config = folder / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.db_url = {postgresql!r}\n")
    nbgrader(folder, "generate_assignment", STANDIN, "--force")
    hand_in(folder)
    run = autograder(folder, "grade", "--workers", "1")
    assert run.returncode == 0, run.stderr
    assert scores(folder) == {"all0": 5, "half0": 2, "none0": 0}
    with Gradebook(postgresql) as gradebook:
        assert len(gradebook.students) == 3


def held_for(folder, seconds):
    """Another program that holds the class's gradebook."""
    return holding(GRADEBOOK, folder / "classroom" / "gradebook.db", seconds)


@pytest.mark.slow
@pytest.mark.long
def test_a_gradebook_that_is_held_is_waited_for_and_then_given_up_in_one_line(folder):
    hand_in(folder)
    held = held_for(folder, 600)
    with held:
        run = autograder(folder, "grade", "--workers", "1", "--wait", "0.05")
        held.kill()
    assert run.returncode == 1 and "Traceback" not in run.stderr
    told, last = run.stderr.splitlines()[-2:]
    assert told.startswith("Another program holds the gradebook; waiting for it")
    assert last.startswith("autograder grade: Another program has held the gradebook")
    assert f"process {held.pid} of" in last

    with held_for(folder, 20):  # it ends by itself
        run = autograder(folder, "grade", "--workers", "1")
    assert run.returncode == 0, run.stderr
    assert scores(folder) == {"all0": 5, "half0": 2, "none0": 0}


@pytest.mark.long
@pytest.mark.slow
def test_everything_a_score_rests_on_decides_what_is_kept(folder):
    config = folder / "nbgrader_config.py"
    rule = "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
    config.write_text(f"{config.read_text()}\n{rule}")
    hand_in(folder)
    late = folder / "classroom" / "submitted" / "all0" / STANDIN / "timestamp.txt"
    late.write_text("2030-01-02 00:00:00 UTC")
    autograder(folder, "grade", "--workers", "1")

    def due(moment, **extension):
        with Grades(Course(folder)).gradebook() as gradebook:
            gradebook.update_or_create_assignment(STANDIN, duedate=moment)
            if extension:
                gradebook.grant_extension(STANDIN, "all0", **extension)
        run = autograder(folder, "grade", "--workers", "1")
        return next(line for line in run.stdout.splitlines() if line.startswith("all0"))

    told = "kept, 5 before the late penalty, the due date or an extension has changed"
    row = due("2030-01-01 00:00:00 UTC")
    assert row.split()[1:3] == ["0", "5"] and row.endswith(told)
    assert due("2030-01-01 00:00:00 UTC", days=2).split()[1:3] == ["5", "5"]

    path = folder / "solutions" / STANDIN / "standin.ipynb"
    solution = nbformat.read(path, as_version=4)
    solution.cells[-1].metadata.nbgrader.points = 8
    nbformat.write(solution, path)
    nbgrader(folder, "generate_assignment", STANDIN, "--force")
    run = autograder(folder, "grade", "--workers", "1")
    assert "3 graded, 0 kept" in run.stdout
    assert scores(folder) == {"all0": 10, "half0": 2, "none0": 0}
    config.write_text(f"{config.read_text()}\n# another configuration\n")
    with Grades(Course(folder)).gradebook() as gradebook:
        gradebook.remove_submission(STANDIN, "none0")
    assert "3 graded, 0 kept" in autograder(folder, "grade", "--workers", "1").stdout
    with Grades(Course(folder)).gradebook() as gradebook:
        gradebook.remove_submission(STANDIN, "none0")
    assert "1 graded, 2 kept" in autograder(folder, "grade", "--workers", "1").stdout


@pytest.mark.long
@pytest.mark.slow
def test_a_gradebook_that_is_held_on_postgresql_is_waited_for_too(postgresql, capsys):
    engine = create_engine(postgresql)
    with engine.begin() as database:
        database.execute(text("create table points (number int)"))
    patience = Patience(postgresql, 3)

    def insert():
        other = create_engine(patience.short_url)
        with other.begin() as database:
            database.execute(text("insert into points values (1)"))
        other.dispose()

    with engine.begin() as holder:
        holder.execute(text("lock table points in access exclusive mode"))
        number = holder.execute(text("select pg_backend_pid()")).scalar()
        with pytest.raises(Problem, match=f"session {number} of postgres"):
            patience(insert)
    patience(insert)
    assert "waiting for it" in capsys.readouterr().err
    engine.dispose()


@pytest.mark.long
@pytest.mark.slow
def test_a_feedback_page_always_has_the_score_of_the_gradebook(graded_folder):
    folder = graded_folder

    def page(student):
        nbgrader(folder, "generate_feedback", STANDIN)
        path = folder / "classroom" / "feedback" / student / STANDIN / "standin.html"
        return re.search(r"\(Score: ([\d.]+) / 5", path.read_text(encoding="utf-8"))[1]

    assert page("none0") == "0.0"
    submitted = folder / "classroom" / "submitted"  # without any time of handing in
    shutil.copy(submitted / "all0" / STANDIN / "standin.ipynb", submitted / "none0" / STANDIN)
    autograder(folder, "grade", "--workers", "1")
    assert page("none0") == "5.0"
    with Grades(Course(folder)).gradebook() as gradebook:
        gradebook.find_grade("ex1_check", "standin", STANDIN, "none0").manual_score = 0.5
        gradebook.db.commit()
    assert page("none0") == "3.5"
