"""A class without names: nothing that says who somebody is gets as far as a page.

What a student wrote can hold a name anywhere: in a layer's name, a variable, a comment. Comments
go; words that are part of anybody's id or name are replaced. A nickname that nobody knows of stays.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.grading.class_report.class_data import Answer, Assignment, ClassData, Person
from autograder.grading.class_report.fingerprints import TOKEN
from autograder.judging.reports.kept import Kept, KeptFinding

SOMEBODY = "somebody"
WORD = re.compile(r"[^\W_]+")
SHORTEST = 3
"""Letters of a word of a name that is looked for; of other alphabets one is enough."""


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
            KeptFinding(
                self.text(each.id, student),
                self.text(each.message, student),
                self.text(each.next_step, student),
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
        plain = text.replace(student, SOMEBODY)
        return WORD.sub(lambda word: SOMEBODY if self._is_name(word[0]) else word[0], plain)

    def _is_name(self, word: str) -> bool:
        return word.lower() in self.words


def _words(person: Person) -> Sequence[str]:
    """What of a person's name gives them away; of an id of several words each but the numbers."""
    found = WORD.findall(f"{person.name} {person.id}")
    return [each.lower() for each in found if len(each) >= SHORTEST or not each.isascii()]
