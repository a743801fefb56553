"""What became of an assignment's submissions, and the table that tells it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST_FLAGS = 4
"""Lines about one student in the table."""


@dataclass
class Tally:
    """What became of one assignment's submissions.

    Attributes:
        assignment: its name.
        graded: the students whose submission was graded now.
        kept: those whose submission had been graded before, and has not changed.
        troubles: by student, why a submission could not be graded.
        flags: by student, what the instructor should know of a submission, a line each.
    """

    assignment: str
    graded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    flags: dict[str, list[str]] = field(default_factory=dict)

    def flag(self, student: str, lines: Iterable[str]) -> None:
        """Note what the instructor should know of a student's submission."""
        noted = self.flags.setdefault(student, [])
        noted += [line for line in dict.fromkeys(lines) if line not in noted]

    def table(self, scores: Sequence[tuple[str, float, float]]) -> str:
        """Everybody's score, and under it what could not be graded and what was noticed.

        Args:
            scores: student, points, and points there are; of each student in the gradebook.
        """
        counts = f"{len(self.graded)} graded, {len(self.kept)} kept"
        lines = [f"{self.assignment}: {counts}, {len(self.troubles)} not graded"]
        lines += self._rows(scores)
        for student, reason in sorted(self.troubles.items()):
            lines.append(f"NOT GRADED {student}: {reason}. It stays for you to look at.")
        return "\n".join([*lines, *self._worth_a_look()])

    def _rows(self, scores: Sequence[tuple[str, float, float]]) -> list[str]:
        rows = [("student", "score", "of", "")]
        for student, score, most in sorted(scores):
            rows.append((student, f"{score:g}", f"{most:g}", "kept" * (student in self.kept)))
        width = max(len(row[0]) for row in rows)
        return [
            f"{name:<{width}}  {score:>7}  {most:>5}  {note}".rstrip()
            for name, score, most, note in rows
        ]

    def _worth_a_look(self) -> list[str]:
        """What was noticed, under each student's name; what was noticed of all, once."""
        flagged = {student: lines for student, lines in sorted(self.flags.items()) if lines}
        if not flagged:
            return []
        of_all = [line for line in self._noticed_of_all() if len(self.flags) > 1]
        told = ["Worth a look:"]
        told += [f"  all: {line}" for line in of_all]
        for student, lines in flagged.items():
            own = [line.removeprefix(f"{student}: ") for line in lines if line not in of_all]
            told += [f"  {student}: {line}" for line in own[:MOST_FLAGS]]
            if (more := len(own) - MOST_FLAGS) > 0:
                told.append(f"  {student}: and {more} more, in the notebook's metadata.")
        return told

    def _noticed_of_all(self) -> list[str]:
        first, *others = self.flags.values()
        return [line for line in first if all(line in lines for lines in others)]
