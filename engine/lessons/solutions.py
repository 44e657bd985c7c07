"""What an exercise begins with, and what solves it."""

from typing import Any

import msgspec

from engine.formats import load
from engine.graph import EditError
from engine.language import tr
from engine.lessons.lesson import Changes, Lesson
from engine.lessons.places import LessonError, Places
from engine.network import Network


def start_of(lesson: Lesson, number: int, places: Places) -> Network | None:
    """Return the network that is open when a step begins; None where the lesson opens none.

    Raises
    ------
    FormatError
        Where it can't be read.
    """
    name = lesson.document_at(number)
    return load(places.path(name)) if name is not None else None


def solution_of(lesson: Lesson, number: int, places: Places) -> Network | None:
    """Return a network that solves a step's exercise; None where the lesson has none to show.

    Raises
    ------
    FormatError
        Where it can't be read, or what it would change is not there.
    """
    exercise = lesson.steps[number].exercise
    if exercise is None or exercise.solution is None:
        return None
    if not isinstance(exercise.solution, Changes):
        return load(places.path(exercise.solution))
    start = start_of(lesson, number, places)
    assert start is not None  # the reader sees to it
    graph = start.graph
    for node, settings in exercise.solution.settings.items():
        try:
            layer = graph.node(node).layer
            plain: dict[str, Any] = {**msgspec.to_builtins(layer), **settings}
            graph = graph.replace_layer(node, msgspec.convert(plain, type(layer)))
        except (EditError, msgspec.ValidationError) as problem:
            raise LessonError(tr("The solution can't be shown: {problem}", problem=problem)) from problem
    return msgspec.structs.replace(start, graph=graph)
