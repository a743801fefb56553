"""All tests run TensorFlow as the course's notebooks do: without its log, and rounding alike."""

import gc
import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from classroom.forking import MAY_FORK
from hypothesis import settings
from sweeps import mark_the_rest_long
from turns import Turns, in_turn, made_once, together
from workers import collected_once, instead_of_python

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# Structure has to judge rightly by itself; what values say is tested where they are asked for.
os.environ.setdefault("AUTOGRADER_BY_VALUE", "off")
# What checks say in tests is nobody's progress.
os.environ.setdefault("AUTOGRADER_RECORD_FILE", "off")

# An example takes as long as the machine makes it take.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

gc.disable()  # while what is tested is imported


def pytest_configure(config):
    if (place := together(config)) is not None:
        config.pluginmanager.register(Turns(place / "slow.lock"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config, specs):
    if MAY_FORK:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        place = stack.enter_context(collected_once(config.invocation_params.args))
        for spec in specs:
            spec.python = instead_of_python(place)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("slow")
    mark_the_rest_long(items)
    yield
    items[:] = in_turn(items, Path(__file__).parent)  # of what is to run


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    """Python's garbage collector begins here, and never looks at what imports have made."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def warm(request):
    """A folder that says where kernels and programs are forked from, for all workers."""
    from classroom.forking import MAY_FORK, forks

    from autograder.grading.sandbox.provisioner import SandboxProvisioner
    from autograder.grading.sandbox.warm import SHARED

    with ExitStack() as stack:

        def start(folder):
            stack.enter_context(SandboxProvisioner().shared_zygote())
            (folder / "kernels").write_text(os.environ.pop(SHARED, ""))
            (folder / "programs").write_text(stack.enter_context(forks()) if MAY_FORK else "")

        yield made_once(request, "warm", start)


@pytest.fixture(scope="module")
def zygote(warm):
    """Graders share one zygote, and are forks themselves: how they start is not what is tested."""
    from classroom import programs

    from autograder.grading.playing import classroom
    from autograder.grading.sandbox.warm import SHARED

    with pytest.MonkeyPatch.context() as patch:
        if kernels := (warm / "kernels").read_text():
            patch.setenv(SHARED, kernels)
        if place := (warm / "programs").read_text():
            patch.setattr(programs, "FORKS", programs.Forks(place))
            patch.setattr(classroom, "run", programs.said_by)
        yield


@pytest.fixture(scope="module")
def browser():
    """A browser for all tests of a file."""
    from browser.lab import running_browser

    with running_browser() as started:
        yield started


@pytest.fixture
def own_zygote(monkeypatch):
    """Among tests that share a zygote, one whose grader starts its own."""
    from autograder.grading.sandbox.warm import SHARED

    monkeypatch.delenv(SHARED, raising=False)
