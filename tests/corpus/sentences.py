"""What is wrong with the sentences of a verdict: each is held against both graphs.

`faults(verdict)` says in words what is false, unreadable or of no use; a true verdict has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from keras import layers

from autograder.graphs import Call, Graph
from autograder.graphs.describe import words
from autograder.graphs.layers.facts import facts
from autograder.judging.reports.told import told_findings
from autograder.judging.verdict import Finding, Verdict

LONGEST = 600
"""Characters of a message, and of each line beside it."""

INTERNALS = re.compile(
    r"\{'|'\}|class_name|<object|<function|function <|<keras|<class|KerasTensor|__|\bnp\.|\bdtype=<"
    r"|\bnull\b|\bNone\b(?![,)])|0x[0-9a-f]{6}|\{layer|\{source|\{\w+\}|\[\{|Traceback|  "
)
"""What no student wrote: Python's and JSON's own ways to show things, and roles without a name."""

NAMED = re.compile(r"(?<![\w’])'([^'\n]+)'(?!\w)")
UP_TO = re.compile(
    r"Up to (?P<names>.+) your graph is as expected\. There it goes on with (?P<does>.+) \(layer "
    r"'(?P<name>[^']+)'\), which"
)
CLASSES = frozenset(name for name, thing in vars(layers).items() if isinstance(thing, type))

WIDTHS = ("units", "filters", "output_dim", "num_heads", "key_dim", "depth_multiplier", "n")


def faults(verdict: Verdict, parameters: dict[str, int] | None = None) -> list[str]:
    """Everything that is not as it should be; nothing where all is well.

    Args:
        verdict: a wrong one, with both graphs.
        parameters: by layer, how many weights Keras counts in the answer.
    """
    found = []
    for finding in verdict.findings:
        found += [f"{finding.id}: {fault}: {finding}" for fault in _readable(finding)]
        if verdict.answer is not None and verdict.reference is not None:
            held = _Held(verdict, finding, parameters or {})
            found += [f"{finding.id}: {fault}: {finding}" for fault in held.faults()]
    return found


def parameters_of(model: Any) -> dict[str, int]:
    """How many weights Keras counts, by layer."""
    return {layer.name: layer.count_params() for layer in model.layers if layer.built}


def _texts(finding: Finding) -> list[str]:
    return [finding.message, finding.expected, finding.found, finding.next_step]


def _readable(finding: Finding) -> Iterator[str]:
    if not finding.message:
        yield "says nothing"
    for text in (*_texts(finding), *finding.where):
        if len(text) > LONGEST:
            yield f"{len(text)} characters"
        if shown := INTERNALS.search(text):
            yield f"shows {shown[0]!r}"
        if text and text != text.strip():
            yield "begins or ends with a blank"
    if finding.message and not finding.message.endswith((".", "?", "!")):
        yield "is no whole sentence"
    said = re.search(
        r"(?:has|is|gives|is called with) (.+?), where the exercise has (.+?)\. ", finding.message
    )
    if said and said[1] == said[2]:
        yield "what it has is what is meant, in the same words"
    (told,) = told_findings((finding,))
    rows = dict(told.rows)
    if "Expected" in rows and rows["Expected"].casefold() == rows.get("Found", "").casefold():
        yield "expected and found are the same, as printed"


class _Held:
    """One finding held against the two graphs."""

    def __init__(self, verdict: Verdict, finding: Finding, parameters: dict[str, int]) -> None:
        assert verdict.answer is not None and verdict.reference is not None
        self.answer, self.reference = verdict.answer, verdict.reference
        self.finding, self.parameters = finding, parameters
        self.is_alone = len(verdict.findings) == 1
        self.meant = verdict.reference_marks

    def faults(self) -> Iterator[str]:
        yield from self._names()
        yield from self._classes()
        yield from self._as_expected()
        yield from self._settings()
        yield from self._counts()
        yield from self._weights()
        yield from self._wiring()

    def _names(self) -> Iterator[str]:
        """Each name in quotes is one of a layer, an input or an output of either network."""
        mine = {_plain_name(name) for name in self.finding.where}
        for name in mine - _names_of(self.answer):
            yield f"no layer of the answer is called {name!r}"
        known = _names_of(self.answer) | _names_of(self.reference)
        for text in _texts(self.finding):
            for name in NAMED.findall(text):
                if _plain_name(name) not in known:
                    yield f"nothing is called {name!r}"
        for name in [*mine, *map(_plain_name, NAMED.findall(self.finding.message))]:
            count = _call_number(self.finding, name)
            if count and count > max(_calls_of(g, name) for g in (self.answer, self.reference)):
                yield f"{name!r} is not called {count} times"

    def _classes(self) -> Iterator[str]:
        """What is expected is in the reference, and what is found in the answer, as a class."""
        for text, graph, whose in (
            (self.finding.expected, self.reference, "reference"),
            (self.finding.found, self.answer, "answer"),
        ):
            there = _classes_of(graph)
            for word in re.findall(r"\b(?<!no )[A-Z]\w+\b", NAMED.sub("", text)):
                if word in CLASSES and word not in there:
                    yield f"there is no {word} in the {whose}"

    def _as_expected(self) -> Iterator[str]:
        """ "Up to X your graph is as expected": all that X is made of is in the reference."""
        claim = UP_TO.match(self.finding.message)
        if claim is None:
            return
        shapes: dict[Any, int] = {}
        mine, theirs = _cones(self.answer, shapes), _cones(self.reference, shapes)
        for name in re.findall(r"'([^']+)'", claim["names"]):
            places = _places(self.answer, name)
            if not any(mine[place] in theirs for place in places):
                yield f"what {name!r} makes is not in the reference"
        left = Counter(mine)
        left.subtract(theirs)
        if not any(left[mine[place]] > 0 for place in _places(self.answer, claim["name"])):
            yield f"the reference has what {claim['name']!r} makes"

    def _settings(self) -> Iterator[str]:
        """Settings and sizes that are said of the layers named are theirs, or the reference's."""
        places = [p for name in self.finding.where for p in _places(self.answer, name)]
        if not places:
            return
        places += [
            p for place in places for p, _ in self.answer.readers[place] if _ends(self.answer, p)
        ]
        here = [self.answer.calls[p] for p in places]
        there = list(self.reference.calls)
        for text, calls, whose in (
            (self.finding.found, here, "the layer"),
            (self.finding.expected, there, "a layer of the reference"),
        ):
            claim = _claim(text)
            if claim is not None and not any(map(claim, calls)):
                yield f"{whose} has not {text!r}"

    def _counts(self) -> Iterator[str]:
        """Numbers of inputs, outputs, sets of weights and calls are those of the graphs."""
        if not self.is_alone:
            return
        for text, graph in (
            (self.finding.expected, self.reference),
            (self.finding.found, self.answer),
        ):
            for pattern, count in _COUNTS.items():
                said = re.fullmatch(pattern, text)
                if said and int(said[1].replace(",", "")) not in count(graph):
                    yield f"{text!r} is not so"

    def _wiring(self) -> Iterator[str]:
        """Who reads whom, what comes before what and what reaches an output is so in the answer."""
        graph, message = self.answer, self.finding.message
        reached = {t.call for t in graph.outputs}
        for place in reversed(range(len(graph.calls))):
            reached |= {t.call for t in graph.calls[place].inputs} if place in reached else set()
        if said := re.search(r"'([^']+)' reads '([^']+)'( twice)?[;.]", message):
            least = 2 if said[3] else 1
            if not any(_reads(graph, p, said[2]) >= least for p in _places(graph, said[1])):
                yield f"{said[1]!r} does not read {said[2]!r}{said[3] or ''}"
        if said := re.match(r"'([^']+)' comes before '([^']+)';", message):
            first, second = (_places(graph, said[n]) for n in (1, 2))
            if not any(graph.depends(b, on=a) for a in first for b in second):
                yield f"{said[1]!r} does not come before {said[2]!r}"
        for said in re.finditer(r"'([^']+)' (?:reaches no output|none: one was)", message):
            if reached & set(_places(graph, said[1])):
                yield f"{said[1]!r} reaches an output"
        if said := re.match(
            r"Each of (.+?) and (?:'[^']+'|(\d+) more) (?:has|is|gives|can) ", message
        ):
            listed = len(re.findall(r"'([^']+)'", said[0])) + int(said[2] or 0)
            if listed != len(self.finding.where):
                yield f"it speaks of {listed} layers, and names {len(self.finding.where)}"
        if "nothing of it reaches the output" in message and self.is_alone:
            numbers: dict[Any, int] = {}
            mine, theirs = _cones(graph, numbers), _cones(self.reference, numbers)
            there = {theirs[place] for place in self.meant}
            if there & {mine[place] for place in reached}:
                yield "the branch does reach the output"
        said = re.search(r"a part: (.+) is nowhere to be found", message)
        if said and said[1] in {_with_reads(graph, place) for place in range(len(graph.calls))}:
            yield "it is there"

    def _weights(self) -> Iterator[str]:
        """The formula of a layer's weights adds up, and to what Keras counts."""
        said = re.search(
            r"Its weights: (?P<mine>.+?) = (?P<count>[\d,]+); expected are (?P<theirs>.+?) = "
            r"(?P<meant>[\d,]+)\.",
            self.finding.message,
        )
        if said is None:
            return
        for formula, count in ((said["mine"], said["count"]), (said["theirs"], said["meant"])):
            plain = re.sub(r"[\[\]]", "", formula).replace("×", "*").replace("/", "//")
            if not re.fullmatch(r"[\d\s+*/()−-]+", plain):
                yield f"{formula!r} is no formula"
            elif eval(plain.replace("−", "-")) != int(count.replace(",", "")):
                yield f"{formula} is not {count}"
        name = self.finding.where[0].split(" (call ")[0]
        if name in self.parameters and self.parameters[name] != int(said["count"].replace(",", "")):
            yield f"{name!r} has {self.parameters[name]} weights"


