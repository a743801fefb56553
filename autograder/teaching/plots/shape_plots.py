"""Pictures of coloured shapes: images side by side, clips frame by frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.teaching.data.shapes import Examples
from autograder.teaching.plots.picture import Picture, picture


def plot_images(examples: Examples, count: int = 5) -> Picture:
    """Draw the first images, each with its question and the right answer.

    Args:
        examples: what `make_images` returned.
        count: how many.

    Raises:
        ValueError: if these are clips, or `count` is below 1 or above their number.
    """
    images = _values(examples, "image")
    if not 1 <= count <= len(examples):
        raise ValueError(f"From 1 to {len(examples)} images can be drawn, not {count}.")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, count, figsize=(2.2 * count, 2.5), layout="constrained", squeeze=False
    )
    for number, axis in enumerate(axes[0]):
        question, answer = examples.questions[number], examples.answers[number]
        axis.imshow(images[number])
        axis.set(xticks=[], yticks=[], xlabel=answer)
        axis.set_title(f"{question}?", fontsize=8)
    return picture(figure, f"{count} × a small image of one shape. {_words(examples, count)}.")


def plot_clips(examples: Examples, count: int = 3, answers: Sequence[str] | None = None) -> Picture:
    """Draw the first clips, one row of frames each, with its question and an answer.

    Args:
        examples: what `make_clips` returned.
        count: how many clips.
        answers: what to write as the answers; the right ones by default.

    Raises:
        ValueError: if these are images, `count` is below 1 or above their number, or there are
            fewer answers.
    """
    clips = _values(examples, "clip")
    answers = examples.answers if answers is None else answers
    if not 1 <= count <= len(examples):
        raise ValueError(f"From 1 to {len(examples)} clips can be drawn, not {count}.")
    if len(answers) < count:
        raise ValueError(f"{count} clips need as many answers; there are {len(answers)}.")
    import matplotlib.pyplot as plt

    frames = clips.shape[1]
    figure, axes = plt.subplots(
        count, frames, figsize=(1.1 * frames, 1.5 * count), layout="constrained", squeeze=False
    )
    for number, row in enumerate(axes):
        for frame, axis in enumerate(row):
            axis.imshow(clips[number, frame])
            axis.set(xticks=[], yticks=[])
        text = f"{examples.questions[number]}? {answers[number]}"
        row[0].set_title(text, loc="left", fontsize=9)
    words = _words(examples, count, answers)
    return picture(figure, f"{count} × a shape that moves in a clip of {frames} frames. {words}.")


def _values(examples: Examples, name: str) -> np.ndarray:
    if name not in examples.x:
        raise ValueError(f"There is no {name!r} in these examples, only {', '.join(examples.x)}.")
    return examples.x[name]


def _words(examples: Examples, count: int, answers: Sequence[str] | None = None) -> str:
    told = examples.answers if answers is None else answers
    return "; ".join(f"{examples.questions[n]}? {told[n]}" for n in range(count))
