"""Another user of the machine, while a class is graded: nothing of it can be reached."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from classroom.other_user import USER
from classroom.programs import kill_all, nbgrader, of_those_running
from classroom.standin import STANDIN
from classroom.told import TOLD
from distributed import LocalCluster
from patience import PATIENCE

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = [
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.skipif(not ROOT, reason="only root can try what another user can reach"),
]
SLOW = "import time\nfor _ in range(600):\n    time.sleep(0.1)\n"
PROGRAM = Path(__file__).with_name("other_user.py")


def attacked(**wanted):
    """What another user got."""
    run = subprocess.run(
        [sys.executable, PROGRAM],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def place():
    """A folder that every user may enter, as no folder of pytest's is."""
    folder = Path(tempfile.mkdtemp(prefix="open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(course, place):
    """A course in which two have handed in what takes a minute to run."""
    made = shutil.copytree(course, place / "course-folder")
    for path in (made, *made.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    nbgrader(made, "generate_assignment", STANDIN, "--force")
    released = nbformat.read(made / "course" / STANDIN / "standin.ipynb", as_version=4)
    for cell in released.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = SLOW + cell.source
    for student in ("one", "two"):
        handed_in = made / "classroom" / "submitted" / student / STANDIN
        handed_in.mkdir(parents=True)
        nbformat.write(released, handed_in / "standin.ipynb")
    return made


@pytest.fixture
def temporary(place):
    """The folder for all temporary files of the grader."""
    made = place / "tmp"
    made.mkdir()
    made.chmod(0o1777)
    return made


@pytest.fixture
def grader(folder, temporary):
    """A grader, two of whose kernels run; ended with all that it has started."""
    run = psutil.Popen(
        [sys.executable, "-m", "autograder", "grade", "--workers", "2"],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(temporary)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + PATIENCE
        while len(list(temporary.glob("submission-*"))) < 2:
            assert run.poll() is None and time.monotonic() < end
            time.sleep(0.2)
        time.sleep(3)  # the kernels start
        yield run
    finally:
        everyone = run.children(recursive=True)
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGINT)
        run.wait(PATIENCE)
        _, left = psutil.wait_procs(everyone, timeout=PATIENCE)
        kill_all(left)


def listening(processes):
    """The ports on which processes listen, in whatever network they are."""
    connections = of_those_running(processes, psutil.Process.net_connections)
    return sorted(
        {
            connection.laddr.port
            for _, of_one in connections
            for connection in of_one
            if connection.status == psutil.CONN_LISTEN
        }
    )


def unix_sockets(processes):
    """The Unix sockets that some processes have bound, by path."""
    inodes = {inode for _, of_one in of_those_running(processes, _handles) for inode in of_one}
    return {
        (process.pid, path)
        for process, bound in of_those_running(processes, _bound)
        for inode, path in bound
        if f"socket:[{inode}]" in inodes
    }


def _handles(process):
    """What the files are that a process has open."""
    found = set()
    for handle in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.add(os.readlink(handle))
    return found


def _bound(process):
    """The Unix sockets in a process' network that have a path, each with its number."""
    lines = Path(f"/proc/{process.pid}/net/unix").read_text().splitlines()[1:]
    found = [[*line.split(maxsplit=7), ""][6:8] for line in lines]
    return [(inode, path) for inode, path in found if path]


def test_nothing_of_a_running_grader_is_reached(grader, folder, temporary):
    everyone = [grader, *grader.children(recursive=True)]
    numbers = [process.pid for process in everyone]
    open_ports, bound = listening(everyone), unix_sockets(everyone)
    paths = sorted({place for pid, path in bound for place in (path, f"/proc/{pid}/root{path}")})
    assert len(open_ports) >= 5  # the scheduler's, and of each worker and its nanny one
    assert any("user-" in path for path in paths), "the zygote's socket was not found"
    assert any("listener-" in path for path in paths), "the forkserver's was not found"
    names = {path.name.split("-")[0] for path in temporary.iterdir()}
    assert {"dask", "grading", "submission", "zygote"} <= names
    classroom = folder / "classroom"
    got = attacked(
        functions=open_ports,
        ports=open_ports,
        sockets=paths,
        folders=[str(temporary), str(classroom)] if _may_enter(classroom) else [str(temporary)],
        processes=numbers,
    )
    assert got == {"functions": [], "ports": [], "sockets": [], "folders": [], "processes": []}
    commands = of_those_running(everyone, psutil.Process.cmdline)
    assert not any("PRIVATE KEY" in part for _, command in commands for part in command)
    assert not list(temporary.rglob("*.pem")), "a key lies about"
    TOLD.append(
        f"another user: {len(open_ports)} ports, {len(paths)} Unix sockets, "
        f"{len(numbers)} processes, {sum(1 for _ in temporary.rglob('*'))} files and folders"
    )


def _may_enter(folder):
    return bool(folder.stat().st_mode & 0o005)


def test_a_new_classroom_is_closed_to_others(folder):
    assert (folder / "classroom").stat().st_mode & 0o077 == 0


def test_the_attacks_work_where_nothing_is_protected(place):
    """Else they would prove nothing."""
    (place / "secret").write_text("x")
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        subprocess.Popen(["sleep", "60"], user=USER, group=USER, extra_groups=[]) as sleeper,
    ):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place / "socket"))
            (place / "socket").chmod(0o777)
            listener.listen()
            port = int(cluster.scheduler_address.rpartition(":")[2])
            web = cluster.scheduler.http_server.port
            got = attacked(
                functions=[port],
                ports=[port, web],
                sockets=[str(place / "socket")],
                folders=[str(place)],
                processes=[sleeper.pid],
            )
        sleeper.kill()
    assert f"tcp://127.0.0.1:{port} ran a function as user 0" in got["functions"]
    assert any(f"port {web} answered" in line for line in got["ports"])
    assert got["sockets"] == [str(place / "socket")]
    assert str(place / "secret") in got["folders"]
    assert f"/proc/{sleeper.pid}/environ" in got["processes"]
