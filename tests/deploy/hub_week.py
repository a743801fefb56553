"""A week on a hub, from inside: a student and an instructor, each by the hub's own interfaces.

`test_jupyterhub.py` starts this where the machine's accounts, /etc and /home are the test's. It
prints what it saw, as JSON.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat

from autograder.grading.notebooks.answer_cells import with_answers

HUB = "http://127.0.0.1:8000"
COURSE = "keras-functional"
CHAPTER = "ch01_sequential_to_functional"
CLASS = Path(f"/home/grader-{COURSE}/course")
SERVICE = f"/services/{COURSE}"
OTHER = "/services/lectures"
ANSWERING = 180
"""Seconds for the hub, a server or a grader."""


def ask(path, token, data=None, method=None):
    """What the hub answers: its status, and what it says (as data where it is JSON)."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(
        HUB + path, body, {"Authorization": f"token {token}"}, method=method
    )
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=ANSWERING) as answer:
            status, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode(errors="replace")
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text


def wait_until(what, hub):
    """Ask again and again, until something is as it should be."""
    until = time.monotonic() + ANSWERING
    while time.monotonic() < until:
        if hub.poll() is not None:
            sys.exit("The hub ended.")
        try:
            if what():
                return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit(f"Nothing came of {what.__name__}.")


def week(admin, hub):
    """All that happens."""

    def hub_answers():
        return ask("/hub/api/", admin)[0] == 200

    wait_until(hub_answers, hub)
    tokens, seen = {}, {}
    for name in ("ann", "ben", "teacher"):
        tokens[name] = ask(f"/hub/api/users/{name}/tokens", admin, {"note": "test"})[1]["token"]
    for name in ("ann", "teacher"):
        ask(f"/hub/api/users/{name}/server", admin, {})

        def server_runs(name=name):
            return ask(f"/user/{name}/api/status", tokens[name])[0] == 200

        wait_until(server_runs, hub)

    def formgrader_runs():
        return ask(f"{SERVICE}/formgrader/api/status", tokens["teacher"])[0] == 200

    wait_until(formgrader_runs, hub)

    def teacher(path, data=None, method=None):
        return ask(f"{SERVICE}/formgrader{path}", tokens["teacher"], data, method)

    def ann(path, data=None):
        return ask(f"/user/ann{path}", tokens["ann"], data)

    for who in ("ann", "ben"):
        seen[f"{who} at the formgrader"] = ask(f"{SERVICE}/formgrader/", tokens[who])[0]

    def other_formgrader_runs():
        return ask(f"{OTHER}/formgrader/api/status", tokens["ben"])[0] == 200

    wait_until(other_formgrader_runs, hub)
    for who in ("ann", "ben", "teacher"):
        seen[f"{who} at the other formgrader"] = ask(f"{OTHER}/formgrader/", tokens[who])[0]
    seen["ann's own formgrader"] = ann("/formgrader/")[0]
    seen["ben at ann's server"] = ask("/user/ann/api/status", tokens["ben"])[0]
    seen["teacher at the formgrader"] = teacher("/")[0]
    seen["teacher's formgraders"] = ask("/user/teacher/formgraders", tokens["teacher"])[1]
    seen["ann's page"] = disabled(ann("/lab")[1])
    seen["the course's page"] = disabled(ask(f"{SERVICE}/lab", tokens["teacher"])[1])

    seen["assign"] = outcome(teacher(f"/api/assignment/{CHAPTER}/assign", {}))
    seen["release"] = outcome(teacher(f"/api/assignment/{CHAPTER}/release", {}))
    if seen["assign"] is not True or seen["release"] is not True:
        return seen
    assignment = {"course_id": COURSE, "assignment_id": CHAPTER}
    seen["courses"] = ann("/courses")[1]
    seen["fetch"] = ann("/assignments/fetch", assignment)[1]
    notebook = Path("/home/ann") / COURSE / CHAPTER / f"{CHAPTER}.ipynb"
    seen["owner"] = notebook.owner()
    path = notebook.relative_to("/home/ann").as_posix()
    seen["validated untouched"] = ann("/assignments/validate", {"path": path})[1]
    answered(notebook)
    seen["validated"] = ann("/assignments/validate", {"path": path})[1]
    seen["submit"] = ann("/assignments/submit", assignment)[1]
    inbound = Path("/srv/nbgrader/exchange") / COURSE / "inbound"
    seen["inbound"] = [entry.owner() for entry in inbound.iterdir()], oct(inbound.stat().st_mode)
    places = {"inbound": inbound, "solutions": CLASS / "solutions", "grades": CLASS / "classroom"}
    seen["ann may list"] = [
        name
        for name, place in places.items()
        if subprocess.run(["ls", place], user="ann", capture_output=True).returncode == 0
    ]
    outbound = inbound.with_name("outbound")
    seen["handed out"] = sorted(path.name for path in outbound.rglob("*") if path.is_file())
    seen["collect"] = outcome(teacher(f"/api/assignment/{CHAPTER}/collect", {}))
    seen["autograde"] = outcome(teacher(f"/api/submission/{CHAPTER}/ann/autograde", {}))
    seen["graded"] = teacher(f"/api/submission/{CHAPTER}/ann")[1]
    seen["feedback"] = outcome(teacher(f"/api/assignment/{CHAPTER}/generate_feedback", {}))
    seen["released feedback"] = outcome(teacher(f"/api/assignment/{CHAPTER}/release_feedback", {}))
    ann("/assignments/fetch_feedback", assignment)
    seen["pages"] = [page.name for page in notebook.parent.rglob("*.html")]
    return seen


def outcome(answer):
    """Whether the formgrader did what it was asked to; else the end of what it says."""
    status, said = answer
    if status != 200 or not isinstance(said, dict):
        return f"{status}: {said}"[-2000:]
    return True if said["success"] else said.get("error", said.get("log", ""))[-2000:]


def disabled(page):
    """Which extensions JupyterLab is told to leave out, by its page."""
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)
    return json.loads(found[1])["disabledExtensions"] if found else page[:2000]


def answered(notebook):
    """Ann's work: the answers of the solution, written into the file that she fetched."""
    solution = CLASS / "solutions" / CHAPTER / notebook.name
    book = with_answers(
        nbformat.read(notebook, as_version=4), nbformat.read(solution, as_version=4)
    )
    notebook.write_text(nbformat.writes(book))


def end_proxy():
    """A hub that ends by an error of its own leaves its proxy behind."""
    noted = Path("/srv/proxy.pid")
    if noted.exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(noted.read_text().split()[0]), signal.SIGTERM)


if __name__ == "__main__":
    log_file, admin_token = sys.argv[1:]
    with open(log_file, "w") as log:
        command = ["jupyterhub", "-f", "/etc/jupyterhub/here.py"]
        running = subprocess.Popen(command, cwd="/srv", stdout=log, stderr=log)
        try:
            print(json.dumps(week(admin_token, running)))
        finally:
            running.terminate()
            running.wait(60)
            end_proxy()
