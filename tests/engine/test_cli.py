import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from engine import (
    BatchNorm2D,
    Conv2D,
    Graph,
    Input,
    Network,
    Weights,
    initialise,
    load,
    load_image,
    run,
    save,
    save_weights,
)
from engine.cli import main
from tests.engine.networks import chain, lenet5

BROKEN = chain(image=Input(channels=3), conv=Conv2D(kernel=(40, 40)), after=Conv2D())


@pytest.fixture
def lenet(resources: Path) -> Path:
    return resources / "examples" / "lenet5.json"


@pytest.fixture
def digit(resources: Path) -> Path:
    return resources / "images" / "digits" / "7_0014.png"


def file_of(tmp_path: Path, graph: Graph, weights: Weights | None = None) -> Path:
    save(Network("Net", graph, weights), tmp_path / "net.json")
    return tmp_path / "net.json"


def output(capsys: pytest.CaptureFixture[str], *arguments: Any, code: int = 0) -> str:
    assert main([str(one) for one in arguments]) == code
    caught = capsys.readouterr()
    assert caught.err == ""
    return caught.out


def test_summary_for_machines_has_the_documented_structure(lenet: Path, capsys: pytest.CaptureFixture[str]):
    found = json.loads(output(capsys, "summary", lenet, "--json"))
    assert list(found) == ["name", "totals", "layers", "diagnostics"]
    assert found["name"] == "LeNet-5"
    assert found["totals"] == {
        "parameters": 61_706,
        "trainable": 61_706,
        "non_trainable": 0,
        "total_parameters": 61_706,
        "weights": 61_470,
        "biases": 236,
        "connections": 416_520,
        "macs": 416_520,
    }
    assert [one["id"] for one in found["layers"]] == list(lenet5().by_id)
    assert found["layers"][1] == {
        "id": "conv1",
        "type": "Conv2D",
        "output": [6, 28, 28],
        "parameters": 156,
        "weights": 150,
        "biases": 6,
        "non_trainable": 0,
        "connections": 117_600,
        "macs": 117_600,
        "receptive_field": {"size": [5, 5], "jump": [1, 1], "offset": [0, 0]},
    }
    (remark,) = found["diagnostics"]
    assert list(remark) == ["code", "severity", "node", "message", "fixes"]
    assert (remark["code"], remark["severity"], remark["node"]) == ("parameter-heavy", "info", "dense1")


