"""The invented posts: shapes, one language for all seeds, traits that can be read and no others."""

import numpy as np
import pytest

from autograder.teaching.data.posts import AGES, GROUPS, VOCABULARY, make_posts, post_text


@pytest.fixture(scope="module")
def posts():
    return make_posts(400, seed=3)


def test_shapes_and_ranges(posts):
    assert posts.words.shape == (400, 120)
    assert posts.words.dtype == "int32"
    assert posts.words.min() > 0
    assert posts.words.max() < VOCABULARY
    assert posts.age.shape == posts.gender.shape == (400, 1)
    assert AGES[0] <= posts.age.min() < posts.age.max() <= AGES[1]
    assert posts.income.shape == (400, GROUPS)
    assert (posts.income.sum(axis=1) == 1).all()
    assert set(posts.gender.ravel()) == {0, 1}


def test_a_seed_is_a_data_set(posts):
    again, other = make_posts(400, seed=3), make_posts(400, seed=4)
    assert np.array_equal(posts.words, again.words)
    assert not np.array_equal(posts.words, other.words)


def test_another_length():
    assert make_posts(3, tokens=40).words.shape == (3, 40)


def test_people_of_different_groups_use_different_words(posts):
    ones, zeros = (set(posts.words[posts.gender[:, 0] == g].ravel()) for g in (1, 0))
    assert ones - zeros
    assert zeros - ones
    assert len(ones & zeros) > VOCABULARY / 2


def test_the_traits_are_independent():
    posts = make_posts(4000, seed=1)
    traits = np.stack([posts.age[:, 0], posts.income.argmax(axis=1), posts.gender[:, 0]])
    assert np.abs(np.corrcoef(traits) - np.eye(3)).max() < 0.06


def test_counting_words_tells_every_trait():
    """A linear model on word counts sets the mark that a network has to reach."""
    from sklearn.linear_model import LogisticRegression, Ridge

    train, test = make_posts(1500, seed=1), make_posts(300, seed=2)
    known, unseen = (_counts(data.words) for data in (train, test))
    for trait in ("income", "gender"):
        classes = [getattr(d, trait) for d in (train, test)]
        classes = [c.argmax(axis=1) if c.shape[1] > 1 else c[:, 0] for c in classes]
        model = LogisticRegression(max_iter=1000).fit(known, classes[0])
        assert model.score(unseen, classes[1]) > 0.99
    age = Ridge().fit(known, train.age[:, 0]).predict(unseen)
    assert np.abs(age - test.age[:, 0]).mean() < 4


def test_post_text_spells_each_word_its_own_way():
    words = post_text(range(1, VOCABULARY)).split()
    assert len(set(words)) == VOCABULARY - 1


@pytest.mark.parametrize("word", [VOCABULARY, -1])
def test_an_unknown_word_is_named(word):
    with pytest.raises(ValueError, match=f"{word} is no word; the ids go from 0 to"):
        post_text([1, word])


@pytest.mark.parametrize(
    ("arguments", "words"), [({"samples": 0}, "1 post"), ({"tokens": 5}, "20")]
)
def test_sizes_that_make_no_sense(arguments, words):
    with pytest.raises(ValueError, match=words):
        make_posts(**arguments)


def _counts(words: np.ndarray) -> np.ndarray:
    return np.stack([np.bincount(row, minlength=VOCABULARY) for row in words])
