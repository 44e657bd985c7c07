"""Files that mean harm, or that nobody would expect: each is opened, or refused in a sentence that names the place."""

import io
import json
import os
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from PIL import Image

from engine import (
    FormatError,
    FormatWarning,
    ImageError,
    Input,
    Network,
    ReLU,
    initialise,
    load,
    load_image,
    load_weights,
    save,
)
from engine.formats.bounds import MOST_LAYERS
from engine.formats.weight_files import read_arrays
from tests.engine.formats.onnx_files import model, node
from tests.engine.networks import chain
from tests.faults.fuzz import pictures

LONGEST = 5.0  # seconds of the processor's time
LONG = "x" * 10_000_000


@pytest.fixture(autouse=True)
def _in_time():
    began = time.process_time()
    yield
    assert time.process_time() - began < LONGEST


def document(**changes: Any) -> str:
    plain = {"format": "convolab", "version": 1, "name": "n", "layers": [{"id": "a", "type": "Input"}]}
    return json.dumps(plain | changes)


def layer(text: str) -> str:
    return document(layers=[{"id": "a", "type": "Input", "height": "it"}]).replace('"it"', text)


def keras(**changes: Any) -> str:
    entrance = {"class_name": "InputLayer", "config": {"name": "image", "batch_input_shape": [None, 8, 8, 3]}}
    later = [{"class_name": "ReLU", "config": {"name": f"r{n}"}} for n in range(changes.pop("count", 1))]
    config = {"name": "m", "layers": [entrance, *later]} | changes
    return json.dumps({"class_name": "Sequential", "config": config})


