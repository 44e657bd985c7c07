import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.lessons import LessonError, Places, decode, is_lesson, load_lesson, read_head, schema
from engine.lessons.places import LARGEST as LARGEST_FILE
from engine.lessons.reading import LARGEST


def lesson(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    pages = steps or ({"title": "One", "text": ["Words"]},)
    return {"format": "convolab-lesson", "version": 1, "title": "A lesson", "steps": list(pages), **more}


def exercise(*checks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Try", "text": ["Words"], "exercise": {"checks": list(checks), **more}}


def read(value: Any) -> Any:
    return decode(json.dumps(value).encode())


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def test_the_schema_that_ships_is_the_current_one(resources: Path):
    shipped = (resources / "schema" / "convolab-lesson-1.schema.json").read_text(encoding="utf-8")
    assert shipped == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_smallest_lesson_is_read_and_valid(validator):
    assert read(lesson()).steps[0].title == "One"
    validator.validate(lesson())


GOOD_CHECKS = [
    {"check": "output", "is": "28×28×6"},
    {"check": "output", "is": "28x28x*", "layer": "conv"},
    {"check": "output", "is": "10", "where": "type = Dense"},
    {"check": "total", "of": "weights", "at_most": 59999},
    {"check": "number", "of": "field", "layer": "pool", "at_least": 6, "at_most": 9},
    {"check": "setting", "of": "kernel", "layer": "conv", "is": [5, 5]},
    {"check": "setting", "of": "padding", "where": "conv", "is": "same"},
    {"check": "layers", "where": "type = ReLU"},
    {"check": "order", "types": ["Conv2D", "activation"], "adjacent": True},
    {"check": "sound", "warnings": True},
    {"check": "answer", "image": "shipped:images/cat.jpg", "is": "cat", "at_least": 0.9},
    {"check": "accuracy", "images": {"a.png": "0", "b/c.png": "1"}, "at_least": 0.5},
    {"check": "any", "of": [{"check": "sound"}, {"check": "output", "is": "10"}]},
]


@pytest.mark.parametrize("check", GOOD_CHECKS, ids=lambda check: check["check"])
def test_each_kind_of_check_is_read_and_valid(check, validator):
    value = lesson(exercise(check), document="a.json")
    assert len(read(value).steps[0].exercise.checks) == 1
    validator.validate(value)


CONDITION = {"check": "used", "command": "lessons.stepper"}
BAD = [
    ("$.title", lesson(title="")),
    ("$.title", lesson(title="x" * 81)),
    ("unknown field `colour`", lesson(colour="red")),
    ("$.steps", {**lesson(), "steps": []}),
    ("$.steps", lesson(*[{"title": "x", "text": ["y"]}] * 41)),
    ("$.steps[0].text", lesson({"title": "x", "text": []})),
    ("$.steps[0].text[0]", lesson({"title": "x", "text": ["y" * 1201]})),
    ("$.steps[0].point.at", lesson({"title": "x", "text": ["y"], "point": {"at": "window", "says": "z"}})),
    ("$.steps[0].point", lesson({"title": "x", "text": ["y"], "point": {"at": "card:conv"}})),
    ("$.document", lesson(document="../secret.json")),
    ("$.document", lesson(document="/etc/passwd")),
    ("$.document", lesson(document="C:/secret.json")),
    ("$.document", lesson(document="sub/../../secret.json")),
    ("$.document", lesson(document="http://example.org/a.json")),
    ("$.image", lesson(image="shipped:../secret.png")),
    ("$.image", lesson(image=".hidden.png")),
    ("$.steps[0].exercise.checks", lesson(exercise())),
    ("$.steps[0].exercise.checks", lesson(exercise(*[{"check": "sound"}] * 13))),
    ("$.steps[0].exercise.checks[0]", lesson(exercise({"check": "magic"}))),
    ("$.steps[0].exercise.checks[0]", lesson(exercise(CONDITION))),
    ("$.steps[0].exercise.checks[0].is", lesson(exercise({"check": "output", "is": "large"}))),
    ("$.steps[0].exercise.checks[1]", lesson(exercise({"check": "sound"}, {"check": "total", "of": "weights"}))),
    ("$.steps[0].exercise.checks[0]", lesson(exercise({"check": "number", "of": "weights", "is": 1}))),
    (
        "$.steps[0].exercise.checks[0]",
        lesson(exercise({"check": "output", "is": "10", "layer": "a", "where": "conv"})),
    ),
    ("$.steps[0].exercise.checks[0].where", lesson(exercise({"check": "layers", "where": "size >"}))),
    ("$.steps[0].exercise.checks[0].where", lesson(exercise({"check": "layers", "where": "colour = red"}))),
    (
        "$.steps[0].exercise.checks[0].of",
        lesson(exercise({"check": "setting", "of": "colour", "layer": "a", "is": 1})),
    ),
    ("$.steps[0].exercise.checks[0].types[1]", lesson(exercise({"check": "order", "types": ["Conv2D", "Conv9D"]}))),
    (
        "$.steps[0].exercise.checks[0].of[1].where",
        lesson(exercise({"check": "any", "of": [{"check": "sound"}, {"check": "layers", "where": ")"}]})),
    ),
    ("$.steps[0].exercise.solution", lesson(exercise({"check": "sound"}, solution={"set": {"a": {"filters": 1}}}))),
    ("$.steps[0].exercise.solution", lesson(exercise({"check": "sound"}, solution="../a.json"))),
    ("$.steps[0].done[0].where", lesson({"title": "x", "text": ["y"], "done": [{"check": "layers", "where": "("}]})),
    ("$.steps[0].done", lesson({**exercise({"check": "sound"}), "done": [CONDITION]})),
]


@pytest.mark.parametrize(("place", "value"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_said_with_its_place(place, value):
    with pytest.raises(LessonError) as caught:
        read(value)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'"lesson"', b"\xff\xfe", b"[" * 100_000, b'{"format": "convolab-lesson"}'],
    ids=range(8),
)
def test_what_is_no_lesson_is_refused(data, tmp_path):
    with pytest.raises(LessonError):
        decode(data)
    file = tmp_path / "x.json"
    file.write_bytes(data)
    with pytest.raises(LessonError, match=r"x\.json"):
        load_lesson(file)


def test_a_newer_version_says_so_before_its_unknown_fields():
    with pytest.raises(LessonError, match="newer Convolab"):
        read(lesson(version=2, holograms=True))


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    file = tmp_path / "x.json"
    file.write_bytes(json.dumps(lesson()).encode() + b" " * LARGEST)
    with pytest.raises(LessonError, match="at most"):
        load_lesson(file)
    assert not is_lesson(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LessonError, match=r"gone\.json"):
        load_lesson(tmp_path / "gone.json")
    assert not is_lesson(tmp_path / "gone.json")


def test_lessons_are_told_from_networks(resources, tmp_path):
    assert is_lesson(resources / "lessons" / "05_stack.json")
    assert not is_lesson(resources / "examples" / "lenet5.json")
    assert not is_lesson(resources / "images" / "cat.jpg")
    odd = tmp_path / "odd.json"
    odd.write_text('{"format": "convolab-lesson", "title": 7}', encoding="utf-8")
    assert not is_lesson(odd)
    assert read_head(resources / "lessons" / "05_stack.json").row == 5


# Where files may be


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "lesson" / "sub").mkdir(parents=True)
    (tmp_path / "shipped" / "images").mkdir(parents=True)
    for name in ("secret.json", "lesson/a.json", "lesson/sub/b.json", "shipped/images/c.png"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    return Places(tmp_path / "lesson", tmp_path / "shipped")


def test_files_beside_the_lesson_and_those_that_ship_are_found(places):
    assert places.path("a.json").name == "a.json"
    assert places.path("sub/b.json").name == "b.json"
    assert places.path("shipped:images/c.png").name == "c.png"


@pytest.mark.parametrize("name", ["../secret.json", "sub/../../secret.json", "shipped:../secret.json", "/etc/passwd"])
def test_nothing_outside_is_opened_whatever_the_name(places, name):
    with pytest.raises(LessonError, match="leads out"):
        places.path(name)


def test_a_link_that_leads_out_is_not_followed(places):
    (places.folder / "link.json").symlink_to(places.folder.parent / "secret.json")
    (places.folder / "round").symlink_to(places.folder.parent)
    for name in ("link.json", "round/secret.json"):
        with pytest.raises(LessonError, match="leads out"):
            places.path(name)


def test_a_link_to_itself_and_a_folder_are_no_files(places):
    (places.folder / "loop.json").symlink_to(places.folder / "loop.json")
    for name in ("loop.json", "sub", "gone.json"):
        with pytest.raises(LessonError):
            places.path(name)


def test_a_huge_file_is_not_opened(places):
    with (places.folder / "huge.json").open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    with pytest.raises(LessonError, match="larger than"):
        places.path("huge.json")
