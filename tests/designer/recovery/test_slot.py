"""What is kept comes back as it was, whatever lies between."""

import os
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from designer.on_disk import seen
from designer.recovery.found import BROKEN, Found, find
from designer.recovery.slot import STATE, Slot, Work
from engine import FormatError, Group, Network, initialise, load, save, save_weights
from tests.engine.networks import lenet5
from tests.faults.states import digest
from tests.strategies import networks

GRAPH = lenet5()
NETWORK = Network(
    "LeNet", GRAPH, initialise(GRAPH), {"conv1": (4.999, -7.0)}, (Group("g", "Block", ("conv1", "pool1"), None, True),)
)


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    return Slot(tmp_path / "recovery")


def kept(slot: Slot) -> list[str]:
    assert slot.folder is not None
    return sorted(path.name for path in slot.folder.iterdir() if path.name != "lock")


def back(slot: Slot) -> Found:
    """Let the program be gone and another one look."""
    assert slot.folder is not None
    root = slot.folder.parent
    slot.close(keep=True)
    (found,), broken = find(root)
    assert not broken
    return found


def changed(network: Network, node: str) -> Network:
    assert network.weights is not None
    weights = network.weights.replaced(node, "weight", network.weights[node]["weight"] + 1)
    return msgspec.structs.replace(network, weights=weights)


def test_groups_layout_weights_and_the_file_come_back(slot: Slot):
    slot.keep(Work(NETWORK, Path("/home/anna/net.json"), None, None))
    found = back(slot)
    assert found.path == Path("/home/anna/net.json")
    assert digest(found.load()) == digest(NETWORK)
    assert found.load().groups == NETWORK.groups
    found.release()


@settings(max_examples=30, deadline=None)
@given(networks())
def test_any_network_comes_back(tmp_path_factory: pytest.TempPathFactory, graph):
    slot = Slot(tmp_path_factory.mktemp("recovery"))
    network = Network("Any “ñ”", graph, initialise(graph))
    slot.keep(Work(network, None, None, None))
    found = back(slot)
    assert digest(found.load()) == digest(network)
    found.release()


