"""One slip, told by one finding."""

import keras

from autograder import compare


def told_once(build, name, says, expected):
    """The only finding on a network with a slip, which says this.

    Args:
        build: makes the network, with the slip or without it.
        name: of the misconception.
        says: words of its message.
        expected: words of what is meant.
    """
    keras.utils.clear_session()
    (finding,) = compare(build(True), build(False)).findings
    assert finding.id == name
    assert says in finding.message and expected in finding.expected
    return finding