def _plain_name(name: str) -> str:
    """A name without what is said behind it: of which call, and which of its outputs."""
    return re.sub(r"( \((call \d+|[a-z0-9 ]+)\))+$", "", name)


def _call_number(finding: Finding, name: str) -> int:
    found = re.search(rf"{re.escape(name)} \(call (\d+)\)", finding.message)
    return int(found[1]) if found else 0


def _names_of(graph: Graph) -> set[str]:
    return {*(call.name for call in graph.calls), *graph.inputs, *graph.output_names}


def _calls_of(graph: Graph, name: str) -> int:
    return max(
        (len(graph.layers.get(c.weights, [1])) for c in graph.calls if c.name == name), default=0
    )


def _places(graph: Graph, name: str) -> list[int]:
    """The calls that a name stands for; of a layer that is called often, one of its calls."""
    plain = re.sub(r" \(call \d+\).*$", "", name)
    number = re.search(r" \(call (\d+)\)", name)
    places = [
        n for n, call in enumerate(graph.calls) if plain in (call.name, _plain_name(call.name))
    ]
    places = places or [n for n, c in enumerate(graph.calls) if c.name == _plain_name(name)]
    if number is None:
        return places
    weighty = [p for p in places if graph.calls[p].weights is not None]
    return weighty[int(number[1]) - 1 : int(number[1])]


