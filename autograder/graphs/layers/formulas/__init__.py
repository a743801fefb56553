"""How many parameters a layer has, as a formula with the layer's own sizes in it.

>>> dense = formula("Dense", {"units": 32}, [(None, 64)])
>>> print(dense.symbols(), "=", dense.numbers(), "=", dense.count)
(inputs + 1) × units = (64 + 1) × 32 = 2080

The counts are those of Keras' `count_params()`, `trainable_weights` and `non_trainable_weights`;
states of random generators, metrics and stateful recurrent layers are no weights there, nor here.

Each family of layers has a module for its rules; importing it enters them.
"""

from autograder.graphs.layers.formulas import (
    around,
    attention,
    convolutions,
    dense,
    normalization,
    recurrent,
    seldom,
)
from autograder.graphs.layers.formulas.calculation import Formula, UnknownLayer
from autograder.graphs.layers.formulas.layer_rules import formula, known_layers

__all__ = ["Formula", "UnknownLayer", "around", "attention", "convolutions", "dense", "formula"]
__all__ += ["known_layers", "normalization", "recurrent", "seldom"]
