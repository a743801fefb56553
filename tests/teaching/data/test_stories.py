"""Stories, their vocabulary, padding, and the pictures and messages of the chapter on them."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.teaching.data.stories import (
    DOOR_COLOURS,
    VALUES,
    load_stories,
    load_two_doors,
)
from autograder.teaching.error_text import message
from autograder.teaching.plots.story_plots import plot_answers, plot_runs
from autograder.teaching.words import Vocabulary, make_vocabulary, pad, split

LOADERS = [load_stories, load_two_doors]


@pytest.fixture(scope="module")
def data():
    return load_stories(train=400, test=100)


def told(story):
    """What a story tells, in the order of VALUES."""
    words = set(split(story))
    (values,) = itertools.product(*(words.intersection(kind) for kind in VALUES.values()))
    return values


def test_a_question_asks_for_one_of_the_three_things_told(data):
    kinds = ("animal", "colour", "place")
    for examples in (data.train, data.test):
        for story, question, answer in zip(
            examples.stories, examples.questions, examples.answers, strict=True
        ):
            (asked,) = set(split(question)).intersection(kinds)
            assert answer == dict(zip(VALUES, told(story), strict=True))[asked]


def test_no_combination_is_in_both_parts():
    data = load_stories()
    train, test = ({told(story) for story in part.stories} for part in (data.train, data.test))
    assert not train & test
    assert len(train) + len(test) == 6**3
    assert len(test) == round(0.2 * 6**3)


def test_every_value_is_in_training(data):
    assert set(itertools.chain(*map(told, data.train.stories))) == set(data.answers)


def test_a_door_question_is_answered_by_its_door():
    data = load_two_doors(train=200, test=50)
    for story, question, answer in zip(
        data.train.stories, data.train.questions, data.train.answers, strict=True
    ):
        door = "left" if "left" in question else "right"
        assert f"The {door} door is {answer}." in story
        assert len(set(split(story)).intersection(DOOR_COLOURS)) == 2


def test_no_door_story_is_asked_the_same_twice():
    data = load_two_doors()
    parts = (data.train, data.test)
    texts = [pair for p in parts for pair in zip(p.stories, p.questions, strict=True)]
    assert len(set(texts)) == len(texts) == 3500


@pytest.mark.parametrize("load", LOADERS)
def test_inputs_and_targets_are_the_texts(load):
    data = load(train=60, test=20)
    for part, size in ((data.train, 60), (data.test, 20)):
        assert len(part) == size
        assert part.x["text"].dtype == part.x["question"].dtype == np.dtype("int32")
        for number in range(size):
            story, question = part.stories[number], part.questions[number]
            assert data.vocabulary.text(part.x["text"][number]) == " ".join(split(story))
            assert data.vocabulary.text(part.x["question"][number]) == " ".join(split(question))
            assert data.answers[part.y["answer"][number]] == part.answers[number]


@pytest.mark.parametrize("load", LOADERS)
def test_the_same_seed_makes_the_same_stories(load):
    first, again, other = (load(train=30, test=9, seed=seed) for seed in (4, 4, 5))
    assert first.train.stories == again.train.stories
    assert first.test.questions == again.test.questions
    assert first.train.stories != other.train.stories


@pytest.mark.parametrize("load", LOADERS)
def test_the_vocabulary_does_not_depend_on_chance(load):
    assert load(train=1, test=1, seed=1).vocabulary == load(train=90, test=9, seed=2).vocabulary


def test_the_sizes_the_chapter_states():
    data = load_stories()
    assert (len(data.vocabulary), len(data.answers)) == (46, 18)
    doors = load_two_doors()
    assert (len(doors.vocabulary), len(doors.answers)) == (25, 10)


@pytest.mark.parametrize(
    ("load", "arguments", "says"),
    [
        (load_stories, {"train": 0}, "train=0"),
        (load_stories, {"test_share": 0}, "not 0"),
        (load_stories, {"test_share": 1}, "not 1"),
        (load_two_doors, {"test": 0}, "test=0"),
        (load_two_doors, {"train": 10_000}, "10,000"),
    ],
)
def test_senseless_sizes_are_refused(load, arguments, says):
    with pytest.raises(ValueError, match=says):
        load(**arguments)


def test_ten_thousand_door_stories_can_be_made():
    assert len(load_two_doors(train=9_500, test=500).train) == 9_500


def test_id_0_is_kept_for_padding():
    vocabulary = make_vocabulary(["A dog!", "a  cat, a dog"])
    assert vocabulary == Vocabulary(("", "a", "cat", "dog"))
    assert vocabulary.ids("A DOG.") == [1, 3]
    assert vocabulary.text([1, 3, 0, 0]) == "a dog"


def test_an_unknown_word_is_named_once():
    with pytest.raises(ValueError, match=r"^Not in the vocabulary: blue, dog\.$"):
        make_vocabulary(["a cat"]).ids("a blue, blue dog")


def test_padding_fills_up_on_the_right():
    assert pad([[5, 6], [7]]).tolist() == [[5, 6], [7, 0]]
    assert pad([[5, 6], [7]], length=3).tolist() == [[5, 6, 0], [7, 0, 0]]
    assert pad([]).shape == (0, 0)
    assert pad([[1]]).dtype == np.dtype("int32")


def test_a_row_too_long_is_refused():
    with pytest.raises(ValueError, match="A row of 3 ids does not fit into length=2"):
        pad([[1], [1, 2, 3]], length=2)


def run(*values):
    return SimpleNamespace(history={"val_accuracy": list(values)})


def test_runs_are_drawn_with_words():
    drawn = plot_runs({"one": run(0.1, 0.5), "two": run(0.2, 0.9, 0.95)})
    assert "one: from 0.10 to 0.50 in 2 epochs" in drawn.alt
    assert "two: from 0.20 to 0.95 in 3 epochs" in drawn.alt
    assert drawn.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("count", [0, 5])
def test_too_few_or_too_many_runs_are_refused(count):
    with pytest.raises(ValueError, match=f"not {count}"):
        plot_runs({str(number): run(0.5) for number in range(count)})


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="no 'loss' in run 'one'; it has val_accuracy"):
        plot_runs({"one": run(0.5)}, metric="loss")


def test_answers_are_drawn_with_words():
    drawn = plot_answers({"What?": np.array([0.2, 0.8])}, ("cat", "dog"))
    assert "What? dog, with probability 0.80" in drawn.alt


def test_answers_of_another_number_are_refused():
    with pytest.raises(ValueError, match="2 answers are asked for"):
        plot_answers({"What?": np.array([0.2, 0.3, 0.5])}, ("cat", "dog"))
    with pytest.raises(ValueError, match="no question"):
        plot_answers({}, ("cat", "dog"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("plain", "ValueError: plain"),
        (
            "Exception encountered when calling Functional.call().\n\n\x1b[1mWrong.\nBut why\x1b[0m"
            "\n\nArguments received by Functional.call():\n  • inputs=[1]",
            "ValueError: Wrong.\nBut why",
        ),
        (
            "{{function_node __x__}} indices[0] = 3 [Op:GatherV2] name: ",
            "ValueError: indices[0] = 3 name:",
        ),
    ],
)
def test_a_message_is_what_matters_of_an_error(text, says):
    assert message(ValueError(text)) == says
