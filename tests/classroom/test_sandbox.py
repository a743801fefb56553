import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from jupyter_client.manager import KernelManager
from patience import PATIENCE
from traitlets.config import Config

import autograder
from autograder.grading.sandbox import bubblewrap, warm
from autograder.grading.sandbox.bubblewrap import NoSandbox, python_folders, python_mounts
from autograder.grading.sandbox.clock import Clock
from autograder.grading.sandbox.limits import GB, Limits
from autograder.grading.sandbox.warm import NoZygote
from autograder.grading.sandbox.watch import Usage, excess, usage

PACKAGE = Path(autograder.__file__).parent
KERNELS = PACKAGE / "grading" / "jupyter"
MODES = ("cold", "warm")
OTHERS: set[int] = set()
"""Zygotes that these tests have nothing to do with."""
ENDLESS = {
    "itself": "def f(): f()\nf()",
    "two": "def a(): b()\ndef b(): a()\na()",
    "repr": "class A:\n    def __repr__(self): return repr(self)\nA()",
    "getattr": "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nA().y",
}

try:
    bubblewrap.find_user()
    WHY_NOT = ""
except NoSandbox as reason:
    WHY_NOT = f"no sandbox here: {reason}"
sandboxed = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


# --- what is decided without starting anything -------------------------------------------------


def test_it_can_be_imported_where_there_is_nothing_to_make_a_sandbox_with():
    code = "import ctypes; ctypes.PyDLL = None; import autograder.grading.sandbox.provisioner"
    subprocess.run([sys.executable, "-c", code], check=True)


class TestMounts:
    def test_of_the_repository_only_the_package_is_in_sight(self):
        folders = python_folders()
        assert PACKAGE in folders
        assert PACKAGE.parent not in folders
        assert not any(folder in PACKAGE.parent.parents for folder in folders)

    def test_a_hidden_folder_is_covered_and_what_python_needs_in_it_is_not(self):
        folders = [Path("/opt"), Path("/opt/course/venv"), Path("/opt/course/autograder")]
        assert python_mounts(folders, [Path("/opt/course")]) == [
            *("--ro-bind", "/opt", "/opt"),
            *("--tmpfs", "/opt/course"),
            *("--ro-bind", "/opt/course/autograder", "/opt/course/autograder"),
            *("--ro-bind", "/opt/course/venv", "/opt/course/venv"),
        ]

    def test_a_hidden_folder_that_is_not_in_sight_needs_no_cover(self):
        assert "--tmpfs" not in python_mounts([Path("/opt")], [Path("/srv/course")])

    def test_only_folders_within_pythons_are_worth_hiding(self, monkeypatch):
        monkeypatch.setattr(bubblewrap, "python_folders", lambda: [Path("/opt/python")])
        within = Path("/opt/python/course")
        folders = [within, Path("/opt/python"), Path("/opt"), Path("/srv/course")]
        assert bubblewrap.worth_hiding(folders) == (within, Path("/opt/python"))

    def test_a_folder_that_may_not_be_entered_is_tried_once(self, monkeypatch):
        tries = []
        monkeypatch.setattr(bubblewrap.os, "geteuid", lambda: 0)
        monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: name)

        def try_out(user, hidden):
            tries.append(user)
            _raise(None if user is None else NoSandbox("bwrap: execvp python: Permission denied"))

        monkeypatch.setattr(bubblewrap, "_try_out", try_out)
        assert bubblewrap.find_user.__wrapped__() is None
        assert tries == [bubblewrap.unused_user(), None]

    @pytest.mark.parametrize("failures", [0, 1, 2])
    def test_one_failure_is_no_reason_to_go_without(self, monkeypatch, failures):
        outcomes = iter([NoSandbox("busy")] * failures + [None])
        monkeypatch.setattr(bubblewrap, "_try_out", lambda *_: _raise(next(outcomes)))
        monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: name)
        assert bubblewrap.find_user.__wrapped__() == (
            bubblewrap.unused_user() if os.geteuid() == 0 else None
        )

    def test_failure_again_and_again_is(self, monkeypatch):
        monkeypatch.setattr(bubblewrap, "_try_out", lambda *_: _raise(NoSandbox("forbidden")))
        monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: name)
        with pytest.raises(NoSandbox, match="forbidden"):
            bubblewrap.find_user.__wrapped__()

    def test_a_python_in_the_very_folder_that_is_to_be_hidden_is_refused(self):
        with pytest.raises(NoSandbox, match="/opt is to be hidden"):
            python_mounts([Path("/opt")], [Path("/opt")])


