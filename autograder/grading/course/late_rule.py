"""A rule for late submissions that many courses have: each day costs a share of the points."""

from __future__ import annotations

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60


class PenaltyPerDay(LateSubmissionPlugin):
    """Of the points that somebody got, each day that has begun costs a share.

    nbgrader's own rules are none, and all points. In `nbgrader_config.py`:

        c.AssignLatePenalties.plugin_class = "autograder.grading.course.late_rule.PenaltyPerDay"
        c.PenaltyPerDay.share = 0.1
    """

    share = Float(0.1, min=0, max=1, help="What each day that has begun costs.").tag(config=True)
    most = Float(1.0, min=0, max=1, help="What all days together cost at most.").tag(config=True)
    grace = Float(0, min=0, help="Minutes that cost nothing.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points that being late costs; None if it costs nothing."""
        counted = total_seconds_late - 60 * self.grace
        if counted <= 0 or not score:
            return None
        # Days by hundredths of a second: what a clock rounds is no day.
        days = math.ceil(round(counted, 2) / DAY)
        return round(min(self.most, days * self.share) * score, 2)
