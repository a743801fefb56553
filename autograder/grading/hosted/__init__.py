"""Grading on a machine of another system: what it is given to run, and what it is told."""
