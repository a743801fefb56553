"""An answer of another kind than the exercise asks for: say what it is, and how to mend it."""

from __future__ import annotations

from autograder.judging.answer_kinds import FLOATS, NOTHING, Answer, Kind, NoAnswer, ShapeAnswer
from autograder.judging.verdict import Finding

_ASKED = {
    Kind.MODEL: "a Keras model",
    Kind.NUMBER: "a number",
    Kind.SHAPE: "numbers in brackets, such as (28, 28, 64)",
    Kind.CHOICE: 'one of the choices, as text, such as "A"',
}
_FOUND = {Kind.MODEL: "a Keras model", Kind.NUMBER: "a number", Kind.CHOICE: "text"}
_TYPES = {
    "KerasTensor": "a tensor",
    "NoneType": "None",
    "dict": "a dictionary",
    "function": "a function",
    "list": "a list",
    "set": "a set",
    "tuple": "a tuple",
    FLOATS: "several numbers in brackets",
}
_GENERAL_STEP = "Read the question once more: what is the answer to be?"
_STEPS = {
    (Kind.NUMBER, Kind.CHOICE): "Leave the quotes away: what stands in quotes is text.",
    (Kind.SHAPE, Kind.CHOICE): "Leave the quotes away: what stands in quotes is text.",
    (Kind.SHAPE, Kind.NUMBER): "Write all that is asked for in brackets, with commas between.",
    (Kind.CHOICE, Kind.NUMBER): "Write the letter of your choice in quotes.",
}


def wrong_kind(answer: Answer, asked: Kind) -> Finding:
    """What to say of an answer that is no model, number, … where one is asked for."""
    if isinstance(answer, NoAnswer) and answer.found == NOTHING:
        return _finding(
            asked,
            f"Your function returned nothing. This exercise asks for {_ASKED[asked]}.",
            "nothing (None)",
            "Did your function print it instead of returning it? It has to end with `return`.",
        )
    if isinstance(answer, NoAnswer) and answer.found == FLOATS and asked is Kind.SHAPE:
        return _finding(
            asked,
            f"{answer.shown or 'Your answer'} has a number with a point in it. Whole numbers are "
            "asked for.",
            "a number with a point",
            "Write 3, not 3.0. If you divide, use // in place of /: the result is whole.",
        )
    if asked is Kind.NUMBER and isinstance(answer, ShapeAnswer):
        return _numbers_for_a_number(answer)
    found = _found(answer)
    if (asked, answer.kind) == (Kind.SHAPE, Kind.NUMBER):
        found = "one number"
    message = f"This exercise asks for {_ASKED[asked]}; your answer is {found}."
    return _finding(asked, message, found, _step(answer, asked))


def _finding(asked: Kind, message: str, found: str, step: str) -> Finding:
    return Finding(
        "wrong-kind", message, expected=_ASKED[asked], found=found, next_step=step or _GENERAL_STEP
    )


def _found(answer: Answer) -> str:
    if isinstance(answer, NoAnswer):
        return answer.shown or _TYPES.get(answer.found, f"of type {answer.found}")
    if isinstance(answer, ShapeAnswer):
        return _brackets(len(answer.value))
    return _FOUND[answer.kind]


def _brackets(count: int) -> str:
    if count < 2:
        return "one number in brackets" if count else "a pair of empty brackets"
    return f"{count} numbers in brackets"


def _step(answer: Answer, asked: Kind) -> str:
    if not isinstance(answer, NoAnswer):
        return _STEPS.get((asked, answer.kind), "")
    if answer.found == "NoneType":
        return "A function that only prints gives None: let it return its result."
    if asked is Kind.SHAPE:
        return "Write whole numbers in brackets, with commas between."
    if answer.found in {"dict", "list", "set", "tuple"}:
        return f"Give {_ASKED[asked]}, and nothing around it."
    return ""


def _numbers_for_a_number(answer: ShapeAnswer) -> Finding:
    """Most often a number was written with a comma, which makes two numbers of it in Python."""
    sizes, found = answer.value, _found(answer)
    if _are_thousands(sizes):
        written = ",".join(f"{size:03d}" if n else str(size) for n, size in enumerate(sizes))
        message = f"{written} is {len(sizes)} numbers in Python, because of the comma."
        step = f"Leave the comma away: {written.replace(',', '')}."
    else:
        message = f"This exercise asks for a number; your answer is {found}."
        step = "Give the number alone, without brackets and without a comma behind it."
    return _finding(Kind.NUMBER, message, found, step)


def _are_thousands(sizes: tuple[int | None, ...]) -> bool:
    """Whether these may be the parts of one number; Python itself refuses a part such as 052."""
    if len(sizes) < 2 or any(size is None for size in sizes):
        return False
    return 0 < sizes[0] < 1000 and all(size == 0 or 99 < size < 1000 for size in sizes[1:])
