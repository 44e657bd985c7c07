import json
import pickle
import re
from pathlib import Path

import msgspec
import onnx
import pytest

from engine import Conv2D, FormatError, FormatWarning, Input, Network, initialise, load, save
from engine.formats import is_native
from tests.engine.networks import chain, lenet5

GRAPH = chain(image=Input(), conv=Conv2D())
BARE = Network("Bare", GRAPH, layout={"image": (1.0, 2.0)})
WHOLE = msgspec.structs.replace(BARE, weights=initialise(GRAPH))


def test_a_network_without_weights_is_one_file(tmp_path: Path):
    save(BARE, tmp_path / "net.json")
    assert load(tmp_path / "net.json") == BARE
    assert [path.name for path in tmp_path.iterdir()] == ["net.json"]


def test_weights_go_to_a_file_beside_and_come_back(tmp_path: Path):
    save(WHOLE, tmp_path / "net.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.json", "net.safetensors"]
    assert json.loads((tmp_path / "net.json").read_text(encoding="utf-8"))["weights"] == "net.safetensors"
    assert load(str(tmp_path / "net.json")) == WHOLE


def test_suffixes_count_in_any_case(tmp_path: Path):
    save(BARE, tmp_path / "NET.JSON")
    assert load(tmp_path / "NET.JSON") == BARE


def test_weights_that_are_missing_are_a_warning_and_the_network_is_read(tmp_path: Path):
    save(WHOLE, tmp_path / "net.json")
    (tmp_path / "net.safetensors").unlink()
    with pytest.warns(FormatWarning, match=r"was read, but not its weights: net\.safetensors can't be read") as caught:
        assert load(tmp_path / "net.json") == BARE
    assert Path(caught[0].filename) == Path(__file__)


def test_broken_weights_are_a_warning_too(tmp_path: Path):
    save(WHOLE, tmp_path / "net.json")
    (tmp_path / "net.safetensors").write_bytes(b"broken")
    with pytest.warns(FormatWarning, match="was read, but not its weights"):
        assert load(tmp_path / "net.json").weights is None


@pytest.mark.parametrize(
    "reference",
    ["../net.safetensors", "/etc/net.safetensors", "sub/net.safetensors", "net.npz", "", "..", ".safetensors/x"],
)
def test_weights_are_looked_for_in_the_same_folder_alone(reference: str, tmp_path: Path):
    (tmp_path / "net.json").write_text(
        json.dumps({"format": "convolab", "version": 1, "name": "n", "layers": [], "weights": reference}),
        encoding="utf-8",
    )
    message = f"net.json: weights are a safetensors file in the same folder, not {reference!r} - at `$.weights`"
    with pytest.raises(FormatError, match=re.escape(message)):
        load(tmp_path / "net.json")


def test_an_error_names_the_file(tmp_path: Path):
    (tmp_path / "bad.json").write_text('{"format": "convolab", "version": 1, "name": "n", "layers": [1]}')
    with pytest.raises(FormatError, match=r"^bad\.json: Not a Convolab document: .*at `\$\.layers\[0\]`"):
        load(tmp_path / "bad.json")
    with pytest.raises(FormatError, match=r"^gone\.json can't be read: No such file"):
        load(tmp_path / "gone.json")


def test_a_format_that_is_not_known_is_refused_with_those_that_are(tmp_path: Path):
    known = r"\.json or \.keras\.json or \.onnx"
    with pytest.raises(FormatError, match=rf"^net\.txt: a network is read from {known}, not from “\.txt”$"):
        load(tmp_path / "net.txt")
    known += r" or \.py or \.keras\.py or a folder"
    with pytest.raises(FormatError, match=rf"^net\.txt: a network is written to {known}, not to “\.txt”$"):
        save(BARE, tmp_path / "net.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["net.pt", "net.pth", "net.keras", "net.h5"])
def test_a_file_that_is_known_and_not_opened_says_what_to_do(name: str, tmp_path: Path):
    class Trap:
        def __reduce__(self) -> object:
            return (Path(tmp_path / "sprung").write_text, ("x",))

    (tmp_path / name).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(FormatError, match=rf"^{re.escape(name)} is .*not opened\. In Python, “"):
        load(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


def test_a_failed_save_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "net.onnx"
    path.write_bytes(b"old")
    with pytest.raises(FormatError):
        save(Network("broken", chain(conv=Conv2D())), path)
    assert path.read_bytes() == b"old"


def test_onnx_is_written_by_its_suffix(tmp_path: Path):
    save(Network("LeNet", lenet5()), tmp_path / "net.onnx")
    assert onnx.load(tmp_path / "net.onnx").graph.name == "LeNet"


def test_keras_json_is_written_by_its_suffix_and_read_by_its_content(tmp_path: Path):
    save(BARE, tmp_path / "net.keras.json")
    assert load(tmp_path / "net.keras.json").graph == GRAPH
    (tmp_path / "net.keras.json").rename(tmp_path / "model.json")
    assert load(tmp_path / "model.json").graph == GRAPH
    assert not is_native(tmp_path / "model.json")
    save(BARE, tmp_path / "net.json")
    assert is_native(tmp_path / "net.json")