def _ends(graph: Graph, place: int) -> bool:
    return graph.calls[place].op == "Activation"


def _reads(graph: Graph, place: int, name: str) -> int:
    """How often a call reads what a layer makes, with or without its activation."""
    return sum(tensor.call in _places(graph, name) for tensor in graph.calls[place].inputs)


def _with_reads(graph: Graph, place: int) -> str:
    read = " and ".join(words(graph, tensor.call) for tensor in graph.calls[place].inputs)
    return f"{words(graph, place)}, reading {read}"


def _classes_of(graph: Graph) -> set[str]:
    found = {call.op for call in graph.calls}
    for call in graph.calls:
        found |= {"Bidirectional"} if call.wrappers.bidirectional else set()
        found |= {"TimeDistributed"} if call.wrappers.time_distributed else set()
        found |= set(re.findall(r"'class_name': '(\w+)'", str({**call.config, **call.arguments})))
        found |= {"ReLU", "Softmax"} if call.op == "Activation" else set()
    return found


def _cones(graph: Graph, numbers: dict[Any, int]) -> list[int]:
    """A number for what each call makes, equal for what is made alike of the same inputs."""
    found: list[int] = []
    for place, call in enumerate(graph.calls):
        read: Any = [(found[t.call], t.output) for t in call.inputs]
        # Where an order shows in the result is not this test's question: any order will do.
        is_merge = facts(call.op).any_order or call.op in {"Concatenate", "Subtract"}
        read = tuple(sorted(read)) if is_merge else tuple(read)
        own = (place if place < len(graph.inputs) else -1, call.label, call.weights is None, read)
        found.append(numbers.setdefault(own, len(numbers)))
    return found


