"""Xception: by default without weights, on request with those learned from ImageNet."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from autograder.problem import Problem

WEIGHTS_FILE = "xception_weights_tf_dim_ordering_tf_kernels_notop.h5"
"""The file with the weights, by the name under which Keras keeps it."""

_WAIT = 20.0


class NoWeights(Problem):
    """The trained weights could not be had; the message says why and what to do."""


def load_xception(
    pretrained: bool = False, input_shape: tuple[int | None, int | None, int] | None = None
) -> Any:
    """Xception without its last layers: pictures in, maps of 2,048 features out.

    A picture of shape (height, width, 3) becomes maps of about (height / 32, width / 32, 2048).

    Args:
        pretrained: fetch the weights learned from ImageNet, 84 MB, once; Keras keeps the file. They
            expect grey values scaled by `keras.applications.xception.preprocess_input`.
        input_shape: the pictures' shape, at least 71 pixels each way; any size by default.

    Raises:
        NoWeights: if the weights are wanted and cannot be fetched.
    """
    if not pretrained:
        return keras.applications.Xception(weights=None, include_top=False, input_shape=input_shape)
    try:
        with _patience(_WAIT):
            return keras.applications.Xception(
                weights="imagenet", include_top=False, input_shape=input_shape
            )
    except Exception as error:
        if _is_about_fetching(error):
            raise NoWeights(_advice(error)) from None
        raise


@contextmanager
def _patience(seconds: float) -> Iterator[None]:
    """Give up on a silent network after some seconds; by default Python waits for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _is_about_fetching(error: Exception) -> bool:
    """Keras raises a bare Exception for a failed download, and ValueError for a damaged file."""
    text = str(error)
    return isinstance(error, OSError) or "URL fetch failure" in text or "file hash" in text


def _advice(error: Exception) -> str:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return (
        f"The ImageNet weights of Xception (84 MB) could not be fetched: {reason}. "
        "Go on without them (pretrained=False): nothing in this course needs them. "
        f"Or put the file {WEIGHTS_FILE} into the folder .keras/models of your home folder."
    )
