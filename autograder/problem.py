"""The one kind of error that is meant for people."""


class Problem(Exception):
    """Something a person has to put right; its text is all they read, so it says what to do."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: the text, and no trace of our code."""
        return [str(self)]