def _claim(text: str) -> Callable[[Call], bool] | None:
    """What a text says of a layer; None where it says nothing of settings."""
    plain = text.replace(",", "")
    if said := re.fullmatch(r"(\d+) (?:unit|filter|head|number)s?(?: a word)?", plain):
        return lambda call: any(call.config.get(key) == int(said[1]) for key in WIDTHS)
    if said := re.fullmatch(r"(\d+) words", plain):
        return lambda call: call.config.get("input_dim") == int(said[1])
    if said := re.fullmatch(r"a vocabulary of (\d+) words with vectors of (\d+) numbers", plain):
        pair = int(said[1]), int(said[2])
        return lambda call: (call.config.get("input_dim"), call.config.get("output_dim")) == pair
    if said := re.fullmatch(r"(a kernel|strides) of ([\d×]+)", plain):
        key = "kernel_size" if said[1] == "a kernel" else "strides"
        return lambda call: call.config.get(key) == [int(n) for n in said[2].split("×")]
    if said := re.fullmatch(r'padding "(\w+)"', plain):
        return lambda call: call.config.get("padding") == said[1]
    if plain in ("biases", "no biases"):
        return lambda call: call.config.get("use_bias") is (plain == "biases")
    if plain.startswith("the output of "):
        return lambda call: call.config.get("return_sequences") is ("every" in plain)
    if said := re.fullmatch(r"the (recurrent )?activation (\w+)", plain):
        key = "recurrent_activation" if said[1] else "activation"
        return lambda call: call.config.get(key) == said[2]
    if said := re.fullmatch(r"keys of (\d+) numbers?", plain):
        return lambda call: call.config.get("key_dim") == int(said[1])
    if said := re.fullmatch(r"(\d+) filters? a channel", plain):
        return lambda call: call.config.get("depth_multiplier") == int(said[1])
    if said := re.fullmatch(r"(\w+)=([\w.]+)", text):
        return lambda call: said[2] in re.sub(r"\[(.*)\]", r"\1", str(call.config.get(said[1])))
    if said := re.fullmatch(r"axis (?:−1 \()?(\d+)\)?", text):
        return lambda call: int(said[1]) in (call.config.get("axis"), call.config.get("axes"))
    if plain in ("frozen", "trainable"):
        return lambda call: call.trainable is (plain == "trainable")
    if said := re.fullmatch(r"shape (\(.*\))", text):
        return lambda call: (
            call.op == "Input"
            and re.findall(r"\d+|None", said[1]) == [str(n) for n in call.config["shape"]]
        )
    return None


def _sets(graph: Graph) -> set[int]:
    return {len(graph.layers)}


_COUNTS: dict[str, Callable[[Graph], set[int]]] = {
    r"([\d,]+) inputs?": lambda graph: {len(graph.inputs)},
    r"([\d,]+) outputs?": lambda graph: {len(graph.outputs)},
    r"([\d,]+) sets? of weights in all": _sets,
    r"([\d,]+) calls?": lambda graph: {len(places) for places in graph.layers.values()},
    r"([\d,]+)(?: tensors)? merged": lambda graph: {1, *(len(call.inputs) for call in graph.calls)},
}
