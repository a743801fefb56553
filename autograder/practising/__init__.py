"""Practice without end: networks drawn by a seed, asked for in six kinds, judged as answers are."""

from autograder.practising.at_practice import Practice, practice
from autograder.practising.drawn_exercise import exercise_of
from autograder.practising.exercise import Exercise

__all__ = ["Exercise", "Practice", "exercise_of", "practice"]