def relus(count: int) -> list[dict[str, str]]:
    return [{"id": f"r{number}", "type": "ReLU"} for number in range(count)]


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("deep.json", DEEP, "Not readable as JSON"),
        ("deep.json", document(layers=5).replace("5", DEEP), "Not readable as JSON"),
        ("deep.keras.json", '{"class_name": "Sequential", "config": ' + DEEP + "}", "Not a Keras model"),
        ("twice.json", document(layers=relus(1) * 2), r"already .*r0.* - at `\$\.layers\[1\]\.id`|r0.*\$\.layers\[1\]"),
        ("long.json", document(name=LONG), "name has 10,000,000 letters; up to 1,000"),
        ("long.json", document(layers=[{"id": LONG, "type": "ReLU"}]), "id has 10,000,000 letters"),
        ("long.json", document(layers=[{"id": "a", "type": LONG}]), r"no layer type .* at `\$\.layers\[0\]\.type`"),
        ("long.json", document(layers=[{"id": "a", "type": "Softmax", "labels": [LONG]}]), "A label of layer 'a'"),
        ("long.json", document(layout={LONG: [0, 0]}), r"There is no layer .* at `\$\.layout`"),
        ("long.keras.json", keras(name=LONG), "name has 10,000,000 letters"),
        ("far.json", document(layout={"a": [0, 1e300]}), r"too far out, at 0 and 1e\+300; .* at `\$\.layout\.a`"),
        ("far.json", document(layout={"a": [-1.1e7, 0]}), r"too far out, at -1.1e\+07 and 0"),
        ("huge.json", layer("1e400"), "Not readable as JSON|out of range"),
        ("huge.json", layer("NaN"), "Not readable as JSON"),
        ("huge.json", layer("-Infinity"), "Not readable as JSON"),
        ("huge.json", layer("-1"), r"\$\.layers\[0\]\.height"),
        ("huge.json", layer(str(2**63)), r"\$\.layers\[0\]\.height"),
        ("huge.json", layer("9" * 5000), r"out of range - at `\$\.layers\[0\]"),
        ("huge.keras.json", keras().replace("8, 8", f"{2**63}, 8"), "input 'image' can't be read"),
        ("huge.keras.json", keras().replace("8, 8", "-1, 8"), "input 'image' can't be read"),
        ("many.json", document(layers=relus(100_000)), r"100,000 layers; networks of up to 20,000 are opened"),
        ("many.keras.json", keras(count=100_000), "100,001 layers; networks of up to 20,000 are opened"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_a_hostile_text_is_refused_with_its_place(name: str, text: str, message: str, tmp_path: Path):
    (tmp_path / name).write_text(text)
    with pytest.raises(FormatError, match=message) as caught:
        load(tmp_path / name)
    assert str(caught.value).startswith(f"{name}: ")
    assert len(str(caught.value)) < 1200


def test_as_many_layers_as_are_opened_are_opened_in_time(tmp_path: Path):
    wires = [[f"r{number}", f"r{number + 1}"] for number in range(MOST_LAYERS - 1)]
    (tmp_path / "many.json").write_text(document(layers=relus(MOST_LAYERS), connections=wires))
    assert len(load(tmp_path / "many.json").graph.nodes) == MOST_LAYERS


def test_a_keras_model_whose_layers_stand_the_wrong_way_round_is_read_in_time(tmp_path: Path):
    entrance = {"class_name": "InputLayer", "name": "r0", "inbound_nodes": []}
    entrance["config"] = {"name": "r0", "batch_input_shape": [None, 8, 8, 3]}
    later = [
        {
            "class_name": "ReLU",
            "name": f"r{n}",
            "config": {"name": f"r{n}"},
            "inbound_nodes": [[[f"r{n - 1}", 0, 0, {}]]],
        }
        for n in range(1, 3000)
    ]
    config = {"name": "m", "layers": [*later[::-1], entrance]}
    config |= {"input_layers": [["r0", 0, 0]], "output_layers": [["r2999", 0, 0]]}
    (tmp_path / "back.keras.json").write_text(json.dumps({"class_name": "Functional", "config": config}))
    assert len(load(tmp_path / "back.keras.json").graph.nodes) == 3000


@pytest.mark.parametrize(
    "weights", ["../out.safetensors", "/etc/passwd", "a/b.safetensors", "..", "", "x.npy", "C:\\x"]
)
def test_weights_are_looked_for_beside_the_document_alone(weights: str, tmp_path: Path):
    (tmp_path / "net.json").write_text(document(weights=weights))
    with pytest.raises(FormatError, match=r"same folder.* at `\$\.weights`"):
        load(tmp_path / "net.json")


def test_weights_behind_a_link_are_not_read(tmp_path: Path):
    network = Network("n", chain(image=Input(), relu=ReLU()))
    outside = tmp_path / "outside.safetensors"
    outside.write_bytes(b"secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "net.json").write_text(document(weights="net.safetensors"))
    (inner / "net.safetensors").symlink_to(outside)
    with pytest.raises(FormatError, match=r"'net.safetensors' is a link - at `\$\.weights`"):
        load(inner / "net.json")
    save(network, inner / "net.json")
    assert outside.read_bytes() == b"secret"


def test_a_link_that_came_with_a_document_leads_no_weights_elsewhere(tmp_path: Path):
    outside = tmp_path / "profile"
    outside.write_text("mine")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "net.safetensors").symlink_to(outside)
    (inner / "net.new.safetensors").symlink_to(outside)
    graph = load(Path("resources/examples/lenet5.json")).graph
    for seed in (1, 2):
        network = Network("n", graph, initialise(graph, seed))
        save(network, inner / "net.json")
        assert load(inner / "net.json") == network
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("location", ["../weights", "/etc/passwd", "a/../../weights", "linked", "..\\weights"])
def test_onnx_arrays_outside_of_the_folder_are_not_read(location: str, tmp_path: Path):
    (tmp_path / "weights").write_bytes(bytes(4096))
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "linked").symlink_to(tmp_path / "weights")
    made = model([node("Conv", "x w", "y")], [onnx.numpy_helper.from_array(np.zeros((2, 3, 3, 3), np.float32), "w")])
    (tensor,) = made.graph.initializer
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    (inner / "net.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(FormatError, match="must lie in the model's folder"):
        load(inner / "net.onnx")


@pytest.mark.parametrize("size", [[2**62, 2**62], [-1, 5], [2**63 - 1], [8] * 40])
def test_an_onnx_array_of_a_size_that_no_machine_holds_is_refused(size: list[int], tmp_path: Path):
    made = model([node("Conv", "x w", "y")], [onnx.numpy_helper.from_array(np.zeros((2, 3, 3, 3), np.float32), "w")])
    (tensor,) = made.graph.initializer
    del tensor.dims[:]
    tensor.dims.extend(size)
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(FormatError, match=r"net\.onnx: .*'w'"):
        load(tmp_path / "net.onnx")


def test_an_onnx_model_of_more_operations_than_can_be_drawn_is_refused(tmp_path: Path):
    names = ["x", *(f"v{number}" for number in range(100_001))]
    made = model([node("Relu", before, after) for before, after in pairwise(names)])
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(FormatError, match="100,001 operations"):
        load(tmp_path / "net.onnx")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({"a": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 4]}}, b"1234"),
        ({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, b"1234"),
        ({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 2**63]}}, b"1234"),
        ({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}, b"1234"),
        ({"a": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}}, b"1234"),
        ({LONG[:100_000]: 1}, b""),
    ],
)
def test_weights_with_a_head_that_lies_are_refused(head: dict[str, Any], body: bytes, tmp_path: Path):
    text = json.dumps(head).encode()
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)
    with pytest.raises(FormatError, match=r"^w\.safetensors"):
        load_weights(tmp_path / "w.safetensors")