class TestWatch:
    LIMITS = Limits(memory=2 * GB, processor=10, wall=60, processes=5)

    @pytest.mark.parametrize(
        ("found", "wall", "says"),
        [
            (Usage(6, 0, 0), 1, "more than 5 processes"),
            (Usage(1, 3 * GB, 0), 1, "more than 2 GB of memory"),
            (Usage(1, 0, 11), 1, "more than 10 seconds of processor time"),
            (Usage(1, 0, 0), 61, "more than 60 seconds"),
        ],
    )
    def test_each_limit_has_its_reason(self, found, wall, says):
        assert says in excess(found, wall, self.LIMITS)

    def test_what_is_allowed_has_none(self):
        assert excess(Usage(5, 2 * GB, 10), 60, self.LIMITS) is None

    def test_it_adds_up_what_is_in_proc(self):
        held = bytearray(200_000_000)
        found = usage(Path("/proc"), 10**6)
        assert found.processes > 1
        assert found.memory > len(held)
        assert found.processor > 0

    def test_a_proc_that_is_gone_is_an_error(self, tmp_path):
        with pytest.raises(OSError):
            usage(tmp_path, 10)


# --- kernels ------------------------------------------------------------------------------------


class Kernel:
    """A kernel and its client."""

    def __init__(self, folder, **settings):
        os.environ["JUPYTER_PATH"] = str(KERNELS)
        self.folder = folder
        config = Config(SandboxProvisioner=settings, KernelManager={"transport_encryption": "auto"})
        self.manager = KernelManager(kernel_name="autograder-sandbox", config=config)
        self.manager.start_kernel(cwd=str(folder))
        self._connect()

    def _connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, code, timeout=PATIENCE):
        """What a cell prints, and the name of the error it ends with."""
        said = []

        def hear(message):
            content = message["content"]
            said.append(content.get("text") or content.get("ename") or "")

        self.client.execute_interactive(code, output_hook=hear, timeout=timeout)
        return "".join(said)

    def restart(self):
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self._connect()

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@contextmanager
def running(folder, **settings):
    kernel = Kernel(folder, **settings)
    try:
        yield kernel
    finally:
        kernel.end()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data.csv").write_text("1,2")
    (tmp_path / "fort.ipynb").write_text("the hidden tests")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    return tmp_path


@pytest.fixture(scope="module", params=MODES)
def kernel(request, tmp_path_factory):
    """One kernel of each kind, for tests that leave it as it is."""
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    folder = tmp_path_factory.mktemp("handed-in")
    (folder / "data.csv").write_text("1,2")
    (folder / "fort.ipynb").write_text("the hidden tests")
    (folder / "link.txt").symlink_to("/etc/passwd")
    with running(folder, mode=request.param) as kernel:
        yield kernel


