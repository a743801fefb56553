"""A network can be wired right and trained wrong: which mistake in training it is, by its name.

What there is to know of a model, its compile arguments, its data and its history is measured once
into plain data (`observed`, by `measuring`); each rule (`rules`) reads that and finds its mistake,
or nothing.
"""

from autograder.training.trained import Trained, check_training
from autograder.training.watching import watch

__all__ = ["Trained", "check_training", "watch"]
