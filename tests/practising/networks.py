"""What Keras here builds of drawn networks."""

from autograder.practising.as_code import built


def can_be_built(network):
    try:
        built(network)
    except ValueError:
        return False
    return True


def is_refused(network):
    """Whether Keras here is one that builds no model with an input that reaches no output."""
    left = network.without_the_unread()
    return not all(left.reads(each.name) for each in left.starts) and not can_be_built(network)
