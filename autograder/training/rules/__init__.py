"""The rules by what they look at; the order of these imports is the order of preference."""

from autograder.training.rules import compile_rules  # isort: skip
from autograder.training.rules import data_rules  # isort: skip
from autograder.training.rules import output_rules  # isort: skip
from autograder.training.rules import metric_rules  # isort: skip
from autograder.training.rules import structure_rules  # isort: skip
from autograder.training.rules import dynamics_rules  # isort: skip
from autograder.training.rules import history_rules  # isort: skip
from autograder.training.rule import RULES, findings

__all__ = [
    "RULES",
    "compile_rules",
    "data_rules",
    "dynamics_rules",
    "findings",
    "history_rules",
    "metric_rules",
    "output_rules",
    "structure_rules",
]
