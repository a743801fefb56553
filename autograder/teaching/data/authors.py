"""Invented authors: who wrote a tweet is to be told from the letters that he or she favours.

An author's signature is three favourite letters. Whether two tweets have one author cannot be told
from either of them alone: each tweet stands on its side once beside a tweet of its own author and
once beside another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

LETTERS = "abcdefghijklmnop"
"""All letters there are; a letter's id is its place here."""

STEPS = 20
"""Letters in a tweet."""

FAVOURITES = 3
"""Letters in an author's signature."""

_SLIPS = 0.05
_TEST_SHARE = 0.2
_ONE_HOT = np.eye(len(LETTERS), dtype="float32")


@dataclass(frozen=True)
class Examples:
    """Questions about tweets, with their answers.

    Attributes:
        x: tweets by the name of the input, each of shape (samples, 20, 16): a letter is a row with
            a single 1, float32.
        y: answers by the name of the output, each of shape (samples, 1).
        authors: for each question the signatures of its tweets' authors, in the order of `x`.
    """

    x: dict[str, np.ndarray]
    y: dict[str, np.ndarray]
    authors: tuple[tuple[str, ...], ...]

    @property
    def signatures(self) -> frozenset[str]:
        """The authors of these tweets, each once."""
        return frozenset(name for names in self.authors for name in names)


@dataclass(frozen=True)
class Pairs:
    """Pairs of tweets; no author of `train` is in `test`.

    Attributes:
        train: inputs `tweet_a` and `tweet_b`, answer `same_author` (1 or 0, float32).
        test: the same, by other authors.
    """

    train: Examples
    test: Examples


def load_pairs(train: int = 6000, test: int = 2000, seed: int = 0) -> Pairs:
    """Invent pairs of tweets, half of them by one author.

    They are made in groups of four: tweets a1 and a2 by one author and b1 and b2 by another give
    (a1, a2) and (b1, b2), same, and (a1, b2) and (b1, a2), not the same. The two authors of a group
    have no favourite letter in common. One letter in twenty is a slip: any letter.

    Args:
        train: how many pairs to learn from, a multiple of 4.
        test: how many to test with, a multiple of 4.
        seed: another seed gives other authors and tweets.

    Raises:
        ValueError: if a number of pairs is not a positive multiple of 4.
    """
    for pairs in (train, test):
        if pairs < 4 or pairs % 4:
            raise ValueError(f"Pairs are made in groups of 4: ask for 4, 8, 12, …, not {pairs}.")
    random = np.random.default_rng(seed)
    known, unknown = _authors(random)
    return Pairs(_pairs(random, known, train // 4), _pairs(random, unknown, test // 4))


def load_choices(samples: int = 500, seed: int = 0) -> Examples:
    """Invent a known tweet and two others, one of which is by the same author.

    The authors are those of the test pairs made with the same seed; the tweets are new.

    Args:
        samples: how many questions.
        seed: the seed of the pairs.

    Returns:
        Inputs `known`, `first` and `second`; the answer `which` is 0 if the first is by the author
        of the known one and 1 if the second is, int32.

    Raises:
        ValueError: if `samples` is below 1.
    """
    if samples < 1:
        raise ValueError(f"There must be at least 1 question, not {samples}.")
    _, authors = _authors(np.random.default_rng(seed))
    random = np.random.default_rng([seed, 1])
    right, wrong = _two_authors(random, authors, samples)
    which = random.integers(2, size=samples)
    first, second = np.where(which, wrong, right), np.where(which, right, wrong)
    writers = {"known": right, "first": first, "second": second}
    return Examples(
        {name: _tweets(random, names) for name, names in writers.items()},
        {"which": which[:, None].astype("int32")},
        tuple(zip(*(names.tolist() for names in writers.values()), strict=True)),
    )


def tweet_text(tweet: np.ndarray) -> str:
    """Write a tweet as letters.

    Args:
        tweet: shape (steps, 16).

    Raises:
        ValueError: if it has another shape.
    """
    if np.ndim(tweet) != 2 or np.shape(tweet)[1] != len(LETTERS):
        raise ValueError(f"A tweet has shape (steps, {len(LETTERS)}), not {np.shape(tweet)}.")
    return "".join(LETTERS[letter] for letter in np.argmax(tweet, axis=1))


def _authors(random: np.random.Generator) -> tuple[list[str], list[str]]:
    """All signatures in random order, split into those to learn from and those to test with."""
    signatures = ["".join(letters) for letters in combinations(LETTERS, FAVOURITES)]
    mixed = [signatures[place] for place in random.permutation(len(signatures))]
    kept = round(len(mixed) * _TEST_SHARE)
    return mixed[kept:], mixed[:kept]


def _two_authors(
    random: np.random.Generator, authors: Sequence[str], groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each group two signatures without a common letter, two arrays of shape (groups,)."""
    others = {one: [two for two in authors if not set(one) & set(two)] for one in authors}
    first = [authors[place] for place in random.integers(len(authors), size=groups)]
    second = [others[one][random.integers(len(others[one]))] for one in first]
    return np.array(first), np.array(second)


def _tweets(random: np.random.Generator, signatures: Sequence[str]) -> np.ndarray:
    """A tweet by each of these authors, shape (tweets, 20, 16)."""
    favourites = np.array([[LETTERS.index(letter) for letter in one] for one in signatures])
    shape = (len(favourites), STEPS)
    usual = np.take_along_axis(favourites, random.integers(FAVOURITES, size=shape), axis=1)
    slips = random.integers(len(LETTERS), size=shape)
    return _ONE_HOT[np.where(random.random(shape) < _SLIPS, slips, usual)]


def _pairs(random: np.random.Generator, authors: Sequence[str], groups: int) -> Examples:
    """Pairs in random order, four for each group."""
    one, two = _two_authors(random, authors, groups)
    a1, a2, b1, b2 = (_tweets(random, names) for names in (one, one, two, two))
    order = random.permutation(4 * groups)
    left = np.concatenate([one, two, one, two])[order]
    right = np.concatenate([one, two, two, one])[order]
    same = np.repeat([1, 1, 0, 0], groups)[order]
    return Examples(
        {
            "tweet_a": np.concatenate([a1, b1, a1, b1])[order],
            "tweet_b": np.concatenate([a2, b2, b2, a2])[order],
        },
        {"same_author": same[:, None].astype("float32")},
        tuple(zip(left.tolist(), right.tolist(), strict=True)),
    )
