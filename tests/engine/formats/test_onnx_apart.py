"""Models that take the onnx package's own C++ down, or hold it up for ever, hurt nobody here."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from engine import FormatError, FormatWarning, Network, analyse, load, save
from engine.formats import onnx_apart
from engine.formats.onnx_apart import asking
from engine.layers import Unsupported
from tests.engine.formats.onnx_files import array, model, node, value

BEYOND = 2**63 - 1  # an axis that no array has; onnx's C++ reads where it may not, and what comes of that is chance


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    began = time.process_time(), os.times()
    yield
    later = os.times()
    others = later.children_user + later.children_system - began[1].children_user - began[1].children_system
    assert time.process_time() - began[0] + others < 5


@pytest.fixture
def _deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let such an axis take the other process down each time, on every machine."""
    plain = asking._answer

    def answer(process: subprocess.Popen[bytes], question: bytes) -> tuple[bool, bytes]:
        if onnx.AttributeProto(i=BEYOND).SerializeToString() in question:
            process.kill()
        return plain(process, question)

    monkeypatch.setattr(asking, "_answer", answer)


def alone(made: onnx.NodeProto) -> onnx.ModelProto:
    """Return a model of one operator, whose first input is an image."""
    arrays = [array(name, np.ones((3, 4, 5))) for name in made.input[1:]]
    leaving = [value(name, [1, 3, 4, 5] if name == "y" else [1, 3, 4, 1]) for name in made.output]
    graph = helper.make_graph([made], "alone", [value("x", [1, 3, 4, 5])], leaving, arrays)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def shape_of(output: onnx.ValueInfoProto) -> list[int]:
    return [one.dim_value for one in output.type.tensor_type.shape.dim]


def normalisation(axis: int, out: str = "y m d") -> onnx.NodeProto:
    return helper.make_node("LayerNormalization", ["x", "s", "b"], out.split(), axis=axis)


RELU = node("Relu", "x", "y")


def test_a_shape_follows_from_what_goes_in():
    (y, _, _) = onnx_apart.shapes(alone(normalisation(-1))).graph.output
    assert shape_of(y) == [1, 3, 4, 5]


def test_an_operator_that_does_not_go_with_it_is_refused_in_onnxs_words():
    onnx_apart.check(alone(RELU))
    with pytest.raises(onnx_apart.Refused, match="BatchNormalization") as caught:
        onnx_apart.check(alone(node("BatchNormalization", "x s", "y")))
    assert not isinstance(caught.value, onnx_apart.Broken)


@pytest.mark.parametrize("ask", [onnx_apart.inlined, onnx_apart.shapes])
def test_what_takes_the_other_process_down_is_told_and_the_next_question_is_answered(ask):
    with pytest.raises(onnx_apart.Broken, match="breaks off"):
        ask(bomb(40))
    assert onnx_apart.shapes(alone(RELU)).graph.output[0].name == "y"


def test_a_process_that_went_to_rest_is_started_again():
    onnx_apart.shapes(alone(RELU))
    process = asking._other._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # at which it ends as it does when nobody asks
    assert process.wait(60) == 0
    onnx_apart.shapes(alone(RELU))
    assert asking._other._process is not process


