"""Real files to damage: what the program writes, what ships with it, and what others' exporters have written."""

import gzip
import io
import json
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import onnx

from engine import BLOCKS, LAYERS, FormatError, FormatWarning, Graph, Input, Layer, Network, Node, initialise, load
from engine.formats import keras_json, native, onnx_writer
from engine.groups import Group
from tests.conformance import backend_nodes
from tests.strategies import mended

ROOT = Path(__file__).resolve().parents[3]
_MOST_BYTES = 40_000  # of a file, so that reading it is a matter of a millisecond
_OPERATORS = ("Conv", "ConvTranspose", "BatchNormalization", "Gemm", "Slice", "Pad", "Resize", "Reshape", "Transpose")
_OPERATORS += ("Concat", "Clip", "AveragePool", "MaxPool", "Flatten", "Softmax", "LayerNormalization")


def networks() -> list[Network]:
    """Return small networks: one for each layer, for each block, and the lecture's."""
    found = [_around(kind()) for kind in LAYERS if kind is not Input]
    for block in BLOCKS:
        image = Graph().add(Node("image", Input(channels=8, height=16, width=16)))
        with suppress(ValueError):  # a block for larger volumes
            found.append(
                Network(block.name, block.build(image.node("image").layer.shape, "b").joined(image, after="image"))
            )
    return found + [load(ROOT / "resources" / "examples" / name) for name in ("lecture_conv.json", "kernels.json")]


def _around(layer: Layer) -> Network:
    image = Input(channels=3, height=12, width=10)
    fitted = mended(layer, (image.shape,) * max(1, layer.ports.least)) or layer
    graph = Graph().add(Node("image", image)).add(Node("it", fitted, "Ein „Name“"))
    for port in range(max(1, layer.ports.least)):
        graph = graph.connect("image", "it", port)
    return Network(layer.title, graph, None, {"image": (0, 0), "it": (12.5, 160)}, (Group("g", "Block", ("it",)),))


def documents() -> list[bytes]:
    """Return documents of our own, with weights' names, places and groups."""
    texts = [
        native.encode(network, "w.safetensors" if number % 3 == 0 else None)
        for number, network in enumerate(networks())
    ]
    return [text.encode() for text in texts] + [
        file.read_bytes() for file in _files("resources/examples", "*.json") if file.stat().st_size < _MOST_BYTES // 2
    ]


def keras_models() -> list[bytes]:
    """Return Keras models: those that we write, and some layers of those that Keras itself wrote."""
    return [*_keras_written(), *_keras_own()]


def _keras_written() -> Iterator[bytes]:
    for network in networks():
        with suppress(FormatError), warnings.catch_warnings():  # a layer that Keras does not have
            warnings.simplefilter("ignore", FormatWarning)
            yield keras_json.encode(network)


def _keras_own() -> Iterator[bytes]:
    """Yield the first layers of Keras's own models."""
    for file in _files("tests/engine/formats/keras_models", "*.json.gz"):
        model = json.loads(gzip.decompress(file.read_bytes()))
        config = model["config"]
        config["layers"] = config["layers"][:12]
        last = config["layers"][-1]["name"]
        config["output_layers"] = [last, 0, 0]
        yield json.dumps(model).encode()


def onnx_models() -> list[bytes]:
    """Return ONNX models: those that we write, with weights, and others' that come with the onnx package."""
    return [*_onnx_written(), *_onnx_others()]


def _onnx_written() -> Iterator[bytes]:
    for network in networks():
        with suppress(FormatError), warnings.catch_warnings():
            warnings.simplefilter("ignore", FormatWarning)
            weighted = Network(network.name, network.graph, initialise(network.graph, 1))
            made = onnx_writer.encode(weighted)
            if len(made) < _MOST_BYTES:
                yield made


def _onnx_others() -> Iterator[bytes]:
    yield (ROOT / "tests" / "conformance" / "models" / "pnet.onnx").read_bytes()
    data = Path(onnx.__file__).parent / "backend" / "test" / "data"
    for suite in ("pytorch-converted", "pytorch-operator"):
        for file in sorted((data / suite).glob("*/model.onnx")):
            if file.stat().st_size < _MOST_BYTES:
                yield file.read_bytes()
    for operator in _OPERATORS:
        for case in list(backend_nodes.cases(operator).values())[:6]:
            yield case.model.SerializeToString()


def weights() -> list[bytes]:
    """Return weights of small networks, in the file's own type and in others."""
    made = []
    for network in networks()[::7]:
        arrays = initialise(network.graph, 1)
        if arrays:
            made.append(_safetensors(arrays.flat()))
    odd = {"a.weight": np.arange(6, dtype=np.float64).reshape(2, 3), "a.bias": np.zeros(0, np.float16)}
    return [*made, _safetensors(odd), _safetensors({"x": np.ones((2, 2), np.int8), "y": np.array(3.0, np.float32)})]


def _safetensors(arrays: dict[str, np.ndarray]) -> bytes:
    from safetensors.numpy import save as written

    return written(arrays)


def archives() -> list[bytes]:
    """Return weights as NPZ archives, packed and not."""
    made = []
    for network in networks()[::9]:
        arrays = initialise(network.graph, 1)
        for write in (np.savez, np.savez_compressed) if arrays else ():
            stream = io.BytesIO()
            write(stream, **arrays.flat())
            made.append(stream.getvalue())
    return made


def _files(folder: str, pattern: str) -> list[Path]:
    return sorted((ROOT / folder).glob(pattern))
