"""Invented headlines, and whether they become popular: that depends on the text AND the moment.

Each headline has a topic, and each topic wants its own circumstance: sport a weekend, business a
weekday, science a picture, gossip an evening. Neither the words nor the circumstances alone tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from autograder.teaching.words import Vocabulary

EXTRAS = ("hour", "weekend", "picture", "followers", "editor")
"""What the five extra values of a headline are, each between 0 and 1."""

TOPICS = ("sport", "business", "science", "gossip")

_TOPIC_WORDS = {
    "sport": "goal match team coach cup season striker league final race medal stadium",
    "business": "bank profit market shares trade merger tax budget prices firm export loan",
    "science": "planet virus fossil robot telescope ocean genome climate comet atom brain whale",
    "gossip": "actor wedding singer divorce scandal dress duchess affair diet star romance party",
}
_OTHER_WORDS = (
    "the new after over today says first from plan big day with and city world again why how "
    "for old year against wins loses finds hopes fears returns opens two"
)
_WORDS = Vocabulary(("", *" ".join([*_TOPIC_WORDS.values(), _OTHER_WORDS]).split()))
WORDS = _WORDS.words
"""The vocabulary: the id of a word is its place here, and 0 stands for no word."""

VOCABULARY = len(WORDS)

_WEEKEND, _PICTURE, _EVENING = 0.4, 0.4, 0.4
_EVENING_HOUR = 1 - _EVENING
_NOISE = 0.02


@dataclass(frozen=True)
class Headlines:
    """Headlines, their circumstances, and what became of them.

    Attributes:
        words: word ids, shape (samples, length), int32; zeros in front of shorter headlines.
        extras: the values that `EXTRAS` names, shape (samples, 5), float32.
        popular: 0 or 1, shape (samples, 1), float32.
    """

    words: np.ndarray
    extras: np.ndarray
    popular: np.ndarray


def make_headlines(samples: int = 3000, length: int = 12, seed: int = 0) -> Headlines:
    """Invent headlines of 5 to `length` words.

    One headline in fifty goes against the rule.

    Args:
        samples: how many headlines.
        length: places for words in each.
        seed: another seed gives other headlines.

    Raises:
        ValueError: if `samples` is below 1 or `length` below 5.
    """
    if samples < 1:
        raise ValueError(f"There must be at least 1 headline, not {samples}.")
    if length < 5:
        raise ValueError(f"A headline has at least 5 words; length={length} leaves no room.")
    random = np.random.default_rng(seed)
    topics = random.integers(len(TOPICS), size=samples)
    words = np.stack([_headline(random, TOPICS[topic], length) for topic in topics])
    extras = _extras(random, samples)
    popular = _rule(topics, extras) ^ (random.random(samples) < _NOISE)
    return Headlines(words, extras, popular[:, None].astype("float32"))


def headline_text(words: Iterable[int]) -> str:
    """Write ids as words, leaving out the zeros.

    Args:
        words: ids, shape (length,).

    Raises:
        ValueError: if an id is not in the vocabulary.
    """
    return _WORDS.text(words)


def headline_story(data: Headlines, number: int) -> str:
    """Tell one of the headlines in two lines: its words; its extras and what became of it."""
    extras = zip(EXTRAS, data.extras[number], strict=True)
    values = ", ".join(f"{name} {value:.1f}" for name, value in extras)
    end = "popular" if data.popular[number, 0] else "not popular"
    return f"{headline_text(data.words[number])}\n    {values} → {end}"


def headline_ids(text: str, length: int = 12) -> np.ndarray:
    """Write a headline as a batch of one row of ids, shape (1, length), zeros in front.

    Raises:
        ValueError: if a word is not in the vocabulary, or there are too many of them.
    """
    ids = _WORDS.ids(text)
    if len(ids) > length:
        raise ValueError(f"The headline has {len(ids)} words; there is room for {length}.")
    return _padded(ids, length)[None]


def _padded(ids: list[int], length: int) -> np.ndarray:
    return np.array([0] * (length - len(ids)) + ids, dtype="int32")


def _headline(random: np.random.Generator, topic: str, length: int) -> np.ndarray:
    """A headline with two or three words of its topic, shape (length,)."""
    total, telling = random.integers(5, length + 1), random.integers(2, 4)
    chosen = [
        *random.choice(_TOPIC_WORDS[topic].split(), telling, replace=False),
        *random.choice(_OTHER_WORDS.split(), total - telling, replace=False),
    ]
    return _padded(_WORDS.ids(" ".join(random.permutation(chosen))), length)


def _extras(random: np.random.Generator, samples: int) -> np.ndarray:
    """Circumstances, shape (samples, 5); the last two have no effect."""
    columns = [
        random.random(samples),
        random.random(samples) < _WEEKEND,
        random.random(samples) < _PICTURE,
        random.random(samples),
        random.random(samples),
    ]
    return np.stack(columns, axis=1).astype("float32")


def _rule(topics: np.ndarray, extras: np.ndarray) -> np.ndarray:
    """Whether the circumstance that a topic wants is there, shape (samples,), bool."""
    weekend, picture = extras[:, 1] == 1, extras[:, 2] == 1
    evening = extras[:, 0] > _EVENING_HOUR
    wanted = np.stack([weekend, ~weekend, picture, evening])
    return wanted[topics, np.arange(len(topics))]