@pytest.mark.slow
class TestInside:
    def test_it_works_on_a_copy_without_notebooks_and_links(self, kernel):
        said = kernel.run("import os; print(os.getcwd(), sorted(os.listdir()))")
        assert said.strip() == "/submission ['data.csv']"
        assert kernel.run("open('data.csv', 'a').write(',3'); print(open('data.csv').read())")

    def test_it_has_no_rights(self, kernel):
        said = kernel.run("print(open('/proc/self/status').read())")
        lines = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)
        assert {lines[f"Cap{name}"].strip("0") for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {
            ""
        }
        assert lines["NoNewPrivs"] == "1"
        assert lines["Uid"].split() == ["1000"] * 4

    def test_it_is_in_namespaces_of_its_own(self, kernel):
        names = ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")
        said = kernel.run(f"print([os.readlink('/proc/self/ns/' + n) for n in {names}])")
        outside = {os.readlink(f"/proc/self/ns/{name}") for name in names}
        assert not any(name in said for name in outside)

    def test_it_can_make_no_namespaces_of_its_own(self, kernel):
        said = kernel.run("import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))")
        assert said.strip() == "-1"

    def test_it_has_no_file_of_the_grader_open(self, kernel):
        said = kernel.run(
            "for n in os.listdir('/proc/self/fd'):\n"
            "    try: print(os.readlink('/proc/self/fd/' + n))\n"
            "    except OSError: pass"
        )
        kinds = ("/dev/", "/proc/", "pipe:", "socket:", "anon_inode:", "/run/kernel")
        assert all(line.startswith(kinds) for line in said.split()), said

    def test_all_that_can_be_written_is_small_and_memory(self, kernel):
        said = kernel.run(
            "for line in open('/proc/mounts'):\n"
            "    what, where, kind, options, *_ = line.split()\n"
            "    if 'rw' in options.split(',') and kind not in ('proc',):\n"
            "        print(where, kind, os.statvfs(where).f_blocks * os.statvfs(where).f_frsize)"
        )
        rows = [line.split() for line in said.splitlines()]
        # The devices /dev/null, /dev/zero … are mounts of the machine's own.
        rows = [row for row in rows if not row[0].startswith("/dev/") or row[0] == "/dev/shm"]
        assert {row[0] for row in rows} == {
            *("/dev/shm", "/tmp", "/home/student", "/submission", "/run/kernel")
        }
        assert all(row[1] == "tmpfs" and int(row[2]) <= 1.01e9 for row in rows)

    def test_it_has_nothing_of_the_graders_environment(self, kernel):
        said = kernel.run("import os; print(sorted(os.environ))")
        assert "PYTHONSAFEPATH" in said
        assert "PYTEST_CURRENT_TEST" not in said

    def test_its_processes_tell_nothing_of_the_grader(self, kernel):
        said = kernel.run(
            "import os\n"
            "for number in filter(str.isdigit, os.listdir('/proc')):\n"
            "    for name in ('cmdline', 'environ'):\n"
            "        try: print(number, name, open(f'/proc/{number}/{name}').read().split('\\0'))\n"
            "        except OSError: pass"
        )
        assert "1 cmdline" in said
        said = said.replace(sys.prefix, "")  # where Python is, it has to know
        told = [line for line in said.splitlines() if line.startswith("1 ")]
        assert not any("--ro-bind" in line or tempfile.gettempdir() in line for line in told), told
        assert "PYTEST_CURRENT_TEST" not in said

    def test_its_mounts_name_no_folder_of_the_class(self, kernel):
        said = kernel.run("print(open('/proc/self/mountinfo').read())")
        assert "/handed-in" in said
        assert str(kernel.folder) not in said
        assert not re.search(r"/(classroom|solutions|submitted)\b", said)

    def test_an_interrupt_ends_a_cell_and_not_the_kernel(self, kernel):
        kernel.client.execute("import time; time.sleep(100)", stop_on_error=False)
        time.sleep(1)
        kernel.manager.interrupt_kernel()
        assert kernel.run("print(6 * 7)", timeout=PATIENCE).endswith("42\n")

    def test_what_a_cell_prints_is_cut_at_the_source(self, kernel):
        said = kernel.run("print('x' * 60_000_000)")
        assert len(said) < 600_000
        assert "more than is kept" in said
        assert kernel.run("print('next')") == "next\n"

    @pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
    def test_endless_recursion_is_soon_over_and_its_error_is_short(self, kernel, code):
        traces = []

        def hear(message):
            traces.extend(message["content"].get("traceback", ()))

        clock = Clock(kernel.manager.provisioner.proc)
        kernel.client.execute_interactive(code, output_hook=hear, timeout=300)
        assert clock.spent() < 10  # 30 and more when all frames are formatted
        text = "\n".join(traces)
        assert "RecursionError" in text and "more calls are left out" in text
        assert len(text) < 20_000

    def test_plots_are_shown(self, kernel):
        code = "import matplotlib.pyplot as p; p.plot([1]); p.show(); print(p.get_backend())"
        assert "inline" in kernel.run(code)


@pytest.mark.slow
@sandboxed
@pytest.mark.parametrize("mode", [pytest.param("cold", marks=pytest.mark.long), "warm"])
class TestLife:
    def test_it_can_be_restarted(self, folder, mode):
        with running(folder, mode=mode) as kernel:
            kernel.run("x = 1")
            kernel.restart()
            assert kernel.run("x") == "NameError"

    def test_a_kernel_that_ends_itself_is_dead(self, folder, mode):
        with running(folder, mode=mode) as kernel:
            kernel.client.execute("import os; os._exit(3)")
            assert _within(lambda: not kernel.manager.is_alive())

    def test_when_it_ends_all_its_processes_do(self, folder, mode):
        with running(folder, mode=mode) as kernel:
            start = "subprocess.Popen(['sleep', '98765'], start_new_session=1).pid"
            # Tests beside this one have processes of the same user, whose number is limited.
            assert _within(
                lambda: kernel.run(f"import subprocess; print({start})").strip().isnumeric()
            )
            assert _within(lambda: _running("98765"))
        assert _within(lambda: not _running("98765"))

    def test_one_that_takes_too_much_is_ended_and_says_of_what(self, folder, mode):
        with running(folder, mode=mode, wall=6) as kernel:
            kernel.client.execute("while True: pass")
            assert _within(lambda: not kernel.manager.is_alive())
            assert kernel.manager.provisioner.ended_because == "it ran for more than 6 seconds"

    def test_nothing_is_left_behind(self, folder, mode, monkeypatch):
        with tempfile.TemporaryDirectory() as own:  # others make such folders at the same time
            os.chmod(own, 0o755)
            monkeypatch.setattr(tempfile, "tempdir", own)
            with running(folder, mode=mode):
                assert list(Path(own).glob("submission-*"))
            assert not list(Path(own).glob("submission-*"))


def _knows_collapse():
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    return sys.platform == "linux" and tuple(map(int, version.groups())) >= (6, 1)


@pytest.mark.slow
@sandboxed
class TestZygote:
    def test_what_one_kernel_does_to_its_memory_no_other_sees(self, folder):
        with running(folder, mode="warm") as first:
            first.run("import builtins, keras; builtins.EVIL = 1; keras.Model = None")
            with running(folder, mode="warm") as second:
                assert second.run("import keras; print(keras.Model); EVIL").endswith("NameError")

    def test_two_kernels_draw_different_numbers(self, folder):
        code = "import numpy, random; print(numpy.random.rand(), random.random())"
        with running(folder, mode="warm") as first, running(folder, mode="warm") as second:
            assert first.run(code) != second.run(code)

    def test_the_child_sees_only_its_own_processes(self, folder):
        with running(folder, mode="warm") as first, running(folder, mode="warm"):
            said = first.run("import os; print([p for p in os.listdir('/proc') if p.isdigit()])")
            assert len(eval(said)) <= 3  # bubblewrap, what keeps the sandbox, and the kernel

    def test_it_has_one_thread_and_keeps_its_memory_to_itself(self, folder):
        with running(folder, mode="warm"):
            process = Path(f"/proc/{_zygote()}")
            assert len(list((process / "task").iterdir())) == 1
            assert (process / "mem").stat().st_uid == 0  # of a process that is not dumpable

    @pytest.mark.skipif(not _knows_collapse(), reason="a system before Linux 6.1")
    def test_its_memory_is_in_large_pages(self, folder):
        with running(folder, mode="warm"):
            lines = Path(f"/proc/{_zygote()}/smaps_rollup").read_text().splitlines()
            kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
            assert kilobytes["AnonHugePages"] > kilobytes["Anonymous"] / 3, kilobytes

    def test_nothing_stands_between_it_and_a_kernel(self, folder):
        with running(folder, mode="warm") as kernel:
            pid = kernel.manager.provisioner.process.pid
            assert psutil.Process(pid).ppid() == _zygote()
        assert _within(lambda: pid not in _pids(psutil.Process(_zygote()).children()))

    def test_one_that_cannot_enter_a_sandbox_says_why_and_goes_on(self, folder):
        with running(folder, mode="warm"):
            old = _zygote()
            no_sandbox = SimpleNamespace(handle=os.pidfd_open(old))
            with pytest.raises(NoZygote, match="Invalid argument"):
                warm._zygotes[bubblewrap.find_user()].fork(no_sandbox, {}, ())
            os.close(no_sandbox.handle)
        with running(folder, mode="warm") as kernel:
            assert kernel.run("print(2)") == "2\n"
            assert _zygote() == old

    def test_a_kernel_does_not_look_at_each_module(self, folder):
        with running(folder, mode="warm") as kernel:
            said = kernel.run(
                "import sys; print(get_ipython().kernel._kernel_modules, 'os' in sys.modules)"
            )
            assert said == "[] True\n"

    def test_when_it_is_killed_the_next_kernel_gets_a_new_one(self, folder):
        with running(folder, mode="warm") as first:
            os.kill(old := _zygote(), signal.SIGKILL)
            assert first.run("print(1)") == "1\n"
            with running(folder, mode="warm") as second:
                assert second.run("print(2)") == "2\n"
                assert second.manager.provisioner.used == "warm"
                assert _zygote() != old

    def test_it_ends_with_its_owner_however_that_ends(self, folder):
        code = f"""
import sys, time
sys.path[:0] = {[str(folder) for folder in Path(__file__).parents[:2]]!r}
import test_sandbox
kernel = test_sandbox.Kernel({str(folder)!r}, mode="warm")
kernel.run("import subprocess; subprocess.Popen(['sleep', '87654'])")
print(test_sandbox._zygote(), kernel.manager.provisioner.process.pid, flush=True)
time.sleep(1000)
"""
        owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        left = [int(number) for number in owner.stdout.readline().split()]
        assert len(left) == 2 and all(map(_exists, left))
        owner.kill()
        owner.wait()
        assert _within(lambda: not any(map(_exists, left)) and not _running("87654"))

    def test_many_share_one_and_it_ends_when_that_is_over(self, folder, alone):
        user = bubblewrap.find_user()
        with warm.shared_zygote(user):
            (shared,) = _zygotes_of(os.getpid())
            with running(folder, mode="warm") as kernel:
                assert kernel.run("print(1)") == "1\n"
                way = f"import os; print(os.path.exists({os.environ[warm.SHARED]!r}))"
                assert kernel.run(way) == "False\n"
            command, pipe = _kernel_elsewhere(folder), subprocess.PIPE
            others = [subprocess.Popen(command, stdout=pipe) for _ in range(2)]
            assert [other.communicate()[0] for other in others] == [b"2\n", b"2\n"]
            assert _zygotes_of(os.getpid()) == [shared]
        assert not _exists(shared)

    def test_where_one_is_shared_already_it_is_that_one(self):
        with warm.shared_zygote(None):
            first, there = os.environ[warm.SHARED], _zygotes_of(os.getpid())
            with warm.shared_zygote(None):
                assert os.environ[warm.SHARED] == first
                assert _zygotes_of(os.getpid()) == there
            assert os.environ[warm.SHARED] == first and _exists(there[-1])

    def test_when_the_shared_one_is_killed_each_has_its_own(self, folder, alone):
        with warm.shared_zygote(bubblewrap.find_user()):
            assert _within(lambda: _zygotes_of(os.getpid()))
            (shared,) = _zygotes_of(os.getpid())
            os.kill(shared, signal.SIGKILL)
            with running(folder, mode="warm") as kernel:
                assert kernel.run("print(1)") == "1\n"
                assert kernel.manager.provisioner.used == "warm"
            assert _zygote() != shared

    @pytest.mark.parametrize("ask", [warm._shared, warm.OwnZygote])
    def test_one_that_ends_while_somebody_waits_for_it_keeps_nobody_waiting(self, ask, alone):
        user = bubblewrap.find_user()
        with warm.shared_zygote(user), ThreadPoolExecutor() as pool:
            before = set() if ask is warm._shared else set(_zygotes_of(os.getpid()))
            waiting = pool.submit(ask, user)
            assert _within(lambda: set(_zygotes_of(os.getpid())) - before)
            time.sleep(0.3)  # it imports TensorFlow, and who has asked waits for its greeting
            assert not waiting.done()
            (awaited,) = set(_zygotes_of(os.getpid())) - before
            os.kill(awaited, signal.SIGKILL)
            with pytest.raises(NoZygote):
                waiting.result(timeout=PATIENCE)

    def test_where_there_can_be_no_shared_one_there_is_none(self, tmp_path, monkeypatch):
        deep = tmp_path / ("d" * 100)
        deep.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(deep))
        with warm.shared_zygote(None):
            assert warm.SHARED not in os.environ

    def test_the_shared_one_can_be_reached_by_nobody_else(self):
        with warm.shared_zygote(None):
            folder = Path(os.environ[warm.SHARED])
            assert folder.stat().st_mode & 0o077 == 0
            assert folder.stat().st_uid == os.geteuid()
        assert not folder.exists()
        assert warm.SHARED not in os.environ


