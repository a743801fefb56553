"""`autograder variants`: notebooks in which each student has sizes of their own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from autograder.commands.options import add_course
from autograder.grading.course.folder import Course
from autograder.grading.engine.grades import Grades
from autograder.grading.engine.imports import imported_early
from autograder.grading.engine.one_grader import only_grader
from autograder.grading.submissions.handed_in import students as handed_in
from autograder.grading.telling.foreign import shown
from autograder.grading.variants.class_variants import SECRET, turn_off, turn_on, variants_of
from autograder.grading.variants.handing_out import Chapter
from autograder.graphs.describe import counted
from autograder.judging.varied import Varied
from autograder.problem import Problem


def main(arguments: Sequence[str]) -> int:
    """Make them; return 0 if everybody who is known has one, else 1."""
    options = parser().parse_args(arguments)
    course = Course(options.course.resolve())
    for line in course.warnings():
        print(shown(line), file=sys.stderr)
    with only_grader(course.own_folder):  # what it changes, grading rests on
        return _change(options, course)


def _change(options: argparse.Namespace, course: Course) -> int:
    if options.off:
        ended = turn_off(course.own_folder, options.chapter, options.exercise or None)
        if not ended:
            what = ", ".join([options.chapter, *options.exercise])
            raise Problem(f"Nothing differs in {what}: it is the same for everybody.")
        print(f"The same for everybody: {', '.join(ended)}. What was handed out stays where it is.")
        return 0
    chapter = Chapter(course, options.chapter)
    kept = variants_of(course.own_folder, options.chapter)
    is_on = set(kept.exercises) if kept is not None else set()
    wanted = _wanted(chapter, options.exercise, is_on)
    students = options.student or Grades(course).ask(
        lambda gradebook: [student.id for student in gradebook.students]
    )
    if not students:
        raise Problem(
            "Nobody is in the gradebook: enter the class by `autograder roster`, or name students "
            "by --student."
        )
    with imported_early(course.config):
        for varied in wanted.values():
            chapter.demand_sound(varied)
        variants = turn_on(course.own_folder, options.chapter, wanted)
        try:
            done = chapter.hand_out(variants, students)
        except Problem:  # what nobody has must not be what everybody is judged by
            turn_off(course.own_folder, options.chapter, wanted)
            raise
    print(f"In {', '.join(variants.exercises)} each student has sizes of their own.")
    count = len(done.students)
    print(f"{counted(count, 'student')}, {done.different} of them with sizes that nobody else has.")
    print(f"For each student a folder, to hand to that student alone: {shown(done.folder)}")
    if wanted and (early := handed_in(course, options.chapter)):
        print(
            f"  {len(early)} handed in before this, with everybody's sizes: graded again, they are "
            "refused. --off undoes it."
        )
    for student, why in done.left_out.items():
        print(f"  {shown(student)!r} got no notebook: {why}.")
    print(f"Keep a copy of {shown(course.own_folder / SECRET)}: without it nobody can be graded.")
    return 1 if done.left_out else 0


def _wanted(chapter: Chapter, asked: Sequence[str], is_on: set[str]) -> dict[str, Varied]:
    """The exercises that are to differ, and do not yet.

    Raises:
        Problem: if one of them cannot, or none is asked for.
    """
    there_are = chapter.may_vary()
    choice = ", ".join(there_are) or "none (docs/instructors.md says how one can)"
    if unknown := set(asked) - set(there_are) - is_on:
        raise Problem(
            f"{chapter.name}: nothing says what may vary in {', '.join(sorted(unknown))}. "
            f"Exercises that can differ: {choice}."
        )
    if not asked and not is_on:
        raise Problem(
            f"{chapter.name}: say by --exercise which are to differ from student to student. "
            f"Exercises that can: {choice}."
        )
    return {exercise: there_are[exercise] for exercise in asked if exercise not in is_on}


def parser() -> argparse.ArgumentParser:
    """The verb's arguments."""
    made = argparse.ArgumentParser(
        prog="autograder variants",
        description="Give every student sizes of their own in some exercises: a notebook each "
        "that says them, and grading that goes by them. Sizes are drawn by a secret of the class "
        "and the student's id, so a student who comes later has some, too.",
    )
    made.add_argument("chapter", help="the assignment")
    made.add_argument(
        "--exercise",
        action="append",
        default=[],
        metavar="ID",
        help="which are to differ, such as ch01_ex7; may be given several times (default: those "
        "that do already)",
    )
    made.add_argument(
        "--student",
        action="append",
        default=[],
        metavar="ID",
        help="for whom; may be given several times (default: everybody in the gradebook)",
    )
    made.add_argument(
        "--off",
        action="store_true",
        help="let the chapter, or the exercises that are named, be the same for everybody again",
    )
    add_course(made)
    return made
