"""The mistakes that have a name, each as an edit that makes it.

Importing a module enters its misconceptions into the catalogue; the order of these imports is the
order of preference, the most specific first.
"""

from autograder.judging.misconceptions import sharing  # isort: skip
from autograder.judging.misconceptions import interface  # isort: skip
from autograder.judging.misconceptions import names  # isort: skip
from autograder.judging.misconceptions import freezing  # isort: skip
from autograder.judging.misconceptions import hiding  # isort: skip
from autograder.judging.misconceptions import settings  # isort: skip
from autograder.judging.misconceptions import wiring  # isort: skip
from autograder.judging.misconceptions import order  # isort: skip
from autograder.judging.misconceptions import layers  # isort: skip
from autograder.judging.misconceptions import outputs  # isort: skip
from autograder.judging.misconceptions.catalogue import CATALOGUE, Misconception

__all__ = ["CATALOGUE", "Misconception", "freezing", "hiding", "interface", "layers", "names"]
__all__ += ["order", "outputs", "settings", "sharing", "wiring"]
