"""What became of an assignment's submissions, and the table that tells it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from autograder.columns import aligned
from autograder.grading.engine.grades import Score
from autograder.grading.telling.foreign import shown

MOST_REMARKS = 4
"""Lines about one student in the table."""


@dataclass
class Tally:
    """What became of one assignment's submissions.

    Attributes:
        assignment: its name.
        graded: the students whose submission was graded now.
        kept: those whose submission had been graded before, and has not changed.
        troubles: by student, why a submission could not be graded.
        remarks: by student, what the instructor should know of a submission, a line each.
        stopped: why nobody was graded; "" if the assignment was.
        gone: those who have a score, and whose submission is no longer there.
        penalised: those whose late penalty has changed, without their being graded now.
    """

    assignment: str
    graded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    stopped: str = ""
    gone: list[str] = field(default_factory=list)
    penalised: list[str] = field(default_factory=list)

    def remark(self, student: str, lines: Iterable[str]) -> None:
        """Note what the instructor should know of a student's submission."""
        noted = self.remarks.setdefault(student, [])
        noted += [line for line in dict.fromkeys(lines) if line not in noted]

    def table(
        self,
        scores: Sequence[Score],
        penalties: Mapping[str, float] = MappingProxyType({}),
    ) -> str:
        """Everybody's score, and under it what could not be graded and remarks.

        Args:
            scores: those of each student in the gradebook.
            penalties: by student, the points that being late costs.
        """
        if self.stopped:
            return f"{self.stopped}."
        counts = f"{len(self.graded)} graded, {len(self.kept)} kept"
        lines = [f"{self.assignment}: {counts}, {len(self.troubles)} not graded"]
        lines += self._rows(scores, penalties)
        for student, reason in sorted(self.troubles.items()):
            lines.append(f"NOT GRADED {student}: {reason}. It stays for you to look at.")
        return "\n".join(map(shown, [*lines, *self._worth_a_look()]))

    def _rows(self, scores: Sequence[Score], penalties: Mapping[str, float]) -> list[str]:
        rows = [("student", "score", "of", "")]
        for each in sorted(scores, key=lambda score: score.student):
            penalty = penalties.get(each.student) or 0
            score = max(0.0, each.score - penalty)
            note = ", ".join(self._notes(each.student, each.score, penalty))
            rows.append((shown(each.student), f"{score:g}", f"{each.max_score:g}", note))
        return aligned(rows, right={1, 2})

    def _notes(self, student: str, points: float, penalty: float) -> Iterator[str]:
        """What stands behind a student's score."""
        if student in self.kept:
            yield "kept"
        if student in self.troubles:
            yield "of an earlier submission"
        if student in self.gone:
            yield "of a submission that is gone"
        if penalty:
            yield f"{points:g} before the late penalty"
        if student in self.penalised:
            yield "the due date or an extension has changed"

    def _worth_a_look(self) -> list[str]:
        """What is to be told, under each student's name; what is true of all, once."""
        remarked = {student: lines for student, lines in sorted(self.remarks.items()) if lines}
        if not remarked:
            return []
        of_all = [line for line in self._of_all() if len(self.remarks) > 1]
        told = ["Worth a look:"]
        told += [f"  all: {line}" for line in of_all]
        for student, lines in remarked.items():
            own = [line.removeprefix(f"{student}: ") for line in lines if line not in of_all]
            told += [f"  {student}: {line}" for line in own[:MOST_REMARKS]]
            if (more := len(own) - MOST_REMARKS) > 0:
                told.append(f"  {student}: and {more} more, in the notebook's metadata.")
        return told

    def _of_all(self) -> list[str]:
        first, *others = self.remarks.values()
        return [line for line in first if all(line in lines for lines in others)]
