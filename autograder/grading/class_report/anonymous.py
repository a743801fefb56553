"""A class without names: nothing that says who somebody is gets as far as a page.

What a student wrote can hold a name anywhere: in a layer's name, a variable, a comment. Comments
go; words that are part of anybody's id or name are replaced. A nickname that nobody knows of stays.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.grading.class_report.class_data import Answer, Assignment, ClassData, Person
from autograder.grading.class_report.fingerprints import TOKEN
from autograder.judging.reports.kept import Kept

SOMEBODY = "somebody"
RUN = re.compile(r"[^\W_]+")
PART = re.compile(r"d+|u+(?!l)|u?l+")
"""A part of a run: digits, capitals, or small letters with a capital before them."""

SHORTEST = 3
"""Letters of a word of a name that is looked for; of other alphabets one is enough."""

LONG_NUMBER = 5
"""Digits of one that is looked for in everybody's texts: shorter ones are sizes of layers, too."""


def anonymous(data: ClassData) -> ClassData:
    """The same class with a number for each student, in an order that says nothing."""
    order = list(data.people)
    random.SystemRandom().shuffle(order)
    width = len(str(len(order)))
    numbers = {
        person.id: f"student {place:0{width}d}" for place, person in enumerate(order, start=1)
    }
    names = Names(numbers, frozenset(word for person in data.people for word in _words(person)))
    people = sorted((Person(number) for number in numbers.values()), key=lambda each: each.id)
    return ClassData(tuple(people), tuple(names.assignment(each) for each in data.assignments))


@dataclass(frozen=True)
class Names:
    """What stands for whom.

    Attributes:
        numbers: by id, what a student is called.
        words: parts of names and ids, in small letters.
    """

    numbers: Mapping[str, str]
    words: frozenset[str]

    def assignment(self, assignment: Assignment) -> Assignment:
        """An assignment without names."""
        found = {
            self.numbers[student]: {name: self.answer(answer) for name, answer in own.items()}
            for student, own in assignment.answers.items()
        }
        remarks = {
            self.numbers[student]: tuple(self.text(line, student) for line in lines)
            for student, lines in assignment.remarks.items()
        }
        return replace(
            assignment,
            answers=dict(sorted(found.items())),
            remarks=dict(sorted(remarks.items())),
            not_graded=tuple(sorted(self.numbers[each] for each in assignment.not_graded)),
            times={self.numbers[student]: often for student, often in assignment.times.items()},
        )

    def answer(self, answer: Answer) -> Answer:
        """An answer without names."""
        code = TOKEN.sub(lambda token: "" if token["comment"] else token[0], answer.source)
        return replace(
            answer,
            student=self.numbers[answer.student],
            source=self.text(code, answer.student),
            kept=None if answer.kept is None else self.kept(answer.kept, answer.student),
        )

    def kept(self, kept: Kept, student: str) -> Kept:
        """What was found, without names."""
        found = tuple(
            replace(
                each,
                message=self.text(each.message, student),
                next_step=self.text(each.next_step, student),
            )
            for each in kept.findings
        )
        return replace(kept, findings=found, graph=self.data(kept.graph, student))

    def data(self, data: Any, student: str) -> Any:
        """A network as data without names: a layer's class can be called anything, too."""
        if isinstance(data, str):
            return self.text(data, student)
        if isinstance(data, list):
            return [self.data(each, student) for each in data]
        if isinstance(data, Mapping):
            return {key: self.data(each, student) for key, each in data.items()}
        return data

    def text(self, text: str, student: str) -> str:
        """A text of a student's without anybody's name in it."""
        plain = re.sub(rf"(?<!\w){re.escape(student)}(?!\w)", SOMEBODY, text)
        return RUN.sub(self._without_names, plain)

    def _without_names(self, run: re.Match[str]) -> str:
        if run[0].lower() in self.words:
            return SOMEBODY
        if run[0].islower() and run[0].isalpha():
            return run[0]
        parts = _parts(run[0])
        return "".join(SOMEBODY if part.lower() in self.words else part for part in parts)


def _parts(run: str) -> list[str]:
    """What a run of letters and digits is made of: of ZoëNet2 it is Zoë, Net and 2."""
    kinds = "".join("d" if each.isdigit() else "u" if each.isupper() else "l" for each in run)
    return [run[part.start() : part.end()] for part in PART.finditer(kinds)]


def _words(person: Person) -> Iterator[str]:
    """What of a person's name or id gives them away, in small letters."""
    for word in RUN.findall(f"{person.name} {person.id}"):
        fewest = LONG_NUMBER if word.isdigit() else SHORTEST
        if len(word) >= fewest or not word.isascii():
            yield word.lower()
