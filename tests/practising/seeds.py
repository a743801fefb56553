"""What seeds draw, in a table: `PYTHONPATH=tests python -m practising.seeds` writes it anew.

The same seed means the same exercise on every supported version of Python and of Keras.
"""

import hashlib
import json
from pathlib import Path

from autograder.practising import exercise_of
from autograder.practising.exercise import KINDS, fits
from autograder.practising.made_wrong import MISTAKES
from autograder.practising.topics import LEVELS, TOPICS

TABLE = Path(__file__).parent / "seeds.json"
SEED = 11


def digests(topic):
    """For each level, what all kinds of exercises are by one seed, in a few letters."""
    kinds = [kind for kind in KINDS if fits(topic, kind)]
    return [_digest(exercise_of(topic, level, kind, SEED) for kind in kinds) for level in LEVELS]


def _digest(exercises):
    said = "\n".join(map(_said, exercises))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _said(exercise):
    options = [(option.text, option.mistake) for option in exercise.options]
    form = "drawings" if exercise.as_drawings else exercise.code
    return repr((exercise.network, exercise.wrong, options, exercise.right, form))


if __name__ == "__main__":
    table = {topic: digests(topic) for topic in (*TOPICS, *MISTAKES)}
    lines = (f"  {json.dumps(topic)}: {json.dumps(row)}" for topic, row in table.items())
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
