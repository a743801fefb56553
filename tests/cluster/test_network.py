"""The network that the cluster's tests rest on is one: apart, and as slow and broken as it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cluster.network import Network, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=f"no network namespaces: {why_not()}")
ECHO = """
import socket
server = socket.create_server(("", 80))
print("ready", flush=True)
while connection := server.accept()[0]:
    connection.send(b"x")
"""
TRIES = 20
"""How often it is asked: a busy machine keeps some waiting, but not all."""
SLOW = 0.4
"""Seconds on a cable of a tenth: to connect, there and back; and as long for the answer."""
ASK = """
import socket, sys, time
began = time.monotonic()
with socket.create_connection((sys.argv[1], 80), 2) as connection:
    connection.recv(1)
print(time.monotonic() - began)
"""


@pytest.fixture
def made():
    made = Network()
    yield made
    made.close()


@pytest.fixture
def seconds(made, tmp_path):
    """How long it takes to ask a host something, from another one; None if it cannot be reached."""
    asking, servers = made.host("asking"), []

    def ask(name, delay=0):
        host = made.host(name, delay)
        command = host.command([sys.executable, "-c", ECHO], tmp_path)
        servers.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        assert servers[-1].stdout.readline() == b"ready\n"
        return lambda: asked(host.address)

    def asked(address):
        command = asking.command([sys.executable, "-c", ASK, address], tmp_path)
        done = subprocess.run(command, capture_output=True, text=True)
        return float(done.stdout) if done.returncode == 0 else None

    yield ask
    for server in servers:
        server.kill()
        server.communicate()


def is_quicker(ask, seconds, tries=TRIES):
    """Whether it once takes less than that."""
    return any(took is not None and took < seconds for took in (ask() for _ in range(tries)))


def test_a_cable_is_pulled_out_and_put_in_again(made, seconds):
    ask = seconds("other")
    assert is_quicker(ask, SLOW)
    made.cut("other")
    assert ask() is None
    made.mend("other")
    assert is_quicker(ask, SLOW)


def test_a_slow_cable_takes_its_time_both_ways(seconds):
    ask = seconds("slow", delay=0.1)
    ask()  # finds out who has the address
    assert not is_quicker(ask, SLOW, tries=1)
    assert is_quicker(ask, 3 * SLOW)


def test_a_host_sees_its_own_folder_only(made, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "file").touch()
    (tmp_path / "others").touch()
    listing = made.host("host").command(["ls", ".", ".."], own, tmp_path)
    seen = subprocess.run(listing, cwd=own, capture_output=True, text=True, check=True).stdout
    assert seen.split() == [".:", "file", "..:", "own"]
    assert (tmp_path / "others").exists()


def test_no_host_reaches_the_machine_or_the_world(made, tmp_path):
    listing = made.host("host").command(["ip", "-brief", "address"], tmp_path)
    seen = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    assert {line.split("@")[0].split()[0] for line in seen.splitlines()} >= {"lo", "eth0"}
    routes = made.host("other").command(["ip", "route"], tmp_path)
    found = subprocess.run(routes, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(found) == 1 and found[0].startswith("10.77.0.0/24 dev eth0")


def test_nothing_is_left_of_it(tmp_path):
    made = Network()
    host = made.host("host")
    made.host("slow", delay=0.1)
    sleeper = subprocess.Popen(host.command(["sleep", "1000"], tmp_path))
    spaces = list(made.spaces)
    assert set(spaces) <= set(names())
    made.close()
    sleeper.wait(5)
    assert not set(spaces) & set(names())


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path):
    code = "from cluster.network import Network; Network().host('host'); import os; os._exit(9)"
    path = str(Path(__file__).parents[1])
    killed = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path})
    killed.wait()
    assert [name for name in names() if f"-{killed.pid}-" in name]
    Network().close()
    assert not [name for name in names() if f"-{killed.pid}-" in name]


def names():
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    return [line.split()[0] for line in listed.stdout.splitlines()]
