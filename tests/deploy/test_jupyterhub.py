"""The hub of docs/jupyterhub.md: its files as they are, a student's and an instructor's week on it.

Accounts, /etc, /home and /srv are a folder's, and the network is its own, by bubblewrap: the hub
runs as root there, and each person's server as that person. Only how people log in is another.
"""

import grp
import json
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from away import REPOSITORY, built_wheel, environment, pip

FILES = REPOSITORY / "deploy" / "jupyterhub"
WEEK = Path(__file__).with_name("hub_week.py")
COURSE = "keras-functional"
CHAPTER = "ch01_sequential_to_functional"
OTHER = "lectures"
"""A second course, which Ben teaches; in the first he is a student."""
PEOPLE = ("ann", "ben", "teacher", f"grader-{COURSE}", f"grader-{OTHER}")
FIRST_ID = 20_001
HERE = """
load_subconfig("/etc/jupyterhub/jupyterhub_config.py")
c = get_config()
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.db_url = "sqlite:////srv/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = "/srv/proxy.pid"
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.services = [*c.JupyterHub.services, {{"name": "test", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [*c.JupyterHub.load_roles, {{"name": "test", "services": ["test"],
    "scopes": ["admin:users", "admin:servers", "tokens", "read:hub", "access:servers"]}}]
"""

SETTINGS = json.loads((FILES / "page_config.json").read_text())["disabledExtensions"]
DOCKERFILE = (FILES / "Dockerfile").read_text()


def test_the_image_is_made_of_what_is_there_and_the_builder_sees():
    lines = [line.split() for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.M)]
    sources = {source for *given, _ in lines for source in given}
    assert sources and all((REPOSITORY / source).exists() for source in sources)
    unseen = (FILES / "Dockerfile.dockerignore").read_text().splitlines()
    assert unseen[1] == "*"
    assert {line[1:] for line in unseen if line.startswith("!")} == sources


def test_the_image_has_nothing_of_an_instructors():
    (installed,) = re.findall(r"pip install .*", DOCKERFILE)
    assert '".[course]" nbgrader' in installed and "grading" not in installed
    copied = " ".join(re.findall(r"^COPY (.+)$", DOCKERFILE, re.M))
    assert "solutions" not in copied and "COPY . " not in DOCKERFILE
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.M)[-1] == "${NB_UID}"


def test_the_guide_says_what_the_files_say():
    guide = (REPOSITORY / "docs" / "jupyterhub.md").read_text()
    shown = json.loads(re.search(r"```json\n(.+?)```", guide, re.S)[1])
    assert shown == {"disabledExtensions": dict.fromkeys(SETTINGS, False)}
    for path in FILES.iterdir():
        assert f"`{path.name}`" in guide or f"/{path.name}`" in guide or "ignore" in path.name
    assert f'course_id = "{COURSE}"' in (REPOSITORY / "nbgrader_config.py").read_text()
    (exchange,) = re.findall(r'Exchange\.root = "(.+)"', (FILES / "nbgrader_config.py").read_text())
    assert f"mkdir -p {exchange} && chmod 777 {exchange}" in guide


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """A Python that has JupyterHub, and its proxy: fetched anew, beside what is installed here."""
    if os.getuid() != 0 or shutil.which("bwrap") is None:
        pytest.skip("the hub starts servers of several users: this needs root, and bubblewrap")
    if shutil.which("npm") is None:
        pytest.skip("the hub's proxy comes by npm")
    folder = tmp_path_factory.mktemp("hub")
    folder.chmod(0o755)
    (folder / "wheel").mkdir()
    wheel = built_wheel(folder / "wheel")
    python, _ = environment(folder / "env", wheel=wheel, has_pip=True)
    pip("install", "jupyterhub", python=python)
    # What other packages have put beside Python: pages, kernels, JupyterLab's extensions.
    for part in ("share", "etc"):
        (folder / "env" / part).mkdir(exist_ok=True)
        (folder / "env" / part / "jupyter").symlink_to(Path(sys.prefix) / part / "jupyter")
    command = ["npm", "install", "--silent", "--no-fund", "configurable-http-proxy"]
    (folder / "proxy").mkdir()
    subprocess.run(command, cwd=folder / "proxy", check=True)
    return python.parent, folder / "proxy" / "node_modules" / ".bin", folder