@pytest.mark.parametrize("said", [0, 2**31, 2**63, 2**64 - 1])
def test_weights_whose_head_is_said_to_be_endless_are_refused(said: int, tmp_path: Path):
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", said) + b"{}")
    with pytest.raises(FormatError, match=r"^w\.safetensors"):
        load_weights(tmp_path / "w.safetensors")


def test_an_archive_that_unpacks_to_more_than_memory_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("engine.room.usual_limit", lambda: 10**8)
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(2 * 10**8))
    with pytest.raises(FormatError, match=r"bomb\.npz unpacks to 200 MB, more than the 100 MB"):
        read_arrays(tmp_path / "bomb.npz")


@pytest.mark.parametrize("name", ["../a", "/a", "a" * 300, ""])
def test_names_in_an_archive_lead_nowhere(name: str, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive, archive.open((name or "_") + ".npy", "w") as stream:
        np.save(stream, np.ones(3, np.float32))
    assert list(read_arrays(tmp_path / "w.npz")) == [name or "_"]
    assert sorted(os.listdir(tmp_path)) == ["w.npz"]


# Images

RGB = Input(channels=3, height=16, width=16)


def png(width: int, height: int, *chunks: tuple[bytes, bytes], packed: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", packed or zlib.compress(bytes(height * (width + 1)))), (b"IEND", b"")]
    made = [struct.pack(">I", len(b)) + kind + b + struct.pack(">I", zlib.crc32(kind + b)) for kind, b in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


BOMB = zlib.compress(bytes(100_000_000), 9)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png(60_000, 60_000, packed=BOMB), "more than 128 megapixels"),
        (png(2**31 - 1, 2**31 - 1, packed=BOMB), "bomb.png"),
        (png(12_000, 12_000, packed=BOMB), "more than 128 megapixels"),
        (png(4, 4, (b"zTXt", b"Comment\0\0" + BOMB)), "bomb.png can't be read"),
        (png(4, 4, (b"iTXt", b"Comment\0\1\0\0\0" + BOMB)), "bomb.png can't be read"),
    ],
    ids=["60,000 pixels square", "2^31 square", "144 megapixels", "zTXt", "iTXt"],
)
def test_a_picture_that_unpacks_to_more_than_memory_is_refused(data: bytes, message: str, tmp_path: Path):
    (tmp_path / "bomb.png").write_bytes(data)
    with pytest.raises(ImageError, match=message):
        load_image(tmp_path / "bomb.png", RGB)


