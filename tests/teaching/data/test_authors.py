"""The invented authors: shapes, balance, and that neither tweet of a pair tells alone."""

from collections import Counter

import numpy as np
import pytest

from autograder.teaching.data.authors import (
    FAVOURITES,
    LETTERS,
    STEPS,
    load_choices,
    load_pairs,
    tweet_text,
)
from autograder.teaching.plots.author_plots import plot_distances


@pytest.fixture(scope="module")
def pairs():
    return load_pairs(train=2000, test=400, seed=3)


def test_shapes_and_ranges(pairs):
    for examples, samples in ((pairs.train, 2000), (pairs.test, 400)):
        assert sorted(examples.x) == ["tweet_a", "tweet_b"]
        for tweets in examples.x.values():
            assert tweets.shape == (samples, STEPS, len(LETTERS))
            assert tweets.dtype == "float32"
            assert (tweets.sum(axis=-1) == 1).all()
        assert examples.y["same_author"].shape == (samples, 1)
        assert len(examples.authors) == samples


def test_a_seed_is_a_data_set(pairs):
    again, other = (load_pairs(2000, 400, seed).train.x["tweet_a"] for seed in (3, 4))
    assert np.array_equal(pairs.train.x["tweet_a"], again)
    assert not np.array_equal(again, other)


def test_no_author_is_in_both_parts(pairs):
    assert not pairs.train.signatures & pairs.test.signatures
    assert all(len(set(signature)) == FAVOURITES for signature in pairs.test.signatures)


def test_the_answer_is_what_the_authors_say(pairs):
    for (one, two), answer in zip(pairs.train.authors, pairs.train.y["same_author"], strict=True):
        assert (one == two) == (answer == 1)
        assert one == two or not set(one) & set(two)


@pytest.mark.parametrize("name", ["tweet_a", "tweet_b"])
def test_each_tweet_is_once_beside_its_own_author_and_once_beside_another(pairs, name):
    texts = [tweet_text(tweet) for tweet in pairs.train.x[name]]
    same = pairs.train.y["same_author"][:, 0] == 1
    assert Counter(np.array(texts)[same]) == Counter(np.array(texts)[~same])


def test_most_letters_are_favourites(pairs):
    texts = [tweet_text(tweet) for tweet in pairs.train.x["tweet_a"]]
    share = np.mean(
        [
            letter in signature
            for text, (signature, _) in zip(texts, pairs.train.authors, strict=True)
            for letter in text
        ]
    )
    assert 0.94 < share < 0.98


def test_choices_are_by_authors_that_no_one_learns_from():
    choices = load_choices(samples=200, seed=3)
    assert list(choices.x) == ["known", "first", "second"]
    assert choices.y["which"].shape == (200, 1)
    assert 0.3 < choices.y["which"].mean() < 0.7
    for (known, *others), which in zip(choices.authors, choices.y["which"][:, 0], strict=True):
        assert others[which] == known
        assert not set(others[1 - which]) & set(known)
    assert not choices.signatures & load_pairs(2000, 400, seed=3).train.signatures


@pytest.mark.parametrize("arguments", [{"train": 0}, {"train": 10}, {"test": 2}])
def test_pairs_come_in_fours(arguments):
    with pytest.raises(ValueError, match="groups of 4"):
        load_pairs(**arguments)


def test_sizes_and_shapes_that_make_no_sense():
    with pytest.raises(ValueError, match="at least 1"):
        load_choices(samples=0)
    with pytest.raises(ValueError, match=r"\(steps, 16\), not \(20,\)"):
        tweet_text(np.zeros(20))


def test_distances_are_drawn_in_two_heaps():
    drawn = plot_distances(np.array([[1.0], [2.0], [8.0], [9.0]]), np.array([[1], [1], [0], [0]]))
    assert drawn.png.startswith(b"\x89PNG")
    assert "same author: mostly from 1.1 to 1.9, around 1.5" in drawn.alt
    with pytest.raises(ValueError, match="2 distances, but 1 answers"):
        plot_distances(np.ones(2), np.ones(1))
    with pytest.raises(ValueError, match="Both groups"):
        plot_distances(np.ones(2), np.ones(2))
