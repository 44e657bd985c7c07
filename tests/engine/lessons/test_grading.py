import json
from pathlib import Path

import msgspec
import pytest

from engine import Conv2D, load, save
from engine.cli import main


@pytest.fixture
def stack(resources: Path) -> Path:
    return resources / "lessons" / "05_stack.json"


@pytest.fixture
def start(resources: Path) -> Path:
    return resources / "lessons" / "documents" / "one_filter.json"


@pytest.fixture
def solved(start: Path, tmp_path: Path) -> Path:
    network = load(start)
    graph = network.graph.replace_layer("conv", Conv2D(filters=6, kernel=(5, 5)))
    save(msgspec.structs.replace(network, graph=graph), tmp_path / "mine.json")
    return tmp_path / "mine.json"


def test_a_network_is_graded_by_the_exercise(stack, start, solved, capsys):
    assert main(["check", str(stack), str(start)]) == 1
    said = capsys.readouterr().out
    assert "not solved yet" in said
    assert "✗ conv gives 30×30×1; it should give 28×28×6." in said
    assert main(["check", str(stack), str(solved)]) == 0
    assert "1. Exercise: the lecture's volume: solved" in capsys.readouterr().out


def test_machines_get_the_same(stack, start, solved, capsys):
    assert main(["check", str(stack), str(solved), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["lesson"] == "Filters stack up to a volume"
    assert value["met"] is True
    assert [exercise["met"] for exercise in value["exercises"]] == [True]
    assert main(["check", str(stack), str(start), "--json"]) == 1
    checks = json.loads(capsys.readouterr().out)["exercises"][0]["checks"]
    assert {"met": False, "text": "conv gives 30×30×1; it should give 28×28×6.", "layer": "conv"} in checks


def test_one_exercise_of_several_is_graded_alone(resources, tmp_path, capsys):
    lesson, file = resources / "lessons" / "09_padding.json", tmp_path / "mine.json"
    network = load(resources / "lessons" / "documents" / "does_not_fit.json")
    graph = network.graph.replace_layer("conv2", Conv2D(filters=8, kernel=(5, 5), padding="same"))
    save(msgspec.structs.replace(network, graph=graph), file)
    assert main(["check", str(lesson), str(file), "--exercise", "2"]) == 0
    assert main(["check", str(lesson), str(file), "--exercise", "1"]) == 1
    assert main(["check", str(lesson), str(file)]) == 1
    assert main(["check", str(lesson), str(file), "--exercise", "3"]) == 2
    assert "there is no exercise 3" in capsys.readouterr().err


def test_images_are_run_where_a_check_asks_for_it(resources, capsys):
    lesson = resources / "lessons" / "19_trained.json"
    assert main(["check", str(lesson), str(resources / "examples" / "lenet5.json")]) == 1
    assert "ink_7.png is taken for “8”" in capsys.readouterr().out


def test_what_can_t_be_read_is_said(stack, start, tmp_path, capsys):
    assert main(["check", str(start), str(start)]) == 2
    assert "Not a lesson" in capsys.readouterr().err
    assert main(["check", str(stack), str(tmp_path / "gone.json")]) == 2
    assert main(["check", str(start)]) == 0  # a network alone, as ever


def test_the_schema_of_a_lesson_is_printed_as_it_ships(resources, capsys):
    assert main(["schema", "--lesson"]) == 0
    shipped = (resources / "schema" / "convolab-lesson-1.schema.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == shipped