def test_running_statistics_are_told_apart_from_parameters(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    layers = {
        "image": Input(channels=3),
        "conv": Conv2D(filters=4),
        "norm": BatchNorm2D(),
        "mean": BatchNorm2D(scale=False),
    }
    found = json.loads(output(capsys, "summary", file_of(tmp_path, chain(**layers)), "--json"))
    # 3·3·3·4 weights and 4 biases; 4 factors and 4 shifts; 4 shifts; each normalisation has 4 means and 4 variances.
    counted = [
        {name: one[name] for name in ("parameters", "weights", "biases", "non_trainable")} for one in found["layers"]
    ]
    assert [tuple(one.values()) for one in counted] == [(0, 0, 0, 0), (112, 108, 4, 0), (8, 4, 4, 8), (4, 0, 4, 8)]
    totals = found["totals"]
    assert totals["parameters"] == totals["trainable"] == totals["weights"] + totals["biases"] == 124
    assert (totals["weights"], totals["biases"]) == (112, 12)
    assert (totals["non_trainable"], totals["total_parameters"]) == (16, 140)


def test_summary_for_people_is_a_table_with_totals(lenet: Path, capsys: pytest.CaptureFixture[str]):
    lines = output(capsys, "summary", lenet).splitlines()
    assert lines[0] == "LeNet-5"
    assert re.search(r"^conv1 +Conv2D 6 @ 5×5 +28×28×6 +150 +6 +117,600 +117,600 +5×5$", "\n".join(lines), re.MULTILINE)
    assert re.search(r"^total +61,470 +236 +416,520 +416,520", "\n".join(lines), re.MULTILINE)
    assert "61,706 parameters, 61,706 trainable; maps of one image take 62.64 KiB" in lines


def test_summary_of_a_broken_network_shows_what_is_known_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = file_of(tmp_path, BROKEN)
    found = json.loads(output(capsys, "summary", path, "--json", code=1))
    assert [(one["output"], one["receptive_field"] is None) for one in found["layers"]] == [
        ([3, 32, 32], False),
        (None, True),
        (None, True),
    ]
    assert [one["code"] for one in found["diagnostics"]] == [
        "kernel-too-large",
        "unknown-channels",
        "no-nonlinearity",
    ]
    text = output(capsys, "summary", path, code=1)
    assert "error    conv: The kernel is 40×40" in text
    assert re.search(r"^conv +Conv2D 8 @ 40×40 +\? .*\?$", text, re.MULTILINE)


def test_check_names_mistakes_and_what_would_mend_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = file_of(tmp_path, BROKEN)
    lines = output(capsys, "check", path, code=1).splitlines()
    assert lines[0].startswith("error    conv: The kernel is 40×40")
    assert lines[1] == "         could be mended: Make the kernel 32×32"
    assert lines[-1] == "Net: 1 error, 2 remarks"
    found = json.loads(output(capsys, "check", path, "--json", code=1))
    assert list(found) == ["name", "diagnostics"]
    assert found["diagnostics"][0]["fixes"][0] == "Make the kernel 32×32"
    assert found["diagnostics"][0]["severity"] == "error"


def test_check_of_a_sound_network_exits_with_0(lenet: Path, resources: Path, capsys: pytest.CaptureFixture[str]):
    assert output(capsys, "check", lenet).splitlines()[-1] == "LeNet-5: no errors, 1 remark"
    assert output(capsys, "check", resources / "examples" / "kernels.json") == (
        "Six classic filters: no errors, no remarks\n"
    )


def test_run_prints_the_best_classes(lenet: Path, digit: Path, capsys: pytest.CaptureFixture[str]):
    lines = output(capsys, "run", lenet, "--image", digit, "--top", 3).splitlines()
    assert lines[0] == "softmax (Softmax)"
    assert len(lines) == 4
    assert re.fullmatch(r"  7 +\d+\.\d\d%", lines[1])


def test_run_for_machines_has_the_documented_structure(lenet: Path, digit: Path, capsys: pytest.CaptureFixture[str]):
    found = json.loads(output(capsys, "run", lenet, "--image", digit, "--json"))
    assert list(found) == ["name", "image", "seconds", "outputs"]
    assert (found["name"], found["image"]) == ("LeNet-5", str(digit))
    assert found["seconds"] > 0
    ranked = found["outputs"]["softmax"]
    assert len(ranked) == 5
    assert (ranked[0]["class"], ranked[0]["label"]) == (7, "7")
    assert ranked[0]["value"] > 0.9
    assert [one["value"] for one in ranked] == sorted((one["value"] for one in ranked), reverse=True)


def test_run_writes_every_map_by_layer(lenet: Path, digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    output(capsys, "run", lenet, "--image", digit, "--maps", tmp_path / "maps.npz")
    network = load(lenet)
    expected = run(network.graph, network.weights, load_image(digit, network.graph.by_id["image"].layer))
    with np.load(tmp_path / "maps.npz") as written:
        assert set(written.files) == set(expected)
        for node, values in expected.items():
            assert np.array_equal(written[node], values)


def test_run_takes_weights_from_a_file_in_the_place_of_the_documents_own(
    lenet: Path, digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    weights = load(lenet).weights.replaced("dense3", "bias", np.eye(10)[4] * 1e6)
    save_weights(weights, tmp_path / "w.safetensors")
    text = output(capsys, "run", lenet, "--image", digit, "--weights", tmp_path / "w.safetensors", "--top", 1, "--json")
    assert json.loads(text)["outputs"]["softmax"] == [{"class": 4, "label": "4", "value": 1.0}]


def test_run_without_weights_takes_the_seeded_ones(digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = file_of(tmp_path, lenet5())
    for seed in (0, 6):
        found = json.loads(output(capsys, "run", path, "--image", digit, "--seed", seed, "--json"))
        maps = run(lenet5(), initialise(lenet5(), seed), load_image(digit, Input()))
        best = int(maps["softmax"].argmax())
        assert found["outputs"]["softmax"][0] == {
            "class": best,
            "label": str(best),
            "value": float(maps["softmax"][best]),
        }


def test_run_of_a_broken_network_says_why_and_exits_with_1(
    digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["run", str(file_of(tmp_path, BROKEN)), "--image", str(digit)]) == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "error    conv: The kernel is 40×40" in caught.err


def test_convert_writes_by_suffix(lenet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert output(capsys, "convert", lenet, tmp_path / "copy.json") == ""
    assert load(tmp_path / "copy.json") == load(lenet)
    assert main(["convert", str(lenet), str(tmp_path / "copy.onnx")]) == 0
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.startswith("convolab: ONNX has no place for the names of the classes; how images of another size")
    onnx.checker.check_model(onnx.load(tmp_path / "copy.onnx"))


def test_convert_reads_onnx_and_says_what_was_lost(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["convert", str(models / "rnet.onnx"), str(tmp_path / "rnet.json")]) == 0
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.startswith("convolab: rnet.onnx: The model's values lie channels last")
    network = load(tmp_path / "rnet.json")
    assert network.name == "rnet"
    assert network.weights["dense_2"]["weight"].shape == (4, 128)
    assert (tmp_path / "rnet.safetensors").is_file()


def test_schema_prints_what_ships(resources: Path, capsys: pytest.CaptureFixture[str]):
    shipped = (resources / "schema" / "convolab-1.schema.json").read_text(encoding="utf-8")
    assert output(capsys, "schema") == shipped


def test_what_can_not_be_read_or_written_is_one_line_and_exits_with_2(
    lenet: Path, digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "bad.json").write_text("{")
    broken = file_of(tmp_path, BROKEN)
    for arguments, message in (
        (["summary", tmp_path / "gone.json"], "gone.json can't be read"),
        (["check", tmp_path / "bad.json"], "bad.json: Not readable as JSON"),
        (["summary", digit], "7_0014.png: a network is read from .json"),
        (["run", lenet, "--image", lenet], "lenet5.json is not an image"),
        (["run", lenet, "--image", digit, "--weights", digit], "7_0014.png can't be read as safetensors"),
        (["run", lenet, "--image", digit, "--maps", tmp_path / "no" / "maps.npz"], "No such file"),
        (["convert", lenet, tmp_path / "net.txt"], "a network is written to .json or .keras.json or .onnx"),
        (["convert", lenet, tmp_path / "no" / "net.json"], "No such file"),
        (["convert", broken, tmp_path / "net.onnx"], "Only a network without errors"),
    ):
        assert main([str(one) for one in arguments]) == 2
        caught = capsys.readouterr()
        assert caught.out == ""
        assert caught.err.startswith("convolab: ")
        assert caught.err.count("\n") == 1
        assert message in caught.err


def test_weights_that_are_gone_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    graph = chain(image=Input(), conv=Conv2D())
    path = file_of(tmp_path, graph, initialise(graph))
    (tmp_path / "net.safetensors").unlink()
    assert main(["summary", str(path)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Net\n")
    assert said.err.startswith("convolab: net.json: The network was read, but not its weights")


def test_what_a_conversion_loses_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    graph = chain(image=Input(), conv=Conv2D())
    path = file_of(tmp_path, graph, initialise(graph))
    assert main(["convert", str(path), str(tmp_path / "net.keras.json")]) == 0
    assert "Keras has no place for the weights" in capsys.readouterr().err
    assert output(capsys, "summary", tmp_path / "net.keras.json").startswith("Net\n")


@pytest.mark.parametrize("arguments", [[], ["paint"], ["summary"], ["run", "net.json"]])
def test_a_command_that_is_not_known_or_not_whole_shows_how(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: python -m engine" in capsys.readouterr().err


def test_the_package_runs_as_a_program(lenet: Path, tmp_path: Path):
    command = [sys.executable, "-m", "engine", "check"]
    sound = subprocess.run(
        [*command, str(lenet), "--json"], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (sound.returncode, sound.stderr) == (0, "")
    assert json.loads(sound.stdout)["name"] == "LeNet-5"
    broken = subprocess.run([*command, str(file_of(tmp_path, BROKEN))], capture_output=True, check=False)
    assert broken.returncode == 1
    gone = subprocess.run([*command, "gone.json"], capture_output=True, check=False)
    assert gone.returncode == 2


def test_a_pipe_gets_utf_8_whatever_the_systems_code_page(lenet: Path):
    made = subprocess.run(
        [sys.executable, "-m", "engine", "summary", str(lenet)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        check=True,
    )
    assert "32×32×1" in made.stdout.decode("utf-8")


def test_weights_of_another_network_are_refused_with_both_shapes(resources, capsys):
    examples = resources / "examples"
    digit = min((resources / "images" / "digits").glob("7_*.png"))
    strange = str(examples / "kernels.safetensors")
    assert main(["run", str(examples / "lenet5.json"), "--image", str(digit), "--weights", strange]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "convolab: kernels.safetensors: 10 of 10 arrays do not fit (--partial uses the others)"
    assert "  conv1.weight: needed 6×1×5×5, missing" in said
    assert said[-1] == "  filters.bias: not needed, is 6"


def test_weights_that_fit_in_part_are_used_where_that_is_asked_for(lenet: Path, tmp_path: Path, capsys):
    network = load(lenet)
    arrays = initialise(network.graph, seed=4).flat()
    arrays = {name: array for name, array in arrays.items() if not name.startswith("dense3")}
    np.savez(tmp_path / "some.npz", **arrays)
    command = ["convert", str(lenet), str(tmp_path / "out.json"), "--weights", str(tmp_path / "some.npz")]
    assert main(command) == 2
    assert "2 of 10 arrays do not fit" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()
    assert main([*command, "--partial"]) == 0
    assert "some.npz: dense3.bias: needed 10, missing" in capsys.readouterr().err
    made = load(tmp_path / "out.json").weights
    assert np.array_equal(made["conv1"]["weight"], arrays["conv1.weight"])
    assert np.array_equal(made["dense3"]["weight"], network.weights["dense3"]["weight"])


def test_convert_writes_source_and_projects_by_name(lenet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name, held in (("net.py", "class LeNet5(nn.Sequential):"), ("net.keras.py", "return keras.Sequential(")):
        assert main(["convert", str(lenet), str(tmp_path / name)]) == 0
        assert "has no place for" in capsys.readouterr().err
        assert held in (tmp_path / name).read_text(encoding="utf-8")
    assert main(["convert", str(lenet), str(tmp_path / "project")]) == 0
    assert capsys.readouterr() == ("", "convolab: Not in the file: where the cards lie\n")
    names = sorted(path.name for path in (tmp_path / "project").iterdir())
    assert names == ["README.md", "data.py", "model.py", "train.py", "weights.safetensors"]


def test_run_writes_sheets(lenet: Path, digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "7" in output(capsys, "run", lenet, "--image", digit, "--sheets", tmp_path / "sheets")
    names = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    assert names[:2] == ["01-image.png", "02-conv1.png"]
    assert names[-2:] == ["maps.html", "maps.npz"]


def test_sheets_that_can_not_be_written_are_told_of(
    lenet: Path, digit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file").write_text("")
    assert main(["run", str(lenet), "--image", str(digit), "--sheets", str(tmp_path / "file")]) == 2
    assert "file" in capsys.readouterr().err
