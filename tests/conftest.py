"""All tests run TensorFlow as the course's notebooks do: without its log, and rounding alike."""

import gc
import os

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# Structure has to judge rightly by itself; what values say is tested where they are asked for.
os.environ.setdefault("AUTOGRADER_BY_VALUE", "off")
# What checks say in tests is nobody's progress.
os.environ.setdefault("AUTOGRADER_RECORD_FILE", "off")

gc.disable()  # while what is tested is imported

LONGEST = (
    *("test_other_machines.py", "test_attacks.py", "test_bad_submissions.py", "test_grade.py"),
    *("test_on_their_machine.py", "test_ending_kernels.py", "test_chapter.py", "test_site.py"),
    *("test_harmless.py", "test_exam.py", "test_cards.py", "test_class.py"),
)
"""Files of more than half a minute, in the order in which they are begun."""


def pytest_collection_modifyitems(items):
    """What takes long comes first, so that no worker is left alone with it at the end."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (
            item.path.suffix != ".ipynb",
            item.path not in slow,
            places.get(item.path.name, len(places)),
        )
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    """Python's garbage collector begins here, and never looks at what imports have made."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def warm():
    """The folder by which processes find a zygote that serves all tests of this process."""
    from autograder.grading.sandbox.provisioner import SandboxProvisioner
    from autograder.grading.sandbox.warm import SHARED

    with SandboxProvisioner().shared_zygote():
        yield os.environ.pop(SHARED, None)


@pytest.fixture(scope="module")
def zygote(warm):
    """Graders share one zygote: what is tested is not how they start their own."""
    from autograder.grading.sandbox.warm import SHARED

    with pytest.MonkeyPatch.context() as patch:
        if warm is not None:
            patch.setenv(SHARED, warm)
        yield


@pytest.fixture
def own_zygote(monkeypatch):
    """Among tests that share a zygote, one whose grader starts its own."""
    from autograder.grading.sandbox.warm import SHARED

    monkeypatch.delenv(SHARED, raising=False)
