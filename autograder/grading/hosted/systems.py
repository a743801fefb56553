"""The systems that are known, by the word that the command line has for each."""

from autograder.grading.hosted.gradescope import GRADESCOPE
from autograder.grading.hosted.prairielearn import PRAIRIELEARN
from autograder.grading.hosted.system import System

SYSTEMS: dict[str, System] = {"gradescope": GRADESCOPE, "prairielearn": PRAIRIELEARN}
