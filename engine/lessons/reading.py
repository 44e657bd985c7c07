"""Reading lessons strictly: what is wrong is said with its place, before anything of a lesson is used."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from engine.language import tr
from engine.layers import LAYERS
from engine.layers.parameters import parameters
from engine.lessons.checks import AnyOf, Condition, NumberOf, Order, Output, Setting, Total
from engine.lessons.lesson import Changes, Lesson
from engine.lessons.places import LessonError
from engine.query import parse
from engine.query_fields import QueryError

FORMAT, VERSION = "convolab-lesson", 1
LARGEST = 256 << 10  # bytes of a lesson


class Head(msgspec.Struct, frozen=True):
    """What a list shows of a lesson; the rest of its file is not looked at."""

    format: str = ""
    title: str = ""
    part: str | None = None
    row: int | None = None
    summary: str = ""


def load_lesson(path: str | Path) -> Lesson:
    """Read a lesson from its file.

    Raises
    ------
    LessonError
        With the place of what is wrong: ``lesson.json: … - at `$.steps[2].point.at` ``.
    """
    file = Path(path)
    try:
        return decode(_bytes(file))
    except LessonError as problem:
        raise LessonError(f"{file.name}: {problem}") from problem


def is_lesson(path: str | Path) -> bool:
    """Whether a file says of itself that it is a lesson; false for what can't be read."""
    try:
        return str(path).lower().endswith(".json") and read_head(path).format == FORMAT
    except LessonError:
        return False


def read_head(path: str | Path) -> Head:
    """Read what a list shows of a lesson.

    Raises
    ------
    LessonError
        Where the file is no JSON object, or too large.
    """
    try:
        return msgspec.json.decode(_bytes(Path(path)), type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise LessonError(tr("Not readable as JSON: {problem}", problem=problem)) from problem


def decode(data: bytes) -> Lesson:
    """Read the text of a lesson.

    Raises
    ------
    LessonError
        With the JSON path of what is wrong.
    """
    if len(data) > LARGEST:
        raise LessonError(tr("A lesson has {limit:,} bytes at most, this one has more", limit=LARGEST))
    try:
        head = msgspec.json.decode(data)
        version = head.get("version") if isinstance(head, dict) and head.get("format") == FORMAT else None
        if isinstance(version, int) and version > VERSION:
            raise LessonError(
                tr(
                    "This lesson is for a newer Convolab (format version {version}; this one reads up to {ours})",
                    version=version,
                    ours=VERSION,
                )
            )
        lesson = msgspec.json.decode(data, type=Lesson)
    except msgspec.ValidationError as problem:
        raise LessonError(tr("Not a lesson: {problem}", problem=problem)) from problem
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise LessonError(tr("Not readable as JSON: {problem}", problem=problem)) from problem
    for number, step in enumerate(lesson.steps):
        place = f"$.steps[{number}]"
        _check_all(step.done, f"{place}.done")
        if step.exercise is not None:
            if step.done:
                reason = tr("A step with an exercise is done when that is solved, so “done” has no place in it")
                raise LessonError(f"{reason} - at `{place}.done`")
            _check_all(step.exercise.checks, f"{place}.exercise.checks")
            _check_exercise(lesson, number, f"{place}.exercise.solution")
    return lesson


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a lesson."""
    (reference,), components = msgspec.json.schema_components([Lesson], ref_template="#/$defs/{name}")
    lesson = components.pop("Lesson")
    assert reference == {"$ref": "#/$defs/Lesson"}
    lesson["properties"]["version"] = {"const": VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **lesson,
        "title": "Convolab lesson",
        "$defs": dict(sorted(components.items())),
    }


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as problem:
        raise LessonError(tr("can't be read: {reason}", reason=problem.strerror or problem)) from problem
    if len(data) > LARGEST:
        raise LessonError(tr("A lesson has {limit:,} bytes at most, this one has more", limit=LARGEST))
    return data


# What the types alone do not say


def _check_all(checks: tuple[Condition, ...], place: str) -> None:
    for number, check in enumerate(checks):
        here = f"{place}[{number}]"
        if isinstance(check, AnyOf):
            _check_all(check.of, f"{here}.of")
            continue
        for field, problem in _problems(check):
            raise LessonError(f"{problem} - at `{here}{field}`")


def _problems(check: Condition) -> Iterator[tuple[str, str]]:
    where = getattr(check, "where", None)
    if where is not None:
        try:
            parse(where)
        except QueryError as problem:
            yield ".where", str(problem)
    if isinstance(check, Output | NumberOf | Setting) and (check.layer is not None) and (where is not None):
        yield "", tr("A check is of a layer or of those that “where” finds, not of both")
    if isinstance(check, NumberOf | Setting) and check.layer is None and where is None:
        yield "", tr("“layer” or “where” is missing")
    if isinstance(check, Total | NumberOf | Setting) and check.bounds == (None, None, None):
        yield "", tr("“is”, “at_least” or “at_most” is missing")
    if isinstance(check, Setting) and check.of not in _settings():
        yield ".of", tr("No layer has a hyper-parameter “{name}”", name=check.of)
    if isinstance(check, Order):
        for number, kind in enumerate(check.types):
            if kind not in _kinds():
                yield f".types[{number}]", tr("There is no layer type and no family “{name}”", name=kind)


def _check_exercise(lesson: Lesson, number: int, place: str) -> None:
    exercise = lesson.steps[number].exercise
    if exercise is not None and isinstance(exercise.solution, Changes) and lesson.document_at(number) is None:
        raise LessonError(tr("There is no document that “set” could change") + f" - at `{place}`")


@cache
def _settings() -> frozenset[str]:
    return frozenset(one.name for layer in LAYERS for one in parameters(layer))


@cache
def _kinds() -> frozenset[str]:
    families = {one.family for one in LAYERS}
    return frozenset(one.__name__ for one in LAYERS) | families
