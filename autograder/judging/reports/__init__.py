"""Tell a person what the judge found: as text, and as a card for a notebook."""

from autograder.judging.reports.graded import GradedReport, number_text
from autograder.judging.reports.report import Report

__all__ = ["GradedReport", "Report", "number_text"]