def machine(folder, token):
    """The folders of a machine with the hub's files and accounts, as the guide says."""
    etc, home, srv = (folder / name for name in ("etc", "home", "srv"))
    kept = shutil.ignore_patterns("shadow*", "gshadow*", "ssh", "jupyter*")
    shutil.copytree("/etc", etc, symlinks=True, ignore=kept)
    (etc / "jupyterhub").mkdir()
    (etc / "jupyter" / "labconfig").mkdir(parents=True)
    hub = (FILES / "jupyterhub_config.py").read_text()
    second = f'"{OTHER}": {{"port": 9102, "instructors": {{"ben"}}, "students": {{"ann"}}}},'
    assert hub.count("COURSES = {\n") == 1
    hub = hub.replace("COURSES = {\n", f"COURSES = {{\n    {second}\n")
    (etc / "jupyterhub" / "jupyterhub_config.py").write_text(hub)
    (etc / "jupyterhub" / "here.py").write_text(HERE.format(token=token))
    for name in ("jupyter_server_config.py", "nbgrader_config.py"):
        shutil.copy(FILES / name, etc / "jupyter")
    shutil.copy(FILES / "page_config.json", etc / "jupyter" / "labconfig")
    accounts = [f"{each.pw_name}:x:{each.pw_uid}:{each.pw_gid}::{each.pw_dir}:/bin/sh"
                for each in pwd.getpwall()]  # fmt: skip
    groups = [f"{each.gr_name}:x:{each.gr_gid}:" for each in grp.getgrall()]
    for number, name in enumerate(PEOPLE, start=FIRST_ID):
        accounts.append(f"{name}:x:{number}:{number}::/home/{name}:/bin/sh")
        groups.append(f"{name}:x:{number}:")
        (home / name).mkdir(parents=True)
    (etc / "passwd").write_text("\n".join(accounts) + "\n")
    (etc / "group").write_text("\n".join(groups) + "\n")
    (srv / "nbgrader" / "exchange").mkdir(parents=True)
    (srv / "nbgrader" / "exchange").chmod(0o777)
    class_folder = home / f"grader-{COURSE}" / "course"
    class_folder.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", class_folder)
    shutil.copytree(REPOSITORY / "solutions" / CHAPTER, class_folder / "solutions" / CHAPTER)
    config = (REPOSITORY / "nbgrader_config.py").read_text()
    (home / f"grader-{OTHER}" / "course" / "solutions").mkdir(parents=True)
    (home / f"grader-{OTHER}" / "course" / "nbgrader_config.py").write_text(
        config.replace(f'course_id = "{COURSE}"', f'course_id = "{OTHER}"')
    )
    lab = home / f"grader-{COURSE}" / ".jupyter" / "labconfig"
    lab.mkdir(parents=True)
    both = {"disabledExtensions": dict.fromkeys(SETTINGS, False)}
    (lab / "page_config.json").write_text(json.dumps(both))
    for number, name in enumerate(PEOPLE, start=FIRST_ID):
        (home / name).chmod(0o700)
        for path in [home / name, *(home / name).rglob("*")]:
            os.chown(path, number, number)
    return etc, home, srv


def within(folder, token, programs):
    """Begins a command that runs on that machine, as root."""
    etc, home, srv = machine(folder, token)
    # Accounts get at Python wherever it lies: in folders of root's, or of this test's.
    needed = dict.fromkeys(map(str, [sys.base_prefix, sys.prefix, REPOSITORY, *programs[2:]]))
    hidden = dict.fromkeys(
        str(parent)
        for path in needed
        for parent in reversed(Path(path).parents)
        if len(parent.parts) > 2 and parent.parts[1] in ("root", "tmp")
    )
    binds = [argument for path in hidden for argument in ("--perms", "0755", "--dir", path)]
    binds += [argument for path in needed for argument in ("--ro-bind", path, path)]
    for source, place in ((etc, "/etc"), (home, "/home"), (srv, "/srv")):
        binds += ["--bind", str(source), place]
    folders = [*map(str, programs[:2]), os.path.join(sys.prefix, "bin")]
    path = os.pathsep.join([*folders, "/usr/local/bin", "/usr/bin", "/bin"])
    return [
        *("bwrap", "--dev-bind", "/", "/", "--unshare-net"),
        *("--perms", "0755", "--tmpfs", "/root", "--perms", "1777", "--tmpfs", "/tmp", *binds),
        *("--die-with-parent", "--clearenv", "--setenv", "PATH", path, "--chdir", "/srv"),
    ]


@pytest.mark.slow
@pytest.mark.long
def test_a_week_on_the_hub(programs, tmp_path):
    token = secrets.token_hex(16)
    command = within(tmp_path, token, programs)
    run = subprocess.run(
        [*command, programs[0] / "python", WEEK, "/srv/hub.log", token],
        capture_output=True,
        text=True,
        timeout=1800,
    )
    log = (tmp_path / "srv" / "hub.log").read_text()
    assert run.returncode == 0, run.stderr + log[-8000:]
    seen = json.loads(run.stdout)
    for who, status in {
        "ann at the formgrader": 403,
        "ben at the formgrader": 403,
        "ann's own formgrader": 404,
        "ben at ann's server": 403,
        "teacher at the formgrader": 200,
        "ben at the other formgrader": 200,
        "teacher at the other formgrader": 403,
        "ann at the other formgrader": 403,
    }.items():
        assert seen[who] == status, who
    (found,) = seen["teacher's formgraders"]["value"]
    assert found["course_id"] == COURSE
    assert set(SETTINGS) <= set(seen["ann's page"])
    assert not set(SETTINGS) & set(seen["the course's page"])

    assert seen["assign"] is True and seen["release"] is True
    assert seen["handed out"] == [f"{CHAPTER}.ipynb", "references.json"]
    assert seen["courses"]["value"] == [COURSE]
    (fetched,) = seen["fetch"]["value"]
    assert (fetched["assignment_id"], fetched["status"]) == (CHAPTER, "fetched")
    assert seen["owner"] == "ann"
    assert "not attempted yet" in seen["validated untouched"]["value"]["failed"][0]["error"]
    assert seen["validated"] == {"success": True, "value": {}}
    statuses = {each["status"] for each in seen["submit"]["value"]}
    assert "submitted" in statuses
    assert seen["inbound"] == [["ann"], "0o42733"] and seen["ann may list"] == []

    for what in ("collect", "autograde", "feedback", "released feedback"):
        assert seen[what] is True, what
    assert seen["graded"]["score"] == seen["graded"]["max_score"] > 0
    assert "NO SANDBOX" not in log
    assert seen["pages"] == [f"{CHAPTER}.html"]
