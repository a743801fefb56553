"""Posts by invented people in an invented language: age, income group and gender in 120 words.

Every person has three hidden traits. Some of the words in a post hint at one of them, the others
say nothing. Which words hint at what is drawn once, at random, and is the same in all data sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from autograder.teaching.words import Vocabulary

VOCABULARY = 200
"""How many ids there are: 0 stays unused, the others are words."""

AGES = (18, 80)
"""The youngest and the oldest person, in years."""

GROUPS = 10
"""How many income groups there are."""

_GENDER_WORDS = np.arange(1, 9).reshape(2, 4)
_INCOME_WORDS = np.arange(9, 29).reshape(GROUPS, 2)
_AGE_WORDS = np.arange(29, 61).reshape(16, 2)
_OTHER_WORDS = np.arange(61, VOCABULARY)
_SHARES = (0.10, 0.25, 0.20)
"""The parts of a post that hint at gender, at income and at age."""

_SYLLABLES = [a + b for a, b in product("bdfgklmnprstv", "aeiou")]


@dataclass(frozen=True)
class Posts:
    """Posts and the people who wrote them.

    Attributes:
        words: word ids, shape (samples, tokens), int32, from 1 to `VOCABULARY` - 1.
        age: in years, shape (samples, 1), float32.
        income: one column a group, shape (samples, 10), float32.
        gender: 0 or 1, shape (samples, 1), float32.
    """

    words: np.ndarray
    age: np.ndarray
    income: np.ndarray
    gender: np.ndarray


def make_posts(samples: int = 2000, tokens: int = 120, seed: int = 0) -> Posts:
    """Invent posts; the three traits of a person are independent of each other.

    Args:
        samples: how many posts.
        tokens: words in each of them.
        seed: another seed gives other people, who speak the same language.

    Raises:
        ValueError: if `samples` is below 1, or a post has fewer than 20 words.
    """
    if samples < 1:
        raise ValueError(f"There must be at least 1 post, not {samples}.")
    if tokens < 20:
        raise ValueError(f"A post of {tokens} words hints at too little; take 20 or more.")
    random = np.random.default_rng(seed)
    age = random.uniform(*AGES, size=samples)
    income = random.integers(GROUPS, size=samples)
    gender = random.integers(2, size=samples)
    words = np.stack(
        [
            _post(random, tokens, age=years, income=earned, gender=being)
            for years, earned, being in zip(age, income, gender, strict=True)
        ]
    )
    return Posts(
        words.astype("int32"),
        age[:, None].astype("float32"),
        np.eye(GROUPS, dtype="float32")[income],
        gender[:, None].astype("float32"),
    )


def post_text(words: Iterable[int]) -> str:
    """Write ids as the words of the invented language, such as "taku lemi".

    Args:
        words: ids, shape (tokens,).

    Raises:
        ValueError: if an id is not in the vocabulary.
    """
    return _LANGUAGE.text(words)


def _language() -> Vocabulary:
    """A word of two syllables for each id, in an order that gives nothing away."""
    pairs = np.array([a + b for a, b in product(_SYLLABLES, repeat=2)])
    return Vocabulary(("", *np.random.default_rng(0).permutation(pairs)[1:VOCABULARY].tolist()))


_LANGUAGE = _language()


def _post(
    random: np.random.Generator, tokens: int, *, age: float, income: int, gender: int
) -> np.ndarray:
    """One person's post, shape (tokens,)."""
    at_gender, at_income, at_age = (max(1, round(share * tokens)) for share in _SHARES)
    hints = [
        _hints(random, _GENDER_WORDS, np.full(at_gender, gender)),
        _hints(random, _INCOME_WORDS, np.full(at_income, income)),
        _hints(random, _AGE_WORDS, _age_rows(random, age, at_age)),
    ]
    rest = tokens - at_gender - at_income - at_age
    return random.permutation(np.concatenate([*hints, random.choice(_OTHER_WORDS, rest)]))


def _hints(random: np.random.Generator, table: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """One random word from each of these rows of a table of words."""
    return table[rows, random.integers(table.shape[1], size=len(rows))]


def _age_rows(random: np.random.Generator, age: float, count: int) -> np.ndarray:
    """Rows of `_AGE_WORDS`: people use the words of people about as old as they are."""
    youngest, oldest = AGES
    last = len(_AGE_WORDS) - 1
    middle = (age - youngest) / (oldest - youngest) * last
    return np.rint(random.normal(middle, 1.0, count)).clip(0, last).astype(int)
