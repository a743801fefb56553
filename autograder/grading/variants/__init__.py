"""Exercises that differ from student to student: whose sizes are which, and what is right then."""
