import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from engine import (
    Conv2D,
    FormatError,
    Input,
    Network,
    initialise,
    load,
    load_weights,
    save_weights,
)
from engine.formats import torch_code
from engine.formats.source.regions import GROUPINGS
from engine.formats.weight_files import Match, matched, read_arrays, save_for_torch, taken
from engine.groups import grouped
from engine.weights import Mismatch
from tests.engine.networks import chain, lenet5
from tests.source_strategies import dressed


@pytest.fixture
def lenet() -> Network:
    return Network("LeNet-5", lenet5(), initialise(lenet5(), seed=2))


def test_arrays_under_our_names_are_taken_as_they_are(lenet: Network, tmp_path: Path):
    save_weights(lenet.weights, tmp_path / "w.safetensors")
    match = matched(Network("n", lenet5()), read_arrays(tmp_path / "w.safetensors"))
    assert match.is_whole
    assert match.convention == "Convolab"
    assert taken(Network("n", lenet5()), match) == lenet.weights


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(dressed())
def test_arrays_under_pytorchs_names_find_their_places(network: Network):
    weights = initialise(network.graph, seed=5)
    names = torch_code.state_names(network)
    arrays = {names[ours]: array for ours, array in weights.flat().items()}
    match = matched(network, arrays)
    assert match.is_whole
    assert taken(network, match) == weights


def test_pytorchs_file_is_written_and_read(lenet: Network, tmp_path: Path):
    graph = lenet.graph.rename("conv1", "first")
    network = Network("LeNet-5", graph, lenet.weights)
    save_for_torch(network, tmp_path / "w.safetensors")
    arrays = read_arrays(tmp_path / "w.safetensors")
    assert "first.weight" in arrays
    match = matched(network, arrays)
    assert match.convention == "PyTorch"
    assert taken(network, match) == lenet.weights


def test_groups_that_were_made_since_do_not_hide_the_names(lenet: Network):
    names = torch_code.state_names(lenet)
    arrays = {names[ours]: array for ours, array in lenet.weights.flat().items()}
    groups, _ = grouped((), lenet.graph, ["conv1", "relu1", "pool1"], "Stage 1")
    later = Network("LeNet-5", lenet.graph, None, groups=groups)
    assert torch_code.state_names(later)["conv1.weight"] == "stage1.conv1.weight"
    assert matched(later, arrays).is_whole


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod."])
def test_what_wrappers_put_before_all_names_and_counters_do_not_count(lenet: Network, prefix: str):
    arrays = {f"{prefix}{name}": array for name, array in lenet.weights.flat().items()}
    match = matched(lenet, {**arrays, f"{prefix}bn1.num_batches_tracked": np.zeros((), np.float32)})
    assert match.is_whole


def test_what_does_not_fit_is_listed_by_name_and_shape(lenet: Network):
    arrays = lenet.weights.flat()
    arrays["dense3.weight"] = arrays["dense3.weight"][:5]
    del arrays["dense3.bias"]
    arrays["aux.bias"] = np.zeros(3, np.float32)
    match = matched(lenet, arrays)
    assert match.misfits == (
        Mismatch("dense3.weight", (10, 84), (5, 84)),
        Mismatch("dense3.bias", (10,), None),
    )
    assert match.lines() == [
        "dense3.weight: needed 10×84, is 5×84",
        "dense3.bias: needed 10, missing",
        "aux.bias: not needed, is 3",
    ]
    assert (len(match.fitting), match.needed) == (8, 10)


def test_what_fits_is_taken_and_the_rest_stays(lenet: Network):
    other = initialise(lenet.graph, seed=9)
    arrays = {name: array for name, array in other.flat().items() if not name.startswith("dense")}
    made = taken(lenet, matched(lenet, arrays))
    assert np.array_equal(made["conv2"]["weight"], other["conv2"]["weight"])
    assert np.array_equal(made["dense1"]["weight"], lenet.weights["dense1"]["weight"])


def test_npz_is_read_and_nothing_in_it_runs(lenet: Network, tmp_path: Path):
    np.savez(tmp_path / "w.npz", **{name: array.astype(np.float64) for name, array in lenet.weights.flat().items()})
    arrays = read_arrays(tmp_path / "w.npz")
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}
    assert taken(lenet, matched(lenet, arrays)) == lenet.weights

    class Trap:
        def __reduce__(self) -> object:
            return (Path(tmp_path / "trap").write_text, ("sprung",))

    np.savez(tmp_path / "trap.npz", trap=np.array([Trap()], object))
    with pytest.raises(FormatError, match=re.escape("trap.npz can't be read as NPZ")):
        read_arrays(tmp_path / "trap.npz")
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.npz", None, "gone.npz can't be read as NPZ"),
        ("broken.npz", b"PK\x03\x04 no archive", "broken.npz can't be read as NPZ"),
        ("text.npz", b"hello", "text.npz can't be read as NPZ"),
        ("gone.safetensors", None, "gone.safetensors can't be read as safetensors"),
        ("weights.pt", b"PK\x03\x04", "weights.pt is a pickle, which can run any code while it is read"),
        ("weights.pth", None, "“safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')” writes"),
        ("weights.dat", b"\x80\x02}q\x00.", "weights.dat is a pickle"),
        ("weights.h5", b"\x89HDF", "weights.h5 is not opened. In Python, “open('model.keras.json'"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(name: str, content: bytes | None, said: str, tmp_path: Path):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=re.escape(said)):
        read_arrays(tmp_path / name)


def test_nothing_in_the_program_reads_or_writes_pickles():
    code = [path.read_text(encoding="utf-8") for room in ("engine", "designer") for path in Path(room).rglob("*.py")]
    assert len(code) > 300
    for text in code:
        assert not re.search(r"\b(import|from) (pickle|shelve|marshal|dill|joblib)\b", text)
        assert not re.search(r"allow_pickle=True|torch\.(load|save)\(", text)


def test_texts_are_no_weights(tmp_path: Path):
    np.savez(tmp_path / "w.npz", names=np.array(["a", "b"]))
    with pytest.raises(FormatError, match="“names” holds no numbers"):
        read_arrays(tmp_path / "w.npz")


def test_a_network_with_mistakes_takes_our_names_and_has_none_in_pytorch(tmp_path: Path):
    broken = Network("Net", chain(image=Input(), conv=Conv2D(), wide=Conv2D(kernel=(90, 90))))
    arrays = initialise(broken.graph).flat()
    match: Match = matched(broken, arrays)
    assert match.is_whole
    with pytest.raises(FormatError, match="Only a network without errors"):
        save_for_torch(broken, tmp_path / "w.safetensors")


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_every_way_to_find_modules_gives_each_array_a_name_of_its_own(grouping: str, resources: Path):
    for name in ("googlenet", "unet", "lenet5"):
        network = load(resources / "examples" / f"{name}.json")
        names = torch_code.state_names(network, grouping)
        assert len(set(names.values())) == len(names)
        assert names.keys() == initialise(network.graph).flat().keys()


def test_weights_that_were_written_for_pytorch_are_plain_safetensors(lenet: Network, tmp_path: Path):
    save_for_torch(lenet, tmp_path / "w.safetensors")
    assert load_weights(tmp_path / "w.safetensors") == lenet.weights