def test_where_no_process_may_be_started_nothing_is_found_out(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(asking, "_other", asking._Other())
    monkeypatch.setattr(asking.subprocess, "Popen", refuse)
    with pytest.raises(onnx_apart.Broken):
        onnx_apart.shapes(alone(RELU))


# Files


def written(path: Path, *nodes: onnx.NodeProto, arrays: tuple[onnx.TensorProto, ...] = ()) -> Path:
    made = model(list(nodes), list(arrays), image=[1, 3, 4, 5])
    path.write_bytes(made.SerializeToString())
    return path


def constants(*names: str) -> tuple[onnx.TensorProto, ...]:
    return tuple(array(name, np.ones((3, 4, 5))) for name in names)


def opened(path: Path) -> Network:
    with pytest.warns(FormatWarning, match="not supported"):
        return load(path)


def led_out(path: Path, names: list[str]) -> bytes:
    """Return a model of which so many values are outputs."""
    made = onnx.ModelProto.FromString(path.read_bytes())
    del made.graph.output[:]
    made.graph.output.extend(value(name, None) for name in names)
    return bytes(made.SerializeToString())


@pytest.mark.usefixtures("_deadly")
def test_a_file_whose_operator_takes_onnx_down_is_opened_and_says_what_is_not_known(tmp_path: Path):
    path = written(tmp_path / "net.onnx", normalisation(BEYOND), arrays=constants("s", "b"))
    network = opened(path)
    (kept,) = [one.id for one in network.graph.nodes if isinstance(one.layer, Unsupported)]
    assert analyse(network.graph).nodes[kept].output is None


@pytest.mark.usefixtures("_deadly")
def test_operators_that_take_onnx_down_are_asked_about_twice_at_most(tmp_path: Path, monkeypatch):
    asked: list[onnx.ModelProto] = []
    plain = onnx_apart.shapes
    monkeypatch.setattr(onnx_apart, "shapes", lambda made: asked.append(made) or plain(made))
    many = [normalisation(BEYOND, f"y{number} m{number} d{number}") for number in range(12)]
    path = written(tmp_path / "net.onnx", *many, arrays=constants("s", "b"))
    path.write_bytes(led_out(path, [f"y{number}" for number in range(12)]))
    assert len(opened(path).graph.nodes) == 13
    assert len(asked) == 2


def bomb(depth: int) -> onnx.ModelProto:
    """Return a model of a kilobyte that has 2 to the power of ``depth`` operations."""
    here = [helper.make_opsetid("", 17), helper.make_opsetid("f", 1)]

    def function(name: str, inner: list[onnx.NodeProto]) -> onnx.FunctionProto:
        return helper.make_function("f", name, ["a"], ["b"], inner, here)

    twice = [
        function(f"F{n}", [node(f"F{n + 1}", "a", "c", domain="f"), node(f"F{n + 1}", "c", "b", domain="f")])
        for n in range(depth)
    ]
    made = model([node("F0", "x", "y", domain="f")])
    made.functions.extend([*twice, function(f"F{depth}", [node("Relu", "a", "b")])])
    made.opset_import.append(here[1])
    return made


@pytest.mark.parametrize(("depth", "layers"), [(3, 9), (40, 0)])
def test_functions_that_call_functions_are_no_bomb(depth: int, layers: int, tmp_path: Path):
    path = tmp_path / "net.onnx"
    path.write_bytes(bomb(depth).SerializeToString())
    if layers:
        assert len(load(path).graph.nodes) == layers
    else:
        with pytest.raises(FormatError, match=r"net\.onnx: The model's own functions can't be read: .* breaks off"):
            load(path)


def test_functions_leave_the_weights_as_they_are(tmp_path: Path):
    here = [helper.make_opsetid("", 17), helper.make_opsetid("f", 1)]
    weights = np.random.default_rng(0).normal(size=(4, 3, 3, 3)).astype(np.float32)
    inner = helper.make_function("f", "Layer", ["a", "w"], ["b"], [node("Conv", "a w", "b")], here)
    made = model([node("Layer", "x w", "y", domain="f")], [array("w", weights)], image=[1, 3, 6, 6])
    made.functions.append(inner)
    made.opset_import.append(here[1])
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    network = load(tmp_path / "net.onnx")
    assert network.weights is not None
    assert any(np.array_equal(array, weights) for array in network.weights.flat().values())


@pytest.mark.usefixtures("_deadly")
def test_such_an_operator_is_refused_at_the_export_in_a_sentence(tmp_path: Path):
    network = opened(written(tmp_path / "net.onnx", normalisation(BEYOND), arrays=constants("s", "b")))
    (kept,) = [one for one in network.graph.nodes if isinstance(one.layer, Unsupported)]
    known = network.graph.replace_layer(kept.id, Unsupported(node=kept.layer.node, output=(3, 4, 5)))
    with pytest.raises(FormatError, match="no longer fits the rest of the model"):
        save(Network("n", known, network.weights), tmp_path / "again.onnx")
    assert not (tmp_path / "again.onnx").exists()
