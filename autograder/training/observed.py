"""What is known of a training, as plain data: all that a rule may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Size = tuple[int | None, ...]

LONG = 5
"""Epochs after which it is said that nothing was learned."""


_OWN = 0.9
"""A loss by that of predictions for other samples, below which a network tells samples apart."""


@dataclass(frozen=True)
class Labels:
    """What an output is to learn, of the samples looked at.

    Attributes:
        shape: of one sample.
        whole: whether all are whole numbers.
        finite: whether none is NaN or infinite.
        least: the smallest.
        most: the largest.
        kinds: how many different values there are.
        zero_one: whether all are 0 or 1.
        sums: the smallest and the largest sum over the last axis.
        baseline: loss of the best constant answer, by the output's own loss; None if not known.
        majority: share of the most frequent class; 0 where there are none.
        told_by_neighbours: whether the label of the most similar inputs says more than chance;
            None where that was not looked at.
    """

    shape: Size
    whole: bool = True
    finite: bool = True
    least: float = 0.0
    most: float = 1.0
    kinds: int = 2
    zero_one: bool = True
    sums: tuple[float, float] = (1.0, 1.0)
    baseline: float | None = None
    majority: float = 0.0
    told_by_neighbours: bool | None = None


@dataclass(frozen=True)
class Head:
    """One output, with what the compile arguments say of it.

    Attributes:
        name: as losses and labels name it.
        layer: the layer that makes it.
        shape: of one sample.
        activation: the last one; "" if not known.
        below: the activation right under the last one; "" without one.
        loss: its name as Keras' functions are called, "" where there is none.
        from_logits: what the loss was told.
        ignores: whether the loss leaves one class out.
        weight: of the loss; None if not known.
        metrics: their names.
        labels: None where no data were given.
        first_loss: before the weight, of the samples looked at; None if not known.
        crossed_loss: the same where each sample gets another one's prediction.
        dropout_after: the dropout that is the last thing before the output; "" without one.
        summed_towers: the shared layer of towers whose features are joined and only weighed.
        one_answer: whether all samples get the same class.
        left_out: whether None is written where its loss would stand.
    """

    name: str
    layer: str
    shape: Size
    activation: str = ""
    below: str = ""
    loss: str = ""
    from_logits: bool = False
    ignores: bool = False
    weight: float | None = 1.0
    metrics: tuple[str, ...] = ()
    labels: Labels | None = None
    first_loss: float | None = None
    crossed_loss: float | None = None
    dropout_after: str = ""
    summed_towers: str = ""
    one_answer: bool = False
    left_out: bool = False

    @property
    def width(self) -> int | None:
        """The size of the last axis; 1 of a number by itself."""
        return self.shape[-1] if self.shape else 1

    @property
    def tells_apart(self) -> bool:
        """Whether a sample's own prediction is better for it than another one's, by far.

        That holds whatever weights samples and classes were given in training.
        """
        own, crossed = self.first_loss, self.crossed_loss
        return own is not None and crossed is not None and own < _OWN * crossed


@dataclass(frozen=True)
class Entry:
    """One input, of the samples looked at.

    Attributes:
        name: the input's.
        finite: whether no number is NaN or infinite.
        least: the smallest.
        most: the largest.
        deviation: of all its numbers.
        constant: whether all samples are the same.
        scaled: whether the model scales it itself, or takes it for indices.
    """

    name: str
    finite: bool
    least: float
    most: float
    deviation: float
    constant: bool
    scaled: bool


@dataclass(frozen=True)
class Table:
    """One Embedding that reads an input.

    Attributes:
        name: the layer's.
        entry: the input's.
        words: how many rows it has.
        least: the smallest index.
        most: the largest.
        masked: whether it hands on a mask.
        padded: share of the places that are zeros at a sample's end.
        recurrent: the layer that reads the sequence step by step; "" without one.
    """

    name: str
    entry: str
    words: int
    least: float
    most: float
    masked: bool
    padded: float
    recurrent: str


@dataclass(frozen=True)
class Part:
    """One layer with weights.

    Attributes:
        name: the layer's.
        kind: its class.
        reads: the shape of one sample of what it reads; empty if not known.
        trainable: whether training changes it.
        untouched: whether its weights are what Keras starts with.
        equal: whether all its units have the same weights; not where they only begin at zero.
        begun: whether its weights are all zero as yet and get gradients that differ, as where a
            block begins as nothing.
        apart: whether its units get gradients that differ; None where nobody measured it.
        finite: whether no weight is NaN or infinite.
        is_last: whether it makes an output.
        gradient: root of the mean square of its gradient by that of its weights; None where
            there is no gradient, nobody measured it, or all weights are zero.
        connected: whether the loss depends on it; None where nobody measured it.
    """

    name: str
    kind: str
    trainable: bool
    untouched: bool = False
    equal: bool = False
    begun: bool = False
    apart: bool | None = None
    finite: bool = True
    is_last: bool = False
    gradient: float | None = None
    connected: bool | None = None
    reads: Size = ()


@dataclass(frozen=True)
class Unit:
    """What one activation gives for the samples looked at.

    Attributes:
        name: the layer's.
        activation: its function.
        silent: share of its units that give zero for every sample.
        saturated: share of its numbers that lie at the function's ends.
    """

    name: str
    activation: str
    silent: float = 0.0
    saturated: float = 0.0


@dataclass(frozen=True)
class Fixed:
    """A layer that is called with `training=` written out."""

    name: str
    kind: str
    value: bool
    trainable: bool = True


@dataclass(frozen=True)
class Argument:
    """What one argument of `compile` was given.

    Attributes:
        name: the argument's.
        entries: how long a list is that has one entry an output; None of anything else.
        unknown: names that Keras has not.
        meant: what is spelt nearly as the first of them; "" without.
        classes: classes in place of what is made by them.
        no_numbers: words in place of numbers.
        unfit: what is neither a loss nor a metric, in words.
        not_called_so: functions that cannot be called as a loss is, and why.
    """

    name: str
    entries: int | None = None
    unknown: tuple[str, ...] = ()
    meant: str = ""
    classes: tuple[str, ...] = ()
    no_numbers: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    not_called_so: tuple[tuple[str, str], ...] = ()

    def stops_fit(self, outputs: int) -> bool:
        """Whether no step can be made with it, in a network of so many outputs."""
        is_long_or_short = self.entries not in (None, outputs)
        return bool(self.unfit or self.not_called_so or self.unknown or is_long_or_short)


@dataclass(frozen=True)
class Run:
    """What a history says, epoch by epoch."""

    loss: tuple[float, ...] = ()
    val_loss: tuple[float, ...] = ()
    accuracy: tuple[float, ...] = ()
    val_accuracy: tuple[float, ...] = ()

    @property
    def learned(self) -> bool:
        """Whether the network learned, whatever one of its layers does."""
        loss = self.loss
        return len(loss) > 1 and loss[0] - loss[-1] > 0.2 * abs(loss[0])

    @property
    def in_doubt(self) -> bool:
        """Whether nothing says yet that what was learned holds for other samples, too."""
        loss = self.val_loss or self.loss
        return len(loss) >= LONG and not loss[-1] < 0.5 * loss[0]


@dataclass(frozen=True)
class Observed:
    """All that is known of a training.

    Attributes:
        heads: the outputs.
        arguments: what `compile` was given.
        unknown_names: what losses, weights, metrics or labels are given for, and is no output;
            by the argument.
        entries: the inputs.
        tables: the Embeddings that read one.
        parts: the layers with weights, in the model's order.
        units: the hidden activations.
        fixed: the calls with `training=`.
        compares: whether one layer reads several things, as where pairs are ranked.
        optimizer: its class.
        rate: its learning rate; None if not known.
        batch: how many samples a step sees; None if not known.
        repeated: share of the validation samples that are training samples, too.
        run: the history.
        left_alone: whether the data give each batch once, so that none was read.
        too_large: whether the network is so large that it was not run at all.
        cannot_run: why the network cannot be run on the data; "" where it can.
        no_loss: whether there is nothing at all that `fit` could make smaller.
        penalty: what the sizes of weights add to the losses of a history, as they are now.
    """

    heads: tuple[Head, ...] = ()
    arguments: tuple[Argument, ...] = ()
    unknown_names: Mapping[str, tuple[str, ...]] | None = None
    entries: tuple[Entry, ...] = ()
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = ()
    units: tuple[Unit, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    compares: bool = False
    optimizer: str = ""
    rate: float | None = None
    batch: int | None = None
    repeated: float = 0.0
    run: Run = Run()
    left_alone: bool = False
    too_large: bool = False
    cannot_run: str = ""
    no_loss: bool = False
    penalty: float = 0.0

    @property
    def heads_with_loss(self) -> tuple[Head, ...]:
        """The outputs that have a loss."""
        return tuple(head for head in self.heads if head.loss)
