"""The one kind of error that is meant for people."""


class Problem(Exception):
    """Something a person has to put right; its text is all they read, so it says what to do."""
