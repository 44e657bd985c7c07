"""The lessons that ship: what they name is there, exercises are not solved at first, and their solutions solve them."""

import json
from pathlib import Path

import jsonschema
import pytest

from engine import Figure, load, open_image, parameters
from engine.formats import native
from engine.lessons import Case, Lesson, Places, judge, load_lesson, schema, shipped, solution_of, start_of
from engine.network import Network

FILES = sorted((shipped() / "lessons").glob("*.json"))
LESSONS = {file.stem: load_lesson(file) for file in FILES}
PLACES = Places(shipped() / "lessons", shipped())
STEPS = [(name, number) for name, lesson in LESSONS.items() for number in range(len(lesson.steps))]
EXERCISES = [(name, number) for name, lesson in LESSONS.items() for number in lesson.exercises]


def opened(lesson: Lesson, number: int) -> Network:
    network = start_of(lesson, number, PLACES)
    assert network is not None
    return network


def test_there_is_one_for_each_row_of_the_lecture_in_its_order():
    assert [lesson.row for lesson in LESSONS.values()] == list(range(1, 23))
    assert len({lesson.title for lesson in LESSONS.values()}) == 22
    for name, lesson in LESSONS.items():
        assert lesson.part, name
        assert lesson.summary, name


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_they_are_valid_by_the_schema(file: Path):
    jsonschema.Draft202012Validator(schema()).validate(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", LESSONS)
def test_each_has_an_exercise_with_a_solution_and_ends_with_one(name):
    lesson = LESSONS[name]
    assert lesson.exercises[-1] == len(lesson.steps) - 1
    for number in lesson.exercises:
        exercise = lesson.steps[number].exercise
        assert exercise is not None
        assert exercise.hints
        assert exercise.solution is not None


@pytest.mark.parametrize(("name", "number"), EXERCISES)
def test_the_start_does_not_solve_the_exercise_and_the_solution_does(name, number):
    lesson = LESSONS[name]
    exercise, solution = lesson.steps[number].exercise, solution_of(lesson, number, PLACES)
    assert exercise is not None
    assert solution is not None
    start = Case(opened(lesson, number), PLACES)
    assert not all(judge(check, start).met for check in exercise.checks)
    solved = Case(solution, PLACES)
    assert [verdict.text for check in exercise.checks if not (verdict := judge(check, solved)).met] == []


@pytest.mark.parametrize(("name", "number"), STEPS)
def test_what_a_step_names_is_there(name, number):
    lesson = LESSONS[name]
    step, graph = lesson.steps[number], opened(lesson, number).graph
    image = lesson.image_at(number)
    if image is not None:
        open_image(PLACES.path(image))
    named = [step.select] if step.select is not None else []
    named += [one.layer for one in step.done if hasattr(one, "layer") and one.layer is not None]
    point = step.point
    if point is not None and point.kind in ("card", "input", "output", "shape", "parameters"):
        named.append(point.name)
    for layer in named:
        assert layer in graph
    if point is not None and point.kind in ("number", "total"):
        assert point.name in set(Figure)
    if point is not None and point.kind in ("number", "setting"):
        assert step.select is not None
    if point is not None and point.kind == "setting":
        assert point.name in {one.name for one in parameters(type(graph.node(str(step.select)).layer))}


def test_every_document_beside_them_is_one_of_theirs():
    used = {PLACES.path(name).name for lesson in LESSONS.values() for name in _documents(lesson)}
    beside = {file.name for file in (shipped() / "lessons" / "documents").iterdir()}
    assert beside <= used


def _documents(lesson: Lesson) -> set[str]:
    found = [lesson.document, *(step.document for step in lesson.steps)]
    found += [step.exercise.solution for step in lesson.steps if step.exercise is not None]
    return {name for name in found if isinstance(name, str)}


@pytest.mark.parametrize("file", sorted((shipped() / "lessons" / "documents").iterdir()), ids=lambda file: file.stem)
def test_the_documents_beside_them_are_written_as_convolab_writes(file: Path):
    assert native.encode(load(file)) == file.read_text(encoding="utf-8")
