"""What goes wrong when a model cannot be read."""


class NotReadable(ValueError):
    """The answer is no model whose graph can be seen; the message says why and what to do."""
