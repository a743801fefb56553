"""Grading a class: one submission is a pure function of bytes; many run at once; one writer."""
