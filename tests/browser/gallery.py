"""A class whose one student has put payloads into every place, and its pages."""

import copy
import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import nbformat
from browser.lab import wait_for
from browser.payloads import (
    attachments,
    html_payloads,
    last_payloads,
    markdown_payloads,
    output_payloads,
    text_payloads,
)
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.api import Gradebook

from autograder.grading.playing.classroom import Classroom

REPOSITORY = Path(__file__).parents[2]
GATE = "autograder.grading.preprocessors.disarm.Harmless"


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
            new_markdown_cell("# A gallery of $x^2$", id="title"),
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


class Gallery:
    """A class, graded, and its pages: Ann's with payloads, Ben's without."""

    def __init__(self, folder, gate):
        course = folder / "course"
        chapter = course / "solutions" / "gallery"
        chapter.mkdir(parents=True)
        config = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
        if not gate:
            config += f"\nc.Autograde.autograde_preprocessors.remove({GATE!r})\n"
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
        self.room.submit("ben", "gallery", {"gallery.ipynb": released})
        self.errors = self.room.autograde("gallery")
        self.room.give_feedback("gallery")

    def gradebook(self):
        return Gradebook(self.room.course.db_url)

    def submission_id(self, student):
        with self.gradebook() as gradebook:
            return gradebook.find_submission_notebook("gallery", "gallery", student).id

    @contextmanager
    def formgrader(self, log, settings=""):
        """The real formgrader, with more settings than the class's; the address of its pages."""
        config = self.room.root / "nbgrader_config.py"
        before = config.read_text(encoding="utf-8")
        config.write_text(before + settings, encoding="utf-8")
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
                yield f"{address}/formgrader/submissions/"
            finally:
                server.terminate()
                server.wait(20)
                config.write_text(before, encoding="utf-8")
