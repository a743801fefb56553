"""Short made-up stories with questions, their vocabulary, and padding: nothing is downloaded.

A story of `load_stories` tells one animal, one colour and one place, a sentence each, in any order
and with idle sentences in between; a question asks for one of the three. A story of
`load_two_doors` tells two colours, and which of them is asked for only the question says.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.teaching.words import Vocabulary, make_vocabulary, pad, split

VALUES = {
    "animal": ("bear", "cat", "dog", "frog", "goat", "horse"),
    "colour": ("black", "blue", "green", "red", "white", "yellow"),
    "place": ("cellar", "forest", "garden", "kitchen", "street", "tower"),
}
"""What a story tells, and the values there are: 6 × 6 × 6 = 216 combinations."""

_SENTENCES = {
    "animal": ("A {} is asleep.", "We hear a {} far away."),
    "colour": ("The door is {}.", "There is a {} door on the left."),
    "place": ("This is the {}.", "We are standing in the {}."),
}
_IDLE = ("It is late.", "Nobody speaks.", "Then the rain begins.")
_QUESTIONS = {
    "animal": ("What animal is there?", "What animal?"),
    "colour": ("What colour is the door?", "What colour?"),
    "place": ("What place is this?", "What place are we in?"),
}
DOOR_COLOURS = (
    *("black", "blue", "brown", "green", "grey"),
    *("orange", "pink", "red", "white", "yellow"),
)
"""The colours of the stories with two doors; in one story the doors differ."""

_DOORS = ("left", "right")


@dataclass(frozen=True)
class Examples:
    """Stories with a question and its answer each.

    Attributes:
        stories: the stories as text.
        questions: one question a story.
        answers: the answers as words.
        x: the inputs by name: "text", shape (examples, longest story), and "question", shape
            (examples, longest question), both int32, padded with 0.
        y: the targets by name: "answer", shape (examples,), a place in `StoryData.answers`.
    """

    stories: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    x: dict[str, np.ndarray]
    y: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.stories)


@dataclass(frozen=True)
class StoryData:
    """Stories for training and for testing; no combination of values is in both.

    Attributes:
        train: the examples to learn from.
        test: examples whose combination of animal, colour and place no training story tells.
        vocabulary: the words of all stories and questions.
        answers: the words that can be an answer, in the order of the classes.
    """

    train: Examples
    test: Examples
    vocabulary: Vocabulary
    answers: tuple[str, ...]


def load_stories(
    train: int = 3000, test: int = 600, test_share: float = 0.2, seed: int = 0
) -> StoryData:
    """Make stories with questions.

    Args:
        train: how many examples to learn from.
        test: how many to test with.
        test_share: part of the 216 combinations kept for testing, between 0 and 1.
        seed: which stories are made.

    Raises:
        ValueError: if a number of examples is below 1 or `test_share` keeps no combination, or all.
    """
    if train < 1 or test < 1:
        raise ValueError(f"At least one example of each is needed, not train={train}, test={test}.")
    combinations = list(itertools.product(*VALUES.values()))
    kept = round(test_share * len(combinations))
    if not 0 < kept < len(combinations):
        raise ValueError(f"test_share is a part of the stories, between 0 and 1, not {test_share}.")
    random = np.random.default_rng(seed)
    random.shuffle(combinations)
    seen = [_example(random, combinations[kept:]) for _ in range(train)]
    unseen = [_example(random, combinations[:kept]) for _ in range(test)]
    answers = tuple(word for words in VALUES.values() for word in words)
    return _data(seen, unseen, make_vocabulary(_every_sentence()), answers)


def load_two_doors(train: int = 3000, test: int = 500, seed: int = 0) -> StoryData:
    """Make stories of two doors of different colours, with a question for one of the doors.

    No story with its question is twice in the data; pairs of colours are.

    Args:
        train: how many examples to learn from.
        test: how many to test with.
        seed: which stories are made.

    Raises:
        ValueError: if a number of examples is below 1, or both together above 10,000.
    """
    if train < 1 or test < 1 or train + test > 10_000:
        raise ValueError(f"From 1 to 10,000 examples can be made, not train={train}, test={test}.")
    random = np.random.default_rng(seed)
    made: dict[tuple[str, str, str], None] = {}
    while len(made) < train + test:
        made[_two_doors(random)] = None
    examples = list(made)
    asked = [_door_question(door) for door in _DOORS]
    told = [_door_sentence(door, colour) for door in _DOORS for colour in DOOR_COLOURS]
    vocabulary = make_vocabulary([*told, *_IDLE, *asked])
    return _data(examples[:train], examples[train:], vocabulary, DOOR_COLOURS)


def _two_doors(random: np.random.Generator) -> tuple[str, str, str]:
    colours = random.choice(DOOR_COLOURS, size=2, replace=False)
    told = [_door_sentence(door, str(c)) for door, c in zip(_DOORS, colours, strict=True)]
    asked = int(random.integers(2))
    return _mixed(random, told), _door_question(_DOORS[asked]), str(colours[asked])


def _door_sentence(door: str, colour: str) -> str:
    return f"The {door} door is {colour}."


def _door_question(door: str) -> str:
    return f"What colour is the {door} door?"


def _example(random: np.random.Generator, combinations: list[Any]) -> tuple[str, str, str]:
    """A story, a question and the answer."""
    values = dict(zip(VALUES, combinations[random.integers(len(combinations))], strict=True))
    asked = list(VALUES)[random.integers(len(VALUES))]
    question = _QUESTIONS[asked][random.integers(2)]
    told = [_SENTENCES[kind][random.integers(2)].format(word) for kind, word in values.items()]
    return _mixed(random, told), question, values[asked]


def _mixed(random: np.random.Generator, told: list[str]) -> str:
    """The sentences in any order, with none, one or two idle ones among them."""
    idle = random.choice(_IDLE, size=random.integers(3), replace=False)
    sentences = [*told, *map(str, idle)]
    return " ".join(sentences[number] for number in random.permutation(len(sentences)))


def _every_sentence() -> list[str]:
    told = [
        sentence.format(word)
        for kind, sentences in _SENTENCES.items()
        for sentence in sentences
        for word in VALUES[kind]
    ]
    return [*told, *_IDLE, *itertools.chain(*_QUESTIONS.values())]


def _data(
    train: list[tuple[str, str, str]],
    test: list[tuple[str, str, str]],
    vocabulary: Vocabulary,
    answers: tuple[str, ...],
) -> StoryData:
    """Both parts padded to the lengths of the longest story and the longest question of all."""
    lengths = [max(len(split(example[part])) for example in train + test) for part in (0, 1)]
    parts = [_examples(made, vocabulary, answers, lengths) for made in (train, test)]
    return StoryData(*parts, vocabulary, answers)


def _examples(
    made: list[tuple[str, str, str]],
    vocabulary: Vocabulary,
    answers: tuple[str, ...],
    lengths: list[int],
) -> Examples:
    stories, questions, words = (tuple(column) for column in zip(*made, strict=True))
    x = {
        "text": pad([vocabulary.ids(story) for story in stories], lengths[0]),
        "question": pad([vocabulary.ids(one) for one in questions], lengths[1]),
    }
    y = {"answer": np.array([answers.index(word) for word in words], dtype="int32")}
    return Examples(stories, questions, words, x, y)
