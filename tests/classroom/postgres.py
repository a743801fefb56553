"""A PostgreSQL server of our own, which can be killed and started again."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Server:
    """A server with an empty gradebook; it listens on a socket in its own folder alone."""

    def __init__(self, folder):
        self.data = folder / "pg"
        self.data.mkdir()
        for place in [folder, *folder.parents[:3]]:
            place.chmod(0o755)
        shutil.chown(self.data, "postgres")
        self.run("initdb", "-A", "trust", "-D", self.data)
        self.start()
        self.run("createdb", "-h", self.data, "gradebook")

    @property
    def url(self):
        return f"postgresql://postgres@/gradebook?host={self.data}"

    def start(self):
        options = f"-c listen_addresses= -c unix_socket_directories={self.data}"
        log = self.data / "log.txt"
        self.run("pg_ctl", "-w", "-D", self.data, "-l", log, "-o", options, "start")

    def kill(self):
        """`kill -9` of all its processes."""
        number = int((self.data / "postmaster.pid").read_text().split()[0])
        with suppress(psutil.NoSuchProcess):
            main = psutil.Process(number)
            main.suspend()  # or it starts another for whoever connects just now
            everyone = [main, *main.children(recursive=True)]
            for process in everyone:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(everyone, timeout=120)

    def run(self, program, *arguments):
        command = ["runuser", "-u", "postgres", "--", PROGRAMS[-1] / program, *arguments]
        with (self.data.parent / "said.txt").open("w+") as said:  # a pipe would stay open
            code = subprocess.run(command, cwd="/", stdout=said, stderr=said).returncode
            said.seek(0)
            assert code == 0, said.read()


def server_in(folder):
    """A running server; the test is skipped where this user can start none."""
    if not PROGRAMS or shutil.which("runuser") is None or os.getuid() != 0:
        pytest.skip("there is no PostgreSQL server here that this user can start")
    pytest.importorskip("psycopg")
    return Server(folder)
