"""A graded class of any size, made by hand: a gradebook, released notebooks, graded ones.

Nothing is graded here: what the judge finds of the catalogue's own examples is put where grading
puts it. The same class comes out every time.
"""

import json
import random
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Base, Gradebook
from sqlalchemy import create_engine

from autograder import compare
from autograder.grading.course.folder import Course
from autograder.grading.engine.gradebook import NotebookScores, write_scores
from autograder.judging.judgement import JudgedCase, Judgement
from autograder.judging.misconceptions import CATALOGUE
from autograder.judging.reports import GradedReport
from autograder.judging.reports.kept import kept
from autograder.judging.verdict import Finding, Status, Verdict

REPOSITORY = Path(__file__).parents[3]
CHAPTER = "ch05_made"
MADE = ("not-shared", "wrong-activation", "wrong-units", "same-input-twice")
START = datetime(2026, 1, 1, tzinfo=UTC)
SOLUTION = """def build_{n}(units=32, rate=0.5):
    first = keras.Input((units,), name="first")
    second = keras.Input((units,), name="second")
    shared = layers.Dense(units, activation="relu", name="shared")
    both = layers.Concatenate(name="both")([shared(first), shared(second)])
    return keras.Model(inputs=[first, second], outputs=layers.Dense(1, name="out")(both))
"""
STUB = "def build_{n}(units=32, rate=0.5):\n    raise NotImplementedError\n"


def verdicts():
    """What the judge says of answers of each kind; the catalogue's examples are the networks."""
    found = {name: compare(*reversed(CATALOGUE[name].example())) for name in MADE}
    found["passed"] = Verdict(Status.PASSED)
    found["not-attempted"] = Verdict(Status.NOT_ATTEMPTED, (Finding("not-attempted", "None."),))
    raised = Finding("raised", "Your function raised an error:\nNameError: name 'x'")
    found["raised"] = Verdict(Status.WRONG, (raised,))
    return found