def test_weights_are_written_once_and_then_only_what_changes(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    assert kept(slot) == [STATE, "weights-1.safetensors"]
    renamed = msgspec.structs.replace(NETWORK, name="Other")
    slot.keep(Work(renamed, None, None, None))
    assert kept(slot) == [STATE, "weights-1.safetensors"]
    one = changed(renamed, "conv1")
    slot.keep(Work(one, None, None, None))
    assert kept(slot) == ["changed-2.safetensors", STATE, "weights-1.safetensors"]
    slot.keep(Work(one, None, None, None))
    assert kept(slot) == ["changed-2.safetensors", STATE, "weights-1.safetensors"]
    two = changed(one, "conv2")
    slot.keep(Work(two, None, None, None))
    assert kept(slot) == ["changed-3.safetensors", STATE, "weights-1.safetensors"]
    found = back(slot)
    assert digest(found.load()) == digest(two)
    found.release()


def test_back_to_the_first_weights_nothing_is_changed_any_more(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    slot.keep(Work(changed(NETWORK, "conv1"), None, None, None))
    slot.keep(Work(NETWORK, None, None, None))
    assert kept(slot) == [STATE, "weights-1.safetensors"]
    found = back(slot)
    assert digest(found.load()) == digest(NETWORK)
    found.release()


def test_weights_that_are_gone_stay_gone(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    assert NETWORK.weights is not None
    fewer = {name: array for name, array in NETWORK.weights.flat().items() if not name.startswith("conv1.")}
    network = msgspec.structs.replace(NETWORK, weights=type(NETWORK.weights).from_flat(fewer))
    slot.keep(Work(network, None, None, None))
    found = back(slot)
    assert digest(found.load()) == digest(network)
    found.release()


def test_without_weights_no_file_of_them_stays(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    slot.keep(Work(msgspec.structs.replace(NETWORK, weights=None), None, None, None))
    assert kept(slot) == [STATE]
    found = back(slot)
    assert found.load().weights is None
    found.release()


@pytest.fixture
def filed(tmp_path: Path) -> Work:
    """Return work on a document that was read from a file with its weights."""
    path = tmp_path / "net.json"
    save(NETWORK, path)
    network = load(path)
    return Work(network, path, seen(path), network.weights)


def test_weights_of_the_file_are_not_copied(slot: Slot, filed: Work):
    slot.keep(with_network(filed, changed(filed.network, "conv1")))
    assert slot.folder is not None
    assert (slot.folder / "weights-1.safetensors").samefile(filed.path.with_suffix(".safetensors"))
    found = back(slot)
    assert digest(found.load()) == digest(changed(filed.network, "conv1"))
    found.release()


def test_a_later_save_of_the_file_changes_nothing_of_what_is_kept(slot: Slot, filed: Work):
    slot.keep(filed)
    save(changed(changed(NETWORK, "conv1"), "dense1"), filed.path)
    found = back(slot)
    assert found.is_outdated
    assert digest(found.load()) == digest(filed.network)
    found.release()


def test_weights_that_another_program_wrote_over_are_told_of(slot: Slot, filed: Work):
    slot.keep(filed)
    with filed.path.with_suffix(".safetensors").open("r+b") as stream:  # in place: the second name shows it, too
        os.utime(stream.fileno(), (1, 1))
    found = back(slot)
    with pytest.raises(FormatError, match="changed by another program"):
        found.load()
    found.release()


def test_on_a_disk_without_links_weights_are_copied(slot: Slot, filed: Work, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    slot.keep(filed)
    found = back(slot)
    assert found.state.base_stamp is None
    assert digest(found.load()) == digest(filed.network)
    found.release()


def test_what_is_cleared_is_not_offered(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    slot.clear()
    assert kept(slot) == []
    root, folder = slot.folder.parent, slot.folder
    slot.close(keep=True)
    assert find(root) == ([], [])
    os.utime(folder, (1, 1))
    assert find(root) == ([], [])
    assert list(root.iterdir()) == []


def test_a_closed_slot_leaves_nothing(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    root = slot.folder.parent
    slot.close()
    assert list(root.iterdir()) == []


def test_a_folder_that_somebody_deleted_is_made_again(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    shutil.rmtree(slot.folder)
    slot.keep(Work(NETWORK, None, None, None))
    found = back(slot)
    assert digest(found.load()) == digest(NETWORK)
    found.release()


def test_what_is_open_or_offered_elsewhere_is_left_alone(slot: Slot):
    slot.keep(Work(NETWORK, None, None, None))
    root = slot.folder.parent
    assert find(root) == ([], [])
    slot.close(keep=True)
    (first,), _ = find(root)
    assert find(root) == ([], [])
    first.release()
    (again,), _ = find(root)
    again.remove()
    assert list(root.iterdir()) == []


def test_the_newest_comes_first(tmp_path: Path, monkeypatch):
    for name, when in (("old", 1.0), ("new", 3.0), ("middle", 2.0)):
        slot = Slot(tmp_path)
        monkeypatch.setattr("designer.recovery.slot.time.time", lambda when=when: when)
        slot.keep(Work(msgspec.structs.replace(NETWORK, name=name), None, None, None))
        slot.close(keep=True)
    found, _ = find(tmp_path)
    assert [one.network.name for one in found] == ["new", "middle", "old"]
    for one in found:
        one.release()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"{}", id="another form"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(None, id="cut in half"),
        pytest.param(b"document", id="a document that is none"),
    ],
)
def test_what_is_broken_is_put_aside_and_kept(slot: Slot, text: bytes | None):
    slot.keep(Work(NETWORK, None, None, None))
    folder, root = slot.folder, slot.folder.parent
    whole = (folder / STATE).read_bytes()
    if text == b"document":
        text = msgspec.json.encode(msgspec.json.decode(whole) | {"document": "{}"})
    slot.close(keep=True)
    (folder / STATE).write_bytes(whole[: len(whole) // 2] if text is None else text)
    found, (aside,) = find(root)
    assert found == []
    assert aside == root / BROKEN / folder.name
    assert (aside / "weights-1.safetensors").exists()
    assert find(root) == ([], [])


@pytest.mark.parametrize("name", ["../net.safetensors", "/etc/passwd", "gone.safetensors"])
def test_weights_are_looked_for_in_the_folder_alone(slot: Slot, tmp_path: Path, name: str):
    save_weights(initialise(GRAPH), tmp_path / "net.safetensors")
    slot.keep(Work(NETWORK, None, None, None))
    state = slot.folder / STATE
    state.write_bytes(msgspec.json.encode(msgspec.json.decode(state.read_bytes()) | {"base": name}))
    found = back(slot)
    with pytest.raises(FormatError):
        found.load()
    found.release()


def test_what_holds_nothing_goes_unless_it_has_just_been_made(tmp_path: Path):
    (tmp_path / "fresh").mkdir()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "lock").touch()
    os.utime(tmp_path / "old", (1, 1))
    assert find(tmp_path) == ([], [])
    assert [path.name for path in tmp_path.iterdir()] == ["fresh"]
    assert find(tmp_path / "nowhere") == ([], [])


def with_network(work: Work, network: Network) -> Work:
    return Work(network, work.path, work.seen, work.filed)
