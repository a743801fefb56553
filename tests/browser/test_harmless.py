"""Payloads in every place of a submission that a student can fill, seen in a real browser.

The formgrader and the feedback page are nbgrader's own. The same submission graded without our
gate shows that the payloads are such as run.
"""

import copy
import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import nbformat
import pytest
from browser.lab import browser_path, running_browser, wait_for
from browser.payloads import (
    attachments,
    html_payloads,
    last_payloads,
    markdown_payloads,
    output_payloads,
    text_payloads,
)
from browser.seen import look_at
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.api import Gradebook

from autograder.grading.classroom import Classroom

REPOSITORY = Path(__file__).parents[2]
PICTURES = os.environ.get("SCREENSHOTS")
GATE = '    "autograder.grading.harmless.notebook.Harmless",'
KNOWN = ("cdnjs.cloudflare.com",)
"""Where nbconvert's pages get MathJax from."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_path() is None, reason="there is no Chromium on this machine"),
]


def marks(grade_id, **more):
    return {"nbgrader": {"schema_version": 3, "grade_id": grade_id, "task": False} | more}


def solution():
    """Each place that a student can fill, once."""
    answer = {"grade": False, "solution": True, "locked": False}
    check = {"grade": True, "solution": False, "locked": True, "points": 1}
    drawing = new_code_cell("draw = 1", id="drawing", metadata={"tags": ["skip-when-grading"]})
    drawing.metadata |= marks("drawing", grade=False, solution=False, locked=True)
    written = marks("written", grade=True, solution=True, locked=False, points=1)
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
        cells=[
            new_markdown_cell("# A gallery", id="title"),
            new_code_cell(
                "def shown():\n    return 1", id="live", metadata=marks("live", **answer)
            ),
            new_code_cell(
                "assert shown() == 1", id="live-check", metadata=marks("live_check", **check)
            ),
            new_code_cell("failing = 1", id="failing", metadata=marks("failing", **answer)),
            new_markdown_cell("Say why.", id="written", metadata=written),
            drawing,
        ],
    )


def submission(released):
    """The released notebook with payloads in all places; and how many there are."""
    book = copy.deepcopy(released)
    by_id = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in book.cells}
    live = [[one.mime_type, one.content, one.metadata] for one in output_payloads("live")]
    by_id["live"].source = (
        "from IPython.display import display\nimport json\n"
        f"for kind, data, about in json.loads({json.dumps(json.dumps(live))}):\n"
        "    display({kind: data}, raw=True, metadata=about or {})\n"
        f"for text in json.loads({json.dumps(json.dumps(list(text_payloads('out').values())))}):\n"
        "    print(text)\n"
        "def shown():\n    return 1"
    )
    error = "\n".join(text_payloads("error").values())
    by_id[
        "failing"
    ].source = (
        f"raise type({html_payloads('ename')['ename-img-error']!r}, (Exception,), {{}})({error!r})"
    )
    saved = output_payloads("saved")
    by_id["drawing"].outputs = [
        new_output("display_data", {one.mime_type: one.content}, metadata=one.metadata or {})
        for one in saved
    ] + [new_output("stream", text=text) for text in text_payloads("stream").values()]
    by_id["written"].source = "\n\n".join(markdown_payloads("answer").values())
    words, files = attachments("answer")
    pictures = new_markdown_cell(words)
    by_id["written"]["attachments"] = files
    for grade_id in ("live", "drawing"):
        by_id[grade_id].metadata["alt"] = html_payloads("alt")["alt-img-error"]
        by_id[grade_id].metadata["tags"] = ["skip-when-grading", '"><img src=x onerror=FIRED(1)>']
    tag = '"><img src=x onerror="FIRED(\'metadata\')">'
    book.metadata |= {"title": tag, "celltoolbar": tag, "widgets": {tag: {"state": {}}}}
    book.metadata["kernelspec"]["display_name"] = tag
    book.metadata["language_info"] = {"name": tag, "pygments_lexer": tag}
    extra = [new_markdown_cell(text) for text in markdown_payloads("extra").values()]
    raw = new_raw_cell(html_payloads("raw")["raw-img-error"], metadata={"raw_mimetype": ""})
    code = new_code_cell(f"# {tag}\n%%html\n{tag}")
    last = [new_markdown_cell(text) for text in last_payloads("extra").values()]
    book.cells += [*extra, raw, code, pictures, *last]
    return book


def payloads():
    """How many payloads are placed where."""
    outputs, texts = len(output_payloads("x")), len(text_payloads("x"))
    return {
        "saved output": outputs + texts,
        "live output": outputs + texts,
        "error": texts + 1,
        "markdown answer": len(markdown_payloads("x")) + 4,
        "extra cell": len(markdown_payloads("x")) + len(last_payloads("x")) + 2,
        "metadata": 8,
    }


class Seen:
    """One class, graded, and its pages."""

    def __init__(self, folder, gate):
        course = folder / "course"
        chapter = course / "solutions" / "gallery"
        chapter.mkdir(parents=True)
        config = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
        if not gate:
            assert GATE in config
            config = config.replace(GATE, "#")
        (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
        nbformat.write(solution(), chapter / "gallery.ipynb")
        self.room = Classroom.copy_of(course, folder / "room", has_exchange=False)
        self.room.generate("gallery")
        (released,) = self.room.released("gallery").values()
        book = submission(released)
        if not gate:  # nbconvert makes no page at all for an attachment that is not there
            book.cells[4].pop("attachments")
            book.cells = [cell for cell in book.cells if "attachment:" not in cell.source]
        evil = b"<script>parent.FIRED('own-file')</script>"
        self.room.submit("ann", "gallery", {"gallery.ipynb": book, "evil.html": evil})
        self.errors = self.room.autograde("gallery")
        self.room.give_feedback("gallery")

    @property
    def submission_id(self):
        with Gradebook(self.room.config.CourseDirectory.db_url) as gradebook:
            return gradebook.find_submission_notebook("gallery", "gallery", "ann").id

    @contextmanager
    def formgrader(self, log):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"]
        command += [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
        command += [f"--ServerApp.root_dir={self.room.root}"]
        command += ["--ServerApp.jpserver_extensions", "nbgrader.server_extensions.formgrader=True"]
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(self.room.root / "machine"),
            "JUPYTER_RUNTIME_DIR": str(self.room.root / "machine" / "runtime"),
        }
        with log.open("w") as told:
            server = subprocess.Popen(
                command, env=environment, cwd=self.room.root, stdout=told, stderr=told
            )
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(f"{address}/api", server)
                yield f"{address}/formgrader/submissions/{self.submission_id}/"
            finally:
                server.terminate()
                server.wait(20)


@pytest.fixture(scope="module")
def browser():
    with running_browser() as started:
        yield started


def fetched(address):
    """What type of page the server says it is; None if there is none."""
    try:
        with urlopen(address, timeout=20) as answer:
            return answer.headers.get_content_type()
    except HTTPError:
        return None


def pages_of(browser, folder, gate):
    graded = Seen(folder, gate)
    pages = graded.room.feedback_pages("gallery")
    page = next(one for one in pages if one.name == "gallery.html")

    def picture(name):
        return Path(PICTURES) / f"{name}_{'gate' if gate else 'open'}.png" if PICTURES else None

    feedback = look_at(browser, page.as_uri(), KNOWN, picture("feedback"))
    with graded.formgrader(folder / "server.log") as address:
        formgrader = look_at(browser, address, KNOWN, picture("formgrader"))
        formgrader.served = fetched(address + "evil.html")
    return graded, feedback, formgrader


@pytest.fixture(scope="module")
def guarded(browser, tmp_path_factory):
    return pages_of(browser, tmp_path_factory.mktemp("guarded"), gate=True)


def test_nothing_of_a_student_runs_in_the_formgrader(guarded):
    _, _, formgrader = guarded
    assert formgrader.harm == []
    assert formgrader.served is None, "a page that was handed in"
    assert formgrader.strangers == set()


def test_nothing_of_a_student_runs_on_the_feedback_page(guarded):
    _, feedback, _ = guarded
    assert feedback.harm == []
    assert feedback.strangers == set()


def test_points_are_as_they_were(guarded):
    graded, _, _ = guarded
    assert graded.errors == []
    assert graded.room.cell_scores("ann", "gallery")["live_check"] == 1


def test_without_the_gate_the_same_payloads_run(browser, tmp_path):
    _, feedback, formgrader = pages_of(browser, tmp_path, gate=False)
    placed = sum(payloads().values())
    assert placed > 600 and len(formgrader.fired) > 150 and len(formgrader.called) > 60
    places = {name.partition("-")[0] for name in formgrader.fired}
    assert places >= {"saved", "live", "answer", "extra"}
    assert formgrader.served == "text/html"
    # On the feedback page the policy still stops what would run or call home.
    assert feedback.fired == feedback.called == set()
