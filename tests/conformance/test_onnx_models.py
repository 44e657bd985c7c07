"""Models that others trained and exported, against ONNX Runtime."""

from pathlib import Path

import numpy as np
import pytest

from engine import FormatWarning, load, run
from tests.conformance.runtime import session


def compare(path: Path, ends: dict[str, str]) -> list[str]:
    """Assert that a model's outputs are those of our layers, given by the names of both; return the layers' types."""
    with pytest.warns(FormatWarning) as caught:
        network = load(path)
    assert any("channels last" in str(one.message) for one in caught)
    image = np.random.default_rng(3).normal(size=network.graph.image.shape).astype(np.float32)
    opened = session(path.read_bytes())
    theirs = opened.run(list(ends), {opened.get_inputs()[0].name: image.transpose(1, 2, 0)[None]})
    maps = run(network.graph, network.weights, image)
    for (name, node), values in zip(ends.items(), theirs, strict=True):
        wanted = values[0].transpose(2, 0, 1) if values.ndim == 4 else values[0]
        assert maps[node].shape == wanted.shape, name
        np.testing.assert_allclose(maps[node], wanted, rtol=0, atol=1e-4)
    return [node.layer.type for node in network.graph.nodes]


def test_a_network_of_open_size_with_two_heads_and_channels_last(models: Path):
    kinds = compare(models / "pnet.onnx", {"conv2d_4": "conv2d_4", "softmax": "softmax"})
    assert "Permute" not in kinds
    assert kinds.count("PReLU") == 3


def test_a_network_whose_dense_layers_follow_channels_last_maps(models: Path):
    kinds = compare(models / "rnet.onnx", {"dense_2": "dense_2", "softmax_1": "softmax_1"})
    assert "Permute" not in kinds
    assert kinds.count("Flatten") == 1
    assert kinds.count("Dense") == 3


def test_a_network_with_three_heads(models: Path):
    kinds = compare(models / "onet.onnx", {name: name for name in ("dense_5", "dense_6", "softmax_2")})
    assert "Permute" not in kinds
    assert kinds.count("Dense") == 4
