"""Coloured shapes on small images, shapes that move through clips, and questions about them.

A clip moves one shape, two pixels a frame, to the left, right, up or down. What leaves the frame on
one side comes back on the other. So each place is as probable as any other in each frame: a
single frame tells which shape it is and which colour, and nothing about the direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.teaching.words import make_vocabulary, pad

SHAPES = ("cross", "square", "triangle")
COLOURS = ("red", "green", "blue")
DIRECTIONS = ("left", "right", "up", "down")
ANSWERS = (*SHAPES, *COLOURS, *DIRECTIONS)
"""The words that can be an answer, in the order of the classes."""

QUESTIONS = {
    "shape": ("what shape is this", "which shape do you see"),
    "colour": ("what colour is this", "which colour does it have"),
    "direction": ("which way does it move", "in what direction does it go"),
}
"""The ways to ask for each thing."""

_WORDS = make_vocabulary(way for ways in QUESTIONS.values() for way in ways)
WORDS = _WORDS.words
"""The vocabulary: the id of a word is its place here, and 0 stands for no word."""

VOCABULARY = len(WORDS)
QUESTION_LENGTH = 8
"""Places for words in a question."""

_ANSWERS_TO = {"shape": SHAPES, "colour": COLOURS, "direction": DIRECTIONS}
_RGB = np.array([(0.9, 0.2, 0.2), (0.2, 0.8, 0.2), (0.3, 0.4, 0.95)])
_STEPS = {"left": (0, -2), "right": (0, 2), "up": (-2, 0), "down": (2, 0)}
_BACKGROUND, _NOISE = 0.15, 0.05
_SMALLEST_SIZE = 16


@dataclass(frozen=True)
class Examples:
    """Images or clips, with one question about each.

    Attributes:
        x: the inputs by name: "question", shape (samples, QUESTION_LENGTH), int32, padded with 0;
            and either "image", shape (samples, size, size, 3), or "clip", shape
            (samples, frames, size, size, 3), float32, from 0 to 1.
        y: the targets by name: "answer", shape (samples,), int32, a place in `ANSWERS`.
        kinds: what each question asks for: a key of `QUESTIONS`.
        questions: the questions as text.
        answers: the answers as words.
    """

    x: Mapping[str, np.ndarray]
    y: Mapping[str, np.ndarray]
    kinds: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.questions)


def make_images(samples: int = 2000, size: int = 16, seed: int = 0) -> Examples:
    """Draw images of one shape each, and ask for the shape or the colour.

    Args:
        samples: how many images.
        size: width and height of an image in pixels.
        seed: another seed gives other images.

    Raises:
        ValueError: if `samples` is below 1 or `size` below 16.
    """
    clips = _make(samples, ("shape", "colour"), frames=1, size=size, seed=seed)
    x = {"image": clips.x["clip"][:, 0], "question": clips.x["question"]}
    return Examples(x, clips.y, clips.kinds, clips.questions, clips.answers)


def make_clips(samples: int = 1500, frames: int = 8, size: int = 16, seed: int = 0) -> Examples:
    """Film one moving shape a clip, and ask for the shape or the direction.

    Args:
        samples: how many clips.
        frames: how many frames in each.
        size: width and height of a frame in pixels.
        seed: another seed gives other clips.

    Raises:
        ValueError: if `samples` is below 1, `frames` below 2 or `size` below 16.
    """
    if frames < 2:
        raise ValueError(f"Nothing moves in a clip of frames={frames}; it takes 2 or more.")
    return _make(samples, ("shape", "direction"), frames=frames, size=size, seed=seed)


def accuracy_by_kind(model: Any, examples: Examples) -> dict[str, float]:
    """The share of right answers to each kind of question.

    Args:
        model: predicts {"answer": probabilities of shape (samples, answers)} from `examples.x`.
        examples: what to ask.
    """
    chances = model.predict(examples.x, verbose=0)["answer"]
    right = np.argmax(chances, axis=-1) == examples.y["answer"]
    kinds = np.array(examples.kinds)
    return {
        kind: float(right[kinds == kind].mean()) for kind in QUESTIONS if kind in examples.kinds
    }


def question_ids(text: str) -> np.ndarray:
    """Write a question as a batch of one row of ids, shape (1, QUESTION_LENGTH), zeros behind.

    Raises:
        ValueError: if a word is not in the vocabulary, or there are too many of them.
    """
    ids = _WORDS.ids(text)
    if len(ids) > QUESTION_LENGTH:
        raise ValueError(f"The question has {len(ids)} words; {QUESTION_LENGTH} are possible.")
    return pad([ids], QUESTION_LENGTH)


def _make(samples: int, kinds: Sequence[str], *, frames: int, size: int, seed: int) -> Examples:
    if samples < 1:
        raise ValueError(f"There must be at least 1 sample, not {samples}.")
    if size < _SMALLEST_SIZE:
        raise ValueError(f"The shapes need {_SMALLEST_SIZE} pixels or more, not size={size}.")
    random = np.random.default_rng(seed)
    told = {
        kind: [words[n] for n in random.integers(len(words), size=samples)]
        for kind, words in _ANSWERS_TO.items()
    }
    clips = np.stack(
        [_clip(random, *one, frames=frames, size=size) for one in zip(*told.values(), strict=True)]
    )
    asked = [kinds[n] for n in random.integers(len(kinds), size=samples)]
    questions = [QUESTIONS[kind][random.integers(len(QUESTIONS[kind]))] for kind in asked]
    answers = [told[kind][row] for row, kind in enumerate(asked)]
    return Examples(
        {"clip": clips, "question": np.concatenate([question_ids(one) for one in questions])},
        {"answer": np.array([ANSWERS.index(word) for word in answers], dtype="int32")},
        tuple(asked),
        tuple(questions),
        tuple(answers),
    )


def _clip(
    random: np.random.Generator, shape: str, colour: str, direction: str, *, frames: int, size: int
) -> np.ndarray:
    """One shape that moves, shape (frames, size, size, 3)."""
    mask = np.zeros((size, size), dtype=bool)
    width = int(random.integers(size * 3 // 8, size // 2 + 1))
    mask[:width, :width] = _mask(shape, width)
    places = size - width + 1 if frames == 1 else size
    mask = np.roll(mask, random.integers(places, size=2), axis=(0, 1))
    down, right = _STEPS[direction]
    moved = np.stack([np.roll(mask, (n * down, n * right), axis=(0, 1)) for n in range(frames)])
    shade = _RGB[COLOURS.index(colour)] + random.normal(0, _NOISE, 3)
    clip = np.where(moved[..., None], shade, _BACKGROUND)
    noise = random.normal(0, _NOISE, clip.shape)
    return (clip + noise).clip(0, 1).astype("float32")


def _mask(shape: str, width: int) -> np.ndarray:
    """Which pixels a shape covers, shape (width, width), bool."""
    row, column = np.mgrid[:width, :width] + 0.5
    from_middle = np.abs(column - width / 2)
    if shape == "cross":
        return np.minimum(from_middle, np.abs(row - width / 2)) <= width / 7
    if shape == "triangle":
        return from_middle <= row / 2
    return np.ones((width, width), dtype=bool)
