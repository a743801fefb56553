"""Shapes that do not go together, or not with a layer or a model."""

from __future__ import annotations

import re

from autograder.judging.keras_errors import keras_names
from autograder.judging.keras_errors.error_kind import ErrorKind, Fields


def _rank(fields: Fields) -> Fields:
    """What a layer reads, by its name, and how to come by it."""
    name, found = fields["name"], int(fields["found"])
    for beginning, (what, shape, steps) in keras_names.READS.items():
        if re.match(beginning, name):
            step = steps.get(found, "Look at the layer before it: what shape does it make?")
            return {"what": f"{what}: {shape}", "hint": step}
    return {"what": f"tensors of {fields['expected']} axes", "hint": "Look at the layer before it."}


def _axes_of_kernel(fields: Fields) -> Fields:
    """Whether a convolution gets too few axes or too many, and what to try."""
    axes, wanted = (fields[name].count(",") + 1 for name in ("shape", "kernel"))
    if axes < wanted:
        hint = "Inside TimeDistributed, each step must have the axes that the layer reads alone."
        return {"few": "few", "hint": hint}
    return {
        "few": "many",
        "hint": "Conv1D goes along a sequence, Conv2D over a picture; to do either at each step of "
        "a longer shape, put TimeDistributed around it.",
    }


KINDS = (
    ErrorKind(
        "shapes-differ",
        r"Inputs have incompatible shapes\. Received shapes (?P<one>\([^)]*\)) and "
        r"(?P<two>\([^)]*\))",
        "Shapes {one} and {two}, the batch left out, cannot be taken number by number.",
        "Make both equal, with a Dense or 1×1 convolution on one of them; to lay them side by "
        "side use Concatenate.",
    ),
    ErrorKind(
        "shapes-differ",
        r"Cannot broadcast shape.*?Input shapes are: (?P<one>\[[^\]]*\]) and (?P<two>\[[^\]]*\])",
        "Shapes {one} and {two} cannot be taken number by number.",
        "Make both equal, with a Dense or 1×1 convolution on one of them; to lay them side by "
        "side use Concatenate.",
    ),
    ErrorKind(
        "shapes-do-not-join",
        r"requires inputs with matching shapes except for the concatenation axis\. Received: "
        r"input_shape=\[(?P<shapes>.*?)\](?= |$|\n)",
        "Only the axis they are joined along may differ, and these are {shapes}.",
        "Bring them to as many axes and equal sizes first (Flatten, pooling, padding), or choose "
        "another axis=…",
    ),
    ErrorKind(
        "shapes-do-not-join",
        r"must have the same shape except on the `axis` dim.*?shape (?P<one>\([^)]*\)).*?shape "
        r"(?P<two>\([^)]*\))",
        "Only the axis they are joined along may differ, and these are {two} and {one}.",
        "Bring them to as many axes and equal sizes first (Flatten, pooling, padding), or choose "
        "another axis=…",
    ),
    ErrorKind(
        "axes-of-a-dot",
        r"axis values (?P<one>\d+) \(at axis (?P<axis>\d+)\) != (?P<two>\d+) \(at axis "
        r"(?P<other>\d+)\)\. Full input shapes: (?P<shapes>.*)",
        "Dot multiplies and adds up along axes of equal length; here they have {one} and {two} "
        "(shapes {shapes}).",
        "Choose axes of one length, or bring one there with a Dense layer.",
    ),
    ErrorKind(
        "wrong-rank",
        r"of layer \"?'?(?P<name>[\w/.]+)'?\"? is incompatible with the layer: expected "
        r"(?:min_)?(?:max_)?ndim=(?P<expected>\d), found ndim=(?P<found>\d)\. Full shape "
        r"received: (?P<shape>\([^)]*\))",
        "Layer {name} reads {what}. It gets {shape}.",
        "{hint}",
        more=_rank,
    ),
    ErrorKind(
        "wrong-rank",
        r"`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, "
        r"received: (?P<shape>\([^)]*\))",
        "TimeDistributed goes along a time axis, and {shape} has none behind the batch.",
        "Call the inner layer alone, or give the input its time axis: (steps, …).",
    ),
    ErrorKind(
        "wrong-rank",
        r"Kernel shape must have the same length as input, but received kernel of shape "
        r"(?P<kernel>\([^)]*\)) and input of shape (?P<shape>\([^)]*\))",
        "A convolution gets {shape}: too {few} axes for a kernel of {kernel}, whose last two sizes "
        "are those of the features.",
        "{hint}",
        more=_axes_of_kernel,
    ),
    ErrorKind(
        "width-of-shared",
        r"of layer \"?'?(?P<name>[\w/.]+)'?\"? is incompatible with the layer: expected axis "
        r"(?P<axis>-?\d+) of input shape to have value (?P<size>\d+),? but received input with "
        r"shape (?P<shape>\([^)]*\))",
        "Layer {name} has its weights already, for {size} numbers along axis {axis}; now it gets "
        "{shape}.",
        "Call it on tensors of one size only, or make a second layer for the others.",
    ),
    ErrorKind(
        "model-input-shape",
        r"expected shape=(?P<expected>\([^)]*\)), found shape=(?P<shape>\([^)]*\))",
        "This model was built for {expected}, and gets {shape}.",
        "Build it for that shape, or change the tensor first. Where an axis may be of any length, "
        "say None in its keras.Input.",
    ),
    ErrorKind(
        "model-input-shape",
        r"Expected shape (?P<expected>\([^)]*\)), but input has incompatible shape "
        r"(?P<shape>\([^)]*\))",
        "This model was built for {expected}, and gets {shape}.",
        "The first axis counts examples: one example x alone is x[None]. Otherwise build the "
        "model for that shape.",
    ),
    ErrorKind(
        "too-few-inputs",
        r"expects (?P<wanted>\d+) (?:named )?input\(s\).*?received (?P<n>\d+) input tensor",
        "This model has {wanted} inputs, and gets {n}.",
        "Give all of them in one list, in the model's order, or by name in a dictionary.",
    ),
    ErrorKind(
        "too-few-inputs",
        r"Missing data for input \"(?P<name>[^\"]*)\"\. You passed a data dictionary with keys "
        r"(?P<keys>\[.*?\])\. Expected the following keys: (?P<wanted>\[.*?\])",
        "The data has {keys}, and the model's inputs are {wanted}.",
        "Give each input by its own name.",
    ),
)
