"""Tensors of a functional model taken for numbers, lists or layers."""

from __future__ import annotations

from autograder.judging.keras_errors.error_kind import ErrorKind

KINDS = (
    ErrorKind(
        "in-numpy",
        r"KerasTensor is symbolic.*?convert it to (?:a|an) (?P<what>NumPy array|float|int)",
        "A tensor of a functional model holds no numbers yet: it says which there will be. NumPy, "
        "float() and int() need numbers.",
        "Use a layer or keras.ops instead (keras.ops.sum for np.sum), or call the finished model "
        "on data.",
    ),
    ErrorKind(
        "in-tensorflow",
        r"KerasTensor cannot be used as input to a TensorFlow function",
        "A function of TensorFlow got a tensor of a functional model.",
        "Use a layer or the function of the same name in keras.ops: keras.ops.relu for tf.nn.relu, "
        "keras.ops.concatenate for tf.concat.",
    ),
    ErrorKind(
        "as-a-condition",
        r"KerasTensor cannot be used as a boolean",
        "A tensor of a functional model is neither true nor false: it has no numbers yet, so `if`, "
        "`and`, `or`, `in` and `==` in a condition cannot be asked of it.",
        "Compare with None by `is None`; to choose number by number use keras.ops.where.",
    ),
    ErrorKind(
        "walked-through",
        r"Iterating over a symbolic KerasTensor|object of type 'KerasTensor' has no len",
        "A tensor of a functional model is no list: it cannot be walked through or counted.",
        "Take a part by its place, x[:, 0]; its sizes are in x.shape. Is a list of tensors meant?",
    ),
    ErrorKind(
        "assigned-to",
        r"KerasTensor' object does not support item (?:assignment|deletion)",
        "A tensor of a functional model cannot be changed in place.",
        "Make a new one, with Concatenate or keras.ops.where.",
    ),
    ErrorKind(
        "tensor-called",
        r"KerasTensor' object is not callable",
        "A tensor is called as if it were a layer.",
        "The layer comes first, the tensor into its parentheses: layers.Dense(3)(x). Has a name "
        "for a layer been given to what it made?",
    ),
    ErrorKind(
        "tensor-asked",
        r"'KerasTensor' object has no attribute '(?P<name>\w+)'",
        "{name} is nothing that a tensor of a functional model has: it holds no numbers and is no "
        "model.",
        "Make the model first, keras.Model(inputs, outputs), and ask the model.",
    ),
)
