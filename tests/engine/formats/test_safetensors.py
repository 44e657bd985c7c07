import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from safetensors.numpy import save

from engine import FormatError, Graph, Weights, initialise, load_weights, save_weights
from tests.engine.networks import lenet5
from tests.strategies import networks


def raw(header: dict[str, object], data: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def test_weights_survive_a_file(tmp_path: Path):
    weights = initialise(lenet5())
    save_weights(weights, tmp_path / "w.safetensors")
    read = load_weights(tmp_path / "w.safetensors")
    assert read == weights
    assert read["conv1"]["weight"].shape == (6, 1, 5, 5)


@given(networks())
def test_weights_of_any_network_survive_a_file(tmp_path_factory: pytest.TempPathFactory, graph: Graph):
    path = tmp_path_factory.mktemp("weights") / "w.safetensors"
    weights = initialise(graph)
    save_weights(weights, path)
    assert load_weights(path) == weights


def test_arrays_that_were_read_are_read_only_float32(tmp_path: Path):
    arrays = {"a.half": np.float16([0.5]), "a.double": np.float64([0.25]), "a.whole": np.int8([[-3]])}
    (tmp_path / "w.safetensors").write_bytes(save(arrays))
    read = load_weights(tmp_path / "w.safetensors")["a"]
    assert {name: array.tolist() for name, array in read.items()} == {"half": [0.5], "double": [0.25], "whole": [[-3]]}
    assert all(array.dtype == np.float32 and not array.flags.writeable for array in read.values())


def test_no_weights_are_a_file_too(tmp_path: Path):
    save_weights(Weights({}), tmp_path / "w.safetensors")
    assert load_weights(tmp_path / "w.safetensors") == Weights({})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not at all", id="text"),
        pytest.param((2**60).to_bytes(8, "little") + b"{}", id="a header longer than the file"),
        pytest.param(raw({"w": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}), id="cut short"),
        pytest.param(raw({"w": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}}, b"1234"), id="unknown type"),
        pytest.param(
            raw({"w": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}}, b"1234"), id="a type numpy lacks"
        ),
    ],
)
def test_a_broken_file_is_refused_by_name(data: bytes, tmp_path: Path):
    (tmp_path / "broken.safetensors").write_bytes(data)
    with pytest.raises(FormatError, match=r"^broken\.safetensors can't be read as safetensors: "):
        load_weights(tmp_path / "broken.safetensors")


def test_complex_numbers_are_refused(tmp_path: Path):
    (tmp_path / "w.safetensors").write_bytes(save({"a.w": np.complex64([1j])}))
    with pytest.raises(FormatError, match=r"w\.safetensors can't be read as weights: 'a\.w' holds complex numbers"):
        load_weights(tmp_path / "w.safetensors")


def test_a_missing_file_is_refused_by_name(tmp_path: Path):
    with pytest.raises(FormatError, match=r"^gone\.safetensors can't be read"):
        load_weights(tmp_path / "gone.safetensors")


def test_a_file_that_can_not_be_written_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(OSError, match=re.escape("nowhere")):
        save_weights(initialise(lenet5()), tmp_path / "nowhere" / "w.safetensors")
