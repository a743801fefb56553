"""What becomes of submissions whose worker is lost when it has a result that nobody fetched yet."""

from types import SimpleNamespace

import pytest

from autograder.grading.engine import workers
from autograder.grading.engine.cluster import Gone, Local, Remote
from autograder.grading.engine.result import Graded
from autograder.grading.engine.workers import Refused, grade_all

STUDENTS = [f"s{number}" for number in range(6)]


class Future:
    """Finished at once; its result comes at the `late`-th time of asking."""

    def __init__(self, key, result, late=0):
        self.key, self.status, self._result, self._late = key, "finished", result, late

    def add_done_callback(self, call):
        call(self)

    def result(self, timeout=None):
        assert timeout is not None, "this would wait for ever"
        self._late -= 1
        if self._late >= 0:
            raise TimeoutError
        return self._result


class Cluster:
    """A cluster whose worker `slow` has all it graded, but does not hand it out."""

    joining, unfenced, status = 60, True, "running"

    def __init__(self, late):
        self.client, self._late, self._made, self.addresses = self, late, [], ["quick", "slow"]

    def scheduler_info(self):
        known = {address: {"nthreads": 1, "name": address} for address in self.addresses}
        return {"workers": known}

    def submit(self, function, *arguments, workers, pure):
        result, late = None, 0
        if function.__name__ == "_graded":
            result = Graded(arguments[2])
            late = self._late if workers == ["slow"] else 0
        self._made.append((workers[0], Future(f"key{len(self._made)}", result, late)))
        return self._made[-1][1]

    def lose(self, address):
        """As Dask does when a connection has been silent for long enough."""
        self.addresses.remove(address)
        for where, future in self._made:
            if where == address:
                future.status = "lost"


@pytest.fixture(autouse=True)
def looking(monkeypatch):
    monkeypatch.setattr(workers, "LOOK", 0.0)


def graded(cluster):
    bundle = SimpleNamespace()
    yield from grade_all(lambda: cluster, bundle, [(student, b"") for student in STUDENTS])


def test_others_have_their_turn_while_a_result_does_not_come():
    results = [result.student for result in graded(Cluster(late=3))]
    assert sorted(results) == STUDENTS


def test_what_a_lost_worker_had_is_graded_elsewhere():
    cluster, results = Cluster(late=10**6), []
    for result in graded(cluster):
        results.append(result)
        if len(results) == 2:
            cluster.lose("slow")
    assert sorted(result.student for result in results) == STUDENTS
    assert all(isinstance(result, Graded) for result in results)


def test_what_is_lost_before_its_worker_is_known_to_be_is_graded_again():
    cluster, results = Cluster(late=10**6), []
    for result in graded(cluster):
        results.append(result)
        if len(results) == 2:
            for where, future in cluster._made:
                if where == "slow":
                    future.status = "pending"
            cluster._late = 0
    assert sorted(result.student for result in results) == STUDENTS


def test_an_error_of_the_work_itself_is_no_late_result():
    class Failed(Future):
        def result(self, timeout=None):
            raise TimeoutError("of its own")

    future = Failed("key", None)
    future.status = "error"
    assert workers._fetched(future, 1) == (None, "its worker failed: of its own")


class Refusing(Cluster):
    """A cluster of workers that must not grade."""

    def __init__(self, kind):
        super().__init__(late=0)
        self.joining, self.refused = kind.joining, kind.refused

    def submit(self, function, *arguments, workers, pure):
        assert function.__name__ == "_asked", "nothing is graded by who must not"
        return Future(f"key{workers[0]}", Refused("it is another package"))


@pytest.mark.parametrize("kind", [Local, Remote])
def test_where_all_workers_are_refused_nobody_waits_for_ever(kind, monkeypatch, capsys):
    """Here as elsewhere: a package that changes under a run makes strangers of its workers."""
    monkeypatch.setattr(workers, "REFUSED_ONLY", 0.2)
    with pytest.raises(Gone) as gone:
        list(graded(Refusing(kind)))
    assert str(gone.value) == kind.refused
    assert "Worker quick is not used: it is another package." in capsys.readouterr().err
