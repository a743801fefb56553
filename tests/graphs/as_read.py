"""Every public layer of Keras as it is read: `PYTHONPATH=tests python -m graphs.as_read`.

That writes it down for the pinned Keras; what other versions have read is held against it.
"""

import json
from pathlib import Path

import keras
from graphs.test_formulas import CASES, as_a_list

from autograder.graphs import NotReadable
from autograder.graphs.reading.models import read_to_show

FILE = Path(__file__).with_name("as_read.json")
LAYERS = {
    f"{name}-{number}": one
    for name, several in CASES.items()
    for number, one in enumerate(several)
    if name != "InputLayer" and not name.endswith("Cell") and name != "StackedRNNCells"
}


def as_read(one):
    """The calls in a model around the layer, as data; None where it cannot be seen into."""
    layer = one.make()
    inputs = [keras.Input(s, batch_size=one.batch, dtype=one.dtype) for s in one.shapes]
    ends = layer(inputs) if one.call is as_a_list else layer(*inputs)
    try:
        graph = read_to_show(keras.Model(inputs, ends))
    except (NotReadable, ValueError):  # Keras itself makes no model of some
        return None
    return json.loads(json.dumps([_told(call) for call in graph.calls if call.op != "Input"]))


def _told(call):
    more = [call.wrappers.to_json(), call.arguments]
    return [call.op, call.config, *(more if any(more) else [])]


def main():
    lines = (f"{json.dumps(name)}: {json.dumps(as_read(one))}" for name, one in LAYERS.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