class MadeClass:
    """A class of so many students in one chapter of so many exercises."""

    def __init__(self, root, students, exercises=3):
        self.root, self.exercises = Path(root), range(1, exercises + 1)
        self.course = Course(self.root)
        self.root.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "nbgrader_config.py", self.root)
        (self.root / "classroom").mkdir(mode=0o700)
        self._reports = {
            name: GradedReport(Judgement("ex", (JudgedCase(verdict),)), None, 2.0)
            for name, verdict in verdicts().items()
        }
        self._cards = {
            name: (report.text(), report.html(), kept(report).to_text())
            for name, report in self._reports.items()
        }
        self._write_course()
        Base.metadata.create_all(create_engine(self.course.db_url))
        with closing(Gradebook(self.course.db_url)) as book:
            book.add_assignment(CHAPTER)
            book.add_notebook(CHAPTER, CHAPTER)
            for n in self.exercises:
                cell = {"max_score": 2, "cell_type": "code"}
                book.add_grade_cell(f"ex{n}_check", CHAPTER, CHAPTER, **cell)
                book.add_solution_cell(f"ex{n}_answer", CHAPTER, CHAPTER)
            for number in range(students):
                self._hand_in(book, number)

    def hand_in(self, student, kinds, sources=None, remarks=()):
        """Grade one student: of each exercise a kind, and what stands in the answer cell."""
        with closing(Gradebook(self.course.db_url)) as book:
            self._keep(book, student, kinds, sources or {}, remarks)

    def _hand_in(self, book, number):
        chance = random.Random(number)
        able = chance.random()
        weights = [1 + 9 * able, *(2 - able for _ in range(len(self._cards) - 1))]
        names = ["passed", *(name for name in self._cards if name != "passed")]
        kinds = {n: chance.choices(names, weights)[0] for n in self.exercises}
        sources = {n: own_code(n, chance) for n in self.exercises if kinds[n] != "not-attempted"}
        self._keep(book, f"s{number:05d}", kinds, sources, ())

    def _keep(self, book, student, kinds, sources, remarks):
        cells = [new_markdown_cell("# Chapter"), new_code_cell("import keras", id="setup")]
        judged, scores = {}, {}
        for n in self.exercises:
            text, card, found = self._cards[kinds[n]]
            judged[f"ex{n}_check"] = found
            scores[f"ex{n}_check"] = (self._reports[kinds[n]].score, False)
            answer = new_code_cell(sources.get(n, STUB.format(n=n)), id=f"a{n}")
            check = new_code_cell(f"check({n})", id=f"c{n}")
            check.outputs = [
                {"output_type": "display_data", "metadata": {},
                 "data": {"text/plain": text, "text/html": card}}
            ]  # fmt: skip
            for cell, name, seconds in ((answer, "answer", 0.25), (check, "check", n)):
                ends = (START + timedelta(seconds=each) for each in (0, seconds))
                busy, idle = (end.isoformat() for end in ends)
                cell.metadata = {
                    "nbgrader": {"grade_id": f"ex{n}_{name}"},
                    "execution": {"iopub.status.busy": busy, "iopub.status.idle": idle},
                }
            cells += [answer, check]
        about = {"autograder": {"judged": judged, "remarks": list(remarks)}}
        folder = self.course.folder("autograded", student, CHAPTER)
        folder.mkdir(parents=True)
        data = new_notebook(cells=cells, metadata=about)
        (folder / f"{CHAPTER}.ipynb").write_text(json.dumps(data))  # ASCII: any text is kept
        write_scores(
            book,
            CHAPTER,
            student,
            timestamp="2026-01-02 03:04:05 UTC",
            notebooks=[NotebookScores(CHAPTER, scores)],
        )

    def _write_course(self):
        for step, code in (("source", SOLUTION), ("release", STUB)):
            cells = [new_markdown_cell("# The chapter")]
            for n in self.exercises:
                cells.append(new_markdown_cell(f"## {n}. Section `{n}`"))
                cells.append(new_markdown_cell(f"### Exercise {n} (2 points)"))
                marks = {"schema_version": 3, "locked": False, "task": False}
                answer, check = new_code_cell(code.format(n=n)), new_code_cell(f"check({n})")
                answer.metadata.nbgrader = {
                    "grade_id": f"ex{n}_answer", "solution": True, "grade": False, **marks
                }  # fmt: skip
                check.metadata.nbgrader = {
                    "grade_id": f"ex{n}_check", "solution": False, "grade": True, "points": 2,
                    **marks,
                }  # fmt: skip
                cells += [answer, check]
            folder = self.course.folder(step, ".", CHAPTER)
            folder.mkdir(parents=True)
            write(new_notebook(cells=cells), folder / f"{CHAPTER}.ipynb")


def own_code(n, chance):
    """An answer as somebody writes it who thinks for themselves: no two orders are the same."""
    lines = [
        f"    {chance.choice('abcdefgh')}{at} = {way}"
        for at, way in enumerate(chance.sample(WAYS, len(WAYS)))
    ]
    return "\n".join([f"def build_{n}(units=32, rate=0.5):", *lines, "    return model", ""])


WAYS = [
    "layers.Dense(units, activation=keras.activations.relu)(one)",
    "keras.layers.Dropout(rate / 2)(two) if rate else two",
    "[layer(each) for layer in (left, right) for each in both]",
    "{'a': keras.Input(shape=(units,)), 'b': keras.Input(shape=[units])}",
    "keras.ops.concatenate((one, two), axis=-1)",
    "layers.LayerNormalization(epsilon=1e-6)(x + y)",
    "keras.Model(dict(a=one), dict(b=two), name='it')",
    "max(units, 2 * units - 1) // 3",
    "layers.Add()([skip, keras.ops.relu(main)])",
    "tuple(map(layers.Flatten(), (one, two, one)))",
]
