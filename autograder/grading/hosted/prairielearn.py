"""PrairieLearn's external grading: a question, the image that grades it, and what it reads.

After PrairieLearn's docs/externalGrading.md, infoQuestion.ts and externalGraderCommon.ts.
"""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Sequence
from typing import Any

from autograder.grading.hosted.installing import HERE, PROGRAM, Installation
from autograder.grading.hosted.outcome import Exercise, Outcome
from autograder.grading.hosted.system import System

ROOT = "/grade"
ASSIGNMENT = "tests/assignment"
LARGEST_RESULTS = 1_000_000
"""Bytes; what is larger is no result to PrairieLearn."""
IMAGE = "keras-functional-grader"
ENTRY = "tests/run.sh"

DOCKERFILE = """\
# The image that grades: docker build -t {image} . ; then put it where PrairieLearn finds it.
# It holds no solution and no reference: those are in the questions.
FROM python:{python}-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends bubblewrap graphviz \\
    && rm -rf /var/lib/apt/lists/*
COPY constraints.txt {wheel} /tmp/grader/
RUN python -m venv {here} \\
    && {here}/bin/pip install --no-cache-dir --constraint /tmp/grader/constraints.txt \\
        "{package}[grading] @ file:///tmp/grader/{wheel}" \\
    && rm -r /tmp/grader
"""

RUN = """\
#!/bin/sh
# Runs for each submission. Where it ends with an error, PrairieLearn calls the job failed, and no
# attempt is used up: whatever is not the student's fault ends so.
exec {program} prairielearn {root}
"""

QUESTION = """\
<pl-question-panel>
  <p>{heading}: hand in your notebook.</p>
  <pl-file-upload file-names="{names}"></pl-file-upload>
</pl-question-panel>
<pl-submission-panel>
  <pl-external-grader-results></pl-external-grader-results>
</pl-submission-panel>
"""


def question(
    name: str, notebooks: Sequence[str], assignment: dict[str, bytes], *, seconds: int, image: str
) -> dict[str, bytes]:
    """The question's folder, by name.

    Args:
        name: the assignment.
        notebooks: what its notebooks are called.
        assignment: what grading needs.
        seconds: how long a submission may take.
        image: what the image that grades is called.
    """
    about = {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"keras-functional-course/{name}")),
        "title": name,
        "topic": "Keras functional API",
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "image": image,
            "entrypoint": f"{ROOT}/{ENTRY}",
            "timeout": seconds,
            "enableNetworking": False,
        },
    }
    shown = {"heading": html.escape(name), "names": html.escape(", ".join(notebooks))}
    return {
        "info.json": json.dumps(about, indent=2).encode(),
        "question.html": QUESTION.format(**shown).encode(),
        ENTRY: RUN.format(program=PROGRAM, root=ROOT).encode(),
        **{f"{ASSIGNMENT}/{file}": content for file, content in assignment.items()},
    }


def image_files(installation: Installation, image: str) -> dict[str, bytes]:
    """What the image is made from, by name."""
    dockerfile = DOCKERFILE.format(
        image=image,
        here=HERE,
        python=installation.python,
        package=installation.package,
        wheel=installation.wheel_name,
    )
    return {"Dockerfile": dockerfile.encode(), **installation.files()}


def results(outcome: Outcome) -> dict[str, Any]:
    """What results.json says."""
    if outcome.problem:  # no attempt is used up
        return {"gradable": False, "format_errors": [outcome.problem]}
    whole = _results(outcome, has_texts=True)
    if len(json.dumps(whole)) > LARGEST_RESULTS:
        return _results(outcome, has_texts=False)
    return whole


def _results(outcome: Outcome, *, has_texts: bool) -> dict[str, Any]:
    return {
        "gradable": True,
        "score": outcome.points / outcome.most if outcome.most else 0.0,
        "message": "\n".join([f"{outcome.points:g} of {outcome.most:g} points.", *outcome.told]),
        "tests": [_test(exercise, has_texts) for exercise in outcome.exercises],
    }


def _test(exercise: Exercise, has_text: bool) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "points": exercise.points,
        "max_points": exercise.most,
        "output": exercise.text if has_text else "",
    }


PRAIRIELEARN = System(
    name="PrairieLearn",
    assignment=ASSIGNMENT,
    submission="student",
    results="results/results.json",
    most_minutes=10,
    is_proved_there=False,  # nothing of a job stays for the next one
    says=results,
)
