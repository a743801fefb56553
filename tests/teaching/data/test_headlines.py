"""The invented headlines: shapes, a rule that needs both inputs, words in and out."""

import numpy as np
import pytest

from autograder.teaching.data.headlines import (
    EXTRAS,
    TOPICS,
    VOCABULARY,
    WORDS,
    headline_ids,
    headline_story,
    headline_text,
    make_headlines,
)


@pytest.fixture(scope="module")
def headlines():
    return make_headlines(3000, seed=5)


def test_shapes_and_ranges(headlines):
    assert headlines.words.shape == (3000, 12)
    assert headlines.words.dtype == "int32"
    assert 0 <= headlines.words.min() < headlines.words.max() < VOCABULARY
    assert headlines.extras.shape == (3000, len(EXTRAS))
    assert 0 <= headlines.extras.min() < headlines.extras.max() <= 1
    assert set(headlines.popular.ravel()) == {0, 1}
    assert headlines.popular.shape == (3000, 1)


def test_zeros_stand_in_front(headlines):
    zeros = headlines.words == 0
    assert zeros.any()
    assert (np.diff(zeros.astype(int), axis=1) <= 0).all()
    assert (~zeros).sum(axis=1).min() == 5


def test_a_seed_is_a_data_set(headlines):
    assert np.array_equal(headlines.words, make_headlines(3000, seed=5).words)
    assert not np.array_equal(headlines.words, make_headlines(3000, seed=6).words)


def test_neither_input_tells_alone(headlines):
    """Even the best guess from the topic, or from the circumstances, is often wrong."""
    topic = _topics(headlines.words)
    switches = headlines.extras[:, 1] * 4 + headlines.extras[:, 2] * 2
    moment = switches + (headlines.extras[:, 0] > 0.6)
    assert _best_guess(topic, headlines.popular) < 0.65
    assert _best_guess(moment, headlines.popular) < 0.8
    assert _best_guess(topic * 8 + moment, headlines.popular) > 0.97


def test_every_word_is_listed_once():
    assert len(set(WORDS)) == VOCABULARY


def test_words_in_and_out():
    ids = headline_ids("Coach wins the cup")
    assert ids.shape == (1, 12)
    assert headline_text(ids[0]) == "coach wins the cup"


def test_a_headline_is_told_in_two_lines(headlines):
    words, values = headline_story(headlines, 0).split("\n")
    assert words == headline_text(headlines.words[0])
    assert [value.split()[0] for value in values.split(", ")] == list(EXTRAS)
    assert values.endswith("popular")


def test_unknown_words_and_too_many_are_named():
    with pytest.raises(ValueError, match="Not in the vocabulary: xylophone"):
        headline_ids("Coach wins xylophone")
    with pytest.raises(ValueError, match="has 4 words; there is room for 3"):
        headline_ids("Coach wins the cup", length=3)
    with pytest.raises(ValueError, match=f"{VOCABULARY} is no word"):
        headline_text([VOCABULARY])


@pytest.mark.parametrize(("arguments", "words"), [({"samples": 0}, "1 head"), ({"length": 4}, "5")])
def test_sizes_that_make_no_sense(arguments, words):
    with pytest.raises(ValueError, match=words):
        make_headlines(**arguments)


def _topics(words: np.ndarray) -> np.ndarray:
    """The topic of each headline: the block of 12 words that its telling words lie in."""
    telling = np.where((words > 0) & (words <= 12 * len(TOPICS)), words, 0)
    return (telling.max(axis=1) - 1) // 12


def _best_guess(groups: np.ndarray, popular: np.ndarray) -> float:
    rates = [(popular[groups == g].mean(), (groups == g).mean()) for g in np.unique(groups)]
    return sum(max(rate, 1 - rate) * share for rate, share in rates)
