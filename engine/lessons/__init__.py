"""Lessons: short pages with exercises that are checked, written as files so that a teacher can make and share them.

Imported on its own (``from engine.lessons import …``): a network needs no lessons.
"""

from engine.lessons.case import Case
from engine.lessons.checks import (
    Accuracy,
    Answer,
    AnyOf,
    Check,
    Condition,
    Layers,
    NumberOf,
    Order,
    Output,
    Ran,
    Selected,
    Setting,
    Sound,
    Total,
    Used,
    runs_network,
)
from engine.lessons.grading import Graded, graded
from engine.lessons.lesson import Changes, Exercise, Lesson, Point, Step
from engine.lessons.places import LessonError, Places, shipped
from engine.lessons.reading import Head, decode, is_lesson, load_lesson, read_head, schema
from engine.lessons.solutions import solution_of, start_of
from engine.lessons.verdicts import Verdict, judge

# fmt: off
__all__ = [
    "Accuracy", "Answer", "AnyOf", "Case", "Changes", "Check", "Condition", "Exercise", "Graded", "Head", "Layers",
    "Lesson", "LessonError", "NumberOf", "Order", "Output", "Places", "Point", "Ran", "Selected", "Setting", "Sound",
    "Step", "Total", "Used", "Verdict", "decode", "graded", "is_lesson", "judge", "load_lesson", "read_head",
    "runs_network", "schema", "shipped", "solution_of", "start_of",
]
# fmt: on