def test_a_picture_whose_rows_unpack_to_more_than_it_has_is_read_as_far(tmp_path: Path):
    (tmp_path / "bomb.png").write_bytes(png(16, 16, packed=BOMB))
    assert load_image(tmp_path / "bomb.png", RGB).shape == (3, 16, 16)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_picture_that_is_cut_off_is_refused_wherever_that_is(kind: str, tmp_path: Path):
    stream = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(noise).save(stream, kind)
    data, path = stream.getvalue(), tmp_path / "cut.img"
    for end in range(0, len(data) * 9 // 10, max(1, len(data) // 60)):
        path.write_bytes(data[:end])
        with pytest.raises(ImageError, match=r"cut\.img"):
            load_image(path, RGB)


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1)])
@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
def test_pictures_of_odd_sizes_enter_a_network(size: tuple[int, int], fit: Any, tmp_path: Path):
    Image.new("L", size, 255).save(tmp_path / "odd.png", compress_level=1)
    layer = Input(channels=3, height=16, width=16, fit=fit)
    values = load_image(tmp_path / "odd.png", layer)
    assert values.shape == (3, 16, 16)
    assert values.max() == 1.0


def test_a_picture_of_a_hundred_megapixels_enters_a_network(tmp_path: Path):
    Image.new("L", (10_000, 10_000), 255).save(tmp_path / "huge.png", compress_level=1)
    assert load_image(tmp_path / "huge.png", RGB).min() == 1.0


@pytest.mark.parametrize("number", range(len(pictures.seeds())))
def test_every_kind_of_picture_enters_a_network(number: int, tmp_path: Path):
    """CMYK, 16 bits, floats, palettes, animations, pictures that lie on their side; in all formats."""
    (tmp_path / "picture").write_bytes(pictures.seeds()[number])
    for channels in (1, 3, 4):
        values = load_image(tmp_path / "picture", Input(channels=channels, height=20, width=20))
        assert values.shape == (channels, 20, 20)
        assert np.isfinite(values).all()


# Names

NAMES = [
    "Größe à la ꙮ",
    "with  spaces ",
    "שלום עולם",
    "\u202eslaer",
    "🙂" * 60,
    "x" * 250,
    "é" * 124 + "x",
    "-rf",
    "%s{x}",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".json", ".onnx", ".keras.json"])
def test_files_of_any_name_are_saved_and_opened(name: str, ending: str, tmp_path: Path):
    longest = 255 - len(ending.encode())
    path = tmp_path / (name.encode()[:longest].decode(errors="ignore") + ending)
    graph = load(Path("resources/examples/lenet5.json")).graph
    for seed in (1, 2, 3):
        network = Network(name, graph, initialise(graph, seed))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FormatWarning)
            save(network, path, keep_previous=True)
            found = load(path)
        assert len(found.graph.nodes) == len(graph.nodes)
        if ending == ".json":
            assert found == network
    assert len([one for one in os.listdir(tmp_path) if not one.startswith(".")]) == (2 if ending == ".json" else 1)


@pytest.mark.parametrize("name", NAMES)
def test_pictures_of_any_name_are_opened(name: str, tmp_path: Path):
    path = tmp_path / (name.encode()[:251].decode(errors="ignore") + ".png")
    Image.new("L", (4, 4)).save(path)
    assert load_image(path, RGB).shape == (3, 16, 16)


def test_bytes_that_are_no_letters_are_a_name_too(tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.json"))
    read: Callable[[], Network] = lambda: load(path)  # noqa: E731
    with pytest.raises(FormatError, match="can't be read"):
        read()
    save(Network("n", chain(image=Input())), path)
    assert read().graph == chain(image=Input())
