"""Which Keras runs the tests, and what an older one cannot be asked for."""

from functools import cache
from pathlib import Path

import keras
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
KERAS = Version(keras.__version__)
NEW_TO_IT = ("has no attribute", "Unrecognized keyword arguments", "do not satisfy")
"""What Keras says of a layer, a layer's setting, or a setting's value, that came later."""
UNREAD = "`inputs` not connected to `outputs`"
"""What some say of a model with an input that none of its outputs depends on."""


def newest_keras() -> Version:
    """The version that the course is made with: the pinned one."""
    (pin,) = (
        Requirement(line)
        for line in REQUIREMENTS.read_text().splitlines()
        if line.startswith("keras==")
    )
    (specifier,) = pin.specifier
    return Version(specifier.version)


IS_OLDER = newest_keras() > KERAS


def built_if_known(build):
    """What `build()` makes; where this Keras is too old for it, the test is skipped."""
    try:
        return build()
    except (AttributeError, ValueError) as error:
        if IS_OLDER and any(said in str(error) for said in NEW_TO_IT):
            pytest.skip(f"not in Keras {KERAS}: {error}".splitlines()[0])
        raise


@cache
def refuses_unread_inputs() -> bool:
    """Whether this Keras makes no model with an input that nobody reads."""
    read, unread = keras.Input((1,)), keras.Input((1,))
    try:
        keras.Model([read, unread], keras.layers.Identity()(read))
    except ValueError as error:
        if UNREAD in str(error):
            return True
        raise
    return False


def built_if_allowed(build):
    """What `build()` makes; where it has an input that nobody reads, and this Keras refuses that,
    the test is skipped."""
    try:
        return build()
    except ValueError as error:
        if UNREAD in str(error) and refuses_unread_inputs():
            pytest.skip(f"Keras {KERAS} makes no model with an input that nobody reads")
        raise