@pytest.mark.slow
class TestWithoutSandbox:
    def test_it_runs_and_says_so_in_one_loud_line(self, folder, caplog):
        with running(folder, mode="none") as kernel:
            assert kernel.run("print(1)") == "1\n"
            assert kernel.manager.provisioner.warning.startswith("NO SANDBOX: submissions run with")

    def test_it_is_chosen_where_there_is_no_bubblewrap(self, folder, monkeypatch):
        monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
        bubblewrap.find_user.cache_clear()
        try:
            with running(folder) as kernel:
                assert "bubblewrap (the program bwrap) is not installed" in (
                    kernel.manager.provisioner.warning
                )
        finally:
            bubblewrap.find_user.cache_clear()


def _raise(error):
    if error is not None:
        raise error


@pytest.fixture
def alone():
    """No zygote of tests before, but one that others share."""
    warm.end_zygotes()
    OTHERS.update(_zygotes_of(os.getpid()))
    yield
    warm.end_zygotes()


def _kernel_elsewhere(folder):
    code = f"""
import sys
sys.path[:0] = {[str(folder) for folder in Path(__file__).parents[:2]]!r}
import test_sandbox
kernel = test_sandbox.Kernel({str(folder)!r}, mode="warm")
print(kernel.run("print(2)"), end="")
assert not test_sandbox._zygotes_of(test_sandbox.os.getpid())
kernel.end()
"""
    return [sys.executable, "-c", code]


def _zygotes_of(process):
    """The zygotes that a process has started for these tests."""
    found = psutil.Process(process).children()
    zygotes = [child.pid for child in found if any("sandbox.zygote" in x for x in child.cmdline())]
    return [pid for pid in zygotes if pid not in OTHERS]


def _pids(processes):
    return {process.pid for process in processes}


def _zygote():
    (zygote,) = warm._zygotes.values()
    return zygote.pid


def _exists(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _running(argument):
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if argument.encode() in path.read_bytes().split(b"\0"):
                return True
        except OSError:
            continue
    return False


def _within(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
