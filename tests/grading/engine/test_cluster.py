"""How workers are asked for: how many, or where, and with which credentials."""

import pytest

from autograder.commands.grade import parser
from autograder.grading.engine.cluster import Address
from autograder.grading.engine.terms import Terms, refusal
from autograder.grading.processes.fingerprint import fingerprint
from autograder.problem import Problem


@pytest.mark.parametrize("count", ["-1", "0", "100000", "two", "1.5", ""])
def test_a_number_of_workers_that_cannot_be_is_one_line(count, capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--workers", count])
    assert ended.value.code == 2
    assert f"{count!r} is no number of processes" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("count", [1, 2, 64])
def test_a_number_of_workers(count):
    assert parser().parse_args(["--workers", str(count)]).workers == count


@pytest.mark.parametrize("address", ["tcp://host:8786", "host:8786", "ws://host:8786", "TCP://h:1"])
def test_without_tls_only_on_a_trusted_network(address):
    with pytest.raises(Problem, match="--trusted-network"):
        Address(address).security()
    assert Address(address, trusted=True).security() is None


class TestCredentials:
    def test_none(self):
        with pytest.raises(Problem, match="needs credentials: give --tls-ca"):
            Address("tls://host:8786").security()

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(Problem, match=r"There is no file .*ca\.pem"):
            Address("tls://host:8786", str(tmp_path / "ca.pem"), "cert.pem", "key.pem").security()

    def test_a_file_that_holds_something_else(self, tmp_path):
        (tmp_path / "x.pem").write_text("x")
        path = str(tmp_path / "x.pem")
        with pytest.raises(Problem, match="cannot be used") as problem:
            Address("tls://host:8786", path, path, path).security()
        assert "\n" not in str(problem.value)

    def test_trusting_the_network_does_not_take_tls_away(self):
        with pytest.raises(Problem, match="needs credentials"):
            Address("tls://host:8786", trusted=True).security()


class TestTerms:
    def test_a_process_that_grades_alike(self):
        assert refusal(Terms(fingerprint(), unfenced=True)) == ""

    def test_one_that_grades_otherwise(self):
        from dataclasses import replace

        other = replace(fingerprint(), python="3.0")
        assert "Python 3.0 here" in refusal(Terms(other, unfenced=True))

    def test_one_without_a_sandbox(self, monkeypatch):
        from autograder.grading.sandbox import bubblewrap

        monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
        monkeypatch.setattr(bubblewrap, "find_user", bubblewrap.find_user.__wrapped__)
        assert "it has no sandbox (bubblewrap" in refusal(Terms(fingerprint(), unfenced=False))
        assert refusal(Terms(fingerprint(), unfenced=True)) == ""
