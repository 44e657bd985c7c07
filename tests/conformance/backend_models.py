"""The onnx package's models: single layers that PyTorch exported, and classic networks with constant weights."""

from functools import cache
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from engine import Network, Weights, run
from engine.formats import onnx_reader
from tests.conformance import backend_nodes

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
SUITES = ("pytorch-converted", "pytorch-operator")
ALEXNET = "light_bvlc_alexnet"


def models(suite: str) -> list[str]:
    """Return the names of a suite's models."""
    return sorted(folder.name for folder in (DATA / suite).iterdir())


@cache
def light() -> list[str]:
    """Return the names of the classic networks."""
    return sorted(file.stem for file in (DATA / "light").glob("*.onnx"))


def read(model: onnx.ModelProto, inputs: list[np.ndarray]) -> Network:
    """Read a model, with the values of inputs that are weights; what would not be computed is refused."""
    names = weights_last(model)
    arrays = dict(zip(names[1:], inputs[1:], strict=True))
    return onnx_reader.decode(model.SerializeToString(), arrays=arrays, strict=True)


def weights_last(model: onnx.ModelProto) -> list[str]:
    """Return the names of the inputs that a model has no values for: the image, then weights."""
    own = {one.name for one in model.graph.initializer}
    return [one.name for one in model.graph.input if one.name not in own]


def answer(network: Network, images: np.ndarray) -> np.ndarray:
    """Return the map of the only open end, image by image."""
    (end,) = (node.id for node in network.graph.nodes if not network.graph.outgoing[node.id])
    shape, weights = network.graph.image.shape, network.weights or Weights({})
    return np.stack([run(network.graph, weights, np.float32(image).reshape(shape))[end] for image in images])


def failure(model: onnx.ModelProto, inputs: list[np.ndarray], wanted: np.ndarray, rtol: float) -> str:
    """Return what is wrong with our answer; empty where nothing is."""
    ours = answer(read(model, inputs), inputs[0])
    if ours.shape != wanted.shape:
        return f"{ours.shape} in the place of {wanted.shape}"
    if not np.allclose(ours, wanted, rtol=rtol, atol=1e-5):
        return f"values differ by {np.abs(ours - wanted).max()}"
    return ""


def stored(suite: str, name: str) -> tuple[onnx.ModelProto, list[np.ndarray], np.ndarray]:
    """Return a model of a suite with the inputs and the output that lie beside it."""
    folder = DATA / suite / name
    files = sorted((folder / "test_data_set_0").glob("input_*.pb"), key=lambda file: int(file.stem.split("_")[1]))
    model = onnx.load(folder / "model.onnx")
    return model, [tensor(file) for file in files], tensor(folder / "test_data_set_0" / "output_0.pb")


def tensor(file: Path) -> np.ndarray:
    """Return the values of a file with one tensor."""
    return numpy_helper.to_array(onnx.TensorProto.FromString(file.read_bytes()))


def node_cases(operator: str) -> dict[str, tuple[onnx.ModelProto, list[np.ndarray], np.ndarray]]:
    """Return the node tests of an operator that have the form of ours: one set of values each."""
    return {
        name: (case.model, [np.asarray(one) for one in case.data_sets[0][0]], np.asarray(case.data_sets[0][1][0]))
        for name, case in backend_nodes.cases(operator).items()
    }
