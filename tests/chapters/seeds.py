"""With which seeds the tests train: one each time, three for a thorough run (SEEDS=3)."""

import os

SEEDS = range(1, 1 + int(os.environ.get("SEEDS", "1")))
