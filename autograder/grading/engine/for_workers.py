"""What workers need, with all that it imports itself: for the process that they are forked from."""

from importlib import import_module

from autograder.grading.processes.fingerprint import fingerprint
from autograder.grading.sandbox.garbage import not_looking

MODULES = (
    *("distributed.nanny", "autograder.grading.engine.local_cluster"),
    *("autograder.grading.engine.workers", "autograder.grading.preprocessors.execute"),
    *("autograder.grading.preprocessors.scoring", "autograder.grading.preprocessors.own_cells"),
    "autograder.grading.sandbox.provisioner",
    *("autograder.grading.submissions.links", "autograder.grading.submissions.unreadable"),
)

with not_looking():
    for name in MODULES:
        import_module(name)

fingerprint()  # once, for all that are forked from here
