"""Tell a person what the judge found: as text, and as a card for a notebook."""

from autograder.judging.reports.at_the_desk import Report
from autograder.judging.reports.graded import GradedReport, number_text

__all__ = ["GradedReport", "Report", "number_text"]
