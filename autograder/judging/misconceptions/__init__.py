"""The mistakes that have a name, each as an edit that makes it.

Importing a module enters its misconceptions into the catalogue; the order of these imports is the
order of preference, the most specific first.
"""

from autograder.judging.misconceptions import tying  # isort: skip
from autograder.judging.misconceptions import sharing  # isort: skip
from autograder.judging.misconceptions import first_states  # isort: skip
from autograder.judging.misconceptions import interface  # isort: skip
from autograder.judging.misconceptions import names  # isort: skip
from autograder.judging.misconceptions import freezing  # isort: skip
from autograder.judging.misconceptions import hiding  # isort: skip
from autograder.judging.misconceptions import widths  # isort: skip
from autograder.judging.misconceptions import windows  # isort: skip
from autograder.judging.misconceptions import joined_axes  # isort: skip
from autograder.judging.misconceptions import switches  # isort: skip
from autograder.judging.misconceptions import activating  # isort: skip
from autograder.judging.misconceptions import surroundings  # isort: skip
from autograder.judging.misconceptions import other_settings  # isort: skip
from autograder.judging.misconceptions import wiring  # isort: skip
from autograder.judging.misconceptions import order  # isort: skip
from autograder.judging.misconceptions import repetitions  # isort: skip
from autograder.judging.misconceptions import layers  # isort: skip
from autograder.judging.misconceptions import outputs  # isort: skip
from autograder.judging.misconceptions.catalogue import CATALOGUE, Misconception

__all__ = ["CATALOGUE", "Misconception", "activating", "first_states", "freezing", "hiding"]
__all__ += ["interface", "joined_axes", "layers", "names", "order", "other_settings", "outputs"]
__all__ += ["repetitions", "sharing", "surroundings", "switches", "tying", "widths", "windows"]
__all__ += ["wiring"]
