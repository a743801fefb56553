"""The mistakes that have a name, each as an edit that makes it.

Importing a module enters its misconceptions into the catalogue; the order of these imports is the
order of preference, the most specific first.
"""

from autograder.judging.misconceptions import tying  # isort: skip
from autograder.judging.misconceptions import sharing  # isort: skip
from autograder.judging.misconceptions import first_states  # isort: skip
from autograder.judging.misconceptions import interface  # isort: skip
from autograder.judging.misconceptions import inputs  # isort: skip
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
from autograder.judging.misconceptions import branches  # isort: skip
from autograder.judging.misconceptions import merge_order  # isort: skip
from autograder.judging.misconceptions import merge_places  # isort: skip
from autograder.judging.misconceptions import order  # isort: skip
from autograder.judging.misconceptions import repetitions  # isort: skip
from autograder.judging.misconceptions import other_layers  # isort: skip
from autograder.judging.misconceptions import missing_layers  # isort: skip
from autograder.judging.misconceptions import extra_layers  # isort: skip
from autograder.judging.misconceptions import outputs  # isort: skip
from autograder.judging.misconceptions.catalogue import CATALOGUE, Misconception

__all__ = ["CATALOGUE", "Misconception", "activating", "branches", "extra_layers"]
__all__ += [
    "first_states",
    "freezing",
    "hiding",
    "inputs",
    "interface",
    "joined_axes",
    "merge_order",
]
__all__ += ["merge_places", "missing_layers", "names", "order", "other_layers", "other_settings"]
__all__ += ["outputs", "repetitions", "sharing", "surroundings", "switches", "tying", "widths"]
__all__ += ["windows", "wiring"]
