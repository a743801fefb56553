"""Tables that tests have made, printed at the end of a run."""

TOLD: list[str] = []
