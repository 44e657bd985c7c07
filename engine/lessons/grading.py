"""Grading what was handed in: a lesson's exercises on a network, for the command line."""

from typing import Any, NamedTuple

from engine.language import tr, tr_count
from engine.lessons.case import Case
from engine.lessons.lesson import Lesson
from engine.lessons.places import LessonError, Places
from engine.lessons.verdicts import Verdict, judge
from engine.network import Network


class Graded(NamedTuple):
    """One exercise, and what each of its checks came to."""

    number: int  # of the exercise, from 1
    title: str
    verdicts: tuple[Verdict, ...]

    @property
    def met(self) -> bool:
        """Whether the exercise is solved."""
        return all(one.met for one in self.verdicts)

    def plain(self) -> dict[str, Any]:
        """Return the same for machines."""
        checks = [{"met": one.met, "text": one.text, "layer": one.node} for one in self.verdicts]
        return {"exercise": self.number, "title": self.title, "met": self.met, "checks": checks}

    def lines(self) -> list[str]:
        """Return the same for people."""
        return [
            f"{self.number}. {self.title}: " + (tr("solved") if self.met else tr("not solved yet")),
            *(f"   {'✓' if one.met else '✗'} {one.text}" for one in self.verdicts),
        ]


def graded(lesson: Lesson, network: Network, places: Places, only: int | None = None) -> list[Graded]:
    """Return what each exercise of a lesson comes to on a network, or only the one of a number from 1.

    Raises
    ------
    LessonError
        Where the lesson has no such exercise.
    """
    numbers = lesson.exercises
    if only is not None and not 1 <= only <= len(numbers):
        has = tr_count(
            "“{title}” has {count} exercise", "“{title}” has {count} exercises", len(numbers), title=lesson.title
        )
        raise LessonError(tr("{has}, so there is no exercise {number}", has=has, number=only))
    case = Case(network, places)
    found = []
    for count, number in enumerate(numbers, 1):
        step = lesson.steps[number]
        if step.exercise is not None and only in (None, count):
            found.append(Graded(count, step.title, tuple(judge(one, case) for one in step.exercise.checks)))
    return found
