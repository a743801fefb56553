"""A Keras model as plain data: read it, bring it into normal form, draw it."""

from autograder.graphs.errors import NotReadable
from autograder.graphs.graph import Call, Graph, Shape, Tensor, Wrappers
from autograder.graphs.normal_form import NormalForm, Palette, counterparts, normal_form
from autograder.graphs.reading.models import read_config, read_graph

__all__ = [
    "Call",
    "Graph",
    "NormalForm",
    "NotReadable",
    "Palette",
    "Shape",
    "Tensor",
    "Wrappers",
    "counterparts",
    "normal_form",
    "read_config",
    "read_graph",
]
