"""What Keras here builds of drawn networks, and what drawings show of them."""

from autograder.graphs.boxes import boxes_of
from autograder.graphs.draw import MOST_BOXES
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


def shown(graph):
    """What a drawing shows of a graph, without the names of layers."""
    boxes = boxes_of(graph, (), range(len(graph.calls)), MOST_BOXES).boxes
    return [
        (box.words, box.shape, box.reads, box.returned, box.shared, box.frozen) for box in boxes
    ]
